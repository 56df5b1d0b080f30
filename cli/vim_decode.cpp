// SPDX-License-Identifier: GPL-2.0-or-later
// vim-decode: shows recorded messages of the vSphere API as failback understands them. docs/vim-decode.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/exit_code.h"
#include "discovery/json.h"
#include "vsphere/message_inspector.h"

namespace {

using namespace failback;  // NOLINT(google-build-using-namespace): a program of one file
using Json = nlohmann::ordered_json;
using cli::ExitCode;

constexpr std::string_view responseEnding = ".response.xml";

std::string readFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) vsphere::fail(vsphere::Category::usage, name + ": can't be opened");
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // Opening a directory succeeds; reading it does not.
  if (file.bad()) vsphere::fail(vsphere::Category::usage, name + ": can't be read");
  return text;
}

// The request that a recording keeps beside its answer; empty when there is none.
std::string requestBeside(const std::string& name) {
  if (!name.ends_with(responseEnding)) return {};
  const std::string request = name.substr(0, name.size() - responseEnding.size()) + ".request.xml";
  if (!std::ifstream(request)) return {};
  return readFile(request);
}

Json objectOf(const vsphere::InventoryObject& object) {
  return std::visit(
      [](const auto& typed) {
        return Json::parse(discovery::jsonLine(typed, vsphere::Depth::full, nullptr));
      },
      object);
}

Json valuesOf(const vsphere::InventoryPage& page) {
  Json objects = Json::array();
  for (const vsphere::InventoryObject& object : page.objects) objects.push_back(objectOf(object));
  Json unreadable = Json::array();
  for (const vsphere::Unreadable& what : page.unreadable)
    unreadable.push_back(Json::parse(discovery::jsonLine(what)));
  Json values{{"objects", std::move(objects)}, {"unreadable", std::move(unreadable)}};
  if (!page.token.empty()) values["token"] = page.token;
  if (page.notAuthenticated) values["notAuthenticated"] = true;
  return values;
}

std::string_view toString(vsphere::ObjectUpdate::Kind kind) {
  switch (kind) {
    case vsphere::ObjectUpdate::Kind::enter:
      return "enter";
    case vsphere::ObjectUpdate::Kind::leave:
      return "leave";
    case vsphere::ObjectUpdate::Kind::modify:
      break;
  }
  return "modify";
}

Json updateOf(const vsphere::ObjectUpdate& update) {
  Json json{{"kind", toString(update.kind)},
            {"object", Json{{"type", update.object.type}, {"value", update.object.value}}},
            {"changes", Json::array()}};
  for (const vsphere::PropertyUpdate& change : update.changes)
    json["changes"].push_back(Json{{"path", change.path}, {"op", change.op}});
  json["complete"] = update.complete;
  if (update.kind == vsphere::ObjectUpdate::Kind::enter && update.value)
    json["value"] = objectOf(*update.value);
  return json;
}

Json valuesOf(const vsphere::UpdatePage& page) {
  Json updates = Json::array();
  for (const vsphere::FilterUpdate& filter : page.filters)
    for (const vsphere::ObjectUpdate& update : filter.objects) updates.push_back(updateOf(update));
  return Json{{"version", page.version},
              {"truncated", page.truncated},
              {"timedOut", page.timedOut},
              {"updates", std::move(updates)}};
}

Json reportOf(const std::string& name, const vsphere::MessageReport& report) {
  Json json{{"file", name}, {"message", report.message}};
  if (report.fault) {
    json["fault"] = vsphere::toJson(*report.fault);
    if (!report.faultDetail.is_null()) json["fault"]["detail"] = report.faultDetail;
  } else {
    json["result"] = report.result;
  }
  if (report.page) json["values"] = valuesOf(*report.page);
  if (report.updates) json["values"] = valuesOf(*report.updates);
  json["leftOut"] = Json::array();
  for (const vsphere::LeftOut& what : report.leftOut)
    json["leftOut"].push_back(Json{{"path", what.path}, {"type", what.type}, {"reason", what.reason}});
  return json;
}

// Decodes one file and prints what it holds. The file's part of the exit code.
ExitCode show(const std::string& name, int indent) {
  try {
    const std::string message = readFile(name);
    // What was recorded of a GET.
    if (message.empty() && name.ends_with(".request.xml")) {
      std::cout << Json{{"file", name}, {"message", "GET"}, {"result", nullptr}, {"leftOut", Json::array()}}
                       .dump(indent)
                << '\n';
      return ExitCode::ok;
    }
    const vsphere::MessageReport report = vsphere::inspectMessage(message, requestBeside(name));
    // Broken UTF-8 in a text is shown as U+FFFD, it is no reason to show nothing.
    std::cout << reportOf(name, report).dump(indent, ' ', false, Json::error_handler_t::replace) << '\n';
    return ExitCode::ok;
  } catch (const vsphere::Failure& failure) {
    const vsphere::Error& error = failure.error();
    const bool malformed = error.category == vsphere::Category::malformedAnswer;
    const std::string text = malformed ? name + ": " + error.text : error.text;
    std::cerr << "vim-decode: " << text << '\n';
    std::cout << Json{{"file", name}, {"error", vsphere::toJson(error)}}.dump(indent, ' ', false,
                                                                              Json::error_handler_t::replace)
              << '\n';
    return cli::exitCodeFor(error.category);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Shows recorded messages of the vSphere API as failback understands them.\n"
      "For each FILE one JSON object on one line: file, message, result or fault, leftOut (what the message "
      "holds\n"
      "and failback does not take in), and values (failback's own, where the message carries objects)."};
  std::vector<std::string> files;
  bool pretty = false;
  app.add_option("FILE", files,
                 "A recorded answer (NNN-Method.response.xml), request, or versions file.\n"
                 "The request is looked for beside the answer.")
      ->required();
  app.add_flag("--pretty", pretty, "Indent; one object after the other");
  app.footer("Exit codes: 0 all were read, 2 wrong use or no such file, 11 a message can't be read");
  try {
    app.parse(argc, argv);
    ExitCode worst = ExitCode::ok;
    for (const std::string& file : files) worst = std::max(worst, show(file, pretty ? 2 : -1));
    std::cout.flush();
    return static_cast<int>(std::cout ? worst : ExitCode::internal);
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(app.exit(error) == 0 ? ExitCode::ok : ExitCode::usage);
  } catch (const std::exception& error) {
    std::cerr << "vim-decode: " << error.what() << '\n';
    return static_cast<int>(ExitCode::internal);
  }
}
