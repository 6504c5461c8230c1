// SPDX-License-Identifier: Apache-2.0
// RS485, apart from CLinux.h because <linux/serial.h> can only be used where <termios.h> is not: see Serial.c.
#pragma once
#include <stdint.h>

/// How a serial driver turns an RS485 transceiver round; struct serial_rs485 is in <linux/serial.h>.
struct clinux_rs485 {
  uint32_t flags;
  uint32_t milliseconds_before, milliseconds_after;
};

/// The flags of <linux/serial.h>: held against it in Serial.c.
static const uint32_t clinux_rs485_enabled = 1 << 0;
static const uint32_t clinux_rs485_rts_on_send = 1 << 1;
static const uint32_t clinux_rs485_rts_after_send = 1 << 2;
static const uint32_t clinux_rs485_receive_during_send = 1 << 4;
static const uint32_t clinux_rs485_terminate = 1 << 5;

/// TIOCSRS485, then TIOCGRS485: sets this and answers in `accepted` what the driver made of it.
int clinux_serial_rs485(int fd, struct clinux_rs485 wish, struct clinux_rs485 *accepted);
