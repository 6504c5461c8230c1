// SPDX-License-Identifier: Apache-2.0
// TCP: socket addresses of two families, options whose macros Swift does not see, and connecting without waiting.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// An address with its port, of either family; struct sockaddr_storage is awkward to copy in Swift.
struct clinux_address {
  uint32_t length;
  uint8_t bytes[28];
};

/// How a connection is watched over.
struct clinux_tcp_watch {
  /// Seconds without traffic after which the other side is probed, and from probe to probe.
  int idle, interval;
  /// Probes without an answer after which the connection is given up.
  int probes;
  /// Milliseconds that sent bytes may stay unacknowledged.
  unsigned int unacknowledged;
  /// Bytes that the kernel takes for sending while the other side takes none.
  int buffer;
};

/// getaddrinfo without its linked list: how many addresses a host has; 0 when it is not known or the answer
/// does not come. With `is_literal` no name is looked up, so that it never waits.
int clinux_tcp_resolve(const char *host, uint16_t port, int is_literal, struct clinux_address *out, int capacity);

/// A socket on its way to an address; never waits. -1 when the way is refused at once.
int clinux_tcp_connect(const struct clinux_address *address, struct clinux_tcp_watch watch);

/// How that went: 1 connected, 0 still under way, -1 refused. A socket that met only itself is refused: that
/// happens on this machine when a port between the system's own is tried again and again.
int clinux_tcp_connected(int fd);

/// Whether the other side has ended the connection and everything of it was read: 1 it has, 0 not, -1 it broke.
int clinux_tcp_ended(int fd);

/// Sends without waiting, and without SIGPIPE.
ssize_t clinux_tcp_send(int fd, const void *bytes, size_t count);

/// A listener on this machine's own address 127.0.0.1; port 0 takes a free one.
int clinux_tcp_listen(uint16_t port);

/// The port of a listener.
int clinux_tcp_port(int fd);

/// accept4: the next connection, without waiting.
int clinux_tcp_accept(int fd);

/// Closes a connection as a fault does it, with a reset in place of an end.
int clinux_tcp_reset(int fd);
