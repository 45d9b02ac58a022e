/* The few lines that every probe program shares. Plain C, because each is also built with musl. */
#ifndef PROBE_H
#define PROBE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int probe_passed, probe_failed;

/* One line per expectation; a program's exit status says whether all held. */
#define EXPECT(condition, name)                                                                    \
    do {                                                                                           \
        if (condition) {                                                                           \
            probe_passed++;                                                                        \
        } else {                                                                                   \
            probe_failed++;                                                                        \
            printf("not ok - %s (%s, line %d, errno %d)\n", (name), #condition, __LINE__, errno);  \
        }                                                                                          \
    } while (0)

static inline int probe_end(const char *name)
{
    printf("%s: %d passed, %d failed\n", name, probe_passed, probe_failed);
    fflush(stdout);
    return probe_failed != 0;
}

#endif
