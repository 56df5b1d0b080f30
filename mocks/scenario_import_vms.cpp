// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual machines of a dump.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/file_store.h"
#include "mocks/scenario_import_parts.h"
#include "mocks/vm_parts.h"

namespace failback::mock {

namespace {

struct NameOfType {
  std::string_view type, name;
};
constexpr std::array<NameOfType, 8> controllerTypes{{{"ParaVirtualSCSIController", "pvscsi"},
                                                     {"VirtualLsiLogicController", "lsilogic"},
                                                     {"VirtualLsiLogicSASController", "lsisas"},
                                                     {"VirtualBusLogicController", "buslogic"},
                                                     {"VirtualIDEController", "ide"},
                                                     {"VirtualAHCIController", "sata"},
                                                     {"VirtualSATAController", "sata"},
                                                     {"VirtualNVMEController", "nvme"}}};
constexpr std::array<NameOfType, 4> nicTypes{{{"VirtualVmxnet3", "vmxnet3"},
                                              {"VirtualVmxnet2", "vmxnet2"},
                                              {"VirtualE1000", "e1000"},
                                              {"VirtualE1000e", "e1000e"}}};
constexpr std::array<NameOfType, 14> deviceTypes{{{"VirtualCdrom", "cdrom"},
                                                  {"VirtualFloppy", "floppy"},
                                                  {"VirtualSerialPort", "serial"},
                                                  {"VirtualParallelPort", "parallel"},
                                                  {"VirtualUSBController", "usb"},
                                                  {"VirtualUSBXHCIController", "xhci"},
                                                  {"VirtualUSB", "usbDevice"},
                                                  {"VirtualTPM", "vtpm"},
                                                  {"VirtualPCIPassthrough", "passthrough"},
                                                  {"VirtualSoundCard", "sound"},
                                                  {"VirtualHdAudioCard", "sound"},
                                                  {"VirtualEnsoniq1371", "sound"},
                                                  {"VirtualWDT", "watchdog"},
                                                  {"VirtualPrecisionClock", "precisionClock"}}};
// Every machine has them.
constexpr std::array<std::string_view, 7> usualDevices{
    "VirtualKeyboard",      "VirtualPointingDevice", "VirtualMachineVideoCard", "VirtualMachineVMCIDevice",
    "VirtualPCIController", "VirtualPS2Controller",  "VirtualSIOController"};

template <typename List>
std::string_view nameIn(const List& list, std::string_view type) {
  for (const NameOfType& each : list) {
    if (each.type == type) return each.name;
  }
  return {};
}

bool startsWithAny(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [text](std::string_view each) { return text.starts_with(each); });
}

// Options that a server writes by itself, or that say where a machine once was.
bool madeByServer(std::string_view key) {
  return key == "nvram" || key == "viv.moid" || key == "disk.EnableUUID" || key == "svga.present" ||
         key == "hpet0.present" || key.ends_with(".pciSlotNumber") ||
         startsWithAny(key,
                       {"migrate.", "vmware.tools.", "sched.", "pciBridge", "monitor.", "numa.", "vmotion.",
                        "vmxstats.", "monitor_control.", "softPowerOff", "toolsInstallManager."});
}

// Does the option tell nothing of whose site it is?
bool impersonal(std::string_view key, const std::string& value) {
  const bool plain = value == "TRUE" || value == "FALSE" || value == "true" || value == "false" ||
                     (!value.empty() && value.find_first_not_of("0123456789") == std::string::npos);
  return plain && startsWithAny(key, {"ctkEnabled", "scsi", "disk.", "isolation.", "mem.hotadd",
                                      "vcpu.hotadd", "cpuid."});
}

std::string withoutEnding(const std::string& path, std::string_view ending) {
  return path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) : path;
}

class MachineImport {
 public:
  MachineImport(Importing& in, const Json& vm) : in_(in), vm_(vm) {}

  Json build() {
    made_["name"] = in_.nameOf("vm", vm_);
    place();
    home();
    system();
    state();
    controllers();
    disks();
    nics();
    devices();
    put(made_, "snapshots", snapshots());
    guest();
    identity();
    return made_;
  }

 private:
  void note(const std::string& text) { in_.note("virtual machine", vm_, text); }

