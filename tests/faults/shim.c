/* Preloaded into a test's process: makes the k-th call that changes something below a folder fail, or the last one.

   Steps are writes, truncations, syncs, openings for writing, renames, removals and new folders, counted from 1 from
   the call of fault_arm() on. Reads are left alone. Until it is armed, every call goes straight through. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, TRUNCATE, SYNC, OPEN, RENAME, REMOVE, FOLDER, KINDS };
enum mode { OFF, COUNT, EIO_ONCE, EIO_ON, ENOSPC_ON, SHORT, EXIT, TORN, FULL };
enum verdict { PASS, FAIL, HALF, HALF_AND_EXIT };

static atomic_int mode = OFF;
static atomic_long steps, fail_at, room, counts[KINDS], writes_anywhere;
static char folder[PATH_MAX];
static size_t folder_length;

/* Begin: `step` is the step to fail at; in mode FULL, the bytes by which files may still grow. */
void fault_arm(const char *below, long step, int chosen) {
    snprintf(folder, sizeof folder, "%s", below);
    folder_length = strlen(folder);
    atomic_store(&steps, 0);
    atomic_store(&writes_anywhere, 0);
    atomic_store(&fail_at, step);
    atomic_store(&room, step);
    for (int kind = 0; kind < KINDS; kind++) atomic_store(&counts[kind], 0);
    atomic_store(&mode, chosen);
}

void fault_disarm(void) { atomic_store(&mode, OFF); }
long fault_steps(void) { return atomic_load(&steps); }
long fault_count(int kind) { return atomic_load(&counts[kind]); }
long fault_writes_anywhere(void) { return atomic_load(&writes_anywhere); }

static int is_below(const char *path) {
    return strncmp(path, folder, folder_length) == 0 && (path[folder_length] == '/' || path[folder_length] == 0);
}

static int is_path_below(int at, const char *path) {
    char whole[PATH_MAX * 2], base[PATH_MAX], link[64];
    if (atomic_load(&mode) == OFF || path == NULL) return 0;
    if (path[0] == '/') return is_below(path);
    snprintf(link, sizeof link, at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", at);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length < 0) return 0;
    base[length] = 0;
    snprintf(whole, sizeof whole, "%s/%s", base, path);
    return is_below(whole);
}

static int is_file_below(int descriptor) {
    char base[PATH_MAX], link[64];
    if (atomic_load(&mode) == OFF) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length < 0) return 0;
    base[length] = 0;
    return is_below(base);
}

static int takes_room(enum kind kind) { return kind == WRITE || kind == FOLDER; }

/* Count this step if the mode can fail it, and decide; errno is set where it fails. */
static enum verdict judge(enum kind kind, long growth) {
    int now = atomic_load(&mode);
    atomic_fetch_add(&counts[kind], 1);
    if (now == FULL) {
        if (growth == 0 || atomic_fetch_sub(&room, growth) >= growth) return PASS;
        errno = ENOSPC;
        return FAIL;
    }
    if ((now == SHORT || now == TORN) && kind != WRITE) return PASS;
    if (now == ENOSPC_ON && !takes_room(kind)) return PASS;
    long step = atomic_fetch_add(&steps, 1) + 1, wanted = atomic_load(&fail_at);
    if (now == COUNT || step < wanted || (step > wanted && now != EIO_ON && now != ENOSPC_ON)) return PASS;
    if (now == EXIT) _exit(9);
    if (now == SHORT) return HALF;
    if (now == TORN) return HALF_AND_EXIT;
    errno = now == ENOSPC_ON ? ENOSPC : EIO;
    return FAIL;
}

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (real == NULL) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static long growth_of(int descriptor, off_t end) {
    struct stat found;
    if (atomic_load(&mode) != FULL || fstat(descriptor, &found) != 0) return 0;
    return end > found.st_size ? (long)(end - found.st_size) : 0;
}

#define WRITTEN(descriptor, size, end, whole, half) \
    do { \
        if (atomic_load(&mode) != OFF) atomic_fetch_add(&writes_anywhere, 1); \
        if (!is_file_below(descriptor)) return whole; \
        ssize_t done; \
        switch (judge(WRITE, growth_of(descriptor, end))) { \
            case FAIL: return -1; \
            case HALF: return (size) < 2 ? whole : half; \
            case HALF_AND_EXIT: done = half; (void)done; _exit(9); \
            default: return whole; \
        } \
    } while (0)

