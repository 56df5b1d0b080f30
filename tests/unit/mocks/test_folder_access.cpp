// SPDX-License-Identifier: GPL-2.0-or-later
// Files of datastores over HTTP.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

constexpr const char* here = "?dcPath=DC1&dsName=vmfs-01";

struct Folders : Places {
  Folders() { administrator = client.cookie; }

  HttpResponse ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    if (!cookie().empty()) request.headers["cookie"] = cookie();
    if (!authorization.empty()) request.headers["authorization"] = authorization;
    if (!range.empty()) request.headers["range"] = range;
    request.body = body;
    HttpResponse answer;
    simulation.handle(std::move(request), [&](HttpResponse response) { answer = std::move(response); });
    return answer;
  }
  const std::string& cookie() const { return administrator; }
  // Where web-01's files of a kind are, as a path below /folder.
  std::string fileOf(const std::string& ending) {
    const auto names = read("VirtualMachine", client.id("DC1/vm/Production/Linux/web-01"), {"layoutEx.file"})
                           .all("//VirtualMachineFileLayoutExFileInfo/name");
    for (const std::string& each : names) {
      if (each.ends_with(ending)) return "/folder/" + each.substr(each.find(' ') + 1) + here;
    }
    return {};
  }

  std::string administrator, authorization, range;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_access)

BOOST_AUTO_TEST_CASE(a_file_is_written_read_replaced_and_removed) {
  Folders f;
  const std::string file = std::string("/folder/iso/tools%201.iso") + here;
  BOOST_TEST(f.ask("PUT", file, "bytes").status == 404);  // no such directory
  f.client.call("MakeDirectory", self("FileManager", "FileManager") + "<name>[vmfs-01] iso</name>" +
                                     ref("datacenter", "Datacenter", f.client.id("DC1")));
  BOOST_TEST(f.ask("PUT", file, std::string("by\0tes", 6)).status == 201);
  BOOST_TEST(f.ask("GET", file).body == std::string("by\0tes", 6));
  BOOST_TEST(f.ask("PUT", file, "other").status == 200);
  BOOST_TEST(f.ask("GET", file).body == "other");
  BOOST_TEST(f.ask("GET", std::string("/folder/iso") + here).body.find("tools 1.iso") != std::string::npos);
  BOOST_TEST(f.ask("DELETE", file).status == 204);
  BOOST_TEST(f.ask("GET", file).status == 404);
  BOOST_TEST(f.ask("DELETE", file).status == 404);
  BOOST_TEST(f.ask("PATCH", file).status == 405);
}

BOOST_AUTO_TEST_CASE(places_are_listed_from_the_datacenter_down) {
  Folders f;
  BOOST_TEST(f.ask("GET", "/folder").body.find("/folder?dcPath=DC1") != std::string::npos);
  const std::string stores = f.ask("GET", "/folder?dcPath=DC1").body;
  BOOST_TEST(stores.find("vsan-01") != std::string::npos);
  BOOST_TEST(f.ask("GET", std::string("/folder") + here).body.find("web-01/") != std::string::npos);
  BOOST_TEST(f.ask("GET", "/folder?dcPath=%2FDC1").body == stores);
  BOOST_TEST(f.ask("GET", "/folder?dcPath=DC9").status == 404);
  BOOST_TEST(f.ask("GET", "/folder?dcPath=DC1&dsName=nothing").status == 404);
}

