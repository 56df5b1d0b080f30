// SPDX-License-Identifier: GPL-2.0-or-later
// The generated tables behind wsdl/schema.h. Nobody else includes this.
#pragma once

#include "wsdl/schema.h"

namespace failback::vim25::tables {

inline constexpr std::uint16_t kNoParent = 0xFFFF;
inline constexpr std::uint16_t kIsString = 0xFFFE;  // an enum

struct NameRow {
  std::string_view name;
  std::uint16_t parent;  // row of the base, or one of the above
  bool bound;
};

extern const std::span<const TypeInfo> kTypes;
extern const std::span<const MethodInfo> kMethods;
extern const std::span<const ManagedTypeInfo> kManagedTypes;
extern const std::span<const NameRow> kNames;
extern const std::span<const std::string_view> kBoundArrays;

}  // namespace failback::vim25::tables
