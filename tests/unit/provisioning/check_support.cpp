// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/provisioning/check_support.h"

#include <boost/test/unit_test.hpp>

#include "discovery/derived.h"

namespace failback::provisioning {
namespace {

using vsphere::Moref;
using vsphere::VirtualMachine;

const char* const planId = "5f1c7d52-3a64-4d2b-9a52-0c1d2e3f4a5b";

vsphere::Disk diskOf(std::int32_t key, const std::string& file, const std::string& uuid, std::int64_t bytes) {
  vsphere::Disk disk;
  disk.key = key;
  disk.label = "Hard disk " + std::to_string(key - 1999);
  disk.controllerKey = 1000;
  disk.unitNumber = key - 2000;
  disk.kind = "flat";
  disk.backingType = "VirtualDiskFlatVer2BackingInfo";
  disk.uuid = uuid;
  disk.capacityBytes = bytes;
  disk.mode = "persistent";
  disk.thin = false;
  vsphere::DiskFile link;
  link.path = file;
  link.datastore = datastoreRef("datastore-1");
  link.uuid = uuid;
  disk.chain = {link};
  return disk;
}

VirtualMachine vmOf(const std::string& value, const std::string& name) {
  VirtualMachine vm;
  vm.ref = vmRef(value);
  vm.name = name;
  vm.parent = Moref{"Folder", "group-v2", ""};
  vm.instanceUuid = "50000000-0000-0000-0000-0000000000" + value.substr(3);
  vm.biosUuid = "42000000-0000-0000-0000-0000000000" + value.substr(3);
  vm.vmPathName = "[vmfs-01] " + name + "/" + name + ".vmx";
  vm.isTemplate = false;
  vm.powerState = "poweredOff";
  vm.connectionState = "connected";
  vm.consolidationNeeded = false;
  vm.faultToleranceConfigured = false;
  vm.vtpmPresent = false;
  vm.host = Moref{"HostSystem", "host-1", ""};
  vm.resourcePool = Moref{"ResourcePool", "resgroup-1", ""};
  vm.datastores = {datastoreRef("datastore-1")};
  vm.cpus = 2;
  vm.memoryBytes = 4 * gib;
  vm.hardwareVersion = "vmx-19";
  vsphere::Controller controller;
  controller.key = 1000;
  controller.type = "VirtualLsiLogicController";
  controller.label = "SCSI controller 0";
  controller.sharedBus = "noSharing";
  vm.controllers = {controller};
  vsphere::Nic nic;
  nic.key = 4000;
  nic.label = "Network adapter 1";
  nic.macAddress = "00:50:56:00:00:" + value.substr(3);
  nic.network = Moref{"Network", "network-1", ""};
  vm.nics = {nic};
  return vm;
}

vsphere::Datastore datastoreOne() {
  vsphere::Datastore datastore;
  datastore.ref = datastoreRef("datastore-1");
  datastore.name = "vmfs-01";
  datastore.type = "VMFS";
  datastore.url = "ds:///vmfs/volumes/1/";
  datastore.capacityBytes = 1000 * gib;
  datastore.freeSpaceBytes = 500 * gib;
  datastore.maxFileSizeBytes = 62 * 1024 * gib;
  datastore.accessible = true;
  datastore.maintenanceMode = "normal";
  vsphere::HostMount mount;
  mount.host = {"HostSystem", "host-1", ""};
  mount.accessMode = "readWrite";
  mount.mounted = true;
  mount.accessible = true;
  datastore.mounts = {mount};
  return datastore;
}

vsphere::Host hostOne() {
  vsphere::Host host;
  host.ref = {"HostSystem", "host-1", ""};
  host.name = "esx-01";
  host.parent = Moref{"ClusterComputeResource", "domain-c1", ""};
  host.connectionState = "connected";
  host.powerState = "poweredOn";
  host.inMaintenanceMode = false;
  host.memoryBytes = 64 * gib;
  host.memoryUsedBytes = 16 * gib;
  host.cpuThreads = 32;
  host.maxSupportedVcpus = 128;
  host.maxRegisteredVms = 1024;
  host.supportedHardwareVersions = {"vmx-17", "vmx-19", "vmx-9"};
  host.datastores = {datastoreRef("datastore-1")};
  host.networks = {{"Network", "network-1", ""}};
  return host;
}

template <class T>
T named(const std::string& type, const std::string& value, const std::string& name, const Moref& parent) {
  T object;
  object.ref = {type, value, ""};
  object.name = name;
  object.parent = parent;
  return object;
}

void addContainers(Site& site) {
  const Moref root{"Folder", "group-d1", ""};
  site.facts.inventory.vcenter.rootFolder = root;
  site.facts.inventory.vcenter.about.apiType = "VirtualCenter";
  auto datacenter = named<vsphere::Datacenter>("Datacenter", "datacenter-1", "DC0", root);
  datacenter.vmFolder = Moref{"Folder", "group-v1", ""};
  datacenter.hostFolder = Moref{"Folder", "group-h1", ""};
  site.add(datacenter);
  site.add(named<vsphere::Folder>("Folder", "group-v1", "vm", datacenter.ref));
  site.add(named<vsphere::Folder>("Folder", "group-h1", "host", datacenter.ref));
  site.add(named<vsphere::Folder>("Folder", "group-v2", "prod", {"Folder", "group-v1", ""}));
  auto cluster =
      named<vsphere::Cluster>("ClusterComputeResource", "domain-c1", "c-1", {"Folder", "group-h1", ""});
  site.add(cluster);
  auto pool = named<vsphere::ResourcePool>("ResourcePool", "resgroup-1", "Resources", cluster.ref);
  pool.owner = cluster.ref;
  site.add(pool);
  auto network = named<vsphere::Network>("Network", "network-1", "VM Network", datacenter.ref);
  network.kind = "standard";
  network.accessible = true;
  site.add(network);
  site.add(hostOne());
  site.add(datastoreOne());
}

SourceDisk planned(const std::string& id, const vsphere::Disk& disk) {
  SourceDisk source;
  source.id = id;
  source.uuid = *disk.uuid;
  source.file = disk.path();
  source.capacityBytes = disk.capacityBytes;
  source.provisioning = Provisioning::thick;
  return source;
}

void addPlan(Site& site) {
  const VirtualMachine& home = site.home();
  site.plan.id = planId;
  MasterTarget target;
  target.name = "mt-01";
  target.instanceUuid = *site.target().instanceUuid;
  site.plan.masterTargets = {target};
  Machine machine;
  machine.id = "web-01";
  machine.masterTarget = "mt-01";
  machine.source.name = "web-01";
  machine.source.instanceUuid = *home.instanceUuid;
  machine.source.biosUuid = *home.biosUuid;
  machine.source.guestId = "ubuntu64Guest";
  machine.source.cpus = 2;
  machine.source.memoryMB = 4096;
  machine.source.disks = {planned("scsi0-0", home.disks[0]), planned("scsi0-1", home.disks[1])};
  SourceNic nic;
  nic.id = "nic-1";
  nic.mac = *home.nics[0].macAddress;
  nic.network = "VM Network";
  machine.source.nics = {nic};
  machine.home.datastore = "vmfs-01";
  machine.home.folder = "/DC0/vm/prod";
  site.plan.machines = {machine};
}

void join(Site& site, const Moref& vm) {
  site.host().vms.push_back(vm);
  site.datastore().vms.push_back(vm);
}

}  // namespace

Moref vmRef(const std::string& value) {
  return {"VirtualMachine", value, ""};
}
Moref datastoreRef(const std::string& value) {
  return {"Datastore", value, ""};
}

Site::Site() {
  addContainers(*this);
  VirtualMachine web = vmOf("vm-10", "web-01");
  web.disks = {
      diskOf(2000, "[vmfs-01] web-01/web-01.vmdk", "6000C290-0000-0000-0000-000000000001", 40 * gib),
      diskOf(2001, "[vmfs-01] web-01/web-01_1.vmdk", "6000C290-0000-0000-0000-000000000002", 80 * gib)};
  VirtualMachine mt = vmOf("vm-20", "mt-01");
  mt.powerState = "poweredOn";
  mt.disks = {diskOf(2000, "[vmfs-01] mt-01/mt-01.vmdk", "6000C290-0000-0000-0000-000000000020", 20 * gib)};
  for (VirtualMachine* vm : {&web, &mt}) {
    const Moref ref = vm->ref;
    add(std::move(*vm));
    join(*this, ref);
  }
  addPlan(*this);
}

Site Site::withoutHome() {
  Site site;
  // Inventories do not forget, so it is made again without the VM.
  discovery::Inventory kept;
  kept.vcenter = site.facts.inventory.vcenter;
  site.facts.inventory.forEach([&](const auto& object) {
    if (object.ref != vmRef("vm-10")) kept.add(vsphere::InventoryObject(object));
  });
  site.facts.inventory = std::move(kept);
  std::erase(site.host().vms, vmRef("vm-10"));
  std::erase(site.datastore().vms, vmRef("vm-10"));
  site.facts.topFiles[datastoreRef("datastore-1")].answer = {{"mt-01", true}};
  site.facts.newVmOf["web-01"] = "web-01";
  site.facts.newVmVerdicts["web-01"].answer.emplace(vsphere::ConfigVerdict{});
  vsphere::EntityPrivileges root;
  root.entity = site.facts.inventory.vcenter.rootFolder;
  root.granted = {"System.Read"};
  site.facts.privileges.answer.emplace().entities = {root};
  return site;
}

VirtualMachine& Site::addVm(const std::string& value, const std::string& name) {
  VirtualMachine vm = vmOf(value, name);
  vm.disks = {diskOf(2000, "[vmfs-01] " + name + "/" + name + ".vmdk",
                     "6000C290-0000-0000-0000-0000000000" + value.substr(3), 10 * gib)};
  join(*this, vm.ref);
  return add(std::move(vm));
}

void Site::mark(VirtualMachine& vm, const std::string& machineId) {
  vm.extraConfig = {
      {"failback.plan", plan.id}, {"failback.machine", machineId}, {"failback.instance", *vm.instanceUuid}};
}

void Site::hide(const Moref& object, const std::string& property, const std::string& reason) {
  vsphere::Unreadable entry;
  entry.object = object;
  entry.property = property;
  entry.reason = reason;
  facts.inventory.unreadable.push_back(entry);
}

std::vector<Finding> Site::judge(std::string_view rule) {
  discovery::deriveFacts(facts.inventory);
  std::vector<Finding> findings;
  const Rule* row = findRule(rule);
  const Judge* judge = findJudge(rule);
  BOOST_REQUIRE_MESSAGE(row != nullptr && judge != nullptr, rule << " has no judge");
  const World world(plan, facts, phase);
  Judgement judgement(*row, findings);
  judge->judge(world, judgement);
  return findings;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Finding expectOne(Site& site, std::string_view rule, Status status, std::string_view text) {
  const std::vector<Finding> findings = site.judge(rule);
  BOOST_TEST_CONTEXT(rule << " with \"" << text << "\"") {
    BOOST_REQUIRE_EQUAL(findings.size(), 1U);
    const Finding& finding = findings.front();
    BOOST_TEST(toString(finding.status) == toString(status));
    BOOST_TEST(holds(finding.value, text), finding.value);
    BOOST_TEST(!finding.object.name.empty());
    BOOST_TEST(!finding.property.empty());
    BOOST_TEST((status == Status::pass) == finding.remedy.empty());
    BOOST_TEST((status != Status::fail || !finding.wanted.empty()));
    return finding;
  }
  return {};
}

Finding expectOne(Site& site, std::string_view rule, Status status, std::string_view text,
                  const std::function<void(Site&)>& change) {
  change(site);
  return expectOne(site, rule, status, text);
}

Finding findingAbout(const std::vector<Finding>& findings, std::string_view about) {
  for (const Finding& each : findings)
    if (holds(each.object.name, about) || holds(each.value, about)) return each;
  BOOST_TEST_ERROR("no finding about " << about);
  return {};
}

}  // namespace failback::provisioning
