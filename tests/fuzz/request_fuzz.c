/* Fuzzes the decoder of requests. Whatever it accepts must be usable as it stands: a terminated
 * absolute path, arguments within the message. Pure. */
#include "../../shim/broker/request.h"

#include "../../shim/broker/context.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int truth)
{
    if (!truth)
        abort();
}

static void check_file(const struct request *request, const char *message, size_t size)
{
    size_t path_len = strlen(request->path) + 1;
    require(request->path[0] == '/' && path_len <= PROTOCOL_PATH_MAX);
    require(request->arguments == request->path + path_len);
    require(request->arguments + request->arguments_len == message + size);
    char *text;
    const char **argv = context_split(request->arguments, request->arguments_len, &text);
    for (size_t i = 0; argv && argv[i]; i++)
        require(argv[i] + strlen(argv[i]) <= text + request->arguments_len);
    free(argv);
    free(text);
}

static void check(const char *message, size_t size)
{
    struct request request;
    if (request_decode(message, size, &request) < 0)
        return;
    if (request.op == PROTOCOL_FILE)
        check_file(&request, message, size);
    else
        require(request.path[0] == '\0' && request.arguments_len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t magic = PROTOCOL_MAGIC;
    char *copy = malloc(size ? size : 1); /* of the exact size, so that a byte too far is seen */
    if (!copy)
        return 0;
    memcpy(copy, data, size);
    check(copy, size);
    if (size >= sizeof magic) { /* nothing is found behind a wrong magic */
        memcpy(copy, &magic, sizeof magic);
        check(copy, size);
    }
    free(copy);
    return 0;
}
