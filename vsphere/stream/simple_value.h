// SPDX-License-Identifier: GPL-2.0-or-later
// Simple values (xsd:int, xsd:boolean, ...) as text of an XML element: what they are, and what they say. The
// same texts are taken as by gSOAP's decoder, a test and a fuzzer compare the two.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace failback::vsphere::stream {

enum class Simple : std::uint8_t {
  none,  // no simple type
  text,  // xsd:string, xsd:dateTime, xsd:anyURI, and every enum of vim25
  boolean,
  int8,
  int16,
  int32,
  int64,
  reference,  // ManagedObjectReference
};

// By the local name in xsi:type: "string", "int", "ManagedObjectReference", "VirtualMachinePowerState".
Simple simpleOf(std::string_view wireType);

// Blanks around a number do not count. Absent when it is no number, or none of this type.
std::optional<std::int64_t> integerOf(std::string_view text, Simple type);
std::optional<bool> booleanOf(std::string_view text);

// A simple value as text: numbers and booleans as vSphere writes them. Absent for a text that does not fit
// the type, and for references.
std::optional<std::string> textOf(std::string_view text, Simple type);

}  // namespace failback::vsphere::stream
