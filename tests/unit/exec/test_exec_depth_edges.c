/* LEVELS and TOPs by hand: who is told what, what is told to nobody, and the longest answers. */
#include <stdlib.h>
#include <string.h>

#include "core/exec/depth.h"
#include "shm/records/longest.h"
#include "tests/support/arena_rig.h"
#include "tests/support/depth_rig.h"

#define ORDERS_MAX 300

struct battle {
    struct ry_test_arena arena;
    struct ry_exec_depth depth;
    void *memory;
};

static struct battle open_battle(const struct ry_input_battle *input)
{
    struct battle b = {.arena = ry_test_arena_open(input)};
    b.memory = ry_test_depth_start(&b.depth, b.arena.arena, input);
    return b;
}

static void close_battle(struct battle *b)
{
    ry_test_arena_close(&b->arena);
    free(b->memory);
}

struct kept {
    struct ry_told_level level[ORDERS_MAX];
    uint64_t agents[ORDERS_MAX];
    unsigned count;
};

static void keep(void *context, const struct ry_told_level *level, uint64_t agents)
{
    struct kept *kept = context;
    ck_assert_uint_lt(kept->count, ORDERS_MAX);
    kept->level[kept->count] = *level;
    kept->agents[kept->count++] = agents;
}

static void want(const struct kept *kept, unsigned at, int64_t price, uint64_t qty, unsigned agents)
{
    ck_assert_uint_lt(at, kept->count);
    ck_assert_int_eq(kept->level[at].price, price);
    ck_assert_uint_eq(kept->level[at].qty, qty);
    ck_assert_uint_eq(kept->agents[at], agents);
}

static struct battle open_one(void)
{
    const struct ry_input_battle input = ry_test_arena_battle(ORDERS_MAX, 1, 1);
    struct battle b = open_battle(&input);
    ry_test_arena_configure(&b.arena, &input, 1);
    ry_test_arena_start(&b.arena);
    return b;
}

static void pass_on(struct battle *b)
{
    for (unsigned i = 0; i < b->arena.kept->markets; i++)
        if (b->arena.kept->market[i].kind == RY_MK_CHANGE)
            ry_exec_depth_change(&b->depth, &b->arena.kept->market[i]);
}

static void add(struct battle *b, uint64_t ref, int64_t price, uint32_t qty)
{
    ry_test_arena_add(&b->arena, ref, RY_BUY, price, qty);
    pass_on(b);
}

/* The example of core/exec/depth.h. */
START_TEST(two_depths)
{
    struct battle b = open_one();
    struct kept kept = {.count = 0};
    for (uint64_t ref = 1; ref <= 3; ref++)
        add(&b, ref, 11 - (int64_t)ref, 5);
    ck_assert(!ry_exec_depth_wanted(&b.depth, 0));
    ry_exec_depth_interest(&b.depth, 0, 0, RY_INTEREST_TOP(2) | RY_INTEREST_WAKE_BOOK);
    ry_exec_depth_interest(&b.depth, 1, 0, RY_INTEREST_TOP(3));
    ck_assert(ry_exec_depth_wanted(&b.depth, 0));
    add(&b, 4, 7, 5);
    ck_assert(!ry_exec_depth_open(&b.depth)); /* behind all that anybody asked for */
    add(&b, 5, 11, 7);
    ck_assert(ry_exec_depth_open(&b.depth));
    ry_test_arena_event(&b.arena,
                        (struct ry_input){.head = {.kind = RY_IN_CANCEL}, .ref = 2, .qty = 1});
    pass_on(&b);
    ck_assert_uint_eq(ry_exec_depth_group(&b.depth, 1, 300, keep, &kept), 0);
    ck_assert_uint_eq(kept.count, 0);
    ck_assert_uint_eq(ry_exec_depth_close(&b.depth, 300, keep, &kept), 1);
    ck_assert_uint_eq(kept.count, 4);
    want(&kept, 0, 9, 0, 1);
    want(&kept, 1, 8, 0, 2);
    want(&kept, 2, 11, 7, 3);
    want(&kept, 3, 9, 4, 2);
    kept.count = 0;
    add(&b, 6, 9, 1);
    ck_assert_uint_eq(ry_exec_depth_close(&b.depth, 301, keep, &kept), 0); /* agent 0 sees 11, 10 */
    ck_assert_uint_eq(kept.count, 1);
    want(&kept, 0, 9, 5, 2);
    ck_assert_uint_eq(kept.level[0].orders, 2);
    close_battle(&b);
}
END_TEST

