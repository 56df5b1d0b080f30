// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/soap_dispatch.h"

#include <istream>
#include <mutex>
#include <new>
#include <sstream>
#include <streambuf>

#include "mocks/soap_service.h"

namespace failback::mock {

namespace {

constexpr int maxDepth = 100;

// Reads the request where it lies.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    // setg wants non-const pointers; nothing writes through them.
    char* const begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

struct FreeContext {
  void operator()(struct soap* context) const {
    soap_destroy(context);
    soap_end(context);
    soap_free(context);
  }
};
using Context = std::unique_ptr<struct soap, FreeContext>;

Context newContext() {
  // SOAP_XML_TREE: id and href mean nothing to vim25, and a hostile one could alias objects.
  Context context(soap_new2(SOAP_C_UTFSTRING | SOAP_XML_TREE, SOAP_C_UTFSTRING | SOAP_XML_TREE));
  if (!context) throw std::bad_alloc();
  context->maxlevel = maxDepth;
  return context;
}

}  // namespace

// gSOAP contexts are large; they are used again.
class SoapDispatcher::Pool {
 public:
  Context take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Context context = std::move(free_.back());
        free_.pop_back();
        return context;
      }
    }
    return newContext();
  }

  void giveBack(Context context) {
    soap_destroy(context.get());
    soap_end(context.get());
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(context));
  }

 private:
  std::mutex mutex_;
  std::vector<Context> free_;
};

SoapDispatcher::SoapDispatcher(World& world) : world_(world), pool_(std::make_unique<Pool>()) {}
SoapDispatcher::~SoapDispatcher() = default;

void SoapDispatcher::run(std::string_view body, CallContext& context) {
  const auto start = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string_view::npos || body[start] != '<') {
    // gSOAP would take other text for HTTP headers, MIME or gzip.
    const Fault fault = makeFault("InvalidRequest", "The request is not XML.\n\nwhile parsing SOAP body");
    context.fault = "InvalidRequest";
    context.response = faultResponse(context.format, fault);
    return;
  }
  ViewBuffer buffer(body);
  std::istream in(&buffer);
  Context soap = pool_->take();
  std::ostringstream unused;  // whatever gSOAP might say itself goes nowhere
  soap->is = &in;
  soap->os = &unused;
  soap_begin(soap.get());
  soap->header = nullptr;
  soap->fault = nullptr;
  {
    SoapService service(soap.get(), world_, context);
    service.run(body);
  }
  soap->is = nullptr;
  soap->os = nullptr;
  pool_->giveBack(std::move(soap));
}

}  // namespace failback::mock
