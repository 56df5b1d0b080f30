// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "discovery/master_target.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {
namespace {

// Tries to place all loads, the largest first, into these bins. Gives up after so many steps: what is not
// found by then takes one bin more.
class Search {
 public:
  Search(std::vector<int> free, const std::vector<int>& sizes)
      : free_(std::move(free)), sizes_(sizes), place_(sizes.size()) {}

  bool find() { return put(0); }
  const std::vector<std::size_t>& places() const { return place_; }

 private:
  bool put(std::size_t item) {
    if (item == sizes_.size()) return true;
    if (++steps_ > mostSteps) return false;
    std::set<int> tried;  // bins of equal room are alike
    for (std::size_t bin = 0; bin < free_.size(); ++bin) {
      if (free_[bin] < sizes_[item] || !tried.insert(free_[bin]).second) continue;
      free_[bin] -= sizes_[item];
      place_[item] = bin;
      if (put(item + 1)) return true;
      free_[bin] += sizes_[item];
    }
    return false;
  }

  static constexpr int mostSteps = 200'000;
  std::vector<int> free_;
  const std::vector<int>& sizes_;
  std::vector<std::size_t> place_;
  int steps_ = 0;
};

template <class Key>
std::vector<std::size_t> order(std::size_t count, Key&& key) {
  std::vector<std::size_t> indices(count);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  std::stable_sort(indices.begin(), indices.end(),
                   [&](std::size_t a, std::size_t b) { return key(a) > key(b); });
  return indices;
}

}  // namespace

std::optional<std::vector<std::size_t>> pack(const std::vector<Bin>& bins, const std::vector<Load>& loads) {
  // With a given number of bins, the roomiest ones are the best choice.
  const std::vector<std::size_t> roomiest = order(bins.size(), [&](std::size_t i) { return bins[i].free; });
  const std::vector<std::size_t> largest = order(loads.size(), [&](std::size_t i) { return loads[i].disks; });
  std::vector<int> sizes;
  sizes.reserve(loads.size());
  for (const std::size_t each : largest) sizes.push_back(loads[each].disks);
  const int all = std::accumulate(sizes.begin(), sizes.end(), 0);
  int room = 0;
  std::vector<int> free;
  for (std::size_t count = 0; count < roomiest.size(); ++count) {
    free.push_back(bins[roomiest[count]].free);
    room += free.back();
    if (room < all) continue;
    Search search(free, sizes);
    if (!search.find()) continue;
    std::vector<std::size_t> result(loads.size());
    for (std::size_t i = 0; i < largest.size(); ++i) result[largest[i]] = roomiest[search.places()[i]];
    return result;
  }
  return std::nullopt;
}

namespace {

// Machines that stay together.
struct Group {
  Load load;
  OsFamily family = OsFamily::linux;
  std::vector<std::size_t> machines;
};

struct Candidate {
  Bin bin;
  MasterTarget target;
};

class Splitter {
 public:
  explicit Splitter(const World& world) : world_(world), plan_(world.plan()) {}

  Split split() {
    groups();
    for (const OsFamily family : {OsFamily::linux, OsFamily::windows}) {
      if (!spread(family)) return std::move(result_);
    }
    result_.plan = std::move(plan_);
    return std::move(result_);
  }

 private:
  void groups() {
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < plan_.machines.size(); ++i) {
      const Machine& machine = plan_.machines[i];
      const std::string key = machine.group.empty() ? "\n" + machine.id : lower(machine.group);
      const auto [place, fresh] = known.emplace(key, groups_.size());
      if (fresh) {
        Group& group = groups_.emplace_back();
        group.load.name = machine.group.empty() ? machine.id : "group " + machine.group;
        group.family = machine.source.osFamily;
      }
      Group& group = groups_[place->second];
      group.load.disks += static_cast<int>(machine.source.disks.size());
      group.machines.push_back(i);
    }
  }

