// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "provisioning/plan/document_builder.h"

namespace failback::provisioning {

const Member* Node::find(std::string_view name) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

std::string_view describe(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::boolean:
      return "true or false";
    case Node::Kind::number:
      return "a number";
    case Node::Kind::text:
      return "text";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "";
}

std::string describe(const Problem& problem, std::string_view file) {
  std::string line(file);
  if (problem.place.line > 0) line += fmt::format(":{}", problem.place.line);
  if (problem.place.line > 0 && problem.place.column > 0) line += fmt::format(":{}", problem.place.column);
  if (!problem.pointer.empty()) line += fmt::format(": {}", problem.pointer);
  line += fmt::format(": {}", problem.text);
  if (!problem.expected.empty()) line += fmt::format("; expected {}", problem.expected);
  return line;
}

std::string below(std::string_view pointer, std::string_view name) {
  std::string result(pointer);
  result += '/';
  for (const char c : name) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

std::string below(std::string_view pointer, std::size_t index) {
  return fmt::format("{}/{}", pointer, index);
}

namespace {

std::string unescaped(std::string_view step) {
  std::string name;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    name += escape ? (step[i + 1] == '1' ? '/' : '~') : step[i];
    if (escape) ++i;
  }
  return name;
}

}  // namespace

Place placeOf(const Node& root, std::string_view pointer) {
  const Node* node = &root;
  Place place = root.place;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string name = unescaped(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(std::min(pointer.find('/'), pointer.size()));
    if (const Member* member = node->find(name)) {
      node = &member->value;
      place = member->place;
      continue;
    }
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (node->kind != Node::Kind::list || error != std::errc() || index >= node->items.size()) break;
    node = &node->items[index];
    place = node->place;
  }
  return place;
}

Node parseDocument(std::string_view text, std::vector<Problem>& problems) {
  if (text.size() > largestDocument) {
    problems.push_back({"",
                        {},
                        fmt::format("is {} bytes long", text.size()),
                        fmt::format("at most {} bytes", largestDocument)});
    return {};
  }
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    problems.push_back({"", {1, 1}, "is empty", ""});
    return {};
  }
  return text[first] == '{' || text[first] == '[' ? readJson(text, problems) : readYaml(text, problems);
}

}  // namespace failback::provisioning
