// Makes the n-th call of a kind fail, as a broken disk or a system at its limits would; preloaded into a program.
//
//   cc -shared -fPIC -O1 -o faults.so faults.c -ldl
//
//   FAULT_PREFIX    calls count that concern a path with this beginning
//   FAULT_FAMILIES  which calls count: write,sync,rename,link,create,open,read,close,mkdir,truncate,unlink,list,map,lock,
//                   alloc
//   FAULT_N         which of them fails, from 1; 0 to count only
//   FAULT_ERRNO     with what: a number; `short` for half of what was asked for; `kill` and `killafter` for the end of
//                   the program by SIGKILL, before the call or after it
//   FAULT_STICKY    if set, those after it fail likewise
//   FAULT_CALLER    for alloc: only calls made by this library, a part of its file's name
//   FAULT_COUNT     a file of 16 bytes that receives how many calls counted, and how many failed, as they come
//   FAULT_LOG       a file to which every call that changes a path below FAULT_PREFIX is written as a line
//   FAULT_SNAPSHOTS a folder that receives, for each sync of a file, what was in it
//
// Allocations count from the first counted path on, so that the start of the program is left alone.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SHORT = -1, KILL = -2, KILL_AFTER = -3 };

static char prefix[PATH_MAX];
static size_t prefix_length;
static char families[512];
static long wanted;
static int error_number;
static int sticky;
static uintptr_t caller_start, caller_end;
static int caller_given;
static volatile long own_counts[2];
static volatile long *counts = own_counts;
static int log_descriptor = -1;
static char snapshots[PATH_MAX];
static volatile int ready, armed;
static volatile long sequence;
static __thread int inside;

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void find_caller(const char *part) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[PATH_MAX + 128];
  caller_given = 1;
  while (maps && fgets(line, sizeof line, maps)) {
    char *path = strchr(line, '/');
    unsigned long start, end;
    if (path && strstr(path, part) && sscanf(line, "%lx-%lx", &start, &end) == 2) {
      if (!caller_start) caller_start = start;
      caller_end = end;
    }
  }
  if (maps) fclose(maps);
}

__attribute__((constructor)) static void start(void) {
  inside++;
  const char *text = getenv("FAULT_PREFIX");
  if (text) prefix_length = (size_t)snprintf(prefix, sizeof prefix, "%s", text);
  if ((text = getenv("FAULT_FAMILIES"))) snprintf(families, sizeof families, ",%s,", text);
  if ((text = getenv("FAULT_N"))) wanted = atol(text);
  if ((text = getenv("FAULT_ERRNO")))
    error_number = !strcmp(text, "short")       ? SHORT
                   : !strcmp(text, "kill")      ? KILL
                   : !strcmp(text, "killafter") ? KILL_AFTER
                                                : atoi(text);
  sticky = getenv("FAULT_STICKY") != NULL;
  if ((text = getenv("FAULT_CALLER"))) find_caller(text);
  if ((text = getenv("FAULT_SNAPSHOTS"))) snprintf(snapshots, sizeof snapshots, "%s", text);
  if ((text = getenv("FAULT_LOG")))
    log_descriptor = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if ((text = getenv("FAULT_COUNT"))) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, text, O_RDWR | O_CLOEXEC, 0);
    void *map = file < 0 ? MAP_FAILED : (void *)syscall(SYS_mmap, 0, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map != MAP_FAILED) counts = map;
    if (file >= 0) syscall(SYS_close, file);
  }
  inside--;
  ready = prefix_length > 0;
}

// The path of a descriptor, or of a name in the folder of one.
static int path_of(int folder, const char *name, char *path) {
  if (name && name[0] == '/') return snprintf(path, PATH_MAX, "%s", name) > 0;
  char link[64];
  if (folder == AT_FDCWD)
    snprintf(link, sizeof link, "/proc/self/cwd");
  else
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (name) snprintf(path + length, PATH_MAX - (size_t)length, "/%s", name);
  return 1;
}

static int is_counted(const char *path) {
  if (!ready || inside || strncmp(path, prefix, prefix_length)) return 0;
  armed = 1;
  return 1;
}

// What shall become of a call of a family: 0 for nothing, else an error number or one of the above.
static int fate(const char *family) {
  char word[32];
  snprintf(word, sizeof word, ",%s,", family);
  if (!strstr(families, word)) return 0;
  long count = __sync_add_and_fetch(&counts[0], 1);
  if (!wanted || !(count == wanted || (sticky && count > wanted))) return 0;
  __sync_add_and_fetch(&counts[1], 1);
  if (error_number == KILL) syscall(SYS_kill, getpid(), SIGKILL);
  return error_number;
}

static void after(int what) {
  if (what == KILL_AFTER) syscall(SYS_kill, getpid(), SIGKILL);
}

