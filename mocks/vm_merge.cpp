// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_merge.h"

#include <algorithm>

#include "mocks/vm_disks.h"
#include "mocks/vm_model.h"
#include "mocks/vm_snapshots.h"

namespace failback::mock {

namespace {

std::vector<FileId> topsOf(World& world, const Value& config) {
  std::vector<FileId> tops;
  for (const Value& device : devicesOfConfig(config)) {
    if (!takesPartInSnapshots(device)) continue;
    const FileId file = *diskFileOf(device);
    if (world.files.exists(file)) tops.push_back(file);
  }
  return tops;
}

std::string directoryOf(const FileId& file) {
  return DatastorePath{"", file.path}.directory();
}

// How the files of a machine stand on each other.
class Chains {
 public:
  Chains(World& world, const Value& state, const std::vector<MoRef>& gone) : world_(world) {
    for (const FileId& top : topsOf(world, state.at("config"))) add(top);
    for (const MoRef& snapshot : snapshotsOf(state)) {
      const ManagedObject* found = world.inventory.find(snapshot.id);
      if (!found || std::find(gone.begin(), gone.end(), snapshot) != gone.end()) continue;
      for (const FileId& top : topsOf(world, found->state.at("config"))) {
        add(top);
        frozen_.insert(top);
      }
    }
  }

  const std::set<FileId>& files() const { return files_; }

  // Takes the lowest delta that can be merged out of the picture.
  std::optional<Merge> next() {
    std::optional<Merge> lowest;
    std::size_t depth = 0;
    for (const auto& [delta, parent] : parents_) {
      if (!mergeable(delta, parent)) continue;
      const std::size_t here = depthOf(delta);
      if (lowest && depth <= here) continue;
      depth = here;
      lowest = Merge{delta, parent, childrenOf(delta), world_.files.sizeOf(delta)};
    }
    if (lowest) collapse(*lowest);
    return lowest;
  }

 private:
  void add(const FileId& top) {
    const std::vector<FileId> chain = world_.files.chain(top);
    for (std::size_t i = 0; i < chain.size(); ++i) {
      files_.insert(chain[i]);
      if (i + 1 < chain.size()) parents_[chain[i]] = chain[i + 1];
    }
  }

  std::vector<FileId> childrenOf(const FileId& file) const {
    std::vector<FileId> children;
    for (const auto& [delta, parent] : parents_) {
      if (parent == file) children.push_back(delta);
    }
    return children;
  }

  std::size_t depthOf(FileId file) const {
    std::size_t depth = 0;
    for (auto at = parents_.find(file); at != parents_.end(); at = parents_.find(at->second)) ++depth;
    return depth;
  }

  // Not into what a snapshot keeps or another branch stands on, nor into the disk that a linked clone was
  // made from, which lies elsewhere.
  bool mergeable(const FileId& delta, const FileId& parent) const {
    return !frozen_.contains(parent) && childrenOf(parent).size() == 1 &&
           delta.datastore == parent.datastore && directoryOf(delta) == directoryOf(parent);
  }

  void collapse(const Merge& merge) {
    parents_.erase(merge.delta);
    for (const FileId& each : merge.above) parents_[each] = merge.parent;
    if (frozen_.erase(merge.delta) > 0) frozen_.insert(merge.parent);
    files_.erase(merge.delta);
  }

  World& world_;
  std::map<FileId, FileId> parents_;  // delta -> the file below
  std::set<FileId> files_, frozen_;
};

// What the parent grows by.
std::int64_t growthOf(World& world, const Merge& merge) {
  const Descriptor& parent = world.files.descriptor(merge.parent);
  if (!parent.parent && parent.provisioning != "thin") return 0;
  return std::clamp<std::int64_t>(parent.capacity - world.files.sizeOf(merge.parent), 0, merge.bytes);
}

void runMerge(World& world, const Merge& merge, std::string_view vm) {
  world.files.needUnlocked(merge.parent, vm);
  world.files.needUnlocked(merge.delta, vm);
  if (growthOf(world, merge) > freeSpace(world, merge.parent.datastore)) {
    throw noDiskSpace(world.files.pathOf(merge.parent), world.files.nameOf(merge.parent.datastore));
  }
  world.files.mergeIntoParent(merge.delta);
  const std::string content = world.files.descriptor(merge.parent).contentId;
  for (const FileId& each : merge.above) {
    world.files.changeDescriptor(each, [&](Descriptor& delta) {
      delta.parent = merge.parent;
      delta.parentContentId = content;
    });
  }
}

}  // namespace

std::set<FileId> chainFiles(World& world, const Value& state) {
  return Chains(world, state, {}).files();
}

std::vector<Merge> mergesOf(World& world, const Value& state, const std::vector<MoRef>& gone) {
  Chains chains(world, state, gone);
  std::vector<Merge> merges;
  while (const auto merge = chains.next()) merges.push_back(*merge);
  return merges;
}

std::int64_t bytesOf(const std::vector<Merge>& merges) {
  std::int64_t bytes = 0;
  for (const Merge& each : merges) bytes += each.bytes;
  return bytes;
}

MergeOutcome runMerges(World& world, const MoRef& vm, const std::vector<Merge>& merges) {
  MergeOutcome outcome;
  const auto ordered = merges.empty() ? world.mergeFaults.end() : world.mergeFaults.find(vm.id);
  const bool fails = ordered != world.mergeFaults.end();
  try {
    for (std::size_t i = 0; i < merges.size(); ++i) {
      if (fails && i == merges.size() / 2) {
        const Fault fault = ordered->second;
        world.mergeFaults.erase(ordered);
        throw Fault(fault);
      }
      runMerge(world, merges[i], vm.id);
      for (auto& [delta, now] : outcome.replaced) {
        if (now == merges[i].delta) now = merges[i].parent;
      }
      outcome.replaced.emplace(merges[i].delta, merges[i].parent);
    }
  } catch (const Fault& fault) {
    outcome.failed = fault;
  }
  return outcome;
}

void removeOrphans(World& world, const MoRef& vm, const std::set<FileId>& before, const Value& state) {
  const std::set<FileId> after = chainFiles(world, state);
  for (const FileId& file : before) {
    if (after.contains(file) || !world.files.exists(file)) continue;
    if (!world.files.descriptor(file).parent || !usersOfFile(world, file, vm.id).empty()) continue;
    world.files.removeDisk(file);
  }
}

Value withChains(World& world, const Value& config, const std::map<FileId, FileId>& replaced) {
  std::vector<Value> devices = devicesOfConfig(config);
  for (Value& device : devices) {
    if (!takesPartInSnapshots(device)) continue;
    FileId file = *diskFileOf(device);
    if (const auto found = replaced.find(file); found != replaced.end()) file = found->second;
    if (world.files.exists(file))
      device = device.with("backing", backingFor(world, file, device.at("backing")));
  }
  return config.with("hardware.device", list(std::move(devices)));
}

}  // namespace failback::mock
