/* The ready descriptor: writes a few lines and closes it. */
#include "ready.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

#include "clock.h"
#include "shunt/buf.h"
#include "shunt/cleanup.h"

/* More than a full report of every key; a bound, not a budget (bytes). */
#define READY_MAX ((size_t)1 << 20)

enum { WRITE_MS = 1000 };

static void send_text(int fd, const struct buf *text)
{
    int64_t deadline = clock_ms() + WRITE_MS;
    const char *at = buf_text(text);
    size_t left = text->len;
    if (fd < 0)
        return;
    while (left > 0) {
        struct pollfd writable = {.fd = fd, .events = POLLOUT};
        int ready = poll(&writable, 1, clock_left(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            break;
        /* A pipe that is ready takes this much without blocking; the descriptor is shared with the
         * starter, so it is not ours to make non-blocking. */
        ssize_t n = write(fd, at, left < PIPE_BUF ? left : PIPE_BUF);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            break;
        at += n > 0 ? n : 0;
        left -= n > 0 ? (size_t)n : 0;
    }
    close(fd);
}

void ready_say(int fd, const struct settings *settings)
{
    autobuf text = BUF_INIT(READY_MAX);
    size_t count = 0;
    const struct key_problem *problems = keys_problems(settings->keys, &count);
    buf_puts(&text, "ready\n");
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s\n", problems[i].sentence);
    send_text(fd, &text);
}

/* Whether there are URLs of the second document, which its flags then have switched off. */
static bool has_proxy_urls(const struct keys *keys)
{
    size_t count;
    const struct key_info *table = key_table(&count);
    for (size_t i = 0; i < count; i++)
        if (table[i].alias && keys_origin(keys, table[i].name))
            return true;
    return false;
}

void ready_say_off(int fd, const struct settings *settings)
{
    autobuf text = BUF_INIT(READY_MAX);
    if (has_proxy_urls(settings->keys))
        buf_printf(&text,
                   "off\nthe package registry proxy of %s is not enabled "
                   "(allow-package-registry-proxy, enable-package-registry-proxy)\n",
                   settings->key_dir);
    else if (settings->strategy != STRATEGY_NONE)
        buf_printf(&text, "off\nno keys for strategy %s in %s\n", strategy_name(settings->strategy),
                   settings->key_dir);
    else
        buf_printf(&text, "off\nno keys in %s\n", settings->key_dir);
    send_text(fd, &text);
}

void ready_say_error(int fd, const char *sentence)
{
    autobuf text = BUF_INIT(READY_MAX);
    buf_printf(&text, "error: %s\n", sentence);
    send_text(fd, &text);
}
