#include "core/follow/pages.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE         RY_FOLLOW_PAGE_BYTES
#define MAP_ENTRIES  4096u /* of the pagemap, read at once */
#define ENTRIES_LOW  64u
#define WAS_TOUCHED  (UINT64_C(3) << 62) /* present, or in swap: proc_pid_pagemap(5) */
#define INDEX_BEHIND UINT64_MAX

struct ry_follow_page {
    uint32_t copies; /* that have it */
    uint8_t byte[PAGE];
};

void ry_follow_store_open(struct ry_follow_store *store)
{
    *store = (struct ry_follow_store){.pagemap = -1};
    if (sysconf(_SC_PAGESIZE) == PAGE)
        store->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
}

void ry_follow_store_close(struct ry_follow_store *store)
{
    assert(store->bytes == 0); /* every copy was dropped */
    if (store->pagemap >= 0)
        close(store->pagemap);
    store->pagemap = -1;
}

/* ---- which pages were touched ---------------------------------------------------------------- */

/* A walk over the pages of a block that may hold anything. */
struct walk {
    const uint8_t *memory;
    size_t bytes;
    uint64_t next, end; /* pages */
    int pagemap;        /* -1: every page may */
    uint64_t first;     /* page that map[0] is of; */
    unsigned known;     /* so many are in map */
    uint64_t map[MAP_ENTRIES];
};

static void walk_begin(struct walk *walk, const struct ry_follow_store *store, const void *memory,
                       size_t bytes, bool lazy)
{
    walk->memory = memory;
    walk->bytes = bytes;
    walk->next = 0;
    walk->end = (bytes + PAGE - 1) / PAGE;
    walk->pagemap = lazy ? store->pagemap : -1;
    walk->first = 0;
    walk->known = 0;
    assert(!lazy || (uintptr_t)memory % PAGE == 0);
}

static bool touched(struct walk *walk, uint64_t index)
{
    if (walk->pagemap < 0)
        return true;
    if (index >= walk->first + walk->known) {
        const uint64_t want = walk->end - index < MAP_ENTRIES ? walk->end - index : MAP_ENTRIES;
        const uint64_t page = (uintptr_t)walk->memory / PAGE + index;
        const ssize_t n = pread(walk->pagemap, walk->map, want * sizeof walk->map[0],
                                (off_t)(page * sizeof walk->map[0]));
        walk->first = index;
        walk->known = n > 0 ? (unsigned)((size_t)n / sizeof walk->map[0]) : 0;
        if (walk->known == 0) {
            walk->pagemap = -1;
            return true;
        }
    }
    return (walk->map[index - walk->first] & WAS_TOUCHED) != 0;
}

/* The next page that may hold anything; INDEX_BEHIND: none does. */
static uint64_t walk_next(struct walk *walk)
{
    while (walk->next < walk->end) {
        const uint64_t index = walk->next++;
        if (touched(walk, index))
            return index;
    }
    return INDEX_BEHIND;
}

/* Of the page: the last one may be short. */
static size_t bytes_of(const struct walk *walk, uint64_t index)
{
    const size_t left = walk->bytes - index * PAGE;
    return left < PAGE ? left : PAGE;
}

/* ---- copies ---------------------------------------------------------------------------------- */

static bool is_zero(const uint8_t *at, size_t bytes)
{
    return bytes == 0 || (at[0] == 0 && memcmp(at, at + 1, bytes - 1) == 0);
}

static struct ry_follow_pages_entry *entry_add(struct ry_follow_store *store,
                                               struct ry_follow_pages *copy)
{
    if (copy->count == copy->room) {
        const uint32_t room = copy->room > 0 ? 2 * copy->room : ENTRIES_LOW;
        struct ry_follow_pages_entry *more = realloc(copy->entry, room * sizeof *more);
        if (more == NULL)
            return NULL;
        store->bytes += (room - copy->room) * sizeof *more;
        copy->entry = more;
        copy->room = room;
    }
    return &copy->entry[copy->count];
}

static struct ry_follow_page *page_make(struct ry_follow_store *store, const uint8_t *at,
                                        size_t bytes)
{
    struct ry_follow_page *page = malloc(sizeof *page);
    if (page == NULL)
        return NULL;
    page->copies = 0;
    memcpy(page->byte, at, bytes);
    memset(page->byte + bytes, 0, PAGE - bytes);
    store->bytes += sizeof *page;
    return page;
}

/* `shared`: the page as an earlier copy has it, or NULL. */
static int take_page(struct ry_follow_store *store, struct ry_follow_pages *copy, uint64_t index,
                     const uint8_t *at, size_t bytes, struct ry_follow_page *shared)
{
    if (shared != NULL && memcmp(shared->byte, at, bytes) != 0)
        shared = NULL;
    if (shared == NULL && is_zero(at, bytes))
        return 0;
    struct ry_follow_pages_entry *entry = entry_add(store, copy);
    if (entry != NULL && shared == NULL)
        shared = page_make(store, at, bytes);
    if (entry == NULL || shared == NULL)
        return -1;
    shared->copies++;
    *entry = (struct ry_follow_pages_entry){.index = (uint32_t)index, .page = shared};
    copy->count++;
    return 0;
}

int ry_follow_pages_take(struct ry_follow_store *store, struct ry_follow_pages *copy,
                         const void *memory, size_t bytes, bool lazy,
                         const struct ry_follow_pages *before)
{
    struct walk walk;
    uint64_t index;
    uint32_t at = 0;
    *copy = (struct ry_follow_pages){.count = 0};
    walk_begin(&walk, store, memory, bytes, lazy);
    assert(walk.end <= UINT32_MAX);
    while ((index = walk_next(&walk)) != INDEX_BEHIND) {
        struct ry_follow_page *shared = NULL;
        while (before != NULL && at < before->count && before->entry[at].index < index)
            at++;
        if (before != NULL && at < before->count && before->entry[at].index == index)
            shared = before->entry[at].page;
        if (take_page(store, copy, index, walk.memory + index * PAGE, bytes_of(&walk, index),
                      shared) != 0) {
            ry_follow_pages_drop(store, copy);
            return -1;
        }
    }
    return 0;
}

void ry_follow_pages_return(const struct ry_follow_store *store, const struct ry_follow_pages *copy,
                            void *memory, size_t bytes, bool lazy)
{
    struct walk walk;
    uint64_t index;
    uint32_t at = 0;
    uint8_t *block = memory;
    walk_begin(&walk, store, memory, bytes, lazy);
    while ((index = walk_next(&walk)) != INDEX_BEHIND) {
        while (at < copy->count && copy->entry[at].index < index)
            at++;
        /* Looked at first: what was never touched must not be by this. */
        const bool kept = at < copy->count && copy->entry[at].index == index;
        if (!kept && !is_zero(block + index * PAGE, bytes_of(&walk, index)))
            memset(block + index * PAGE, 0, bytes_of(&walk, index));
    }
    for (at = 0; at < copy->count; at++) {
        index = copy->entry[at].index;
        memcpy(block + index * PAGE, copy->entry[at].page->byte, bytes_of(&walk, index));
    }
}

void ry_follow_pages_drop(struct ry_follow_store *store, struct ry_follow_pages *copy)
{
    for (uint32_t i = 0; i < copy->count; i++) {
        struct ry_follow_page *page = copy->entry[i].page;
        if (--page->copies > 0)
            continue;
        store->bytes -= sizeof *page;
        free(page);
    }
    store->bytes -= copy->room * sizeof *copy->entry;
    free(copy->entry);
    *copy = (struct ry_follow_pages){.count = 0};
}
