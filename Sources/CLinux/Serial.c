// SPDX-License-Identifier: Apache-2.0
// termios2 lives in the kernel's <asm/termbits.h>, whose struct termios clashes with the C library's:
// it can only be used in a file that never sees <termios.h>.
#include <asm/termbits.h>
#include <linux/serial.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "rs485.h"
#ifndef SER_RS485_TERMINATE_BUS
#define SER_RS485_TERMINATE_BUS (1 << 5)
#endif

int clinux_serial_configure(int fd, uint32_t baud) {
  struct termios2 settings;
  if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
  settings.c_iflag = 0;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  // No HUPCL: closing must not drop DTR, which resets many adapters.
  settings.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  settings.c_ispeed = baud;
  settings.c_ospeed = baud;
  // VMIN 1 with O_NONBLOCK: nothing there is EAGAIN and 0 bytes is a terminal that has hung up. With
  // VMIN 0 both would be 0.
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  if (ioctl(fd, TCSETS2, &settings) < 0) return -1;
  return ioctl(fd, TCFLSH, TCIOFLUSH);
}

int clinux_serial_baud(int fd, uint32_t *baud) {
  struct termios2 settings;
  if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
  *baud = settings.c_ospeed;
  return 0;
}

int clinux_serial_low_latency(int fd) {
  struct serial_struct settings;
  if (ioctl(fd, TIOCGSERIAL, &settings) < 0) return -1;
  settings.flags |= ASYNC_LOW_LATENCY;
  return ioctl(fd, TIOCSSERIAL, &settings);
}

_Static_assert(SER_RS485_ENABLED == 1 << 0, "clinux_rs485_enabled");
_Static_assert(SER_RS485_RTS_ON_SEND == 1 << 1, "clinux_rs485_rts_on_send");
_Static_assert(SER_RS485_RTS_AFTER_SEND == 1 << 2, "clinux_rs485_rts_after_send");
_Static_assert(SER_RS485_RX_DURING_TX == 1 << 4, "clinux_rs485_receive_during_send");
_Static_assert(SER_RS485_TERMINATE_BUS == 1 << 5, "clinux_rs485_terminate");

int clinux_serial_rs485(int fd, struct clinux_rs485 wish, struct clinux_rs485 *accepted) {
  struct serial_rs485 settings = {
      .flags = wish.flags,
      .delay_rts_before_send = wish.milliseconds_before,
      .delay_rts_after_send = wish.milliseconds_after,
  };
  if (ioctl(fd, TIOCSRS485, &settings) < 0) return -1;
  settings = (struct serial_rs485){0};
  if (ioctl(fd, TIOCGRS485, &settings) < 0) return -1;
  accepted->flags = settings.flags;
  accepted->milliseconds_before = settings.delay_rts_before_send;
  accepted->milliseconds_after = settings.delay_rts_after_send;
  return 0;
}
