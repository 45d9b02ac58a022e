/* Requests and replies on one socket. */
#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "shunt/cleanup.h"

struct connection *connection_new(int fd, unsigned seconds)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    autoclose int owned = fd;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ||
        (peer.uid != geteuid() && peer.uid != 0))
        return NULL;
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    *connection = (struct connection){
        .fd = steal_fd(&owned),
        .pid = peer.pid,
        .deadline = clock_ms() + (int64_t)seconds * 1000,
    };
    return connection;
}

void connection_free(struct connection *connection)
{
    close(connection->fd);
    free(connection);
}

/* Sends the head, `count` usage records and the descriptor, if any. Returns 0, or -1 with errno. */
static int reply(int socket, struct protocol_reply head, const struct protocol_usage *usage, int fd)
{
    struct iovec parts[2] = {
        {.iov_base = &head, .iov_len = sizeof head},
        {.iov_base = (void *)(uintptr_t)usage, .iov_len = head.count * sizeof *usage},
    };
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr head;
    } control = {.space = {0}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = head.count ? 2 : 1};
    if (fd >= 0) {
        message.msg_control = control.space;
        message.msg_controllen = sizeof control.space;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    }
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static int reply_status(int socket, enum protocol_status status, uint32_t error, int fd)
{
    const struct protocol_reply head = {PROTOCOL_MAGIC, status, error, 0};
    return reply(socket, head, NULL, fd);
}

static enum connection_state serve_file(struct connection *connection, struct answerer *answerer,
                                        const struct request *request)
{
    struct answer answer = answer_file(answerer, request, connection->pid);
    autoclose int fd = answer.fd;
    /* Too many descriptors on their way is an error that the client can be told. */
    if (reply_status(connection->fd, answer.status, answer.error, fd) < 0 && fd >= 0)
        reply_status(connection->fd, PROTOCOL_FAILED, (uint32_t)errno, -1);
    return CONNECTION_DONE;
}

static enum connection_state serve_ping(struct connection *connection,
                                        const struct answerer *answerer)
{
    if (answerer->leaving || reply_status(connection->fd, PROTOCOL_OK, 0, -1) < 0)
        return CONNECTION_DONE;
    connection->holder = true;
    return CONNECTION_OPEN;
}

static enum connection_state serve_usage(struct connection *connection,
                                         const struct answerer *answerer)
{
    const struct protocol_reply head = {PROTOCOL_MAGIC, PROTOCOL_OK, 0, answerer->usage_count};
    return reply(connection->fd, head, answerer->usage, -1) < 0 ? CONNECTION_DONE : CONNECTION_OPEN;
}

enum connection_state connection_serve(struct connection *connection, struct answerer *answerer)
{
    struct protocol_request message;
    struct request request;
    ssize_t len = recv(connection->fd, &message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
    if (len < 0)
        return errno == EAGAIN || errno == EINTR ? CONNECTION_OPEN : CONNECTION_DONE;
    if (len == 0)
        return CONNECTION_DONE;
    if (request_decode(&message, (size_t)len, &request) < 0) {
        reply_status(connection->fd, PROTOCOL_FAILED, EPROTO, -1);
        return CONNECTION_DONE;
    }
    switch (request.op) {
    case PROTOCOL_FILE:
        return serve_file(connection, answerer, &request);
    case PROTOCOL_PING:
        return serve_ping(connection, answerer);
    case PROTOCOL_USAGE:
        return serve_usage(connection, answerer);
    }
    return CONNECTION_DONE;
}
