// SPDX-License-Identifier: GPL-2.0-or-later
// Which version of the vSphere API is spoken with a server: the newest that both sides know. The server then
// answers with the members that this version has, and no others.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace failback::vsphere {

// Versions that this client can speak, the newest first, "6.5" last.
std::span<const std::string_view> spokenApiVersions();
// What this client was made for: "8.0.2.0".
std::string_view newestApiVersion();
// The oldest server that is served: "6.5".
std::string_view oldestApiVersion();

// What /sdk/vimServiceVersions.xml says about urn:vim25.
struct OfferedVersions {
  std::string current;             // may be an internal id that nobody knows ("uA046D008")
  std::vector<std::string> prior;  // in the server's order
};
// Absent when the document is no such file, or does not name urn:vim25; a proxy's page is no error here,
// because RetrieveServiceContent is asked next.
std::optional<OfferedVersions> readVersionsFile(std::string_view xml);

// The newest version of ours among the offered ones. Absent when there is none, although a version unknown to
// us is offered. Throws Failure(unsupported), naming the newest one offered, when all are older than 6.5.
std::optional<std::string> chooseVersion(const OfferedVersions& offered);

// By ServiceContent.about.apiVersion alone: the newest version of ours that is not newer. Throws
// Failure(unsupported) when the server is older than 6.5, naming `product` ("VMware vCenter Server 5.5.0
// build-1").
std::string chooseVersion(std::string_view aboutApiVersion, std::string_view product);

}  // namespace failback::vsphere
