// SPDX-License-Identifier: Apache-2.0
// What Swift's Glibc module leaves out: variadic calls, macros, packed structs and newer system calls.
// Every wrapper answers as the call it wraps does: -1 with errno set when it fails.
#pragma once

// _GNU_SOURCE is not defined here: it changes structs of the C library (fd_set), which must stay those of
// Swift's Glibc module. What needs it is in CLinux.c.
#include <errno.h>
#include <linux/can.h>
#include <linux/can/error.h>
#include <linux/can/raw.h>
#include <linux/time_types.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <unistd.h>

// MARK: Errors

/// The symbol of an error number ("EACCES"): needs _GNU_SOURCE, which Swift's Glibc module is built without.
const char *clinux_error_name(int code);

/// The text of an error number, never translated and safe in any thread: needs _GNU_SOURCE.
const char *clinux_error_text(int code);

// MARK: Waiting

/// One readiness event; struct epoll_event is packed on some machines and holds a union.
struct clinux_event {
  uint32_t readiness;
  uint64_t token;
};

/// epoll's masks, which are an enum of their own type in Swift.
static const uint32_t clinux_readable = EPOLLIN;
static const uint32_t clinux_writable = EPOLLOUT;
static const uint32_t clinux_failed = EPOLLERR;
static const uint32_t clinux_hung_up = EPOLLHUP | EPOLLRDHUP;

/// epoll_create1: the Glibc module has no epoll.
static inline int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

/// EPOLL_CTL_ADD: the Glibc module has no epoll.
static inline int clinux_epoll_add(int epoll, int fd, uint32_t interest, uint64_t token) {
  struct epoll_event event = {.events = interest, .data = {.u64 = token}};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/// EPOLL_CTL_MOD: the Glibc module has no epoll.
static inline int clinux_epoll_change(int epoll, int fd, uint32_t interest, uint64_t token) {
  struct epoll_event event = {.events = interest, .data = {.u64 = token}};
  return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

/// EPOLL_CTL_DEL: the Glibc module has no epoll.
static inline int clinux_epoll_remove(int epoll, int fd) {
  struct epoll_event event = {0};
  return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event);
}

/// epoll_pwait2 by its number, because C libraries before 2.35 lack it; on kernels before 5.11 the
/// milliseconds of epoll_wait, rounded up. A negative time waits for ever.
static inline int clinux_epoll_wait(int epoll, struct clinux_event *out, int capacity, int64_t nanoseconds) {
  enum { most = 64 };
  struct epoll_event events[most];
  if (capacity > most) capacity = most;
  int count = -1;
#ifdef SYS_epoll_pwait2
  struct __kernel_timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  count = (int)syscall(SYS_epoll_pwait2, epoll, events, capacity, nanoseconds < 0 ? NULL : &time, NULL, 0);
  if (count < 0 && errno != ENOSYS) return count;
#endif
  if (count < 0) {
    int64_t milliseconds = nanoseconds < 0 ? -1 : (nanoseconds + 999999) / 1000000;
    if (milliseconds > INT32_MAX) milliseconds = INT32_MAX;
    count = epoll_wait(epoll, events, capacity, (int)milliseconds);
  }
  for (int i = 0; i < count; i++) {
    out[i].readiness = events[i].events;
    out[i].token = events[i].data.u64;
  }
  return count;
}

/// eventfd: the Glibc module has none.
static inline int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/// A timerfd on the monotonic clock: the Glibc module has none.
static inline int clinux_timerfd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

/// timerfd_settime to one moment of the monotonic clock; 0 or less disarms.
static inline int clinux_timerfd_set(int fd, int64_t nanoseconds) {
  struct itimerspec time = {0};
  if (nanoseconds > 0) {
    time.it_value.tv_sec = nanoseconds / 1000000000;
    time.it_value.tv_nsec = nanoseconds % 1000000000;
  }
  return timerfd_settime(fd, TFD_TIMER_ABSTIME, &time, NULL);
}

// MARK: Processes and signals

/// signalfd: the Glibc module has none.
static inline int clinux_signalfd(const sigset_t *signals) { return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK); }