/* As many lots, of more orders. */
START_TEST(orders_alone)
{
    struct battle b = open_one();
    struct kept kept = {.count = 0};
    add(&b, 1, 10, 5);
    ry_exec_depth_interest(&b.depth, 0, 0, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK);
    ry_test_arena_event(&b.arena,
                        (struct ry_input){.head = {.kind = RY_IN_CANCEL}, .ref = 1, .qty = 2});
    pass_on(&b);
    add(&b, 2, 10, 2);
    ck_assert_uint_eq(ry_exec_depth_close(&b.depth, 300, keep, &kept), 1);
    ck_assert_uint_eq(kept.count, 1);
    want(&kept, 0, 10, 5, 1);
    ck_assert_uint_eq(kept.level[0].orders, 2);
    close_battle(&b);
}
END_TEST

/* What comes and goes within one T is told to nobody, and wakes nobody. */
START_TEST(come_and_gone)
{
    struct battle b = open_one();
    struct kept kept = {.count = 0};
    ry_exec_depth_interest(&b.depth, 5, 0, RY_INTEREST_TOP(3) | RY_INTEREST_WAKE_BOOK);
    add(&b, 1, 10, 5);
    ry_test_arena_event(
        &b.arena, (struct ry_input){.head = {.kind = RY_IN_CANCEL, .flags = RY_INF_ALL}, .ref = 1});
    pass_on(&b);
    ck_assert(ry_exec_depth_open(&b.depth));
    ck_assert_uint_eq(ry_exec_depth_close(&b.depth, 300, keep, &kept), 0);
    ck_assert_uint_eq(kept.count, 0);
    close_battle(&b);
}
END_TEST

/* Who is out, or asks for something else, leaves nothing behind; others are told as before. */
START_TEST(nobody_left)
{
    struct battle b = open_one();
    struct kept kept = {.count = 0};
    ry_exec_depth_interest(&b.depth, 63, 0, RY_INTEREST_TOP(20) | RY_INTEREST_WAKE_BOOK);
    ry_exec_depth_interest(&b.depth, 62, 0, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK);
    add(&b, 1, 10, 5);
    ry_exec_depth_forget(&b.depth, 63); /* before that T is closed */
    ck_assert(ry_exec_depth_close(&b.depth, 300, keep, &kept) == UINT64_C(1) << 62);
    ck_assert(kept.count == 1 && kept.agents[0] == UINT64_C(1) << 62);
    add(&b, 2, 9, 5);
    ck_assert(!ry_exec_depth_open(&b.depth));
    ry_exec_depth_interest(&b.depth, 62, 0, RY_INTEREST_ALL);
    ck_assert(!ry_exec_depth_wanted(&b.depth, 0));
    add(&b, 3, 11, 5);
    ck_assert(!ry_exec_depth_open(&b.depth));
    ry_exec_depth_interest(&b.depth, 62, 0, RY_INTEREST_LEVELS | RY_INTEREST_WAKE_BOOK);
    kept.count = 0;
    add(&b, 4, 11, 5);
    ck_assert(!ry_exec_depth_open(&b.depth));
    ck_assert(ry_exec_depth_group(&b.depth, 4, 301, keep, &kept) == UINT64_C(1) << 62);
    ck_assert(kept.count == 1 && kept.level[0].qty == 10 && kept.level[0].orders == 2);
    close_battle(&b);
}
END_TEST

