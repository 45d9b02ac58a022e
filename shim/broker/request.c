/* The request decoder: the only code that reads bytes of another process. Pure. */
#include "request.h"

#include <string.h>

int request_decode(const void *message, size_t len, struct request *out)
{
    struct protocol_request head;
    const char *path = (const char *)message + PROTOCOL_REQUEST_HEAD;
    if (len < PROTOCOL_REQUEST_HEAD || len > sizeof head)
        return -1;
    memcpy(&head, message, PROTOCOL_REQUEST_HEAD);
    len -= PROTOCOL_REQUEST_HEAD;
    if (head.magic != PROTOCOL_MAGIC || head.length > PROTOCOL_PATH_MAX || head.length > len ||
        len - head.length > PROTOCOL_ARGUMENTS_MAX)
        return -1;
    *out = (struct request){.op = head.op, .row = head.row, .path = "", .arguments = ""};
    switch (head.op) {
    case PROTOCOL_PING:
    case PROTOCOL_USAGE:
        return len == 0 ? 0 : -1;
    case PROTOCOL_FILE:
        if (head.length < 2 || path[0] != '/' ||
            memchr(path, 0, head.length) != path + head.length - 1)
            return -1;
        out->path = path;
        out->arguments = path + head.length;
        out->arguments_len = len - head.length;
        return 0;
    default:
        return -1;
    }
}