  // The plan's own first, then others that could be one.
  std::vector<Candidate> candidates(OsFamily family) const {
    std::vector<Candidate> found;
    std::set<vsphere::Moref> known;
    for (const TargetView& each : world_.targets()) {
      if (each.vm != nullptr && isOf(*each.vm, family) && known.insert(each.vm->ref).second)
        found.push_back({{each.plan->name, discovery::slotsOf(*each.vm).free}, *each.plan});
    }
    for (const MachineView& each : world_.machines()) {
      if (each.vm != nullptr) known.insert(each.vm->ref);
    }
    for (const vsphere::VirtualMachine& vm : world_.inventory().all<vsphere::VirtualMachine>()) {
      if (!world_.facts().isWhole(vm.ref) || known.contains(vm.ref) || !isOf(vm, family)) continue;
      if (discovery::judgeMasterTarget(vm, world_.inventory()).candidate != discovery::Candidate::yes)
        continue;
      if (!vm.instanceUuid || !hasForm(lower(*vm.instanceUuid), Form::uuid)) continue;
      MasterTarget target;
      target.name = vm.name;
      target.instanceUuid = lower(*vm.instanceUuid);
      target.retention.path = family == OsFamily::windows ? "R:" : "/mnt/retention/";
      found.push_back({{vm.name, discovery::slotsOf(vm).free}, target});
    }
    return found;
  }

  static bool isOf(const vsphere::VirtualMachine& vm, OsFamily family) {
    const discovery::OsFamily its = discovery::osFamilyOf(vm);
    return its == (family == OsFamily::windows ? discovery::OsFamily::windows : discovery::OsFamily::linux);
  }

  bool spread(OsFamily family) {
    std::vector<const Group*> mine;
    std::vector<Load> loads;
    for (const Group& each : groups_) {
      if (each.family != family) continue;
      mine.push_back(&each);
      loads.push_back(each.load);
    }
    if (mine.empty()) return true;
    const std::vector<Candidate> targets = candidates(family);
    std::vector<Bin> bins;
    bins.reserve(targets.size());
    for (const Candidate& each : targets) bins.push_back(each.bin);
    const auto places = pack(bins, loads);
    if (!places) {
      missing(family, bins, loads);
      return false;
    }
    std::map<std::size_t, SplitShare> shares;
    for (std::size_t i = 0; i < mine.size(); ++i)
      assign(*mine[i], targets[(*places)[i]], shares[(*places)[i]]);
    for (auto& [bin, share] : shares) result_.shares.push_back(std::move(share));
    return true;
  }

  void assign(const Group& group, const Candidate& target, SplitShare& share) {
    share.masterTarget = target.target.name;
    share.free = target.bin.free;
    share.disks += group.load.disks;
    for (const std::size_t index : group.machines) {
      plan_.machines[index].masterTarget = target.target.name;
      share.machines.push_back(plan_.machines[index].id);
    }
    const auto known = std::any_of(plan_.masterTargets.begin(), plan_.masterTargets.end(),
                                   [&](const MasterTarget& each) { return each.name == target.target.name; });
    if (!known) plan_.masterTargets.push_back(target.target);
  }

  void missing(OsFamily family, const std::vector<Bin>& bins, const std::vector<Load>& loads) {
    int room = 0, wanted = 0, largest = 0;
    for (const Bin& each : bins) room += each.free;
    for (const Load& each : loads) {
      wanted += each.disks;
      largest = std::max(largest, each.disks);
    }
    const std::string_view kind = family == OsFamily::windows ? "Windows" : "Linux";
    if (largest > discovery::diskSlots) {
      const auto load =
          std::find_if(loads.begin(), loads.end(), [&](const Load& each) { return each.disks == largest; });
      result_.missing =
          fmt::format("{} has {} disks and must stay whole, and no master target takes more than {}",
                      load->name, largest, discovery::diskSlots);
    } else {
      result_.missing = fmt::format(
          "{} disks of {} machines have to find a place, and {} {} master target{} in sight "
          "ha{} {} free slots together",
          wanted, kind, bins.size(), kind, bins.size() == 1 ? "" : "s", bins.size() == 1 ? "s" : "ve", room);
    }
  }

  const World& world_;
  Plan plan_;
  std::vector<Group> groups_;
  Split result_;
};

}  // namespace

Split proposeSplit(const World& world) {
  return Splitter(world).split();
}

}  // namespace failback::provisioning