  void place() {
    const Json* datacenter = in_.datacenterOf(vm_);
    const std::string top = datacenter ? text(*datacenter, "vmFolder") : std::string();
    const std::string vapp = text(vm_, "parentVApp");
    if (!vapp.empty()) {
      put(made_, "vapp", in_.nameOf("vapp", vapp));
    } else {
      put(made_, "folder", in_.pathBelow("folder", text(vm_, "parent"), top));
      pool();
    }
    const std::string host = in_.nameOf("host", text(vm_, "host"));
    put(made_, "host", host);
    if (host.empty()) note("its host is not in the dump; it is put on the first");
  }

  void pool() {
    std::string path;
    const Json* current = in_.find(text(vm_, "resourcePool"));
    while (current && text(*current, "parent") != text(*current, "owner")) {
      const Json* above = in_.find(text(*current, "parent"));
      path = in_.nameOf("pool", *current) + (path.empty() ? "" : "/" + path);
      current = above && text(*above, "objectType") == "ResourcePool" ? above : nullptr;
    }
    put(made_, "pool", path);
  }

  void home() {
    const std::string vmx = text(vm_, "vmPathName");
    const auto path = parseDatastorePath(vmx);
    const std::vector<std::string> stores = texts(vm_, "datastore");
    base_ = directory_ = made_["name"].get<std::string>();
    if (!path) {
      if (!stores.empty()) put(made_, "datastore", in_.nameOf("datastore", stores.front()));
      note("its configuration is not in the dump; the usual is made up");
      return;
    }
    home_ = path->datastore;
    put(made_, "datastore", datastoreCalled(path->datastore));
    const auto dot = path->path.rfind('.');
    const std::string mapped = in_.names.filePath(path->path.substr(0, dot));
    const auto slash = mapped.rfind('/');
    if (slash == std::string::npos) return;
    const std::string usual = fmt::format("{0}/{0}.vmx", base_);
    directory_ = mapped.substr(0, slash);
    base_ = mapped.substr(slash + 1);
    put(made_, "vmx", mapped + (dot == std::string::npos ? ".vmx" : path->path.substr(dot)), usual);
  }

  // Files name a datastore by its name, unescaped or not.
  std::string datastoreCalled(const std::string& name) {
    for (const Json& each : items(in_.dump, "datastores")) {
      if (text(each, "name") == name) return in_.nameOf("datastore", each);
    }
    return {};
  }

  void system() {
    put(made_, "guestId", text(vm_, "guestId"));
    VmSpec spec;
    if (made_.contains("guestId")) spec.guestId = text(vm_, "guestId");
    const std::string full = text(vm_, "guestFullName");
    if (!full.empty() && full != guestFullName(spec)) made_["guestName"] = full;
    put(made_, "firmware", text(vm_, "firmware"), std::string());
    put(made_, "secureBoot", flag(vm_, "efiSecureBootEnabled"), false);
    put(made_, "hardware", text(vm_, "hardwareVersion"));
    put(made_, "cpus", number(vm_, "numCPU"), std::int64_t{0});
    put(made_, "coresPerSocket", number(vm_, "numCoresPerSocket"), std::int64_t{0});
    put(made_, "memory", number(vm_, "memorySize"), std::int64_t{0});
    put(made_, "cpuHotAdd", flag(vm_, "cpuHotAddEnabled"), false);
    put(made_, "memoryHotAdd", flag(vm_, "memoryHotAddEnabled"), false);
    put(made_, "changeTracking", flag(vm_, "changeTrackingEnabled"), false);
    put(made_, "encrypted", in_.names.name("key", text(vm_, "keyId")));
    if (flag(vm_, "vtpmPresent") && disksEncrypted() == 0) made_.erase("encrypted");  // the TPM's own
  }

  std::size_t disksEncrypted() const {
    const Json& disks = items(vm_, "disks");
    return static_cast<std::size_t>(
        std::count_if(disks.begin(), disks.end(), [](const Json& each) { return each.contains("keyId"); }));
  }

  void state() {
    const std::string power = text(vm_, "powerState");
    put(made_, "powered", power == "poweredOn" || power.empty(), true);
    put(made_, "suspended", power == "suspended", false);
    put(made_, "template", flag(vm_, "template"), false);
    const std::string connection = text(vm_, "connectionState");
    if (connection != "connected") put(made_, "connection", connection);
    put(made_, "consolidationNeeded", flag(vm_, "consolidationNeeded"), false);
    if (const auto asked = vm_.find("question"); asked != vm_.end()) question(*asked);
    if (flag(vm_, "faultToleranceConfigured")) note("Fault Tolerance is not kept");
    if (flag(vm_, "replicated")) note("vSphere Replication is not kept");
    if (!items(vm_, "bootOrder").empty()) note("its boot order is not kept");
    if (vm_.contains("managedBy")) note("by whom it is managed is not kept");
  }

