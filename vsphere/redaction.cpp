// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/redaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "vsphere/sha256.h"
#include "vsphere/xml_tags.h"

namespace failback::vsphere {
namespace {

constexpr std::string_view mask = "***";
constexpr std::size_t shortSecret = 8;
constexpr std::size_t licenceSize = 29;  // five groups of five, with dashes

// Elements whose content is secret, by local name; `within` is an element around it, empty: anywhere.
struct Rule {
  std::string_view within, element;
};
constexpr std::array<Rule, 17> rules{{
    {"", "base64Token"},          // LoginBySSPI
    {"", "Assertion"},            // SAML, in the header of LoginByToken
    {"", "BinarySecurityToken"},  // WS-Security
    {"", "SignatureValue"},       // likewise
    {"", "cloneTicket"},          // CloneSession
    {"", "ticket"},               // console tickets
    {"", "sessionId"},            // TerminateSession, CIM tickets, login events
    {"", "privateKey"},           // certificates
    {"", "passphrase"},           //
    {"AcquireCloneTicketResponse", "returnval"},
    {"AcquireGenericServiceTicketResponse", "id"},
    {"AcquireTicketResponse", "url"},
    {"LoginResponse", "key"},
    {"LoginByTokenResponse", "key"},
    {"LoginExtensionByCertificateResponse", "key"},
    {"CloneSessionResponse", "key"},
    {"ImpersonateUserResponse", "key"},
}};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool isWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

struct Element {
  std::string_view name, type;
  std::string_view lastKey;  // the content of its latest child named key, for OptionValue and KeyValue
};

bool isSession(const Element& element) {
  return element.type == "UserSession" || element.name == "UserSession" || element.name == "currentSession" ||
         element.name == "sessionList";
}

bool isSecretKey(std::string_view key) {
  constexpr std::array<std::string_view, 6> parts{"password", "passwd",     "passphrase",
                                                  "secret",   "privatekey", "token"};
  const std::string name = lower(key);
  return std::any_of(parts.begin(), parts.end(),
                     [&name](std::string_view part) { return name.find(part) != std::string::npos; });
}

// Is the content of the innermost element of `path` secret?
bool isSecret(const std::vector<Element>& path) {
  const std::string_view name = path.back().name;
  if (endsWith(lower(name), "password")) return true;
  for (const Rule& rule : rules) {
    if (rule.element != name) continue;
    if (rule.within.empty()) return true;
    for (const Element& outer : path) {
      if (outer.name == rule.within) return true;
    }
  }
  if (path.size() < 2) return false;
  const Element& parent = path[path.size() - 2];
  if (name == "key") return isSession(parent);
  if (name == "value") return isSecretKey(parent.lastKey);
  return name == "url" && (parent.name == "deviceUrl" || parent.type == "HttpNfcLeaseDeviceUrl");
}

// The '<' of the tag that ends the element whose start tag ended at `from`; none when the text is cut short.
std::size_t endOfElement(std::string_view xml, std::size_t from) {
  XmlTag tag;
  std::size_t depth = 1;
  for (std::size_t at = from; nextTag(xml, at, tag); at = tag.end) {
    if (tag.kind == XmlTag::Kind::start) ++depth;
    if (tag.kind == XmlTag::Kind::end && --depth == 0) return tag.begin;
  }
  return std::string_view::npos;
}

std::string utf8(unsigned long code) {
  std::string out;
  const auto add = [&out](unsigned long byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xc0 | (code >> 6));
    add(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    add(0xe0 | (code >> 12));
    add(0x80 | ((code >> 6) & 0x3f));
    add(0x80 | (code & 0x3f));
  } else {
    add(0xf0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3f));
    add(0x80 | ((code >> 6) & 0x3f));
    add(0x80 | (code & 0x3f));
  }
  return out;
}

// A character that is written as an XML entity or percent-encoded at the beginning of `text`.
struct Encoded {
  std::string character;
  std::size_t length;
};
std::optional<Encoded> encodedAt(std::string_view text) {
  constexpr std::size_t longest = 10;  // "&#x10FFFF;"
  if (text[0] == '%' && text.size() >= 3 && std::isxdigit(static_cast<unsigned char>(text[1])) != 0 &&
      std::isxdigit(static_cast<unsigned char>(text[2])) != 0) {
    const auto byte = std::stoul(std::string(text.substr(1, 2)), nullptr, 16);
    return Encoded{std::string(1, static_cast<char>(static_cast<unsigned char>(byte))), 3};
  }
  if (text[0] != '&') return std::nullopt;
  const std::size_t end = text.substr(0, longest).find(';');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(1, end - 1);
  constexpr std::array<std::pair<std::string_view, char>, 5> named{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [entity, character] : named) {
    if (entity == name) return Encoded{std::string(1, character), end + 1};
  }
  if (name.size() < 2 || name[0] != '#') return std::nullopt;
  const bool hex = name[1] == 'x' || name[1] == 'X';
  const std::string digits(name.substr(hex ? 2 : 1));
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), [hex](unsigned char c) {
        return hex ? std::isxdigit(c) != 0 : std::isdigit(c) != 0;
      })) {
    return std::nullopt;
  }
  return Encoded{utf8(std::stoul(digits, nullptr, hex ? 16 : 10)), end + 1};
}

