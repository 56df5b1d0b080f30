// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/api_version.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "vsphere/error.h"
#include "vsphere/markup_guard.h"
#include "vsphere/property_table.h"

namespace failback::vsphere {
namespace {

// The public ones, as real servers list them.
constexpr std::array<std::string_view, 21> kSpoken = {
    "8.0.2.0", "8.0.1.0", "8.0.0.2", "8.0.0.1", "8.0.0.0", "7.0.3.2", "7.0.3.1",
    "7.0.3.0", "7.0.2.1", "7.0.2.0", "7.0.1.1", "7.0.1.0", "7.0.0.2", "7.0.0.0",
    "6.9.1",   "6.8.7",   "6.7.3",   "6.7.2",   "6.7.1",   "6.7",     "6.5"};

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};

std::string_view nameOf(const xmlNode& node) {
  return node.name == nullptr ? std::string_view{} : reinterpret_cast<const char*>(node.name);
}

std::string textOf(xmlNode& node) {
  const std::unique_ptr<xmlChar, decltype(xmlFree)> content(xmlNodeGetContent(&node), xmlFree);
  std::string text = content ? reinterpret_cast<const char*>(content.get()) : "";
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
  text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
  return text;
}

// The element children of that name, each.
template <class Visit>
void forEachChild(const xmlNode& parent, std::string_view name, Visit&& visit) {
  for (xmlNode* child = parent.children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE && nameOf(*child) == name) visit(*child);
  }
}

bool isNumeric(std::string_view version) {
  return !version.empty() && version.find_first_not_of("0123456789.") == std::string_view::npos;
}

[[noreturn]] void refuseOld(std::string_view server) {
  fail(Category::unsupported,
       std::string(server) + " is too old: the oldest that is supported is vSphere " +
           std::string(oldestApiVersion()),
       "upgrade vCenter (or the standalone ESXi host) to a supported release");
}

}  // namespace

std::span<const std::string_view> spokenApiVersions() {
  return kSpoken;
}
std::string_view newestApiVersion() {
  return kSpoken.front();
}
std::string_view oldestApiVersion() {
  return "6.5";
}

std::optional<OfferedVersions> readVersionsFile(std::string_view xml) {
  if (xml.empty() || xml.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  if (markupProblem(xml)) return {};
  // No network, no entities; what is wrong with the document only means that it is not the one looked for.
  const std::unique_ptr<xmlDoc, FreeDocument> document(
      xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "vimServiceVersions.xml", nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  const xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (root == nullptr || nameOf(*root) != "namespaces") return {};

  std::optional<OfferedVersions> offered;
  forEachChild(*root, "namespace", [&](const xmlNode& space) {
    bool vim = false;
    forEachChild(space, "name", [&](xmlNode& name) { vim = vim || textOf(name) == "urn:vim25"; });
    if (!vim || offered) return;
    offered.emplace();
    forEachChild(space, "version", [&](xmlNode& version) { offered->current = textOf(version); });
    forEachChild(space, "priorVersions", [&](const xmlNode& prior) {
      forEachChild(prior, "version", [&](xmlNode& version) { offered->prior.push_back(textOf(version)); });
    });
  });
  return offered;
}

std::optional<std::string> chooseVersion(const OfferedVersions& offered) {
  const auto isOffered = [&](std::string_view version) {
    return offered.current == version ||
           std::find(offered.prior.begin(), offered.prior.end(), version) != offered.prior.end();
  };
  const auto* best = std::find_if(kSpoken.begin(), kSpoken.end(), isOffered);
  if (best != kSpoken.end()) return std::string(*best);
  if (!isNumeric(offered.current)) return {};
  if (compareApiVersions(offered.current, oldestApiVersion()) >= 0) return {};
  refuseOld("the server (its newest API version is " + offered.current + ")");
}

std::string chooseVersion(std::string_view aboutApiVersion, std::string_view product) {
  const std::string server = std::string(product.empty() ? "the server" : product) + " (API version " +
                             std::string(aboutApiVersion) + ")";
  // An internal id counts as newer than any number.
  if (aboutApiVersion.empty() || compareApiVersions(aboutApiVersion, oldestApiVersion()) < 0)
    refuseOld(server);
  const auto* best = std::find_if(kSpoken.begin(), kSpoken.end(), [&](std::string_view version) {
    return compareApiVersions(version, aboutApiVersion) <= 0;
  });
  return std::string(best != kSpoken.end() ? *best : oldestApiVersion());
}

}  // namespace failback::vsphere
