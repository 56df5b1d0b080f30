// SPDX-License-Identifier: GPL-2.0-or-later
// From gSOAP's decoded requests to our own values. Includes gSOAP's large headers: for soap_*.cpp only.
#pragma once

#include <string>
#include <vector>

#include "mocks/fault.h"
#include "mocks/filter_spec.h"
#include "vim25/soapStub.h"

namespace failback::mock {

// Empty when there is none.
MoRef toRef(const vim25__ManagedObjectReference* ref);
std::vector<MoRef> toRefs(const std::vector<vim25__ManagedObjectReference*>& refs);
// Throws InvalidArgument for a parameter that is missing.
MoRef needRef(const vim25__ManagedObjectReference* ref, std::string_view parameter);
const std::string& needText(const std::optional<std::string>& text, std::string_view parameter);

// Throws InvalidArgument for parts that make no sense.
FilterSpec toFilterSpec(const vim25__PropertyFilterSpec* spec);
// The same as a value, for the property `spec` of the filter.
Value describe(const FilterSpec& spec);

}  // namespace failback::mock
