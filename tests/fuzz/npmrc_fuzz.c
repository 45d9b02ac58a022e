/* Fuzzes what is served for .npmrc: any text of the user's must come out parseable and bounded, and
 * unchanged where it names nothing public. Touches memory only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../shim/ecosystems/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char url[] = "https://mirror.test/npm";
    const struct route route = {.state = ROUTE_MIRROR, .url = url};
    const struct npmrc_context context = {.route = &route,
                                          .mirror_ca = "-----BEGIN\n\"\\-----END\n",
                                          .runtime_dir = "/run/x",
                                          .home = "/home/x"};
    struct span text = {(const char *)data, size};
    struct buf out = BUF_INIT(BUF_MAX_TEXT);
    bool changed;
    if (npmrc_rewrite(&context, text, &out, &changed) == 0 && !changed &&
        (out.len != size || memcmp(buf_text(&out), size ? text.start : "", size) != 0))
        abort();
    /* What was replaced is private now: a second pass finds no registry to replace. */
    struct npmrc_context no_ca = context;
    no_ca.mirror_ca = NULL;
    struct buf first = BUF_INIT(BUF_MAX_TEXT), second = BUF_INIT(BUF_MAX_TEXT);
    if (npmrc_rewrite(&no_ca, text, &first, &changed) == 0 &&
        npmrc_rewrite(&no_ca, (struct span){buf_text(&first), first.len}, &second, &changed) == 0 &&
        changed)
        abort();
    char *value = span_copy(text);
    if (value)
        npmrc_quote(value, &out);
    free(value);
    buf_free(&first);
    buf_free(&second);
    buf_free(&out);
    return 0;
}
