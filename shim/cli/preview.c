/* Renders one file for `shunt config`. Reads the user's files; writes none. */
#define _GNU_SOURCE
#include "preview.h"

#include <pwd.h>
#include <string.h>

#include "../broker/real_file.h"
#include "shunt/cleanup.h"

static const char *const no_arguments[] = {NULL};

static int read_file(const char *path, struct buf *out)
{
    return real_file_read(0, path, out) == REAL_FILE_TEXT ? 0 : -1;
}

static const char *home_directory(void)
{
    const char *home = getenv("HOME");
    const struct passwd *entry = home && *home ? NULL : getpwuid(geteuid());
    if (home && *home)
        return home;
    return entry && entry->pw_dir ? entry->pw_dir : "/";
}

/* A text for a terminal: key stores are not. */
static bool is_text(const struct buf *content)
{
    return content->len == 0 || !memchr(content->data, '\0', content->len);
}

int preview_make(const struct settings *settings, const struct row *row, const char *path,
                 const char *runtime_dir, struct preview *out)
{
    autobuf user = BUF_INIT(BUF_MAX_TEXT), text = BUF_INIT(BUF_MAX_TEXT);
    enum real_file real = real_file_read(0, path, &user);
    *out = (struct preview){.answer = FILE_REAL};
    if (real == REAL_FILE_OTHER)
        return 0;
    struct file_request request = {
        .path = path,
        .user_text = buf_text(&user),
        .user_len = user.len,
        .user_exists = real == REAL_FILE_TEXT,
        .home = home_directory(),
        .program = row->ecosystem->reader ? row->ecosystem->reader : "",
        .argv = row->ecosystem->reader_arguments ? row->ecosystem->reader_arguments : no_arguments,
        .runtime_dir = runtime_dir,
        .read_file = read_file,
    };
    out->answer = row->file->render(settings, &request, &text);
    if (out->answer == FILE_TEXT && text.failed)
        out->answer = FILE_FAILED;
    if (out->answer != FILE_TEXT)
        return 0;
    out->bytes = text.len;
    if (!is_text(&text))
        return 0;
    out->text = settings_redact(settings, buf_text(&text), text.len);
    return out->text ? 0 : -1;
}

void preview_clear(struct preview *preview)
{
    free(preview->text);
    *preview = (struct preview){0};
}