static void note(const char *call, const char *path, const char *other, long result) {
  if (log_descriptor < 0 || result < 0) return;
  char line[2 * PATH_MAX + 64];
  long number = __sync_add_and_fetch(&sequence, 1);
  int length = snprintf(line, sizeof line, "%ld\t%s\t%s\t%s\n", number, call, path, other ? other : "");
  syscall(SYS_write, log_descriptor, line, length);
}

static void keep(int file) {
  struct stat facts;
  char path[PATH_MAX + 32], link[64];
  if (!snapshots[0] || fstat(file, &facts) || !S_ISREG(facts.st_mode)) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  // The next line of the log is that of this sync.
  snprintf(path, sizeof path, "%s/%ld", snapshots, sequence + 1);
  int from = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
  int to = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  char buffer[65536];
  ssize_t got;
  while (from >= 0 && to >= 0 && (got = syscall(SYS_read, from, buffer, sizeof buffer)) > 0)
    syscall(SYS_write, to, buffer, got);
  if (from >= 0) syscall(SYS_close, from);
  if (to >= 0) syscall(SYS_close, to);
}

#define FAIL_IF(what) \
  if (what > 0) { \
    errno = what; \
    return -1; \
  }

// Writing and reading

static int counted_file(int file, char *path) { return ready && !inside && path_of(file, NULL, path) && is_counted(path); }

ssize_t write(int file, const void *bytes, size_t size) {
  REAL(write);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file, bytes, size);
  int what = fate("write");
  FAIL_IF(what);
  ssize_t done = real(file, bytes, what == SHORT && size > 1 ? size / 2 : size);
  note("write", path, NULL, done);
  after(what);
  return done;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
  REAL(pwrite);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file, bytes, size, offset);
  int what = fate("write");
  FAIL_IF(what);
  ssize_t done = real(file, bytes, what == SHORT && size > 1 ? size / 2 : size, offset);
  note("write", path, NULL, done);
  after(what);
  return done;
}
ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) { return pwrite(file, bytes, size, offset); }

ssize_t writev(int file, const struct iovec *pieces, int count) {
  REAL(writev);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file, pieces, count);
  int what = fate("write");
  FAIL_IF(what);
  ssize_t done = real(file, pieces, what == SHORT && count > 1 ? count / 2 : count);
  note("write", path, NULL, done);
  after(what);
  return done;
}

ssize_t read(int file, void *bytes, size_t size) {
  REAL(read);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file, bytes, size);
  int what = fate("read");
  FAIL_IF(what);
  ssize_t done = real(file, bytes, what == SHORT && size > 1 ? size / 2 : size);
  after(what);
  return done;
}
ssize_t __read_chk(int file, void *bytes, size_t size, size_t room) { return read(file, bytes, size < room ? size : room); }

ssize_t pread(int file, void *bytes, size_t size, off_t offset) {
  REAL(pread);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file, bytes, size, offset);
  int what = fate("read");
  FAIL_IF(what);
  ssize_t done = real(file, bytes, what == SHORT && size > 1 ? size / 2 : size, offset);
  after(what);
  return done;
}
ssize_t pread64(int file, void *bytes, size_t size, off64_t offset) { return pread(file, bytes, size, offset); }

int ftruncate(int file, off_t size) {
  REAL(ftruncate);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file, size);
  int what = fate("truncate");
  FAIL_IF(what);
  int status = real(file, size);
  note("truncate", path, NULL, status);
  after(what);
  return status;
}
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

int fsync(int file) {
  REAL(fsync);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file);
  int what = fate("sync");
  FAIL_IF(what);
  keep(file);
  int status = real(file);
  note("sync", path, NULL, status);
  after(what);
  return status;
}

int fdatasync(int file) {
  REAL(fdatasync);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file);
  int what = fate("sync");
  FAIL_IF(what);
  keep(file);
  int status = real(file);
  note("sync", path, NULL, status);
  after(what);
  return status;
}

int flock(int file, int operation) {
  REAL(flock);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file, operation);
  int what = fate("lock");
  FAIL_IF(what);
  int status = real(file, operation);
  after(what);
  return status;
}

int close(int file) {
  REAL(close);
  char path[PATH_MAX];
  if (!counted_file(file, path)) return real(file);
  int what = fate("close");
  int status = real(file);
  FAIL_IF(what);
  after(what);
  return status;
}

// Opening

static int opened(int folder, const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  int matters = ready && !inside && path_of(folder, name, path) && is_counted(path);
  if (!matters) return (int)syscall(SYS_openat, folder, name, flags, mode);
  int changes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
  int what = fate(changes ? "create" : "open");
  FAIL_IF(what);
  struct stat facts;
  int is_new = (flags & O_CREAT) && fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) != 0;
  int file = (int)syscall(SYS_openat, folder, name, flags, mode);
  if (is_new) note("create", path, NULL, file);
  if (flags & O_TRUNC) note("truncate", path, NULL, file);
  after(what);
  return file;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
    va_list list; \
    va_start(list, flags); \
    mode = (mode_t)va_arg(list, unsigned); \
    va_end(list); \
  }