static void fill(struct battle *b, int64_t shift)
{
    for (int64_t i = 0; i < (int64_t)RY_TOP_MAX; i++)
        for (unsigned side = RY_BUY; side <= RY_SELL; side++) {
            const int64_t price = side == RY_BUY ? 500 - 2 * i : 600 + 2 * i;
            ry_test_arena_add(&b->arena, (uint64_t)(2 * i) + side, (uint8_t)side, price + shift, 1);
            pass_on(b);
        }
}

/* The longest close: another book altogether. */
START_TEST(longest_close)
{
    struct battle b = open_one();
    struct kept kept = {.count = 0};
    fill(&b, 0);
    ry_exec_depth_interest(&b.depth, 0, 0, RY_INTEREST_TOP(RY_TOP_MAX));
    ry_exec_depth_interest(&b.depth, 1, 0, RY_INTEREST_TOP(1));
    ry_test_arena_event(&b.arena, (struct ry_input){.head = {.kind = RY_IN_CLEAR}});
    pass_on(&b);
    fill(&b, 1);
    ry_exec_depth_close(&b.depth, 300, keep, &kept);
    ck_assert_uint_eq(kept.count, ry_exec_depth_close_max(1));
    close_battle(&b);
}
END_TEST

struct rising {
    uint64_t last;
    size_t count;
};

static void rises(void *context, const struct ry_told_level *level, uint64_t agents)
{
    struct rising *rising = context;
    const int64_t key = level->side == RY_BUY ? -level->price : level->price;
    const uint64_t now = (uint64_t)level->instrument << 40 | (uint64_t)level->side << 36 |
                         (uint64_t)(key + (1 << 30));
    if (agents != 1 || now <= rising->last)
        ck_abort_msg("levels out of order");
    rising->last = now;
    rising->count++;
}

/* One input that touches as many levels as it can make records, in no order, many more than once.
 */
START_TEST(longest_group)
{
    enum { PRICES = 20000, MANY = 200000 };
    struct ry_input_battle input = ry_test_arena_battle(MANY / 2, 2, 1);
    struct battle b = open_battle(&input);
    ry_test_arena_configure(&b.arena, &input, 1);
    static bool seen[2][2][PRICES];
    size_t places = 0;
    const size_t longest = ry_longest_market(MANY / 2, 2, 1);
    struct rising rising = {0};
    struct ry_test_rng rng = {7};
    ry_exec_depth_interest(&b.depth, 0, 0, RY_INTEREST_LEVELS);
    ry_exec_depth_interest(&b.depth, 0, 1, RY_INTEREST_LEVELS);
    for (size_t i = 0; i < longest; i++) {
        struct ry_market change = {.kind = RY_MK_CHANGE,
                                   .instrument = (uint16_t)ry_test_rng_below(&rng, 2),
                                   .side = (uint8_t)(RY_BUY + ry_test_rng_below(&rng, 2))};
        const uint32_t at = ry_test_rng_below(&rng, PRICES);
        change.price = (int64_t)at - PRICES / 2;
        places += !seen[change.instrument][change.side - 1][at];
        seen[change.instrument][change.side - 1][at] = true;
        ry_exec_depth_change(&b.depth, &change);
    }
    ry_exec_depth_group(&b.depth, 1, 0, rises, &rising);
    ck_assert_uint_gt(places, 70000);
    ck_assert_uint_eq(rising.count, places);
    close_battle(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_depth_edges");
    TCase *c = tcase_create("depth");
    tcase_add_test(c, two_depths);
    tcase_add_test(c, orders_alone);
    tcase_add_test(c, come_and_gone);
    tcase_add_test(c, nobody_left);
    tcase_add_test(c, longest_close);
    tcase_add_test(c, longest_group);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
