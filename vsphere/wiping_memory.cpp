// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/wiping_memory.h"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

// NOLINTBEGIN(cppcoreguidelines-no-malloc): this is what stands in for malloc
namespace failback::vsphere {

void* wipingMalloc(std::size_t size) {
  return std::malloc(size);
}

void* wipingCalloc(std::size_t count, std::size_t size) {
  return std::calloc(count, size);
}

void* wipingRealloc(void* memory, std::size_t size) {
  if (memory == nullptr) return std::malloc(size);
  // realloc() itself would leave the old place as it was.
  void* larger = std::malloc(size);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, memory, std::min(size, ::malloc_usable_size(memory)));
  wipingFree(memory);
  return larger;
}

char* wipingStrdup(const char* text) {
  return ::strdup(text);
}

void wipingFree(void* memory) {
  if (memory == nullptr) return;
  OPENSSL_cleanse(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace failback::vsphere
// NOLINTEND(cppcoreguidelines-no-malloc)
