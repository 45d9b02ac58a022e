/* One thread, epoll, no blocking call but the read of a user's file. */
#define _GNU_SOURCE
#include "loop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "clock.h"
#include "connection.h"
#include "shunt/cleanup.h"

enum { EVENTS = 64, PAUSE_MS = 100 };

struct loop {
    struct seat *seat;
    struct answerer *answerer;
    int epoll, signals, watch;
    struct connection *connections[LOOP_CONNECTIONS_MAX]; /* the first `count` */
    size_t count;
    int64_t last_used;   /* ms; of the last connection */
    int64_t paused_till; /* ms; 0: the listener is watched */
    bool stop, keys_changed;
};

static int watch_for_input(int epoll, int fd, void *tag)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = tag};
    return fd < 0 ? 0 : epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* Stops accepting: with the listener still watched and no descriptor left, epoll would spin. */
static void pause_accepting(struct loop *loop)
{
    if (!loop->paused_till)
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->seat->listener, NULL);
    loop->paused_till = clock_ms() + PAUSE_MS;
}

static void resume_accepting(struct loop *loop)
{
    if (!loop->paused_till || clock_ms() < loop->paused_till || loop->count >= LOOP_CONNECTIONS_MAX)
        return;
    if (watch_for_input(loop->epoll, loop->seat->listener, &loop->seat->listener) == 0)
        loop->paused_till = 0;
}

static void forget(struct loop *loop, size_t index)
{
    connection_free(loop->connections[index]);
    loop->connections[index] = loop->connections[--loop->count];
    loop->last_used = clock_ms();
}

static void forget_connection(struct loop *loop, const struct connection *connection)
{
    for (size_t i = 0; i < loop->count; i++)
        if (loop->connections[i] == connection) {
            forget(loop, i);
            return;
        }
}

/* Most requests are there when the connection is: they never see epoll. */
static void welcome(struct loop *loop, int fd)
{
    struct connection *connection = connection_new(fd, LOOP_REQUEST_SECONDS);
    if (!connection)
        return;
    loop->last_used = clock_ms();
    if (connection_serve(connection, loop->answerer) == CONNECTION_DONE ||
        watch_for_input(loop->epoll, fd, connection) < 0) {
        connection_free(connection);
        return;
    }
    loop->connections[loop->count++] = connection;
}

static void accept_all(struct loop *loop)
{
    for (int i = 0; i < EVENTS && loop->count < LOOP_CONNECTIONS_MAX; i++) {
        int fd = accept4(loop->seat->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            welcome(loop, fd);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            return pause_accepting(loop);
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
    if (loop->count == LOOP_CONNECTIONS_MAX)
        pause_accepting(loop);
}

static void expire(struct loop *loop)
{
    int64_t now = clock_ms();
    for (size_t i = loop->count; i-- > 0;)
        if (!loop->connections[i]->holder && loop->connections[i]->deadline <= now)
            forget(loop, i);
}

static bool may_leave(const struct loop *loop, int64_t idle_ms)
{
    if (loop->stop)
        return true;
    return loop->count == 0 && (loop->keys_changed || clock_ms() >= loop->last_used + idle_ms);
}

/* Milliseconds until something is due without an event. */
static int next_due(const struct loop *loop, int64_t idle_ms)
{
    int64_t due = loop->last_used + idle_ms;
    bool waiting = loop->count == 0;
    /* Paused for want of a free place: one becomes free by an event or a deadline. */
    bool paused = loop->paused_till && loop->count < LOOP_CONNECTIONS_MAX;
    if (paused && (!waiting || loop->paused_till < due)) {
        due = loop->paused_till;
        waiting = true;
    }
    for (size_t i = 0; i < loop->count; i++)
        if (!loop->connections[i]->holder && (!waiting || loop->connections[i]->deadline < due)) {
            due = loop->connections[i]->deadline;
            waiting = true;
        }
    return waiting ? clock_left(due) + 1 : -1;
}

static void drain_watch(struct loop *loop)
{
    char events[4096];
    while (read(loop->watch, events, sizeof events) > 0)
        loop->keys_changed = true;
}

static void handle(struct loop *loop, void *tag)
{
    if (tag == &loop->seat->listener)
        accept_all(loop);
    else if (tag == &loop->signals)
        loop->stop = true;
    else if (tag == &loop->watch)
        drain_watch(loop);
    else if (connection_serve(tag, loop->answerer) == CONNECTION_DONE)
        forget_connection(loop, tag);
}

static sigset_t leaving_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    return signals;
}

void loop_hold_signals(void)
{
    const sigset_t signals = leaving_signals();
    sigprocmask(SIG_BLOCK, &signals, NULL);
}

static int begin(struct loop *loop)
{
    const sigset_t signals = leaving_signals();
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->signals = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->epoll < 0 || loop->signals < 0 ||
        watch_for_input(loop->epoll, loop->seat->listener, &loop->seat->listener) < 0 ||
        watch_for_input(loop->epoll, loop->signals, &loop->signals) < 0)
        return -1;
    return watch_for_input(loop->epoll, loop->watch, &loop->watch);
}

/* Those who connected before the socket's name was gone are answered, but nobody is promised that
 * this broker stays: a holder's PING goes unanswered, and it starts the next broker. */
static void finish(struct loop *loop)
{
    seat_withdraw(loop->seat);
    loop->answerer->leaving = true;
    for (int fd;
         (fd = accept4(loop->seat->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        struct connection *connection = connection_new(fd, LOOP_REQUEST_SECONDS);
        if (connection) {
            connection_serve(connection, loop->answerer);
            connection_free(connection);
        }
    }
    while (loop->count > 0)
        forget(loop, loop->count - 1);
}

static void serve(struct loop *loop, int64_t idle_ms)
{
    while (!may_leave(loop, idle_ms)) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(loop->epoll, events, EVENTS, next_due(loop, idle_ms));
        for (int i = 0; i < count; i++)
            handle(loop, events[i].data.ptr);
        expire(loop);
        resume_accepting(loop);
    }
}

int loop_run(struct seat *seat, struct answerer *answerer, int watch, unsigned idle_seconds)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (!loop)
        return -1;
    *loop = (struct loop){.seat = seat,
                          .answerer = answerer,
                          .watch = watch,
                          .epoll = -1,
                          .signals = -1,
                          .last_used = clock_ms()};
    int result = begin(loop);
    if (result == 0) {
        serve(loop, (int64_t)idle_seconds * 1000);
        finish(loop);
    }
    cleanup_close(&loop->epoll);
    cleanup_close(&loop->signals);
    free(loop);
    return result;
}
