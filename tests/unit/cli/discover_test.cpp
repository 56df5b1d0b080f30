// SPDX-License-Identifier: GPL-2.0-or-later
// failback discover as a user meets it, on a server that answers from memory.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/text_width.h"
#include "discovery/json.h"
#include "tests/unit/cli/support.h"
#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using cli::ExitCode;
using nlohmann::json;
using testing::FakeClient;
using testing::holds;
using testing::TemporaryFolder;
using Words = std::vector<std::string>;

namespace {

const std::string secret = "n0t-to-be/seen";

struct Result {
  ExitCode code = ExitCode::ok;
  std::string out, err;
};

// One call of the program.
struct Call {
  std::map<std::string, std::string> environment = {{"FAILBACK_URL", "vc.example"},
                                                    {"FAILBACK_USERNAME", "anna"},
                                                    {"FAILBACK_PASSWORD", secret},
                                                    {"FAILBACK_CONFIG", "/dev/null"}};
  cli::Terminal outTerminal, errTerminal;
  std::stop_source stop;
  // Prepares the server; may throw what connecting would.
  std::function<void(FakeClient&)> server = [](FakeClient& client) { testing::fillSampleSite(client); };
  vsphere::ClientOptions seen;
  vsphere::Milliseconds remaining{};

  Result operator()(const Words& words) {
    cli::StringOutput out, err;
    return runWith(words, out, err, out, err);
  }
  Result runWith(const Words& words, cli::Output& out, cli::Output& err, const cli::StringOutput& outText,
                 const cli::StringOutput& errText) {
    cli::Surroundings surroundings{
        .environment = cli::Environment(environment),
        .out = out,
        .err = err,
        .outTerminal = outTerminal,
        .errTerminal = errTerminal,
        .stop = stop.get_token(),
        .ask = {},
        .connect = [this](vsphere::ClientOptions options, vsphere::Credentials credentials,
                          const vsphere::Context& context) {
          BOOST_TEST(credentials.password.reveal() == secret);
          seen = std::move(options);
          remaining = context.remaining();
          auto client = std::make_unique<FakeClient>();
          server(*client);
          return std::unique_ptr<vsphere::Client>(std::move(client));
        }};
    Result result;
    result.code = cli::run(words, surroundings);
    result.out = outText.text;
    result.err = errText.text;
    BOOST_TEST(!holds(result.out + result.err, secret), "the password is seen");
    return result;
  }
};

int number(ExitCode code) {
  return static_cast<int>(code);
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) lines.push_back(line);
  return lines;
}

