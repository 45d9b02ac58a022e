/* From a request to a descriptor: finds the row, reads the user's own file, lets the ecosystem
 * render, and keeps the result. Reads files of the user; writes none. */
#define _GNU_SOURCE
#include "answer.h"

#include <errno.h>
#include <stdio.h>

#include "context.h"
#include "real_file.h"
#include "rows.h"
#include "shunt/cleanup.h"
#include "shunt/url.h"

/* Whose files read_file reads. A renderer gets no context pointer; the broker answers one request
 * after the other in one thread, so this is set for the time of one call. */
static pid_t asking;

static int read_file(const char *path, struct buf *out)
{
    return real_file_read(asking, path, out) == REAL_FILE_TEXT ? 0 : -1;
}

static void name_mirror(struct protocol_usage *usage, const struct settings *settings)
{
    const struct route *route = settings_route(settings, usage->ecosystem);
    struct url url = {0};
    const char *why;
    if (!route || route->state == ROUTE_PUBLIC)
        return;
    if (route->state == ROUTE_CLOSED)
        usage->flags |= PROTOCOL_USAGE_CLOSED;
    else if (settings->credentials == CREDENTIALS_CONFIG && route_has_credentials(route))
        usage->flags |= PROTOCOL_USAGE_CREDENTIALS;
    if (url_parse(route->url, &url, &why) == 0) {
        autofree char *authority = url_authority(&url);
        snprintf(usage->mirror, sizeof usage->mirror, "%s", authority ? authority : "");
    }
    url_clear(&url);
}

void answer_prepare(struct answerer *answerer)
{
    answerer->usage_count = 0;
    for (size_t i = 0; answerer->table[i] && i < PROTOCOL_USAGE_MAX; i++) {
        struct protocol_usage *usage = &answerer->usage[answerer->usage_count++];
        *usage = (struct protocol_usage){.files = 0};
        snprintf(usage->ecosystem, sizeof usage->ecosystem, "%s", answerer->table[i]->name);
        name_mirror(usage, answerer->settings);
    }
}

static struct answer failed(int error)
{
    return (struct answer){PROTOCOL_FAILED, -1, (uint32_t)error};
}

static struct answer hand_out(struct answerer *answerer, const struct row *row, const char *path,
                              const struct buf *text)
{
    int fd = masters_open(answerer->masters, path, buf_text(text), text->len);
    if (fd < 0)
        return failed(errno);
    if (row->place < answerer->usage_count)
        answerer->usage[row->place].files++;
    return (struct answer){PROTOCOL_OK, fd, 0};
}

static struct answer render(struct answerer *answerer, const struct row *row,
                            const struct request *request, pid_t pid, const struct buf *user,
                            bool user_exists)
{
    autobuf text = BUF_INIT(BUF_MAX_TEXT);
    struct context context;
    context_read(pid, request->arguments, request->arguments_len, &context);
    struct file_request file = {
        .path = request->path,
        .user_text = buf_text(user),
        .user_len = user->len,
        .user_exists = user_exists,
        .home = context.home,
        .program = context.program,
        .argv = context.argv,
        .runtime_dir = answerer->runtime_dir,
        .read_file = read_file,
    };
    asking = pid;
    enum file_answer answer = row->file->render(answerer->settings, &file, &text);
    context_clear(&context);
    if (answer == FILE_REAL)
        return (struct answer){PROTOCOL_REAL, -1, 0};
    if (answer != FILE_TEXT || text.failed)
        return failed(EIO);
    return hand_out(answerer, row, request->path, &text);
}

struct answer answer_file(struct answerer *answerer, const struct request *request, pid_t pid)
{
    struct row row;
    autobuf user = BUF_INIT(BUF_MAX_TEXT);
    if (!row_find(answerer->table, request->row, &row))
        return failed(EPROTO);
    /* A plan of an earlier broker, whose keys were others, may still be mapped somewhere. */
    if (!ecosystem_in_force(answerer->settings, row.ecosystem))
        return (struct answer){PROTOCOL_REAL, -1, 0};
    enum real_file real = real_file_read(pid, request->path, &user);
    if (real == REAL_FILE_OTHER)
        return (struct answer){PROTOCOL_REAL, -1, 0};
    return render(answerer, &row, request, pid, &user, real == REAL_FILE_TEXT);
}
