// SPDX-License-Identifier: GPL-2.0-or-later
// Memory for libraries that copy what is secret: wiped before it is given back to the heap. libcurl sends a
// Login's body through buffers of its own. Thread-safe; as malloc() and so on otherwise.
#pragma once

#include <cstddef>

namespace failback::vsphere {

void* wipingMalloc(std::size_t size);
void* wipingCalloc(std::size_t count, std::size_t size);
void* wipingRealloc(void* memory, std::size_t size);
char* wipingStrdup(const char* text);
void wipingFree(void* memory);

}  // namespace failback::vsphere
