/* Fuzzes what is served for .netrc: a text without entries of the host stays as it is the second
 * time, and any user and password can be written. Touches memory only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../shim/ecosystems/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct buf once = BUF_INIT(BUF_MAX_TEXT), twice = BUF_INIT(BUF_MAX_TEXT),
               entry = BUF_INIT(BUF_MAX_TEXT);
    if (netrc_without(text, "h", &once) != 0 || once.len > size)
        abort();
    if (netrc_without((struct span){buf_text(&once), once.len}, "h", &twice) != 0 ||
        strcmp(buf_text(&once), buf_text(&twice)) != 0)
        abort();
    char *value = span_copy(text);
    if (value) {
        netrc_entry("h", value, value, NETRC_RAW, &entry);
        if (netrc_entry("h", value, value, NETRC_QUOTED, &entry) != 0)
            abort();
    }
    free(value);
    buf_free(&once);
    buf_free(&twice);
    buf_free(&entry);
    return 0;
}
