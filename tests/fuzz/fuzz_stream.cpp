// SPDX-License-Identifier: GPL-2.0-or-later
// The streaming decoder of pages against the typed one: on whatever bytes, both read the same, or both
// refuse. What differs on purpose is named in comparable() below.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/page_difference.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/stream/stream_page_decoder.h"
#include "vsphere/xml_document.h"

using namespace failback::vsphere;  // NOLINT(google-build-using-namespace)

namespace {

// A fuzzer's time goes into shapes, not into sizes.
constexpr SoapLimits limits{60, 10'000, 1L << 20};

const SoapCodec& codec() {
  static const SoapCodec instance(limits);
  return instance;
}

struct Answer {
  std::optional<InventoryPage> page;
  Category refused = Category::internal;
};

template <class Decoder>
Answer decode(Decoder decoder, std::string_view body, std::size_t cut) {
  Answer answer;
  try {
    decoder.feed(body.substr(0, cut));
    decoder.feed(body.substr(cut));
    answer.page = decoder.finish();
  } catch (const Failure& failure) {
    // An internal error is a defect of ours, whatever the input.
    if (failure.error().category == Category::internal || failure.error().text.empty()) std::abort();
    answer.refused = failure.error().category;
  }
  return answer;
}

std::string methodOf(std::string_view body) {
  for (const char* method : {"ContinueRetrievePropertiesEx", "RetrievePropertiesEx"})
    if (body.find(std::string(method) + "Response") != std::string_view::npos) return method;
  return "RetrieveProperties";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const AnswerPlace place{methodOf(body), "PropertyCollector:propertyCollector", 200};
  const std::size_t cut = size == 0 ? 0 : data[size / 2] % size;
  const Answer streamed = decode(StreamPageDecoder(codec(), place, limits), body, cut);
  const Answer typed = decode(TypedPageDecoder(codec(), place), body, cut);
  if (!streamed.page && !typed.page) return 0;
  if (!streamed.page || !typed.page) {
    // gSOAP takes some texts for XML that are none.
    if (!xml::parse(body)) return 0;
    std::fprintf(stderr, "only one decoder refuses\n");
    std::abort();
  }
  const std::string difference = failback::testing::pageDifference(*typed.page, *streamed.page);
  if (difference.empty()) return 0;
  std::fprintf(stderr, "typed and streamed differ: %s\n", difference.c_str());
  std::abort();
}
