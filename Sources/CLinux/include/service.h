// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// A datagram socket that never waits, connected to the service manager's address (sd_notify(3)): a path, or a
// name without a file where the first character is '@'.
static inline int clinux_notify_open(const char *address) {
  struct sockaddr_un name;
  size_t length = strlen(address);
  memset(&name, 0, sizeof name);
  name.sun_family = AF_UNIX;
  if (length < 2 || (address[0] != '/' && address[0] != '@')) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  if (length >= sizeof name.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(name.sun_path, address, length);
  if (address[0] == '@') name.sun_path[0] = 0;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr *)&name, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) == 0)
    return fd;
  int code = errno;
  close(fd);
  errno = code;
  return -1;
}

// A watchdog of the machine (linux/watchdog.h), armed by opening it. Nothing but a character device is opened for
// writing: a wrong name must not fill a file.
static inline int clinux_watchdog_open(const char *path) {
  struct stat info;
  if (stat(path, &info) < 0) return -1;
  if (!S_ISCHR(info.st_mode)) {
    errno = ENODEV;
    return -1;
  }
  return open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

// ioctl is variadic: asks for a time-out in seconds; what is in force is left in `seconds`.
static inline int clinux_watchdog_timeout(int fd, int *seconds) { return ioctl(fd, WDIOC_SETTIMEOUT, seconds); }

// ioctl is variadic: the time-out in force, in seconds.
static inline int clinux_watchdog_ask(int fd, int *seconds) { return ioctl(fd, WDIOC_GETTIMEOUT, seconds); }
