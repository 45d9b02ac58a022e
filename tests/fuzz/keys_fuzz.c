/* Fuzzes the value checks over every key of the table, and the reading of file names. The first
 * byte picks the key. Pure: no file is touched. */
#include "../../shim/keys/internal.h"
#include "../../shim/keys/values.h"

#include "shunt/url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* What every renderer may rely on when a value was accepted. */
static void check_accepted(enum key_kind kind, const char *text, size_t len)
{
    require(len && len <= KEY_MAX && strlen(text) == len);
    if (kind == KEY_PEM)
        return;
    for (const char *p = text; *p; p++)
        require((unsigned char)*p >= 0x20 && *p != 0x7f);
    struct url url;
    const char *why;
    if (kind == KEY_URL) {
        require(url_parse(text, &url, &why) == 0);
        url_clear(&url);
    }
    require(kind != KEY_REGISTRY || (!strstr(text, "://") && !strpbrk(text, "@?# ")));
    require(kind != KEY_IMAGE || !strpbrk(text, " \"'?#"));
}

static void check_name(const char *file)
{
    struct key_name name = key_name_read(file);
    require(name.prefix <= strlen(file));
    require(name.kind != NAME_KEY || strcmp(name.info->name, file + name.prefix) == 0);
    key_name_routes_packages(file);
    const char *key = key_name_nearest(file + name.prefix);
    require(!key || key_find(key));
    if (name.prefix)
        key_name_nearest_strategy(file, name.prefix - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t count;
    const struct key_info *info = &key_table(&count)[data[0] % count];
    char *text = malloc(size);
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    size_t len = key_value_trim(text, size - 1);
    text[len] = '\0';
    require(len == 0 || (text[len - 1] != '\n' && text[len - 1] != '\r'));

    const char *wrong = key_value_wrong(info->kind, text, len);
    if (!wrong)
        check_accepted(info->kind, text, len);
    require(!wrong || wrong[0]);
    check_name(text);
    free(text);
    return 0;
}
