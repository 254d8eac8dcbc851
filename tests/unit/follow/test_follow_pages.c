/*
 * Copies of lazily mapped memory: each gives back what was there, whatever was written since, with
 * and without the kernel's word on what was touched; and what is shared is counted once.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/follow/pages.h"
#include "tests/support/arena_rig.h"

#define PAGES  1500u
#define BYTES  (PAGES * (size_t)RY_FOLLOW_PAGE_BYTES - 100) /* the last page is short */
#define COPIES 12u
#define WRITES 200u

static struct ry_follow_store store;
static struct ry_test_rng rng;

static uint8_t *map(void)
{
    uint8_t *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    return memory;
}

/* Zeros too: a page may become zero again. */
static void scribble(uint8_t *memory)
{
    for (unsigned i = 0; i < WRITES; i++) {
        const size_t at = ry_test_rng_next(&rng) % BYTES;
        const size_t rest = BYTES - at < 5000 ? BYTES - at : 5000;
        memset(memory + at, (int)ry_test_rng_below(&rng, 3), i % 20 == 0 ? rest : 1);
    }
}

/* _i & 1: no pagemap; _i & 2: no page is shared. */
START_TEST(test_what_was_there_comes_back)
{
    struct ry_follow_pages copy[COPIES];
    uint8_t *memory = map(), *other = map(), *was[COPIES];
    rng.x = 99 + (uint64_t)_i;
    ry_follow_store_open(&store);
    if (_i & 1 && store.pagemap >= 0) {
        close(store.pagemap);
        store.pagemap = -1;
    }
    for (unsigned i = 0; i < COPIES; i++) {
        scribble(memory);
        was[i] = malloc(BYTES);
        ck_assert_ptr_nonnull(was[i]);
        memcpy(was[i], memory, BYTES);
        ck_assert_int_eq(ry_follow_pages_take(&store, &copy[i], memory, BYTES, true,
                                              i == 0 || _i & 2 ? NULL : &copy[i - 1]),
                         0);
    }
    for (unsigned i = 0; i < 4 * COPIES; i++) {
        const unsigned k = ry_test_rng_below(&rng, COPIES);
        uint8_t *into = i % 3 == 0 ? other : memory;
        if (i % 2 == 0)
            scribble(into);
        ry_follow_pages_return(&store, &copy[k], into, BYTES, true);
        ck_assert_int_eq(memcmp(into, was[k], BYTES), 0);
    }
    /* In an order in which shared pages outlive those that made them. */
    for (unsigned i = 0; i < COPIES; i += 2)
        ry_follow_pages_drop(&store, &copy[i]);
    ry_follow_pages_return(&store, &copy[COPIES - 1], memory, BYTES, true);
    ck_assert_int_eq(memcmp(memory, was[COPIES - 1], BYTES), 0);
    for (unsigned i = 1; i < COPIES; i += 2)
        ry_follow_pages_drop(&store, &copy[i]);
    ck_assert_uint_eq(store.bytes, 0);
    ry_follow_store_close(&store);
    for (unsigned i = 0; i < COPIES; i++)
        free(was[i]);
    munmap(memory, BYTES);
    munmap(other, BYTES);
}
END_TEST

START_TEST(test_alike_pages_are_shared)
{
    struct ry_follow_pages first, second;
    uint8_t *memory = map();
    ry_follow_store_open(&store);
    for (unsigned page = 0; page < PAGES / 2; page++)
        memory[page * (size_t)RY_FOLLOW_PAGE_BYTES] = 1;
    ck_assert_int_eq(ry_follow_pages_take(&store, &first, memory, BYTES, true, NULL), 0);
    ck_assert_uint_eq(first.count, PAGES / 2);
    const size_t one = store.bytes;
    ck_assert_uint_gt(one, PAGES / 2 * (size_t)RY_FOLLOW_PAGE_BYTES);
    memory[0] = 2;
    ck_assert_int_eq(ry_follow_pages_take(&store, &second, memory, BYTES, true, &first), 0);
    ck_assert_uint_lt(store.bytes - one, one / 50);
    ry_follow_pages_drop(&store, &first);
    ck_assert_uint_lt(store.bytes, one + one / 50);
    ry_follow_pages_drop(&store, &second);
    ry_follow_store_close(&store);
    munmap(memory, BYTES);
}
END_TEST

static unsigned resident(void *memory)
{
    unsigned char seen[PAGES];
    unsigned count = 0;
    ck_assert_int_eq(mincore(memory, BYTES, seen), 0);
    for (unsigned i = 0; i < PAGES; i++)
        count += seen[i] & 1;
    return count;
}

/* A machine that could be large stays small when it comes back. */
START_TEST(test_untouched_pages_stay_untouched)
{
    struct ry_follow_pages copy;
    uint8_t *memory = map(), *other = map();
    ry_follow_store_open(&store);
    madvise(memory, BYTES, MADV_NOHUGEPAGE);
    madvise(other, BYTES, MADV_NOHUGEPAGE);
    memory[7] = memory[BYTES - 1] = 1;
    other[BYTES / 2] = 1;
    ck_assert_int_eq(ry_follow_pages_take(&store, &copy, memory, BYTES, true, NULL), 0);
    ck_assert_uint_eq(copy.count, 2);
    ry_follow_pages_return(&store, &copy, other, BYTES, true);
    ck_assert_int_eq(memcmp(other, memory, 8), 0);
    if (store.pagemap >= 0)
        ck_assert_uint_le(resident(other), 3);
    else
        ry_test_skip("no /proc/self/pagemap here");
    ry_follow_pages_drop(&store, &copy);
    ry_follow_store_close(&store);
    munmap(memory, BYTES);
    munmap(other, BYTES);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("follow_pages");
    TCase *tc = tcase_create("pages");
    tcase_add_loop_test(tc, test_what_was_there_comes_back, 0, 4);
    tcase_add_test(tc, test_alike_pages_are_shared);
    tcase_add_test(tc, test_untouched_pages_stay_untouched);
    tcase_set_timeout(tc, 120);
    suite_add_tcase(s, tc);
    return s;
}

RY_TEST_MAIN(suite)
