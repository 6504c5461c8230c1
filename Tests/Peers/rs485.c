// SPDX-License-Identifier: Apache-2.0
// A serial driver with RS485, in place of one that needs hardware: it is loaded before a program, writes down the bytes
// that the program hands to the ioctl, and accepts the flags of $RS485_ACCEPTS. Everything else goes to the kernel.
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned char settings[32];

int ioctl(int fd, unsigned long request, ...) {
  va_list list;
  va_start(list, request);
  void *argument = va_arg(list, void *);
  va_end(list);
  if ((request & 0xFFFF) == 0x542F) {  // TIOCSRS485
    int file = open(getenv("RS485_RECORD"), O_WRONLY | O_CREAT | O_APPEND, 0644);
    memcpy(settings, argument, sizeof settings);
    if (write(file, settings, sizeof settings) != sizeof settings) abort();
    close(file);
    unsigned accepted;
    memcpy(&accepted, settings, sizeof accepted);
    accepted &= (unsigned)strtoul(getenv("RS485_ACCEPTS"), NULL, 0);
    memcpy(settings, &accepted, sizeof accepted);
    return 0;
  }
  if ((request & 0xFFFF) == 0x542E) {  // TIOCGRS485
    memcpy(argument, settings, sizeof settings);
    return 0;
  }
  return (int)syscall(SYS_ioctl, fd, request, argument);
}
