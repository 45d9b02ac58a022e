/* Options and variables of the commands. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <string.h>
#include <sysexits.h>

#include "cli.h"
#include "shunt/broker.h"
#include "shunt/cleanup.h"

/* A day: a broker that nobody asked for so long is forgotten, not idle. */
#define IDLE_MAX 86400

static const struct option all_options[] = {
    {"keys", required_argument, NULL, 'k'},
    {"strategy", required_argument, NULL, 's'},
    {"quiet", no_argument, NULL, 'q'},
    {"json", no_argument, NULL, 'j'},
    {"ready-fd", required_argument, NULL, 'r'},
    {"idle", required_argument, NULL, 'i'},
    {"foreground", no_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

#define OPTION_COUNT (sizeof all_options / sizeof all_options[0])

static int number_of(const char *text, unsigned min, unsigned max, unsigned *out)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || value < min || value > max)
        return -1;
    *out = (unsigned)value;
    return 0;
}

static int apply(const char *command, int letter, struct options *out)
{
    unsigned number;
    switch (letter) {
    case 'k':
        out->input.key_dir = optarg;
        out->keys_by_flag = true;
        return 0;
    case 's':
        out->input.strategy = optarg;
        return 0;
    case 'q':
        out->quiet = true;
        return 0;
    case 'j':
        out->json = true;
        return 0;
    case 'f':
        out->foreground = true;
        return 0;
    case 'h':
        out->help = true;
        return 0;
    case 'r':
        if (number_of(optarg, 0, INT_MAX, &number) < 0)
            break;
        out->ready_fd = (int)number;
        return 0;
    case 'i':
        if (number_of(optarg, 1, IDLE_MAX, &out->idle_seconds) < 0)
            break;
        return 0;
    }
    cli_error("%s: expected a number instead of \"%s\"", command, optarg);
    return EX_USAGE;
}

static void choose(const char *allowed, struct option *out)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (!all_options[i].name || all_options[i].val == 'h' ||
            strchr(allowed, all_options[i].val))
            *out++ = all_options[i];
}

static void read_environment(struct options *out)
{
    *out = (struct options){
        .input = {.key_dir = getenv("SHUNT_KEYS"),
                  .strategy = getenv("SHUNT_STRATEGY"),
                  .credentials = getenv("SHUNT_CREDENTIALS"),
                  .user_switch = getenv("enable-package-registry-proxy")},
        .ready_fd = -1,
        .idle_seconds = BROKER_IDLE_SECONDS,
    };
}

static int make_absolute(struct options *out)
{
    const char *dir = out->input.key_dir;
    out->owned_key_dir = cli_absolute(dir && *dir ? dir : KEYS_DEFAULT_DIR);
    out->input.key_dir = out->owned_key_dir;
    if (out->owned_key_dir)
        return 0;
    cli_error("the working directory is not known: %s", strerror(errno));
    return EX_OSERR;
}

int options_read(int argc, char **argv, const char *allowed, struct options *out)
{
    struct option chosen[OPTION_COUNT];
    const char *order = allowed[0] == '+' ? "+:" : ":";
    int letter, status = 0;
    choose(allowed, chosen);
    read_environment(out);
    optind = 0; /* glibc: start anew, also in a second command of one process */
    opterr = 0;
    while (status == 0 && (letter = getopt_long(argc, argv, order, chosen, NULL)) != -1) {
        if (letter == '?' || letter == ':') {
            cli_error(letter == ':' ? "%s: %s needs a value" : "%s: unknown option %s", argv[0],
                      argv[optind - 1]);
            return EX_USAGE;
        }
        status = apply(argv[0], letter, out);
    }
    out->first = optind;
    return status ? status : make_absolute(out);
}

void options_clear(struct options *options)
{
    free(options->owned_key_dir);
    options->owned_key_dir = NULL;
}
