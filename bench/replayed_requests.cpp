// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/replayed_requests.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "vsphere/recording_names.h"

namespace failback::bench {
namespace {

std::string read(const std::filesystem::path& file, std::size_t limit = std::string::npos) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + " can't be read");
  if (limit != std::string::npos) {
    std::string head(limit, '\0');
    in.read(head.data(), static_cast<std::streamsize>(limit));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return head;
  }
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

// Where the text of the first element of that local name stands; nothing: there is none.
std::optional<std::pair<std::size_t, std::size_t>> textOf(std::string_view xml, std::string_view name) {
  for (std::size_t at = xml.find(name); at != std::string_view::npos; at = xml.find(name, at + 1)) {
    const char before = at == 0 ? ' ' : xml[at - 1];
    const std::size_t after = at + name.size();
    if ((before != '<' && before != ':') || after >= xml.size() || (xml[after] != '>' && xml[after] != ' '))
      continue;
    const std::size_t start = xml.find('>', after);
    const std::size_t end = start == std::string_view::npos ? start : xml.find('<', start);
    if (end == std::string_view::npos) return std::nullopt;
    return std::pair(start + 1, end - start - 1);
  }
  return std::nullopt;
}

void setText(std::string& xml, std::string_view name, const std::string& text) {
  const auto place = textOf(xml, name);
  if (!place) throw std::runtime_error("the recorded login has no " + std::string(name));
  xml.replace(place->first, place->second, escaped(text));
}

// What a session gives out: the id of what was created, the token of the next page.
std::optional<std::string> handedOut(const RecordedCall& call, std::string_view answer) {
  const auto place = textOf(answer, call.isPage() ? "token" : "returnval");
  if (!place || (!call.isPage() && !call.method.starts_with("Create"))) return std::nullopt;
  return std::string(answer.substr(place->first, place->second));
}

}  // namespace

std::vector<RecordedCall> recordedCalls(const std::filesystem::path& folder) {
  std::vector<std::pair<std::size_t, RecordedCall>> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = vsphere::parseRecordingName(entry.path().filename().string(), "");
    if (!name || name->part != "request.xml" || std::filesystem::file_size(entry.path()) == 0) continue;
    RecordedCall call{name->method, entry.path(), folder / (name->stem + ".response.xml")};
    if (!std::filesystem::exists(call.response)) continue;
    call.packed =
        read(folder / (name->stem + ".headers")).find("< content-encoding: gzip") != std::string::npos;
    found.emplace_back(name->number, std::move(call));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<RecordedCall> calls;
  calls.reserve(found.size());
  for (auto& [number, call] : found) calls.push_back(std::move(call));
  if (calls.empty()) throw std::runtime_error(folder.string() + " holds no recorded calls");
  return calls;
}

std::string ReplayedRequests::envelope(const RecordedCall& call, const std::string& user,
                                       const std::string& password) const {
  std::string text = read(call.request);
  if (call.isLogin()) {
    setText(text, "userName", user);
    setText(text, "password", password);
  }
  for (const auto& [old, now] : renamed_) {
    for (std::size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + now.size())) {
      text.replace(at, old.size(), now);
    }
  }
  return text;
}

void ReplayedRequests::learn(const RecordedCall& call, std::string_view answer) {
  const auto now = handedOut(call, answer);
  if (!now) return;
  const auto then = handedOut(call, read(call.response, answerHead));
  // A short id might be part of something else: a whole element's text is replaced.
  if (then && *then != *now) renamed_['>' + *then + '<'] = '>' + *now + '<';
}

}  // namespace failback::bench
