/* A wall clock that is wrong, to be preloaded. CLOCK_FAULT is `stands`, `back` (a second with every look), `jumps` (ten
   years back after a while), `leaps` (three years ahead with every look) or `before` (two centuries ago). Clocks that only
   go forward are left alone. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long looks;

int clock_gettime(clockid_t id, struct timespec *found) {
  int result = (int)syscall(SYS_clock_gettime, id, found);
  if (result != 0 || (id != CLOCK_REALTIME && id != CLOCK_REALTIME_COARSE)) return result;
  const char *fault = getenv("CLOCK_FAULT");
  long n = __sync_add_and_fetch(&looks, 1);
  if (fault == NULL) return 0;
  if (strcmp(fault, "jumps") != 0) *found = (struct timespec){1700000000, 0};
  if (strcmp(fault, "back") == 0) found->tv_sec -= n;
  if (strcmp(fault, "jumps") == 0 && n > 40) found->tv_sec -= 315360000;
  if (strcmp(fault, "leaps") == 0) found->tv_sec += n * 100000000L;
  if (strcmp(fault, "before") == 0) found->tv_sec = -5000000000L;
  return 0;
}

int gettimeofday(struct timeval *found, void *zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  *found = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *found) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (found != NULL) *found = now.tv_sec;
  return now.tv_sec;
}
