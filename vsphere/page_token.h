// SPDX-License-Identifier: GPL-2.0-or-later
// The pages of one RetrievePropertiesEx: the first, the next ones, and what the server keeps in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "vsphere/context.h"
#include "vsphere/page_decoder.h"

class vim25__RetrievePropertiesExRequestType;

namespace failback::vsphere {

class Session;
class Failure;
struct Error;
struct CallOptions;

// What names the rest of a read on the server, which keeps that rest until it is used or told to forget it
// (CancelRetrievePropertiesEx, within cleanupContext). Session and context must outlive it. One thread at a
// time.
class PageToken {
 public:
  PageToken(const Session& session, const Context& context, std::string text);
  ~PageToken();
  PageToken(const PageToken&) = delete;
  PageToken& operator=(const PageToken&) = delete;

  const std::string& text() const { return text_; }
  // What it named is gone, or has been read.
  void used() { text_.clear(); }

 private:
  const Session* session_;
  const Context* context_;
  std::string text_;
};

// Ends a read that has no end: pages that go on although nothing comes with them, or more objects than any
// server has. Not thread-safe.
class PageBound {
 public:
  // Told each page: how many objects came that this read had not had, and whether another page follows.
  // Throws Failure(malformedAnswer).
  void page(std::size_t fresh, bool more);

 private:
  std::size_t idle_ = 0, objects_ = 0;
};

// True when the rest of a read is best asked for anew: the session is gone, or the call was broken off in a
// way that does not let it be sent again (a token's request, an answer of which some was used), while a new
// one may well succeed. `inPages`: it was nextPage() that failed.
bool mayBeginAgain(const Failure& failure, bool inPages);

// The error of a read whose session was lost again and again; `last` is what was met in the end.
[[noreturn]] void failLostAgain(const Error& last);

// The first page. When it tells that the session of `generation` is gone, the session is renewed and Failure
// (sessionLost) thrown.
InventoryPage firstPage(const Session& session, vim25__RetrievePropertiesExRequestType& request,
                        std::uint64_t generation, const CallOptions& options, const Context& context);
// The next one, of the same session.
InventoryPage nextPage(const Session& session, PageToken& token, std::uint64_t generation,
                       const Context& context);

}  // namespace failback::vsphere
