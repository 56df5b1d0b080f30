// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/service.h"

#include <fmt/format.h>

#include "vsphere/idempotency.h"
#include "vsphere/secret.h"
#include "vsphere/sent_methods.h"
#include "vsphere/stream/stream_page_decoder.h"

namespace failback::vsphere {
namespace {

[[noreturn]] void refuse(Category category, const AnswerPlace& place, const std::string& what,
                         std::string remedy) {
  Error error;
  error.category = category;
  error.text = fmt::format("{} on {} was answered with HTTP status {}{}", place.method, place.object,
                           place.status, what);
  error.remedy = std::move(remedy);
  error.details.emplace_back("httpStatus", std::to_string(place.status));
  throw Failure(std::move(error));
}

// What a Retry-After asks for, as it stands there: seconds or a date.
std::string askedToWait(const Response& response) {
  const std::string_view wait = response.header("retry-after");
  if (wait.empty()) return {};
  const bool seconds = wait.find_first_not_of("0123456789") == std::string_view::npos;
  return seconds ? fmt::format(", and asks to come back in {} s", wait)
                 : fmt::format(", and asks to come back at {}", wait);
}

// Statuses that a SOAP server does not give: something before it, or in its place, has answered.
void refuseForeignStatus(const Response& response, const AnswerPlace& place) {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      refuse(Category::malformedAnswer, place,
             fmt::format(": it redirects to {}",
                         response.header("location").empty() ? "nowhere" : response.header("location")),
             "redirects are not followed, because credentials travel with the calls: give the URL of vCenter "
             "itself, with https");
    case 401:
    case 403:
      refuse(Category::malformedAnswer, place, ": a proxy or gateway before vCenter refuses access",
             "vCenter itself never answers so: check the URL, https_proxy and no_proxy");
    case 404:
      refuse(Category::malformedAnswer, place, ": there is no vSphere API at this path",
             "check the URL: host, port and path (usually /sdk)");
    case 407:
      refuse(Category::unreachable, place, ": the proxy demands a login",
             "put the proxy's credentials into https_proxy, or vCenter's host into no_proxy");
    case 429:
    case 503:
      refuse(Category::serverBusy, place,
             ": the server takes no requests at the moment" + askedToWait(response),
             "vCenter may be starting, or overloaded: try again later");
    case 502:
    case 504:
      refuse(Category::unreachable, place, ": the front end can't reach the vSphere service behind it",
             "vCenter may be starting, or its vpxd service is down: look at the server's services");
    default:
      break;
  }
}

// The body of a Login holds the password.
class WipedBody {
 public:
  explicit WipedBody(Request& request) : request_(&request) {}
  WipedBody(const WipedBody&) = delete;
  WipedBody& operator=(const WipedBody&) = delete;
  ~WipedBody() {
    if (request_->method == "Login") wipe(request_->body);
  }

 private:
  Request* request_;
};

}  // namespace

void StreamedPage::feed(std::string_view piece) {
  if (!decoder_) decoder_ = makeStreamPageDecoder(*codec_, place_);
  decoder_->feed(piece);
}

InventoryPage StreamedPage::finish(const RawAnswer& answer) {
  if (!answer.body.empty() || !decoder_) feed(answer.body);
  return decoder_->finish();
}

OperationIds::OperationIds(Random& random)
    : base_(fmt::format("{:08x}", static_cast<std::uint32_t>(random.next()))) {}

std::string OperationIds::next(const Context& context) {
  const std::string& base = context.operationId().empty() ? base_ : context.operationId();
  return fmt::format("{}-{}", base, ++count_);
}

Service::Service(Transport& transport, const SoapCodec& codec, OperationIds& ids, std::string path)
    : transport_(&transport), codec_(&codec), ids_(&ids), path_(std::move(path)) {}

RawAnswer Service::post(const char* method, const Moref& self, const xsd__anyType& body,
                        const Context& context, const CallOptions& options, StreamedPage* streamed) const {
  if (!maySend(method)) {
    fail(Category::internal, fmt::format("{} is called, but is not in the table of methods that may be sent "
                                         "(vsphere/sent_methods.cpp)",
                                         method));
  }
  if (self.empty()) {
    fail(Category::unsupported, fmt::format("this server has no object to call {} on", method));
  }
  const std::string operationId = ids_->next(context);
  Request request;
  request.path = path_;
  request.method = method;
  request.object = self.str();
  request.soapAction = "urn:vim25/" + version_;
  request.body = codec_->encode(method, body, operationId);
  request.replay = options.sessionBound ? Replay::sessionBound : replayOf(method);
  request.continues = options.continues;
  request.longPoll = options.longPoll;
  const WipedBody wiped(request);
  if (streamed != nullptr) {
    request.onBody = [streamed](std::string_view piece) { streamed->feed(piece); };
    request.onRestart = [streamed] { streamed->restart(); };
  }

  Response response = transport_->send(request, context.withOperationId(operationId));
  RawAnswer answer{std::move(response.body), {request.method, request.object, response.status}};
  if (response.status != 200 && !looksLikeEnvelope(answer.body)) {
    refuseForeignStatus(response, answer.place);
    throw Failure(errorOfForeignAnswer(answer.body, answer.place));
  }
  return answer;
}

Response Service::get(const std::string& file, const Context& context) const {
  Request request;
  request.verb = Request::Verb::get;
  request.path = path_ + "/" + file;
  request.method = file;
  request.replay = Replay::safe;
  return transport_->send(request, context.withOperationId(ids_->next(context)));
}

}  // namespace failback::vsphere
