// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/xml_tags.h"

namespace failback::vsphere {
namespace {

constexpr auto none = std::string_view::npos;

std::string_view local(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == none ? name : name.substr(colon + 1);
}

bool isBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Behind the end of what begins at `at` with "<!" or "<?"; none when it is cut off.
std::size_t behindSpecial(std::string_view text, std::size_t at) {
  std::string_view close = ">";
  if (text.substr(at, 4) == "<!--") close = "-->";
  if (text.substr(at, 9) == "<![CDATA[") close = "]]>";
  if (text.substr(at, 2) == "<?") close = "?>";
  const std::size_t end = text.find(close, at + 2);
  return end == none ? none : end + close.size();
}

// The '>' that ends the tag; one within quotes does not.
std::size_t endOfTag(std::string_view text, std::size_t at) {
  char quote = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text[i] == '>') {
      return i;
    }
  }
  return none;
}

std::string_view typeAttribute(std::string_view attributes) {
  std::size_t at = 0;
  std::string_view plain;
  while ((at = attributes.find('=', at)) != none) {
    std::size_t nameEnd = at;
    while (nameEnd > 0 && isBlank(attributes[nameEnd - 1])) --nameEnd;
    std::size_t nameBegin = nameEnd;
    while (nameBegin > 0 && !isBlank(attributes[nameBegin - 1])) --nameBegin;
    const std::string_view name = attributes.substr(nameBegin, nameEnd - nameBegin);
    const std::size_t open = attributes.find_first_of("\"'", at);
    if (open == none) break;
    const std::size_t close = attributes.find(attributes[open], open + 1);
    if (close == none) break;
    if (local(name) == "type") {
      plain = local(attributes.substr(open + 1, close - open - 1));
      if (name.size() > 4) break;  // prefix:type wins over a reference's plain type
    }
    at = close + 1;
  }
  return plain;
}

}  // namespace

bool nextTag(std::string_view text, std::size_t from, XmlTag& tag) {
  std::size_t at = from;
  while ((at = text.find('<', at)) != none) {
    if (at + 1 >= text.size()) return false;
    if (text[at + 1] == '!' || text[at + 1] == '?') {
      at = behindSpecial(text, at);
      if (at == none) return false;
      continue;
    }
    const std::size_t close = endOfTag(text, at);
    if (close == none) return false;
    std::string_view inside = text.substr(at + 1, close - at - 1);
    tag.kind = XmlTag::Kind::start;
    if (!inside.empty() && inside.front() == '/') {
      tag.kind = XmlTag::Kind::end;
      inside.remove_prefix(1);
    } else if (!inside.empty() && inside.back() == '/') {
      tag.kind = XmlTag::Kind::empty;
      inside.remove_suffix(1);
    }
    const std::size_t nameEnd = inside.find_first_of(" \t\r\n");
    tag.name = local(inside.substr(0, nameEnd));
    tag.type = nameEnd == none ? std::string_view{} : typeAttribute(inside.substr(nameEnd));
    tag.begin = at;
    tag.end = close + 1;
    return true;
  }
  return false;
}

}  // namespace failback::vsphere
