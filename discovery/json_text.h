// SPDX-License-Identifier: GPL-2.0-or-later
// Writes JSON as text, member by member, without building a tree: a dump of a large vCenter is hundreds of
// megabytes of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace failback::discovery {

// Appends to a string that the caller owns and may empty between two members. Not thread-safe.
class JsonText {
 public:
  // indent: spaces per level; 0 writes everything on one line. depth: the level that it begins at.
  JsonText(std::string& out, int indent, int depth = 0) : out_(out), indent_(indent), depth_(depth) {}

  void beginObject() { open('{'); }
  void endObject() { close('}'); }
  void beginArray() { open('['); }
  void endArray() { close(']'); }
  // The next value is this member's.
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool truth);
  void value(std::int64_t number);
  void value(std::int32_t number) { value(static_cast<std::int64_t>(number)); }

  // A value that is JSON already.
  void raw(std::string_view json);

  // To take back what was written since mark(): an object that turned out to be empty.
  struct Mark {
    std::size_t size;
    int depth;
    bool first, afterKey;
  };
  Mark mark() const { return {out_.size(), depth_, first_, afterKey_}; }
  void rewind(const Mark& mark);
  // True when nothing stands in the present object or array yet.
  bool atBegin() const { return first_; }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void newLine();

  std::string& out_;
  int indent_;
  int depth_;
  bool first_ = true;  // nothing stands in the present object or array yet
  bool afterKey_ = false;
};

// The text in quotes, escaped; bytes that are no UTF-8 become U+FFFD.
void appendJsonString(std::string& out, std::string_view text);

}  // namespace failback::discovery
