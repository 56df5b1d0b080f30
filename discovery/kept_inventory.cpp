// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/kept_inventory.h"

namespace failback::discovery {
namespace {

class Keeper final : public ObjectListener {
 public:
  explicit Keeper(KeptInventory& kept) : kept_(kept) {}

  void vcenter(const vsphere::VCenter&) override {}
  void object(const vsphere::InventoryObject& object, const Inventory&) override {
    if (const auto* vm = std::get_if<vsphere::VirtualMachine>(&object)) {
      kept_.vms.add(*vm);
    } else if (!kept_.filter.empty()) {
      kept_.shown.insert(vsphere::entityOf(object).ref);
    }
  }
  void unreadable(const vsphere::Unreadable& entry) override { kept_.unreadable.push_back(entry); }

 private:
  KeptInventory& kept_;
};

}  // namespace

KeptInventory keepInventory(vsphere::Client& client, const ReadOptions& options,
                            const vsphere::Context& context) {
  KeptInventory kept;
  kept.filter = options.filter;
  Keeper keeper(kept);
  kept.world = streamInventory(client, options, keeper, context);
  kept.vms.sort();
  return kept;
}

}  // namespace failback::discovery
