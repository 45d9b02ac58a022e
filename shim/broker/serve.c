/* A broker from start to end: reads the keys, takes the seat or leaves it to another broker,
 * serves. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sysexits.h>

#include "client.h"
#include "clock.h"
#include "loop.h"
#include "ready.h"
#include "runtime.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"

/* How long a second broker waits for the first one to answer (ms), and between two looks. */
enum { OTHER_MS = 5000, LOOK_MS = 20 };

#define KEY_EVENTS                                                                                 \
    (IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF |       \
     IN_MOVE_SELF)

__attribute__((format(printf, 3, 4))) static int give_up(int ready_fd, int status,
                                                         const char *format, ...)
{
    autofree char *sentence = NULL;
    va_list list;
    va_start(list, format);
    if (vasprintf(&sentence, format, list) < 0)
        sentence = NULL;
    va_end(list);
    ready_say_error(ready_fd, sentence ? sentence : "out of memory");
    return status;
}

/* Takes the seat, or waits until the broker that has it answers. As seat_take; -1 with errno 0 when
 * that one stays silent. */
static int take_or_wait(struct seat *seat)
{
    int64_t deadline = clock_ms() + OTHER_MS;
    for (;;) {
        int taken = seat_take(seat);
        if (taken != 0)
            return taken;
        autoclose int other = client_connect(seat->path);
        if (other >= 0)
            return 0;
        if (clock_ms() >= deadline) {
            errno = 0;
            return -1;
        }
        poll(NULL, 0, LOOK_MS);
    }
}

static int serve_seat(const struct settings *settings, struct seat *seat, int ready_fd, int watch,
                      unsigned idle_seconds)
{
    struct answerer answerer = {
        .settings = settings,
        .table = ecosystem_table(),
        .runtime_dir = seat->path,
        .masters = masters_new(),
    };
    autobuf plan = BUF_INIT(PLAN_MAX);
    if (!answerer.masters || plan_write(settings, seat->path, &plan) < 0) {
        masters_free(answerer.masters);
        return give_up(ready_fd, EX_SOFTWARE, "the plan could not be written");
    }
    answer_prepare(&answerer);
    loop_hold_signals();
    int result = seat_publish(seat, &plan);
    if (result == 0) {
        ready_say(ready_fd, settings);
        result = loop_run(seat, &answerer, watch, idle_seconds);
        ready_fd = -1;
    }
    int saved = errno;
    seat_withdraw(seat);
    masters_free(answerer.masters);
    if (result < 0)
        return give_up(ready_fd, EX_OSERR, "the broker cannot serve in %s: %s", seat->path,
                       strerror(saved));
    return 0;
}

static int serve_settings(const struct settings_input *input, const struct settings *settings,
                          int ready_fd, int watch, unsigned idle_seconds)
{
    struct seat seat = SEAT_INIT;
    autofree char *path = NULL, *error = NULL;
    int status = 0;
    seat.dir = runtime_open(input, true, &path, &error);
    if (seat.dir < 0)
        return give_up(ready_fd, EX_CANTCREAT, "%s", error ? error : "out of memory");
    seat.path = path;
    int taken = take_or_wait(&seat);
    if (taken > 0)
        status = serve_seat(settings, &seat, ready_fd, watch, idle_seconds);
    else if (taken == 0)
        ready_say(ready_fd, settings);
    else
        status = give_up(ready_fd, EX_UNAVAILABLE, "another broker has %s/lock and %s", path,
                         errno ? strerror(errno) : "does not answer");
    seat_clear(&seat);
    return status;
}

/* Before the keys are read, so that no change goes unseen. */
static int watch_keys(const struct settings_input *input)
{
    const char *dir = input->key_dir && *input->key_dir ? input->key_dir : KEYS_DEFAULT_DIR;
    autoclose int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0 || inotify_add_watch(fd, dir, KEY_EVENTS) < 0)
        return -1;
    return steal_fd(&fd);
}

int broker_serve(const struct settings_input *input, int ready_fd, unsigned idle_seconds)
{
    struct settings *settings = NULL;
    autofree char *error = NULL;
    autoclose int watch = watch_keys(input);
    int status = 0;
    if (settings_read(input, &settings, &error) < 0)
        return give_up(ready_fd, EX_CONFIG, "%s", error ? error : "out of memory");
    if (settings->off)
        ready_say_off(ready_fd, settings);
    else
        status = serve_settings(input, settings, ready_fd, watch, idle_seconds);
    settings_free(settings);
    return status;
}
