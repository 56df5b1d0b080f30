// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/plan_forms.h"

#include <algorithm>
#include <array>
#include <regex>
#include <string>

namespace failback::provisioning {

std::vector<std::string> bootEntries(const Source& source) {
  std::vector<std::string> entries;
  std::size_t from = 0;
  while (from < source.bootOrder.size()) {
    const std::size_t comma = std::min(source.bootOrder.find(',', from), source.bootOrder.size());
    std::string entry = source.bootOrder.substr(from, comma - from);
    entry.erase(0, entry.find_first_not_of(' '));
    entries.push_back(std::move(entry));
    from = comma + 1;
  }
  return entries;
}

namespace {

// In the order of Form.
constexpr std::array<FormInfo, 7> forms{{
    {"", "text"},
    {"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "1 to 64 letters, digits, dots, dashes, underscores"},
    {"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
     "a UUID in lower case, such as 52b5c3d6-19a4-4f3e-8c1b-2f6a9d0e7c55"},
    {"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
     "a disk's UUID, such as 6000C29a-5c1d-8f0e-3b7a-2d4e6f8091a3"},
    {"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", "a MAC address in lower case, such as 00:50:56:9a:01:02"},
    {"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$",
     "a time as RFC 3339 writes it, such as 2026-11-26T18:00:00Z"},
    {"^(\\[[0-9A-Fa-f:]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$", "host or host:port"},
}};

const std::regex& expression(Form form) {
  static const auto all = [] {
    std::array<std::regex, forms.size()> made;
    for (std::size_t i = 1; i < forms.size(); ++i) made[i] = std::regex(std::string(forms[i].pattern));
    return made;
  }();
  return all[static_cast<std::size_t>(form)];
}

}  // namespace

const FormInfo& formInfo(Form form) {
  return forms[static_cast<std::size_t>(form)];
}

bool hasForm(std::string_view text, Form form) {
  // std::regex follows long texts with the stack.
  if (form == Form::any) return true;
  return text.size() <= 256 && std::regex_match(text.begin(), text.end(), expression(form));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace failback::provisioning
