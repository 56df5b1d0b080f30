// SPDX-License-Identifier: GPL-2.0-or-later
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_fields.h"
#include "vsphere/sha256.h"

namespace failback::provisioning {

namespace {

using Json = nlohmann::ordered_json;

// Writes the members of one object. What is not given is left out; so is what has its default, when brief.
class Writer {
 public:
  Writer(Json& object, bool brief) : object_(object), brief_(brief) {}

  template <class T>
  static Json written(const T& value, bool brief) {
    Json object = Json::object();
    Writer writer(object, brief);
    const T plain{};
    // The defaults are those of a fresh value; both are walked side by side.
    Json defaults = Json::object();
    if (brief) {
      Writer plainWriter(defaults, false);
      fields(plainWriter, plain);
    }
    writer.defaults_ = &defaults;
    fields(writer, value);
    return object;
  }

  void text(std::string_view name, const std::string& value, const TextRule& rule) {
    if (!value.empty()) put(name, value, rule.need);
  }
  void number(std::string_view name, std::int64_t value, const NumberRule& rule) {
    put(name, value, rule.need);
  }
  void flag(std::string_view name, bool value, std::string_view) { put(name, value, Need::optional); }
  template <class E>
  void choice(std::string_view name, E value, const TextRule& rule) {
    put(name, std::string(word(value)), rule.need);
  }
  template <class E>
  void choice(std::string_view name, const std::optional<E>& value, const TextRule& rule) {
    if (value) put(name, std::string(word(*value)), rule.need);
  }
  template <class T>
  void object(std::string_view name, const T& value, std::string_view, Need = Need::optional) {
    Json inner = written(value, brief_);
    if (!inner.empty()) object_[std::string(name)] = std::move(inner);
  }
  template <class T>
  void objects(std::string_view name, const std::vector<T>& values, const ListRule&) {
    if (values.empty()) return;
    Json list = Json::array();
    for (const T& each : values) list.push_back(written(each, brief_));
    object_[std::string(name)] = std::move(list);
  }
  void names(std::string_view name, const std::map<std::string, std::string>& values, std::string_view) {
    if (!values.empty()) object_[std::string(name)] = values;
  }

 private:
  void put(std::string_view name, Json value, Need need) {
    const std::string key(name);
    if (brief_ && need == Need::optional && defaults_ && defaults_->contains(key) &&
        (*defaults_)[key] == value)
      return;
    object_[key] = std::move(value);
  }

  Json& object_;
  bool brief_;
  const Json* defaults_ = nullptr;
};

}  // namespace

std::string canonicalJson(const Plan& plan) {
  // nlohmann's plain objects are sorted by name.
  return nlohmann::json(Writer::written(plan, false)).dump();
}

std::string digest(const Plan& plan) {
  return vsphere::sha256Hex(canonicalJson(plan));
}

std::string planJson(const Plan& plan, bool brief) {
  return Writer::written(plan, brief).dump(2) + "\n";
}

}  // namespace failback::provisioning
