// SPDX-License-Identifier: GPL-2.0-or-later
// Files and virtual disks as clients handle them: FileManager, VirtualDiskManager, datastore browsers.
#include <algorithm>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct Files : Places {
  using Places::Places;

  std::string files = self("FileManager", "FileManager"),
              disks = self("VirtualDiskManager", "virtualDiskManager");
  std::string dc(const std::string& element = "datacenter") {
    return ref(element, "Datacenter", client.id("DC1"));
  }
  std::string storeId(const std::string& name) {
    return client.id((name.starts_with("vmfs") ? "DC1/datastore/VMFS-Cluster/" : "DC1/datastore/") + name);
  }
  SoapReply makeDirectory(const std::string& path, bool parents = false) {
    return client.call("MakeDirectory", files + "<name>" + path + "</name>" + dc() +
                                            "<createParentDirectories>" + (parents ? "true" : "false") +
                                            "</createParentDirectories>");
  }
  SoapReply onFile(const std::string& method, const std::string& path) {
    return task(method, files + "<name>" + path + "</name>" + dc());
  }
  SoapReply pair(const std::string& method, const std::string& from, const std::string& to) {
    return task(method, files + "<sourceName>" + from + "</sourceName>" + dc("sourceDatacenter") +
                            "<destinationName>" + to + "</destinationName>");
  }
  SoapReply onDisk(const std::string& method, const std::string& path, const std::string& more = {}) {
    return task(method, disks + "<name>" + path + "</name>" + dc() + more);
  }
  SoapReply diskPair(const std::string& method, const std::string& from, const std::string& to) {
    return task(method, disks + "<sourceName>" + from + "</sourceName>" + dc("sourceDatacenter") +
                            "<destName>" + to + "</destName>");
  }
  SoapReply createDisk(const std::string& path, const std::string& kilobytes,
                       const std::string& type = "thin") {
    return onDisk("CreateVirtualDisk_Task", path,
                  "<spec xsi:type=\"FileBackedVirtualDiskSpec\"><diskType>" + type +
                      "</diskType><adapterType>lsiLogic</adapterType><capacityKb>" + kilobytes +
                      "</capacityKb></spec>");
  }
  SoapReply query(const std::string& method, const std::string& path, const std::string& more = {}) {
    return client.call(method, disks + "<name>" + path + "</name>" + dc() + more);
  }
  std::string uuid(const std::string& path) { return query("QueryVirtualDiskUuid", path).one("//returnval"); }
  SoapReply search(const std::string& path, const std::string& spec, const std::string& store = "vmfs-01",
                   const std::string& method = "SearchDatastore_Task") {
    const std::string browser = text("Datastore", storeId(store), "browser");
    return task(method, self("HostDatastoreBrowser", browser) + "<datastorePath>" + path +
                            "</datastorePath>" +
                            (spec.empty() ? "" : "<searchSpec>" + spec + "</searchSpec>"));
  }
  std::vector<std::string> names(const std::string& path, const std::string& spec = {}) {
    const SoapReply found = search(path, spec);
    BOOST_REQUIRE_MESSAGE(state(found) == "success", found.body);
    return found.all("//file/path");
  }
  std::int64_t free(const std::string& store) {
    return std::stoll(text("Datastore", storeId(store), "summary.freeSpace"));
  }
  // The descriptor of web-01's first disk.
  std::string webDisk() {
    return read("VirtualMachine", client.id(webPath), {"layoutEx.file"})
        .all("//VirtualMachineFileLayoutExFileInfo[*[local-name()='type']='diskDescriptor']/name")
        .front();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(directories_are_made_once_and_below_others) {
  Files f;
  BOOST_TEST(f.makeDirectory("[vmfs-01] new").status == 200);
  BOOST_TEST(f.makeDirectory("[vmfs-01] new").faultType() == "FileAlreadyExists");
  BOOST_TEST(f.makeDirectory("[vmfs-01] not/there").faultType() == "FileNotFound");
  BOOST_TEST(f.makeDirectory("[vmfs-01] not/there", true).status == 200);
  BOOST_TEST(f.makeDirectory("[nowhere] new").faultType() == "InvalidDatastore");
  BOOST_TEST(f.makeDirectory("new").faultType() == "InvalidDatastorePath");
  const std::vector<std::string> top = f.names("[vmfs-01]");
  BOOST_TEST(contains(top, "new"));
  BOOST_TEST(contains(top, "not"));
  BOOST_TEST(state(f.onFile("DeleteDatastoreFile_Task", "[vmfs-01] not")) == "success");
  BOOST_TEST(!contains(f.names("[vmfs-01]"), "not"));
  BOOST_TEST(fault(f.onFile("DeleteDatastoreFile_Task", "[vmfs-01] not")) == "FileNotFound");
}

BOOST_AUTO_TEST_CASE(top_level_directories_of_vsan_are_namespaces) {
  Files f;
  BOOST_TEST(f.makeDirectory("[vsan-01] new").faultType() == "CannotCreateFile");
  const std::string manager = self("DatastoreNamespaceManager", "DatastoreNamespaceManager");
  const SoapReply made =
      f.client.call("CreateDirectory", manager + ref("datastore", "Datastore", f.storeId("vsan-01")) +
                                           "<displayName>new</displayName>");
  BOOST_REQUIRE_MESSAGE(made.status == 200, made.body);
  const std::string path = made.one("//returnval");
  BOOST_TEST(path.starts_with("/vmfs/volumes/"));
  BOOST_TEST(f.makeDirectory("[vsan-01] new/below").status == 200);
  BOOST_TEST(fault(f.onFile("DeleteDatastoreFile_Task", "[vsan-01] new")) == "CannotDeleteFile");
  BOOST_TEST(state(f.onFile("DeleteDatastoreFile_Task", "[vsan-01] new/below")) == "success");
  const std::string gone = manager + f.dc() + "<datastorePath>" + path + "</datastorePath>";
  BOOST_TEST(f.client.call("DeleteDirectory", gone).status == 200);
  BOOST_TEST(f.client.call("DeleteDirectory", gone).faultType() == "FileNotFound");
}

BOOST_AUTO_TEST_CASE(a_disk_is_a_descriptor_with_an_extent_and_takes_space) {
  Files f;
  f.makeDirectory("[vmfs-01] disks");
  const std::int64_t before = f.free("vmfs-01");
  const SoapReply made = f.createDisk("[vmfs-01] disks/a.vmdk", "1048576", "thick");
  BOOST_REQUIRE_MESSAGE(state(made) == "success", made.body);
  BOOST_TEST(made.one("//val/result") == "[vmfs-01] disks/a.vmdk");
  const std::vector<std::string> both{"a-flat.vmdk", "a.vmdk"};
  BOOST_TEST(f.names("[vmfs-01] disks") == both, boost::test_tools::per_element());
  BOOST_TEST(before - f.free("vmfs-01") >= (1LL << 30));
  BOOST_TEST(fault(f.createDisk("[vmfs-01] disks/a.vmdk", "1024")) == "FileAlreadyExists");
  BOOST_TEST(fault(f.createDisk("[vmfs-01] nowhere/a.vmdk", "1024")) == "FileNotFound");
  const SoapReply big = f.createDisk("[vmfs-01] disks/big.vmdk", "10737418240", "thick");
  BOOST_TEST(fault(big) == "NoDiskSpace");
  BOOST_TEST(big.one("//val/error/fault/datastore") == "vmfs-01");
  BOOST_TEST(state(f.onDisk("DeleteVirtualDisk_Task", "[vmfs-01] disks/a.vmdk")) == "success");
  BOOST_TEST(f.names("[vmfs-01] disks").empty());
  BOOST_TEST(f.free("vmfs-01") == before);
}

BOOST_AUTO_TEST_CASE(a_thin_disk_takes_its_space_when_it_is_inflated) {
  Files f;
  f.makeDirectory("[vmfs-01] disks");
  BOOST_TEST(state(f.createDisk("[vmfs-01] disks/a.vmdk", "1048576")) == "success");
  const std::int64_t thin = f.free("vmfs-01");
  BOOST_TEST(state(f.onDisk("ExtendVirtualDisk_Task", "[vmfs-01] disks/a.vmdk",
                            "<newCapacityKb>2097152</newCapacityKb>")) == "success");
  BOOST_TEST(f.free("vmfs-01") == thin);
  BOOST_TEST(fault(f.onDisk("ExtendVirtualDisk_Task", "[vmfs-01] disks/a.vmdk",
                            "<newCapacityKb>1024</newCapacityKb>")) == "InvalidArgument");
  BOOST_TEST(state(f.onDisk("InflateVirtualDisk_Task", "[vmfs-01] disks/a.vmdk")) == "success");
  BOOST_TEST(thin - f.free("vmfs-01") == (2LL << 30));
}

BOOST_AUTO_TEST_CASE(uuids_stick_move_with_the_disk_and_are_copied) {
  Files f;
  f.makeDirectory("[vmfs-01] disks");
  f.createDisk("[vmfs-01] disks/a.vmdk", "1024");
  const std::string given = "60 00 C2 9e 1f 4a 11 22-33 44 55 66 77 88 99 aa";
  BOOST_TEST(f.uuid("[vmfs-01] disks/a.vmdk") != given);
  const std::string change = "<uuid>" + given + "</uuid>";
  BOOST_TEST(f.query("SetVirtualDiskUuid", "[vmfs-01] disks/a.vmdk", change).status == 200);
  BOOST_TEST(f.uuid("[vmfs-01] disks/a.vmdk") == given);
  BOOST_TEST(f.query("SetVirtualDiskUuid", "[vmfs-01] disks/a.vmdk", "<uuid>60 00</uuid>").faultType() ==
             "InvalidArgument");
  BOOST_TEST(state(f.diskPair("MoveVirtualDisk_Task", "[vmfs-01] disks/a.vmdk", "[nfs-01] b.vmdk")) ==
             "success");
  BOOST_TEST(f.uuid("[nfs-01] b.vmdk") == given);
  BOOST_TEST(f.query("QueryVirtualDiskUuid", "[vmfs-01] disks/a.vmdk").faultType() == "FileNotFound");
  BOOST_TEST(state(f.diskPair("CopyVirtualDisk_Task", "[nfs-01] b.vmdk", "[vmfs-01] disks/c.vmdk")) ==
             "success");
  BOOST_TEST(f.uuid("[vmfs-01] disks/c.vmdk") == given);
  BOOST_TEST(fault(f.diskPair("CopyVirtualDisk_Task", "[nfs-01] b.vmdk", "[vmfs-01] disks/c.vmdk")) ==
             "FileAlreadyExists");
}

BOOST_AUTO_TEST_CASE(what_a_running_machine_holds_is_locked_until_it_is_off) {
  Files f;
  const std::string disk = f.webDisk(), uuid = f.uuid(disk);
  const std::string change = "<uuid>60 00 C2 9e 1f 4a 11 22-33 44 55 66 77 88 99 aa</uuid>";
  BOOST_TEST(f.query("SetVirtualDiskUuid", disk, change).faultType() == "FileLocked");
  BOOST_TEST(fault(f.onDisk("DeleteVirtualDisk_Task", disk)) == "FileLocked");
  BOOST_TEST(fault(f.diskPair("MoveVirtualDisk_Task", disk, "[nfs-01] moved.vmdk")) == "FileLocked");
  BOOST_TEST(fault(f.pair("MoveDatastoreFile_Task", disk.substr(0, disk.rfind('/')), "[nfs-01] moved")) ==
             "FileLocked");
  const std::string extent = disk.substr(0, disk.size() - 5) + "-flat.vmdk";
  BOOST_TEST(fault(f.onFile("DeleteDatastoreFile_Task", extent)) == "FileLocked");
  BOOST_TEST(f.uuid(disk) == uuid);
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(state(f.task("PowerOffVM_Task", self("VirtualMachine", vm))) == "success");
  BOOST_TEST(f.query("SetVirtualDiskUuid", disk, change).status == 200);
  const std::vector<std::string> shown =
      f.read("VirtualMachine", vm, {"config.hardware.device"}).all("//VirtualDevice/backing/uuid");
  BOOST_TEST(contains(shown, "6000C29e-1f4a-1122-3344-5566778899aa"));
}

BOOST_AUTO_TEST_CASE(files_move_and_are_copied_with_what_is_below) {
  Files f;
  f.makeDirectory("[vmfs-01] one/two", true);
  f.createDisk("[vmfs-01] one/two/a.vmdk", "1024");
  BOOST_TEST(state(f.pair("CopyDatastoreFile_Task", "[vmfs-01] one", "[vmfs-01] copy")) == "success");
  BOOST_TEST(state(f.pair("MoveDatastoreFile_Task", "[vmfs-01] one", "[nfs-01] moved")) == "success");
  BOOST_TEST(contains(f.names("[vmfs-01] copy/two"), "a.vmdk"));
  BOOST_TEST(!contains(f.names("[vmfs-01]"), "one"));
  BOOST_TEST(!f.uuid("[nfs-01] moved/two/a.vmdk").empty());
  BOOST_TEST(fault(f.pair("CopyDatastoreFile_Task", "[vmfs-01] copy", "[nfs-01] moved")) ==
             "FileAlreadyExists");
  BOOST_TEST(fault(f.pair("CopyDatastoreFile_Task", "[vmfs-01] copy", "[vmfs-01] copy/two/copy")) ==
             "InvalidArgument");
}

BOOST_AUTO_TEST_CASE(a_delta_whose_parent_comes_along_keeps_it) {
  Files f;
  const std::string store = f.storeId("vmfs-01"), other = f.storeId("nfs-01");
  FileStore& files = f.simulation.world().files;
  f.makeDirectory("[vmfs-01] one", true);
  f.createDisk("[vmfs-01] one/a.vmdk", "1024");
  FileStore::NewDisk delta;
  delta.parent = FileId{store, "one/a.vmdk"};
  files.createDisk({store, "one/a-000001.vmdk"}, delta);
  BOOST_TEST(state(f.pair("CopyDatastoreFile_Task", "[vmfs-01] one", "[vmfs-01] copy")) == "success");
  BOOST_TEST(state(f.pair("MoveDatastoreFile_Task", "[vmfs-01] one", "[nfs-01] moved")) == "success");
  const std::vector<FileId> copied = files.chain({store, "copy/a-000001.vmdk"});
  const std::vector<FileId> moved = files.chain({other, "moved/a-000001.vmdk"});
  BOOST_REQUIRE_EQUAL(copied.size(), 2U);
  BOOST_REQUIRE_EQUAL(moved.size(), 2U);
  BOOST_TEST(copied[1].path == "copy/a.vmdk");
  BOOST_TEST(moved[1].path == "moved/a.vmdk");
  BOOST_TEST(moved[1].datastore == other);
}

BOOST_AUTO_TEST_CASE(a_browser_finds_by_pattern_and_by_kind) {
  Files f;
  const std::string directory = f.webDisk().substr(0, f.webDisk().rfind('/'));
  const std::string store = directory.substr(1, directory.find(']') - 1);
  const SoapReply vmx = f.search(directory, "<matchPattern>*.VM?</matchPattern>", store);
  BOOST_TEST(vmx.all("//file/path").empty());
  const SoapReply found = f.search(
      directory, "<searchCaseInsensitive>true</searchCaseInsensitive><matchPattern>*.VM?</matchPattern>",
      store);
  BOOST_TEST(contains(found.all("//file/path"), "web-01.vmx"));
  BOOST_TEST(found.one("//folderPath") == directory + "/");
  const SoapReply disks = f.search(
      directory,
      "<query xsi:type=\"VmDiskFileQuery\"><details><diskType>true</diskType><capacityKb>true</capacityKb>"
      "<hardwareVersion>true</hardwareVersion><diskExtents>true</diskExtents><thin>true</thin></details></"
      "query>"
      "<details><fileType>true</fileType><fileSize>true</fileSize><modification>false</modification>"
      "<fileOwner>false</fileOwner></details>",
      store);
  BOOST_REQUIRE_MESSAGE(state(disks) == "success", disks.body);
  for (const std::string& type : disks.all("//file/@type")) BOOST_TEST(type == "VmDiskFileInfo");
  BOOST_TEST(contains(disks.all("//file/path"), "web-01.vmdk"));
  BOOST_TEST(!contains(disks.all("//file/path"), "web-01-flat.vmdk"));
  BOOST_TEST(contains(disks.all("//file/diskExtents"), directory + "/web-01-flat.vmdk"));
  BOOST_TEST(disks.count("//file/capacityKb") == disks.count("//file"));
  BOOST_TEST(disks.count("//file/owner") == 0U);
}

BOOST_AUTO_TEST_CASE(subfolders_are_searched_one_result_for_each) {
  Files f;
  f.makeDirectory("[vmfs-01] one/two", true);
  const SoapReply found = f.search("[vmfs-01] one", {}, "vmfs-01", "SearchDatastoreSubFolders_Task");
  const std::vector<std::string> paths{"[vmfs-01] one/", "[vmfs-01] one/two/"};
  BOOST_TEST(found.all("//folderPath") == paths, boost::test_tools::per_element());
  BOOST_TEST(fault(f.search("[vmfs-01] none", {})) == "FileNotFound");
}

BOOST_AUTO_TEST_CASE(a_user_without_the_privilege_is_refused) {
  Files f("permissions", "readonly");
  const SoapReply refused = f.makeDirectory("[vmfs-01] new");
  BOOST_TEST(refused.faultType() == "NoPermission");
  BOOST_TEST(refused.one("//privilegeId") == "Datastore.FileManagement");
}

BOOST_AUTO_TEST_SUITE_END()
