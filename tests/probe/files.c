/* Every way to open, stat, test or resolve a path, on a served path and on a real one.
 *
 *     files served|plain PATH TEXT REAL
 *
 * served: PATH does not exist, but must be read as a file that contains TEXT.
 * plain:  the library is absent or inert: PATH must not exist for anybody.
 * REAL exists in both cases and must be itself. */
#define _GNU_SOURCE
#include "probe.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int served;
static const char *path, *text;

/* Symbols that one libc or the other does not declare: taken when the process has them. */
#define WEAK(type, name, arguments) extern type name arguments __attribute__((weak))
WEAK(int, open64, (const char *, int, ...));
WEAK(int, openat64, (int, const char *, int, ...));
WEAK(int, __open, (const char *, int, ...));
WEAK(int, __open64, (const char *, int, ...));
WEAK(int, __open_2, (const char *, int));
WEAK(int, __open64_2, (const char *, int));
WEAK(int, __openat_2, (int, const char *, int));
WEAK(int, __openat64_2, (int, const char *, int));
WEAK(FILE *, fopen64, (const char *, const char *));
WEAK(FILE *, freopen64, (const char *, const char *, FILE *));
WEAK(int, stat64, (const char *, struct stat64 *));
WEAK(int, lstat64, (const char *, struct stat64 *));
WEAK(int, fstatat64, (int, const char *, struct stat64 *, int));
WEAK(int, __xstat, (int, const char *, struct stat *));
WEAK(int, __xstat64, (int, const char *, struct stat64 *));
WEAK(int, __lxstat, (int, const char *, struct stat *));
WEAK(int, __lxstat64, (int, const char *, struct stat64 *));
WEAK(int, __fxstatat, (int, int, const char *, struct stat *, int));
WEAK(int, __fxstatat64, (int, int, const char *, struct stat64 *, int));
WEAK(int, euidaccess, (const char *, int));
WEAK(int, eaccess, (const char *, int));
WEAK(char *, __realpath_chk, (const char *, char *, size_t));
WEAK(char *, canonicalize_file_name, (const char *));
WEAK(ssize_t, __readlink_chk, (const char *, char *, size_t, size_t));
WEAK(ssize_t, __readlinkat_chk, (int, const char *, char *, size_t, size_t));
struct statx;
WEAK(int, statx, (int, const char *restrict, int, unsigned, struct statx *restrict));

#if defined __x86_64__
#define STAT_VERSION 1
#else
#define STAT_VERSION 0
#endif

static struct stat identity; /* of the served file, from the first successful open */

static void check_fd(const char *name, int fd)
{
    int saved = errno;
    if (!served) {
        errno = saved;
        EXPECT(fd == -1 && errno == ENOENT, name);
        return;
    }
    char bytes[65536] = "";
    struct stat status;
    EXPECT(fd >= 0, name);
    if (fd < 0)
        return;
    ssize_t n = read(fd, bytes, sizeof bytes - 1);
    EXPECT(n > 0 && strstr(bytes, text), name);
    EXPECT(fstat(fd, &status) == 0 && S_ISREG(status.st_mode), name);
    EXPECT((status.st_mode & 0777) == 0600 && status.st_size == n, name);
    if (!identity.st_ino)
        identity = status;
    EXPECT(status.st_dev == identity.st_dev && status.st_ino == identity.st_ino, name);
    EXPECT(write(fd, "x", 1) == -1, name);
    close(fd);
}

static void check_stat(const char *name, int result, const struct stat *status)
{
    if (!served)
        EXPECT(result == -1 && errno == ENOENT, name);
    else
        EXPECT(result == 0 && status->st_ino == identity.st_ino &&
                   status->st_size == identity.st_size && status->st_mtime == identity.st_mtime,
               name);
}

static void check_zero(const char *name, int result)
{
    EXPECT(served ? result == 0 : result == -1 && errno == ENOENT, name);
}

