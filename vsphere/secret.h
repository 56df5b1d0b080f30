// SPDX-License-Identifier: GPL-2.0-or-later
// A password or token that must not be seen: never printed, wiped when it goes, kept out of core files.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace failback::vsphere {

// Shared and immutable: copies refer to the same locked memory, which is wiped when the last one goes.
// There is on purpose no stream operator and no conversion to std::string.
class Secret {
 public:
  Secret() = default;
  // Copies `text` into memory of its own; the caller should wipe what it read it from (see wipe()).
  explicit Secret(std::string_view text);

  bool empty() const;
  // Valid while any copy of this Secret lives. Only for the code that puts it on the wire or looks for it in
  // order to cut it out.
  std::string_view reveal() const;

 private:
  struct Memory;
  std::shared_ptr<const Memory> memory_;
};

// Overwrites the characters, in a way the compiler may not leave out, and empties the string.
void wipe(std::string& text) noexcept;

}  // namespace failback::vsphere
