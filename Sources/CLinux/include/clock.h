// SPDX-License-Identifier: Apache-2.0
// What the kernel knows of its own calendar clock.
#pragma once

#include <stdbool.h>
#include <sys/timex.h>

/// Whether something keeps the calendar's clock right, such as a time server; the kernel forgets it at each start.
static inline bool clinux_clock_is_synchronised(void) {
  struct timex time = {0};
  int state = adjtimex(&time);
  return state != -1 && state != TIME_ERROR;
}
