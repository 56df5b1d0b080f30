// SPDX-License-Identifier: GPL-2.0-or-later
// JSON by nlohmann's SAX interface, with places: the parser reads through an iterator that counts lines.
#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>

#include "provisioning/plan/document_builder.h"

namespace failback::provisioning {

namespace {

// Where the parser has come to. It looks one character ahead at most, so what it reports ends about here.
struct Position {
  int line = 1;
  int column = 1;
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, Position* position) : at_(at), position_(position) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') {
      ++position_->line;
      position_->column = 1;
    } else if ((static_cast<unsigned char>(*at_) & 0xC0U) != 0x80U) {
      ++position_->column;
    }
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  Position* position_;
};

class JsonHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonHandler(DocumentBuilder& builder, std::vector<Problem>& problems, const Position& position)
      : builder_(builder), problems_(problems), position_(position) {}

  bool null() override { return scalar(Node::Kind::null, {}); }
  bool boolean(bool truth) override {
    Node node = made(Node::Kind::boolean, {});
    node.truth = truth;
    builder_.value(std::move(node));
    return true;
  }
  bool number_integer(number_integer_t number) override {
    return scalar(Node::Kind::number, std::to_string(number));
  }
  bool number_unsigned(number_unsigned_t number) override {
    return scalar(Node::Kind::number, std::to_string(number));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return scalar(Node::Kind::number, text);
  }
  bool string(string_t& text) override { return scalar(Node::Kind::text, std::move(text)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return begin(Node::Kind::map); }
  bool key(string_t& name) override {
    builder_.key(std::move(name), place());
    return true;
  }
  bool end_object() override { return end(); }
  bool start_array(std::size_t) override { return begin(Node::Kind::list); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while ...": only the
    // reason.
    const std::string whole = error.what();
    const auto reason = whole.find(": ");
    problems_.push_back({builder_.pointer(), place(),
                         "is not JSON: " + (reason == std::string::npos ? whole : whole.substr(reason + 2)),
                         ""});
    return false;
  }

 private:
  Place place() const { return {position_.line, 0}; }
  Node made(Node::Kind kind, std::string text) const {
    Node node;
    node.kind = kind;
    node.place = place();
    node.text = std::move(text);
    return node;
  }
  bool scalar(Node::Kind kind, std::string text) {
    builder_.value(made(kind, std::move(text)));
    return true;
  }
  bool begin(Node::Kind kind) {
    builder_.begin(kind, place());
    return true;
  }
  bool end() {
    builder_.end();
    return true;
  }

  DocumentBuilder& builder_;
  std::vector<Problem>& problems_;
  const Position& position_;
};

}  // namespace

Node readJson(std::string_view text, std::vector<Problem>& problems) {
  Position position;
  DocumentBuilder builder(problems);
  JsonHandler handler(builder, problems, position);
  const CountingIterator begin(text.data(), &position), end(text.data() + text.size(), &position);
  try {
    if (nlohmann::json::sax_parse(begin, end, &handler) && builder.done()) return builder.take();
  } catch (const DocumentBuilder::Stop& stop) {
    problems.push_back({builder.pointer(), stop.at, stop.what(), ""});
  }
  return {};
}

}  // namespace failback::provisioning
