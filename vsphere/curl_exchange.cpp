// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/curl_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "vsphere/text_case.h"

namespace failback::vsphere {
namespace {

// More than any vSphere server sends by two orders of magnitude.
constexpr std::size_t maxHeaderBytes = 256 * 1024;
constexpr long bufferBytes = 256 * 1024;
// An answer that is kept whole: all of a site's references, the answer of a search, are far smaller.
constexpr std::uint64_t minKeptBytes = 64ull << 20;
constexpr std::uint64_t keptPart = 4;
// XML of a vSphere server packs to a tenth, and hardly ever to a fiftieth; gzip can do a thousandth.
constexpr std::uint64_t maxUnpacking = 200;
// An idle connection older than this is not reused: servers and firewalls forget it without a word.
constexpr long maxIdleSeconds = 60;
// How long one poll lasts at most; the context's clock may be a simulated one, so it is looked at often.
constexpr Milliseconds pollSlice{500};

std::string hostAndPort(const Url& url) {
  const std::string origin = url.origin();
  return origin.substr(origin.find("://") + 3);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void check(CURLcode code, const char* option) {
  if (code == CURLE_OK) return;
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  fail(Category::internal, fmt::format("libcurl refuses {}: {}", option, curl_easy_strerror(code)));
}

void check(CURLMcode code, const char* call) {
  if (code == CURLM_OK) return;
  if (code == CURLM_OUT_OF_MEMORY) throw std::bad_alloc();
  fail(Category::internal, fmt::format("{} failed: {}", call, curl_multi_strerror(code)));
}

}  // namespace

ExchangeDeadlines::ExchangeDeadlines(const ConnectionOptions& options, Milliseconds longPoll, SteadyTime now)
    : connect_(options.connectTimeout),
      stall_(options.stallTimeout),
      transfer_(options.transferTimeout),
      longPoll_(longPoll),
      begun_(now),
      lastProgress_(now) {}

void ExchangeDeadlines::requestStarted(SteadyTime now) {
  if (!requestStarted_) requestStarted_ = now;
  lastProgress_ = now;
}

void ExchangeDeadlines::receiverTook(SteadyTime from, SteadyTime until) {
  receiver_ += until - from;
  lastProgress_ = until;
}

SteadyTime ExchangeDeadlines::connectEnd() const {
  return requestStarted_ ? SteadyTime::max() : after(begun_, connect_);
}

SteadyTime ExchangeDeadlines::stallEnd() const {
  if (!requestStarted_) return SteadyTime::max();
  return after(after(lastProgress_, stall_), answerBegan_ ? Milliseconds{0} : longPoll_);
}

SteadyTime ExchangeDeadlines::transferEnd() const {
  if (!requestStarted_) return SteadyTime::max();
  const auto receiver = std::chrono::ceil<Milliseconds>(receiver_);
  return after(after(after(*requestStarted_, transfer_), longPoll_), receiver);
}

ExchangeDeadlines::Passed ExchangeDeadlines::passed(SteadyTime now) const {
  if (now >= connectEnd()) return Passed::connect;
  if (now >= transferEnd()) return Passed::transfer;
  return now >= stallEnd() ? Passed::stall : Passed::none;
}

SteadyTime ExchangeDeadlines::next() const {
  return std::min({connectEnd(), stallEnd(), transferEnd()});
}

Milliseconds ExchangeDeadlines::limit(Passed which) const {
  switch (which) {
    case Passed::connect:
      return connect_;
    case Passed::stall:
      return stall_ + (answerBegan_ ? Milliseconds{0} : longPoll_);
    case Passed::transfer:
      return transfer_ + longPoll_;
    case Passed::none:
      break;
  }
  return Milliseconds{0};
}

CurlExchange::CurlExchange(const ConnectionOptions& options, const TlsTrust* trust, CurlChannel& channel,
                           const Request& request, const Context& context)
    : options_(options),
      trust_(trust),
      channel_(channel),
      request_(request),
      context_(context),
      place_(hostAndPort(options.url)),
      deadlines_(options, request.longPoll, systemClock().now()),
      headers_(nullptr, &curl_slist_free_all) {}

CurlExchange::~CurlExchange() {
  // In the middle of a transfer this closes the connection.
  if (added_) curl_multi_remove_handle(channel_.multi(), channel_.easy());
}

Response CurlExchange::run(bool packed) {
  context_.check(awaited());
  configure(packed);
  check(curl_multi_add_handle(channel_.multi(), channel_.easy()), "curl_multi_add_handle");
  added_ = true;
  const CURLcode code = drive();
  if (stopped_) std::rethrow_exception(stopped_);
  if (code != CURLE_OK) failTransfer(code);
  if (response_.status == 0) {
    failWith(Category::malformedAnswer, fmt::format("{} gave an answer without a status", place_), {}, false);
  }
  // libcurl takes headers that break off for an answer without a body.
  if (!headersEnded_) failCut("connection closed among its headers");
  return std::move(response_);
}

std::uint64_t CurlExchange::wireBytes() const {
  curl_off_t bytes = 0;
  curl_easy_getinfo(channel_.easy(), CURLINFO_SIZE_DOWNLOAD_T, &bytes);
  return static_cast<std::uint64_t>(std::max<curl_off_t>(bytes, 0));
}

SteadyTime::duration CurlExchange::answerTime() const {
  curl_off_t whole = 0, first = 0;
  curl_easy_getinfo(channel_.easy(), CURLINFO_TOTAL_TIME_T, &whole);
  curl_easy_getinfo(channel_.easy(), CURLINFO_STARTTRANSFER_TIME_T, &first);
  const SteadyTime::duration time = std::chrono::microseconds(whole - first);
  return std::max(time - deadlines_.receiver(), SteadyTime::duration{0});
}

// Set-up ---------------------------------------------------------------------------------------------------

#define FAILBACK_SET(option, value) check(curl_easy_setopt(channel_.easy(), option, value), #option)

void CurlExchange::configure(bool packed) {
  curl_easy_reset(channel_.easy());  // keeps connections and the share
  FAILBACK_SET(CURLOPT_ERRORBUFFER, errorText_.data());
  configureConnection();
  configureTrust();
  configureRequest(packed);
}

void CurlExchange::configureConnection() {
  FAILBACK_SET(CURLOPT_NOSIGNAL, 1L);  // libcurl then sends with MSG_NOSIGNAL: no SIGPIPE either
  FAILBACK_SET(CURLOPT_PROTOCOLS_STR, "http,https");
  FAILBACK_SET(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  FAILBACK_SET(CURLOPT_FOLLOWLOCATION, 0L);
  FAILBACK_SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  FAILBACK_SET(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connectTimeout.count()));
  // A name that is being looked up must not hold the one who wants to stop.
  FAILBACK_SET(CURLOPT_QUICK_EXIT, 1L);
  FAILBACK_SET(CURLOPT_TCP_KEEPALIVE, 1L);
  FAILBACK_SET(CURLOPT_MAXAGE_CONN, maxIdleSeconds);
  // Unchecked: a handle whose last exchange failed early still has its buffer, and takes no other size.
  curl_easy_setopt(channel_.easy(), CURLOPT_BUFFERSIZE, bufferBytes);
  if (!options_.useEnvironmentProxy) FAILBACK_SET(CURLOPT_PROXY, "");
  // On a reused connection that turns out dead, libcurl sends the request once more by itself, also a POST. A
  // write must never be sent twice, so it gets a connection of its own (with the TLS session resumed).
  FAILBACK_SET(CURLOPT_FRESH_CONNECT, request_.replay == Replay::never ? 1L : 0L);
  FAILBACK_SET(CURLOPT_PREREQFUNCTION, &CurlExchange::onRequestStart);
  FAILBACK_SET(CURLOPT_PREREQDATA, this);
}

void CurlExchange::configureTrust() {
  if (trust_ == nullptr) return;
  channel_.handshake.problem = TrustProblem::none;  // an earlier exchange's
  FAILBACK_SET(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // TlsTrust brings its own store and decides. Were it ever not asked, libcurl would verify against nothing,
  // and refuse.
  FAILBACK_SET(CURLOPT_CAINFO, static_cast<char*>(nullptr));
  FAILBACK_SET(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  FAILBACK_SET(CURLOPT_SSL_VERIFYPEER, 1L);
  FAILBACK_SET(CURLOPT_SSL_VERIFYHOST, trust_->checksHostName() ? 2L : 0L);
  FAILBACK_SET(CURLOPT_SSL_CTX_FUNCTION, &CurlExchange::onTlsContext);
  FAILBACK_SET(CURLOPT_SSL_CTX_DATA, this);
}

void CurlExchange::configureRequest(bool packed) {
  requestUrl_ = options_.url.origin() + request_.path;
  FAILBACK_SET(CURLOPT_URL, requestUrl_.c_str());
  if (!options_.userAgent.empty()) FAILBACK_SET(CURLOPT_USERAGENT, options_.userAgent.c_str());
  // Either way libcurl unpacks what comes packed.
  FAILBACK_SET(CURLOPT_ACCEPT_ENCODING, packed ? "gzip" : "identity");
  FAILBACK_SET(CURLOPT_HEADERFUNCTION, &CurlExchange::onHeader);
  FAILBACK_SET(CURLOPT_HEADERDATA, this);
  FAILBACK_SET(CURLOPT_WRITEFUNCTION, &CurlExchange::onBody);
  FAILBACK_SET(CURLOPT_WRITEDATA, this);
  for (const auto& [name, value] : request_.headers) addHeader(name + ": " + value);
  if (request_.verb == Request::Verb::get) {
    FAILBACK_SET(CURLOPT_HTTPGET, 1L);
  } else {
    addHeader("Content-Type: text/xml; charset=utf-8");
    if (!request_.soapAction.empty()) addHeader("SOAPAction: \"" + request_.soapAction + "\"");
    addHeader("Expect:");  // no waiting for "100 Continue", which costs up to a second
    FAILBACK_SET(CURLOPT_POST, 1L);
    FAILBACK_SET(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    if (request_.replay == Replay::cursor) {
      // Read through a function that cannot go back: a request on a dead connection is then not sent again.
      FAILBACK_SET(CURLOPT_READFUNCTION, &CurlExchange::onRead);
      FAILBACK_SET(CURLOPT_READDATA, this);
      FAILBACK_SET(CURLOPT_SEEKFUNCTION, &CurlExchange::onSeek);
      FAILBACK_SET(CURLOPT_SEEKDATA, this);
    } else {
      FAILBACK_SET(CURLOPT_POSTFIELDS, request_.body.c_str());  // not copied
    }
  }
  FAILBACK_SET(CURLOPT_HTTPHEADER, headers_.get());
}

#undef FAILBACK_SET

void CurlExchange::addHeader(const std::string& line) {
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    fail(Category::internal, "a request's header holds a line break");
  }
  curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(headers_.release());
  headers_.reset(longer);
}

// Driving --------------------------------------------------------------------------------------------------

CURLcode CurlExchange::drive() {
  const std::stop_callback wake(context_.stop(), [this] { channel_.wake(); });
  while (true) {
    int running = 0;
    check(curl_multi_perform(channel_.multi(), &running), "curl_multi_perform");
    if (const auto code = finished()) return *code;
    const SteadyTime now = systemClock().now();
    noteProgress(now);
    context_.check(awaited());
    if (const auto which = deadlines_.passed(now); which != ExchangeDeadlines::Passed::none)
      failDeadline(which);
    const auto untilNext = std::chrono::ceil<Milliseconds>(deadlines_.next() - now);
    const Milliseconds wait = std::min({pollSlice, untilNext, context_.remaining()});
    check(curl_multi_poll(channel_.multi(), nullptr, 0, static_cast<int>(wait.count()), nullptr),
          "curl_multi_poll");
  }
}

void CurlExchange::noteProgress(SteadyTime now) {
  curl_off_t up = 0, down = 0;
  long requestBytes = 0;
  curl_easy_getinfo(channel_.easy(), CURLINFO_SIZE_UPLOAD_T, &up);
  curl_easy_getinfo(channel_.easy(), CURLINFO_SIZE_DOWNLOAD_T, &down);
  curl_easy_getinfo(channel_.easy(), CURLINFO_REQUEST_SIZE, &requestBytes);
  const curl_off_t all = up + down + requestBytes + static_cast<curl_off_t>(headerBytes_);
  if (all != wireBytes_) deadlines_.progressed(now);
  wireBytes_ = all;
}

std::optional<CURLcode> CurlExchange::finished() const {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(channel_.multi(), &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  return std::nullopt;
}

std::string CurlExchange::awaited() const {
  return fmt::format("{} to {} {}{}{}", place_, requestStarted_ ? "answer" : "take", request_.method,
                     request_.object.empty() ? "" : " on ", request_.object);
}

// What libcurl calls ---------------------------------------------------------------------------------------

int CurlExchange::onRequestStart(void* self, char*, char*, int, int) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  exchange.requestStarted_ = true;
  exchange.deadlines_.requestStarted(systemClock().now());
  return CURL_PREREQFUNC_OK;
}

CURLcode CurlExchange::onTlsContext(CURL*, void* context, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  exchange.tlsStarted_ = true;
  exchange.channel_.handshake = Handshake{};
  return exchange.trust_->install(static_cast<ssl_ctx_st*>(context), exchange.channel_.handshake)
             ? CURLE_OK
             : CURLE_SSL_CONNECT_ERROR;
}

std::size_t CurlExchange::onRead(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  const std::string& body = exchange.request_.body;
  const std::size_t piece = std::min(size * count, body.size() - exchange.sentBody_);
  std::memcpy(data, body.data() + exchange.sentBody_, piece);
  exchange.sentBody_ += piece;
  return piece;
}

int CurlExchange::onSeek(void*, curl_off_t, int) {
  return CURL_SEEKFUNC_FAIL;
}

std::size_t CurlExchange::onHeader(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  try {
    return exchange.takeHeader({data, size * count}) ? size * count : 0;
  } catch (...) {
    exchange.stopped_ = std::current_exception();
    return 0;
  }
}

std::size_t CurlExchange::onBody(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  try {
    return exchange.takeBody({data, size * count}) ? size * count : 0;
  } catch (...) {
    exchange.stopped_ = std::current_exception();
    return 0;
  }
}

bool CurlExchange::takeHeader(std::string_view line) {
  headerBytes_ += line.size();
  if (headerBytes_ > maxHeaderBytes) {
    failWith(Category::malformedAnswer,
             fmt::format("the headers of {}'s answer are larger than {} bytes", place_, maxHeaderBytes),
             "check that the address is a vSphere server's", false);
  }
  if (line.substr(0, 5) == "HTTP/") {  // the answer, or the one after an interim "100 Continue"
    long status = 0;
    curl_easy_getinfo(channel_.easy(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    response_.headers.clear();
    headersEnded_ = false;
    deadlines_.answerBegan();
    return true;
  }
  const bool folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
  const std::string_view text = trim(line);
  if (text.empty()) {
    headersEnded_ = true;
    return true;
  }
  if (folded && !response_.headers.empty()) {
    response_.headers.back().second.append(" ").append(text);
    return true;
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return true;  // not a header; libcurl goes on as well
  response_.headers.emplace_back(lowerCase(std::string(trim(text.substr(0, colon)))),
                                 trim(text.substr(colon + 1)));
  return true;
}

void CurlExchange::boundBody(bool streamed) const {
  const std::uint64_t most = streamed ? options_.maxAnswerBytes
                                      : std::min(options_.maxAnswerBytes,
                                                 std::max(minKeptBytes, options_.maxAnswerBytes / keptPart));
  if (bodyBytes_ > most) {
    failWith(Category::malformedAnswer,
             fmt::format("the answer of {} to {} is larger than {} bytes (unpacked)", place_, request_.method,
                         most),
             "look what answers there: no vSphere server says so much at once; if it is right, allow more "
             "with --max-answer-bytes",
             false);
  }
  // What libcurl has taken from the wire it counts only after it has unpacked it: a buffer more than it says.
  curl_off_t packed = 0;
  curl_easy_getinfo(channel_.easy(), CURLINFO_SIZE_DOWNLOAD_T, &packed);
  if (bodyBytes_ > maxUnpacking * (static_cast<std::uint64_t>(packed) + bufferBytes)) {
    failWith(
        Category::malformedAnswer,
        fmt::format("the answer of {} to {} unpacks to more than {} times its size (gzip; {} bytes so far)",
                    place_, request_.method, maxUnpacking, bodyBytes_),
        "look what answers there, and what stands between: no inventory is like that", false);
  }
}

bool CurlExchange::takeBody(std::string_view piece) {
  const bool streamed = request_.onBody && response_.status == 200;
  bodyBytes_ += piece.size();
  boundBody(streamed);
  if (streamed) {
    const SteadyTime before = systemClock().now();
    request_.onBody(piece);
    deadlines_.receiverTook(before, systemClock().now());
  } else {
    response_.body.append(piece);
  }
  return true;
}

}  // namespace failback::vsphere
