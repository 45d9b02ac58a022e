/* shunt config: what would be served to the user who asks, without a broker. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "../broker/runtime.h"
#include "cli.h"
#include "config_tree.h"
#include "shunt/cleanup.h"

enum { NOTHING_SERVES = 1 };

static json_t *make_tree(const struct settings *settings, const char *runtime_dir,
                         const char *subject)
{
    const struct ecosystem *only = subject ? ecosystem_find(subject) : NULL;
    if (!subject || only)
        return config_tree(settings, runtime_dir, only);
    autofree char *path = cli_absolute(subject);
    return path ? config_tree_file(settings, runtime_dir, path) : NULL;
}

static void tell_nothing_serves(const char *subject)
{
    autobuf names = BUF_INIT(BUF_MAX_TEXT);
    for (const struct ecosystem *const *at = ecosystem_table(); *at; at++)
        buf_printf(&names, "%s%s", names.len ? ", " : "", (*at)->name);
    cli_error("nothing serves %s; the ecosystems are %s", subject, buf_text(&names));
}

static int show(const json_t *tree, const char *subject, bool json)
{
    const json_t *problems = json_object_get(tree, "problems");
    if (json) {
        json_dumpf(tree, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        config_print(tree);
        fflush(stdout);
    }
    for (size_t i = 0; !json && i < json_array_size(problems); i++)
        cli_error("%s", json_string_value(json_array_get(problems, i)));
    if (json_is_null(json_object_get(tree, "file"))) {
        tell_nothing_serves(subject);
        return NOTHING_SERVES;
    }
    return json_array_size(problems) ? EX_CONFIG : 0;
}

static int explain(const struct options *options, const char *subject)
{
    struct settings *settings = NULL;
    autofree char *error = NULL, *runtime = runtime_name(&options->input);
    if (!runtime || settings_read(&options->input, &settings, &error) < 0) {
        cli_error("%s", error ? error : "out of memory");
        return EX_CONFIG;
    }
    json_t *tree = make_tree(settings, runtime, subject);
    int status = EX_OSERR;
    if (tree)
        status = show(tree, subject, options->json);
    else
        cli_error("out of memory");
    json_decref(tree);
    settings_free(settings);
    return status;
}

int config_command(int argc, char **argv)
{
    struct options options;
    int status = options_read(argc, argv, "ksj", &options);
    if (status == 0 && options.help) {
        fputs(usage_text("config"), stdout);
    } else if (status == 0 && options.first + 1 < argc) {
        cli_error("config: unexpected \"%s\"", argv[options.first + 1]);
        status = EX_USAGE;
    } else if (status == 0) {
        status = explain(&options, argv[options.first]);
    }
    options_clear(&options);
    return status;
}
