/* Name resolution and connect. A process that opted in and cannot be served resolves no name but
 * its own machine's: what was meant to be private must not go to a public host instead. Otherwise
 * all of these pass through; the relay gives them more to do. */
#include "hook.h"

enum { EAI_AGAIN_ = -3, TRY_AGAIN_ = 2 };

static bool is_numeric(const char *name)
{
    for (; *name; name++)
        if (*name == ':')
            return true;
        else if (*name != '.' && (*name < '0' || *name > '9'))
            return false;
    return true;
}

/* Whether the name would need a look-up that we refuse. */
static bool is_withheld(const char *name)
{
    return unlikely(is_refused()) && name && !is_numeric(name) && !text_equal(name, "localhost");
}

HOOK_FUNCTION(int, getaddrinfo, const char *node, const char *service, const void *hints,
              void **result)
{
    if (is_withheld(node))
        return EAI_AGAIN_;
    int (*f)(const char *, const char *, const void *, void **) = real_of(HOOK_getaddrinfo);
    return f(node, service, hints, result);
}

HOOK_FUNCTION(int, getaddrinfo_a, int mode, void **list, int count, void *event)
{
    if (unlikely(is_refused()))
        return EAI_AGAIN_;
    /* A libc without it never had a caller until we exported the name. */
    int (*f)(int, void **, int, void *) = real_of(HOOK_getaddrinfo_a);
    return f ? f(mode, list, count, event) : EAI_AGAIN_;
}

static void *no_host(void)
{
    int *(*location)(void) = resolve_global("__h_errno_location");
    if (location)
        *location() = TRY_AGAIN_;
    return NULL;
}

HOOK_FUNCTION(void *, gethostbyname, const char *name)
{
    void *(*f)(const char *) = real_of(HOOK_gethostbyname);
    return is_withheld(name) ? no_host() : f(name);
}

HOOK_FUNCTION(void *, gethostbyname2, const char *name, int family)
{
    void *(*f)(const char *, int) = real_of(HOOK_gethostbyname2);
    return is_withheld(name) ? no_host() : f(name, family);
}

static int no_host_r(void **result, int *error)
{
    *result = NULL;
    *error = TRY_AGAIN_;
    return EAGAIN_;
}

HOOK_FUNCTION(int, gethostbyname_r, const char *name, void *host, char *buffer, size_t size,
              void **result, int *error)
{
    if (is_withheld(name))
        return no_host_r(result, error);
    int (*f)(const char *, void *, char *, size_t, void **, int *) = real_of(HOOK_gethostbyname_r);
    return f(name, host, buffer, size, result, error);
}

HOOK_FUNCTION(int, gethostbyname2_r, const char *name, int family, void *host, char *buffer,
              size_t size, void **result, int *error)
{
    if (is_withheld(name))
        return no_host_r(result, error);
    int (*f)(const char *, int, void *, char *, size_t, void **, int *) =
        real_of(HOOK_gethostbyname2_r);
    return f(name, family, host, buffer, size, result, error);
}

#define CONNECT(symbol)                                                                            \
    HOOK_FUNCTION(int, symbol, int fd, const void *address, unsigned length)                       \
    {                                                                                              \
        int (*f)(int, const void *, unsigned) = real_of(HOOK_##symbol);                            \
        return f ? f(fd, address, length) : RAW(__NR_connect, fd, address, length);                \
    }
CONNECT(connect)
CONNECT(__connect)
