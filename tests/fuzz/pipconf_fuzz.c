/* Fuzzes what is served for pip.conf: unchanged where nothing public is named, and an index that
 * was added is found again. Touches memory only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../shim/ecosystems/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char url[] = "https://mirror.test/simple/";
    const struct route route = {.state = ROUTE_MIRROR, .url = url};
    struct span text = {(const char *)data, size};
    struct buf out = BUF_INIT(BUF_MAX_TEXT), added = BUF_INIT(BUF_MAX_TEXT),
               again = BUF_INIT(BUF_MAX_TEXT);
    struct pipconf_result result;
    if (pipconf_rewrite(&route, text, &out, &result) != 0)
        goto done;
    if (!result.changed &&
        (out.len != size || memcmp(buf_text(&out), size ? text.start : "", size) != 0))
        abort();
    struct span own = {buf_text(&out), out.len};
    if (pipconf_add(own, "index-url", url, &added) == 0 &&
        pipconf_rewrite(&route, (struct span){buf_text(&added), added.len}, &again, &result) == 0 &&
        !result.sets_index)
        abort();
done:
    buf_free(&out);
    buf_free(&added);
    buf_free(&again);
    return 0;
}
