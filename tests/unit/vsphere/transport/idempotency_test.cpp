// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/idempotency.h"

#include <toml++/toml.h>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

namespace failback::vsphere {
namespace {

std::set<std::string> methodsOfTheManifest() {
  const toml::table manifest = toml::parse_file(std::string(FAILBACK_SOURCE_DIR) + "/wsdl/manifest.toml");
  std::set<std::string> methods;
  const auto addAll = [&methods](const toml::array* names) {
    if (names == nullptr) return;
    for (const auto& name : *names) methods.insert(name.value<std::string>().value());
  };
  for (const auto& [type, names] : *manifest["methods"].as_table()) addAll(names.as_array());
  addAll(manifest["from_registry"]["methods"].as_array());
  if (const auto* byHand = manifest["hand_written"].as_array()) {
    for (const auto& entry : *byHand) {
      methods.insert((*entry.as_table())["method"].value<std::string>().value());
    }
  }
  return methods;
}

BOOST_AUTO_TEST_CASE(every_method_of_the_manifest_is_decided) {
  const std::set<std::string> methods = methodsOfTheManifest();
  BOOST_TEST(methods.size() > 100u);
  for (const std::string& method : methods) {
    BOOST_TEST(isReplayDecided(method),
               method + " is not in vsphere/idempotency.cpp: decide, in doubt never");
  }
}

BOOST_AUTO_TEST_CASE(no_task_that_changes_something_may_be_repeated) {
  const std::set<std::string> looking{"SearchDatastore_Task",
                                      "SearchDatastoreSubFolders_Task",
                                      "CheckCompatibility_Task",
                                      "CheckPowerOn_Task",
                                      "CheckVmConfig_Task",
                                      "CheckClone_Task",
                                      "CheckMigrate_Task",
                                      "CheckRelocate_Task",
                                      "EstimateStorageForConsolidateSnapshots_Task"};
  for (const std::string& method : methodsOfTheManifest()) {
    if (!method.ends_with("_Task") || looking.count(method) > 0) continue;
    BOOST_TEST((replayOf(method) == Replay::never), method);
  }
}

BOOST_AUTO_TEST_CASE(what_the_client_depends_on) {
  BOOST_TEST((replayOf("Login") == Replay::never));
  BOOST_TEST((replayOf("Logout") == Replay::sessionBound));
  BOOST_TEST((replayOf("RetrievePropertiesEx") == Replay::safe));
  BOOST_TEST((replayOf("ContinueRetrievePropertiesEx") == Replay::cursor));
  BOOST_TEST((replayOf("WaitForUpdatesEx") == Replay::sessionBound));
  BOOST_TEST((replayOf("ReconfigVM_Task") == Replay::never));
  BOOST_TEST((replayOf("UnregisterVM") == Replay::never));
  BOOST_TEST((replayOf("NoSuchMethod") == Replay::never));
  BOOST_TEST(!isReplayDecided("NoSuchMethod"));
}

}  // namespace
}  // namespace failback::vsphere
