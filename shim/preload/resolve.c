/* RTLD_NEXT by hand: finds the real functions in the maps that the loader lists after ours.
 *
 * Not by dlsym: older glibc keeps it in another library, returns the oldest version of a symbol,
 * and allocates. The walk reads the loader's own tables, takes no lock and allocates nothing. It
 * stops at the last map that was there at start, because later ones may be unmapped while we read.
 */
#include "core.h"

#include <elf.h>

/* The members that both loaders promise to debuggers (SysV ABI). */
struct map {
    uintptr_t base;
    char *name;
    Elf64_Dyn *dynamic;
    struct map *next, *previous;
};

struct debug {
    int version;
    struct map *first;
};

extern struct debug _r_debug __attribute__((weak, visibility("default")));        /* glibc */
extern struct debug *_dl_debug_addr __attribute__((weak, visibility("default"))); /* musl */
extern Elf64_Dyn _DYNAMIC[] __attribute__((visibility("hidden")));
extern const char hook_names[] __attribute__((visibility("hidden")));
extern const uint16_t hook_name_offsets[HOOK_COUNT] __attribute__((visibility("hidden")));

void *hook_real[HOOK_COUNT];

static struct map *own, *last; /* written by every caller of own_map with the same values */

struct tables {
    const Elf64_Sym *symbols;
    const char *strings;
    const uint32_t *gnu, *sysv;
    const uint16_t *versions;
};

static const struct debug *debug(void)
{
    if (&_r_debug)
        return &_r_debug;
    return &_dl_debug_addr ? _dl_debug_addr : NULL;
}

bool resolve_is_glibc(void)
{
    return &_r_debug != NULL;
}

static struct map *own_map(void)
{
    struct map *found = __atomic_load_n(&own, __ATOMIC_ACQUIRE);
    if (found || !debug())
        return found;
    struct map *end = NULL;
    for (struct map *m = debug()->first; m; m = m->next) {
        if (m->dynamic == _DYNAMIC)
            found = m;
        end = m;
    }
    __atomic_store_n(&last, end, __ATOMIC_RELAXED);
    __atomic_store_n(&own, found, __ATOMIC_RELEASE);
    return found;
}

const char *resolve_own_path(void)
{
    const struct map *m = own_map();
    return m && m->name ? m->name : "";
}

static bool read_tables(const struct map *m, struct tables *t)
{
    memset(t, 0, sizeof *t);
    for (const Elf64_Dyn *d = m->dynamic; d && d->d_tag != DT_NULL; d++) {
        /* glibc has relocated the pointers, musl has not. */
        uintptr_t p = d->d_un.d_ptr < m->base ? d->d_un.d_ptr + m->base : d->d_un.d_ptr;
        switch (d->d_tag) {
        case DT_SYMTAB:
            t->symbols = (const Elf64_Sym *)p;
            break;
        case DT_STRTAB:
            t->strings = (const char *)p;
            break;
        case DT_GNU_HASH:
            t->gnu = (const uint32_t *)p;
            break;
        case DT_HASH:
            t->sysv = (const uint32_t *)p;
            break;
        case DT_VERSYM:
            t->versions = (const uint16_t *)p;
            break;
        }
    }
    return t->symbols && t->strings;
}

static bool is_wanted(const struct tables *t, uint32_t i, const char *name)
{
    const Elf64_Sym *s = &t->symbols[i];
    unsigned type = ELF64_ST_TYPE(s->st_info);
    bool hidden_version = t->versions && (t->versions[i] & 0x8000);
    return s->st_shndx != SHN_UNDEF && s->st_value && type != STT_TLS && type != STT_GNU_IFUNC &&
           !hidden_version && text_equal(t->strings + s->st_name, name);
}

static uint32_t gnu_hash(const char *s)
{
    uint32_t h = 5381;
    while (*s)
        h = h * 33 + (unsigned char)*s++;
    return h;
}

static uint32_t sysv_hash(const char *s)
{
    uint32_t h = 0;
    while (*s) {
        h = (h << 4) + (unsigned char)*s++;
        uint32_t top = h & 0xf0000000u;
        h = (h ^ top >> 24) & ~top;
    }
    return h;
}

/* The symbol's index, or 0. Layouts: DT_GNU_HASH as binutils documents it, DT_HASH as the gABI. */
static uint32_t find_gnu(const struct tables *t, const char *name)
{
    uint32_t buckets = t->gnu[0], offset = t->gnu[1], words = t->gnu[2], shift = t->gnu[3];
    const uint64_t *bloom = (const uint64_t *)(t->gnu + 4);
    const uint32_t *bucket = (const uint32_t *)(bloom + words), *chain = bucket + buckets;
    if (!buckets || !words)
        return 0;
    uint32_t hash = gnu_hash(name);
    uint64_t word = bloom[hash / 64 % words];
    if (!(word >> (hash % 64) & word >> ((hash >> shift) % 64) & 1))
        return 0;
    for (uint32_t i = bucket[hash % buckets]; i >= offset; i++) {
        uint32_t entry = chain[i - offset];
        if ((entry | 1) == (hash | 1) && is_wanted(t, i, name))
            return i;
        if (entry & 1)
            break;
    }
    return 0;
}

static uint32_t find_sysv(const struct tables *t, const char *name)
{
    uint32_t buckets = t->sysv[0];
    const uint32_t *bucket = t->sysv + 2, *chain = bucket + buckets;
    if (!buckets)
        return 0;
    for (uint32_t i = bucket[sysv_hash(name) % buckets]; i; i = chain[i])
        if (is_wanted(t, i, name))
            return i;
    return 0;
}

static void *find_in(const struct map *m, const char *name)
{
    struct tables t;
    if (!read_tables(m, &t))
        return NULL;
    uint32_t i = t.gnu ? find_gnu(&t, name) : t.sysv ? find_sysv(&t, name) : 0;
    return i ? (void *)(m->base + t.symbols[i].st_value) : NULL;
}

static void *find_from(const struct map *first, const char *name)
{
    for (const struct map *m = first; m; m = m->next) {
        void *found = m == own ? NULL : find_in(m, name);
        if (found)
            return found;
        if (m == last)
            break;
    }
    return NULL;
}

void *resolve_global(const char *symbol)
{
    return own_map() ? find_from(debug()->first, symbol) : NULL;
}

void *resolve_hook(enum hook hook)
{
    const struct map *m = own_map();
    void *found = m ? find_from(m->next, hook_names + hook_name_offsets[hook]) : NULL;
    __atomic_store_n(&hook_real[hook], found ? found : REAL_ABSENT, __ATOMIC_RELAXED);
    return found;
}
