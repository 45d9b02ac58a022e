/* Between the library and the broker: one SOCK_SEQPACKET message each way, then close.
 * Freestanding: included by the library. Both ends are the same machine, so host byte order. */
#ifndef SHUNT_PROTOCOL_H
#define SHUNT_PROTOCOL_H

#include <stdint.h>

#define PROTOCOL_MAGIC 0x31544e48u /* changes with every incompatible change */

enum protocol_op {
    PROTOCOL_FILE = 1, /* row and path: answered with a descriptor, REAL or FAILED */
    PROTOCOL_PING,     /* is there a broker? */
    PROTOCOL_USAGE     /* what was served so far: answered with a `struct protocol_usage` array */
};

#define PROTOCOL_PATH_MAX 4096 /* bytes with the NUL */

/* Bytes of argument list that a FILE request may carry behind the path: argv as the library saw it
 * at its start, each argument with its NUL, the last one possibly cut. Programs overwrite it: npm
 * has set its title, and /proc/<pid>/cmdline is "npm" and nothing else, before it opens its first
 * .npmrc. Without it the broker looks in /proc. */
#define PROTOCOL_ARGUMENTS_MAX 4096

struct protocol_request {
    uint32_t magic;
    uint32_t op;
    uint32_t row;    /* of the plan */
    uint32_t length; /* bytes of path that follow, with the NUL */
    char
        path[PROTOCOL_PATH_MAX + PROTOCOL_ARGUMENTS_MAX]; /* absolute, then the arguments: what of
                                                           * the message is behind `length` bytes */
};

#define PROTOCOL_REQUEST_HEAD (4u * sizeof(uint32_t))

enum protocol_status {
    PROTOCOL_OK,   /* the descriptor is attached: O_RDONLY, offset 0, a regular file of mode 0600 */
    PROTOCOL_REAL, /* nothing of ours: open the real file */
    PROTOCOL_FAILED /* `error` says why; the route must stay closed */
};

struct protocol_reply {
    uint32_t magic;
    uint32_t status;
    uint32_t error; /* errno for FAILED */
    uint32_t count; /* of usage records that follow */
};

enum {
    PROTOCOL_USAGE_CREDENTIALS = 1, /* the texts of this ecosystem may hold credentials */
    PROTOCOL_USAGE_CLOSED = 2       /* its route is unusable: whatever uses it fails */
};

struct protocol_usage {
    char ecosystem[24];
    char mirror[100]; /* host[:port] of the mirror; "" where there is no route */
    uint32_t flags;   /* PROTOCOL_USAGE_* */
    uint64_t files;   /* times a text was served */
};

#define PROTOCOL_USAGE_MAX 32

#endif
