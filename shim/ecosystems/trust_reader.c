/* Which programs trust a file and which only copy it, judged by their arguments. Pure. */
#include "trust_reader.h"

#include <string.h>

const char *path_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *text_after(const char *text, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

static const char *const copiers[] = {
    "awk",
    "bsdtar",
    "c_rehash",
    "cat",
    "cmp",
    "cp",
    "cpio",
    "dd",
    "diff",
    "dpkg",
    "dpkg-deb",
    "gawk",
    "git",
    "grep",
    "gzip",
    "head",
    "install",
    "jar",
    "jlink",
    "jpackage",
    "keytool",
    "mawk",
    "md5sum",
    "mv",
    "p11-kit",
    "rsync",
    "scp",
    "sed",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "tail",
    "tar",
    "tee",
    "trust",
    "unzip",
    "update-ca-certificates",
    "update-ca-trust",
    "zip",
    NULL,
};

/* These are many programs in one: the name they were called by or their first operand, a script or
 * an applet, tells which. (Elsewhere argv[0] tells less than the executable: npm writes its
 * arguments over it.) */
static const char *const multiplexers[] = {
    "ash", "bash", "busybox", "coreutils", "dash", "perl", "sh", "toybox", NULL,
};

/* openssl's commands that verify a peer; the others convert, hash or rehash what they read. */
static const char *const verifying_commands[] = {"ocsp", "s_client", "s_time", "verify", NULL};

/* What a JVM runs when it maintains stores: Debian's helper, and keytool by its class. */
static const char *const java_maintainers[] = {
    "ca-certificates-java",
    "sun.security.tools.keytool",
    NULL,
};

static const char *first_operand(const char *const *argv)
{
    for (size_t i = argv[0] ? 1 : 0; argv[i]; i++)
        if (argv[i][0] != '-')
            return argv[i];
    return "";
}

static bool has_word_with(const char *const *argv, const char *const *parts)
{
    for (; *argv; argv++)
        for (const char *const *part = parts; *part; part++)
            if (strstr(*argv, *part))
                return true;
    return false;
}

bool reader_copies(const struct file_request *request)
{
    const char *program = request->program;
    const char *operand = first_operand(request->argv);
    const char *called = request->argv[0] ? path_base_name(request->argv[0]) : "";
    if (!*program)
        program = called;
    if (strcmp(program, "openssl") == 0)
        return !is_one_of(operand, verifying_commands);
    if (strcmp(program, "java") == 0)
        return has_word_with(request->argv, java_maintainers);
    if (is_one_of(program, multiplexers))
        return is_one_of(called, copiers) || is_one_of(path_base_name(operand), copiers);
    return is_one_of(program, copiers);
}

const char *reader_java_property(const struct file_request *request, const char *option)
{
    const char *found = NULL;
    for (const char *const *word = request->argv; *word; word++) {
        const char *value = text_after(*word, option);
        found = value ? value : found;
    }
    return found && *found ? found : NULL;
}

bool reader_means(const struct file_request *request, const char *name)
{
    const char *path = request->path;
    if (*name == '/')
        return strcmp(name, path) == 0;
    while (text_after(name, "./"))
        name += 2;
    size_t len = strlen(name), path_len = strlen(path);
    return path_len > len && path[path_len - len - 1] == '/' &&
           strcmp(path + path_len - len, name) == 0;
}
