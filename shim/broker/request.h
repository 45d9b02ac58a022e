/* One message from the library, checked. */
#ifndef SHUNT_BROKER_REQUEST_H
#define SHUNT_BROKER_REQUEST_H

#include <stddef.h>

#include "shunt/protocol.h"

struct request {
    enum protocol_op op;
    uint32_t row;
    const char *path;      /* absolute, NUL-terminated; "" unless op is PROTOCOL_FILE */
    const char *arguments; /* argument list as sent, not necessarily NUL-terminated */
    size_t arguments_len;  /* bytes; 0: unknown */
};

/* Checks the `len` bytes of a received message. The result points into `message`. Returns 0, or -1
 * when anything about it is not as include/shunt/protocol.h says. */
int request_decode(const void *message, size_t len, struct request *out);

#endif
