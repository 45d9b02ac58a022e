/* The closing line of `shunt run`. */
#ifndef SHUNT_CLI_CLOSING_H
#define SHUNT_CLI_CLOSING_H

#include "shunt/buf.h"
#include "shunt/protocol.h"

/* One sentence, without "shunt: " and line feed, about what was served between two looks at the
 * broker's records. Pure. Returns 0 or -1. */
int closing_line(const struct protocol_usage *before, int before_count,
                 const struct protocol_usage *after, int after_count, struct buf *out);

#endif