  void question(const Json& asked) {
    Json made;
    const std::vector<std::string> ids = texts(asked, "messageId");
    if (!ids.empty()) made["id"] = ids.front();
    const std::string words = text(asked, "text");
    made["text"] = in_.names.active() || words.empty() ? "A question of the machine" : words;
    Json choices = Json::array();
    for (const Json& each : items(asked, "choice")) {
      const std::string label = each.is_string() ? each.get<std::string>() : text(each, "label");
      if (!label.empty()) choices.push_back(label);
    }
    put(made, "choices", choices);
    made["on"] = "now";
    made_["question"] = made;
  }

  // "scsi0" of the controller with that key.
  std::string controllerName(std::int64_t key) const {
    for (const Json& each : items(vm_, "controllers")) {
      if (number(each, "key") != key) continue;
      const std::string_view kind = nameIn(controllerTypes, text(each, "objectType"));
      if (kind.empty()) return {};
      const bool scsi = kind != "ide" && kind != "sata" && kind != "nvme";
      return fmt::format("{}{}", scsi ? "scsi" : kind, number(each, "busNumber"));
    }
    return {};
  }

  bool holdsSomething(const Json& controller) const {
    const std::int64_t key = number(controller, "key");
    for (const char* kind : {"disks", "otherDevices"}) {
      for (const Json& each : items(vm_, kind)) {
        if (number(each, "controllerKey") == key) return true;
      }
    }
    return false;
  }

  void controllers() {
    Json list = Json::array();
    std::string usual;
    for (const Json& each : items(vm_, "controllers")) {
      const std::string name = controllerName(number(each, "key"));
      const std::string kind(nameIn(controllerTypes, text(each, "objectType")));
      if (name.starts_with("scsi") && usual.empty()) usual = kind;
      if (name.empty() || name.starts_with("ide")) continue;
      Json made{{"id", name}};
      const std::string sharing = withoutEnding(text(each, "sharedBus"), "Sharing");
      const bool shared = name.starts_with("scsi") && (sharing == "virtual" || sharing == "physical");
      if (name.starts_with("scsi") && kind != usual) made["type"] = kind;
      if (shared) made["sharing"] = sharing;
      if (made.size() > 1 || (!holdsSomething(each) && name != "scsi0")) list.push_back(made);
    }
    const bool known = vm_.contains("controllers");
    put(made_, "scsi", usual.empty() && known ? "none" : usual);
    put(made_, "controllers", list);
  }

  void disks() {
    Json list = Json::array();
    for (const Json& each : items(vm_, "disks")) list.push_back(disk(each, list.size()));
    put(made_, "disks", list);
  }

  Json disk(const Json& disk, std::size_t number_) {
    Json made;
    made["size"] = number(disk, "capacityInBytes");
    const std::string controller = controllerName(number(disk, "controllerKey"));
    put(made, "controller", controller, std::string("scsi0"));
    if (controller.empty()) {
      made.erase("controller");
      note("a disk's controller is not known; it is put on scsi0");
    } else if (disk.contains("unitNumber")) {
      made["unit"] = number(disk, "unitNumber");
    }
    const std::string kind = text(disk, "kind");
    const bool raw = kind.starts_with("rdm");
    if (raw) {
      made["rdm"] = kind == "rdmPhysical" ? "physical" : "virtual";
      const std::string lun = text(disk, "lunUuid");
      put(made, "lun", in_.names.active() ? in_.names.name("lun", lun) : lunFrom(lun));
    } else {
      if (kind != "flat") note(fmt::format("a disk of kind '{}' becomes a flat one", kind));
      if (flag(disk, "eagerlyScrub")) {
        made["provisioning"] = "eager";
      } else if (!flag(disk, "thinProvisioned")) {
        made["provisioning"] = "thick";
      }
    }
    const std::string mode = text(disk, "diskMode");
    if (mode != "persistent" && kind != "rdmPhysical") put(made, "mode", mode);
    if (text(disk, "sharing") == "sharingMultiWriter") made["sharing"] = "multiWriter";
    put(made, "uuid", in_.names.uuid(text(disk, "uuid")));
    file(disk, number_, made);
    return made;
  }

  // "naa.6006..." from the LUN's UUID.
  static std::string lunFrom(const std::string& uuid) {
    constexpr std::size_t start = 10, digits = 32;
    return uuid.size() >= start + digits ? "naa." + uuid.substr(start, digits) : std::string();
  }

