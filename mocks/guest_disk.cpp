// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/guest_disk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/vm_disks.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"

namespace failback::mock {

namespace {

struct Write {
  MoRef vm;
  std::int32_t key = 0;
  std::string token;
  std::int64_t bytes = 0;
};

FileId topOf(const ManagedObject& machine, std::int32_t key) {
  for (const Value& device : devicesOfConfig(machine.state.at("config"))) {
    if (device.at("key").asInteger() != key || !isDisk(device)) continue;
    if (const auto file = diskFileOf(device)) return *file;
  }
  throw invalidArgument("diskKey");
}

// The file beside a descriptor that holds the data; the descriptor itself when there is none.
FileId extentOf(World& world, const FileId& descriptor) {
  const std::string stem =
      descriptor.path.substr(0, descriptor.path.size() - std::string_view(".vmdk").size());
  for (const std::string_view ending : {"-flat", "-sesparse", "-delta"}) {
    FileId extent{descriptor.datastore, stem + std::string(ending) + ".vmdk"};
    if (world.files.exists(extent)) return extent;
  }
  return descriptor;
}

// What a write adds to a file: nothing to a thick disk, and never more than the disk's size.
std::int64_t growth(World& world, const FileId& top, std::int64_t bytes) {
  const Descriptor disk = world.files.descriptor(top);
  if (!disk.parent && disk.provisioning != "thin") return 0;
  const std::int64_t present = world.files.need(extentOf(world, top)).size;
  return std::clamp<std::int64_t>(disk.capacity - present, 0, bytes);
}

bool tryWrite(World& world, const Write& write) {
  const ManagedObject& machine = world.inventory.need(write.vm.id);
  touchFiles(world, machine.state);
  const FileId top = topOf(machine, write.key);
  if (!world.files.exists(top)) throw fileNotFound(world.files.pathOf(top));
  const std::int64_t more = growth(world, top, write.bytes);
  if (more > freeSpace(world, top.datastore)) return false;
  world.files.write(top, write.token);
  const FileId extent = extentOf(world, top);
  StoredFile content = world.files.need(extent);
  content.size += more;
  content.modified = world.now();
  world.files.put(extent, std::move(content));
  settle(world, write.vm, machine.state);
  return true;
}

void askForSpace(World& world, const Write& write) {
  const std::string path = world.files.pathOf(topOf(world.inventory.need(write.vm.id), write.key));
  Question question;
  question.messageId = "msg.hbacommon.outofspace";
  question.text = fmt::format(
      "There is no more space for virtual disk '{}'. You might be able to continue this session by freeing "
      "disk "
      "space on the relevant volume, and clicking Retry. Click Cancel to terminate this session.",
      DatastorePath{"", path}.fileName());
  question.choices = {{"button.retry", "Retry"}, {"button.cancel", "Cancel"}};
  world.questions.ask(world, write.vm, std::move(question),
                      [&world, write](const Question::Choice&, bool cancelled) {
                        if (cancelled) {
                          powerEndNow(world, write.vm, PowerEnd::terminated);
                        } else if (!tryWrite(world, write)) {
                          askForSpace(world, write);
                        }
                      });
}

}  // namespace

bool guestWrite(World& world, const MoRef& vm, std::int32_t diskKey, const std::string& token,
                std::int64_t bytes) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  if (!poweredOn(machine)) throw wrongPowerState(machine, "poweredOn");
  world.questions.needNone(vm.id);
  const Write write{vm, diskKey, token, bytes};
  if (tryWrite(world, write)) return true;
  askForSpace(world, write);
  return false;
}

}  // namespace failback::mock
