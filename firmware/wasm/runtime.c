// SPDX-License-Identifier: Apache-2.0

// What the Swift runtime asks of a platform, for a page of WebAssembly that computes and ends: memory is handed
// out and never taken back.

#include <stddef.h>
#include <stdint.h>

extern unsigned char __heap_base;
static uintptr_t top;

int posix_memalign(void **out, size_t alignment, size_t size) {
  if (top == 0) top = (uintptr_t)&__heap_base;
  uintptr_t start = (top + alignment - 1) & ~(uintptr_t)(alignment - 1);
  uintptr_t have = (uintptr_t)__builtin_wasm_memory_size(0) << 16;
  top = start + size;
  if (top > have && __builtin_wasm_memory_grow(0, (top - have + 65535) >> 16) == (size_t)-1) return 12;
  *out = (void *)start;
  return 0;
}

void free(void *memory) { (void)memory; }

void *memset(void *to, int byte, size_t count) {
  unsigned char *t = to;
  while (count--) *t++ = (unsigned char)byte;
  return to;
}

void *memcpy(void *to, const void *from, size_t count) {
  unsigned char *t = to;
  const unsigned char *f = from;
  while (count--) *t++ = *f++;
  return to;
}

void *memmove(void *to, const void *from, size_t count) {
  unsigned char *t = to;
  const unsigned char *f = from;
  if (t <= f) return memcpy(to, from, count);
  while (count--) t[count] = f[count];
  return to;
}

int memcmp(const void *a, const void *b, size_t count) {
  const unsigned char *x = a, *y = b;
  for (; count--; x++, y++)
    if (*x != *y) return *x - *y;
  return 0;
}

// Seeds hash tables. Nothing here keeps a secret in one, and a run shall be the same as the one before.
void arc4random_buf(void *to, size_t count) { memset(to, 0, count); }

// The low 128 bits of a product, by which the compiler detects overflow of 64-bit multiplication.
__int128 __multi3(__int128 a, __int128 b) {
  uint64_t al = (uint64_t)a, ah = (uint64_t)((unsigned __int128)a >> 64);
  uint64_t bl = (uint64_t)b, bh = (uint64_t)((unsigned __int128)b >> 64);
  uint64_t a0 = al & 0xFFFFFFFFu, a1 = al >> 32, b0 = bl & 0xFFFFFFFFu, b1 = bl >> 32;
  uint64_t middle = ((a0 * b0) >> 32) + ((a1 * b0) & 0xFFFFFFFFu) + ((a0 * b1) & 0xFFFFFFFFu);
  uint64_t low = ((a0 * b0) & 0xFFFFFFFFu) | (middle << 32);
  uint64_t high = a1 * b1 + ((a1 * b0) >> 32) + ((a0 * b1) >> 32) + (middle >> 32) + al * bh + ah * bl;
  return (__int128)(((unsigned __int128)high << 64) | low);
}
