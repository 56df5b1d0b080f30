// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/page_reader.h"

namespace failback::vsphere::binding {
namespace {

void take(PageContent& content, const std::vector<vim25__ObjectContent*>& objects) {
  for (const auto* object : objects)
    if (object != nullptr) content.objects.push_back(object);
}

template <class Response>
void readResult(const SoapCodec& codec, std::string_view body, const AnswerPlace& place,
                const std::function<void(const PageContent&)>& use) {
  const auto response = codec.decode<Response>(body, place);
  PageContent content;
  // Nothing matched: no returnval.
  if (const vim25__RetrieveResult* result = response->returnval) {
    content.token = result->token.value_or("");
    take(content, result->objects);
  }
  use(content);
}

void readList(const SoapCodec& codec, std::string_view body, const AnswerPlace& place,
              const std::function<void(const PageContent&)>& use) {
  const auto response = codec.decode<_vim25__RetrievePropertiesResponse>(body, place);
  PageContent content;
  take(content, response->returnval);
  use(content);
}

}  // namespace

void readPage(const SoapCodec& codec, std::string_view body, const AnswerPlace& place,
              const std::function<void(const PageContent&)>& use) {
  if (place.method == "RetrievePropertiesEx") {
    readResult<_vim25__RetrievePropertiesExResponse>(codec, body, place, use);
  } else if (place.method == "ContinueRetrievePropertiesEx") {
    readResult<_vim25__ContinueRetrievePropertiesExResponse>(codec, body, place, use);
  } else if (place.method == "RetrieveProperties") {
    readList(codec, body, place, use);
  } else {
    fail(Category::internal, "An answer to " + place.method + " is no page of objects");
  }
}

}  // namespace failback::vsphere::binding
