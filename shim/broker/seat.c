/* Lock, plan file and socket of a broker. Touches its runtime directory only. */
#define _GNU_SOURCE
#include "seat.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "shunt/cleanup.h"
#include "shunt/plan.h"

int seat_take(struct seat *seat)
{
    if (seat->lock < 0)
        seat->lock = openat(seat->dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (seat->lock < 0)
        return -1;
    if (flock(seat->lock, LOCK_EX | LOCK_NB) == 0)
        return 1;
    return errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

static int listen_at(struct seat *seat)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int len = snprintf(address.sun_path, sizeof address.sun_path, "%s/sock", seat->path);
    if (len < 0 || (size_t)len >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    autoclose int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    unlinkat(seat->dir, "sock", 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(fd, SEAT_BACKLOG) < 0)
        return -1;
    return steal_fd(&fd);
}

static int write_plan(int fd, const struct buf *plan)
{
    for (size_t done = 0; done < plan->len;) {
        ssize_t n = write(fd, plan->data + done, plan->len - done);
        if (n < 0 && errno != EINTR)
            return -1;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

int seat_publish(struct seat *seat, struct buf *plan)
{
    ((struct plan *)plan->data)->generation = (uint32_t)getpid();
    seat->listener = listen_at(seat);
    if (seat->listener < 0)
        return -1;
    unlinkat(seat->dir, "plan.new", 0);
    seat->plan =
        openat(seat->dir, "plan.new", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (seat->plan < 0 || flock(seat->plan, LOCK_EX) < 0 || write_plan(seat->plan, plan) < 0)
        return -1;
    return renameat(seat->dir, "plan.new", seat->dir, "plan");
}

void seat_withdraw(struct seat *seat)
{
    if (seat->plan >= 0) {
        unlinkat(seat->dir, "plan.new", 0);
        unlinkat(seat->dir, "plan", 0);
    }
    if (seat->listener >= 0)
        unlinkat(seat->dir, "sock", 0);
}

void seat_clear(struct seat *seat)
{
    cleanup_close(&seat->listener);
    cleanup_close(&seat->plan);
    cleanup_close(&seat->lock);
    cleanup_close(&seat->dir);
    *seat = (struct seat)SEAT_INIT;
}
