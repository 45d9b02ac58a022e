/* Composes the closing line. Pure. */
#include "closing.h"

#include <inttypes.h>
#include <string.h>

/* Others may use the same broker at the same time; what they are served counts here too. */
static uint64_t served(const struct protocol_usage *record, const struct protocol_usage *before,
                       int before_count)
{
    for (int i = 0; i < before_count; i++)
        if (strcmp(before[i].ecosystem, record->ecosystem) == 0)
            return record->files - before[i].files;
    return record->files;
}

static void add_route(const struct protocol_usage *record, struct buf *out)
{
    if (record->flags & PROTOCOL_USAGE_CLOSED)
        buf_printf(out, "%s closed by a bad key", record->ecosystem);
    else if (record->mirror[0])
        buf_printf(out, "%s -> %s", record->ecosystem, record->mirror);
    else
        buf_puts(out, record->ecosystem);
}

static void add_used(const struct protocol_usage *record, uint64_t files, struct buf *out)
{
    if (out->len > 0)
        buf_puts(out, ", ");
    add_route(record, out);
    buf_printf(out, " (%" PRIu64 " %s served)", files, files == 1 ? "file" : "files");
}

static void add_unused(const struct protocol_usage *after, int count, struct buf *out)
{
    const char *separator = " (";
    buf_puts(out, "no file was served");
    for (int i = 0; i < count; i++)
        if (after[i].mirror[0]) {
            buf_puts(out, separator);
            add_route(&after[i], out);
            separator = ", ";
        }
    if (separator[0] == ',')
        buf_puts(out, ")");
}

int closing_line(const struct protocol_usage *before, int before_count,
                 const struct protocol_usage *after, int after_count, struct buf *out)
{
    bool credentials = false;
    for (int i = 0; i < after_count; i++) {
        uint64_t files = served(&after[i], before, before_count);
        if (files == 0)
            continue;
        add_used(&after[i], files, out);
        credentials |= (after[i].flags & PROTOCOL_USAGE_CREDENTIALS) != 0;
    }
    if (out->len == 0)
        add_unused(after, after_count, out);
    if (credentials)
        buf_puts(out, "; credentials served in configuration");
    return out->failed ? -1 : 0;
}
