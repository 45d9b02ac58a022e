/* syscall(): the programs that call the kernel by number (libuv's statx, Java, coreutils) and mean
 * a path. The trampoline in stubs.S sends only the numbers of the bitmap here. */
#include "hook.h"

#define NR_OPENAT2    437
#define NR_FACCESSAT2 439
#ifdef __NR_newfstatat
#define NR_FSTATAT __NR_newfstatat
#else
#define NR_FSTATAT __NR_fstatat
#endif

#define BIT(n, w) ((uint64_t)((n) / 64 == (w)) << ((n) % 64))
#define COMMON_BITS(w)                                                                             \
    (BIT(__NR_openat, w) | BIT(NR_FSTATAT, w) | BIT(__NR_readlinkat, w) | BIT(__NR_faccessat, w) | \
     BIT(__NR_statx, w) | BIT(NR_OPENAT2, w) | BIT(NR_FACCESSAT2, w))
#if defined __x86_64__
#define WORD(w)                                                                                    \
    (COMMON_BITS(w) | BIT(__NR_open, w) | BIT(__NR_stat, w) | BIT(__NR_lstat, w) |                 \
     BIT(__NR_access, w) | BIT(__NR_readlink, w))
#else
#define WORD(w) COMMON_BITS(w)
#endif

extern const uint64_t syscall_bitmap[8];
const uint64_t syscall_bitmap[8] = {WORD(0), WORD(1), WORD(2), WORD(3),
                                    WORD(4), WORD(5), WORD(6), WORD(7)};

/* Where the trampoline jumps for everything else. Written by start() before the slot is set. */
void *syscall_real;

static long serve(long n, long a, long b, long c, long d, long e)
{
    switch (n) {
#if defined __x86_64__
    case __NR_open:
        return served_open(AT_FDCWD_, (const char *)a, (int)b);
    case __NR_stat:
    case __NR_lstat:
        return serve_stat(AT_FDCWD_, (const char *)a, (void *)b);
    case __NR_access:
        return serve_access(AT_FDCWD_, (const char *)a, (int)b);
    case __NR_readlink:
        return serve_readlink(AT_FDCWD_, (const char *)a);
#endif
    case __NR_openat:
        return served_open((int)a, (const char *)b, (int)c);
    case NR_OPENAT2:
        return c && d >= 8 ? served_open((int)a, (const char *)b, (int)*(const uint64_t *)c)
                           : SERVED_NONE;
    case NR_FSTATAT:
        return serve_stat((int)a, (const char *)b, (void *)c);
    case __NR_statx:
        return serve_statx((int)a, (const char *)b, (int)c, (unsigned)d, (void *)e);
    case __NR_faccessat:
    case NR_FACCESSAT2:
        return serve_access((int)a, (const char *)b, (int)c);
    case __NR_readlinkat:
        return serve_readlink((int)a, (const char *)b);
    default:
        return SERVED_NONE;
    }
}

long syscall_served(long n, long a, long b, long c, long d, long e);
long syscall_served(long n, long a, long b, long c, long d, long e)
{
    long served_ = serve(n, a, b, c, d, e);
    if (served_ != SERVED_NONE)
        return served_result(served_);
    long (*f)(long, long, long, long, long, long) =
        (long (*)(long, long, long, long, long, long))syscall_real;
    return f ? f(n, a, b, c, d, e) : RAW(n, a, b, c, d, e);
}
