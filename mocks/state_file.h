// SPDX-License-Identifier: GPL-2.0-or-later
// The file that a server's whole state is kept in, so that another process can go on where it ended: the
// scenario, what has become of it, and what clients know the server by (password and certificate).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "mocks/certificate.h"
#include "mocks/json_value.h"

namespace failback::mock {

class StateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct SavedServer {
  std::string scenario, scenarioText;  // name, and JSON text or "generate:..."
  std::string apiVersion, builtAt, password;
  std::uint64_t seed = 1;
  std::optional<Certificate> certificate;
};

struct SavedState {
  SavedServer server;
  Json world;
};

// Nothing when there is no such file. Throws StateError, which names the file and what is wrong with it.
std::optional<SavedState> readState(const std::string& file);
// Only the owner may read it; readers see the former file or the whole new one, whatever happens meanwhile.
// Throws StateError.
void writeState(const std::string& file, const SavedState& state);

// Replaces a file as writeState() does, readable by its owner only. Throws std::runtime_error.
void writePrivately(const std::string& file, const std::string& text);

}  // namespace failback::mock
