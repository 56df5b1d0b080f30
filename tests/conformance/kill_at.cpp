// SPDX-License-Identifier: GPL-2.0-or-later
// Preloaded into failback by tests: ends the process, as kill -9 does, at a chosen point.
//
//   FAILBACK_KILL_AT=sync:N     right after the N-th durable write (fdatasync, which SQLite's are)
//   FAILBACK_KILL_AT=before:N   before the N-th piece is sent to the server
//   FAILBACK_KILL_AT=after:N    after it was sent: the server has it, the answer is never read
//   FAILBACK_KILL_COUNT=FILE    nothing is ended; how many points there are is written to FILE
//
// Pieces are counted from the first durable write on: before it nothing has been promised.
#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::atomic<int> syncs, sends;

void dieAt(std::string_view kind, int count) {
  const char* wanted = std::getenv("FAILBACK_KILL_AT");
  if (wanted != nullptr && wanted == std::string(kind) + ":" + std::to_string(count))
    ::kill(::getpid(), SIGKILL);
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct Teller {
  ~Teller() {
    const char* file = std::getenv("FAILBACK_KILL_COUNT");
    std::FILE* out = file != nullptr ? std::fopen(file, "w") : nullptr;
    if (out == nullptr) return;
    std::fprintf(out, "%d %d\n", syncs.load(), sends.load());
    std::fclose(out);
  }
} const teller;

}  // namespace

extern "C" {

int fdatasync(int file) {
  const int result = next<int(int)>("fdatasync")(file);
  dieAt("sync", ++syncs);
  return result;
}

int SSL_write(void* ssl, const void* data, int count) {
  const int number = syncs > 0 ? ++sends : 0;
  dieAt("before", number);
  const int result = next<int(void*, const void*, int)>("SSL_write")(ssl, data, count);
  dieAt("after", number);
  return result;
}
}
