// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/file_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "mocks/vmx_reader.h"

namespace failback::mock {

namespace {

constexpr std::int64_t sector = 512;

// The content id of a descriptor is written as eight hexadecimal digits, as the API shows a longer one.
std::string shortId(const std::string& contentId) {
  constexpr std::size_t digits = 8;
  return contentId.empty() ? "ffffffff" : contentId.substr(0, digits);
}

std::string uuidBytes(const std::string& uuid) {
  std::string plain, spaced;
  std::copy_if(uuid.begin(), uuid.end(), std::back_inserter(plain), [](char c) { return c != '-'; });
  for (std::size_t i = 0; i + 1 < plain.size(); i += 2) {
    if (i > 0) spaced += i == plain.size() / 2 ? '-' : ' ';
    spaced += plain.substr(i, 2);
  }
  return spaced;
}

// "../vmfs-01/..." for another datastore or directory is shown as a whole path.
std::string hintFor(FileStore& files, const FileId& from, const FileId& to) {
  const auto directory = [](const FileId& file) { return file.path.substr(0, file.path.rfind('/')); };
  if (from.datastore == to.datastore && directory(from) == directory(to))
    return to.path.substr(to.path.rfind('/') + 1);
  return fmt::format("/vmfs/volumes/{}/{}", files.nameOf(to.datastore), to.path);
}

std::string descriptorText(FileStore& files, const FileId& file, const Descriptor& disk) {
  const std::string stem = file.path.substr(file.path.rfind('/') + 1);
  const std::string name = stem.substr(0, stem.rfind('.'));
  const bool delta = disk.parent.has_value();
  const bool raw = !disk.rawDevice.empty();
  std::string text = fmt::format(
      "# Disk DescriptorFile\nversion=4\nencoding=\"UTF-8\"\nCID={}\nparentCID={}\ncreateType=\"{}\"\n",
      shortId(disk.contentId), delta ? shortId(disk.parentContentId) : "ffffffff",
      raw     ? disk.rawPhysical ? "vmfsPassthroughRawDeviceMap" : "vmfsRawDeviceMap"
      : delta ? "seSparse"
              : "vmfs");
  if (delta) text += fmt::format("parentFileNameHint=\"{}\"\n", hintFor(files, file, *disk.parent));
  text += fmt::format("\n# Extent description\nRW {} {} \"{}-{}.vmdk\"\n\n# The Disk Data Base\n#DDB\n\n",
                      disk.capacity / sector,
                      raw     ? "VMFSRDM"
                      : delta ? "SESPARSE"
                              : "VMFS",
                      name,
                      raw     ? "rdm"
                      : delta ? "sesparse"
                              : "flat");
  text += fmt::format("ddb.adapterType = \"{}\"\n", disk.adapter);
  if (disk.provisioning == "thin" && !delta) text += "ddb.thinProvisioned = \"1\"\n";
  text += fmt::format("ddb.uuid = \"{}\"\nddb.virtualHWVersion = \"19\"\n", uuidBytes(disk.uuid));
  return text;
}

class ConfigText {
 public:
  explicit ConfigText(const Value& config) : config_(config) {}

  std::string write(const std::string& directory, const std::string& location) {
    add(".encoding", "UTF-8");
    add("config.version", "8");
    add("displayName", config_.at("name").string());
    std::string hardware(config_.at("version").string());  // "vmx-19"
    add("virtualHW.version", hardware.substr(hardware.find('-') + 1));
    std::string guest(config_.at("guestId").string());
    if (guest.ends_with("Guest")) guest.resize(guest.size() - 5);
    add("guestOS", guest);
    add("firmware", config_.at("firmware").string());
    add("memSize", std::to_string(config_.at("hardware.memoryMB").asInteger().value_or(0)));
    add("numvcpus", std::to_string(config_.at("hardware.numCPU").asInteger().value_or(1)));
    add("cpuid.coresPerSocket",
        std::to_string(config_.at("hardware.numCoresPerSocket").asInteger().value_or(1)));
    add("uuid.bios", uuidBytes(std::string(config_.at("uuid").string())));
    add("uuid.location", uuidBytes(location));
    add("vc.uuid", uuidBytes(std::string(config_.at("instanceUuid").string())));
    add("annotation", config_.at("annotation").string());
    const List* devices = config_.at("hardware.device").asList();
    for (const Value& each : devices ? devices->items : std::vector<Value>{}) device(each, directory);
    const List* extra = config_.at("extraConfig").asList();
    for (const Value& each : extra ? extra->items : std::vector<Value>{})
      add(each.at("key").string(), each.at("value").string());
    return std::move(text_);
  }

 private:
  void add(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    std::string escaped;
    for (const char c : value) {
      // As ESXi writes them.
      escaped += c == '"' ? "|22" : c == '|' ? "|7C" : c == '\n' ? "|0A" : std::string(1, c);
    }
    text_ += fmt::format("{} = \"{}\"\n", key, escaped);
  }