/// The next signal number of a signalfd, 0 when there is none: struct signalfd_siginfo is not in Glibc.
static inline int clinux_signal_next(int fd) {
  struct signalfd_siginfo info;
  ssize_t count = read(fd, &info, sizeof info);
  return count == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

/// pidfd_open has no wrapper in older C libraries; a process that can be waited for with a time-out.
static inline int clinux_pidfd(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

/// pipe2: needs _GNU_SOURCE.
int clinux_pipe(int ends[2]);

/// pthread_setname_np for the calling thread: needs _GNU_SOURCE.
int clinux_name_thread(const char *name);

/// posix_spawn_file_actions_addchdir_np: needs _GNU_SOURCE.
int clinux_spawn_directory(posix_spawn_file_actions_t *actions, const char *path);

/// The environment is a global variable, which Swift 6 takes for shared mutable state.
char **clinux_environment(void);

// MARK: Terminals (the first three need headers that clash with <termios.h>: see Serial.c)

/// Raw 8N1 without flow control at any rate (termios2 with BOTHER); reads answer at once.
int clinux_serial_configure(int fd, uint32_t baud);

/// The rate that the driver says is in force (TCGETS2).
int clinux_serial_baud(int fd, uint32_t *baud);

/// Asks the driver not to hold received bytes back (ASYNC_LOW_LATENCY); many drivers refuse.
int clinux_serial_low_latency(int fd);

/// posix_openpt and its kin need _GNU_SOURCE: the controlling end, and the path of the terminal end.
int clinux_pty_open(char *path, size_t capacity);

/// ioctl is variadic: claims a terminal for this opening alone.
static inline int clinux_tty_exclusive(int fd) { return ioctl(fd, TIOCEXCL); }

/// ioctl is variadic: gives the claim back.
static inline int clinux_tty_shared(int fd) { return ioctl(fd, TIOCNXCL); }

/// ioctl is variadic: the size of a terminal's window.
static inline int clinux_window_size(int fd, uint16_t *columns, uint16_t *rows) {
  struct winsize size = {0};
  if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -1;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}

/// major() is a macro: whether the device is the terminal end of a Unix 98 pseudo-terminal
/// (majors 136 to 143, kernel's devices.txt).
static inline int clinux_is_pseudo_terminal(int fd) {
  struct stat info;
  if (fstat(fd, &info) < 0 || !S_ISCHR(info.st_mode)) return 0;
  return major(info.st_rdev) >= 136 && major(info.st_rdev) <= 143;
}

/// When an open file was made, in milliseconds since 1970; -1 where the file system does not tell.
/// statx is behind _GNU_SOURCE.
int64_t clinux_birth(int fd);

/// flock's name is taken by struct flock in Swift: a lock of the whole file, or EWOULDBLOCK at once.
static inline int clinux_lock(int fd) { return flock(fd, LOCK_EX | LOCK_NB); }

// MARK: CAN

/// A raw CAN socket: the address family is not in the Glibc module.
static inline int clinux_can_socket(void) { return socket(PF_CAN, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, CAN_RAW); }

/// struct sockaddr_can is not in the Glibc module.
static inline int clinux_can_bind(int fd, unsigned int interface) {
  struct sockaddr_can address = {.can_family = AF_CAN, .can_ifindex = (int)interface};
  return bind(fd, (struct sockaddr *)&address, sizeof address);
}

/// ioctl is variadic: 1 when the interface is up, 0 when it is down.
static inline int clinux_interface_up(int fd, const char *name) {
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(fd, SIOCGIFFLAGS, &request) < 0) return -1;
  return (request.ifr_flags & IFF_UP) != 0;
}

/// ioctl is variadic: 1 when the interface is a CAN bus, 0 when it is something else.
static inline int clinux_interface_is_can(int fd, const char *name) {
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(fd, SIOCGIFHWADDR, &request) < 0) return -1;
  return request.ifr_hwaddr.sa_family == ARPHRD_CAN;
}

/// The option's level and masks are macros with casts: asks for the error frames of these classes.
static inline int clinux_can_errors(int fd, uint32_t mask) {
  can_err_mask_t errors = mask;
  return setsockopt(fd, SOL_CAN_RAW, CAN_RAW_ERR_FILTER, &errors, sizeof errors);
}

/// struct can_filter is not in the Glibc module: pairs of identifier and mask, flags included.
static inline int clinux_can_filters(int fd, const uint32_t *pairs, unsigned int count) {
  return setsockopt(fd, SOL_CAN_RAW, CAN_RAW_FILTER, pairs, count * sizeof(struct can_filter));
}

/// One frame in; struct can_frame holds a union. 1 frame, 0 end, -1 error. `id` keeps the kernel's flags;
/// the first byte is the lowest of `data`.
static inline int clinux_can_read(int fd, uint32_t *id, uint8_t *count, uint64_t *data) {
  struct can_frame frame;
  ssize_t got = read(fd, &frame, sizeof frame);
  if (got < 0) return -1;
  if (got != (ssize_t)sizeof frame) return 0;
  *id = frame.can_id;
  *count = frame.can_dlc > 8 ? 8 : frame.can_dlc;
  *data = 0;
  for (int i = 0; i < *count; i++) *data |= (uint64_t)frame.data[i] << 8 * i;
  return 1;
}

/// One frame out; struct can_frame holds a union. The first byte is the lowest of `data`.
static inline int clinux_can_write(int fd, uint32_t id, uint8_t count, uint64_t data) {
  struct can_frame frame = {.can_id = id, .can_dlc = count};
  for (int i = 0; i < 8; i++) frame.data[i] = (uint8_t)(data >> 8 * i);
  return write(fd, &frame, sizeof frame) == (ssize_t)sizeof frame ? 0 : -1;
}

/// The flags and error classes of <linux/can.h> and <linux/can/error.h> are macros of unsigned type.
static const uint32_t clinux_can_extended = CAN_EFF_FLAG;
static const uint32_t clinux_can_remote = CAN_RTR_FLAG;
static const uint32_t clinux_can_error = CAN_ERR_FLAG;
static const uint32_t clinux_can_lost_transmission = CAN_ERR_TX_TIMEOUT;
static const uint32_t clinux_can_controller = CAN_ERR_CRTL;
static const uint32_t clinux_can_unacknowledged = CAN_ERR_ACK;
static const uint32_t clinux_can_bus_off = CAN_ERR_BUSOFF;
static const uint32_t clinux_can_bus_error = CAN_ERR_BUSERROR;
static const uint32_t clinux_can_restarted = CAN_ERR_RESTARTED;

/// The state of the controller in byte 1 of an error frame of class CAN_ERR_CRTL.
static const uint8_t clinux_can_warning_in = CAN_ERR_CRTL_RX_WARNING;
static const uint8_t clinux_can_warning_out = CAN_ERR_CRTL_TX_WARNING;
static const uint8_t clinux_can_passive_in = CAN_ERR_CRTL_RX_PASSIVE;
static const uint8_t clinux_can_passive_out = CAN_ERR_CRTL_TX_PASSIVE;
static const uint8_t clinux_can_active = CAN_ERR_CRTL_ACTIVE;
#include "clock.h"
#include "rs485.h"
#include "service.h"
#include "tcp_socket.h"
#include "unix_socket.h"
