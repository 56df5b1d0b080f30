// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_server.h"

#include <algorithm>

#include "vsphere/binding/values.h"

namespace failback::vsphere {
namespace {

// `properties` is a list of name and anything; "feature" occurs once per feature, its value a key with a
// name.
void readProperty(License& license, const vim25__KeyAnyValue& property) {
  if (!property.key || property.value == nullptr) return;
  if (*property.key == "expirationDate") license.expirationDate = binding::textOf(*property.value);
  if (*property.key != "feature" && !property.key->starts_with("feature:")) return;
  std::string feature;
  if (const auto* pair = dynamic_cast<const vim25__KeyValue*>(property.value))
    feature = pair->key.value_or("");
  if (feature.empty()) feature = binding::textOf(*property.value).value_or("");
  if (!feature.empty() && std::ranges::find(license.features, feature) == license.features.end())
    license.features.push_back(std::move(feature));
}

}  // namespace

About decodeAbout(const vim25__AboutInfo& info) {
  About about;
  about.name = info.name.value_or("");
  about.fullName = info.fullName.value_or("");
  about.vendor = info.vendor.value_or("");
  about.version = info.version.value_or("");
  about.build = info.build.value_or("");
  about.osType = info.osType.value_or("");
  about.productLineId = info.productLineId.value_or("");
  about.apiType = info.apiType.value_or("");
  about.apiVersion = info.apiVersion.value_or("");
  about.instanceUuid = info.instanceUuid.value_or("");
  about.licenseProductName = info.licenseProductName.value_or("");
  about.licenseProductVersion = info.licenseProductVersion.value_or("");
  return about;
}

License decodeLicense(const vim25__LicenseManagerLicenseInfo& info) {
  License license;
  license.name = info.name.value_or("");
  license.editionKey = info.editionKey.value_or("");
  license.costUnit = info.costUnit.value_or("");
  license.total = info.total.value_or(0);
  license.used = info.used;
  for (const auto* property : info.properties)
    if (property != nullptr) readProperty(license, *property);
  return license;
}

License decodeAssignedLicense(const vim25__LicenseAssignmentManagerLicenseAssignment& assignment) {
  License license;
  if (assignment.assignedLicense != nullptr) license = decodeLicense(*assignment.assignedLicense);
  license.entityId = assignment.entityId.value_or("");
  return license;
}

}  // namespace failback::vsphere
