// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/discovery/sample_site.h"

#include "discovery/derived.h"
#include "discovery/json.h"
#include "discovery/view.h"

namespace failback::testing {

using namespace vsphere;

namespace {

constexpr std::int64_t gib = 1024LL * 1024 * 1024;

template <class T>
T entity(const std::string& type, const std::string& value, const std::string& name, const Moref& parent) {
  T object;
  object.ref = ref(type, value);
  object.name = name;
  object.parent = parent;
  return object;
}

const Moref root = ref("Folder", "group-d1");
const Moref datacenter = ref("Datacenter", "datacenter-2");
const Moref vmFolder = ref("Folder", "group-v3");
const Moref hostFolder = ref("Folder", "group-h4");
const Moref datastoreFolder = ref("Folder", "group-s5");
const Moref networkFolder = ref("Folder", "group-n6");
const Moref cluster = ref("ClusterComputeResource", "domain-c7");
const Moref pool = ref("ResourcePool", "resgroup-8");
const Moref host1 = ref("HostSystem", "host-9");
const Moref host2 = ref("HostSystem", "host-10");
const Moref host3 = ref("HostSystem", "host-31");
const Moref compute3 = ref("ComputeResource", "domain-s30");
const Moref vmfs = ref("Datastore", "datastore-11");
const Moref nfs = ref("Datastore", "datastore-12");
const Moref pod = ref("StoragePod", "group-p13");
const Moref lan = ref("Network", "network-14");
const Moref portgroup = ref("DistributedVirtualPortgroup", "dvportgroup-15");
const Moref dvs = ref("VmwareDistributedVirtualSwitch", "dvs-16");
const Moref vApp = ref("VirtualApp", "resgroup-v17");

void addFolders(std::vector<InventoryObject>& site) {
  auto dc = entity<Datacenter>("Datacenter", "datacenter-2", "DC0", root);
  dc.vmFolder = vmFolder;
  dc.hostFolder = hostFolder;
  dc.datastoreFolder = datastoreFolder;
  dc.networkFolder = networkFolder;
  auto vms = entity<Folder>("Folder", "group-v3", "vm", datacenter);
  vms.childTypes = {"Folder", "VirtualMachine", "VirtualApp"};
  auto sub = entity<Folder>("Folder", "group-v18", "web/front", vmFolder);
  sub.childTypes = vms.childTypes;
  site.emplace_back(sub);
  site.emplace_back(vms);
  site.emplace_back(entity<Folder>("Folder", "group-h4", "host", datacenter));
  site.emplace_back(entity<Folder>("Folder", "group-s5", "datastore", datacenter));
  site.emplace_back(entity<Folder>("Folder", "group-n6", "network", datacenter));
  site.emplace_back(dc);
}

void addCompute(std::vector<InventoryObject>& site) {
  auto c = entity<Cluster>("ClusterComputeResource", "domain-c7", "cluster-a", hostFolder);
  c.isCluster = true;
  c.hosts = {host1, host2};
  c.datastores = {vmfs, nfs};
  c.networks = {lan, portgroup};
  c.resourcePool = pool;
  c.drsEnabled = true;
  c.drsDefaultBehavior = "fullyAutomated";
  c.haEnabled = false;
  c.effectiveHosts = 2;
  c.totalCpuMHz = 40000;
  c.totalMemoryBytes = 256 * gib;
  DrsOverride stay;
  stay.vm = ref("VirtualMachine", "vm-40");
  stay.behavior = "manual";
  c.drsOverrides = {stay};
  DrsRule rule;
  rule.key = 1;
  rule.name = "keep apart";
  rule.kind = "ClusterAntiAffinityRuleSpec";
  rule.enabled = true;
  rule.vms = {ref("VirtualMachine", "vm-40"), ref("VirtualMachine", "vm-41")};
  c.rules = {rule};
  site.emplace_back(c);

  auto standalone = entity<Cluster>("ComputeResource", "domain-s30", "esx-03.example", hostFolder);
  standalone.hosts = {host3};
  site.emplace_back(standalone);

  auto p = entity<ResourcePool>("ResourcePool", "resgroup-8", "Resources", cluster);
  p.owner = cluster;
  p.cpuLimitMHz = -1;
  p.memoryLimitBytes = -1;
  p.memoryReservationBytes = 0;
  p.cpuExpandable = true;
  site.emplace_back(p);
  auto app = entity<ResourcePool>("VirtualApp", "resgroup-v17", "shop", pool);
  app.isVApp = true;
  app.owner = cluster;
  app.parentFolder = vmFolder;
  site.emplace_back(app);
}

void addHosts(std::vector<InventoryObject>& site) {
  site.emplace_back(healthyHost());
  Host second = healthyHost();
  second.ref = host2;
  second.name = "esx-02.example";
  second.connectionState = "notResponding";
  second.vms = {};
  site.emplace_back(second);
  Host third = healthyHost();
  third.ref = host3;
  third.name = "esx-03.example";
  third.parent = compute3;
  third.datastores = {nfs};
  third.networks = {lan};
  third.vms = {};
  site.emplace_back(third);
}

HostMount mount(const Moref& host, const std::string& mode) {
  HostMount result;
  result.host = host;
  result.accessMode = mode;
  result.mounted = true;
  result.accessible = true;
  return result;
}

void addStorage(std::vector<InventoryObject>& site) {
  auto p = entity<StoragePod>("StoragePod", "group-p13", "pod-1", datastoreFolder);
  p.capacityBytes = 2048 * gib;
  p.freeSpaceBytes = 1024 * gib;
  p.datastores = {vmfs};
  p.sdrsEnabled = true;
  p.sdrsDefaultBehavior = "automated";
  site.emplace_back(p);
  auto one = entity<Datastore>("Datastore", "datastore-11", "vmfs-01", pod);
  one.type = "VMFS";
  one.url = "ds:///vmfs/volumes/5f0c-1/";
  one.capacityBytes = 2048 * gib;
  one.freeSpaceBytes = 1024 * gib;
  one.uncommittedBytes = 100 * gib;
  one.maxFileSizeBytes = 62 * 1024 * gib;
  one.accessible = true;
  one.multipleHostAccess = true;
  one.maintenanceMode = "normal";
  one.vmfsUuid = "5f0c-1";
  one.vmfsVersion = "6.82";
  one.local = false;
  one.mounts = {mount(host1, "readWrite"), mount(host2, "readWrite")};
  one.vms = {ref("VirtualMachine", "vm-40"), ref("VirtualMachine", "vm-41")};
  site.emplace_back(one);
  auto two = entity<Datastore>("Datastore", "datastore-12", "nfs-01", datastoreFolder);
  two.type = "NFS";
  two.capacityBytes = 512 * gib;
  two.freeSpaceBytes = 12 * gib;
  two.accessible = true;
  two.maintenanceMode = "normal";
  two.nfsRemoteHost = "filer.example";
  two.nfsRemotePath = "/export/vms";
  two.mounts = {mount(host1, "readOnly"), mount(host3, "readWrite")};
  site.emplace_back(two);
}

void addNetworks(std::vector<InventoryObject>& site) {
  auto standard = entity<Network>("Network", "network-14", "VM Network", networkFolder);
  standard.kind = "standard";
  standard.accessible = true;
  standard.hosts = {host1, host2, host3};
  site.emplace_back(standard);
  auto group = entity<Network>("DistributedVirtualPortgroup", "dvportgroup-15", "prod", networkFolder);
  group.kind = "distributed";
  group.accessible = true;
  group.portgroupKey = "dvportgroup-15";
  group.portBinding = "earlyBinding";
  group.uplink = false;
  group.dvs = dvs;
  group.hosts = {host1};
  site.emplace_back(group);
  auto dv = entity<DistributedSwitch>("VmwareDistributedVirtualSwitch", "dvs-16", "dvs-a", networkFolder);
  dv.uuid = "50 2c";
  dv.portgroups = {portgroup};
  dv.hosts = {host1};
  site.emplace_back(dv);
}

VirtualMachine plainVm(const std::string& value, const std::string& name) {
  VirtualMachine vm = healthyMasterTarget();
  vm.ref = ref("VirtualMachine", value);
  vm.name = name;
  vm.instanceUuid = "5000-" + value;
  vm.biosUuid = "4200-" + value;
  vm.diskUuidEnabled = false;
  vm.diskEnableUuidOption.reset();
  vm.guestVolumes.clear();
  return vm;
}

void addVms(std::vector<InventoryObject>& site) {
  VirtualMachine web = plainVm("vm-41", "web-01");
  web.parent = ref("Folder", "group-v18");
  Snapshot before;
  before.ref = ref("VirtualMachineSnapshot", "snapshot-1");
  before.id = 1;
  before.name = "before update";
  before.createTime = "2026-01-02T03:04:05Z";
  before.current = true;
  before.state = "poweredOn";
  web.snapshots = {before};
  web.currentSnapshot = before.ref;
  site.emplace_back(web);
  site.emplace_back(healthyMasterTarget());
  VirtualMachine shop = plainVm("vm-42", "shop-db");
  shop.parent.reset();
  shop.parentVApp = vApp;
  shop.powerState = "poweredOff";
  site.emplace_back(shop);
  VirtualMachine lost = plainVm("vm-43", "lost-01");
  lost.host = host2;
  lost.connectionState = "orphaned";
  site.emplace_back(lost);
  VirtualMachine edge = plainVm("vm-44", "edge-01");
  edge.host = host3;
  edge.datastores = {nfs};
  site.emplace_back(edge);
}

}  // namespace

Moref ref(const std::string& type, const std::string& value) {
  Moref result;
  result.type = type;
  result.value = value;
  return result;
}

VCenter sampleVCenter() {
  VCenter vcenter;
  vcenter.about.name = "VMware vCenter Server";
  vcenter.about.fullName = "VMware vCenter Server 8.0.3 build-24022515";
  vcenter.about.version = "8.0.3";
  vcenter.about.build = "24022515";
  vcenter.about.productLineId = "vpx";
  vcenter.about.apiType = "VirtualCenter";
  vcenter.about.apiVersion = "8.0.3.0";
  vcenter.about.instanceUuid = "dc4ca0f6-0e17-4e3a-9b5d-0f3ad1f6a2b1";
  vcenter.url = "https://vc.example:443/sdk";
  vcenter.thumbprintSha256 = "AB:CD";
  vcenter.negotiatedVersion = "8.0.2.0";
  vcenter.userName = "VSPHERE.LOCAL\\operator";
  vcenter.rootFolder = root;
  vcenter.serverTime = "2026-03-01T10:00:00Z";
  vcenter.clockSkewMs = 250;
  License license;
  license.name = "vSphere 8 Enterprise Plus";
  license.editionKey = "esx.enterprisePlus.cpuPackage";
  license.total = 16;
  vcenter.licenses = {license};
  return vcenter;
}

Host healthyHost() {
  auto host = entity<Host>("HostSystem", "host-9", "esx-01.example", cluster);
  host.connectionState = "connected";
  host.powerState = "poweredOn";
  host.inMaintenanceMode = false;
  host.productName = "VMware ESXi";
  host.version = "8.0.3";
  host.build = "24022510";
  host.memoryBytes = 128 * gib;
  host.memoryUsedBytes = 32 * gib;
  host.cpuMHz = 2600;
  host.cpuPackages = 2;
  host.cpuCores = 32;
  host.cpuThreads = 64;
  host.datastores = {vmfs, nfs};
  host.networks = {lan, portgroup};
  host.vms = {ref("VirtualMachine", "vm-40"), ref("VirtualMachine", "vm-41")};
  return host;
}

VirtualMachine healthyMasterTarget() {
  auto vm = entity<VirtualMachine>("VirtualMachine", "vm-40", "mt-linux-01", vmFolder);
  vm.instanceUuid = "5000-vm-40";
  vm.biosUuid = "4200-vm-40";
  vm.vmPathName = "[vmfs-01] mt-linux-01/mt-linux-01.vmx";
  vm.isTemplate = false;
  vm.powerState = "poweredOn";
  vm.connectionState = "connected";
  vm.consolidationNeeded = false;
  vm.host = host1;
  vm.resourcePool = pool;
  vm.datastores = {vmfs};
  vm.networks = {lan};
  vm.guestId = "ubuntu64Guest";
  vm.guestFullName = "Ubuntu Linux (64-bit)";
  vm.guestFamily = "linuxGuest";
  vm.guestState = "running";
  vm.ipAddress = "192.0.2.40";
  vm.toolsRunningStatus = "guestToolsRunning";
  vm.hardwareVersion = "vmx-19";
  vm.firmware = "bios";
  vm.cpus = 4;
  vm.coresPerSocket = 2;
  vm.memoryBytes = 8 * gib;
  vm.diskUuidEnabled = true;
  vm.diskEnableUuidOption = "TRUE";
  GuestVolume system, retention;
  system.path = "/";
  system.capacityBytes = 40 * gib;
  system.filesystemType = "ext4";
  retention.path = "/mnt/retention";
  retention.capacityBytes = 500 * gib;
  retention.filesystemType = "ext4";
  vm.guestVolumes = {system, retention};
  Controller ide, scsi;
  ide.key = 200;
  ide.type = "VirtualIDEController";
  scsi.key = 1000;
  scsi.type = "VirtualLsiLogicController";
  scsi.sharedBus = "noSharing";
  scsi.scsiCtlrUnitNumber = 7;
  scsi.deviceKeys = {2000};
  vm.controllers = {ide, scsi};
  Disk disk;
  disk.key = 2000;
  disk.label = "Hard disk 1";
  disk.controllerKey = 1000;
  disk.unitNumber = 0;
  disk.kind = "flat";
  disk.backingType = "VirtualDiskFlatVer2BackingInfo";
  disk.uuid = "6000C29e-1";
  disk.capacityBytes = 40 * gib;
  disk.mode = "persistent";
  disk.thin = true;
  DiskFile file;
  file.path = "[vmfs-01] mt-linux-01/mt-linux-01.vmdk";
  file.datastore = vmfs;
  file.uuid = disk.uuid;
  disk.chain = {file};
  vm.disks = {disk};
  Nic nic;
  nic.key = 4000;
  nic.type = "VirtualVmxnet3";
  nic.macAddress = "00:50:56:00:00:28";
  nic.connected = true;
  nic.network = lan;
  nic.networkName = "VM Network";
  vm.nics = {nic};
  return vm;
}

std::vector<InventoryObject> sampleObjects() {
  std::vector<InventoryObject> site;
  addVms(site);
  addStorage(site);
  addNetworks(site);
  addHosts(site);
  addCompute(site);
  addFolders(site);
  return site;
}

discovery::Inventory derivedSite(vsphere::Depth depth) {
  discovery::Inventory inventory;
  inventory.depth = depth;
  inventory.vcenter = sampleVCenter();
  for (auto& object : sampleObjects()) inventory.add(std::move(object));
  deriveFacts(inventory);
  return inventory;
}

std::string dumpOf(const discovery::Inventory& inventory, const discovery::FilterSpec& spec) {
  std::string text;
  writeDump(discovery::View(inventory, spec), "failback test",
            [&](std::string_view piece) { text += piece; });
  return text;
}

void fillSampleSite(FakeClient& client) {
  client.vcenter = sampleVCenter();
  client.licenses = client.vcenter.licenses;
  client.objects = sampleObjects();
}

VirtualMachine completeVm() {
  VirtualMachine vm = healthyMasterTarget();
  vm.disabledMethods = {"MarkAsVirtualMachine"};
  vm.recentTasks = {ref("Task", "task-7")};
  vm.changeVersion = "2026-01-01T00:00:00Z";
  vm.created = "2025-01-01T00:00:00Z";
  vm.annotation = "line one\nline two \"quoted\"";
  vm.managedByExtension = "com.example";
  vm.managedByType = "appliance";
  vm.bootTime = "2026-01-01T00:00:00Z";
  vm.suspendTime = "2026-01-01T01:00:00Z";
  vm.uptimeSeconds = 77;
  vm.faultToleranceState = "notConfigured";
  vm.faultToleranceConfigured = false;
  Question question;
  question.id = "12";
  question.text = "There is no more space for virtual disk";
  question.messageIds = {"msg.hbacommon.outofspace"};
  question.choices = {{"0", "Retry"}, {"1", "Cancel"}};
  question.defaultIndex = 1;
  vm.question = question;
  vm.storageCommittedBytes = 5;
  vm.storageUncommittedBytes = 6;
  vm.parentVApp = vApp;
  vm.hostName = "mt-linux-01.example";
  vm.toolsStatus = "toolsOk";
  vm.toolsVersionStatus = "guestToolsUnmanaged";
  vm.toolsVersion = "12352";
  GuestNic guestNic;
  guestNic.network = "VM Network";
  guestNic.macAddress = "00:50:56:00:00:28";
  guestNic.connected = true;
  guestNic.ipAddresses = {"192.0.2.40", "2001:db8::40"};
  guestNic.dhcp = false;
  vm.guestNics = {guestNic};
  vm.guestVolumes[1].freeSpaceBytes = 3;
  vm.guestVolumes[1].diskKeys = {2001, 2002};
  vm.secureBoot = true;
  vm.cpuHotAdd = true;
  vm.memoryHotAdd = false;
  vm.changeTrackingEnabled = true;
  vm.vtpmPresent = false;
  vm.keyId = "key-1";
  vm.hasReplicationConfig = true;
  vm.bootOrder = {"disk:2000", "cdrom"};
  Disk& disk = vm.disks[0];
  disk.sharing = "sharingNone";
  disk.eagerlyScrub = false;
  disk.writeThrough = false;
  disk.digestEnabled = false;
  disk.rdmDeviceName = "vml.01";
  disk.rdmLunUuid = "0200";
  disk.rdmCompatibilityMode = "physicalMode";
  disk.vDiskId = "fcd-1";
  disk.keyId = "key-2";
  disk.ioFilters = {"VMW_spm_1.0.0"};
  disk.nativeUnmanagedLinkedClone = false;
  DiskFile base = disk.chain[0];
  disk.chain[0].path = "[vmfs-01] mt-linux-01/mt-linux-01-000001.vmdk";
  disk.chain[0].contentId = "c1";
  disk.chain[0].changeId = "52/1";
  disk.chain[0].backingObjectId = "o1";
  disk.chain[0].deltaFormat = "seSparseFormat";
  base.uuid = "6000C29e-2";
  base.contentId = "c0";
  disk.chain.push_back(base);
  OtherDevice video;
  video.key = 500;
  video.type = "VirtualMachineVideoCard";
  video.label = "Video card";
  video.controllerKey = 100;
  video.unitNumber = 0;
  vm.otherDevices = {video};
  vm.extraConfig = {{"failback.plan", "p-1"}, {"guestinfo.x", ""}};
  Snapshot parent, child;
  parent.ref = ref("VirtualMachineSnapshot", "snapshot-1");
  parent.id = 1;
  parent.name = "one";
  parent.createTime = "2026-01-02T03:04:05.5Z";
  parent.state = "poweredOff";
  child = parent;
  child.ref.value = "snapshot-2";
  child.id = 2;
  child.name = "two";
  child.description = "after";
  child.current = true;
  child.quiesced = true;
  parent.children = {child};
  vm.snapshots = {parent};
  vm.currentSnapshot = child.ref;
  VmFile file;
  file.key = 3;
  file.name = "[vmfs-01] mt-linux-01/mt-linux-01.vmx";
  file.type = "config";
  file.sizeBytes = 3000;
  file.uniqueSizeBytes = 3000;
  file.accessible = true;
  vm.files = {file};
  VmDiskLayout layout;
  layout.diskKey = 2000;
  layout.chainFileKeys = {{1, 2}, {4}};
  vm.diskLayouts = {layout};
  return vm;
}

}  // namespace failback::testing
