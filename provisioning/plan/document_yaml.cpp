// SPDX-License-Identifier: GPL-2.0-or-later
// YAML by the events of yaml-cpp, and the core schema of YAML 1.2: what stands plain is null, true, false, a
// number or text; "yes", "on" and times are text, as they are in JSON.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "provisioning/plan/document_builder.h"

namespace failback::provisioning {

namespace {

Place placeOf(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}

bool isDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Numbers of the core schema; those that no field of ours takes (0x1f, .inf) are numbers nevertheless.
bool isNumber(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0o")) return text.size() > 2;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" || text == ".NaN") return true;
  const auto exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    if (!isDigits(power)) return false;
    text = text.substr(0, exponent);
  }
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return isDigits(text);
  const std::string_view whole = text.substr(0, dot), part = text.substr(dot + 1);
  return (isDigits(whole) || (whole.empty() && !part.empty())) && (part.empty() || isDigits(part));
}

Node plainScalar(const std::string& text, Place place) {
  Node node;
  node.place = place;
  node.text = text;
  const bool yes = text == "true" || text == "True" || text == "TRUE";
  const bool no = text == "false" || text == "False" || text == "FALSE";
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    node.text.clear();
  } else if (yes || no) {
    node.kind = Node::Kind::boolean;
    node.truth = yes;
  } else {
    node.kind = isNumber(text) ? Node::Kind::number : Node::Kind::text;
  }
  return node;
}

class YamlHandler : public YAML::EventHandler {
 public:
  explicit YamlHandler(DocumentBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse(anchor, mark);
    if (builder_.wantsKey()) throw DocumentBuilder::Stop("a member without a name", placeOf(mark));
    Node node;
    node.place = placeOf(mark);
    builder_.value(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw DocumentBuilder::Stop("aliases (*name) are not read: write the value where it belongs",
                                placeOf(mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    refuse(anchor, mark);
    if (builder_.wantsKey()) {
      builder_.key(text, placeOf(mark));
      return;
    }
    if (tag == "?" || tag.empty()) {
      builder_.value(plainScalar(text, placeOf(mark)));
      return;
    }
    if (tag != "!" && tag != "tag:yaml.org,2002:str") refuseTag(tag, mark);
    Node node;
    node.kind = Node::Kind::text;
    node.place = placeOf(mark);
    node.text = text;
    builder_.value(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { builder_.end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { builder_.end(); }

 private:
  static void refuse(YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (anchor != 0) throw DocumentBuilder::Stop("anchors (&name) are not read", placeOf(mark));
  }
  [[noreturn]] static void refuseTag(const std::string& tag, const YAML::Mark& mark) {
    throw DocumentBuilder::Stop(fmt::format("the tag {} is not read", tag), placeOf(mark));
  }
  void begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse(anchor, mark);
    if (builder_.wantsKey()) throw DocumentBuilder::Stop("a name must be text", placeOf(mark));
    if (tag != "?" && tag != "!" && !tag.empty()) refuseTag(tag, mark);
    builder_.begin(kind, placeOf(mark));
  }

  DocumentBuilder& builder_;
};

}  // namespace

Node readYaml(std::string_view text, std::vector<Problem>& problems) {
  DocumentBuilder builder(problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    YamlHandler handler(builder);
    if (!parser.HandleNextDocument(handler) || !builder.done()) {
      problems.push_back({"", {1, 1}, "holds no document", ""});
      return {};
    }
    DocumentBuilder second(problems);
    YamlHandler rest(second);
    if (parser.HandleNextDocument(rest)) {
      problems.push_back({"", second.take().place, "holds a second document", "one"});
      return {};
    }
    return builder.take();
  } catch (const DocumentBuilder::Stop& stop) {
    problems.push_back({builder.pointer(), stop.at, stop.what(), ""});
  } catch (const YAML::Exception& error) {
    problems.push_back({builder.pointer(), placeOf(error.mark), "is not YAML: " + error.msg, ""});
  }
  return {};
}

}  // namespace failback::provisioning