BOOST_AUTO_TEST_CASE(descriptors_and_configurations_say_what_the_api_says) {
  Folders f;
  const std::string vmx = f.ask("GET", f.fileOf(".vmx")).body;
  BOOST_TEST(vmx.find("displayName = \"web-01\"") != std::string::npos);
  BOOST_TEST(vmx.find("scsi0:0.fileName = \"web-01.vmdk\"") != std::string::npos);
  const std::string descriptor = f.ask("GET", f.fileOf("web-01.vmdk")).body;
  BOOST_TEST(descriptor.find("createType=\"vmfs\"") != std::string::npos);
  BOOST_TEST(descriptor.find("ddb.uuid = \"60 00 C2 9") != std::string::npos, descriptor);
  BOOST_TEST(f.ask("GET", f.fileOf("-flat.vmdk")).status == 501);
  BOOST_TEST(f.ask("PUT", f.fileOf("web-01.vmdk"), "x").status == 501);
  BOOST_TEST(f.ask("DELETE", f.fileOf("web-01.vmdk")).status == 409);  // the machine runs
}

BOOST_AUTO_TEST_CASE(a_part_of_a_file_is_given) {
  Folders f;
  f.ask("PUT", std::string("/folder/digits") + here, "0123456789");
  const auto get = [&](const std::string& range) {
    f.range = range;
    const HttpResponse answer = f.ask("GET", std::string("/folder/digits") + here);
    return std::to_string(answer.status) + " " + (answer.status < 400 ? answer.body : "");
  };
  BOOST_TEST(get("bytes=2-4") == "206 234");
  BOOST_TEST(get("bytes=7-") == "206 789");
  BOOST_TEST(get("bytes=7-99") == "206 789");
  BOOST_TEST(get("bytes=-3") == "206 789");
  BOOST_TEST(get("bytes=-30") == "206 0123456789");
  BOOST_TEST(get("bytes=10-") == "416 ");
  for (const char* whole : {"", "bytes=4-2", "bytes=a-b", "lines=1-2", "bytes=1-2,4-5", "bytes="})
    BOOST_TEST(get(whole) == "200 0123456789", whole);
}

BOOST_AUTO_TEST_CASE(who_may_not_is_refused) {
  Folders f;
  const std::string file = f.fileOf(".vmx");
  f.administrator.clear();
  BOOST_TEST(f.ask("GET", file).status == 401);
  f.authorization = "Basic YWRtaW5pc3RyYXRvckB2c3BoZXJlLmxvY2FsOndyb25n";  // ...:wrong
  BOOST_TEST(f.ask("GET", file).status == 401);
  f.authorization = "Basic YWRtaW5pc3RyYXRvckB2c3BoZXJlLmxvY2FsOnNlY3JldA==";  // ...:secret
  BOOST_TEST(f.ask("GET", file).status == 200);
  f.authorization = "Basic cmVhZG9ubHk6c2VjcmV0";  // readonly:secret
  BOOST_TEST(f.ask("GET", file).status == 403);
  BOOST_TEST(f.ask("DELETE", file).status == 403);
}

