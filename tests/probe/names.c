/* Name resolution and connect pass through with every unusual argument. No network is used.
 *
 *     names pass|refused */
#define _GNU_SOURCE
#include "probe.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int resolve(const char *node, const char *service, int family, int flags)
{
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags};
    struct addrinfo *list = NULL;
    int code = getaddrinfo(node, service, &hints, &list);
    if (!code)
        freeaddrinfo(list);
    return code;
}

static void check_local(void)
{
    struct addrinfo *list = NULL;
    EXPECT(getaddrinfo("127.0.0.1", NULL, NULL, &list) == 0, "NULL hints");
    freeaddrinfo(list);
    EXPECT(resolve(NULL, "80", AF_INET, AI_PASSIVE) == 0, "NULL node");
    EXPECT(resolve("127.0.0.1", "80", AF_INET, AI_NUMERICHOST) == 0, "a literal");
    EXPECT(resolve("::1", "80", AF_INET6, AI_NUMERICHOST) == 0, "an IPv6 literal");
    EXPECT(resolve("localhost", "80", AF_UNSPEC, 0) == 0, "localhost");
    EXPECT(resolve("registry.npmjs.org", "80", AF_UNSPEC, AI_NUMERICHOST) == EAI_NONAME,
           "AI_NUMERICHOST with a name");
    EXPECT(gethostbyname("127.0.0.1") != NULL, "gethostbyname of a literal");
}

static void check_connect(void)
{
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT(bind(server, (void *)&address, sizeof address) == 0 && listen(server, 4) == 0, "listen");
    EXPECT(getsockname(server, (void *)&address, &length) == 0, "getsockname");
    EXPECT(connect(client, (void *)&address, sizeof address) == 0, "connect");
    close(server);
    close(client);
    client = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT(connect(client, (void *)&address, sizeof address) == -1 && errno == ECONNREFUSED,
           "connect to a closed port");
    close(client);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    if (strcmp(argv[1], "refused") == 0) {
        EXPECT(resolve("registry.npmjs.org", "443", AF_UNSPEC, 0) == EAI_AGAIN,
               "a name is refused");
        EXPECT(!gethostbyname("registry.npmjs.org") && h_errno == TRY_AGAIN, "gethostbyname too");
        EXPECT(resolve("localhost", "80", AF_UNSPEC, 0) == 0, "localhost is not");
    } else {
        check_local();
    }
    check_connect();
    return probe_end("names");
}
