// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/error.h"

#include <algorithm>
#include <utility>

namespace failback::vsphere {
namespace {

void appendTexts(const Error& error, std::string& line) {
  if (!line.empty()) line += ": ";
  line += error.text.empty() ? std::string(toString(error.category)) : error.text;
  for (const Error& cause : error.causes) appendTexts(cause, line);
}

}  // namespace

std::string_view toString(Category category) {
  switch (category) {
    case Category::usage:
      return "usage";
    case Category::unreachable:
      return "unreachable";
    case Category::tlsTrust:
      return "tlsTrust";
    case Category::loginRefused:
      return "loginRefused";
    case Category::notPermitted:
      return "notPermitted";
    case Category::notAuthenticated:
      return "notAuthenticated";
    case Category::sessionLost:
      return "sessionLost";
    case Category::deadline:
      return "deadline";
    case Category::interrupted:
      return "interrupted";
    case Category::malformedAnswer:
      return "malformedAnswer";
    case Category::serverBusy:
      return "serverBusy";
    case Category::notFound:
      return "notFound";
    case Category::conflict:
      return "conflict";
    case Category::concurrentAccess:
      return "concurrentAccess";
    case Category::busy:
      return "busy";
    case Category::invalidState:
      return "invalidState";
    case Category::invalidArgument:
      return "invalidArgument";
    case Category::licence:
      return "licence";
    case Category::unsupported:
      return "unsupported";
    case Category::insufficient:
      return "insufficient";
    case Category::cancelled:
      return "cancelled";
    case Category::fault:
      return "fault";
    case Category::internal:
      return "internal";
  }
  return "internal";
}

bool Error::hasCategory(Category wanted) const {
  return category == wanted || std::any_of(causes.begin(), causes.end(), [wanted](const Error& cause) {
           return cause.hasCategory(wanted);
         });
}

std::string describe(const Error& error) {
  std::string line;
  appendTexts(error, line);
  std::vector<std::string> notes;
  if (!error.fault.empty()) notes.push_back(error.fault);
  if (!error.object.empty()) notes.push_back("object " + error.object.str());
  if (!error.privilege.empty()) notes.push_back("privilege " + error.privilege);
  for (std::size_t i = 0; i < notes.size(); ++i) line += (i == 0 ? " (" : ", ") + notes[i];
  if (!notes.empty()) line += ")";
  // One line, whatever the server's text holds.
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return line;
}

Failure::Failure(Error error) : error_(std::move(error)), what_(describe(error_)) {}

void fail(Category category, std::string text, std::string remedy) {
  Error error;
  error.category = category;
  error.text = std::move(text);
  error.remedy = std::move(remedy);
  throw Failure(std::move(error));
}

}  // namespace failback::vsphere