void withoutHoles(FakeClient& client) {
  testing::fillSampleSite(client);
  for (auto& object : client.objects) {
    if (auto* host = std::get_if<vsphere::Host>(&object)) host->connectionState = "connected";
    if (auto* vm = std::get_if<vsphere::VirtualMachine>(&object)) vm->connectionState = "connected";
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discover)

BOOST_AUTO_TEST_CASE(json_is_one_document_on_standard_output) {
  Call call;
  const Result result = call({"discover", "-o", "json"});
  const json dump = json::parse(result.out);
  BOOST_TEST(dump["virtualMachines"].size() == 5u);
  BOOST_TEST(dump["unreadable"].size() == 2u);
  BOOST_TEST(number(result.code) == 3);
  BOOST_TEST(holds(result.err, "incomplete: 2 things"));
  BOOST_TEST(holds(result.err, "1 orphaned"));
}

BOOST_AUTO_TEST_CASE(when_all_was_read_the_code_is_zero_and_nothing_is_said) {
  Call call;
  call.server = withoutHoles;
  const Result result = call({"discover", "-o", "json"});
  BOOST_TEST(number(result.code) == 0);
  BOOST_TEST(result.err == "");
}

BOOST_AUTO_TEST_CASE(licences_that_may_not_be_read_are_a_hole) {
  Call call;
  call.server = [](FakeClient& client) {
    withoutHoles(client);
    vsphere::Unreadable hole;
    hole.property = "licenses";
    hole.reason = "noPermission";
    hole.privilege = "Global.Licenses";
    hole.text = "the licences may not be read";
    client.licenseHoles = {hole};
  };
  const Result result = call({"discover", "-o", "json", "--kind", "vm"});
  BOOST_TEST(number(result.code) == 3);
  BOOST_TEST(json::parse(result.out)["unreadable"][0]["privilege"] == "Global.Licenses");
}

BOOST_AUTO_TEST_CASE(json_lines_end_with_a_summary) {
  Call call;
  const Result result = call({"discover", "-o", "jsonl"});
  const auto lines = linesOf(result.out);
  std::map<std::string, int> kinds;
  for (const std::string& line : lines) ++kinds[json::parse(line)["kind"].get<std::string>()];
  BOOST_TEST(json::parse(lines.front())["kind"] == "vcenter");
  const json summary = json::parse(lines.back());
  BOOST_TEST(summary["kind"] == "summary");
  BOOST_TEST(summary["schemaVersion"] == 1);
  BOOST_TEST(summary["counts"]["virtualMachines"] == kinds["virtualMachine"]);
  BOOST_TEST(summary["counts"]["hosts"] == kinds["host"]);
  BOOST_TEST(summary["counts"]["unreadable"] == kinds["unreadable"]);
  BOOST_TEST(kinds["virtualMachine"] == 5);
}

namespace {

// Notes what has arrived at each flush.
class WatchedOutput : public cli::StringOutput {
 public:
  std::function<void()> onFlush;
  void flush() override {
    if (onFlush) onFlush();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(json_lines_arrive_before_the_last_page_has_come) {
  Call call;
  std::size_t pages = 0, pagesAtFirstVm = 0;
  call.server = [&](FakeClient& client) {
    testing::fillSampleSite(client);
    client.pageSize = 1;
    client.beforePage = [&] { ++pages; };
  };
  WatchedOutput out;
  cli::StringOutput err;
  out.onFlush = [&] {
    if (pagesAtFirstVm == 0 && holds(out.text, "\"virtualMachine\"")) pagesAtFirstVm = pages;
  };
  call.runWith({"discover", "-o", "jsonl"}, out, err, out, err);
  BOOST_TEST(pagesAtFirstVm > 0u);
  BOOST_TEST(pagesAtFirstVm + 4 == pages);
}

BOOST_AUTO_TEST_CASE(a_server_that_breaks_off_leaves_no_half_document_and_is_told_with_what_is_missing) {
  for (const char* format : {"json", "jsonl", "table", "csv"}) {
    Call call;
    std::size_t pages = 0;
    call.server = [&](FakeClient& client) {
      testing::fillSampleSite(client);
      client.pageSize = 1;
      client.beforePage = [&] {
        if (++pages > 6) vsphere::fail(vsphere::Category::unreachable, "it is gone", "look at it");
      };
    };
    const Result result = call({"discover", "-o", format});
    BOOST_TEST(number(result.code) == 6);
    BOOST_TEST(holds(result.err, "missing:"), result.err);
    if (std::string_view(format) == "jsonl") {
      BOOST_TEST(result.out.ends_with("}\n"));
      BOOST_TEST(!holds(result.out, "\"kind\":\"summary\""));
      BOOST_TEST(holds(result.err, "the lines that were written are true"));
    } else {
      BOOST_TEST(result.out == "");
      BOOST_TEST(holds(result.err, "nothing was written"));
    }
  }
}

BOOST_AUTO_TEST_CASE(csv_has_a_heading_and_a_row_per_object) {
  Call call;
  const Result result = call({"discover", "-o", "csv"});
  const auto lines = linesOf(result.out);
  BOOST_TEST(lines.size() == 6u);
  BOOST_TEST(lines[0].rfind("name,moref,objectType,inventoryPath,powerState", 0) == 0u);
  BOOST_TEST(lines[0].back() == '\r');
  BOOST_TEST(holds(result.out,
                   "\r\nmt-linux-01,vm-40,VirtualMachine,/DC0/vm/mt-linux-01,poweredOn,connected,false,"));
  const auto datastores = linesOf(call({"discover", "-o", "csv", "--kind", "datastore"}).out);
  BOOST_TEST(datastores.size() == 3u);
  BOOST_TEST(holds(datastores[2], "esx-01.example=readOnly;esx-03.example=readWrite") !=
             holds(datastores[1], "esx-01.example=readOnly;esx-03.example=readWrite"));
  BOOST_TEST(number(call({"discover", "-o", "csv", "--kind", "vm,host"}).code) == 2);
}

BOOST_AUTO_TEST_CASE(the_table_shows_each_kind_and_why_a_vm_is_no_master_target) {
  Call call;
  const Result result = call({"discover"});
  for (const char* word :
       {"VMware vCenter Server 8.0.3", "Hosts (3)", "esx-02.example", "not responding", "Datastores (2)",
        "vmfs-01", "Virtual machines (5)", "mt-linux-01", "1 snapshot", "orphaned", "MT-SNAPSHOT",
        "1 of 60 used, 59 free", "Not read, or perhaps old (2)", "1 rw, 1 ro", "12 GiB (2 %)"}) {
    BOOST_TEST(holds(result.out, word), word << " is not in\n" << result.out);
  }
  BOOST_TEST(!holds(result.out, "\x1b"));
}

BOOST_AUTO_TEST_CASE(the_table_fits_any_terminal) {
  Call call;
  call.outTerminal.isTerminal = true;
  for (const std::size_t width : {200u, 120u, 80u, 60u, 40u}) {
    call.outTerminal.width = width;
    for (const std::string& line : linesOf(call({"discover"}).out)) {
      // The heading of the server and its addresses are for copying.
      const bool address = holds(line, "sha-256") || holds(line, "instance") || holds(line, "licence") ||
                           holds(line, "VMware vCenter") || holds(line, "Clusters and") ||
                           holds(line, "Master targets:") || holds(line, "  url") || holds(line, "  api");
      BOOST_TEST((address || cli::displayWidth(line) <= width), width << ": " << line);
    }
  }
}

BOOST_AUTO_TEST_CASE(colour_can_be_asked_for) {
  Call call;
  BOOST_TEST(holds(call({"discover", "--color", "always"}).out, "\x1b[32m"));
  call.outTerminal.isTerminal = call.outTerminal.colour = true;
  call.outTerminal.width = 100;
  BOOST_TEST(holds(call({"discover"}).out, "\x1b[32m"));
  BOOST_TEST(!holds(call({"discover", "--color", "never"}).out, "\x1b"));
}

BOOST_AUTO_TEST_CASE(a_kind_that_was_asked_for_is_shown_to_be_empty) {
  Call call;
  call.server = [](FakeClient& client) { client.vcenter = testing::sampleVCenter(); };
  const Result result = call({"discover", "--kind", "host"});
  BOOST_TEST(holds(result.out, "Hosts (0)"));
  BOOST_TEST(!holds(result.out, "Datastores"));
}

BOOST_AUTO_TEST_CASE(a_filter_that_matches_nothing_says_so) {
  Call call;
  call.server = withoutHoles;
  const Result result = call({"discover", "--name", "web-99", "-o", "json"});
  BOOST_TEST(number(result.code) == 0);
  BOOST_TEST(holds(result.err, "nothing matches"));
  BOOST_TEST(json::parse(result.out)["virtualMachines"].empty());
}

BOOST_AUTO_TEST_CASE(out_writes_a_file_of_the_owners) {
  Call call;
  const TemporaryFolder folder;
  const std::string path = folder.path("site.json");
  const Result result = call({"discover", "-o", "json", "--out", path});
  BOOST_TEST(result.out == "");
  BOOST_TEST(json::parse(testing::readFile(path)) == json::parse(call({"discover", "-o", "json"}).out));
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  call.outTerminal.colour = call.outTerminal.isTerminal = true;
  call.outTerminal.width = 40;
  call({"discover", "--out", path});
  BOOST_TEST(!holds(testing::readFile(path), "\x1b"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_told_before_anything_is_sent) {
  Call call;
  bool connected = false;
  call.server = [&](FakeClient&) { connected = true; };
  const TemporaryFolder folder;
  const Result result = call({"discover", "--out", folder.path("none/x.json")});
  BOOST_TEST(number(result.code) == 2);
  BOOST_TEST(!connected);
}

BOOST_AUTO_TEST_CASE(a_dump_can_be_read_back) {
  Call call;
  const Result result = call({"discover", "-o", "json", "--full"});
  std::istringstream input(result.out);
  const discovery::Dump dump = discovery::readDump(input, "site.json");
  BOOST_TEST(dump.inventory.count(discovery::Kind::virtualMachine) == 5u);
  BOOST_TEST(holds(dump.generator, "failback "));
}

BOOST_AUTO_TEST_CASE(errors_of_the_server_have_their_codes_and_name_it) {
  struct Case {
    vsphere::Category category;
    int code;
  };
  for (const Case& one : {Case{vsphere::Category::unreachable, 6}, Case{vsphere::Category::tlsTrust, 7},
                          Case{vsphere::Category::loginRefused, 8}, Case{vsphere::Category::notPermitted, 9},
                          Case{vsphere::Category::deadline, 10}, Case{vsphere::Category::malformedAnswer, 11},
                          Case{vsphere::Category::interrupted, 12}}) {
    Call call;
    call.server = [&](FakeClient&) { vsphere::fail(one.category, "it went wrong", "try something"); };
    for (const char* format : {"table", "json", "jsonl", "csv"}) {
      const Result result = call({"discover", "-o", format});
      BOOST_TEST(number(result.code) == one.code);
      BOOST_TEST(result.out == "");
      BOOST_TEST(holds(result.err, "failback: error: it went wrong"));
      BOOST_TEST(holds(result.err, "try something"));
      if (one.category != vsphere::Category::interrupted) {
        BOOST_TEST(
            holds(result.err,
                  "https://vc.example:443/sdk (from FAILBACK_URL), user anna (from FAILBACK_USERNAME)"));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(errors_as_json_for_programs) {
  Call call;
  call.server = [](FakeClient&) { vsphere::fail(vsphere::Category::loginRefused, "no", "check"); };
  const Result result = call({"discover", "--errors", "json", "-k"});
  const auto lines = linesOf(result.err);
  BOOST_REQUIRE(lines.size() == 2u);
  BOOST_TEST(holds(json::parse(lines[0])["warning"].get<std::string>(), "insecure"));
  BOOST_TEST(json::parse(lines[1])["error"]["exitCode"] == 8);
  // Also those of the command line itself.
  BOOST_TEST(json::parse(call({"discover", "--errors", "json", "--outptu"}).err)["error"]["category"] ==
             "usage");
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_told_before_anything_is_sent) {
  Call call;
  bool connected = false;
  call.server = [&](FakeClient&) { connected = true; };
  for (const Words& words : {Words{"discover", "--kind", "unicorn"}, Words{"discover", "--thin", "--full"},
                             Words{"discover", "-o", "yaml"}, Words{"discover", "--timeout", "soon"},
                             Words{"discover", "--no-such"}, Words{"nonsense"}, Words{}}) {
    const Result result = call(words);
    BOOST_TEST(number(result.code) == 2);
    BOOST_TEST(result.out == "");
    BOOST_TEST(!result.err.empty());
  }
  BOOST_TEST(!connected);
}

BOOST_AUTO_TEST_CASE(settings_reach_the_client) {
  Call call;
  const TemporaryFolder folder;
  call({"discover", "--timeout", "42s", "--connect-timeout", "3s", "--record", folder.path("rec"), "-v"});
  BOOST_TEST(call.seen.connection.connectTimeout.count() == 3000);
  BOOST_TEST(call.seen.recordDirectory == folder.path("rec"));
  BOOST_TEST(static_cast<bool>(call.seen.log));
  BOOST_TEST(call.remaining.count() <= 42'000);
  BOOST_TEST(call.remaining.count() > 30'000);
  BOOST_TEST(holds(call.seen.connection.userAgent, "failback/"));
}

BOOST_AUTO_TEST_CASE(calls_are_counted_on_standard_error) {
  Call call;
  const Result result = call({"discover", "-o", "json", "--calls"});
  BOOST_TEST(holds(result.err, "RetrievePropertiesEx"));
  BOOST_TEST(json::parse(result.out).contains("vcenter"));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_it_with_its_code_and_without_data) {
  Call call;
  call.server = [&](FakeClient& client) {
    testing::fillSampleSite(client);
    client.beforePage = [&] { call.stop.request_stop(); };
  };
  const TemporaryFolder folder;
  const Result result = call({"discover", "-o", "json", "--out", folder.path("site.json")});
  BOOST_TEST(number(result.code) == 12);
  BOOST_TEST(folder.isEmpty());
}

namespace {

// A pipe whose reader goes away after some lines.
class LeavingReader : public cli::Output {
 public:
  int lines = 0;
  void write(std::string_view) override {
    if (++lines > 3) throw cli::OutputClosed();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_reader_that_leaves_is_no_error) {
  Call call;
  LeavingReader out;
  cli::StringOutput err, nothing;
  for (const char* format : {"jsonl", "table"}) {
    out.lines = 0;
    const Result result = call.runWith({"discover", "-o", format}, out, err, nothing, err);
    BOOST_TEST(number(result.code) == 0);
    BOOST_TEST(result.err == "");
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_is_told) {
  Call call;
  call.server = [](FakeClient& client) {
    withoutHoles(client);
    client.vcenter.clockSkewMs = -400'000;
  };
  const Result result = call({"discover", "-o", "json"});
  BOOST_TEST(holds(result.err, "differs from ours by 6 min 40 s"));
  BOOST_TEST(number(result.code) == 0);
}

BOOST_AUTO_TEST_CASE(progress_is_shown_on_a_terminal_only) {
  Call call;
  call.errTerminal.isTerminal = true;
  call.errTerminal.width = 80;
  BOOST_TEST(holds(call({"discover", "-o", "json"}).err, "connecting to https://vc.example:443"));
  BOOST_TEST(!holds(call({"discover", "-o", "json", "--quiet"}).err, "connecting"));
  call.errTerminal.isTerminal = false;
  BOOST_TEST(!holds(call({"discover", "-o", "json"}).err, "connecting"));
}

BOOST_AUTO_TEST_CASE(the_schema_and_the_help_need_no_server) {
  Call call;
  call.environment = {{"FAILBACK_CONFIG", "/dev/null"}};
  call.server = [](FakeClient&) { BOOST_ERROR("it connected"); };
  BOOST_TEST(json::parse(call({"discover", "--print-schema"}).out)["title"] == "failback discover");
  BOOST_TEST(holds(call({"--help"}).out, "Usage: failback VERB"));
  BOOST_TEST(holds(call({"discover", "--help"}).out, "Examples:"));
  BOOST_TEST(holds(call({"--version"}).out, "failback 0."));
  BOOST_TEST(holds(call({"man"}).out, ".TH FAILBACK 1"));
  BOOST_TEST(holds(call({"completion", "bash"}).out, "complete -F _failback failback"));
  BOOST_TEST(number(call({"completion"}).code) == 2);
  BOOST_TEST(number(call({"completion", "tcsh"}).code) == 2);
}

BOOST_AUTO_TEST_CASE(a_defect_is_told_as_one) {
  Call call;
  call.server = [](FakeClient&) { throw std::logic_error("impossible"); };
  const Result result = call({"discover"});
  BOOST_TEST(number(result.code) == 1);
  BOOST_TEST(holds(result.err, "a defect of failback: impossible"));
}

BOOST_AUTO_TEST_SUITE_END()
