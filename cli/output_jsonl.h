// SPDX-License-Identifier: GPL-2.0-or-later
// JSON lines: each object as it comes, each line handed on at once.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "cli/output.h"
#include "discovery/watch.h"

namespace failback::cli {

// Not thread-safe. Throws OutputClosed when the reader has gone.
class JsonLines : public discovery::ChangeListener {
 public:
  // `generator`: who writes, "failback 0.1.0".
  JsonLines(Output& out, vsphere::Depth depth, std::string generator)
      : out_(out), depth_(depth), generator_(std::move(generator)) {}

  void vcenter(const vsphere::VCenter& vcenter) override;
  void object(const vsphere::InventoryObject& object, const discovery::Inventory& world) override;
  void unreadable(const vsphere::Unreadable& entry) override;
  // The line after the objects: a reader that has seen it has seen all of them.
  void complete() override;
  bool isComplete() const { return complete_; }
  void change(const discovery::Change& change, const discovery::Inventory& world) override;

  std::size_t objects() const { return objects_; }
  // How often each reason was told.
  const std::map<std::string, std::size_t>& reasons() const { return reasons_; }

 private:
  void line(std::string text);

  Output& out_;
  vsphere::Depth depth_;
  std::string generator_;
  bool complete_ = false;
  std::size_t objects_ = 0;
  std::map<discovery::Kind, std::size_t> counts_;
  std::map<std::string, std::size_t> reasons_;
};

}  // namespace failback::cli
