// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/soap_codec.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "vim25/soapH.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/markup_guard.h"

namespace failback::vsphere {

// What a context reads from and writes to; gSOAP's callbacks find it through soap->user.
struct Channel {
  std::string_view input;
  std::string output;
};

// A context and its channel; contexts that are free wait here for the next call.
struct SoapContext::Pool {
  static constexpr std::size_t kKept = 16;

  explicit Pool(SoapLimits bounds) : limits(bounds) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    for (struct soap* context : idle) destroy(context);
  }

  static void destroy(struct soap* context) noexcept {
    delete static_cast<Channel*>(context->user);
    context->user = nullptr;
    soap_free(context);
  }

  const SoapLimits limits;
  std::mutex mutex;
  std::vector<struct soap*> idle;
};

namespace {

constexpr soap_mode kMode = SOAP_C_UTFSTRING | SOAP_XML_TREE;

Channel& channelOf(struct soap* context) {
  return *static_cast<Channel*>(context->user);
}

std::size_t readInput(struct soap* context, char* buffer, std::size_t size) {
  Channel& channel = channelOf(context);
  const std::size_t count = std::min(size, channel.input.size());
  if (count > 0) std::memcpy(buffer, channel.input.data(), count);
  channel.input.remove_prefix(count);
  return count;
}

int writeOutput(struct soap* context, const char* data, std::size_t size) {
  channelOf(context).output.append(data, size);
  return SOAP_OK;
}

struct soap* newContext(const SoapLimits& limits) {
  struct soap* context = soap_new2(kMode, kMode);
  if (context == nullptr) fail(Category::internal, "no memory for a SOAP context");
  context->user = new Channel;
  context->maxlevel = limits.maxLevel;
  context->maxoccurs = limits.maxOccurs;
  context->maxlength = limits.maxTextBytes;
  context->frecv = readInput;
  return context;
}

// Without blanks at either end and without a byte order mark.
std::string_view trimmed(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::size_t from = body.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return body.substr(from, body.find_last_not_of(" \t\r\n") - from + 1);
}

// Letters are compared in lower case; `word` is given so.
bool containsWord(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

// The first characters, on one line, only what is sure to print. A cookie or a password can't stand there: an
// answer with secrets is SOAP, and its first characters are the envelope's.
std::string beginning(std::string_view body) {
  constexpr std::size_t kShown = 80;
  std::string shown;
  for (const char c : trimmed(body).substr(0, kShown)) {
    if (c == '\r' || c == '\n' || c == '\t') {
      shown += ' ';
    } else {
      shown += c >= ' ' && c <= '~' ? c : '.';
    }
  }
  return shown;
}

std::string describePlace(const AnswerPlace& place) {
  return place.object.empty() ? place.method : place.method + " on " + place.object;
}

// What gSOAP found wrong, in words; its own texts speak of its sources.
std::string reasonOf(struct soap* context) {
  switch (context->error) {
    case SOAP_EOF:
    case SOAP_END_TAG:
      return "it is cut short";
    case SOAP_SYNTAX_ERROR:
    case SOAP_UTF_ERROR:
      return "it is not well-formed XML";
    case SOAP_VERSIONMISMATCH:
    case SOAP_NAMESPACE:
      return "it is not a SOAP envelope of a known version";
    case SOAP_TAG_MISMATCH:
    case SOAP_NO_TAG:
      return "it does not hold the element that answers this method";
    case SOAP_TYPE:
    case SOAP_EMPTY:
    case SOAP_NULL:
      return "a value does not fit its type";
    case SOAP_LEVEL:
      return "its elements are nested too deeply";
    case SOAP_OCCURS:
    case SOAP_LENGTH:
      return "a list or a text in it is too long";
    default:
      return "it can't be decoded (gSOAP error " + std::to_string(context->error) + ")";
  }
}

Error malformed(struct soap* context, std::string_view body, const AnswerPlace& place) {
  const std::string near = context->tag[0] != '\0' ? ", near element " + std::string(context->tag) : "";
  return errorOfMalformedAnswer(reasonOf(context) + near, body, body.size(), place);
}

Error beyondLimits(const std::string& problem, std::string_view body, const AnswerPlace& place) {
  Error error;
  error.category = Category::malformedAnswer;
  error.text = "the answer to " + describePlace(place) + " is not read: " + problem + " (HTTP status " +
               std::to_string(place.status) + ", " + std::to_string(body.size()) + " bytes)";
  error.remedy =
      "no vSphere server answers so: check the URL and what stands between; if it is one, record the "
      "exchange with --record and report it";
  return error;
}

[[noreturn]] void throwFault(struct soap* context, const AnswerPlace& place) {
  const SOAP_ENV__Fault& fault = *context->fault;
  const SOAP_ENV__Detail* detail = fault.detail != nullptr ? fault.detail : fault.SOAP_ENV__Detail;
  const char* text = fault.faultstring;
  if (text == nullptr && fault.SOAP_ENV__Reason != nullptr) text = fault.SOAP_ENV__Reason->SOAP_ENV__Text;
  Error error = errorFromFault(detail != nullptr ? detail->__fault : nullptr, text != nullptr ? text : "");
  if (error.text.empty()) error.text = "the server refused " + describePlace(place) + " without a reason";
  error.details.emplace_back("method", place.method);
  if (error.object.empty()) {
    const std::size_t colon = place.object.find(':');
    if (colon != std::string::npos) {
      error.object = {place.object.substr(0, colon), place.object.substr(colon + 1), {}};
    }
  }
  throw Failure(std::move(error));
}

}  // namespace

void SoapContext::GiveBack::operator()(struct soap* context) const noexcept {
  if (context == nullptr) return;
  soap_destroy(context);
  soap_end(context);
  Channel& channel = channelOf(context);
  channel.input = {};
  channel.output = {};
  const std::lock_guard lock(pool->mutex);
  if (pool->idle.size() < Pool::kKept) {
    pool->idle.push_back(context);
  } else {
    Pool::destroy(context);
  }
}

SoapCodec::SoapCodec(SoapLimits limits) : pool_(std::make_shared<SoapContext::Pool>(limits)) {
  pool_->idle.reserve(SoapContext::Pool::kKept);
}

SoapContext SoapCodec::lease() const {
  struct soap* context = nullptr;
  {
    const std::lock_guard lock(pool_->mutex);
    if (!pool_->idle.empty()) {
      context = pool_->idle.back();
      pool_->idle.pop_back();
    }
  }
  if (context == nullptr) context = newContext(pool_->limits);
  return SoapContext(std::unique_ptr<struct soap, SoapContext::GiveBack>(context, {pool_}));
}

SoapContext SoapCodec::borrow(std::string_view input) const {
  SoapContext context = lease();
  channelOf(context.get()).input = trimmed(input);
  return context;
}

std::string SoapCodec::encode(std::string_view method, const xsd__anyType& request,
                              std::string_view operationId) const {
  const SoapContext context = lease();
  struct soap* soap = context.get();
  const std::string tag = "vim25:" + std::string(method);
  std::string id(operationId);
  SOAP_ENV__Header header;
  header.vim25__operationID = &id;

  soap->fsend = writeOutput;
  soap_begin(soap);
  soap_set_version(soap, 1);
  soap->encodingStyle = nullptr;
  soap->header = id.empty() ? nullptr : &header;
  soap_serializeheader(soap);
  const bool failed = soap_begin_send(soap) != SOAP_OK || soap_envelope_begin_out(soap) != SOAP_OK ||
                      soap_putheader(soap) != SOAP_OK || soap_body_begin_out(soap) != SOAP_OK ||
                      request.soap_put(soap, tag.c_str(), "") != SOAP_OK ||
                      soap_body_end_out(soap) != SOAP_OK || soap_envelope_end_out(soap) != SOAP_OK ||
                      soap_end_send(soap) != SOAP_OK;
  soap->header = nullptr;
  // What it wrote stays in its buffer otherwise, and may hold a password.
  OPENSSL_cleanse(soap->buf, sizeof soap->buf);
  if (failed) {
    fail(Category::internal, "the request " + std::string(method) + " can't be written (gSOAP error " +
                                 std::to_string(soap->error) + ")");
  }
  return std::move(channelOf(soap).output);
}

void SoapCodec::decodeInto(const SoapContext& context, std::string_view body, const AnswerPlace& place,
                           void* object, ReadInto read) const {
  const std::string_view text = trimmed(body);
  // gSOAP would take what does not begin with '<' for HTTP headers, MIME or gzip.
  if (!looksLikeEnvelope(text)) throw Failure(errorOfForeignAnswer(body, place));
  if (const auto problem = markupProblem(text)) throw Failure(beyondLimits(*problem, body, place));
  struct soap* soap = context.get();
  channelOf(soap).input = text;
  soap_begin(soap);
  if (soap_begin_recv(soap) != SOAP_OK || soap_envelope_begin_in(soap) != SOAP_OK ||
      soap_recv_header(soap) != SOAP_OK || soap_body_begin_in(soap) != SOAP_OK) {
    throw Failure(malformed(soap, body, place));
  }
  read(soap, object, ("vim25:" + place.method + "Response").c_str());
  if (soap->error != SOAP_OK) {
    const int wrong = soap->error;
    // Looks whether the element is a fault, and forgets what was wrong when it is not.
    soap_recv_fault(soap, 1);
    if (soap->error == SOAP_FAULT && soap->fault != nullptr) throwFault(soap, place);
    soap->error = wrong;
    throw Failure(malformed(soap, body, place));
  }
  if (soap_body_end_in(soap) != SOAP_OK || soap_envelope_end_in(soap) != SOAP_OK ||
      soap_end_recv(soap) != SOAP_OK) {
    throw Failure(malformed(soap, body, place));
  }
}

bool looksLikeEnvelope(std::string_view body) {
  body = trimmed(body);
  // Comments, processing instructions and the like stand before the root element.
  while (body.starts_with("<?") || body.starts_with("<!")) {
    const std::string_view closing = body.starts_with("<!--") ? "-->" : ">";
    const std::size_t end = body.find(closing);
    if (end == std::string_view::npos) return false;
    body = trimmed(body.substr(end + closing.size()));
  }
  if (!body.starts_with('<')) return false;
  const std::string_view name = body.substr(1, body.find_first_of(" \t\r\n/>") - 1);
  return name == "Envelope" || name.ends_with(":Envelope");
}

Error errorOfMalformedAnswer(const std::string& reason, std::string_view start, std::uint64_t bytes,
                             const AnswerPlace& place) {
  Error error;
  error.category = Category::malformedAnswer;
  error.text = "the answer to " + describePlace(place) + " is malformed: " + reason + " (HTTP status " +
               std::to_string(place.status) + ", " + std::to_string(bytes) + " bytes, beginning with \"" +
               beginning(start) + "\")";
  error.remedy = "try again; if it stays, record the exchange with --record and report it";
  return error;
}

Error errorOfForeignAnswer(std::string_view body, const AnswerPlace& place) {
  Error error;
  error.category = Category::malformedAnswer;
  const std::string where = describePlace(place);
  const std::string status = "HTTP status " + std::to_string(place.status);
  const std::string_view text = trimmed(body);
  if (text.empty()) {
    error.text = "the answer to " + where + " is empty (" + status + ")";
    error.remedy = "check that the URL leads to vCenter itself, not to a proxy or load balancer before it";
    return error;
  }
  const std::string_view head = text.substr(0, 1024);
  const bool html = containsWord(head, "<html") || containsWord(head, "<!doctype html");
  error.text = "the answer to " + where + " is " +
               (html                      ? "a web page"
                : looksLikeEnvelope(text) ? "SOAP, but neither a fault nor an answer of that status"
                : text.front() == '<'     ? "XML, but not SOAP"
                                          : "not SOAP") +
               " (" + status + ", beginning with \"" + beginning(text) + "\")";
  error.remedy =
      html ? "this may be the login or error page of a proxy, or a web server that is not vCenter: check "
             "the URL, https_proxy and no_proxy"
           : "check that the URL leads to the vSphere API of a vCenter or ESXi host (usually /sdk)";
  return error;
}

}  // namespace failback::vsphere
