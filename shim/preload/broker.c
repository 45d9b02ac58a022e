/* Asks the broker for a file: one message each way over its socket, which is then closed, so that
 * no descriptor is kept. Waits are bounded; a broker that died is started again once. */
#include "core.h"

enum {
    AF_UNIX_ = 1,
    SOCK_SEQPACKET_ = 5,
    SOL_SOCKET_ = 1,
    SCM_RIGHTS_ = 1,
    MSG_NOSIGNAL_ = 0x4000,
    MSG_CMSG_CLOEXEC_ = 0x40000000,
    POLLIN_ = 1,
    REPLY_SECONDS = 15,
};

struct unix_address {
    uint16_t family;
    char path[108];
};

struct vector {
    void *base;
    size_t length;
};

/* struct msghdr and the one control message of the kernel's interface. */
struct message {
    void *name;
    uint32_t name_length;
    struct vector *vectors;
    size_t vector_count;
    void *control;
    size_t control_length;
    uint32_t flags;
};

struct control {
    size_t length;
    int level, type;
    int fd, padding;
};

static long open_socket(void)
{
    struct unix_address address = {.family = AF_UNIX_};
    if (plan->socket.length >= sizeof address.path)
        return -ENAMETOOLONG_;
    memcpy(address.path, plan_string(plan->socket), plan->socket.length + 1);
    long fd = sys(__NR_socket, AF_UNIX_, SOCK_SEQPACKET_ | O_CLOEXEC_, 0);
    if (fd < 0)
        return fd;
    long result;
    do
        result = sys(__NR_connect, fd, &address, sizeof address);
    while (result == -EINTR_);
    if (result < 0) {
        sys(__NR_close, fd);
        return result;
    }
    return fd;
}

static long send_request(long fd, uint32_t row, const char *path)
{
    uint32_t head[4] = {PROTOCOL_MAGIC, PROTOCOL_FILE, row, (uint32_t)text_length(path) + 1};
    struct vector vectors[3] = {{head, sizeof head},
                                {(void *)(uintptr_t)path, head[3]},
                                {opt_in.arguments, opt_in.arguments_length}};
    struct message message = {.vectors = vectors, .vector_count = 3};
    long result;
    do
        result = sys(__NR_sendmsg, fd, &message, MSG_NOSIGNAL_);
    while (result == -EINTR_);
    return result;
}

static bool wait_readable(long fd)
{
    struct {
        int fd;
        short events, revents;
    } poll = {(int)fd, POLLIN_, 0};
    long long timeout[2] = {REPLY_SECONDS, 0};
    long result;
    do
        result = sys(__NR_ppoll, &poll, 1, timeout, 0, 8); /* Linux counts the timeout down */
    while (result == -EINTR_);
    return result > 0;
}

/* A descriptor, BROKER_REAL, or a negative errno. */
static long read_reply(long fd)
{
    struct protocol_reply reply = {0};
    struct control control = {0};
    struct vector vector = {&reply, sizeof reply};
    struct message message = {.vectors = &vector,
                              .vector_count = 1,
                              .control = &control,
                              .control_length = sizeof control};
    if (!wait_readable(fd))
        return -EIO_;
    long n = sys(__NR_recvmsg, fd, &message, MSG_CMSG_CLOEXEC_);
    bool attached = n > 0 && message.control_length >= sizeof control - sizeof control.padding &&
                    control.level == SOL_SOCKET_ && control.type == SCM_RIGHTS_;
    if (n == (long)sizeof reply && reply.magic == PROTOCOL_MAGIC) {
        if (reply.status == PROTOCOL_OK && attached)
            return control.fd;
        if (reply.status == PROTOCOL_REAL)
            return BROKER_REAL;
    }
    if (attached)
        sys(__NR_close, control.fd);
    return -EIO_;
}

static long ask_once(uint32_t row, const char *path)
{
    long fd = open_socket();
    if (fd < 0)
        return fd;
    long result = send_request(fd, row, path);
    if (result >= 0)
        result = read_reply(fd);
    sys(__NR_close, fd);
    return result;
}

long broker_ask(uint32_t row, const char *absolute_path)
{
    enum { EMFILE_ = 24, ENFILE_ = 23 };
    if (is_refused())
        return -EIO_;
    long result = ask_once(row, absolute_path);
    if (result >= 0 || result == BROKER_REAL || result == -EMFILE_ || result == -ENFILE_)
        return result;
    /* It may have died, or left as idle between our start and now. */
    if (launch_broker() == LAUNCH_READY)
        result = ask_once(row, absolute_path);
    if (result < 0 && result != BROKER_REAL && result != -EMFILE_ && result != -ENFILE_)
        refuse("its broker cannot be reached");
    return result;
}