  void file(const Json& disk, std::size_t number_, Json& made) {
    const Json& parents = items(disk, "parents");
    std::string name = text(disk, "fileName");
    const std::size_t deltas = depth();
    if (parents.size() == deltas && !parents.empty()) {
      name = text(parents.back(), "fileName");
    } else if (parents.size() > deltas) {
      note("a disk has more deltas than there are snapshots (a linked clone?); it becomes a whole one");
    } else if (parents.size() < deltas && !text(disk, "diskMode").starts_with("independent") &&
               text(disk, "kind") != "rdmPhysical") {
      note("a disk has fewer deltas than there are snapshots; it gets them all");
    }
    const auto path = parseDatastorePath(name);
    if (!path) return note("a disk's file is not known; one is made up");
    if (path->datastore != home_) put(made, "datastore", datastoreCalled(path->datastore));
    const std::string stem = in_.names.filePath(withoutEnding(path->path, ".vmdk"));
    const std::string suffix = number_ ? fmt::format("_{}", number_) : "";
    put(made, "file", stem, fmt::format("{}/{}{}", directory_, base_, suffix));
    layout(disk, made);
  }

  // The deltas that the format gives a disk: one for each snapshot below the machine, and one that is left
  // over.
  std::size_t depth() const {
    std::size_t levels = flag(vm_, "consolidationNeeded") ? 1 : 0;
    return levels + levelOfCurrent(items(vm_, "rootSnapshotList"), 1);
  }
  static std::size_t levelOfCurrent(const Json& list, std::size_t level) {
    for (const Json& each : list) {
      if (flag(each, "current")) return level;
      const std::size_t below = levelOfCurrent(items(each, "childSnapshotList"), level + 1);
      if (below > 0) return below;
    }
    return 0;
  }

  // What the list of files says: how much a thin disk takes, and whether there is a file at all.
  void layout(const Json& disk, Json& made) {
    const auto all = vm_.find("layoutEx");
    if (all == vm_.end()) return;
    for (const Json& each : items(*all, "disk")) {
      if (number(each, "key") != number(disk, "key")) continue;
      const Json& chain = items(each, "chain");
      if (chain.empty()) {
        if (text(vm_, "powerState") == "poweredOff") made["missing"] = true;
        return;
      }
      std::int64_t used = 0;
      for (const Json& key : chain[0]) used += extent(items(*all, "file"), key);
      if (flag(disk, "thinProvisioned") && used > 0) made["used"] = used;
    }
  }
  static std::int64_t extent(const Json& files, const Json& key) {
    for (const Json& each : files) {
      if (each.value("key", Json()) == key && text(each, "type") == "diskExtent") return number(each, "size");
    }
    return 0;
  }

  void nics() {
    Json list = Json::array();
    for (const Json& each : items(vm_, "nics")) {
      Json made;
      const std::string network = in_.nameOf("network", text(each, "network"));
      put(made, "network", network);
      if (network.empty()) note("the network of an adapter is not in the dump; it is connected to the first");
      const std::string type(nameIn(nicTypes, text(each, "objectType")));
      if (type.empty()) note(fmt::format("an adapter of type {} becomes vmxnet3", text(each, "objectType")));
      if (type != "vmxnet3") put(made, "type", type);
      const std::string mac = text(each, "macAddress");
      put(made, "mac", in_.names.mac(mac));
      put(made, "connected", flag(each, "startConnected", true), true);
      Json addresses = Json::array();
      for (const Json& net : items(vm_, "guestNet")) {
        if (text(net, "macAddress") != mac) continue;
        for (const std::string& address : texts(net, "ipAddress"))
          addresses.push_back(in_.names.address(address));
      }
      put(made, "addresses", addresses);
      list.push_back(made);
    }
    put(made_, "nics", list);
  }

  Json device(const Json& from, const std::string& kind) const {
    Json made{{"kind", kind}};
    if (kind != "cdrom") return made;
    const std::string controller = controllerName(number(from, "controllerKey"));
    put(made, "controller", controller, std::string("sata0"));
    if (controller.empty()) made.erase("controller");
    if (!controller.empty() && from.contains("unitNumber")) made["unit"] = number(from, "unitNumber");
    return made;
  }

