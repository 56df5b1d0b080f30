// SPDX-License-Identifier: GPL-2.0-or-later
// One HTTP exchange on one channel: sets libcurl up for it, drives it, keeps its deadlines, judges its end.
// Only for curl_transport.cpp.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "vsphere/connection.h"
#include "vsphere/curl_handles.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

// The deadlines of one exchange; the context's own comes on top. Not thread-safe.
class ExchangeDeadlines {
 public:
  enum class Passed { none, connect, stall, transfer };

  ExchangeDeadlines(const ConnectionOptions& options, Milliseconds longPoll, SteadyTime now);
  // The connection stands (or was reused): from here the transfer is timed, no more the connecting.
  void requestStarted(SteadyTime now);
  void progressed(SteadyTime now) { lastProgress_ = now; }
  // A long poll's wait is over: from here a silence is a stall.
  void answerBegan() { answerBegan_ = true; }
  // Time that the receiver of the pieces took is not the server's.
  void receiverTook(SteadyTime from, SteadyTime until);
  SteadyTime::duration receiver() const { return receiver_; }
  Passed passed(SteadyTime now) const;
  // The nearest deadline.
  SteadyTime next() const;
  // The length of that deadline, for messages.
  Milliseconds limit(Passed which) const;

 private:
  SteadyTime connectEnd() const;
  SteadyTime stallEnd() const;
  SteadyTime transferEnd() const;

  Milliseconds connect_, stall_, transfer_, longPoll_;
  SteadyTime begun_, lastProgress_;
  std::optional<SteadyTime> requestStarted_;
  SteadyTime::duration receiver_{0};
  bool answerBegan_ = false;
};

// Used once, on one thread.
class CurlExchange {
 public:
  // `trust` is null for plain http. All arguments must outlive the exchange.
  CurlExchange(const ConnectionOptions& options, const TlsTrust* trust, CurlChannel& channel,
               const Request& request, const Context& context);
  ~CurlExchange();
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  // `packed`: the server may compress its answer. Whether it does is its own affair, either way.
  Response run(bool packed);
  // After run(): bytes of the body as they came, and how long they took, the receiver's own time aside.
  std::uint64_t wireBytes() const;
  SteadyTime::duration answerTime() const;

 private:
  using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

  void configure(bool packed);
  void configureConnection();
  void configureTrust();
  void configureRequest(bool packed);
  void addHeader(const std::string& line);
  CURLcode drive();
  void noteProgress(SteadyTime now);
  std::optional<CURLcode> finished() const;
  // What was awaited, for messages.
  std::string awaited() const;

  // What ended an exchange, as a failure to throw.
  [[noreturn]] void failDeadline(ExchangeDeadlines::Passed which) const;
  [[noreturn]] void failTransfer(CURLcode code) const;
  [[noreturn]] void failConnecting(CURLcode code) const;
  [[noreturn]] void failCut(const std::string& reason) const;
  [[noreturn]] void failWith(Category category, std::string text, std::string remedy, bool transient) const;
  std::string curlText(CURLcode code) const;
  Fate fate() const { return requestStarted_ ? Fate::unknown : Fate::notSent; }

  static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t onRead(char* data, std::size_t size, std::size_t count, void* self);
  static int onSeek(void* self, curl_off_t offset, int origin);
  static int onRequestStart(void* self, char* peer, char* local, int peerPort, int localPort);
  static CURLcode onTlsContext(CURL* easy, void* context, void* self);
  bool takeHeader(std::string_view line);
  bool takeBody(std::string_view piece);
  // The bounds on the body that has come so far; throws beyond them.
  void boundBody(bool streamed) const;

  const ConnectionOptions& options_;
  const TlsTrust* trust_;
  CurlChannel& channel_;
  const Request& request_;
  const Context& context_;
  const std::string place_;  // "vc.example:443"
  ExchangeDeadlines deadlines_;
  HeaderList headers_;
  std::string requestUrl_;
  std::array<char, CURL_ERROR_SIZE> errorText_{};
  std::size_t sentBody_ = 0;
  Response response_;
  std::size_t headerBytes_ = 0;
  std::uint64_t bodyBytes_ = 0;
  curl_off_t wireBytes_ = 0;
  bool tlsStarted_ = false;
  bool requestStarted_ = false;
  bool headersEnded_ = false;  // the blank line behind them has come
  bool added_ = false;
  // Set by a callback that stopped the exchange.
  std::exception_ptr stopped_;
};

}  // namespace failback::vsphere
