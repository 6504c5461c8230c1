// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// struct sockaddr_un holds its path in a C array, which Swift imports as a tuple of 108 bytes.
static inline int clinux_unix_address(const char *path, struct sockaddr_un *address) {
  if (strlen(path) >= sizeof address->sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  strcpy(address->sun_path, path);
  return 0;
}

static inline int clinux_unix_connect_as(const char *path, int type) {
  struct sockaddr_un address;
  if (clinux_unix_address(path, &address) < 0) return -1;
  int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  int code = errno;
  close(fd);
  errno = code;
  return -1;
}

static inline int clinux_unix_connect(const char *path) { return clinux_unix_connect_as(path, SOCK_STREAM); }

// A socket that nobody listens on any longer is replaced; a living one, and any other kind of file, is not.
static inline int clinux_unix_listen_as(const char *path, int type) {
  struct sockaddr_un address;
  if (clinux_unix_address(path, &address) < 0) return -1;
  int living = clinux_unix_connect_as(path, type);
  // A living one of the other kind does not let itself be called as this one.
  if (living >= 0 || errno == EPROTOTYPE) {
    if (living >= 0) close(living);
    errno = EADDRINUSE;
    return -1;
  }
  struct stat status;
  if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode)) unlink(path);
  int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && chmod(path, 0660) == 0 && listen(fd, 16) == 0)
    return fd;
  int code = errno;
  close(fd);
  errno = code;
  return -1;
}

static inline int clinux_unix_listen(const char *path) { return clinux_unix_listen_as(path, SOCK_STREAM); }

static inline int clinux_unix_listen_packets(const char *path) { return clinux_unix_listen_as(path, SOCK_SEQPACKET); }

// accept4 is hidden behind _GNU_SOURCE, which Swift's import of glibc does not set.
static inline int clinux_unix_accept(int fd) {
  struct sockaddr *nobody = 0;
  extern int accept4(int, struct sockaddr *, socklen_t *, int);
  return accept4(fd, nobody, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
