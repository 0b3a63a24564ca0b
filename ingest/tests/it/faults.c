/* In: LOTSEN_FAULT_AT=n and LOTSEN_FAULT_ONCE. Out: the n-th change to a regular file or folder fails as on a full disk, and,
 * without ONCE, all after it. LOTSEN_FAULT_COUNT names a file that gets the number of changes at the end. Loaded before the
 * C library with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long changes;

static int fails(void) {
    const char *at = getenv("LOTSEN_FAULT_AT");
    long limit = at ? atol(at) : 0;
    long number = atomic_fetch_add(&changes, 1) + 1;
    if (limit == 0 || number < limit || (number > limit && getenv("LOTSEN_FAULT_ONCE"))) return 0;
    errno = ENOSPC;
    return 1;
}

static int is_file(int fd) {
    struct stat status;
    int before = errno;
    int regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    errno = before;
    return regular;
}

__attribute__((destructor)) static void count(void) {
    const char *path = getenv("LOTSEN_FAULT_COUNT");
    long total = atomic_load(&changes);
    if (path) {
        FILE *file = fopen(path, "w");
        if (file) {
            fprintf(file, "%ld", total);
            fclose(file);
        }
    }
}

#define ON_FILE(type, name, parameters, arguments) \
    type name parameters { \
        static type(*real) parameters; \
        if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        if (is_file(fd) && fails()) return -1; \
        return real arguments; \
    }

#define ON_NAME(type, name, parameters, arguments) \
    type name parameters { \
        static type(*real) parameters; \
        if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        if (fails()) return -1; \
        return real arguments; \
    }

ON_FILE(ssize_t, write, (int fd, const void *bytes, size_t length), (fd, bytes, length))
ON_FILE(ssize_t, pwrite64, (int fd, const void *bytes, size_t length, off64_t at), (fd, bytes, length, at))
ON_FILE(ssize_t, writev, (int fd, const struct iovec *parts, int number), (fd, parts, number))
ON_FILE(int, fsync, (int fd), (fd))
ON_FILE(int, fdatasync, (int fd), (fd))
ON_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length))
ON_FILE(int, posix_fallocate64, (int fd, off64_t from, off64_t length), (fd, from, length))
ON_NAME(int, mkdir, (const char *path, mode_t mode), (path, mode))
ON_NAME(int, rename, (const char *from, const char *to), (from, to))

int open64(const char *path, int flags, ...) {
    static int (*real)(const char *, int, ...);
    if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if ((flags & O_CREAT) && fails()) return -1;
    return real(path, flags, mode);
}
