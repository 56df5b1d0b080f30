// SPDX-License-Identifier: GPL-2.0-or-later
// The rules of creating a VM: each passes on a site that fits, and finds what a test changes.
#include <boost/test/unit_test.hpp>

#include "tests/unit/provisioning/check_support.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

vsphere::VirtualMachine& namesake(Site& site) {
  VirtualMachine& vm = site.addVm("vm-11", "Web-01");
  vm.vmPathName = "[vmfs-01] elsewhere/web.vmx";
  return vm;
}

vsphere::Network portgroup(const std::string& value, const std::string& name) {
  vsphere::Network network;
  network.ref = {"DistributedVirtualPortgroup", value, ""};
  network.name = name;
  network.kind = "distributed";
  network.portgroupKey = value;
  network.portBinding = "earlyBinding";
  network.dvs = vsphere::Moref{"VmwareDistributedVirtualSwitch", "dvs-1", ""};
  return network;
}

void addSwitch(Site& site) {
  vsphere::DistributedSwitch dvs;
  dvs.ref = {"VmwareDistributedVirtualSwitch", "dvs-1", ""};
  dvs.name = "dvs-prod";
  dvs.uuid = "50 1a";
  site.add(dvs);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_creation)

BOOST_AUTO_TEST_CASE(a_site_that_fits_passes_every_rule_and_says_what_was_seen) {
  for (const Judge& judge : creationJudges()) {
    Site site = Site::withoutHome();
    const std::vector<Finding> findings = site.judge(judge.rule);
    BOOST_TEST(!findings.empty(), judge.rule);
    for (const Finding& finding : findings) {
      BOOST_TEST_CONTEXT(judge.rule << ": " << finding.value) {
        BOOST_TEST(toString(finding.status) == "pass");
        BOOST_TEST(finding.machine == "web-01");
        BOOST_TEST(!finding.value.empty());
        BOOST_TEST(finding.object.kind == finding.rule->object);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_said_of_creation_while_the_original_is_there) {
  for (const Judge& judge : creationJudges()) {
    Site site;
    BOOST_TEST(site.judge(judge.rule).empty(), judge.rule);
  }
}

BOOST_AUTO_TEST_CASE(only_who_sees_all_can_say_that_the_original_is_gone) {
  Site site = Site::withoutHome();
  site.facts.privileges.answer->entities[0].granted.clear();
  expectOne(site, "NEW-GONE", Status::unknown, "no read permission at the root");
  Site hidden = Site::withoutHome();
  hidden.host().vms.push_back(vmRef("vm-99"));
  expectOne(hidden, "NEW-GONE", Status::unknown, "1 VM can't be seen");
  Site closed = Site::withoutHome();
  closed.hide({"Folder", "group-v7", ""}, "");
  expectOne(closed, "NEW-GONE", Status::unknown, "group-v7 could not be read");
  Site unasked = Site::withoutHome();
  unasked.facts.privileges = {};
  unasked.facts.privileges.why = "the server did not answer";
  expectOne(unasked, "NEW-GONE", Status::unknown, "the server did not answer");
}

BOOST_AUTO_TEST_CASE(a_vm_that_has_the_original_disks_is_found) {
  Site site = Site::withoutHome();
  VirtualMachine& other = site.addVm("vm-11", "web-01-again");
  other.disks[0].chain[0].path = site.planDisk().file;
  expectOne(site, "NEW-GONE", Status::fail,
            "web-01-again (poweredOff, /DC0/vm/prod/web-01-again) has [vmfs-01] web-01/web-01.vmdk");
  // UUIDs alone: it may be a twin from the same template.
  Site twins = Site::withoutHome();
  VirtualMachine& twin = twins.addVm("vm-11", "web-02");
  twin.disks.push_back(twin.disks[0]);
  twin.disks[0].uuid = twins.planDisk(0).uuid;
  expectOne(twins, "NEW-GONE", Status::pass, "no VM");
  twin.disks[1].uuid = twins.planDisk(1).uuid;
  expectOne(twins, "NEW-GONE", Status::unknown, "the UUIDs of all its 2 disks");
}

BOOST_AUTO_TEST_CASE(a_physical_machine_has_no_original) {
  Site site = Site::withoutHome();
  site.facts.privileges = {};
  site.machine().source.kind = SourceKind::physical;
  expectOne(site, "NEW-GONE", Status::pass, "physical");
}

BOOST_AUTO_TEST_CASE(names_are_compared_as_vcenter_does) {
  Site site = Site::withoutHome();
  namesake(site);
  const Finding finding =
      expectOne(site, "NEW-NAME", Status::fail, "Web-01 (poweredOff, /DC0/vm/prod/Web-01) has the name");
  BOOST_TEST(finding.object.path == "/DC0/vm/prod");
  Site slash = Site::withoutHome();
  slash.machine().home.name = "web%2f01";
  slash.addVm("vm-11", "web/01");
  expectOne(slash, "NEW-NAME", Status::fail, "web/01");
  Site vapp = Site::withoutHome();
  vsphere::ResourcePool app;
  app.ref = {"VirtualApp", "resgroup-9", ""};
  app.name = "WEB-01";
  app.isVApp = true;
  app.parentFolder = vsphere::Moref{"Folder", "group-v2", ""};
  vapp.add(app);
  expectOne(vapp, "NEW-NAME", Status::fail, "vApp WEB-01");
}

BOOST_AUTO_TEST_CASE(the_name_is_free_on_the_host_too) {
  Site site = Site::withoutHome();
  VirtualMachine& other = namesake(site);
  other.parent = vsphere::Moref{"Folder", "group-v1", ""};
  expectOne(site, "NEW-NAME", Status::fail, "registered on esx-01 has the name");
  other.host = vsphere::Moref{"HostSystem", "host-2", ""};
  expectOne(site, "NEW-NAME", Status::pass,
            "no VM, template or vApp in /DC0/vm/prod or on esx-01 is called web-01");
  site.host().vms.push_back(vmRef("vm-99"));
  expectOne(site, "NEW-NAME", Status::unknown, "1 VM on esx-01 can't be seen");
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_adopted_only_with_a_proof) {
  Site site = Site::withoutHome();
  VirtualMachine& other = namesake(site);
  site.machine().home.onNameClash = NameClash::adopt;
  expectOne(site, "NEW-NAME", Status::fail, "neither the instance UUID nor all disk UUIDs");
  other.disks.push_back(other.disks[0]);
  other.disks[0].uuid = site.planDisk(0).uuid;
  other.disks[1].uuid = site.planDisk(1).uuid;
  // From then on it is the home VM: nothing is made, and the rules of home VMs judge it.
  BOOST_TEST(site.judge("NEW-NAME").empty());
  expectOne(site, "VM-IDENTITY", Status::pass, "by name, and the UUIDs of its disks");
  site.machine().home.onNameClash = NameClash::refuse;
  expectOne(site, "NEW-NAME", Status::fail, "has the name");
}

BOOST_AUTO_TEST_CASE(what_was_adopted_is_known_by_its_mark) {
  Site site = Site::withoutHome();
  VirtualMachine& other = site.addVm("vm-11", "called otherwise by now");
  site.mark(other);
  BOOST_TEST(site.judge("VM-IDENTITY").empty());
  site.machine().home.onNameClash = NameClash::adopt;
  BOOST_TEST(site.judge("VM-IDENTITY").size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_other_name_must_be_free) {
  for (const NameClash clash : {NameClash::renameNew, NameClash::renameExisting}) {
    Site site = Site::withoutHome();
    namesake(site);
    site.machine().home.onNameClash = clash;
    site.machine().home.newName = "web-01-home";
    expectOne(site, "NEW-NAME", Status::pass, "web-01-home");
    site.addVm("vm-12", "web-01-home");
    expectOne(site, "NEW-NAME", Status::fail, "has the name web-01-home");
  }
}

BOOST_AUTO_TEST_CASE(what_this_plan_made_is_not_taken) {
  Site site = Site::withoutHome();
  VirtualMachine& made = site.addVm("vm-11", "web-01");
  made.nics[0].macAddress = site.machine().source.nics[0].mac;
  made.biosUuid = site.machine().source.biosUuid;
  site.machine().source.kind = SourceKind::physical;  // so that it is not found by its UUID
  site.facts.topFiles[datastoreRef("datastore-1")].answer->push_back({"web-01", true});
  for (const char* rule : {"NEW-NAME", "NEW-PATH", "NEW-MAC", "NEW-UUID"})
    BOOST_TEST(toString(site.judge(rule).at(0).status) == "fail", rule);
  site.mark(made);
  for (const char* rule : {"NEW-NAME", "NEW-PATH", "NEW-MAC", "NEW-UUID"})
    BOOST_TEST(toString(site.judge(rule).at(0).status) == "pass", rule);
  // It is another machine's of the plan.
  site.mark(made, "db-01");
  BOOST_TEST(toString(site.judge("NEW-NAME").at(0).status) == "fail");
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_told) {
  Site site = Site::withoutHome();
  site.machine().home.folder = "/DC0/vm/staging";
  expectOne(site, "NEW-NAME", Status::fail, "no folder /DC0/vm/staging");
}

BOOST_AUTO_TEST_CASE(the_path_is_free_of_vms_and_of_folders) {
  Site site = Site::withoutHome();
  site.facts.topFiles[datastoreRef("datastore-1")].answer->push_back({"web-01", true});
  Finding finding =
      expectOne(site, "NEW-PATH", Status::fail, "[vmfs-01] web-01 is there, and belongs to no VM");
  BOOST_TEST(holds(finding.remedy, "Look what [vmfs-01] web-01 holds"), finding.remedy);
  site.addVm("vm-11", "renamed").vmPathName = "[vmfs-01] web-01/web-01.vmx";
  expectOne(site, "NEW-PATH", Status::fail,
            "renamed (poweredOff, /DC0/vm/prod/renamed) is registered from [vmfs-01] web-01/web-01.vmx");
  Site unread = Site::withoutHome();
  unread.facts.topFiles.clear();
  expectOne(unread, "NEW-PATH", Status::unknown, "what lies on vmfs-01 was not read");
  unread.facts.topFiles[datastoreRef("datastore-1")].why = "no permission (Datastore.Browse)";
  expectOne(unread, "NEW-PATH", Status::unknown, "Datastore.Browse");
}

BOOST_AUTO_TEST_CASE(the_path_follows_the_name_that_is_chosen) {
  Site site = Site::withoutHome();
  namesake(site);
  site.machine().home.onNameClash = NameClash::renameNew;
  site.machine().home.newName = "web-01-home";
  expectOne(site, "NEW-PATH", Status::pass, "no [vmfs-01] web-01-home");
  site.facts.topFiles[datastoreRef("datastore-1")].answer->push_back({"web-01-home", true});
  expectOne(site, "NEW-PATH", Status::fail, "[vmfs-01] web-01-home is there");
}

BOOST_AUTO_TEST_CASE(the_datastore_is_vmfs_or_vsan_and_mounted_read_write) {
  Site site = Site::withoutHome();
  expectOne(site, "NEW-DATASTORE", Status::pass, "VMFS, mounted read-write on esx-01");
  site.datastore().mounts[0].accessMode = "readOnly";
  expectOne(site, "NEW-DATASTORE", Status::fail,
            "vmfs-01 is readOnly on esx-01, where the master target mt-01 runs");
  Site nfs = Site::withoutHome(), none = Site::withoutHome(), unread = Site::withoutHome();
  nfs.datastore().type = "NFS41";
  expectOne(nfs, "NEW-DATASTORE", Status::fail, "NFS");
  none.machine().home.datastore = "vmfs-07";
  expectOne(none, "NEW-DATASTORE", Status::fail, "no datastore vmfs-07 can be seen");
  expectOne(none, "NEW-SPACE", Status::unknown, "vmfs-07");
  unread.datastore().type.reset();
  expectOne(unread, "NEW-DATASTORE", Status::unknown, "vmfs-01");
}

BOOST_AUTO_TEST_CASE(of_a_datastore_cluster_the_member_with_most_space_is_chosen) {
  Site site = Site::withoutHome();
  vsphere::Datastore second = site.datastore();
  second.ref = datastoreRef("datastore-2");
  second.name = "vmfs-02";
  second.url = "ds:///vmfs/volumes/2/";
  second.freeSpaceBytes = 800 * gib;
  second.vms.clear();
  site.add(second);
  vsphere::StoragePod pod;
  pod.ref = {"StoragePod", "group-p1", ""};
  pod.name = "pod-01";
  pod.datastores = {datastoreRef("datastore-1"), datastoreRef("datastore-2")};
  site.add(pod);
  site.machine().home.datastore = "pod-01";
  const Finding finding =
      expectOne(site, "NEW-DATASTORE", Status::pass, "vmfs-02 is chosen of datastore cluster pod-01");
  BOOST_TEST(holds(finding.value, "vmfs-01 (500 GiB free), vmfs-02 (800 GiB free)"), finding.value);
  BOOST_TEST(expectOne(site, "NEW-SPACE", Status::pass, "800 GiB free").object.name == "vmfs-02");
  for (const char* each : {"datastore-1", "datastore-2"})
    site.find<vsphere::Datastore>("Datastore", each).mounts[0].accessMode = "readOnly";
  expectOne(site, "NEW-DATASTORE", Status::fail, "pod-01 is a datastore cluster of vmfs-01");
}

BOOST_AUTO_TEST_CASE(all_machines_of_the_plan_share_the_space) {
  Site site = Site::withoutHome();
  // 120 GiB of disks and 4 GiB of swap, and five per cent.
  site.datastore().freeSpaceBytes = 131 * gib;
  expectOne(site, "NEW-SPACE", Status::pass, "web-01 needs 130.2 GiB");
  Machine second = site.machine();
  second.id = "db-01";
  second.source.name = "db-01";
  second.source.instanceUuid = "50000000-0000-0000-0000-000000000077";
  second.source.biosUuid = "42000000-0000-0000-0000-000000000077";
  site.plan.machines.push_back(second);
  const Finding finding =
      expectOne(site, "NEW-SPACE", Status::fail, "131 GiB free; web-01, db-01 need 260.4 GiB");
  BOOST_TEST(finding.machine.empty());  // it is about both
  BOOST_TEST((finding.severity == Severity::block));
  site.datastore().freeSpaceBytes.reset();
  expectOne(site, "NEW-SPACE", Status::unknown, "summary.freeSpace could not be read");
}

BOOST_AUTO_TEST_CASE(space_that_open_jobs_were_promised_is_not_free) {
  Site site = Site::withoutHome();
  site.datastore().freeSpaceBytes = 131 * gib;
  StoredJob job;
  job.id = "1";
  job.plan = "another plan";
  job.machines = {{"db-01", "db-01", "", "/DC0/vm", "ds:///vmfs/volumes/1/", 10 * gib},
                  {"db-02", "db-02", "", "/DC0/vm", "ds:///vmfs/volumes/2/", 100 * gib}};
  site.facts.openJobs.answer = {job};
  const Finding finding = expectOne(site, "NEW-SPACE", Status::fail, "10 GiB are promised to open jobs");
  BOOST_TEST(finding.wanted == "140.2 GiB free");
  // This plan's own job does not compete with itself.
  site.facts.openJobs.answer->front().plan = site.plan.id;
  expectOne(site, "NEW-SPACE", Status::pass, "131 GiB free");
}

BOOST_AUTO_TEST_CASE(thin_disks_that_may_not_fit_are_a_warning) {
  Site site = Site::withoutHome();
  site.machine().home.provisioning = Provisioning::thin;
  site.datastore().freeSpaceBytes = 100 * gib;
  Finding finding = expectOne(site, "NEW-SPACE", Status::fail, "thin disks may grow to 120 GiB");
  BOOST_TEST((finding.severity == Severity::warn));
  site.datastore().freeSpaceBytes = 3 * gib;  // not even the swap
  finding = expectOne(site, "NEW-SPACE", Status::fail, "3 GiB free");
  BOOST_TEST((finding.severity == Severity::block));
}

BOOST_AUTO_TEST_CASE(each_disk_is_of_a_size_that_the_datastore_holds) {
  Site site = Site::withoutHome();
  const auto status = [&] { return toString(findingAbout(site.judge("NEW-FILE-SIZE"), "scsi0-0").status); };
  BOOST_TEST(status() == "pass");
  site.datastore().maxFileSizeBytes = 39 * gib;
  BOOST_TEST(status() == "fail");
  site.datastore().maxFileSizeBytes.reset();
  BOOST_TEST(status() == "unknown");
  site.planDisk().capacityBytes = gib - 1;
  BOOST_TEST(status() == "fail");
}

BOOST_AUTO_TEST_CASE(the_host_is_large_enough) {
  const auto with = [](const std::function<void(Site&)>& change, Status status, std::string_view text) {
    Site site = Site::withoutHome();
    expectOne(site, "NEW-HOST", status, text, change);
  };
  with([](Site& it) { it.machine().source.cpus = 33; }, Status::fail,
       "33 vCPUs, and the host has 32 logical CPUs");
  with([](Site& it) { it.machine().source.cpus = 129; }, Status::fail, "a VM there has 128 at most");
  with([](Site& it) { it.machine().source.memoryMB = 65 * 1024; }, Status::fail,
       "65 GiB of memory, and the host has 64 GiB");
  with([](Site& it) { it.machine().source.hardwareVersion = 20; }, Status::fail,
       "the newest there is vmx-19");
  with([](Site& it) { it.machine().home.resourcePool = "/DC0/host/c-1/none"; }, Status::fail,
       "no resource pool");
  with(
      [](Site& it) {
        it.pool().owner = vsphere::Moref{"ClusterComputeResource", "domain-c2", ""};
      },
      Status::fail, "resource pool Resources is that of domain-c2, and esx-01 is in c-1");
  with([](Site& it) { it.host().maxRegisteredVms = 1; }, Status::fail,
       "1 VM are registered there, 1 would be added");
  with([](Site& it) { it.host().supportedHardwareVersions.clear(); }, Status::unknown,
       "hardware versions of esx-01");
  with([](Site& it) { it.host().memoryBytes.reset(); }, Status::unknown, "memorySize");
  with([](Site& it) { it.target().host.reset(); }, Status::unknown, "mt-01");
}

BOOST_AUTO_TEST_CASE(hardware_versions_come_from_the_cluster_too) {
  Site site = Site::withoutHome();
  site.host().supportedHardwareVersions.clear();
  const vsphere::Moref cluster{"ClusterComputeResource", "domain-c1", ""};
  site.facts.configOptions[cluster].answer.emplace().hardwareVersion = "vmx-21";
  expectOne(site, "NEW-HOST", Status::pass, "vmx-13 of vmx-21");
}

BOOST_AUTO_TEST_CASE(mapped_networks_are_on_the_host) {
  Site site = Site::withoutHome();
  expectOne(site, "NEW-NETWORK", Status::pass, "VM Network (standard) on esx-01");
  site.machine().home.networks = {{"VM Network", "prod"}};
  const Finding finding =
      expectOne(site, "NEW-NETWORK", Status::fail, "esx-01 has no network prod; it has VM Network");
  BOOST_TEST(holds(finding.remedy, "home.networks"), finding.remedy);
  site.host().networks.push_back({"Network", "network-9", ""});
  expectOne(site, "NEW-NETWORK", Status::unknown, "1 network of esx-01 can't be seen");
  Site closed = Site::withoutHome();
  expectOne(closed, "NEW-NETWORK", Status::fail, "not accessible",
            [](Site& it) { it.network().accessible = false; });
}

BOOST_AUTO_TEST_CASE(distributed_port_groups_go_by_key_and_switch) {
  Site site = Site::withoutHome();
  site.machine().home.networks = {{"VM Network", "prod"}};
  site.add(portgroup("dvportgroup-1", "prod"));
  site.host().networks.push_back({"DistributedVirtualPortgroup", "dvportgroup-1", ""});
  expectOne(site, "NEW-NETWORK", Status::unknown, "the key or the switch of prod");
  addSwitch(site);
  expectOne(site, "NEW-NETWORK", Status::pass, "prod (distributed, key dvportgroup-1, switch dvs-prod)");
  // Straight on a host only ephemeral ones can be used.
  site.facts.inventory.vcenter.about.apiType = "HostAgent";
  expectOne(site, "NEW-NETWORK", Status::fail, "earlyBinding");
  site.facts.inventory.vcenter.about.apiType = "VirtualCenter";
  site.add(portgroup("dvportgroup-2", "prod"));
  site.host().networks.push_back({"DistributedVirtualPortgroup", "dvportgroup-2", ""});
  expectOne(site, "NEW-NETWORK", Status::fail, "2 networks of esx-01 have the name");
}

BOOST_AUTO_TEST_CASE(a_mac_address_that_another_has_is_a_warning) {
  Site site = Site::withoutHome();
  VirtualMachine& other = site.addVm("vm-11", "web-02");
  other.nics[0].macAddress = "00:50:56:00:00:10";
  const Finding finding =
      expectOne(site, "NEW-MAC", Status::fail,
                "00:50:56:00:00:10 is the address of Network adapter 1 of web-02 (poweredOff");
  BOOST_TEST((finding.severity == Severity::warn));
  other.nics.clear();
  other.disks.clear();
  other.controllers.clear();
  site.facts.whole.erase(other.ref);
  expectOne(site, "NEW-MAC", Status::unknown, "the devices of 1 VM could not be read: web-02");
}

BOOST_AUTO_TEST_CASE(uuids_of_a_new_vm_are_free) {
  Site site = Site::withoutHome();
  site.machine().source.kind = SourceKind::physical;
  expectOne(site, "NEW-UUID", Status::pass, "no VM has them");
  VirtualMachine& other = site.addVm("vm-11", "web-02");
  other.biosUuid = "42000000-0000-0000-0000-000000000010";
  expectOne(site, "NEW-UUID", Status::fail, "has the BIOS UUID 42000000-0000-0000-0000-000000000010");
  other.biosUuid.reset();
  expectOne(site, "NEW-UUID", Status::unknown, "the UUIDs of 1 VM could not be read: web-02");
}

BOOST_AUTO_TEST_CASE(an_rdm_comes_home_as_a_vmdk) {
  Site site = Site::withoutHome();
  site.planDisk().kind = DiskKind::rdm;
  const Finding finding =
      expectOne(site, "NEW-EXPOSURE", Status::fail, "scsi0-0 (40 GiB) of web-01 comes home as a VMDK");
  BOOST_TEST((finding.severity == Severity::info));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
