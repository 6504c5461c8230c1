// SPDX-License-Identifier: Apache-2.0

// Calls the same door in an ordinary build, to compare.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

int64_t selfcheck(void);
int64_t readings(void);

int main(void) {
  printf("%" PRId64 " %" PRId64 "\n", selfcheck(), readings());
  return 0;
}
