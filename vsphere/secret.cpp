// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/secret.h"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

namespace failback::vsphere {

// Whole pages of its own: advice to the kernel (not into core files, not to swap) works on pages only.
struct Secret::Memory {
  explicit Memory(std::string_view text) : size(text.size()) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    mapped = (size / page + 1) * page;
    void* place = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::bad_alloc();
    data = static_cast<char*>(place);
    // Best effort: RLIMIT_MEMLOCK may be small, and the secret is needed all the same.
    static_cast<void>(::mlock(data, mapped));
    static_cast<void>(::madvise(data, mapped, MADV_DONTDUMP));
    std::memcpy(data, text.data(), size);
  }
  ~Memory() {
    OPENSSL_cleanse(data, mapped);
    ::munmap(data, mapped);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  char* data = nullptr;
  std::size_t size = 0;
  std::size_t mapped = 0;
};

Secret::Secret(std::string_view text) {
  if (!text.empty()) memory_ = std::make_shared<const Memory>(text);
}

bool Secret::empty() const {
  return memory_ == nullptr;
}

std::string_view Secret::reveal() const {
  return memory_ == nullptr ? std::string_view{} : std::string_view(memory_->data, memory_->size);
}

void wipe(std::string& text) noexcept {
  // The tail up to the capacity may hold what was there before; growing to it never allocates.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace failback::vsphere