ssize_t write(int descriptor, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    WRITTEN(descriptor, size, lseek(descriptor, 0, SEEK_CUR) + (off_t)size, real(descriptor, data, size),
            real(descriptor, data, size / 2));
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t place) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    WRITTEN(descriptor, size, place + (off_t)size, real(descriptor, data, size, place),
            real(descriptor, data, size / 2, place));
}

ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t place) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    WRITTEN(descriptor, size, place + (off_t)size, real(descriptor, data, size, place),
            real(descriptor, data, size / 2, place));
}

ssize_t writev(int descriptor, const struct iovec *parts, int many) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    WRITTEN(descriptor, parts[0].iov_len, lseek(descriptor, 0, SEEK_CUR) + (off_t)parts[0].iov_len,
            real(descriptor, parts, many), syscall(SYS_write, descriptor, parts[0].iov_base, parts[0].iov_len / 2));
}

#define ON_FILE(kind, descriptor) \
    if (is_file_below(descriptor) && judge(kind, 0) == FAIL) return -1

int ftruncate(int descriptor, off_t size) {
    REAL(int, "ftruncate", int, off_t);
    ON_FILE(TRUNCATE, descriptor);
    return real(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    ON_FILE(TRUNCATE, descriptor);
    return real(descriptor, size);
}

int fsync(int descriptor) {
    REAL(int, "fsync", int);
    ON_FILE(SYNC, descriptor);
    return real(descriptor);
}

int fdatasync(int descriptor) {
    REAL(int, "fdatasync", int);
    ON_FILE(SYNC, descriptor);
    return real(descriptor);
}

#define ON_PATH(kind, at, path) \
    if (is_path_below(at, path) && judge(kind, 0) == FAIL) return -1

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    ON_PATH(RENAME, AT_FDCWD, to);
    return real(from, to);
}

int renameat(int from_at, const char *from, int to_at, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    ON_PATH(RENAME, to_at, to);
    return real(from_at, from, to_at, to);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    ON_PATH(REMOVE, AT_FDCWD, path);
    return real(path);
}

int unlinkat(int at, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    ON_PATH(REMOVE, at, path);
    return real(at, path, flags);
}

int mkdir(const char *path, mode_t rights) {
    REAL(int, "mkdir", const char *, mode_t);
    ON_PATH(FOLDER, AT_FDCWD, path);
    return real(path, rights);
}

#define IS_CHANGING(flags) ((flags) & (O_CREAT | O_WRONLY | O_RDWR | O_TRUNC))
#define RIGHTS(flags) \
    mode_t rights = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        rights = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, mode_t);
    RIGHTS(flags)
    if (IS_CHANGING(flags)) ON_PATH(OPEN, AT_FDCWD, path);
    return real(path, flags, rights);
}

int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, mode_t);
    RIGHTS(flags)
    if (IS_CHANGING(flags)) ON_PATH(OPEN, AT_FDCWD, path);
    return real(path, flags, rights);
}

int openat(int at, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, mode_t);
    RIGHTS(flags)
    if (IS_CHANGING(flags)) ON_PATH(OPEN, at, path);
    return real(at, path, flags, rights);
}

int openat64(int at, const char *path, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, mode_t);
    RIGHTS(flags)
    if (IS_CHANGING(flags)) ON_PATH(OPEN, at, path);
    return real(at, path, flags, rights);
}

FILE *fopen(const char *path, const char *how) {
    REAL(FILE *, "fopen", const char *, const char *);
    if (strpbrk(how, "wa+") && is_path_below(AT_FDCWD, path) && judge(OPEN, 0) == FAIL) return NULL;
    return real(path, how);
}

FILE *fopen64(const char *path, const char *how) {
    REAL(FILE *, "fopen64", const char *, const char *);
    if (strpbrk(how, "wa+") && is_path_below(AT_FDCWD, path) && judge(OPEN, 0) == FAIL) return NULL;
    return real(path, how);
}
