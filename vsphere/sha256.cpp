// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace failback::vsphere {

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string sha256Hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char byte : sha256(text)) {
    const auto value = static_cast<unsigned char>(byte);
    hex += digits[value >> 4U];
    hex += digits[value & 0xFU];
  }
  return hex;
}

}  // namespace failback::vsphere
