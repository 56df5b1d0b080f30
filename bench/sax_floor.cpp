// SPDX-License-Identifier: GPL-2.0-or-later
// The floor of a discovery: receives over TLS the very bytes that failback received, gives them to libxml2's
// SAX2 parser with callbacks that do nothing, and keeps nothing.
//
//   bench-sax-floor [--discard] URL-FILE RECORDING
//
// --discard leaves the parser out: libcurl alone. Sends the requests of the recording one after another, over
// one connection. Prints one line: calls, bytes, elements. Ends with 1 when a page is not as long as the
// recorded one.
#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/https_session.h"
#include "bench/replayed_requests.h"

namespace failback::bench {
namespace {

void onStart(void* elements, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**, int, int,
             const xmlChar**) {
  ++*static_cast<std::uint64_t*>(elements);
}
void onEnd(void*, const xmlChar*, const xmlChar*, const xmlChar*) {}
void onText(void*, const xmlChar*, int) {}

// One parser for all answers.
class SaxParser {
 public:
  SaxParser() {
    std::memset(&handler_, 0, sizeof handler_);
    handler_.initialized = XML_SAX2_MAGIC;
    handler_.startElementNs = &onStart;
    handler_.endElementNs = &onEnd;
    handler_.characters = &onText;
    context_.reset(xmlCreatePushParserCtxt(&handler_, &elements_, nullptr, 0, nullptr));
    if (!context_) throw std::runtime_error("libxml2 gives no parser");
    begin();
  }

  void begin() {
    xmlCtxtResetPush(context_.get(), nullptr, 0, nullptr, nullptr);
    xmlCtxtUseOptions(context_.get(), XML_PARSE_HUGE | XML_PARSE_NONET);
  }
  void feed(std::string_view piece) {
    check(xmlParseChunk(context_.get(), piece.data(), static_cast<int>(piece.size()), 0));
  }
  void end() { check(xmlParseChunk(context_.get(), nullptr, 0, 1)); }
  std::uint64_t elements() const { return elements_; }

 private:
  static void check(int result) {
    if (result != 0)
      throw std::runtime_error("an answer is no XML (libxml2's error " + std::to_string(result) + ")");
  }
  struct Free {
    void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
  };

  xmlSAXHandler handler_{};
  std::uint64_t elements_ = 0;
  std::unique_ptr<xmlParserCtxt, Free> context_;
};

struct Received {
  std::uint64_t calls = 0, bytes = 0, elements = 0;
  std::uint64_t pageBytes = 0, recordedPageBytes = 0;
};

class Replay {
 public:
  Replay(const std::string& url, bool discard) : session_(url) {
    if (!discard) parser_ = std::make_unique<SaxParser>();
  }

  Received run(const std::filesystem::path& recording) {
    for (const RecordedCall& call : recordedCalls(recording)) one(call);
    if (parser_) received_.elements = parser_->elements();
    return received_;
  }

 private:
  void one(const RecordedCall& call) {
    std::string head;
    std::uint64_t bytes = 0;
    if (parser_) parser_->begin();
    session_.post(requests_.envelope(call, session_.user(), session_.password()), call.packed,
                  [&](std::string_view piece) {
                    if (head.size() < ReplayedRequests::answerHead)
                      head += piece.substr(0, ReplayedRequests::answerHead - head.size());
                    bytes += piece.size();
                    if (parser_) parser_->feed(piece);
                  });
    if (parser_) parser_->end();
    requests_.learn(call, head);
    ++received_.calls;
    received_.bytes += bytes;
    if (!call.isPage()) return;
    received_.pageBytes += bytes;
    received_.recordedPageBytes += std::filesystem::file_size(call.response);
  }

  HttpsSession session_;
  ReplayedRequests requests_;
  std::unique_ptr<SaxParser> parser_;
  Received received_;
};

int main(int count, char** arguments) {
  const bool discard = count > 1 && std::string_view(arguments[1]) == "--discard";
  const int first = discard ? 2 : 1;
  if (count != first + 2) {
    std::fputs("usage: bench-sax-floor [--discard] URL-FILE RECORDING\n", stderr);
    return 2;
  }
  std::string url;
  std::getline(std::ifstream(arguments[first]), url);
  const Received got = Replay(url, discard).run(arguments[first + 1]);
  std::printf("calls %llu bytes %llu elements %llu\n", static_cast<unsigned long long>(got.calls),
              static_cast<unsigned long long>(got.bytes), static_cast<unsigned long long>(got.elements));
  if (got.pageBytes == got.recordedPageBytes) return 0;
  std::fprintf(stderr, "bench-sax-floor: %llu bytes of pages, and failback received %llu\n",
               static_cast<unsigned long long>(got.pageBytes),
               static_cast<unsigned long long>(got.recordedPageBytes));
  return 1;
}

}  // namespace
}  // namespace failback::bench

int main(int count, char** arguments) {
  try {
    return failback::bench::main(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-sax-floor: %s\n", error.what());
    return 1;
  }
}
