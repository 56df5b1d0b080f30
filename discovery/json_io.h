// SPDX-License-Identifier: GPL-2.0-or-later
// Three things that walk through a value's members, as json_members.h lists them: one writes them as JSON,
// one reads them from JSON, one gives references their types back. As there is one list, what is written is
// what is read.
//
// The words of the lists:
//   member(name, x)         optional or text; left out when unset or empty
//   value(name, x)          always written
//   flag(name, x)           written only when true
//   texts/numbers(name, x)  list of texts or numbers; left out when empty
//   ref(name, x, type)      optional reference; `type` is what it usually refers to
//   refs(name, x, type)     list of references, always written at standard depth and above
//   someRefs(name, x, type) the same, left out when empty
//   list(name, x)           list of objects, always written at standard depth and above
//   some(name, x)           list of objects, left out when empty
//   group(name, f)          an object that holds the members that f(io) lists; left out when it has none
#pragma once

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "discovery/inventory.h"
#include "discovery/json_text.h"
#include "vsphere/error.h"
#include "vsphere/model/moref.h"

namespace failback::discovery {

// References to these types may also be to others: the dump's objects tell.
inline constexpr std::string_view anyType = "ManagedEntity";

class MemberWriter {
 public:
  static constexpr bool reads = false;
  // `lists`: empty lists of the kinds that are "always written" are written.
  MemberWriter(JsonText& json, bool lists) : json_(json), lists_(lists) {}

  template <class T>
  void member(std::string_view name, const std::optional<T>& x) {
    if (x) put(name, *x);
  }
  void member(std::string_view name, const std::string& x) {
    if (!x.empty()) put(name, std::string_view(x));
  }
  template <class T>
  void value(std::string_view name, const T& x) {
    put(name, x);
  }
  void flag(std::string_view name, bool x) {
    if (x) put(name, x);
  }
  void texts(std::string_view name, const std::vector<std::string>& x) { putAll(name, x); }
  void numbers(std::string_view name, const std::vector<std::int32_t>& x) { putAll(name, x); }
  void numberLists(std::string_view name, const std::vector<std::vector<std::int32_t>>& x);
  void map(std::string_view name, const std::map<std::string, std::string>& x);
  void ref(std::string_view name, const std::optional<vsphere::Moref>& x, std::string_view) {
    if (x && !x->empty()) putRef(name, *x);
  }
  void ref(std::string_view name, const vsphere::Moref& x, std::string_view) {
    if (!x.empty()) putRef(name, x);
  }
  void refs(std::string_view name, const std::vector<vsphere::Moref>& x, std::string_view) {
    if (lists_ || !x.empty()) putRefs(name, x);
  }
  void someRefs(std::string_view name, const std::vector<vsphere::Moref>& x, std::string_view) {
    if (!x.empty()) putRefs(name, x);
  }
  template <class T>
  void list(std::string_view name, const std::vector<T>& x) {
    if (lists_ || !x.empty()) putObjects(name, x);
  }
  template <class T>
  void some(std::string_view name, const std::vector<T>& x) {
    if (!x.empty()) putObjects(name, x);
  }
  template <class F>
  void group(std::string_view name, F&& f) {
    const JsonText::Mark mark = json_.mark();
    json_.key(name);
    json_.beginObject();
    f(*this);
    if (json_.atBegin()) {
      json_.rewind(mark);
    } else {
      json_.endObject();
    }
  }
  // A value that is itself an object with a list of members of its own.
  template <class T>
  void object(std::string_view name, const std::optional<T>& x) {
    if (!x) return;
    json_.key(name);
    json_.beginObject();
    describe(*this, *x);
    json_.endObject();
  }

 private:
  template <class T>
  void put(std::string_view name, const T& x) {
    json_.key(name);
    json_.value(x);
  }
  template <class List>
  void putAll(std::string_view name, const List& x) {
    if (x.empty()) return;
    json_.key(name);
    json_.beginArray();
    for (const auto& item : x) json_.value(item);
    json_.endArray();
  }
  void putRef(std::string_view name, const vsphere::Moref& x) {
    json_.key(name);
    writeRef(x);
  }
  void putRefs(std::string_view name, const std::vector<vsphere::Moref>& x);
  void writeRef(const vsphere::Moref& x);
  template <class T>
  void putObjects(std::string_view name, const std::vector<T>& x) {
    json_.key(name);
    json_.beginArray();
    for (const T& item : x) {
      json_.beginObject();
      describe(*this, item);
      json_.endObject();
    }
    json_.endArray();
  }
  JsonText& json_;
  bool lists_;
};

class MemberReader {
 public:
  static constexpr bool reads = true;
  // `where` names the object in errors: "/virtualMachines/3".
  MemberReader(const nlohmann::json& object, std::string where);

