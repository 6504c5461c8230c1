// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE 1
#include "tcp_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

_Static_assert(sizeof(struct sockaddr_in6) <= sizeof(((struct clinux_address *)0)->bytes), "an address fits");

int clinux_tcp_resolve(const char *host, uint16_t port, int is_literal, struct clinux_address *out, int capacity) {
  char service[8];
  snprintf(service, sizeof service, "%u", (unsigned)port);
  struct addrinfo hints = {
      .ai_family = AF_UNSPEC,
      .ai_socktype = SOCK_STREAM,
      .ai_flags = AI_NUMERICSERV | (is_literal ? AI_NUMERICHOST : 0),
  };
  struct addrinfo *list = NULL;
  if (getaddrinfo(host, service, &hints, &list) != 0) return 0;
  int count = 0;
  for (struct addrinfo *entry = list; entry && count < capacity; entry = entry->ai_next) {
    if (entry->ai_addrlen > sizeof out[count].bytes) continue;
    memset(&out[count], 0, sizeof out[count]);
    out[count].length = (uint32_t)entry->ai_addrlen;
    memcpy(out[count].bytes, entry->ai_addr, entry->ai_addrlen);
    count++;
  }
  freeaddrinfo(list);
  return count;
}

static int abandon(int fd) {
  int code = errno;
  close(fd);
  errno = code;
  return -1;
}

int clinux_tcp_connect(const struct clinux_address *address, struct clinux_tcp_watch watch) {
  struct sockaddr_storage storage = {0};
  memcpy(&storage, address->bytes, address->length);
  int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  int on = 1;
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) < 0 ||
      setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &watch.idle, sizeof watch.idle) < 0 ||
      setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &watch.interval, sizeof watch.interval) < 0 ||
      setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &watch.probes, sizeof watch.probes) < 0 ||
      setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &watch.unacknowledged, sizeof watch.unacknowledged) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &watch.buffer, sizeof watch.buffer) < 0)
    return abandon(fd);
  if (connect(fd, (struct sockaddr *)&storage, address->length) == 0 || errno == EINPROGRESS) return fd;
  return abandon(fd);
}

int clinux_tcp_connected(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLOUT};
  int ready = poll(&entry, 1, 0);
  if (ready <= 0) return ready < 0 && errno != EINTR ? -1 : 0;
  int code = 0;
  socklen_t length = sizeof code;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) < 0) return -1;
  if (code != 0) {
    errno = code;
    return -1;
  }
  struct sockaddr_storage here = {0}, there = {0};
  socklen_t mine = sizeof here, theirs = sizeof there;
  if (getsockname(fd, (struct sockaddr *)&here, &mine) == 0 && getpeername(fd, (struct sockaddr *)&there, &theirs) == 0 &&
      mine == theirs && memcmp(&here, &there, mine) == 0) {
    errno = ECONNREFUSED;
    return -1;
  }
  return 1;
}

int clinux_tcp_ended(int fd) {
  char byte;
  ssize_t count = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count > 0) return 0;
  if (count == 0) return 1;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

ssize_t clinux_tcp_send(int fd, const void *bytes, size_t count) { return send(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT); }

int clinux_tcp_listen(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  int on = 1;
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 8) == 0)
    return fd;
  return abandon(fd);
}

int clinux_tcp_port(int fd) {
  struct sockaddr_in address = {0};
  socklen_t length = sizeof address;
  return getsockname(fd, (struct sockaddr *)&address, &length) < 0 ? -1 : ntohs(address.sin_port);
}

int clinux_tcp_accept(int fd) {
  int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  int on = 1;
  if (connection >= 0) setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

int clinux_tcp_reset(int fd) {
  struct linger hard = {.l_onoff = 1, .l_linger = 0};
  return setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}
