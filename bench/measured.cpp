// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a program and writes what the kernel says of it, with all that it started: a line of JSON.
//
//   bench-measured FILE PROGRAM [ARGUMENT...]
//
// In a program of its own, because the peak that the kernel reports of a child is never less than what its
// parent had when it forked: below this one, that is next to nothing. Ends as the program does.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

bool report(const char* path, const rusage& used, double wall, int code) {
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) return false;
  // ru_maxrss is in KiB.
  std::fprintf(file,
               "{\"user\": %.6f, \"system\": %.6f, \"wall\": %.6f, \"peakBytes\": %lld, \"code\": %d}\n",
               seconds(used.ru_utime), seconds(used.ru_stime), wall, 1024LL * used.ru_maxrss, code);
  return std::fclose(file) == 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fputs("usage: bench-measured FILE PROGRAM [ARGUMENT...]\n", stderr);
    return 2;
  }
  const double start = now();
  const pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    execvp(arguments[2], arguments + 2);
    std::perror(arguments[2]);
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child) return 1;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (!report(arguments[1], used, now() - start, code)) {
    std::perror(arguments[1]);
    return 1;
  }
  return code;
}