  template <class T>
  void member(std::string_view name, std::optional<T>& x) {
    if (const nlohmann::json* found = find(name)) x = get<T>(name, *found);
  }
  void member(std::string_view name, std::string& x) {
    if (const nlohmann::json* found = find(name)) x = get<std::string>(name, *found);
  }
  template <class T>
  void value(std::string_view name, T& x) {
    x = get<T>(name, required(name));
  }
  void flag(std::string_view name, bool& x) {
    if (const nlohmann::json* found = find(name)) x = get<bool>(name, *found);
  }
  void texts(std::string_view name, std::vector<std::string>& x) { getAll(name, x); }
  void numbers(std::string_view name, std::vector<std::int32_t>& x) { getAll(name, x); }
  void numberLists(std::string_view name, std::vector<std::vector<std::int32_t>>& x);
  void map(std::string_view name, std::map<std::string, std::string>& x);
  void ref(std::string_view name, std::optional<vsphere::Moref>& x, std::string_view type) {
    if (const nlohmann::json* found = find(name)) x = getRef(name, *found, type);
  }
  void ref(std::string_view name, vsphere::Moref& x, std::string_view type) {
    if (const nlohmann::json* found = find(name)) x = getRef(name, *found, type);
  }
  void refs(std::string_view name, std::vector<vsphere::Moref>& x, std::string_view type);
  void someRefs(std::string_view name, std::vector<vsphere::Moref>& x, std::string_view type) {
    refs(name, x, type);
  }
  template <class T>
  void list(std::string_view name, std::vector<T>& x) {
    const nlohmann::json* found = find(name);
    if (found == nullptr) return;
    std::size_t index = 0;
    for (const nlohmann::json& item : array(name, *found)) {
      MemberReader inner(item, path(name) + "/" + std::to_string(index++));
      describe(inner, x.emplace_back());
    }
  }
  template <class T>
  void some(std::string_view name, std::vector<T>& x) {
    list(name, x);
  }
  template <class F>
  void group(std::string_view name, F&& f) {
    if (const nlohmann::json* found = find(name)) {
      MemberReader inner(*found, path(name));
      f(inner);
    }
  }
  template <class T>
  void object(std::string_view name, std::optional<T>& x) {
    if (const nlohmann::json* found = find(name)) {
      MemberReader inner(*found, path(name));
      describe(inner, x.emplace());
    }
  }

 private:
  const nlohmann::json* find(std::string_view name) const;
  const nlohmann::json& required(std::string_view name) const;
  std::string path(std::string_view name) const { return where_ + "/" + std::string(name); }
  [[noreturn]] void wrong(std::string_view name, std::string_view wanted, const nlohmann::json& found) const;
  const nlohmann::json& array(std::string_view name, const nlohmann::json& found) const;
  vsphere::Moref getRef(std::string_view name, const nlohmann::json& found, std::string_view type) const;

  template <class T>
  T get(std::string_view name, const nlohmann::json& found) const {
    if constexpr (std::is_same_v<T, bool>) {
      if (!found.is_boolean()) wrong(name, "true or false", found);
    } else if constexpr (std::is_integral_v<T>) {
      if (!found.is_number_integer()) wrong(name, "a whole number", found);
      const auto number = found.get<std::int64_t>();
      if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max()) {
        wrong(name, "a smaller number", found);
      }
    } else {
      if (!found.is_string()) wrong(name, "a text", found);
    }
    return found.get<T>();
  }
  template <class T>
  void getAll(std::string_view name, std::vector<T>& x) {
    const nlohmann::json* found = find(name);
    if (found == nullptr) return;
    for (const nlohmann::json& item : array(name, *found)) x.push_back(get<T>(name, item));
  }

  const nlohmann::json& object_;
  std::string where_;
};

// A dump writes the value of a reference only. This gives the type back: that of the dump's object with the
// value, else the one that the member usually refers to.
class ReferenceTypes {
 public:
  static constexpr bool reads = true;
  explicit ReferenceTypes(const Inventory& inventory);

  template <class T>
  void member(std::string_view, T&) {}
  template <class T>
  void value(std::string_view, T&) {}
  void flag(std::string_view, bool&) {}
  template <class T>
  void texts(std::string_view, T&) {}
  template <class T>
  void numbers(std::string_view, T&) {}
  template <class T>
  void numberLists(std::string_view, T&) {}
  template <class T>
  void map(std::string_view, T&) {}
  void ref(std::string_view, std::optional<vsphere::Moref>& x, std::string_view type) {
    if (x) correct(*x, type);
  }
  void ref(std::string_view, vsphere::Moref& x, std::string_view type) { correct(x, type); }
  void refs(std::string_view, std::vector<vsphere::Moref>& x, std::string_view type) {
    for (vsphere::Moref& item : x) correct(item, type);
  }
  void someRefs(std::string_view name, std::vector<vsphere::Moref>& x, std::string_view type) {
    refs(name, x, type);
  }
  template <class T>
  void list(std::string_view, std::vector<T>& x) {
    for (T& item : x) describe(*this, item);
  }
  template <class T>
  void some(std::string_view name, std::vector<T>& x) {
    list(name, x);
  }
  template <class F>
  void group(std::string_view, F&& f) {
    f(*this);
  }
  template <class T>
  void object(std::string_view, std::optional<T>& x) {
    if (x) describe(*this, *x);
  }

 private:
  void correct(vsphere::Moref& x, std::string_view usual) const;
  // By value; ESXi hosts may use one value for objects of several kinds.
  std::unordered_multimap<std::string, std::string> types_;
};

}  // namespace failback::discovery
