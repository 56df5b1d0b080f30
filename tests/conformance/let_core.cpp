// SPDX-License-Identifier: GPL-2.0-or-later
// Preloaded into failback by tests: it can no longer forbid core files, nor to be looked into. What a core
// file then holds is what would be seen if that measure failed.
#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdarg>

extern "C" {

// glibc gives the resource a type of its own, which C++ would not convert.
int setrlimit(__rlimit_resource_t resource, const struct rlimit* limit) noexcept {
  if (resource == RLIMIT_CORE) return 0;
  using Function = int(__rlimit_resource_t, const struct rlimit*);
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, "setrlimit"))(resource, limit);
}

int prctl(int option, ...) noexcept {
  if (option == PR_SET_DUMPABLE) return 0;
  va_list rest;
  va_start(rest, option);
  const unsigned long a = va_arg(rest, unsigned long), b = va_arg(rest, unsigned long);
  const unsigned long c = va_arg(rest, unsigned long), d = va_arg(rest, unsigned long);
  va_end(rest);
  using Function = int(int, ...);
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, "prctl"))(option, a, b, c, d);
}
}
