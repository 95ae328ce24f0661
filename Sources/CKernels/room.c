// OpenBLAS takes a buffer as the program is loaded, before `main`, and one for each thread that calls it. Where the system
// has none left it asks for ever, so that is looked at first.
#include "ckernels.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// The size of one buffer in OpenBLAS's build for x86-64 and arm64.
static const size_t buffer_size = (size_t)128 << 20;

int ck_has_room(int buffers) {
  // More than any machine has threads for; the pieces are asked for one by one, as OpenBLAS does.
  enum { most = 2048 };
  static void *pieces[most];
  int count = buffers < most ? buffers : most;
  int got = 0;
  while (got < count) {
    void *piece = mmap(NULL, buffer_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) break;
    pieces[got++] = piece;
  }
  for (int i = 0; i < got; i++) munmap(pieces[i], buffer_size);
  return got == count;
}

// A sanitizer's own preparations would come behind these.
#if defined(__linux__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
static void check_before_loading(void) {
  if (ck_has_room(1)) return;
  static const char text[] =
      "error: there is less memory than OpenBLAS needs to be loaded; raise the limit, see `ulimit -v`\n";
  if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(71);
  _exit(71);
}

// These run before the constructors of shared libraries, OpenBLAS's among them.
__attribute__((section(".preinit_array"), used)) static void (*const check)(void) = check_before_loading;
#endif