int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE(flags) return opened(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE(flags) return opened(folder, name, flags, mode); }
int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int __open_2(const char *name, int flags) { return opened(AT_FDCWD, name, flags, 0); }
int __open64_2(const char *name, int flags) { return opened(AT_FDCWD, name, flags, 0); }
int __openat_2(int folder, const char *name, int flags) { return opened(folder, name, flags, 0); }
int __openat64_2(int folder, const char *name, int flags) { return opened(folder, name, flags, 0); }

FILE *fopen(const char *name, const char *mode) {
  REAL(fopen);
  char path[PATH_MAX];
  if (!ready || inside || !path_of(AT_FDCWD, name, path) || !is_counted(path)) return real(name, mode);
  int what = fate(strpbrk(mode, "wa+") ? "create" : "open");
  if (what > 0) {
    errno = what;
    return NULL;
  }
  FILE *file = real(name, mode);
  after(what);
  return file;
}
FILE *fopen64(const char *name, const char *mode) { return fopen(name, mode); }

DIR *opendir(const char *name) {
  REAL(opendir);
  char path[PATH_MAX];
  if (!ready || inside || !path_of(AT_FDCWD, name, path) || !is_counted(path)) return real(name);
  int what = fate("list");
  if (what > 0) {
    errno = what;
    return NULL;
  }
  DIR *folder = real(name);
  after(what);
  return folder;
}

struct dirent *readdir(DIR *folder) {
  REAL(readdir);
  char path[PATH_MAX];
  if (!counted_file(dirfd(folder), path)) return real(folder);
  int what = fate("list");
  if (what > 0) {
    errno = what;
    return NULL;
  }
  struct dirent *entry = real(folder);
  after(what);
  return entry;
}
struct dirent64 *readdir64(DIR *folder) { return (struct dirent64 *)readdir(folder); }

// Names

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  REAL(renameat);
  char path[PATH_MAX], target[PATH_MAX];
  if (!ready || inside || !path_of(from_folder, from, path) || !path_of(to_folder, to, target) ||
      !(is_counted(path) || is_counted(target)))
    return real(from_folder, from, to_folder, to);
  int what = fate("rename");
  FAIL_IF(what);
  int status = real(from_folder, from, to_folder, to);
  note("rename", path, target, status);
  after(what);
  return status;
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  REAL(linkat);
  char path[PATH_MAX], target[PATH_MAX];
  if (!ready || inside || !path_of(from_folder, from, path) || !path_of(to_folder, to, target) || !is_counted(target))
    return real(from_folder, from, to_folder, to, flags);
  int what = fate("link");
  FAIL_IF(what);
  int status = real(from_folder, from, to_folder, to, flags);
  note("link", path, target, status);
  after(what);
  return status;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdirat(int folder, const char *name, mode_t mode) {
  REAL(mkdirat);
  char path[PATH_MAX];
  if (!ready || inside || !path_of(folder, name, path) || !is_counted(path)) return real(folder, name, mode);
  int what = fate("mkdir");
  FAIL_IF(what);
  int status = real(folder, name, mode);
  note("mkdir", path, NULL, status);
  after(what);
  return status;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

int unlinkat(int folder, const char *name, int flags) {
  REAL(unlinkat);
  char path[PATH_MAX];
  if (!ready || inside || !path_of(folder, name, path) || !is_counted(path)) return real(folder, name, flags);
  int what = fate("unlink");
  FAIL_IF(what);
  int status = real(folder, name, flags);
  note("unlink", path, NULL, status);
  after(what);
  return status;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }
int remove(const char *name) {
  int status = unlinkat(AT_FDCWD, name, 0);
  return status && errno == EISDIR ? unlinkat(AT_FDCWD, name, AT_REMOVEDIR) : status;
}

// Memory

void *mmap(void *place, size_t size, int protection, int flags, int file, off_t offset) {
  char path[PATH_MAX];
  if (file >= 0 && counted_file(file, path)) {
    int what = fate("map");
    if (what > 0) {
      errno = what;
      return MAP_FAILED;
    }
  }
  return (void *)syscall(SYS_mmap, place, size, protection, flags, file, offset);
}
void *mmap64(void *place, size_t size, int protection, int flags, int file, off64_t offset) {
  return mmap(place, size, protection, flags, file, offset);
}

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static int is_refused(void *caller) {
  if (!armed || inside || !ready) return 0;
  if (caller_given && ((uintptr_t)caller < caller_start || (uintptr_t)caller >= caller_end)) return 0;
  inside++;
  int what = fate("alloc");
  inside--;
  if (what > 0) errno = what;
  return what > 0;
}

void *malloc(size_t size) { return is_refused(__builtin_return_address(0)) ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) {
  return is_refused(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
  return is_refused(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
  return is_refused(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  return is_refused(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
  if (is_refused(__builtin_return_address(0))) return errno;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : ENOMEM;
}
