/*
 * The merge against a slow model: the sequence is all records of all sources sorted by key,
 * whatever the order in which they become visible.
 */
#include "core/exec/merge.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/exec_rig.h"

#define SOURCES 5
#define RECORDS 60

/* A source whose records come to light little by little. */
struct fake {
    struct ry_exec_merge_source source;
    struct ry_input record[RECORDS];
    struct ry_exec_key key[RECORDS];
    unsigned count, visible, next;
    bool end_visible;
    struct ry_exec_key
        horizon; /* of an empty source: its last record's T, the sequence number after it */
    uint64_t *random;
};

static void fake_set_key(struct fake *fake)
{
    fake->source.ready = fake->next < fake->visible;
    if (fake->source.ready) {
        fake->source.key = fake->key[fake->next];
        fake->source.next = (const union ry_input_any *)&fake->record[fake->next];
    } else if (fake->end_visible) {
        fake->source.key = ry_exec_key_never(fake->horizon.source);
    } else {
        fake->source.key = fake->horizon;
    }
}

static void fake_poll(struct ry_exec_merge_source *source)
{
    struct fake *fake = source->context;
    fake->visible += (unsigned)(rig_random(fake->random) % 4);
    if (fake->visible >= fake->count) {
        fake->visible = fake->count;
        fake->end_visible = rig_random(fake->random) % 2;
    }
    fake_set_key(fake);
}

static void fake_advance(struct ry_exec_merge_source *source)
{
    struct fake *fake = source->context;
    fake->horizon = fake->key[fake->next];
    fake->horizon.source_seq++;
    fake->next++;
    fake_set_key(fake);
}

static void fake_make(struct fake *fake, uint16_t number, uint64_t *random)
{
    *fake = (struct fake){
        .source = {.context = fake, .advance = fake_advance, .poll = fake_poll},
        .count = (unsigned)(rig_random(random) % (RECORDS + 1)),
        .random = random,
    };
    int64_t time = 0;
    fake->horizon = (struct ry_exec_key){
        .time = 0, .tie = ry_exec_key_tie(1, 0, number), .source_seq = 1, .source = number};
    for (unsigned i = 0; i < fake->count; i++) {
        time += (int64_t)(rig_random(random) % 3); /* many ties */
        fake->record[i].head =
            (struct ry_input_head){.source = number, .time = time, .source_seq = i + 1};
        fake->key[i] = (struct ry_exec_key){.time = time,
                                            .tie = ry_exec_key_tie(1, time, number),
                                            .source_seq = i + 1,
                                            .source = number};
    }
    fake_set_key(fake);
}

/* The model: everything, sorted. Written apart from ry_exec_key_before. */
static int by_key(const void *a, const void *b)
{
    const struct ry_input_head *x = &((const struct ry_input *)a)->head,
                               *y = &((const struct ry_input *)b)->head;
    uint64_t tie_x = ry_exec_key_tie(1, x->time, x->source),
             tie_y = ry_exec_key_tie(1, y->time, y->source);
    const int64_t time_x = x->time, time_y = y->time;
    if (time_x != time_y)
        return time_x < time_y ? -1 : 1;
    if (tie_x != tie_y)
        return tie_x < tie_y ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return x->source_seq < y->source_seq ? -1 : x->source_seq > y->source_seq;
}

static unsigned run_merge(struct ry_exec_merge *merge, struct ry_input *got)
{
    unsigned n = 0;
    for (unsigned idle = 0; idle < 1000; idle++) {
        struct ry_exec_key bound;
        struct ry_exec_merge_source *source = ry_exec_merge_next(merge, &bound);
        if (!source->ready && ry_exec_key_is_never(&source->key))
            break;
        if (!source->ready)
            source->poll(source);
        while (source->ready && ry_exec_key_before(&source->key, &bound)) {
            got[n++] = source->next->event;
            source->advance(source);
            idle = 0;
        }
    }
    return n;
}

