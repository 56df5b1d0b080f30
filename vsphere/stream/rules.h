// SPDX-License-Identifier: GPL-2.0-or-later
// How elements of an answer become members of our values: a tree of rules, one for each kind of element that
// is read. What has no rule is passed over. Rules are made once, never change, and may be used from any
// thread; what a running decoder needs besides is in Scratch.
//
// A rule works on a plain pointer, so that one small machine can drive all of them; the templates below make
// the pointers' types fit.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vsphere/model/inventory_object.h"
#include "vsphere/stream/simple_value.h"
#include "vsphere/text_case.h"

namespace failback::vsphere::stream {

// An element without children, complete.
struct Leaf {
  std::string_view text;
  Simple type = Simple::text;
  // Of a reference: its attributes.
  std::string_view managedType, serverGuid;
};

// A disk's backing, or a parent of it, while it is read.
struct BackingWork {
  Disk* disk = nullptr;
  DiskFile file;
};
struct ConfiguredAddress {
  std::optional<std::string> address, origin;
};
struct OptionWork {
  std::optional<std::string> key, value;
  bool hasValue = false;
};

// What is between an element's start and its end, for rules whose member follows from several elements.
struct Scratch {
  std::deque<BackingWork> backings;  // in the order of the chain
  std::optional<std::int64_t> capacityKb;
  std::vector<ConfiguredAddress> addresses;
  OptionWork option;
  std::optional<std::int32_t> deviceKey;
  std::optional<std::string> startAction;
  std::optional<Moref> reference;
};

// The start of an element with children.
struct Opening {
  std::string_view type;  // as written in xsi:type, else the declared one; lives as long as the rules
  // Its type has no class of its own: it is read as its nearest ancestor.
  bool degraded = false;
  // Which of Rule::variants it is; -1: none.
  int variant = -1;
};

struct Rule;

struct Child {
  std::string_view name;
  const Rule* rule = nullptr;
  bool list = false;  // the element repeats; of others the first one counts
};

struct Rule {
  enum class Kind : std::uint8_t {
    leaf,     // text of the declared simple type
    any,      // of whatever simple type xsi:type says; take() is told Simple::none for anything else
    present,  // whatever it holds: take() is told that it is there
    object,   // children
  };
  Kind kind = Kind::object;

  // leaf, any, present. False: the value does not fit.
  Simple simple = Simple::text;
  bool (*take)(void* object, const Leaf& leaf, Scratch& scratch) = nullptr;

  // object: the type that is declared there; what comes must be this or derived from it.
  std::string_view declared;
  std::vector<Child> children;
  std::vector<std::string_view> variants;
  // Gives what the children are put into; nullptr: the element is passed over.
  void* (*open)(void* parent, const Opening& opening, Scratch& scratch) = nullptr;
  // False: what it holds does not fit.
  bool (*close)(void* object, Scratch& scratch) = nullptr;
  // A variant may be read by a rule of its own.
  std::vector<const Rule*> variantRules;
};

// ------------------------------------------------------------------------------------------------- leaves

// What a member of this type is on the wire.
template <class T>
constexpr Simple simpleFor() {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::optional<bool>>) {
    return Simple::boolean;
  } else if constexpr (std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::optional<std::int32_t>> ||
                       std::is_same_v<T, std::vector<std::int32_t>>) {
    return Simple::int32;
  } else if constexpr (std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::optional<std::int64_t>>) {
    return Simple::int64;
  } else if constexpr (std::is_same_v<T, Moref> || std::is_same_v<T, std::optional<Moref>> ||
                       std::is_same_v<T, std::vector<Moref>>) {
    return Simple::reference;
  } else {
    return Simple::text;
  }
}

bool put(std::string& member, const Leaf& leaf);
bool put(std::optional<std::string>& member, const Leaf& leaf);
bool put(bool& member, const Leaf& leaf);
bool put(std::optional<bool>& member, const Leaf& leaf);
bool put(std::int32_t& member, const Leaf& leaf);
bool put(std::optional<std::int32_t>& member, const Leaf& leaf);
bool put(std::int64_t& member, const Leaf& leaf);
bool put(std::optional<std::int64_t>& member, const Leaf& leaf);
bool put(Moref& member, const Leaf& leaf);
bool put(std::optional<Moref>& member, const Leaf& leaf);
// Lists take one element.
bool put(std::vector<Moref>& member, const Leaf& leaf);
bool put(std::vector<std::string>& member, const Leaf& leaf);
bool put(std::vector<std::int32_t>& member, const Leaf& leaf);

