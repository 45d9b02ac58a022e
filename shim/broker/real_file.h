/* The user's own file behind a served path, read as the asking process would read it. */
#ifndef SHUNT_BROKER_REAL_FILE_H
#define SHUNT_BROKER_REAL_FILE_H

#include <sys/types.h>

#include "shunt/buf.h"

enum real_file {
    REAL_FILE_TEXT,   /* `out` has its content */
    REAL_FILE_ABSENT, /* there is none */
    REAL_FILE_OTHER   /* it cannot be read, is no regular file, or is larger than `out` may be: what
                       * the process sees there is its own affair */
};

/* `pid` is the process, whose root directory and mounts count; 0 when it is not known. */
enum real_file real_file_read(pid_t pid, const char *path, struct buf *out);

#endif