// How many characters at the beginning of `text` spell `secret`, each of them plain or encoded; 0: they
// don't.
std::size_t spelled(std::string_view text, std::string_view secret) {
  std::size_t at = 0;
  while (!secret.empty()) {
    if (at >= text.size()) return 0;
    if (const auto encoded = encodedAt(text.substr(at));
        encoded && secret.substr(0, encoded->character.size()) == encoded->character) {
      secret.remove_prefix(encoded->character.size());
      at += encoded->length;
    } else if (text[at] == secret[0]) {
      secret.remove_prefix(1);
      ++at;
    } else {
      return 0;
    }
  }
  return at;
}

bool isLicence(std::string_view text) {
  if (text.size() != licenceSize) return false;
  for (std::size_t i = 0; i < licenceSize; ++i) {
    const char c = text[i];
    const bool good = i % 6 == 5 ? c == '-' : (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!good) return false;
  }
  // The evaluation licence's key is the same everywhere, and rules ask for it.
  return text.find_first_not_of("0-") != std::string_view::npos;
}

// "name=***; Path=/; ...": the name and the attributes of a cookie say something, the value must not.
std::string cookie(std::string_view value) {
  const std::size_t end = std::min(value.find(';'), value.size());
  const std::size_t equals = value.substr(0, end).find('=');
  if (equals == std::string_view::npos) return std::string(mask);
  return fmt::format("{}={}{}", value.substr(0, equals), mask, value.substr(end));
}

}  // namespace

void Redactor::addSecret(const Secret& secret) {
  if (secret.empty()) return;
  const std::unique_lock lock(secretsMutex_);
  secrets_.push_back(secret);
}

bool Redactor::holdsSecretWith(char character) const {
  const std::shared_lock lock(secretsMutex_);
  return std::any_of(secrets_.begin(), secrets_.end(), [character](const Secret& secret) {
    return secret.reveal().find(character) != std::string_view::npos;
  });
}

std::string Redactor::withoutSecrets(std::string_view plain, std::string_view holding) const {
  const std::shared_lock lock(secretsMutex_);
  std::vector<std::string_view> wantedOnes;
  for (const Secret& secret : secrets_) {
    if (secret.reveal().find(holding) != std::string_view::npos) wantedOnes.push_back(secret.reveal());
  }
  if (wantedOnes.empty()) return std::string(plain);
  std::string out;
  out.reserve(plain.size());
  for (std::size_t at = 0; at < plain.size();) {
    std::size_t length = 0;
    for (const std::string_view wanted : wantedOnes) {
      if (plain[at] != wanted[0] && plain[at] != '&' && plain[at] != '%') continue;
      const std::size_t found = spelled(plain.substr(at), wanted);
      const bool word =
          (at == 0 || !isWord(plain[at - 1])) && (at + found >= plain.size() || !isWord(plain[at + found]));
      if (found > length && (wanted.size() >= shortSecret || word)) length = found;
    }
    if (length > 0) {
      out += mask;
      at += length;
    } else {
      out += plain[at++];
    }
  }
  return out;
}