// A leaf with code of its own.
Rule leafWith(Simple simple, bool (*take)(void*, const Leaf&, Scratch&));
// Of whatever value: that it is there is all that counts.
Rule presentRule(bool (*take)(void*, const Leaf&, Scratch&));

template <class Object, auto Member>
bool takeInto(void* object, const Leaf& leaf, Scratch&) {
  return put(static_cast<Object*>(object)->*Member, leaf);
}

// The rule of a member that is one element of simple content.
template <class Object, auto Member>
const Rule& leaf() {
  using Type = std::remove_cvref_t<decltype(std::declval<Object&>().*Member)>;
  static const Rule rule = leafWith(simpleFor<Type>(), takeInto<Object, Member>);
  return rule;
}

// The same for a member of the scratch pad.
template <auto Member>
const Rule& scratchLeaf() {
  using Type = std::remove_cvref_t<decltype(std::declval<Scratch&>().*Member)>;
  static const Rule rule = leafWith(simpleFor<Type>(), [](void*, const Leaf& leaf, Scratch& scratch) {
    return put(scratch.*Member, leaf);
  });
  return rule;
}

// A MAC address, which we keep in lower case.
template <class Object>
const Rule& macLeaf() {
  static const Rule rule = leafWith(Simple::text, [](void* object, const Leaf& leaf, Scratch&) {
    static_cast<Object*>(object)->macAddress = lowerCase(std::string(leaf.text));
    return true;
  });
  return rule;
}

// ------------------------------------------------------------------------------------------------ objects

// The child's members go into the parent's own value.
inline void* sameObject(void* parent, const Opening&, Scratch&) {
  return parent;
}
// The child is a new element of the parent's list.
template <class Parent, auto List>
void* appendTo(void* parent, const Opening&, Scratch&) {
  return &(static_cast<Parent*>(parent)->*List).emplace_back();
}

Rule objectRule(std::string_view declared, std::vector<Child> children,
                decltype(Rule::open) open = sameObject, decltype(Rule::close) close = nullptr);

// The wrapper of a list as a property's value: "ArrayOfGuestNicInfo" with elements "GuestNicInfo".
Rule arrayRule(std::string_view array, std::string_view element, const Rule& rule);

// --------------------------------------------------------------------------------------------- properties

// One property of a managed object.
struct PropertyRule {
  std::string_view path;
  const Rule* rule = nullptr;
  // Compound values are read into a second object of the same kind and go over as a whole, once all of them
  // is known to fit; nullptr: a leaf, which goes into the object itself.
  void (*commit)(void* object, void* draft) = nullptr;
};

// Long lists that grew one by one give back what they took ahead: a site's hosts and datastores are kept.
template <class Value>
void trim(Value&) {}
template <class Value>
void trim(std::vector<Value>& list) {
  constexpr std::size_t longList = 8;
  if (list.size() >= longList) list.shrink_to_fit();
}

// Moves these members.
template <class Object, auto... Members>
void commit(void* object, void* draft) {
  ((static_cast<Object*>(object)->*Members = std::exchange(static_cast<Object*>(draft)->*Members, {})), ...);
  (trim(static_cast<Object*>(object)->*Members), ...);
}

// The properties of one kind of object, by path; immutable.
class PropertyRules {
 public:
  PropertyRules(std::initializer_list<PropertyRule> rows);
  const PropertyRule* find(std::string_view path) const;
  const std::vector<PropertyRule>& rows() const { return rows_; }

 private:
  std::vector<PropertyRule> rows_;
};

const PropertyRules& datacenterRules();
const PropertyRules& folderRules();
const PropertyRules& clusterRules();
const PropertyRules& resourcePoolRules();
const PropertyRules& storagePodRules();
const PropertyRules& hostRules();
const PropertyRules& datastoreRules();
const PropertyRules& networkRules();
const PropertyRules& distributedSwitchRules();
const PropertyRules& vmRules();

// ArrayOfVirtualDevice into the VM's lists of devices.
const Rule& devicesRule();
// The value of a path with a key of extraConfig: OptionValue, or the plain value. It ends in Scratch::option.
const Rule& keyedOptionRule();
const Rule& keyedPlainRule();
// Takes what keyedOptionRule() left.
bool putKeyedOption(VirtualMachine& vm, const std::string& key, const OptionWork& option);

const PropertyRules& rulesOf(const InventoryObject& object);

}  // namespace failback::vsphere::stream
