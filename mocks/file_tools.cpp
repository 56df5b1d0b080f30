// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/file_tools.h"

#include <fmt/format.h>

#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/vm_model.h"

namespace failback::mock {

FileId fileParameter(Operation& op, std::string_view name, std::string_view datacenter,
                     std::string_view privilege) {
  std::optional<MoRef> within = op.ref(datacenter);
  if (within) {
    within = op.object(datacenter, "Datacenter").ref;
  } else if (!isEsxi(op.world)) {
    throw invalidArgument(datacenter);
  }
  FileId file = op.world.files.locate(op.text(name), within);
  op.need({"Datastore", file.datastore}, privilege);
  needAccessible(op.world, file.datastore);
  return file;
}

FilePair sourceAndDestination(Operation& op, const std::string& destination,
                              std::string_view sourcePrivilege) {
  FilePair pair{fileParameter(op, "sourceName", "sourceDatacenter", sourcePrivilege), {}};
  const std::string datacenter = destination + "Datacenter";
  pair.to = fileParameter(op, destination + "Name",
                          op.get(datacenter).isSet() ? std::string_view(datacenter) : "sourceDatacenter");
  return pair;
}

void needAccessible(const World& world, const std::string& datastoreId) {
  const ManagedObject& datastore = world.inventory.need(datastoreId);
  const bool* accessible = datastore.state.at("summary.accessible").asBool();
  if (accessible && *accessible) return;
  const std::string_view name = datastore.state.at("name").string();
  throw makeFault("InaccessibleDatastore", fmt::format("The datastore '{}' is not accessible.", name),
                  {{"datastore", datastore.ref}, {"name", name}});
}

bool keepsNamespaces(const World& world, const std::string& datastoreId) {
  const std::string_view type = world.inventory.need(datastoreId).state.at("summary.type").string();
  return type == "vsan" || type == "VVOL";
}

bool isTopLevel(const FileId& file) {
  return file.path.find('/') == std::string::npos;
}

void needDirectoryOf(World& world, const FileId& file) {
  if (isTopLevel(file)) {
    if (!keepsNamespaces(world, file.datastore)) return;
    const std::string path = world.files.pathOf(file);
    throw makeFault("CannotCreateFile", "Cannot create file " + path, {{"file", path}});
  }
  const StoredFile* directory = world.files.find({file.datastore, file.path.substr(0, file.path.rfind('/'))});
  if (directory && directory->kind == FileKind::directory) return;
  const std::string path = world.files.pathOf(file);
  throw makeFault("FileNotFound", "File was not found: " + path, {{"file", path}});
}

void needSpace(World& world, const FileId& file, std::int64_t bytes) {
  (void)world.files.used(file.datastore);  // which makes its files known
  world.files.updateDatastores();
  const Value& datastore = world.inventory.need(file.datastore).state;
  if (bytes <= datastore.at("summary.freeSpace").asInteger().value_or(0)) return;
  const std::string path = world.files.pathOf(file);
  throw makeFault("NoDiskSpace", "Insufficient disk space on datastore for " + path,
                  {{"file", path}, {"datastore", world.files.nameOf(file.datastore)}});
}

std::vector<FileId> extentsOf(World& world, const FileId& descriptor) {
  std::vector<FileId> found;
  const std::string stem = descriptor.path.substr(0, descriptor.path.rfind(".vmdk"));
  for (const std::string_view ending : {"-flat", "-sesparse", "-delta", "-rdm", "-rdmp"}) {
    FileId extent{descriptor.datastore, fmt::format("{}{}.vmdk", stem, ending)};
    if (world.files.exists(extent)) found.push_back(std::move(extent));
  }
  return found;
}

void setProvisioning(World& world, const FileId& descriptor, const std::string& provisioning) {
  const Descriptor before = world.files.descriptor(descriptor);
  if (before.parent || before.provisioning == provisioning) return;
  if (before.provisioning == "thin") {
    const std::vector<FileId> extents = extentsOf(world, descriptor);
    const FileId& data = extents.empty() ? descriptor : extents.front();
    StoredFile grown = world.files.need(data);
    // Where no file shows the data, the descriptor's size has both.
    const std::int64_t full = before.capacity + (extents.empty() ? 560 : 0);
    needSpace(world, data, full - grown.size);
    grown.size = full;
    grown.modified.clear();
    world.files.put(data, std::move(grown));
  }
  world.files.changeDescriptor(descriptor, [&](Descriptor& each) { each.provisioning = provisioning; });
}

void afterDiskChange(World& world, const FileId& descriptor) {
  for (const MoRef& vm : usersOfFile(world, descriptor)) {
    const ManagedObject& machine = world.inventory.need(vm.id);
    if (machine.state.at("config").isSet() && !poweredOn(machine)) settle(world, vm, machine.state);
  }
  world.files.updateDatastores();
}

Answer startFileTask(Operation& op, const FileId& file, std::string_view descriptionId,
                     std::function<Value()> finish) {
  return op.start({.descriptionId = descriptionId,
                   .finish = std::move(finish),
                   .entity = MoRef{"Datastore", file.datastore},
                   .exclusive = false});
}

}  // namespace failback::mock