  void device(const Value& device, const std::string& directory) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> buses{
        {{"ParaVirtualSCSIController", "pvscsi"},
         {"VirtualLsiLogicController", "lsilogic"},
         {"VirtualLsiLogicSASController", "lsisas1068"},
         {"VirtualBusLogicController", "buslogic"},
         {"VirtualAHCIController", ""},
         {"VirtualNVMEController", ""},
         {"VirtualIDEController", ""}}};
    const TypeInfo& type = device.asObject()->type();
    for (const auto& [name, driver] : buses) {
      if (type.name != name) continue;
      const std::int64_t bus = device.at("busNumber").asInteger().value_or(0);
      const std::string_view kind = type.isA("VirtualSCSIController")   ? "scsi"
                                    : type.isA("VirtualNVMEController") ? "nvme"
                                    : type.isA("VirtualIDEController")  ? "ide"
                                                                        : "sata";
      controllers_[device.at("key").asInteger().value_or(0)] = fmt::format("{}{}", kind, bus);
      if (kind == "ide") return;
      add(fmt::format("{}{}.present", kind, bus), "TRUE");
      if (!driver.empty()) add(fmt::format("{}{}.virtualDev", kind, bus), driver);
      if (kind != "scsi") return;
      const std::string_view sharing = device.at("sharedBus").string();
      if (sharing == "virtualSharing") add(fmt::format("scsi{}.sharedBus", bus), "virtual");
      if (sharing == "physicalSharing") add(fmt::format("scsi{}.sharedBus", bus), "physical");
      return;
    }
    if (type.isA("VirtualDisk")) disk(device, directory);
    if (type.isA("VirtualCdrom")) cdrom(device, directory);
    if (type.isA("VirtualEthernetCard")) nic(device);
  }

  // "scsi0:1"; "" for what hangs on no controller that is written.
  std::string placeOf(const Value& device) const {
    const auto controller = controllers_.find(device.at("controllerKey").asInteger().value_or(0));
    if (controller == controllers_.end()) return {};
    return fmt::format("{}:{}", controller->second, device.at("unitNumber").asInteger().value_or(0));
  }

  static std::string_view textAt(const Value& backing, std::string_view member) {
    const DataObject* object = backing.asObject();
    return object && object->type().find(member) ? object->get(member).string() : std::string_view();
  }

  // Beside the .vmx a name is enough; elsewhere it is the path on the host.
  static std::string hostPath(const std::string& file, const std::string& directory) {
    if (file.starts_with(directory + "/")) return file.substr(directory.size() + 1);
    const auto path = parseDatastorePath(file);
    return path ? fmt::format("/vmfs/volumes/{}/{}", path->datastore, path->path) : file;
  }

  void disk(const Value& device, const std::string& directory) {
    const std::string place = placeOf(device);
    const Value& backing = device.at("backing");
    const std::string file(textAt(backing, "fileName"));
    if (place.empty() || file.empty()) return;
    add(place + ".present", "TRUE");
    add(place + ".fileName", hostPath(file, directory));
    add(place + ".deviceType", "scsi-hardDisk");
    std::string mode(textAt(backing, "diskMode"));
    std::replace(mode.begin(), mode.end(), '_', '-');
    if (mode != "persistent") add(place + ".mode", mode);
    if (textAt(backing, "sharing") == "sharingMultiWriter") add(place + ".sharing", "multi-writer");
  }

  void cdrom(const Value& device, const std::string& directory) {
    const std::string place = placeOf(device), file(textAt(device.at("backing"), "fileName"));
    if (place.empty()) return;
    add(place + ".present", "TRUE");
    add(place + ".deviceType", file.empty() ? "atapi-cdrom" : "cdrom-image");
    add(place + ".fileName", file.empty() ? "emptyBackingString" : hostPath(file, directory));
    if (file.empty()) add(place + ".clientDevice", "TRUE");
    const bool* connected = device.at("connectable.startConnected").asBool();
    add(place + ".startConnected", connected != nullptr && *connected ? "TRUE" : "FALSE");
  }

  void nic(const Value& device) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> drivers{
        {{"VirtualVmxnet3", "vmxnet3"},
         {"VirtualVmxnet2", "vmxnet2"},
         {"VirtualE1000e", "e1000e"},
         {"VirtualE1000", "e1000"}}};
    const std::string nic = fmt::format("ethernet{}", nics_++);
    add(nic + ".present", "TRUE");
    for (const auto& [type, driver] : drivers) {
      if (device.asObject()->type().name == type) add(nic + ".virtualDev", driver);
    }
    const Value& backing = device.at("backing");
    add(nic + ".networkName", textAt(backing, "deviceName"));
    if (backing.asObject() && backing.asObject()->type().find("port")) {
      add(nic + ".dvs.switchId", backing.at("port.switchUuid").string());
      add(nic + ".dvs.portgroupId", backing.at("port.portgroupKey").string());
    }
    const bool fixed = device.at("addressType").string() == "manual";
    const bool byServer = device.at("addressType").string() == "assigned";
    add(nic + ".addressType", fixed ? "static" : byServer ? "vpx" : "generated");
    add(nic + (fixed ? ".address" : ".generatedAddress"), device.at("macAddress").string());
  }

  const Value& config_;
  std::string text_;
  std::map<std::int64_t, std::string> controllers_;
  int nics_ = 0;
};

}  // namespace

std::optional<std::string> textOfFile(FileStore& files, const FileId& file) {
  const StoredFile& stored = files.need(file);
  if (stored.disk) return descriptorText(files, file, *stored.disk);
  if (stored.config.isSet() && stored.kind == FileKind::config) {
    const std::string path = files.pathOf(file);
    const std::string location = stored.text.empty() ? locationOf(file) : stored.text;
    return ConfigText(stored.config).write(path.substr(0, path.rfind('/')), location);
  }
  const bool opaque = stored.kind == FileKind::extent || stored.kind == FileKind::swap ||
                      stored.kind == FileKind::snapshotMemory || stored.kind == FileKind::directory;
  if (opaque) return std::nullopt;
  return stored.text;
}

}  // namespace failback::mock
