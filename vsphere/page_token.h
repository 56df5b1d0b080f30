// SPDX-License-Identifier: GPL-2.0-or-later
// The pages of one RetrievePropertiesEx: the first, the next ones, and what the server keeps in between.
#pragma once

#include <cstdint>
#include <string>

#include "vim25/soapStub.h"
#include "vsphere/context.h"
#include "vsphere/page_decoder.h"

namespace failback::vsphere {

class Session;
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

// The first page. When it tells that the session of `generation` is gone, the session is renewed and Failure
// (sessionLost) thrown.
InventoryPage firstPage(const Session& session, vim25__RetrievePropertiesExRequestType& request,
                        std::uint64_t generation, const CallOptions& options, const Context& context);
// The next one, of the same session.
InventoryPage nextPage(const Session& session, PageToken& token, std::uint64_t generation,
                       const Context& context);

}  // namespace failback::vsphere