#define FD(call)                                                                                   \
    do {                                                                                           \
        errno = 0;                                                                                 \
        int fd_ = (call);                                                                          \
        check_fd(#call, fd_);                                                                      \
    } while (0)
#define FD_IF(symbol, call)                                                                        \
    do {                                                                                           \
        if (symbol)                                                                                \
            FD(call);                                                                              \
    } while (0)

static void check_open(int directory, const char *relative)
{
    FD(open(path, O_RDONLY));
    FD(open(path, O_RDONLY | O_CLOEXEC));
    FD(openat(AT_FDCWD, path, O_RDONLY));
    FD(openat(directory, relative, O_RDONLY));
    FD_IF(open64, open64(path, O_RDONLY));
    FD_IF(openat64, openat64(directory, relative, O_RDONLY));
    FD_IF(__open, __open(path, O_RDONLY));
    FD_IF(__open64, __open64(path, O_RDONLY));
    FD_IF(__open_2, __open_2(path, O_RDONLY));
    FD_IF(__open64_2, __open64_2(path, O_RDONLY));
    FD_IF(__openat_2, __openat_2(directory, relative, O_RDONLY));
    FD_IF(__openat64_2, __openat64_2(directory, relative, O_RDONLY));
    FD((int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY));
#ifdef SYS_open
    FD((int)syscall(SYS_open, path, O_RDONLY));
#endif
}

static void check_stream(const char *name, FILE *stream)
{
    if (!served) {
        EXPECT(!stream && errno == ENOENT, name);
        return;
    }
    char bytes[65536] = "";
    EXPECT(stream && fread(bytes, 1, sizeof bytes - 1, stream) > 0 && strstr(bytes, text), name);
    if (stream)
        fclose(stream);
}

static void check_stdio(void)
{
    check_stream("fopen r", fopen(path, "r"));
    check_stream("fopen rbe", fopen(path, "rbe"));
    check_stream("freopen", freopen(path, "r", fopen("/dev/null", "r")));
    if (fopen64)
        check_stream("fopen64", fopen64(path, "r"));
    if (freopen64)
        check_stream("freopen64", freopen64(path, "r", fopen("/dev/null", "r")));
}

static void check_stats(int directory, const char *relative)
{
    struct stat s;
    memset(&s, 0, sizeof s);
    void *any = &s;
    check_stat("stat", stat(path, &s), &s);
    check_stat("lstat", lstat(path, &s), &s);
    check_stat("fstatat", fstatat(AT_FDCWD, path, &s, 0), &s);
    check_stat("fstatat relative", fstatat(directory, relative, &s, AT_SYMLINK_NOFOLLOW), &s);
    if (stat64)
        check_stat("stat64", stat64(path, any), &s);
    if (lstat64)
        check_stat("lstat64", lstat64(path, any), &s);
    if (fstatat64)
        check_stat("fstatat64", fstatat64(directory, relative, any, 0), &s);
    if (__xstat)
        check_stat("__xstat", __xstat(STAT_VERSION, path, &s), &s);
    if (__xstat64)
        check_stat("__xstat64", __xstat64(STAT_VERSION, path, any), &s);
    if (__lxstat)
        check_stat("__lxstat", __lxstat(STAT_VERSION, path, &s), &s);
    if (__lxstat64)
        check_stat("__lxstat64", __lxstat64(STAT_VERSION, path, any), &s);
    if (__fxstatat)
        check_stat("__fxstatat", __fxstatat(STAT_VERSION, AT_FDCWD, path, &s, 0), &s);
    if (__fxstatat64)
        check_stat("__fxstatat64", __fxstatat64(STAT_VERSION, directory, relative, any, 0), &s);
#ifdef SYS_newfstatat
    check_stat("syscall(newfstatat)", (int)syscall(SYS_newfstatat, AT_FDCWD, path, &s, 0), &s);
#endif
#ifdef SYS_stat
    check_stat("syscall(stat)", (int)syscall(SYS_stat, path, &s), &s);
    check_stat("syscall(lstat)", (int)syscall(SYS_lstat, path, &s), &s);
#endif
}

/* struct statx: stx_ino at byte 32, stx_size at 40 (statx(2)). */
static void check_statx(const char *name, int result, const unsigned char *raw)
{
    unsigned long long inode, size;
    memcpy(&inode, raw + 32, sizeof inode);
    memcpy(&size, raw + 40, sizeof size);
    if (!served)
        EXPECT(result == -1 && errno == ENOENT, name);
    else
        EXPECT(result == 0 && inode == identity.st_ino &&
                   size == (unsigned long long)identity.st_size,
               name);
}

static void check_statxs(void)
{
    unsigned char raw[256] = {0};
    if (statx)
        check_statx("statx", statx(AT_FDCWD, path, 0, 0x7ff, (struct statx *)(void *)raw), raw);
    check_statx("syscall(statx)", (int)syscall(SYS_statx, AT_FDCWD, path, 0, 0x7ff, raw), raw);
}

static void check_access(int directory, const char *relative)
{
    check_zero("access", access(path, R_OK));
    check_zero("access exists", access(path, F_OK));
    check_zero("faccessat", faccessat(directory, relative, R_OK, 0));
    if (euidaccess)
        check_zero("euidaccess", euidaccess(path, R_OK));
    if (eaccess)
        check_zero("eaccess", eaccess(path, R_OK));
    check_zero("syscall(faccessat)", (int)syscall(SYS_faccessat, AT_FDCWD, path, R_OK));
    EXPECT(access(path, W_OK) == -1, "writing is asked of the real file");
}

static void check_links(int directory, const char *relative)
{
    char out[PATH_MAX];
    int code = served ? EINVAL : ENOENT;
    EXPECT(readlink(path, out, sizeof out) == -1 && errno == code, "readlink");
    EXPECT(readlinkat(directory, relative, out, sizeof out) == -1 && errno == code, "readlinkat");
    if (__readlink_chk)
        EXPECT(__readlink_chk(path, out, 64, sizeof out) == -1 && errno == code, "__readlink_chk");
    if (__readlinkat_chk)
        EXPECT(__readlinkat_chk(directory, relative, out, 64, sizeof out) == -1 && errno == code,
               "__readlinkat_chk");
}

static void check_real_name(const char *name, const char *result)
{
    if (served)
        EXPECT(result && strcmp(result, path) == 0, name);
    else
        EXPECT(!result && errno == ENOENT, name);
}

static void check_realpath(void)
{
    char out[PATH_MAX];
    check_real_name("realpath", realpath(path, out));
    char *allocated = realpath(path, NULL);
    check_real_name("realpath allocates", allocated);
    free(allocated);
    if (__realpath_chk)
        check_real_name("__realpath_chk", __realpath_chk(path, out, sizeof out));
    if (canonicalize_file_name) {
        allocated = canonicalize_file_name(path);
        check_real_name("canonicalize_file_name", allocated);
        free(allocated);
    }
}

/* A real file is itself, errno stays untouched on success, and wrong calls fail as they always did.
 */
static void check_pass_through(const char *real)
{
    struct stat s;
    char out[PATH_MAX];
    errno = 77;
    int fd = open(real, O_RDONLY);
    EXPECT(fd >= 0 && errno == 77, "open leaves errno alone");
    EXPECT(stat(real, &s) == 0 && errno == 77, "stat leaves errno alone");
    EXPECT(access(real, R_OK) == 0 && errno == 77, "access leaves errno alone");
    EXPECT(realpath(real, out) && strcmp(out, real) == 0, "realpath of a real file");
    EXPECT(fstatat(fd, "", &s, AT_EMPTY_PATH) == 0, "fstatat of a descriptor");
    close(fd);
    const char *volatile nothing = NULL, *volatile wild = (const char *)8;
    EXPECT(open(nothing, O_RDONLY) == -1 && errno == EFAULT, "open(NULL)");
    EXPECT(stat(wild, &s) == -1 && errno == EFAULT, "stat of a wild pointer");
    EXPECT(open("", O_RDONLY) == -1 && errno == ENOENT, "open of an empty path");
    EXPECT(syscall(SYS_getpid) == getpid(), "syscall without a path");
    EXPECT(syscall(SYS_mmap, 0L, 4096L, 3L, 0x22L, -1L, 0L) > 0, "syscall with six arguments");
    EXPECT(syscall(100000L) == -1 && errno == ENOSYS, "syscall with a number out of range");
}

/* Writing goes to the real file, whatever is served for reading. */
static void check_writing(void)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
    EXPECT(fd >= 0 && write(fd, "own=1\n", 6) == 6, "a served path can be written");
    struct stat s;
    EXPECT(fstat(fd, &s) == 0 && (s.st_mode & 0777) == 0640, "with the mode that was asked for");
    close(fd);
    char bytes[65536] = "";
    fd = open(path, O_RDONLY);
    EXPECT(fd >= 0 && read(fd, bytes, sizeof bytes - 1) > 0, "and read again");
    EXPECT(strstr(bytes, "own=1"), "with what was written in it");
    EXPECT(!strstr(bytes, text) == !served, "merged with what is served");
    close(fd);
    EXPECT(unlink(path) == 0, "and removed");
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 64;
    served = strcmp(argv[1], "served") == 0;
    path = argv[2];
    text = argv[3];
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    *slash = '\0'; /* the directory above the last, so that the relative name is "last/name" */
    slash = strrchr(parent, '/');
    const char *relative = path + (slash - parent) + 1;
    *slash = '\0';
    int directory = open(parent, O_RDONLY | O_DIRECTORY);
    check_open(directory, relative);
    check_stdio();
    check_stats(directory, relative);
    check_statxs();
    check_access(directory, relative);
    check_links(directory, relative);
    check_realpath();
    check_pass_through(argv[4]);
    check_writing();
    return probe_end("files");
}
