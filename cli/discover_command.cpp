// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/discover_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <stop_token>
#include <thread>

#include "cli/errors.h"
#include "cli/nearest.h"
#include "cli/output_csv.h"
#include "cli/output_jsonl.h"
#include "cli/output_table.h"
#include "cli/server_access.h"
#include "cli/units.h"
#include "discovery/json.h"
#include "discovery/kept_inventory.h"
#include "discovery/reader.h"
#include "discovery/view.h"
#include "discovery/watch.h"

namespace failback::cli {
namespace {

using vsphere::Category;

// Beyond this the server's and our clock differ enough to mislead (ENV-CLOCK).
constexpr vsphere::Milliseconds tolerableSkew{300'000};

std::vector<discovery::Kind> kindsOf(const Arguments& arguments) {
  std::vector<discovery::Kind> kinds;
  for (const std::string& text : arguments.all("kind")) {
    const auto kind = discovery::kindFromText(text);
    if (!kind) {
      std::vector<std::string> names;
      for (const discovery::KindInfo& row : discovery::allKinds()) names.emplace_back(row.name);
      vsphere::fail(Category::usage,
                    fmt::format("--kind: there is no kind \"{}\"{}", text, didYouMean(text, names)),
                    fmt::format("name one of {}", fmt::join(names, ", ")));
    }
    if (std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) kinds.push_back(*kind);
  }
  return kinds;
}

vsphere::Depth depthOf(const Arguments& arguments) {
  if (arguments.has("thin") && arguments.has("full")) {
    vsphere::fail(Category::usage, "--thin and --full were both given", "use one of them, or neither");
  }
  if (arguments.has("thin")) return vsphere::Depth::thin;
  return arguments.has("full") ? vsphere::Depth::full : vsphere::Depth::standard;
}

// All that one run of the command needs to know.
struct Wish {
  std::string format;
  discovery::ReadOptions read;
  std::string file;  // --out; empty: standard output
  bool watch = false;
  std::optional<vsphere::Milliseconds> watchFor;
};

// What --watch goes with, and what not.
void takeWatch(const Arguments& arguments, Wish& wish) {
  wish.watch = arguments.has("watch");
  if (const auto time = arguments.one("for")) wish.watchFor = parseDuration(*time, "--for");
  if (wish.watchFor && !wish.watch)
    vsphere::fail(Category::usage, "--for says how long to --watch", "give both");
  if (!wish.watch) return;
  if (wish.format != "jsonl") {
    vsphere::fail(Category::usage, "--watch tells changes line by line", "add -o jsonl");
  }
  if (!wish.file.empty()) {
    vsphere::fail(Category::usage,
                  "--out writes a file that appears when all is written, and a watch has no end",
                  "send standard output to a file: failback discover -o jsonl --watch > FILE");
  }
}

// Asks to stop when the process is told to, and when nobody reads the output any more: a watch on a quiet
// site writes nothing, and would not notice.
class WatchStop {
 public:
  WatchStop(const std::stop_token& outer, const Output& out)
      : forward_(outer, [this] { source_.request_stop(); }),
        looker_([this, &out](const std::stop_token& end) { look(end, out); }) {}

  std::stop_token token() const { return source_.get_token(); }
  bool readerHasGone() const { return readerHasGone_; }

 private:
  void look(const std::stop_token& end, const Output& out) {
    while (!end.stop_requested() && !readerHasGone_) {
      vsphere::systemClock().sleepUntil(vsphere::systemClock().now() + std::chrono::milliseconds(500), end);
      if (!out.readerHasGone()) continue;
      readerHasGone_ = true;
      source_.request_stop();
    }
  }

  std::stop_source source_;
  std::atomic<bool> readerHasGone_{false};
  std::stop_callback<std::function<void()>> forward_;
  std::jthread looker_;
};

Wish discoverWishOf(const Arguments& arguments) {
  Wish wish;
  wish.format = arguments.one("output").value_or("table");
  wish.file = arguments.one("out").value_or("");
  wish.read.depth = depthOf(arguments);
  discovery::FilterSpec& filter = wish.read.filter;
  filter.kinds = kindsOf(arguments);
  filter.datacenters = arguments.all("datacenter");
  filter.hosts = arguments.all("host");
  filter.names = arguments.all("name");
  if (arguments.has("out") && wish.file.empty()) vsphere::fail(Category::usage, "--out wants a file's name");
  if (wish.format == "csv") {
    if (filter.kinds.size() > 1) {
      vsphere::fail(Category::usage, "a CSV file holds objects of one kind", "give --kind once");
    }
    if (filter.kinds.empty()) filter.kinds = {discovery::Kind::virtualMachine};
  }
  takeWatch(arguments, wish);
  return wish;
}

// What was and what was not read, in the end.
struct Tally {
  std::size_t objects = 0;
  std::size_t unreadable = 0;
  std::map<std::string, std::size_t> reasons;
  std::optional<std::int64_t> clockSkewMs;

  void count(const vsphere::Unreadable& entry) {
    ++unreadable;
    ++reasons[entry.reason];
  }
};

std::string holesText(const Tally& tally) {
  std::vector<std::string> parts;
  parts.reserve(tally.reasons.size());
  for (const auto& [reason, count] : tally.reasons) parts.push_back(fmt::format("{} {}", count, reason));
  return fmt::format(
      "incomplete: {} {} could not be read or may be old ({}); see what is listed as unreadable",
      tally.unreadable, tally.unreadable == 1 ? "thing" : "things", fmt::join(parts, ", "));
}

class Run {
 public:
  Run(const Arguments& arguments, Surroundings& surroundings, Console& console)
      : arguments_(arguments),
        surroundings_(surroundings),
        console_(console),
        wish_(discoverWishOf(arguments)) {}

  ExitCode go() {
    const Settings settings = settingsFor(arguments_, surroundings_, console_);
    try {
      const Tally tally = readAndWrite(settings);
      return conclude(tally);
    } catch (const vsphere::Failure& failure) {
      console_.endProgress();
      return showError(placed(failure.error()), settings.describe(), console_);
    }
  }

  // Lines that come to the same terminal as the progress would be mixed up with it.
  bool writesWhileItReads() const {
    return wish_.format == "jsonl" && wish_.file.empty() && surroundings_.outTerminal.isTerminal;
  }

 private:
  Tally readAndWrite(const Settings& settings) {
    std::optional<AtomicFile> file;
    if (!wish_.file.empty()) file.emplace(wish_.file);
    Output& out = file ? static_cast<Output&>(*file) : surroundings_.out;
    const vsphere::Context context = workContext(settings, surroundings_);
    console_.progress(fmt::format("connecting to {}", settings.connection.url.origin()));
    vsphere::ClientOptions options = clientOptions(settings, arguments_, console_);
    options.patience = settings.patience;
    const auto client = surroundings_.connect(options, settings.credentials, context);
    reading_ = true;
    wish_.read.onProgress = [&](std::uint64_t objects) {
      read_ = objects;
      console_.progress(fmt::format("reading {}: {} objects", settings.connection.url.host, objects));
    };
    console_.progress(fmt::format("reading {}", settings.connection.url.host));
    Tally tally = wish_.watch               ? watch(*client, out, context)
                  : wish_.format == "jsonl" ? stream(*client, out, context)
                                            : collect(*client, out, context);
    console_.endProgress();
    finished_ = true;
    if (file) file->commit();
    showCalls(*client, arguments_, console_);
    return tally;
  }

  // An error in the middle of the reading says what of the result is there, and what is missing.
  vsphere::Error placed(vsphere::Error error) const {
    if (!reading_ || finished_) return error;
    const bool lines = wish_.format == "jsonl" && wish_.file.empty();
    error.details.emplace_back(
        "missing", lines ? fmt::format("all but the {} objects read so far; the lines that were written are "
                                       "true, and the summary that ends a whole dump is not among them",
                                       read_)
                         : fmt::format("all: {} objects had been read, and nothing was written", read_));
    return error;
  }

  Tally stream(vsphere::Client& client, Output& out, const vsphere::Context& context) {
    JsonLines lines(out, wish_.read.depth, generator());
    discovery::streamInventory(client, wish_.read, lines, context);
    lines.complete();
    return tallyOf(lines, client);
  }

  // Ends well when it is told to end, by a signal or by --for, once the first picture is told.
  Tally watch(vsphere::Client& client, Output& out, const vsphere::Context& context) {
    JsonLines lines(out, wish_.read.depth, generator());
    const WatchStop stop(surroundings_.stop, out);
    vsphere::Context later =
        vsphere::Context(surroundings_.clock).withStop(stop.token()).withOperationId(context.operationId());
    if (wish_.watchFor) later = later.withTimeout(*wish_.watchFor);
    try {
      discovery::watchInventory(client, wish_.read, lines, context.withStop(stop.token()), later);
    } catch (const vsphere::Failure& failure) {
      if (stop.readerHasGone()) throw OutputClosed();
      const Category category = failure.error().category;
      const bool wanted =
          category == Category::interrupted ||
          (category == Category::deadline && wish_.watchFor && later.remaining().count() == 0);
      if (!lines.isComplete() || !wanted) throw;
    }
    return tallyOf(lines, client);
  }

  static std::string generator() { return fmt::format("failback {}", programVersion()); }

  static Tally tallyOf(const JsonLines& lines, const vsphere::Client& client) {
    Tally tally;
    tally.objects = lines.objects();
    tally.reasons = lines.reasons();
    for (const auto& [reason, count] : tally.reasons) tally.unreadable += count;
    tally.clockSkewMs = client.server().clockSkewMs;
    return tally;
  }

  Tally collect(vsphere::Client& client, Output& out, const vsphere::Context& context) {
    const discovery::KeptInventory kept = discovery::keepInventory(client, wish_.read, context);
    const discovery::View view(kept);
    console_.endProgress();
    if (wish_.format == "json") {
      discovery::writeDump(view, generator(), [&](std::string_view piece) { out.write(piece); });
    } else if (wish_.format == "csv") {
      writeCsv(view, wish_.read.filter.kinds.front(), out);
    } else {
      // A file is no terminal, whatever standard output is.
      writeTables(view, wish_.file.empty() ? surroundings_.outTerminal : Terminal{}, out);
    }
    out.flush();
    Tally tally;
    tally.objects = view.size();
    for (const vsphere::Unreadable* entry : view.unreadable()) tally.count(*entry);
    tally.clockSkewMs = kept.world.vcenter.clockSkewMs;
    return tally;
  }

  ExitCode conclude(const Tally& tally) {
    const discovery::FilterSpec& filter = wish_.read.filter;
    const bool restricted = !filter.names.empty() || !filter.hosts.empty() || !filter.datacenters.empty();
    if (tally.objects == 0) {
      console_.warn(restricted ? "nothing matches --name, --host and --datacenter as given"
                               : "the server shows nothing of this to this account");
    }
    if (tally.clockSkewMs && std::abs(*tally.clockSkewMs) > tolerableSkew.count()) {
      console_.warn(fmt::format("the server's clock differs from ours by {}: check NTP on both",
                                humanDuration(vsphere::Milliseconds(std::abs(*tally.clockSkewMs)))));
    }
    if (tally.unreadable == 0) return ExitCode::ok;
    console_.warn(holesText(tally));
    return ExitCode::holes;
  }

  const Arguments& arguments_;
  Surroundings& surroundings_;
  Console& console_;
  Wish wish_;
  bool reading_ = false, finished_ = false;
  std::uint64_t read_ = 0;  // objects
};

}  // namespace

ExitCode discover(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  if (arguments.has("print-schema")) {
    surroundings.out.write(discovery::dumpSchema());
    surroundings.out.flush();
    return ExitCode::ok;
  }
  applyColour(arguments, surroundings);
  Run run(arguments, surroundings, console);
  console.setQuiet(arguments.has("quiet") || run.writesWhileItReads());
  return run.go();
}

}  // namespace failback::cli
