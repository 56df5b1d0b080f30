// SPDX-License-Identifier: GPL-2.0-or-later
#include <nlohmann/json.hpp>

#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_fields.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

namespace {

using Json = nlohmann::ordered_json;

// Describes the members of one object; `defaults` are those of a fresh value.
class SchemaWriter {
 public:
  template <class T>
  static Json described(std::string_view help) {
    SchemaWriter writer;
    T plain{};
    fields(writer, plain);
    Json schema = Json::object();
    if (!help.empty()) schema["description"] = help;
    schema["type"] = "object";
    schema["properties"] = std::move(writer.properties_);
    if (!writer.required_.empty()) schema["required"] = std::move(writer.required_);
    schema["additionalProperties"] = false;
    return schema;
  }

  void text(std::string_view name, const std::string&, const TextRule& rule) {
    Json schema = begin(rule.help, "string");
    if (rule.need == Need::required && rule.form == Form::any) schema["minLength"] = 1;
    // What may be left out may be empty.
    const std::string pattern(formInfo(rule.form).pattern);
    if (!pattern.empty()) schema["pattern"] = rule.need == Need::required ? pattern : "^$|" + pattern;
    add(name, std::move(schema), rule.need);
  }
  void number(std::string_view name, std::int64_t value, const NumberRule& rule) {
    Json schema = begin(rule.help, "integer");
    schema["minimum"] = rule.least;
    schema["maximum"] = rule.most;
    if (rule.need == Need::optional) schema["default"] = value;
    add(name, std::move(schema), rule.need);
  }
  void flag(std::string_view name, bool value, std::string_view help) {
    Json schema = begin(help, "boolean");
    schema["default"] = value;
    add(name, std::move(schema), Need::optional);
  }
  template <class E>
  void choice(std::string_view name, E value, const TextRule& rule) {
    Json schema = begin(rule.help, "string");
    schema["enum"] = EnumWords<E>::all;
    if (rule.need == Need::optional) schema["default"] = word(value);
    add(name, std::move(schema), rule.need);
  }
  template <class E>
  void choice(std::string_view name, const std::optional<E>&, const TextRule& rule) {
    Json schema = begin(rule.help, "string");
    schema["enum"] = EnumWords<E>::all;
    add(name, std::move(schema), rule.need);
  }
  template <class T>
  void object(std::string_view name, const T&, std::string_view help, Need need = Need::optional) {
    add(name, described<T>(help), need);
  }
  template <class T>
  void objects(std::string_view name, const std::vector<T>&, const ListRule& rule) {
    Json schema = begin(rule.help, "array");
    if (rule.least > 0) schema["minItems"] = rule.least;
    schema["items"] = described<T>("");
    add(name, std::move(schema), rule.least > 0 ? Need::required : Need::optional);
  }
  void names(std::string_view name, const std::map<std::string, std::string>&, std::string_view help) {
    Json schema = begin(help, "object");
    schema["additionalProperties"] = {{"type", "string"}, {"minLength", 1}};
    add(name, std::move(schema), Need::optional);
  }

 private:
  static Json begin(std::string_view help, std::string_view type) {
    Json schema = Json::object();
    schema["description"] = help;
    schema["type"] = type;
    return schema;
  }
  // A member that may be left out may also hold nothing, which says the same.
  void add(std::string_view name, Json schema, Need need) {
    if (need == Need::required) {
      required_.push_back(name);
    } else {
      schema["type"] = Json::array({schema["type"], "null"});
      if (schema.contains("enum")) schema["enum"].push_back(nullptr);
    }
    properties_[std::string(name)] = std::move(schema);
  }

  Json properties_ = Json::object();
  Json required_ = Json::array();
};

}  // namespace

std::string planSchema() {
  Json schema = Json::object();
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "failback plan, version 1";
  schema.update(SchemaWriter::described<Plan>(
      "Which machines are to come home, from what, to where, and what the job may do on the way."));
  return schema.dump(2) + "\n";
}

}  // namespace failback::provisioning
