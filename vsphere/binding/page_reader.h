// SPDX-License-Identifier: GPL-2.0-or-later
// What the answers of the collector's three reading methods have in common, apart from how their bytes come.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "vim25/soapStub.h"
#include "vsphere/binding/soap_codec.h"

namespace failback::vsphere::binding {

// The objects of one answer; they live as long as the call of `use`.
struct PageContent {
  std::string token;
  std::vector<const vim25__ObjectContent*> objects;  // never null
};

// Decodes the answer and hands its content to `use`. Throws Failure as SoapCodec::decode, and
// malformedAnswer for a method that does not read objects.
void readPage(const SoapCodec& codec, std::string_view body, const AnswerPlace& place,
              const std::function<void(const PageContent&)>& use);

}  // namespace failback::vsphere::binding
