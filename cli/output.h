// SPDX-License-Identifier: GPL-2.0-or-later
// Where data and words go: a file descriptor, a file that appears whole or not at all, or a string.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace failback::cli {

// The reader of a pipe has gone: nothing is wrong, and nobody is left to tell.
class OutputClosed : public std::exception {
 public:
  const char* what() const noexcept override { return "the reader of the output has gone"; }
};

// Not thread-safe unless an implementation says otherwise.
class Output {
 public:
  virtual ~Output() = default;
  // Throws OutputClosed, or Failure(internal) when there is no space.
  virtual void write(std::string_view text) = 0;
  // Hands everything on to the reader.
  virtual void flush() {}
  // True when the reader of a pipe has gone; writing would throw. Safe beside write() on another thread.
  virtual bool readerHasGone() const { return false; }
};

// Writes to a descriptor that it does not own. write() collects; flush() and large pieces go out at once.
class FdOutput : public Output {
 public:
  // `name` is for errors: "standard output".
  FdOutput(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  void write(std::string_view text) override;
  void flush() override;
  bool readerHasGone() const override;

 private:
  void send(std::string_view text);
  int fd_;
  std::string name_;
  std::string pending_;
};

class StringOutput : public Output {
 public:
  std::string text;
  void write(std::string_view piece) override { text += piece; }
};

// A file that is written beside its place and put there by commit(): a reader sees the former file or the
// whole new one. Mode 0600, as inventories are nobody else's business. Without commit() nothing is left
// behind. What exists and is no regular file (a pipe, a device) is written to as it is.
class AtomicFile : public Output {
 public:
  // Throws Failure(usage) when the folder can't be written.
  explicit AtomicFile(std::string path);
  ~AtomicFile() override;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view text) override { file_->write(text); }
  void flush() override { file_->flush(); }
  // Writes through to the disk and renames. Throws Failure(internal).
  void commit();

 private:
  std::string path_, temporary_;
  int fd_ = -1;
  std::unique_ptr<FdOutput> file_;
};

}  // namespace failback::cli
