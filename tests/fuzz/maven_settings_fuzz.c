/* Fuzzes what is served for settings.xml: whatever parses must still parse with our mirror in it.
 * Touches memory only. */
#include <stdint.h>
#include <stdlib.h>

#include "../../shim/ecosystems/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char url[] = "https://mirror.test/m2/", user[] = "u", password[] = "p<&>{}";
    struct route route = {.ecosystem = "maven",
                          .state = ROUTE_MIRROR,
                          .url = url,
                          .username = user,
                          .password = password};
    const struct settings settings = {
        .routes = &route, .route_count = 1, .credentials = CREDENTIALS_CONFIG};
    autodoc *doc = maven_settings_parse((struct span){(const char *)data, size});
    if (!doc)
        return 0;
    if (maven_settings_rewrite(doc, &settings, &route) < 0)
        abort();
    maven_settings_uses_id(doc, "central");
    if (!maven_settings_mirrors_central(doc, false) &&
        maven_settings_add_mirror(doc, &settings, &route, "central") != 0)
        abort();
    struct buf out = BUF_INIT(BUF_MAX_TEXT);
    if (maven_settings_write(doc, &out) != 0)
        abort();
    autodoc *again = maven_settings_parse((struct span){buf_text(&out), out.len});
    if (!again || !maven_settings_mirrors_central(again, false))
        abort();
    buf_free(&out);
    return 0;
}
