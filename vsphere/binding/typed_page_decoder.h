// SPDX-License-Identifier: GPL-2.0-or-later
// The page decoder on gSOAP's generated classes, and the decoder of update sets.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vim25/soapStub.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/page_decoder.h"

namespace failback::vsphere {

// Reads answers of RetrievePropertiesEx, ContinueRetrievePropertiesEx and RetrieveProperties; place.method
// says which. gSOAP refuses a whole answer for one number that is none: then the answer is taken apart and
// each property is decoded alone, so that only the bad one is lost. The codec must outlive it.
class TypedPageDecoder : public PageDecoder {
 public:
  TypedPageDecoder(const SoapCodec& codec, AnswerPlace place);

  void feed(std::string_view piece) override;
  InventoryPage finish() override;

 private:
  const SoapCodec& codec_;
  AnswerPlace place_;
  std::string body_;
};

std::unique_ptr<PageDecoder> makeTypedPageDecoder(const SoapCodec& codec, AnswerPlace place);

// Throws nothing; what is odd stands in the page.
UpdatePage decodeUpdates(const _vim25__WaitForUpdatesExResponse& response);

}  // namespace failback::vsphere
