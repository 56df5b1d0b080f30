// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/replay_transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "vsphere/recording_names.h"
#include "vsphere/soap_peek.h"

namespace failback::vsphere {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t pieceBytes = 64 * 1024;

// Nothing when there is no such file.
std::optional<std::string> readFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) fail(Category::usage, fmt::format("cannot read the recording {}", path));
  return std::move(text).str();
}

// What stands between <Body> and </Body>: headers of the envelope (operation ids) differ from run to run.
std::string soapBody(std::string_view envelope) {
  const std::size_t begin = envelope.find("Body>");
  const std::size_t end = envelope.rfind("</");
  const std::size_t close = end == std::string_view::npos ? end : envelope.rfind("</", end - 1);
  if (begin == std::string_view::npos || close == std::string_view::npos || close < begin) return {};
  return std::string(envelope.substr(begin, close - begin));
}

std::string_view lineOf(std::string_view text, std::string_view key) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ') {
      return line.substr(key.size() + 1);
    }
    at = end + 1;
  }
  return {};
}

// The first number of the first line: "status 200", and what other recorders write.
int statusOf(std::string_view headers) {
  const std::size_t digit = headers.substr(0, headers.find('\n')).find_first_of("0123456789");
  int status = 0;
  if (digit != std::string_view::npos) {
    static_cast<void>(std::from_chars(headers.data() + digit, headers.data() + headers.size(), status));
  }
  return status;
}

std::vector<std::pair<std::string, std::string>> answerHeaders(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    if (line.starts_with("< ") && colon != std::string_view::npos) {
      headers.emplace_back(line.substr(2, colon - 2), line.substr(colon + 2));
    }
    at = end + 1;
  }
  return headers;
}

Category categoryNamed(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Category::internal); ++i) {
    if (toString(static_cast<Category>(i)) == name) return static_cast<Category>(i);
  }
  return Category::internal;
}

[[noreturn]] void throwRecorded(std::string_view headers) {
  Error error;
  error.category = categoryNamed(lineOf(headers, "failed"));
  error.text = lineOf(headers, "text");
  error.remedy = lineOf(headers, "remedy");
  const Fate fate = lineOf(headers, "fate") == "notSent" ? Fate::notSent : Fate::unknown;
  throw TransportFailure(std::move(error), fate, lineOf(headers, "transient") == "yes");
}

}  // namespace

ReplayTransport::ReplayTransport(std::string directory, std::string set) : directory_(std::move(directory)) {
  std::error_code error;
  fs::directory_iterator files(directory_, error);
  if (error)
    fail(Category::usage, fmt::format("cannot read the recording {}: {}", directory_, error.message()));
  for (const auto& file : files) {
    const auto name = parseRecordingName(file.path().filename().string(), set);
    if (!name || name->part != "request.xml") continue;
    Exchange exchange;
    exchange.number = name->number;
    exchange.stem = name->stem;
    exchange.requestBody = soapBody(readFile(file.path().string()).value_or(std::string{}));
    byMethod_[name->method].push_back(std::move(exchange));
  }
  if (byMethod_.empty()) {
    fail(Category::usage, fmt::format("there is no recording in {}", directory_),
         "name the folder that --record wrote");
  }
  for (auto& [method, exchanges] : byMethod_) {
    std::sort(exchanges.begin(), exchanges.end(),
              [](const Exchange& a, const Exchange& b) { return a.number < b.number; });
  }
}

std::size_t ReplayTransport::unused() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [method, exchanges] : byMethod_) {
    count += static_cast<std::size_t>(std::count_if(exchanges.begin(), exchanges.end(),
                                                    [](const Exchange& exchange) { return !exchange.used; }));
  }
  return count;
}

std::string ReplayTransport::take(const Request& request) {
  const std::string body = soapBody(redactor_.body(request.body));
  const std::lock_guard lock(mutex_);
  const auto found = byMethod_.find(request.method);
  std::size_t recorded = 0;
  if (found != byMethod_.end()) {
    auto& exchanges = found->second;
    recorded = exchanges.size();
    auto chosen = std::find_if(exchanges.begin(), exchanges.end(), [&body](const Exchange& exchange) {
      return !exchange.used && exchange.requestBody == body;
    });
    if (chosen == exchanges.end()) {
      chosen = std::find_if(exchanges.begin(), exchanges.end(),
                            [](const Exchange& exchange) { return !exchange.used; });
    }
    if (chosen != exchanges.end()) {
      chosen->used = true;
      return chosen->stem;
    }
  }
  fail(Category::usage,
       fmt::format("the recording in {} has {} answers to {}, and {} is asked for", directory_, recorded,
                   request.method, recorded == 0 ? "one" : "one more"),
       "replay the command that was recorded, with the same options");
}

Response ReplayTransport::send(const Request& request, const Context& context) {
  context.check("a recorded answer");
  const std::string path = directory_ + "/" + take(request);
  const auto headers = readFile(path + ".headers");
  auto body = readFile(path + ".response.xml");
  const bool failed = headers && headers->starts_with("failed ");
  if (!body && headers && headers->starts_with("status 0")) {
    fail(Category::interrupted,
         fmt::format("the recorded command ended before {} was answered", request.method));
  }
  if (!body && !failed) {
    fail(Category::usage, fmt::format("the recording lacks {}.response.xml", path), "record it again");
  }
  Response response;
  if (failed) {
    response.status = 200;  // what came before it failed
  } else if (headers) {
    response.status = statusOf(*headers);
    response.headers = answerHeaders(*headers);
  } else {
    response.status = peekFault(*body) ? 500 : 200;
  }
  if (body && request.onBody && response.status == 200) {
    for (std::size_t at = 0; at < body->size(); at += pieceBytes) {
      request.onBody(std::string_view(*body).substr(at, pieceBytes));
    }
  } else if (body) {
    response.body = std::move(*body);
  }
  if (failed) throwRecorded(*headers);
  return response;
}

}  // namespace failback::vsphere
