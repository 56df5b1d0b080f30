// SPDX-License-Identifier: GPL-2.0-or-later
// Each rule with a fact that passes and facts that do not.
#include "discovery/master_target.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <ostream>

#include "tests/unit/discovery/sample_site.h"

namespace failback::discovery {
static std::ostream& operator<<(std::ostream& out, Verdict verdict) {
  return out << toString(verdict);
}
static std::ostream& operator<<(std::ostream& out, Candidate candidate) {
  return out << toString(candidate);
}
static std::ostream& operator<<(std::ostream& out, OsFamily family) {
  return out << toString(family);
}
}  // namespace failback::discovery

using namespace failback;
using namespace failback::discovery;
using testing::healthyHost;
using testing::healthyMasterTarget;
using testing::ref;
using vsphere::VirtualMachine;

namespace {

using Change = std::function<void(VirtualMachine&)>;

Inventory siteWith(const Change& change) {
  Inventory inventory;
  inventory.vcenter = testing::sampleVCenter();
  for (auto& object : testing::sampleObjects()) inventory.add(std::move(object));
  VirtualMachine vm = healthyMasterTarget();
  change(vm);
  inventory.add(vm);
  return inventory;
}

MasterTarget judged(const Change& change) {
  const Inventory inventory = siteWith(change);
  return judgeMasterTarget(*inventory.find<VirtualMachine>(ref("VirtualMachine", "vm-40")), inventory);
}

// Whatever happens to a machine, the quick count of its obstacles says what its facts say.
void expectCountOf(const Change& change) {
  const Inventory inventory = siteWith(change);
  const VirtualMachine& vm = *inventory.find<VirtualMachine>(ref("VirtualMachine", "vm-40"));
  const MasterTarget result = judgeMasterTarget(vm, inventory);
  const auto obstacles =
      static_cast<std::size_t>(std::count_if(result.facts.begin(), result.facts.end(), isObstacle));
  if (obstacles > 0) BOOST_TEST(hasMoreObstacles(vm, inventory, obstacles - 1));
  BOOST_TEST(!hasMoreObstacles(vm, inventory, obstacles));
}

// The one rule that is not ok, and what the summary says.
void expectOnly(const std::string& rule, Verdict verdict, const std::string& value, Candidate candidate,
                const Change& change) {
  const MasterTarget result = judged(change);
  expectCountOf(change);
  BOOST_TEST_CONTEXT(rule << " " << value) {
    BOOST_TEST(result.candidate == candidate);
    int seen = 0;
    for (const Fact& fact : result.facts) {
      if (fact.verdict == Verdict::ok) continue;
      ++seen;
      BOOST_TEST(fact.rule == rule);
      BOOST_TEST(fact.verdict == verdict);
      BOOST_TEST(fact.value.find(value) != std::string::npos, "seen: " << fact.value);
    }
    BOOST_TEST(seen == 1);
  }
}

constexpr Verdict fails = Verdict::fail;
constexpr Candidate no = Candidate::no, yes = Candidate::yes, maybe = Candidate::unknown;

}  // namespace

BOOST_AUTO_TEST_SUITE(master_target)

BOOST_AUTO_TEST_CASE(many_obstacles_are_counted_as_one_is) {
  expectCountOf([](VirtualMachine&) {});
  expectCountOf([](VirtualMachine& vm) {
    const vsphere::Moref self = vm.ref;
    vm = {};
    vm.ref = self;
  });
  expectCountOf([](VirtualMachine& vm) {
    vm.powerState = "poweredOff";
    vm.toolsRunningStatus = "guestToolsNotRunning";
    vm.diskUuidEnabled = false;
    vm.diskEnableUuidOption.reset();
    vm.host.reset();
  });
}

