// SPDX-License-Identifier: GPL-2.0-or-later
// A ContainerView: the objects of some types below a container, as the server keeps them up to date.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/moref.h"

namespace failback::vsphere {

class Session;

// Destroyed on the server when it dies (DestroyView, within cleanupContext); a view of a session that is gone
// has gone with it. The session must outlive it. One thread at a time.
class ContainerView {
 public:
  // CreateContainerView over all levels below `container`.
  ContainerView(const Session& session, const Moref& container, std::span<const std::string_view> types,
                const Context& context);
  ~ContainerView();
  ContainerView(const ContainerView&) = delete;
  ContainerView& operator=(const ContainerView&) = delete;

  const Moref& ref() const { return ref_; }
  // The objects in it now, each once, in the server's order. Throws Failure, sessionLost among others.
  std::vector<Moref> list(const Context& context) const;

 private:
  const Session* session_;
  Context context_;               // of the operation, for the clean-up
  std::uint64_t generation_ = 0;  // of the session that it belongs to
  Moref ref_;
};

}  // namespace failback::vsphere
