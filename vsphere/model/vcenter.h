// SPDX-License-Identifier: GPL-2.0-or-later
// The server itself: what product it is, and what it may do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere {

// ServiceContent.about. All strings as the server wrote them.
struct About {
  std::string name;      // "VMware vCenter Server"
  std::string fullName;  // with version and build
  std::string vendor;
  std::string version;  // "8.0.3"
  std::string build;
  std::string osType;
  std::string productLineId;  // "vpx", "embeddedEsx", "esx"
  std::string apiType;        // "VirtualCenter", "HostAgent"
  std::string apiVersion;     // "8.0.3.0": compare as numbers (ApiVersion)
  std::string instanceUuid;   // empty on a standalone host
  std::string licenseProductName;
  std::string licenseProductVersion;

  bool isVCenter() const { return apiType == "VirtualCenter"; }
};

// One licence (LicenseManager.licenses, or an assigned one). The key is never kept: it is a secret.
struct License {
  std::string name;        // "vSphere 8 Enterprise Plus"
  std::string editionKey;  // "esx.enterprisePlus.cpuPackage", "esxBasic"
  std::string costUnit;    // "cpuPackage", "core", "server"
  std::int32_t total = 0;  // 0: unlimited
  std::optional<std::int32_t> used;
  std::optional<std::string> expirationDate;  // RFC 3339
  std::vector<std::string> features;          // feature keys
  std::string entityId;  // for an assigned licence: the host's moref value or the vCenter's instance UUID

  // The free hypervisor, "esxBasic", "esxBasic.hypervisor": its API only reads.
  bool isFreeEdition() const;
};

struct VCenter {
  About about;
  std::string url;                          // as given, without credentials
  std::string thumbprintSha256;             // of the certificate seen, "AB:CD:..."
  std::string negotiatedVersion;            // the API version spoken, "8.0.2.0"
  std::string userName;                     // of this session
  Moref rootFolder;                         // ServiceContent.rootFolder; where inventory paths begin
  std::string serverTime;                   // CurrentTime, RFC 3339
  std::optional<std::int64_t> clockSkewMs;  // server minus here, at the middle of the call
  std::vector<License> licenses;
};

}  // namespace failback::vsphere
