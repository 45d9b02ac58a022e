/* Raw system calls and the few types and numbers of the kernel's interface that the library needs.
 * No libc header: the same object must serve glibc and musl. */
#ifndef SHUNT_PRELOAD_SYS_H
#define SHUNT_PRELOAD_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <asm/unistd.h>

static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
#if defined __x86_64__
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long r;
    __asm__ volatile("syscall"
                     : "=a"(r)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return r;
#elif defined __aarch64__
    register long x8 __asm__("x8") = n;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
#error "libshunt.so knows x86-64 and aarch64"
#endif
}

#define SYS_PICK(n, a, b, c, d, e, f, ...)                                                         \
    sys6((n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* sys(number, up to six arguments): the kernel's result, a negative errno on failure. */
#define sys(...) SYS_PICK(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

static inline int sys_failed(long result)
{
    return (unsigned long)result > -4096UL;
}

#if defined __x86_64__
#define STAT_NR        __NR_newfstatat
#define O_DIRECTORY_   0200000
#define O_NOFOLLOW_    0400000
#define O_TMPFILE_BIT_ 020000000
#else
#define STAT_NR        __NR_fstatat
#define O_DIRECTORY_   040000
#define O_NOFOLLOW_    0100000
#define O_TMPFILE_BIT_ 020000000
#endif
#ifndef __NR_newfstatat
#define __NR_newfstatat 79
#endif

enum {
    O_ACCMODE_ = 3,
    O_CREAT_ = 0100,
    O_TRUNC_ = 01000,
    O_CLOEXEC_ = 02000000,
    O_PATH_ = 010000000,
    AT_FDCWD_ = -100,
    AT_EMPTY_PATH_ = 0x1000,
    R_OK_ = 4,
    W_OK_ = 2,
    X_OK_ = 1,
    ENOENT_ = 2,
    EINTR_ = 4,
    EIO_ = 5,
    EAGAIN_ = 11,
    EACCES_ = 13,
    EINVAL_ = 22,
    ERANGE_ = 34,
    ENAMETOOLONG_ = 36,
    ENOSYS_ = 38,
    F_DUPFD_ = 0,
    F_GETFD_ = 1,
    F_SETFD_ = 2,
    F_DUPFD_CLOEXEC_ = 1030,
    AT_EUID_ = 12,
    AT_SECURE_ = 23,
    PATH_MAX_ = 4096,
};

#endif
