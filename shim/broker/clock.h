/* Monotonic time in milliseconds, for deadlines. */
#ifndef SHUNT_BROKER_CLOCK_H
#define SHUNT_BROKER_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What is left until `deadline`, as poll's timeout. */
static inline int clock_left(int64_t deadline)
{
    int64_t left = deadline - clock_ms();
    return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

#endif