START_TEST(test_merge_is_sort)
{
    uint64_t random = 1000 + (uint64_t)_i;
    static struct fake fake[SOURCES];
    static struct ry_input got[SOURCES * RECORDS], want[SOURCES * RECORDS];
    struct ry_exec_merge merge = {.count = 0};
    unsigned wanted = 0;
    for (unsigned i = 0; i < SOURCES; i++) {
        fake_make(&fake[i], (uint16_t)(RY_SOURCE_FEED + i), &random);
        ry_exec_merge_add(&merge, &fake[i].source);
        memcpy(&want[wanted], fake[i].record, fake[i].count * sizeof *want);
        wanted += fake[i].count;
    }
    qsort(want, wanted, sizeof *want, by_key);
    unsigned n = run_merge(&merge, got);
    ck_assert_uint_eq(n, wanted);
    ck_assert_mem_eq(got, want, wanted * sizeof *want);
}
END_TEST

START_TEST(test_waits_for_the_smallest)
{
    struct fake a, b;
    uint64_t random = 3;
    fake_make(&a, RY_SOURCE_FEED, &random);
    fake_make(&b, RY_SOURCE_FEED + 1, &random);
    struct ry_exec_merge merge = {.count = 0};
    ry_exec_merge_add(&merge, &a.source);
    ry_exec_merge_add(&merge, &b.source);
    struct ry_exec_key bound;
    a.source.ready = true;
    a.source.key =
        (struct ry_exec_key){.time = 10, .tie = 5, .source_seq = 1, .source = RY_SOURCE_FEED};
    /* b has nothing, and could still have a record of the same T with a smaller tie */
    b.source.ready = false;
    b.source.key =
        (struct ry_exec_key){.time = 10, .tie = 4, .source_seq = 9, .source = RY_SOURCE_FEED + 1};
    ck_assert_ptr_eq(ry_exec_merge_next(&merge, &bound), &b.source);
    ck_assert(ry_exec_key_equal(&bound, &a.source.key));
    /* a greater tie: whatever b has comes later */
    b.source.key.tie = 6;
    ck_assert_ptr_eq(ry_exec_merge_next(&merge, &bound), &a.source);
    ck_assert(ry_exec_key_equal(&bound, &b.source.key));
    /* equal ties: by source, then by sequence */
    b.source.key.tie = 5;
    ck_assert_ptr_eq(ry_exec_merge_next(&merge, &bound), &a.source);
    b.source.key.source = RY_SOURCE_FEED;
    ck_assert_ptr_eq(ry_exec_merge_next(&merge, &bound), &a.source);
    b.source.key.source_seq = 0;
    ck_assert_ptr_eq(ry_exec_merge_next(&merge, &bound), &b.source);
}
END_TEST

/* The tie is part of what a sequence is: these numbers never change. */
START_TEST(test_tie_is_fixed)
{
    ck_assert_uint_eq(ry_exec_key_tie(0, 0, 0), RY_EXEC_TIE_FIRST + 1);
    ck_assert_uint_eq(ry_exec_key_tie(1, INT64_C(1548748800000000000), RY_SOURCE_FEED),
                      UINT64_C(0x868b07c767d2bceb));
    ck_assert_uint_eq(ry_exec_key_tie(1, INT64_C(1548748800000000000), RY_SOURCE_FEED + 1),
                      UINT64_C(0x5178b45a127378a6));
    ck_assert_uint_eq(ry_exec_key_tie(2, INT64_C(1548748800000000001), RY_SOURCE_CONTROL),
                      UINT64_C(0xcef86d357de6813a));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_merge");
    TCase *c = tcase_create("merge");
    tcase_add_loop_test(c, test_merge_is_sort, 0, 200);
    tcase_add_test(c, test_waits_for_the_smallest);
    tcase_add_test(c, test_tie_is_fixed);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
