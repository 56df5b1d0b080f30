// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual machines, many of them, kept in a tenth of the memory that they take as values: one row of bytes
// for each, and texts that many of them have stand once for all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vsphere/model/virtual_machine.h"

namespace failback::discovery {

// Not thread-safe while it is filled; then it may be read from several threads.
class PackedVms {
 public:
  PackedVms() = default;
  PackedVms(PackedVms&&) = default;
  PackedVms& operator=(PackedVms&&) = default;

  void add(const vsphere::VirtualMachine& vm);
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  // The machine as it was added.
  vsphere::VirtualMachine get(std::size_t index) const;
  // The same, over another machine: quicker, for one after the other.
  void get(std::size_t index, vsphere::VirtualMachine& vm) const;
  // Orders all of them by inventory path, then by reference.
  void sort();
  // Of rows and texts.
  std::size_t bytes() const { return bytes_; }

 private:
  friend class PackedVmWriter;
  friend class PackedVmReader;

  std::uint64_t wordId(std::string_view text);
  std::uint64_t newWordId(std::string_view text);
  const char* keep(std::string_view row);

  std::vector<const char*> rows_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;  // in the last block
  std::size_t bytes_ = 0;
  std::deque<std::string> words_;  // by number; a deque, because the index points into it
  std::unordered_map<std::string_view, std::uint64_t> wordIds_;
  std::string row_;  // being written
  // The words of the row before, in their order: most machines have the same ones at the same places.
  std::vector<std::uint64_t> usual_;
  std::size_t usualAt_ = 0;
};

}  // namespace failback::discovery
