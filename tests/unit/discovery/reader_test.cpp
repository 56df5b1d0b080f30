// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/reader.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "discovery/json.h"
#include "discovery/view.h"
#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using namespace failback::discovery;
using testing::FakeClient;
using testing::ref;

namespace {

struct Recorder : ObjectListener {
  std::vector<std::string> lines;
  std::set<std::string> morefs;
  std::vector<vsphere::Unreadable> holes;
  std::map<Kind, std::size_t> counts;
  std::function<void()> onObject;

  void vcenter(const vsphere::VCenter&) override { lines.push_back("vcenter"); }
  void object(const vsphere::InventoryObject& object, const Inventory& world) override {
    const vsphere::Entity& entity = vsphere::entityOf(object);
    BOOST_TEST(morefs.insert(entity.ref.value).second, "told twice: " << entity.ref.str());
    BOOST_TEST(InventoryPaths::isComplete(entity.inventoryPath), entity.inventoryPath);
    ++counts[kindOf(object)];
    lines.push_back(
        std::visit([&](const auto& value) { return jsonLine(value, world.depth, &world); }, object));
    if (onObject) onObject();
  }
  void unreadable(const vsphere::Unreadable& entry) override { holes.push_back(entry); }
};

bool asked(const FakeClient& client, const std::string& type, vsphere::Depth depth) {
  return std::any_of(
      client.requests.begin(), client.requests.end(), [&](const vsphere::ReadRequest& request) {
        const auto own = request.depths.find(type);
        return (own == request.depths.end() ? request.depth : own->second) == depth &&
               std::find(request.types.begin(), request.types.end(), type) != request.types.end();
      });
}

bool asked(const FakeClient& client, const std::string& type) {
  return asked(client, type, vsphere::Depth::thin) || asked(client, type, vsphere::Depth::standard) ||
         asked(client, type, vsphere::Depth::full);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(everything_is_read_in_one_request) {
  FakeClient client;
  testing::fillSampleSite(client);
  std::uint64_t told = 0;
  ReadOptions options;
  options.onProgress = [&](std::uint64_t objects) { told = objects; };
  const Inventory inventory = readInventory(client, options, vsphere::Context());
  BOOST_TEST(inventory.size() == client.objects.size());
  BOOST_TEST(told == client.objects.size());
  BOOST_TEST(client.requests.size() == 1u);
  BOOST_TEST(inventory.vcenter.licenses.size() == 1u);
  BOOST_TEST(inventory.find<vsphere::Datastore>(ref("Datastore", "datastore-11"))->storagePod->value ==
             "group-p13");
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_is_listed_with_its_reason) {
  FakeClient client;
  testing::fillSampleSite(client);
  vsphere::Unreadable license;
  license.reason = "noPermission";
  license.property = "licenses";
  client.licenseHoles = {license};
  const Inventory inventory = readInventory(client, {}, vsphere::Context());
  std::map<std::string, std::string> seen;
  for (const auto& entry : inventory.unreadable) seen[entry.reason] = entry.name;
  BOOST_TEST(seen["hostNotResponding"] == "esx-02.example");
  BOOST_TEST(seen["orphaned"] == "lost-01");
  BOOST_TEST(seen.count("noPermission") == 1u);
  BOOST_TEST(inventory.unreadable.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_filter_on_kinds_reads_those_and_what_names_and_judges_them) {
  FakeClient client;
  testing::fillSampleSite(client);
  ReadOptions options;
  options.filter.kinds = {Kind::datastore};
  readInventory(client, options, vsphere::Context());
  BOOST_TEST(asked(client, "Datastore", vsphere::Depth::standard));
  BOOST_TEST(asked(client, "Folder", vsphere::Depth::thin));
  BOOST_TEST(asked(client, "HostSystem", vsphere::Depth::thin));
  BOOST_TEST(!asked(client, "VirtualMachine"));
  BOOST_TEST(!asked(client, "Network"));

  client.requests.clear();
  options.filter.kinds = {Kind::virtualMachine};
  options.depth = vsphere::Depth::full;
  readInventory(client, options, vsphere::Context());
  BOOST_TEST(asked(client, "VirtualMachine", vsphere::Depth::full));
  BOOST_TEST(asked(client, "HostSystem", vsphere::Depth::standard));
  BOOST_TEST(asked(client, "Datastore", vsphere::Depth::standard));
  BOOST_TEST(asked(client, "Network", vsphere::Depth::thin));
  BOOST_TEST(!asked(client, "DistributedVirtualSwitch"));
}

BOOST_AUTO_TEST_CASE(a_thin_read_asks_no_licences_and_nothing_deep) {
  FakeClient client;
  testing::fillSampleSite(client);
  ReadOptions options;
  options.depth = vsphere::Depth::thin;
  const Inventory inventory = readInventory(client, options, vsphere::Context());
  BOOST_TEST(client.requests.size() == 1u);
  BOOST_TEST(asked(client, "VirtualMachine", vsphere::Depth::thin));
  BOOST_TEST(!asked(client, "VirtualMachine", vsphere::Depth::standard));
  BOOST_TEST(inventory.vcenter.licenses.size() == 1u);  // those that the sample's server() brings
}

BOOST_AUTO_TEST_CASE(streaming_tells_each_object_once_with_its_path) {
  FakeClient client;
  testing::fillSampleSite(client);
  Recorder recorder;
  streamInventory(client, {}, recorder, vsphere::Context());
  BOOST_TEST(recorder.lines.front() == "vcenter");
  BOOST_TEST(recorder.morefs.size() == client.objects.size());
  BOOST_TEST(recorder.holes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(streamed_lines_say_what_the_dump_says) {
  FakeClient client;
  testing::fillSampleSite(client);
  Recorder recorder;
  streamInventory(client, {}, recorder, vsphere::Context());
  const Inventory inventory = readInventory(client, {}, vsphere::Context());
  std::set<std::string> whole;
  inventory.forEach([&](const auto& object) { whole.insert(jsonLine(object, inventory.depth, &inventory)); });
  const std::set<std::string> streamed(recorder.lines.begin() + 1, recorder.lines.end());
  BOOST_TEST(streamed == whole, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_is_told_before_the_last_page_has_come) {
  FakeClient client;
  testing::fillSampleSite(client);
  client.pageSize = 1;
  std::size_t pages = 0, pagesAtFirstVm = 0, pagesAtFirst = 0;
  client.beforePage = [&] { ++pages; };
  Recorder recorder;
  recorder.onObject = [&] {
    if (pagesAtFirst == 0) pagesAtFirst = pages;
    if (pagesAtFirstVm == 0 && recorder.counts[Kind::virtualMachine] == 1) pagesAtFirstVm = pages;
  };
  streamInventory(client, {}, recorder, vsphere::Context());
  BOOST_TEST(pages == client.objects.size());
  BOOST_TEST(pagesAtFirst < pages);
  BOOST_TEST(pagesAtFirstVm == pages - 4);  // five VMs, a page each: told with its own page
}

BOOST_AUTO_TEST_CASE(streaming_filters_like_a_view) {
  for (const char* host : {"esx-01*", "esx-03*", "none"}) {
    FakeClient client;
    testing::fillSampleSite(client);
    ReadOptions options;
    options.filter.hosts = {host};
    Recorder recorder;
    streamInventory(client, options, recorder, vsphere::Context());
    const Inventory inventory = readInventory(client, options, vsphere::Context());
    const View view(inventory, options.filter);
    for (const KindInfo& row : allKinds()) {
      BOOST_TEST(recorder.counts[row.kind] == view.count(row.kind), host << " " << row.name);
    }
    BOOST_TEST(recorder.holes.size() == view.unreadable().size(), host);
  }
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_reading) {
  FakeClient client;
  testing::fillSampleSite(client);
  std::stop_source stop;
  std::size_t pages = 0;
  client.beforePage = [&] {
    if (++pages == 3) stop.request_stop();
  };
  const vsphere::Context context = vsphere::Context().withStop(stop.get_token());
  try {
    readInventory(client, {}, context);
    BOOST_ERROR("it went on");
  } catch (const vsphere::Failure& failure) {
    BOOST_TEST((failure.error().category == vsphere::Category::interrupted));
  }
  BOOST_TEST(pages == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
