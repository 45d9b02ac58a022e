/* The exec family. Each function stands alone, because libc's own never pass through one another's
 * exported symbol. Safe in a child of vfork: nothing but the stack is written. */
#include "hook.h"
#include "environment.h"

#include <stdarg.h>

typedef char *const *strings;

static strings own_environment(void)
{
    return &environ ? environ : NULL;
}

HOOK_FUNCTION(int, execve, const char *path, strings arguments, strings environment)
{
    CHILD_ENVIRONMENT(child, environment);
    int (*f)(const char *, strings, strings) = real_of(HOOK_execve);
    return f(path, arguments, child);
}

HOOK_FUNCTION(int, execv, const char *path, strings arguments)
{
    return shunt_execve(path, arguments, own_environment());
}

HOOK_FUNCTION(int, execvpe, const char *file, strings arguments, strings environment)
{
    CHILD_ENVIRONMENT(child, environment);
    int (*f)(const char *, strings, strings) = real_of(HOOK_execvpe);
    return f ? f(file, arguments, child) : fail(ENOSYS_);
}

HOOK_FUNCTION(int, execvp, const char *file, strings arguments)
{
    int (*plain)(const char *, strings) = real_of(HOOK_execvp);
    return real_of(HOOK_execvpe) ? shunt_execvpe(file, arguments, own_environment())
                                 : plain(file, arguments);
}

/* The number of arguments from `first` to the NULL, both counted. */
static size_t count_arguments(const char *first, va_list list)
{
    size_t n = 1;
    for (const char *a = first; a; a = va_arg(list, const char *))
        n++;
    return n;
}

static void copy_arguments(char **out, const char *first, va_list list)
{
    *out++ = (char *)(uintptr_t)first;
    for (const char *a = first; a; *out++ = (char *)(uintptr_t)a)
        a = va_arg(list, const char *);
}

/* Declares `name`, an array of the arguments from `first` to the NULL. */
#define ARGUMENTS(name, first)                                                                     \
    va_list name##_list;                                                                           \
    va_start(name##_list, first);                                                                  \
    size_t name##_count = count_arguments(first, name##_list);                                     \
    va_end(name##_list);                                                                           \
    char **name = __builtin_alloca(name##_count * sizeof(char *));                                 \
    va_start(name##_list, first);                                                                  \
    copy_arguments(name, first, name##_list);                                                      \
    va_end(name##_list)

HOOK_FUNCTION(int, execl, const char *path, const char *first, ...)
{
    ARGUMENTS(arguments, first);
    return shunt_execve(path, arguments, own_environment());
}

HOOK_FUNCTION(int, execlp, const char *file, const char *first, ...)
{
    ARGUMENTS(arguments, first);
    return shunt_execvp(file, arguments);
}

/* The environment stands behind the NULL. */
static strings environment_behind(const char *first, va_list list)
{
    for (const char *a = first; a;)
        a = va_arg(list, const char *);
    return va_arg(list, strings);
}

HOOK_FUNCTION(int, execle, const char *path, const char *first, ...)
{
    ARGUMENTS(arguments, first);
    va_list list;
    va_start(list, first);
    strings environment = environment_behind(first, list);
    va_end(list);
    return shunt_execve(path, arguments, environment);
}

HOOK_FUNCTION(int, fexecve, int fd, strings arguments, strings environment)
{
    CHILD_ENVIRONMENT(child, environment);
    int (*f)(int, strings, strings) = real_of(HOOK_fexecve);
    return f(fd, arguments, child);
}

HOOK_FUNCTION(int, execveat, int directory, const char *path, strings arguments,
              strings environment, int flags)
{
    CHILD_ENVIRONMENT(child, environment);
    int (*f)(int, const char *, strings, strings, int) = real_of(HOOK_execveat);
    return f ? f(directory, path, arguments, child, flags)
             : RAW(__NR_execveat, directory, path, arguments, child, flags);
}
