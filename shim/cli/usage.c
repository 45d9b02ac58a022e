/* Help texts. Pure. */
#include <stdint.h>
#include <string.h>

#include "cli.h"
#include "shunt/distance.h"

#define KEYS_OPTIONS                                                                               \
    "  --keys DIR        directory with one file per key (SHUNT_KEYS,\n"                           \
    "                    default " KEYS_DEFAULT_DIR ")\n"                                          \
    "  --strategy NAME   build strategy (SHUNT_STRATEGY): buildpack, ballerina,\n"                 \
    "                    mi, webapp, prism, test-runner, byoc\n"

static const char general[] =
    "shunt " SHUNT_VERSION ": unmodified build tools, a private mirror\n"
    "\n"
    "  shunt run [OPTIONS] -- COMMAND...         run a command through the mirror\n"
    "  shunt config [OPTIONS] [ECOSYSTEM|FILE]   what the tools would be served\n"
    "  shunt broker [OPTIONS]                    serve the steps of one key directory\n"
    "  shunt help [COMMAND|keys]\n"
    "  shunt --version\n"
    "\n"
    "Without the command: LD_PRELOAD=libshunt.so in the image, SHUNT=on in a step.\n";

static const char run[] =
    "shunt run [OPTIONS] -- COMMAND...\n"
    "\n"
    "Runs COMMAND so that its package managers fetch from the mirror of the keys.\n"
    "\n" KEYS_OPTIONS "  --quiet           no closing line\n"
    "\n"
    "Exit status: that of COMMAND; 127 not found, 126 not executable, 78 a mistake in\n"
    "the configuration (COMMAND is not run), 64 wrong usage. A COMMAND that is killed by\n"
    "a signal kills shunt with the same signal.\n";

static const char config[] =
    "shunt config [OPTIONS] [ECOSYSTEM|FILE]\n"
    "\n"
    "Shows what the tools would be served, without credentials: the variables and files of\n"
    "all ecosystems that have a key, of one of them, or the text of one file.\n"
    "\n" KEYS_OPTIONS "  --json            as JSON\n"
    "\n"
    "Exit status: 0; 78 mistakes in keys or variables; 1 nothing serves it; 64 wrong usage.\n";

static const char broker[] =
    "shunt broker [OPTIONS]\n"
    "\n"
    "Serves the steps of one key directory until it is idle. `shunt run` and the library\n"
    "start it where it is needed.\n"
    "\n" KEYS_OPTIONS "  --idle SECONDS    leave when unused for so long (default 60)\n"
    "  --ready-fd N      write a line to this descriptor when it serves, then close it\n"
    "  --foreground      keep the terminal, the session and descriptors 0 to 2\n";

static const struct {
    const char *command, *text;
} texts[] = {
    {"run", run}, {"config", config}, {"broker", broker}, {"help", general}, {NULL, NULL},
};

const char *usage_text(const char *command)
{
    if (!command)
        return general;
    for (size_t i = 0; texts[i].command; i++)
        if (strcmp(texts[i].command, command) == 0)
            return texts[i].text;
    return NULL;
}

const char *usage_nearest(const char *command)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; texts[i].command; i++) {
        size_t far = word_distance(command, strlen(command), texts[i].command, 2);
        if (far < best) {
            best = far;
            nearest = texts[i].command;
        }
    }
    return nearest;
}