BOOST_AUTO_TEST_CASE(a_healthy_one_passes_every_rule) {
  const MasterTarget result = judged([](VirtualMachine&) {});
  BOOST_TEST(result.candidate == yes);
  BOOST_TEST(result.facts.size() == 13u);
  for (const Fact& fact : result.facts) {
    BOOST_TEST_CONTEXT(fact.rule) {
      BOOST_TEST(fact.verdict == Verdict::ok);
      BOOST_TEST(!fact.value.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(state) {
  expectOnly("MT-STATE", fails, "poweredOff", no, [](auto& vm) { vm.powerState = "poweredOff"; });
  expectOnly("MT-STATE", fails, "orphaned", no, [](auto& vm) { vm.connectionState = "orphaned"; });
  expectOnly("MT-STATE", fails, "template", no, [](auto& vm) { vm.isTemplate = true; });
  expectOnly("MT-STATE", Verdict::unknown, "could not", maybe, [](auto& vm) { vm.powerState.reset(); });
}

BOOST_AUTO_TEST_CASE(state_of_the_host) {
  BOOST_TEST(judgeHost(nullptr).verdict == Verdict::unknown);
  vsphere::Host host = healthyHost();
  BOOST_TEST(judgeHost(&host).verdict == Verdict::ok);
  host.inMaintenanceMode = true;
  BOOST_TEST(judgeHost(&host).verdict == fails);
  BOOST_TEST(judgeHost(&host).value.find("maintenance") != std::string::npos);
  host = healthyHost();
  host.connectionState = "notResponding";
  BOOST_TEST(judgeHost(&host).verdict == fails);
  host = healthyHost();
  host.powerState = "standBy";
  BOOST_TEST(judgeHost(&host).verdict == fails);
  host = healthyHost();
  host.inMaintenanceMode.reset();
  BOOST_TEST(judgeHost(&host).verdict == Verdict::unknown);
}

BOOST_AUTO_TEST_CASE(os) {
  expectOnly("MT-OS", fails, "neither", no, [](auto& vm) {
    vm.guestFamily = "darwinGuestFamily";
    vm.guestFullName = "macOS";
    vm.guestVolumes[1].path = "/mnt/retention";
  });
  expectOnly("MT-OS", Verdict::unknown, "could not", maybe, [](auto& vm) {
    vm.guestFamily.reset();
    vm.guestId.reset();
  });
}

BOOST_AUTO_TEST_CASE(os_family_from_the_guest_id_when_tools_say_nothing) {
  VirtualMachine vm;
  const auto familyOf = [&](const char* id) {
    vm.guestId = id;
    return osFamilyOf(vm);
  };
  for (const char* id :
       {"ubuntu64Guest", "rhel8_64Guest", "sles15_64Guest", "other4xLinux64Guest", "debian11_64Guest"}) {
    BOOST_TEST(familyOf(id) == OsFamily::linux);
  }
  for (const char* id : {"windows2019srv_64Guest", "winNetEnterpriseGuest", "windows9Server64Guest"}) {
    BOOST_TEST(familyOf(id) == OsFamily::windows);
  }
  for (const char* id : {"freebsd64Guest", "darwin20_64Guest", "solaris11_64Guest", "otherGuest64"}) {
    BOOST_TEST(familyOf(id) == OsFamily::other);
  }
  vm.guestFamily = "windowsGuest";  // what runs counts more than what was configured
  BOOST_TEST(familyOf("otherGuest64") == OsFamily::windows);
}

BOOST_AUTO_TEST_CASE(tools) {
  expectOnly("MT-TOOLS", fails, "guestToolsNotRunning", no,
             [](auto& vm) { vm.toolsRunningStatus = "guestToolsNotRunning"; });
  expectOnly("MT-TOOLS", Verdict::unknown, "starting", maybe,
             [](auto& vm) { vm.toolsRunningStatus = "guestToolsExecutingScripts"; });
  expectOnly("MT-TOOLS", fails, "toolsNotInstalled", no, [](auto& vm) {
    vm.toolsRunningStatus.reset();
    vm.toolsStatus = "toolsNotInstalled";
  });
  BOOST_TEST(judged([](auto& vm) {
               vm.toolsRunningStatus.reset();
               vm.toolsStatus = "toolsOld";
             }).candidate == yes);
}

BOOST_AUTO_TEST_CASE(memory) {
  expectOnly("MT-RAM", fails, "256 MB", no, [](auto& vm) { vm.memoryBytes = 256LL << 20; });
  expectOnly("MT-RAM", Verdict::warn, "4096 MB", yes, [](auto& vm) { vm.memoryBytes = 4LL << 30; });
  BOOST_TEST(judged([](auto& vm) {
               vm.guestFamily = "windowsGuest";
               vm.guestVolumes[1].path = "R:\\";
               vm.guestVolumes[0].path = "C:\\";
               vm.memoryBytes = 4LL << 30;
             }).candidate == yes);
}

BOOST_AUTO_TEST_CASE(disk_uuid_is_one_setting_that_is_shown_in_two_ways) {
  expectOnly("MT-UUID", fails, "not TRUE", no, [](auto& vm) {
    vm.diskUuidEnabled = false;
    vm.diskEnableUuidOption.reset();
  });
  expectOnly("MT-UUID", fails, "not TRUE", no, [](auto& vm) {
    vm.diskUuidEnabled.reset();
    vm.diskEnableUuidOption = "no";
  });
  expectOnly("MT-UUID", Verdict::unknown, "could not", maybe, [](auto& vm) {
    vm.diskUuidEnabled.reset();
    vm.diskEnableUuidOption.reset();
  });
  for (const char* text : {"TRUE", "true", "1"}) {
    BOOST_TEST(judged([&](auto& vm) {
                 vm.diskUuidEnabled = false;
                 vm.diskEnableUuidOption = text;
               }).candidate == yes);
  }
}

BOOST_AUTO_TEST_CASE(each_of_the_three_signals_of_a_snapshot) {
  expectOnly("MT-SNAPSHOT", fails, "1 snapshot", no, [](auto& vm) { vm.snapshots.emplace_back(); });
  expectOnly("MT-SNAPSHOT", fails, "delta", no, [](auto& vm) {
    vm.disks[0].chain.push_back(vm.disks[0].chain[0]);
    vm.disks[0].chain[0].path = "[vmfs-01] mt-linux-01/mt-linux-01-000001.vmdk";
  });
  expectOnly("MT-SNAPSHOT", fails, "consolidation", no, [](auto& vm) { vm.consolidationNeeded = true; });
  expectOnly("MT-SNAPSHOT", Verdict::unknown, "consolidationNeeded", maybe,
             [](auto& vm) { vm.consolidationNeeded.reset(); });
}

BOOST_AUTO_TEST_CASE(controllers_are_lsi_logic_of_one_type) {
  expectOnly("MT-CONTROLLER", fails, "ParaVirtualSCSIController", no,
             [](auto& vm) { vm.controllers[1].type = "ParaVirtualSCSIController"; });
  expectOnly("MT-CONTROLLER", fails, "VirtualBusLogicController", no,
             [](auto& vm) { vm.controllers[1].type = "VirtualBusLogicController"; });
  expectOnly("MT-CONTROLLER", fails, "one type", no, [](auto& vm) {
    vm.controllers.push_back(vm.controllers[1]);
    vm.controllers.back().key = 1001;
    vm.controllers.back().type = "VirtualLsiLogicSASController";
  });
  // The label is what people see, and never judged.
  BOOST_TEST(judged([](auto& vm) { vm.controllers[1].label = "ParaVirtual"; }).candidate == yes);
}

BOOST_AUTO_TEST_CASE(sixty_slots) {
  const auto withDisks = [](std::size_t count) {
    return [count](VirtualMachine& vm) {
      while (vm.disks.size() < count) vm.disks.push_back(vm.disks[0]);
    };
  };
  BOOST_TEST(judged(withDisks(59)).candidate == yes);
  expectOnly("MT-SLOTS", fails, "60 of 60 used, 0 free", no, withDisks(60));
  VirtualMachine vm = healthyMasterTarget();
  vsphere::OtherDevice cdrom;
  cdrom.controllerKey = 1000;
  vm.otherDevices = {cdrom};
  BOOST_TEST(slotsOf(vm).used == 1);
  BOOST_TEST(slotsOf(vm).free == 58);
}

BOOST_AUTO_TEST_CASE(a_vmfs_or_vsan_datastore_that_the_host_may_write) {
  const auto verdictWith = [](const std::function<void(vsphere::Datastore&)>& change) {
    Inventory inventory = siteWith([](auto&) {});
    for (auto& datastore : inventory.all<vsphere::Datastore>()) {
      if (datastore.name == "vmfs-01") change(datastore);
    }
    return judgeDatastores(inventory.find<vsphere::Host>(ref("HostSystem", "host-9")), inventory);
  };
  BOOST_TEST(verdictWith([](auto&) {}).value == "vmfs-01");
  BOOST_TEST(verdictWith([](auto& ds) { ds.type = "vsan"; }).verdict == Verdict::ok);
  const Fact nfsOnly = verdictWith([](auto& ds) { ds.type = "NFS"; });
  BOOST_TEST(nfsOnly.verdict == fails);
  BOOST_TEST(nfsOnly.value.find("nfs-01 (NFS)") != std::string::npos, nfsOnly.value);
  BOOST_TEST(verdictWith([](auto& ds) { ds.mounts[0].accessMode = "readOnly"; }).verdict == fails);
  BOOST_TEST(verdictWith([](auto& ds) { ds.mounts[0].mounted = false; }).verdict == fails);
  BOOST_TEST(verdictWith([](auto& ds) { ds.mounts[0].accessible = false; }).verdict == fails);
  BOOST_TEST(verdictWith([](auto& ds) { ds.accessible = false; }).verdict == fails);
  BOOST_TEST(verdictWith([](auto& ds) { ds.mounts.erase(ds.mounts.begin()); }).verdict == fails);
  BOOST_TEST(verdictWith([](auto& ds) { ds.type.reset(); }).verdict == Verdict::unknown);
  const Inventory none;
  const vsphere::Host host = healthyHost();
  BOOST_TEST(judgeDatastores(&host, none).verdict == Verdict::unknown);
}

BOOST_AUTO_TEST_CASE(retention_volume) {
  const auto retention = [](VirtualMachine& vm) -> vsphere::GuestVolume& { return vm.guestVolumes[1]; };
  expectOnly("MT-RETENTION", fails, "FAT", no, [&](auto& vm) { retention(vm).filesystemType = "vfat"; });
  expectOnly("MT-RETENTION", fails, "empty", no, [&](auto& vm) { retention(vm).capacityBytes = 0; });
  expectOnly("MT-RETENTION", fails, "no /mnt/retention", no, [](auto& vm) { vm.guestVolumes.pop_back(); });
  // Not shown by the guest, or another one that a plan could name: no obstacle.
  expectOnly("MT-RETENTION", Verdict::unknown, "not reported", yes,
             [&](auto& vm) { retention(vm).filesystemType.reset(); });
  expectOnly("MT-RETENTION", Verdict::unknown, "/data", yes, [&](auto& vm) { retention(vm).path = "/data"; });
  expectOnly("MT-RETENTION", Verdict::unknown, "no volumes", yes, [](auto& vm) { vm.guestVolumes.clear(); });
  expectOnly("MT-RETENTION", fails, "no R:", no, [](auto& vm) {
    vm.guestFamily = "windowsGuest";
    vm.guestVolumes.pop_back();
    vm.guestVolumes[0].path = "C:\\";
  });
}

BOOST_AUTO_TEST_CASE(relocating) {
  expectOnly("MT-RELOCATING", Verdict::unknown, "RelocateVM_Task is disabled", maybe,
             [](auto& vm) { vm.disabledMethods = {"RelocateVM_Task"}; });
  expectOnly("MT-RELOCATING", Verdict::unknown, "task-9", yes,
             [](auto& vm) { vm.recentTasks = {ref("Task", "task-9")}; });
}

BOOST_AUTO_TEST_CASE(a_question_that_waits) {
  expectOnly("MT-QUESTION", fails, "out of space", no, [](auto& vm) {
    vm.question.emplace();
    vm.question->text = "out of space";
  });
}

BOOST_AUTO_TEST_CASE(one_failure_outweighs_what_is_unknown) {
  const MasterTarget result = judged([](VirtualMachine& vm) {
    vm.consolidationNeeded.reset();
    vm.powerState = "poweredOff";
  });
  BOOST_TEST(result.candidate == no);
}

BOOST_AUTO_TEST_SUITE_END()
