/*
 * Copies of large, lazily mapped memory: the machine's, the results'.
 *
 * Such a block is as large as a battle could need and mostly never touched, so a copy has the pages
 * that hold anything; all others are zero. Copies of the same block share each page that is alike
 * in one and in the copy that was taken before it: one costs what changed in between.
 *
 * Which pages were touched /proc/self/pagemap says (present or in swap). mincore(2) would not do:
 * it says no of a page that is in swap. Without it (no /proc, a sandbox) every page is looked at,
 * which gives the same copy and takes longer.
 */
#ifndef RY_CORE_FOLLOW_PAGES_H
#define RY_CORE_FOLLOW_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RY_FOLLOW_PAGE_BYTES 4096u

/* What all copies of one owner share. */
struct ry_follow_store {
    int pagemap;  /* -1: none */
    size_t bytes; /* of all copies there are */
};

void ry_follow_store_open(struct ry_follow_store *store);
void ry_follow_store_close(struct ry_follow_store *store);

struct ry_follow_page;

struct ry_follow_pages_entry {
    uint32_t index; /* rises */
    struct ry_follow_page *page;
};

/* A copy; all zero: of a block that is all zero. */
struct ry_follow_pages {
    struct ry_follow_pages_entry *entry;
    uint32_t count, room;
};

/* Makes a copy of `bytes` bytes at `memory`. `before`: an earlier copy of this block to share pages
 * with; NULL: none. `lazy`: it is a private anonymous mapping from a page's start on, so that the
 * kernel may be asked what was touched. 0, or -1: no memory; then there is no copy. */
int ry_follow_pages_take(struct ry_follow_store *store, struct ry_follow_pages *copy,
                         const void *memory, size_t bytes, bool lazy,
                         const struct ry_follow_pages *before);

/* Makes the block what it was. `bytes` and `lazy` as above. */
void ry_follow_pages_return(const struct ry_follow_store *store, const struct ry_follow_pages *copy,
                            void *memory, size_t bytes, bool lazy);

/* Lets go of the copy; pages that others share stay. */
void ry_follow_pages_drop(struct ry_follow_store *store, struct ry_follow_pages *copy);

#endif
