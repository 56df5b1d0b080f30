// SPDX-License-Identifier: GPL-2.0-or-later
// UserDirectory: who there is.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/user_directory.h"

namespace failback::mock {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// Login name and domain of "name@domain" and "DOMAIN\name"; no domain: local.
std::pair<std::string, std::string> split(std::string_view principal) {
  const auto slash = principal.find('\\');
  if (slash != std::string_view::npos)
    return {std::string(principal.substr(slash + 1)), lower(principal.substr(0, slash))};
  const auto at = principal.find('@');
  if (at == std::string_view::npos) return {std::string(principal), {}};
  return {std::string(principal.substr(0, at)), lower(principal.substr(at + 1))};
}

class DirectorySearch {
 public:
  explicit DirectorySearch(const Operation& op)
      : op_(op),
        sought_(lower(op.text("searchStr"))),
        exact_(op.flag("exactMatch")),
        domain_(lower(op.text("domain"))) {
    const std::string group = op.text("belongsToGroup"), user = op.text("belongsToUser");
    if (!group.empty() && !findPrincipal(op.world, group, true)) notFound(group);
    member_ = user.empty() ? nullptr : op.world.findUser(user);
    if (!user.empty() && !member_) notFound(user);
    if (!domain_.empty() && !hasDomain()) notFound(domain_);
    group_ = group;
  }

  std::vector<Value> run() {
    if (op_.flag("findUsers") && !member_) {
      for (const auto& user : op_.world.users) {
        if (group_.empty() || inGroup(*user, group_)) add(user->name, false);
      }
    }
    if (op_.flag("findGroups") && group_.empty()) {
      for (const std::string& group : op_.world.groups) {
        if (!member_ || inGroup(*member_, group)) add(group, true);
      }
    }
    return std::move(found_);
  }

 private:
  [[noreturn]] static void notFound(const std::string& what) {
    throw makeFault("NotFound", fmt::format("'{}' was not found.", what));
  }

  static bool inGroup(const User& user, std::string_view group) {
    return std::any_of(user.groups.begin(), user.groups.end(),
                       [&](const std::string& each) { return samePrincipal(each, group); });
  }

  bool hasDomain() const {
    const List* known = op_.self.properties().get("domainList").asList();
    return known && std::any_of(known->items.begin(), known->items.end(),
                                [&](const Value& each) { return lower(each.string()) == domain_; });
  }

  void add(const std::string& principal, bool group) {
    const auto [name, domain] = split(principal);
    const std::string simple = lower(name);
    if (exact_ ? simple != sought_ : simple.find(sought_) == std::string::npos) return;
    if (domain != domain_) return;  // no domain: local ones
    found_.push_back(
        object("UserSearchResult", {{"principal", name}, {"fullName", principal}, {"group", group}}));
  }

  const Operation& op_;
  std::string sought_;
  bool exact_;
  std::string domain_, group_;
  const User* member_ = nullptr;
  std::vector<Value> found_;
};

Answer retrieveUserGroups(Operation& op) {
  std::vector<Value> found = DirectorySearch(op).run();
  return found.empty() ? Answer{} : Answer{list(std::move(found)), {}};
}

constexpr std::array<OperationEntry, 1> operations{{{"RetrieveUserGroups", retrieveUserGroups}}};

}  // namespace

std::optional<std::string> findPrincipal(const World& world, std::string_view name, bool group) {
  if (group) {
    for (const std::string& each : world.groups) {
      if (samePrincipal(each, name)) return each;
    }
    return std::nullopt;
  }
  const User* user = world.findUser(name);
  return user ? std::optional<std::string>(user->name) : std::nullopt;
}

std::span<const OperationEntry> userDirectoryOperations() {
  return operations;
}

}  // namespace failback::mock