namespace {

// Devices may be written in another order.
std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

// web-01 as its .vmx has it, and what a client sees of it in the API.
struct Vmx : Folders {
  Vmx() {
    web = client.id("DC1/vm/Production/Linux/web-01");
    task("PowerOffVM_Task", self("VirtualMachine", web));
    pool = text("VirtualMachine", web, "resourcePool");
    folder = text("VirtualMachine", web, "parent");
    path = text("VirtualMachine", web, "config.files.vmPathName");
    url = "/folder/" + path.substr(path.find(' ') + 1) + here;
  }
  SoapReply registered(const std::string& at) {
    return task("RegisterVM_Task", self("Folder", folder) + "<path>" + at +
                                       "</path><asTemplate>false</asTemplate>" +
                                       ref("pool", "ResourcePool", pool));
  }
  std::string facts(const std::string& vm) {
    std::string all;
    for (const char* each :
         {"config.name", "config.uuid", "config.instanceUuid", "config.guestId", "config.version",
          "config.firmware", "config.annotation", "config.hardware.memoryMB", "config.hardware.numCPU",
          "config.flags.diskUuidEnabled", "config.extraConfig", "datastore", "network"}) {
      const SoapReply found = read("VirtualMachine", vm, {each});
      const std::vector<std::string> parts = found.all("//val/*");
      for (const std::string& value : parts.empty() ? found.all("//val") : parts)
        all += std::string(each) + "=" + value + "\n";
    }
    for (const int key : {1000, 1001, 2000, 2001, 2003, 3000, 4000, 15000, 16000}) {
      const SoapReply device =
          read("VirtualMachine", vm, {"config.hardware.device[" + std::to_string(key) + "]"});
      const std::string type = device.one("//val/@type");
      for (const char* member :
           {"key", "controllerKey", "unitNumber", "backing/fileName", "backing/uuid", "backing/diskMode",
            "capacityInKB", "macAddress", "addressType", "backing/deviceName"}) {
        for (const std::string& value : device.all("//val/" + std::string(member)))
          all += type + "." + member + "=" + value + "\n";
      }
    }
    return all;
  }
  std::string web, pool, folder, path, url;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_machine_is_registered_from_the_text_of_its_vmx) {
  Vmx f;
  const std::string before = f.facts(f.web), vmx = f.ask("GET", f.url).body;
  BOOST_TEST(before.find("VirtualDisk.key=2000") != std::string::npos, before);
  BOOST_TEST(before.find("macAddress=") != std::string::npos, before);
  BOOST_TEST(f.client.call("UnregisterVM", self("VirtualMachine", f.web)).status == 200);
  BOOST_TEST(f.ask("PUT", f.url, vmx).status == 200);
  const SoapReply back = f.registered(f.path);
  BOOST_TEST(fault(back) == "");
  BOOST_TEST(f.facts(back.one("//val/result")) == before);
  BOOST_TEST(linesOf(f.ask("GET", f.url).body) == linesOf(vmx), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_vmx_that_somebody_wrote_says_what_the_machine_is) {
  Vmx f;
  f.client.call("MakeDirectory", self("FileManager", "FileManager") + "<name>[vmfs-01] hand</name>" +
                                     ref("datacenter", "Datacenter", f.client.id("DC1")));
  const std::string url = std::string("/folder/hand/hand.vmx") + here;
  const std::string text =
      "#!/usr/bin/vmware\n.encoding = \"UTF-8\"\nconfig.version = \"8\"\nvirtualHW.version = \"19\"\n"
      "displayName = \"by |22hand|22\"\nguestOS = \"debian12-64\"\nmemSize = \"2048\"\nnumvcpus = \"2\"\n"
      "firmware = \"efi\"\nuuid.bios = \"42 1a 00 01 02 03 04 05-06 07 08 09 0a 0b 0c 0d\"\n"
      "vc.uuid = \"50 1a 00 01 02 03 04 05-06 07 08 09 0a 0b 0c 0d\"\nnvram = \"hand.nvram\"\n"
      "scsi0.present = \"TRUE\"\nscsi0.virtualDev = \"pvscsi\"\nscsi0:3.present = \"TRUE\"\n"
      "scsi0:3.fileName = \"gone.vmdk\"\nscsi0:3.mode = \"independent-persistent\"\n"
      "ethernet0.present = \"TRUE\"\nethernet0.virtualDev = \"e1000\"\nethernet0.networkName = \"VM "
      "Network\"\n"
      "ethernet0.addressType = \"static\"\nethernet0.address = \"00:50:56:01:02:03\"\n"
      "failback.plan = \"p1\"\ndisk.EnableUUID = \"TRUE\"\n";
  BOOST_TEST(f.ask("PUT", url, text).status == 201);
  const SoapReply made = f.registered("[vmfs-01] hand/hand.vmx");
  BOOST_TEST(fault(made) == "");
  const std::string facts = f.facts(made.one("//val/result"));
  for (const char* each :
       {"config.name=by \"hand\"", "config.uuid=421a0001-0203-0405-0607-08090a0b0c0d",
        "config.instanceUuid=501a0001-0203-0405-0607-08090a0b0c0d", "config.guestId=debian12_64Guest",
        "config.version=vmx-19", "config.firmware=efi", "config.hardware.memoryMB=2048",
        "config.hardware.numCPU=2", "config.flags.diskUuidEnabled=true", "config.extraConfig=failback.planp1",
        "config.extraConfig=nvramhand.nvram", "VirtualDisk.key=2003",
        "VirtualDisk.backing/fileName=[vmfs-01] hand/gone.vmdk",
        "VirtualDisk.backing/diskMode=independent_persistent", "ParaVirtualSCSIController.key=1000"}) {
    BOOST_TEST(facts.find(std::string(each) + "\n") != std::string::npos, each << " in\n" << facts);
  }
  const SoapReply devices =
      f.read("VirtualMachine", made.one("//val/result"), {"config.hardware.device[4000]"});
  BOOST_TEST(devices.one("//val/@type") == "VirtualE1000");
  BOOST_TEST(devices.one("//val/macAddress") == "00:50:56:01:02:03");
  BOOST_TEST(fault(f.task("PowerOnVM_Task", self("VirtualMachine", made.one("//val/result")))) ==
             "FileNotFound");
}

BOOST_AUTO_TEST_CASE(what_is_no_vmx_is_not_registered) {
  Vmx f;
  f.client.call("MakeDirectory", self("FileManager", "FileManager") + "<name>[vmfs-01] bad</name>" +
                                     ref("datacenter", "Datacenter", f.client.id("DC1")));
  const std::string good = "config.version = \"8\"\nvirtualHW.version = \"19\"\n";
  for (const auto& [text, property] : std::vector<std::pair<std::string, std::string>>{
           {"", "config.version"},
           {"<html>no</html>", "<html>no</html>"},
           {"config.version = \"8\"\n", "virtualHW.version"},
           {good + "displayName = \"open\n", "displayName"},
           {good + "memSize = \"much\"\n", "memSize"},
           {good + "numvcpus = \"0\"\n", "configSpec.numCPUs"}}) {
    f.ask("PUT", std::string("/folder/bad/bad.vmx") + here, text);
    const SoapReply refused = f.registered("[vmfs-01] bad/bad.vmx");
    BOOST_TEST(fault(refused) == "InvalidVmConfig", text);
    BOOST_TEST(refused.one("//val/error/fault/property") == property);
  }
}

BOOST_AUTO_TEST_CASE(a_downloaded_vmx_that_is_put_elsewhere_asks_whether_it_was_copied) {
  Vmx f;
  std::string vmx = f.ask("GET", f.url).body;
  const std::string beside = "fileName = \"web-01",
                    whole = "fileName = \"/vmfs/volumes/vmfs-01/web-01/web-01";
  for (auto at = vmx.find(beside); at != std::string::npos; at = vmx.find(beside, at))
    vmx.replace(at, beside.size(), whole);
  f.client.call("MakeDirectory", self("FileManager", "FileManager") + "<name>[vmfs-01] twin</name>" +
                                     ref("datacenter", "Datacenter", f.client.id("DC1")));
  f.ask("PUT", std::string("/folder/twin/twin.vmx") + here, vmx);
  f.client.call("UnregisterVM", self("VirtualMachine", f.web));
  const std::string twin = f.registered("[vmfs-01] twin/twin.vmx").one("//val/result");
  const auto asks = [&](const std::string& vm) {
    f.client.call("PowerOnVM_Task", self("VirtualMachine", vm));
    f.simulation.scheduler().advance(std::chrono::seconds(1));
    return f.read("VirtualMachine", vm, {"runtime.question"}).one("//val/message/id");
  };
  // Unregistered before it was asked, it still does not know.
  f.client.call("UnregisterVM", self("VirtualMachine", twin));
  const std::string again = f.registered("[vmfs-01] twin/twin.vmx").one("//val/result");
  BOOST_TEST(asks(again) == "msg.uuid.altered");
}

BOOST_AUTO_TEST_SUITE_END()
