/* Cleanup attributes: a variable that frees or closes what it holds at the end of its scope. */
#ifndef SHUNT_CLEANUP_H
#define SHUNT_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void cleanup_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

#define autofree  __attribute__((cleanup(cleanup_free)))
#define autoclose __attribute__((cleanup(cleanup_close)))
#define autodir   __attribute__((cleanup(cleanup_dir)))

static inline void *steal_pointer_at(void *place)
{
    void **slot = place, *value = *slot;
    *slot = NULL;
    return value;
}

/* Takes the value out of an autofree variable, which then frees nothing. */
#define steal_pointer(place) ((__typeof__(*(place)))steal_pointer_at(place))

static inline int steal_fd(int *fd)
{
    int value = *fd;
    *fd = -1;
    return value;
}

#endif
