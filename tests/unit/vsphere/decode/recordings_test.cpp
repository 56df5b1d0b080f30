// SPDX-License-Identifier: GPL-2.0-or-later
// Every answer of real vCenters that the folder in FAILBACK_RECORDINGS holds.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/page_difference.h"
#include "vsphere/message_inspector.h"
#include "vsphere/stream/stream_page_decoder.h"

using namespace failback::vsphere;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string requestOf(const fs::path& answer) {
  std::string name = answer.filename().string();
  name.replace(name.find(".response.xml"), std::string::npos, ".request.xml");
  return read(answer.parent_path() / name);
}

// In pieces as small as a network may give them.
InventoryPage decodeStream(const fs::path& answer, const std::string& message) {
  const SoapCodec codec;
  const std::string method = message.substr(0, message.size() - std::string("Response").size());
  StreamPageDecoder decoder(codec, {method, "PropertyCollector:propertyCollector", 200});
  const std::string body = read(answer);
  for (std::size_t at = 0; at < body.size(); at += 100)
    decoder.feed(std::string_view(body).substr(at, 100));
  return decoder.finish();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Recordings)

BOOST_AUTO_TEST_CASE(all_of_them_decode) {
  const char* folder = std::getenv("FAILBACK_RECORDINGS");  // NOLINT(concurrency-mt-unsafe): one thread
  if (folder == nullptr || *folder == '\0') {
    BOOST_TEST_MESSAGE("SKIPPED: FAILBACK_RECORDINGS is not set");
    std::fputs("SKIPPED: recordings of real vCenters, because FAILBACK_RECORDINGS is not set\n", stderr);
    return;
  }
  int answers = 0, faults = 0, objects = 0, streamed = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".response.xml")) continue;
    BOOST_TEST_CONTEXT(name) {
      ++answers;
      try {
        const MessageReport report = inspectMessage(read(entry.path()), requestOf(entry.path()));
        if (report.fault) ++faults;
        if (report.page) objects += static_cast<int>(report.page->objects.size());
        BOOST_TEST((report.fault.has_value() || report.message.ends_with("Response") ||
                    report.message == "namespaces"));
        // What is left out is known to us as such; a value that was read differently would be a defect.
        for (const LeftOut& what : report.leftOut)
          BOOST_TEST(what.reason.find("was read as") == std::string::npos, what.path << ": " << what.reason);
        if (report.page) {
          BOOST_TEST(report.page->unreadable.empty());
          if (report.message.find("Fetch") == std::string::npos) ++streamed;
          if (report.message.find("Fetch") == std::string::npos)
            BOOST_TEST(failback::testing::pageDifference(*report.page, decodeStream(entry.path(), report.message)) == "");
        }
      } catch (const Failure& failure) {
        BOOST_ERROR(failure.what());
      }
    }
  }
  BOOST_TEST(answers > 0);
  BOOST_TEST(streamed > 0);
  BOOST_TEST_MESSAGE(answers << " answers, " << faults << " faults, " << objects << " objects of ours");
}

BOOST_AUTO_TEST_SUITE_END()
