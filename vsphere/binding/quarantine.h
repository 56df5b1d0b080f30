// SPDX-License-Identifier: GPL-2.0-or-later
// The slow way to read a page that gSOAP refused: object by object, and where that fails property by
// property.
#pragma once

#include <optional>
#include <string_view>

#include "vsphere/binding/soap_codec.h"
#include "vsphere/page_decoder.h"

namespace failback::vsphere::binding {

// Absent when the body is not even well-formed XML, or not of this method's shape: then the whole of it is
// lost.
std::optional<InventoryPage> decodeInPieces(const SoapCodec& codec, std::string_view body,
                                            const AnswerPlace& place);

}  // namespace failback::vsphere::binding
