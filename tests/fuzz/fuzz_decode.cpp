// SPDX-License-Identifier: GPL-2.0-or-later
// Whatever bytes a server sends: the decoders either give values or throw Failure, and nothing else happens.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vsphere/binding/decode_task.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/message_inspector.h"

using namespace failback::vsphere;  // NOLINT(google-build-using-namespace)

namespace {

// A small codec, as for the product but for its limits: a fuzzer's time goes into shapes, not into sizes.
const SoapCodec& codec() {
  static const SoapCodec instance(SoapLimits{60, 10'000, 1L << 20});
  return instance;
}

template <class Function>
void tolerated(Function function) {
  try {
    function();
  } catch (const Failure& failure) {
    // An internal error is a defect of ours, whatever the input.
    if (failure.error().category == Category::internal) std::abort();
    if (failure.error().text.empty()) std::abort();
  }
}

void decodePage(std::string_view body, const char* method) {
  TypedPageDecoder decoder(codec(), {method, "PropertyCollector:propertyCollector", 200});
  decoder.feed(body.substr(0, body.size() / 3));
  decoder.feed(body.substr(body.size() / 3));
  const InventoryPage page = decoder.finish();
  if (page.objects.size() > page.seen.size()) std::abort();
}

void decodeUpdateSet(std::string_view body) {
  const auto answer = codec().decode<_vim25__WaitForUpdatesExResponse>(body, {"WaitForUpdatesEx", "", 200});
  decodeUpdates(*answer);
  if (answer->returnval == nullptr) return;
  TaskInfo task;
  for (const auto* filter : answer->returnval->filterSet) {
    if (filter == nullptr) continue;
    for (const auto* object : filter->objectSet) {
      if (object == nullptr) continue;
      for (const auto* change : object->changeSet)
        if (change != nullptr) applyTaskProperty(task, change->name.value_or(""), change->val);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  // The tag picks the method, so that a mutated page is read as the page it was.
  if (body.find("ContinueRetrievePropertiesExResponse") != std::string_view::npos) {
    tolerated([&] { decodePage(body, "ContinueRetrievePropertiesEx"); });
  } else if (body.find("WaitForUpdatesExResponse") != std::string_view::npos) {
    tolerated([&] { decodeUpdateSet(body); });
  } else if (body.find("RetrievePropertiesResponse") != std::string_view::npos) {
    tolerated([&] { decodePage(body, "RetrieveProperties"); });
  } else {
    tolerated([&] { decodePage(body, "RetrievePropertiesEx"); });
  }
  tolerated([&] { inspectMessage(body); });
  return 0;
}
