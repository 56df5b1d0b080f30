// SPDX-License-Identifier: GPL-2.0-or-later
// A property collector of our own, with one filter, and the stream of what changes in it (WaitForUpdatesEx).
// The session's shared collector is left alone: a filter there would mix with other consumers'.
#pragma once

#include <cstdint>
#include <string>

#include "vsphere/binding/service.h"
#include "vsphere/context.h"
#include "vsphere/error.h"
#include "vsphere/model/moref.h"

class vim25__PropertyFilterSpec;
class _vim25__WaitForUpdatesExResponse;

namespace failback::vsphere {

class Session;

// A session or collector that is lost again and again, without any news between, is no accident.
inline constexpr int kMostStreamRestarts = 3;

// Destroyed on the server when it dies (DestroyPropertyCollector, which takes its filter with it, within
// cleanupContext). The session must outlive it. next() is one thread's; others may follow() and drop()
// meanwhile: the call that waits then tells of those filters, too.
class UpdateStream {
 public:
  // CreatePropertyCollector.
  UpdateStream(const Session& session, const Context& context);
  ~UpdateStream();
  UpdateStream(const UpdateStream&) = delete;
  UpdateStream& operator=(const UpdateStream&) = delete;

  // CreateFilter: changes are told of the paths as they were asked for, never of parts of them.
  // Returns the filter.
  Moref follow(vim25__PropertyFilterSpec& spec, const Context& context);
  // DestroyPropertyFilter.
  void drop(const Moref& filter, const Context& context);

  // The next set of changes; one without returnval when nothing has changed for half a minute. Throws
  // Failure: sessionLost, or the fault InvalidCollectorVersion, when the stream must be begun anew; deadline
  // and interrupted when the context ends.
  Decoded<_vim25__WaitForUpdatesExResponse> next(const Context& context);

  // The same for many objects: read by the streaming decoder, with digests in place of values. `answer` is
  // what was read, for whole().
  struct Read {
    DigestedUpdates updates;
    RawAnswer answer;
  };
  Read nextDigested(const Context& context);
  // The same set of updates with its values. Throws Failure(malformedAnswer).
  Decoded<_vim25__WaitForUpdatesExResponse> whole(const RawAnswer& answer) const;

 private:
  RawAnswer ask(const Context& context) const;

  const Session* session_;
  Context context_;               // of the operation, for the clean-up
  std::uint64_t generation_ = 0;  // of the session that it belongs to
  Moref collector_;
  std::string version_;
};

// What was followed has to be followed anew: the session, the collector or its version is gone.
bool isStreamLoss(const Error& error);

}  // namespace failback::vsphere