std::string Redactor::licenceAlias(std::string_view key) const {
  const std::lock_guard lock(licencesMutex_);
  const std::size_t next = licences_.size() + 1;
  const std::size_t number = licences_.try_emplace(sha256(key), next).first->second;
  return fmt::format("*****-*****-*****-*****-{:05}", number);
}

std::string Redactor::withoutLicences(std::string_view plain) const {
  std::string out;
  std::size_t done = 0;
  for (std::size_t dash = plain.find('-'); dash != std::string_view::npos; dash = plain.find('-', dash + 1)) {
    if (dash < done + 5) continue;
    const std::size_t begin = dash - 5;
    const bool alone = (begin == 0 || !isWord(plain[begin - 1])) &&
                       (begin + licenceSize >= plain.size() || !isWord(plain[begin + licenceSize]));
    if (!alone || !isLicence(plain.substr(begin, licenceSize))) continue;
    out.append(plain.substr(done, begin - done)).append(licenceAlias(plain.substr(begin, licenceSize)));
    done = begin + licenceSize;
    dash = done - 1;
  }
  return out.append(plain.substr(done));
}

std::string Redactor::text(std::string_view plain) const {
  std::string out = withoutLicences(withoutSecrets(plain));
  constexpr std::string_view name = "vmware_soap_session=";
  for (std::size_t at = out.find(name); at != std::string::npos; at = out.find(name, at + name.size())) {
    const std::size_t begin = at + name.size();
    const std::size_t end = std::min(out.find_first_of("; \r\n", begin), out.size());
    out.replace(begin, end - begin, mask);
  }
  return out;
}

std::string Redactor::header(std::string_view name, std::string_view value) const {
  const std::string key = lower(name);
  if (key == "set-cookie" || key == "cookie") return cookie(value);
  if (key == "authorization" || key == "proxy-authorization" || key == "vmware-api-session-id" ||
      key == "x-vmware-vcloud-access-token") {
    return std::string(mask);
  }
  return text(value);
}

std::string Redactor::body(std::string_view message) const {
  // A secret with a '<' would be taken for a tag where the message is no proper XML (a proxy's page).
  const std::string cleaned = holdsSecretWith('<') ? withoutSecrets(message, "<") : std::string();
  const std::string_view xml = cleaned.empty() ? message : cleaned;
  std::string out;
  out.reserve(xml.size());
  std::vector<Element> path;
  const auto clean = [this](std::string_view text) { return withoutLicences(withoutSecrets(text)); };
  std::size_t at = 0;
  XmlTag tag;
  while (nextTag(xml, at, tag)) {
    const std::string_view content = xml.substr(at, tag.begin - at);
    out += clean(content);
    out += xml.substr(tag.begin, tag.end - tag.begin);
    at = tag.end;
    if (tag.kind == XmlTag::Kind::end) {
      if (!path.empty()) path.pop_back();
      if (tag.name == "key" && !path.empty()) path.back().lastKey = content;
    }
    if (tag.kind != XmlTag::Kind::start) continue;
    path.push_back({tag.name, tag.type, {}});
    if (!isSecret(path)) continue;
    const std::size_t end = endOfElement(xml, at);
    if (end == std::string_view::npos) return out += mask;  // cut short within the secret
    if (end > at) out += mask;
    at = end;
  }
  // What is left may be text, or a tag that is cut off, or no XML at all.
  return out += text(xml.substr(at));
}

}  // namespace failback::vsphere
