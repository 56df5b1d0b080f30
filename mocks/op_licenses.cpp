// SPDX-License-Identifier: GPL-2.0-or-later
// LicenseManager and LicenseAssignmentManager.
#include <algorithm>
#include <array>

#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/licenses.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

std::string managerId(const World& world) {
  return world.managerId("LicenseManager");
}

std::vector<Value> licensesOf(const World& world) {
  return itemsOf(world.inventory.need(managerId(world)).properties().get("licenses"));
}

void setLicenses(World& world, std::vector<Value> licenses) {
  world.inventory.set(managerId(world), "licenses", list(std::move(licenses)));
}

std::vector<Value>::iterator findLicense(std::vector<Value>& licenses, std::string_view key) {
  return std::find_if(licenses.begin(), licenses.end(),
                      [key](const Value& each) { return each.at("licenseKey").string() == key; });
}

bool isValid(const Value& license) {
  return !license.at("editionKey").string().empty();
}

Value withLabels(const Value& license, const Value& labels) {
  return labels.isSet() ? license.with("labels", labels) : license;
}

// AddLicense of a key that is there is its update, as on a real server.
Answer addLicense(Operation& op) {
  std::vector<Value> licenses = licensesOf(op.world);
  const std::string key = op.text("licenseKey");
  const auto present = findLicense(licenses, key);
  if (present != licenses.end()) {
    const Value changed = withLabels(*present, op.get("labels"));
    *present = changed;
    setLicenses(op.world, std::move(licenses));
    return {changed, {}};
  }
  const Value license = withLabels(decodedLicense(op.world, key), op.get("labels"));
  if (isValid(license)) {
    licenses.push_back(license);
    setLicenses(op.world, std::move(licenses));
  }
  return {license, {}};
}

Answer removeLicense(Operation& op) {
  std::vector<Value> licenses = licensesOf(op.world);
  const std::string key = op.text("licenseKey");
  const auto found = findLicense(licenses, key);
  if (found == licenses.end()) throw invalidArgument("licenseKey");
  for (const Value& each : itemsOf(op.world.assignedLicenses)) {
    if (each.at("assignedLicense.licenseKey").string() == key) {
      throw makeFault("InvalidState",
                      "The operation is not allowed in the current state: the license is in use.");
    }
  }
  licenses.erase(found);
  setLicenses(op.world, std::move(licenses));
  return {};
}

Answer decodeLicense(Operation& op) {
  std::vector<Value> licenses = licensesOf(op.world);
  const std::string key = op.text("licenseKey");
  const auto present = findLicense(licenses, key);
  return {present != licenses.end() ? *present : decodedLicense(op.world, key), {}};
}

void changeLabel(Operation& op, const Value& label) {
  std::vector<Value> licenses = licensesOf(op.world);
  const auto found = findLicense(licenses, op.text("licenseKey"));
  if (found == licenses.end()) throw invalidArgument("licenseKey");
  std::vector<Value> labels = itemsOf(found->at("labels"));
  const std::string key = op.text("labelKey");
  const auto had = std::erase_if(labels, [&](const Value& each) { return each.at("key").string() == key; });
  if (label.isSet()) labels.push_back(label);
  if (!label.isSet() && had == 0) throw invalidArgument("labelKey");
  *found = found->with("labels", list(std::move(labels)));
  setLicenses(op.world, std::move(licenses));
}

Answer updateLabel(Operation& op) {
  changeLabel(op, object("KeyValue", {{"key", op.text("labelKey")}, {"value", op.text("labelValue")}}));
  return {};
}

Answer removeLabel(Operation& op) {
  changeLabel(op, {});
  return {};
}

std::string nameOf(const World& world, const std::string& entity) {
  const ManagedObject* object = world.inventory.find(entity);
  if (object && object->type().find("name")) return std::string(object->properties().get("name").string());
  return std::string(world.serviceContent.at("about.name").string());
}

Answer assign(Operation& op) {
  const std::string entity = op.text("entity");
  const std::string key = op.text("licenseKey");
  const bool isServer = entity == op.world.serviceContent.at("about.instanceUuid").string();
  const ManagedObject* object = op.world.inventory.find(entity);
  if (!isServer && (!object || !object->type().isA("ManagedEntity"))) {
    throw makeFault("LicenseEntityNotFound", "The entity was not found.", {{"entityId", entity}});
  }
  std::vector<Value> licenses = licensesOf(op.world);
  auto license = findLicense(licenses, key);
  if (license == licenses.end()) {
    const Value decoded = decodedLicense(op.world, key);
    if (!isValid(decoded)) throw invalidArgument("licenseKey");
    licenses.push_back(decoded);
    license = licenses.end() - 1;
  }
  const Value chosen = *license;
  setLicenses(op.world, std::move(licenses));
  std::vector<Value> assigned = itemsOf(op.world.assignedLicenses);
  std::erase_if(assigned, [&](const Value& each) { return each.at("entityId").string() == entity; });
  const std::string shown = op.text("entityDisplayName");
  assigned.push_back(
      failback::mock::object("LicenseAssignmentManagerLicenseAssignment",
                             {{"entityId", entity},
                              {"scope", op.world.serviceContent.at("about.instanceUuid")},
                              {"entityDisplayName", shown.empty() ? nameOf(op.world, entity) : shown},
                              {"assignedLicense", chosen}}));
  op.world.assignedLicenses = list(std::move(assigned));
  return {chosen, {}};
}

Answer unassign(Operation& op) {
  const std::string entity = op.text("entityId");
  std::vector<Value> assigned = itemsOf(op.world.assignedLicenses);
  const auto had =
      std::erase_if(assigned, [&](const Value& each) { return each.at("entityId").string() == entity; });
  if (had == 0) {
    throw makeFault("LicenseEntityNotFound", "The entity was not found.", {{"entityId", entity}});
  }
  op.world.assignedLicenses = list(std::move(assigned));
  return {};
}

constexpr std::array<OperationEntry, 8> licensesEntries{{{"AddLicense", addLicense},
                                                         {"UpdateLicense", addLicense},
                                                         {"RemoveLicense", removeLicense},
                                                         {"DecodeLicense", decodeLicense},
                                                         {"UpdateLicenseLabel", updateLabel},
                                                         {"RemoveLicenseLabel", removeLabel},
                                                         {"UpdateAssignedLicense", assign},
                                                         {"RemoveAssignedLicense", unassign}}};

}  // namespace

std::span<const OperationEntry> licenseOperations() {
  return licensesEntries;
}

}  // namespace failback::mock
