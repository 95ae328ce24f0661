#include "CAllocations.h"

#include <stdlib.h>

#if defined(__linux__) && defined(__GLIBC__)
#include <errno.h>
#include <malloc.h>
#include <stddef.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

// Of the program itself, so that reading one never asks for memory.
static __thread long held __attribute__((tls_model("initial-exec")));
static __thread long most __attribute__((tls_model("initial-exec")));

void allocations_begin(void) { held = most = 0; }

long allocations_peak(void) { return most; }

static void *counted(void *memory) {
  if (memory) {
    held += (long)malloc_usable_size(memory);
    if (held > most) most = held;
  }
  return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }

void *realloc(void *old, size_t size) {
  long before = old ? (long)malloc_usable_size(old) : 0;
  void *memory = __libc_realloc(old, size);
  // Where there is no room, the old memory stays.
  if (!memory && size) return memory;
  held -= before;
  return counted(memory);
}

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  void *memory = counted(__libc_memalign(alignment, size));
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}

void free(void *memory) {
  if (memory) held -= (long)malloc_usable_size(memory);
  __libc_free(memory);
}
#else
void allocations_begin(void) {}
long allocations_peak(void) { return 0; }
#endif
