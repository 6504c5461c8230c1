// SPDX-License-Identifier: Apache-2.0
// The wrappers that need _GNU_SOURCE: see CLinux.h for what each is for.
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *clinux_error_name(int code) { return strerrorname_np(code); }

const char *clinux_error_text(int code) { return strerrordesc_np(code); }

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clinux_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

int clinux_spawn_directory(posix_spawn_file_actions_t *actions, const char *path) {
  return posix_spawn_file_actions_addchdir_np(actions, path);
}

char **clinux_environment(void) { return environ; }

int clinux_pty_open(char *path, size_t capacity) {
  int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return -1;
  int code = grantpt(fd) < 0 || unlockpt(fd) < 0 ? errno : ptsname_r(fd, path, capacity);
  if (code == 0) return fd;
  close(fd);
  errno = code;
  return -1;
}

int64_t clinux_birth(int fd) {
  struct statx info;
  if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &info) < 0) return -1;
  if (!(info.stx_mask & STATX_BTIME)) return -1;
  return (int64_t)info.stx_btime.tv_sec * 1000 + info.stx_btime.tv_nsec / 1000000;
}
