/* Asks a broker for life and usage over its socket. */
#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "shunt/broker.h"
#include "shunt/cleanup.h"

/* A broker answers these from memory; one that needs longer is not well. */
#define CLIENT_SECONDS 2

static int open_socket(const char *runtime_dir)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval limit = {.tv_sec = CLIENT_SECONDS};
    int len = snprintf(address.sun_path, sizeof address.sun_path, "%s/sock", runtime_dir);
    if (len < 0 || (size_t)len >= sizeof address.sun_path)
        return -1;
    autoclose int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0 ||
        connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return -1;
    return steal_fd(&fd);
}

/* Sends a request without a path and receives the reply into `reply` of `size` bytes. Returns the
 * bytes received, or -1. */
static ssize_t ask(int fd, enum protocol_op op, void *reply, size_t size)
{
    const struct protocol_request request = {.magic = PROTOCOL_MAGIC, .op = op};
    ssize_t n;
    if (send(fd, &request, PROTOCOL_REQUEST_HEAD, MSG_NOSIGNAL) != (ssize_t)PROTOCOL_REQUEST_HEAD)
        return -1;
    do
        n = recv(fd, reply, size, 0);
    while (n < 0 && errno == EINTR);
    return n;
}

static bool is_ok(const struct protocol_reply *reply)
{
    return reply->magic == PROTOCOL_MAGIC && reply->status == PROTOCOL_OK;
}

int client_connect(const char *runtime_dir)
{
    struct protocol_reply reply;
    autoclose int fd = open_socket(runtime_dir);
    if (fd < 0 || ask(fd, PROTOCOL_PING, &reply, sizeof reply) != (ssize_t)sizeof reply ||
        !is_ok(&reply))
        return -1;
    return steal_fd(&fd);
}

int broker_usage(int holder, struct protocol_usage usage[PROTOCOL_USAGE_MAX])
{
    struct {
        struct protocol_reply head;
        struct protocol_usage usage[PROTOCOL_USAGE_MAX];
    } reply = {0};
    ssize_t n = ask(holder, PROTOCOL_USAGE, &reply, sizeof reply);
    if (n < (ssize_t)sizeof reply.head || !is_ok(&reply.head) ||
        reply.head.count > PROTOCOL_USAGE_MAX ||
        (size_t)n != sizeof reply.head + reply.head.count * sizeof *usage)
        return -1;
    memcpy(usage, reply.usage, reply.head.count * sizeof *usage);
    return (int)reply.head.count;
}
