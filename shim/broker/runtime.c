/* The runtime directory: <base>/shunt-<uid>/<id>. Touches nothing outside <base>/shunt-<uid>. */
#define _GNU_SOURCE
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "shunt/broker.h"
#include "shunt/cleanup.h"
#include "shunt/runtime.h"

struct place {
    char user[32]; /* "shunt-<uid>" */
    char id[17];
};

enum { TRY_NEXT = -1, UNSAFE = -2 };

static struct place place_of(const struct settings_input *input)
{
    const char *keys = input->key_dir && *input->key_dir ? input->key_dir : KEYS_DEFAULT_DIR;
    struct place place;
    snprintf(place.user, sizeof place.user, "shunt-%lu", (unsigned long)geteuid());
    snprintf(place.id, sizeof place.id, "%016" PRIx64,
             runtime_id(keys, input->strategy, input->credentials, input->user_switch));
    return place;
}

/* The bases to try, NULL-terminated: SHUNT_RUNTIME alone where it is set. */
static void list_bases(const char *bases[RUNTIME_BASE_COUNT + 1])
{
    static const char *const known[RUNTIME_BASE_COUNT] = RUNTIME_BASES;
    const char *own = getenv("SHUNT_RUNTIME");
    memset(bases, 0, (RUNTIME_BASE_COUNT + 1) * sizeof *bases);
    if (own && *own)
        bases[0] = own;
    else
        memcpy(bases, known, sizeof known);
}

static char *full_path(const char *base, const struct place *place)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s/%s", base, place->user, place->id) < 0)
        return NULL;
    return path;
}

char *runtime_name(const struct settings_input *input)
{
    const char *bases[RUNTIME_BASE_COUNT + 1];
    struct place place = place_of(input);
    list_bases(bases);
    return full_path(bases[0], &place);
}

/* One sentence instead of an earlier one. */
__attribute__((format(printf, 2, 3))) static void explain(char **error, const char *format, ...)
{
    va_list list;
    free(*error);
    va_start(list, format);
    if (vasprintf(error, format, list) < 0)
        *error = NULL;
    va_end(list);
}

/* Opens `name` below `parent` and checks that nobody else can have put anything into it. */
static int open_private(int parent, const char *shown, const char *name, bool create, char **error)
{
    if (create && mkdirat(parent, name, 0700) < 0 && errno != EEXIST) {
        int saved = errno;
        explain(error, "cannot create the runtime directory %s: %s", shown, strerror(saved));
        errno = saved;
        return TRY_NEXT;
    }
    autoclose int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        int saved = errno;
        explain(error, "the runtime directory %s cannot be used: %s", shown,
                saved == ELOOP || saved == ENOTDIR ? "it is not a directory" : strerror(saved));
        errno = saved;
        return saved == ENOENT ? TRY_NEXT : UNSAFE;
    }
    struct stat st;
    if (fstat(fd, &st) < 0 || st.st_uid != geteuid() || (st.st_mode & 0777) != 0700) {
        explain(error,
                "the runtime directory %s cannot be used: it must belong to the user and have mode "
                "0700",
                shown);
        errno = EPERM;
        return UNSAFE;
    }
    return steal_fd(&fd);
}

static int open_below(const char *base, const struct place *place, bool create, char **path,
                      char **error)
{
    autofree char *whole = full_path(base, place), *user = NULL;
    if (!whole || asprintf(&user, "%s/%s", base, place->user) < 0) {
        explain(error, "out of memory");
        errno = ENOMEM;
        return UNSAFE;
    }
    if (base[0] != '/' || strlen(whole) >= RUNTIME_PATH_MAX) {
        explain(error, "SHUNT_RUNTIME must be an absolute path of at most %zu bytes",
                RUNTIME_PATH_MAX - 1 - (strlen(whole) - strlen(base)));
        errno = ENAMETOOLONG;
        return UNSAFE;
    }
    autoclose int base_fd = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (base_fd < 0) {
        int saved = errno;
        explain(error, "the runtime directory's base %s cannot be used: %s", base, strerror(saved));
        errno = saved;
        return TRY_NEXT;
    }
    autoclose int user_fd = open_private(base_fd, user, place->user, create, error);
    if (user_fd < 0)
        return user_fd;
    int fd = open_private(user_fd, whole, place->id, create, error);
    if (fd >= 0)
        *path = steal_pointer(&whole);
    return fd;
}

int runtime_open(const struct settings_input *input, bool create, char **path, char **error)
{
    const char *bases[RUNTIME_BASE_COUNT + 1];
    struct place place = place_of(input);
    int fd = TRY_NEXT;
    list_bases(bases);
    *error = NULL;
    for (size_t i = 0; bases[i] && fd == TRY_NEXT; i++)
        fd = open_below(bases[i], &place, create, path, error);
    if (fd < 0)
        return -1;
    free(*error);
    *error = NULL;
    return fd;
}

char *runtime_dir(const struct settings_input *input, bool create)
{
    char *path = NULL;
    autofree char *error = NULL;
    autoclose int fd = runtime_open(input, create, &path, &error);
    return fd < 0 ? NULL : path;
}