  void devices() {
    if (!vm_.contains("otherDevices") && !vm_.contains("controllers")) return;
    Json list = Json::array();
    for (const char* member : {"controllers", "otherDevices"}) {
      for (const Json& each : items(vm_, member)) {
        const std::string type = text(each, "objectType");
        const std::string kind(nameIn(deviceTypes, type));
        const bool usual = std::find(usualDevices.begin(), usualDevices.end(), type) != usualDevices.end();
        if (!kind.empty()) {
          list.push_back(device(each, kind));
        } else if (!usual && nameIn(controllerTypes, type).empty()) {
          note(fmt::format("a device of type {} is left out", type));
        }
      }
    }
    const Json one = Json::array({{{"kind", "cdrom"}, {"unit", 0}}});
    if (list != one) made_["devices"] = list;
  }

  // Those of one list are siblings; a plain chain is written as a flat list.
  Json snapshots() {
    const Json& roots = items(vm_, "rootSnapshotList");
    if (roots.size() > 1) note("its snapshots have several roots; the first is kept");
    if (roots.empty()) return Json::array();
    bool branches = false;
    Json flat = Json::array();
    for (const Json* each = &roots[0]; each;) {
      flat.push_back(snapshot(*each));
      const Json& below = items(*each, "childSnapshotList");
      branches = branches || below.size() > 1;
      each = below.size() == 1 ? &below[0] : nullptr;
    }
    if (branches) return Json::array({tree(roots[0])});
    flat.back().erase("current");
    return flat;
  }
  Json snapshot(const Json& from) {
    Json made{{"name", in_.names.name("snapshot", text(from, "name"))}};
    if (!in_.names.active()) put(made, "description", text(from, "description"));
    put(made, "quiesced", flag(from, "quiesced"), false);
    put(made, "current", flag(from, "current"), false);
    return made;
  }
  Json tree(const Json& from) {
    Json made = snapshot(from), children = Json::array();
    for (const Json& each : items(from, "childSnapshotList")) children.push_back(tree(each));
    put(made, "children", children);
    return made;
  }

  void guest() {
    const std::string tools = text(vm_, "toolsStatus");
    const bool running = text(vm_, "toolsRunningStatus") == "guestToolsRunning";
    const bool on = text(vm_, "powerState") == "poweredOn";
    if (tools == "toolsNotInstalled" || (on && !running && !tools.empty())) made_["tools"] = false;
    put(made_, "hostName", in_.names.name("guest", text(vm_, "hostName")));
    Json list = Json::array();
    for (const Json& each : items(vm_, "guestDisk")) {
      Json made{{"path", in_.names.volume(text(each, "diskPath"))},
                {"size", number(each, "capacity")},
                {"free", number(each, "freeSpace")}};
      put(made, "filesystem", text(each, "filesystemType"));
      volumeDisk(each, made);
      list.push_back(made);
    }
    put(made_, "volumes", list);
    if (items(vm_, "guestNet").empty() && !text(vm_, "ipAddress").empty())
      made_["addresses"] = Json::array({in_.names.address(text(vm_, "ipAddress"))});
  }

  void volumeDisk(const Json& volume, Json& made) const {
    const Json& keys = items(volume, "diskKey");
    const Json& disks = items(vm_, "disks");
    for (std::size_t i = 0; !keys.empty() && i < disks.size(); ++i) {
      if (disks[i].value("key", Json()) == keys[0]) made["disk"] = i;
    }
  }

  void identity() {
    put(made_, "diskUuid", flag(vm_, "diskUuidEnabled"), false);
    if (!in_.names.active()) put(made_, "annotation", text(vm_, "annotation"));
    Json options = Json::object();
    const Json all = vm_.value("extraConfig", Json::object());
    for (const auto& [key, value] : all.items()) {
      if (!value.is_string() || madeByServer(key)) continue;
      const auto words = value.get<std::string>();
      if (!in_.names.active() || impersonal(key, words)) options[key] = words;
    }
    put(made_, "extraConfig", options);
    put(made_, "instanceUuid", in_.names.uuid(text(vm_, "instanceUuid")));
    put(made_, "biosUuid", in_.names.uuid(text(vm_, "uuid")));
    const Json* host = in_.find(text(vm_, "host"));
    const std::vector<std::string> started = host ? texts(*host, "autoStartVm") : std::vector<std::string>{};
    if (std::find(started.begin(), started.end(), text(vm_, "moref")) != started.end())
      made_["autostart"] = true;
  }

  Importing& in_;
  const Json& vm_;
  Json made_;
  std::string home_;              // the datastore of its configuration, as files name it
  std::string directory_, base_;  // of its configuration file, as the scenario has it
};

}  // namespace

Json importMachine(Importing& in, const Json& vm) {
  return MachineImport(in, vm).build();
}

}  // namespace failback::mock
