/* shunt broker: cuts itself off from whoever started it, then serves. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "../broker/detach.h"
#include "../broker/ready.h"
#include "cli.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"

/* A relative SHUNT_KEYS would be one identity for as many directories as there are working
 * directories: two steps could meet in one broker with the keys of one of them. */
static bool has_relative_keys(void)
{
    const char *dir = getenv("SHUNT_KEYS");
    return dir && *dir && dir[0] != '/';
}

/* In the foreground the lines for the starter are for whoever looks at stderr. */
static int ready_descriptor(const struct options *options)
{
    if (options->ready_fd < 0 && options->foreground)
        return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    return options->ready_fd;
}

static int serve(const struct options *options)
{
    bool relative = !options->keys_by_flag && has_relative_keys();
    int ready_fd = broker_detach(ready_descriptor(options), options->foreground);
    if (!relative)
        return broker_serve(&options->input, ready_fd, options->idle_seconds);
    ready_say_error(ready_fd, "SHUNT_KEYS: expected an absolute path");
    return EX_CONFIG;
}

int broker_command(int argc, char **argv)
{
    struct options options;
    int status = options_read(argc, argv, "ksrif", &options);
    if (status == 0 && options.help) {
        fputs(usage_text("broker"), stdout);
    } else if (status == 0 && options.first < argc) {
        cli_error("broker: unexpected \"%s\"", argv[options.first]);
        status = EX_USAGE;
    } else if (status == 0) {
        status = serve(&options);
    }
    options_clear(&options);
    return status;
}
