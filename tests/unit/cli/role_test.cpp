// SPDX-License-Identifier: GPL-2.0-or-later
// failback role, as somebody types it.
#include <nlohmann/json.hpp>
#include <set>

#include "cli/app.h"
#include "provisioning/privilege.h"
#include "tests/unit/cli/support.h"

using namespace failback;
using testing::holds;
using testing::Ran;
using testing::ran;

namespace {

std::set<std::string> ids(const std::vector<std::string>& words) {
  std::vector<std::string> all = {"role"};
  all.insert(all.end(), words.begin(), words.end());
  all.insert(all.end(), {"-o", "json"});
  std::set<std::string> found;
  const auto document = nlohmann::json::parse(ran(all).out);
  for (const auto& each : document["privileges"]) found.insert(each["id"].get<std::string>());
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(role)

BOOST_AUTO_TEST_CASE(who_only_reads_may_only_read) {
  BOOST_TEST((ids({"discover"}) == std::set<std::string>{"System.Anonymous", "System.View", "System.Read"}));
  for (const std::string& each : ids({"check"}))
    BOOST_TEST((each.rfind("System.", 0) == 0 || each == "Datastore.Browse"), each);
}

BOOST_AUTO_TEST_CASE(what_is_not_asked_for_is_not_in_the_least_role) {
  const std::set<std::string> least = ids({"olr"}), all = ids({"olr", "--optional"});
  BOOST_TEST(least.count("VirtualMachine.Config.AddExistingDisk") == 1u);
  BOOST_TEST(least.count("VirtualMachine.State.RemoveSnapshot") == 1u);
  BOOST_TEST(least.count("VirtualMachine.Config.RawDevice") == 0u);
  BOOST_TEST(least.count("VirtualMachine.Inventory.Create") == 0u);
  BOOST_TEST(all.count("VirtualMachine.Config.RawDevice") == 1u);
  BOOST_TEST(ids({"alr"}).count("VirtualMachine.Inventory.Create") == 1u);
  // Deleting is asked for with a word of its own.
  BOOST_TEST(ids({"alr"}).count("VirtualMachine.Inventory.Delete") == 0u);
}

BOOST_AUTO_TEST_CASE(several_purposes_make_one_role) {
  std::set<std::string> both = ids({"olr"});
  both.merge(ids({"protect"}));
  BOOST_TEST((ids({"olr,protect"}) == both));
  // Merging is optional for the one and needed by the other.
  BOOST_TEST(ids({"alr,olr"}).count("VirtualMachine.State.RemoveSnapshot") == 1u);
  BOOST_TEST(holds(ran({"role", "olr,protcet"}).err, "did you mean protect?"));
}

BOOST_AUTO_TEST_CASE(every_row_is_needed_for_something_and_stands_once) {
  std::set<std::string_view> seen;
  for (const provisioning::Privilege& each : provisioning::privileges()) {
    BOOST_TEST(seen.insert(each.id).second, each.id);
    BOOST_TEST(each.by.size() == provisioning::purposes().size(), each.id);
    BOOST_TEST(each.by.find_first_of("+o") != std::string_view::npos, each.id);
    BOOST_TEST(each.by.find_first_not_of("+o-") == std::string_view::npos, each.id);
  }
}

BOOST_AUTO_TEST_CASE(it_is_printed_for_people_and_as_commands) {
  const Ran table = ran({"role", "alr", "--optional"});
  BOOST_TEST(table.code == 0, table.err);
  for (const char* word :
       {"VirtualMachine.Inventory.Create", "folder", "create a VM", "always", "if asked for"})
    BOOST_TEST(holds(table.out, word), word);
  const std::string govc = ran({"role", "olr", "-o", "govc", "--name", "home bringer"}).out;
  BOOST_TEST(holds(govc, "govc role.create 'home bringer' \\\n  System.Anonymous"), govc);
  const std::string powercli = ran({"role", "olr", "-o", "powercli"}).out;
  BOOST_TEST(holds(powercli, "New-VIRole -Name 'failback' -Privilege (Get-VIPrivilege -Id @("), powercli);
  BOOST_TEST(holds(powercli, "'VirtualMachine.Config.AddExistingDisk',"), powercli);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  BOOST_TEST(holds(ran({"role"}).err, "what the account is to do"));
  BOOST_TEST(holds(ran({"role", "orl"}).err, "did you mean olr?"));
  BOOST_TEST(ran({"role", "orl"}).code == 2);
  BOOST_TEST(holds(ran({"role", "olr", "--name", "a'; rm -rf /"}).err, "no quotes"));
}

BOOST_AUTO_TEST_SUITE_END()
