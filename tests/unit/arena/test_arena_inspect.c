/* Looking in, against a plain walk over every order: the walk in portions, single levels, and the
 * first levels that show anything. */
#include <string.h>

#include "core/arena/machine.h"
#include "tests/support/arena_flow.h"

#define ORDERS_MAX  300
#define INSTRUMENTS 3
#define TOP         7

/* What a walk over one side found. */
struct seen {
    struct ry_arena_book_order order[ORDERS_MAX];
    unsigned count;
};

static bool see(void *context, const struct ry_arena_book_order *order)
{
    struct seen *seen = context;
    ck_assert_uint_lt(seen->count, ORDERS_MAX);
    seen->order[seen->count++] = *order;
    return true;
}

/* How often the flow made what these tests are about. */
static struct {
    unsigned hidden, empty, emptied_front, deep;
} met;

/* The levels of a side from its orders, in their order. */
static unsigned levels_of(const struct seen *seen, struct ry_arena_depth *level)
{
    unsigned count = 0;
    for (unsigned i = 0; i < seen->count; i++) {
        const struct ry_arena_book_order *order = &seen->order[i];
        if (!count || level[count - 1].price != order->price)
            level[count++] = (struct ry_arena_depth){.price = order->price};
        level[count - 1].open += order->open;
        level[count - 1].rec += order->rec;
        level[count - 1].orders++;
        level[count - 1].shown += order->open != 0;
    }
    return count;
}

static void same(const struct ry_arena_depth *is, const struct ry_arena_depth *want)
{
    ck_assert_int_eq(is->price, want->price);
    ck_assert_uint_eq(is->open, want->open);
    ck_assert_uint_eq(is->rec, want->rec);
    ck_assert_uint_eq(is->orders, want->orders);
    ck_assert_uint_eq(is->shown, want->shown);
}

static void look_at_side(const struct ry_arena *a, uint16_t instrument, enum ry_side side,
                         const struct seen *seen)
{
    static struct ry_arena_depth level[ORDERS_MAX], showing[ORDERS_MAX];
    struct ry_arena_depth is, top[TOP];
    unsigned count = levels_of(seen, level), shown = 0;
    for (unsigned i = 0; i < count; i++) {
        ck_assert(ry_arena_level(a, instrument, side, level[i].price, &is));
        same(&is, &level[i]);
        met.hidden += level[i].shown && level[i].shown != level[i].orders;
        met.empty += !level[i].shown;
        met.emptied_front += i == 0 && !level[i].shown;
        if (level[i].open)
            showing[shown++] = level[i];
    }
    met.deep += shown > TOP;
    unsigned tops = ry_arena_top(a, instrument, side, top, TOP);
    ck_assert_uint_eq(tops, shown < TOP ? shown : TOP);
    for (unsigned i = 0; i < tops; i++)
        same(&top[i], &showing[i]);
}

/* One order at a time, each time with a copy of the cursor, as who comes back later has one. */
static void look(const struct ry_arena *a)
{
    struct ry_arena_cursor cursor = {0};
    struct ry_arena_book_order order;
    for (uint16_t id = 0; id < INSTRUMENTS; id++)
        for (unsigned side = RY_BUY; side <= RY_SELL; side++) {
            static struct seen seen;
            seen.count = 0;
            ry_arena_walk(a, id, (enum ry_side)side, see, &seen);
            look_at_side(a, id, (enum ry_side)side, &seen);
            struct ry_arena_cursor here = {.instrument = id};
            for (unsigned i = 0; i < seen.count; i++) {
                if (!seen.order[i].open)
                    continue;
                struct ry_arena_cursor later = cursor;
                ck_assert(ry_arena_next_order(a, &later, &order));
                ck_assert_mem_eq(&order, &seen.order[i], sizeof order);
                cursor = later;
                if (side == RY_BUY) {
                    ck_assert(ry_arena_next_order(a, &here, &order));
                    ck_assert_mem_eq(&order, &seen.order[i], sizeof order);
                }
            }
        }
    ck_assert(!ry_arena_next_order(a, &cursor, &order));
    ck_assert(!ry_arena_next_order(a, &cursor, &order));
}

static void run(uint64_t seed, uint32_t prices)
{
    struct ry_input_battle battle = ry_test_arena_battle(ORDERS_MAX, INSTRUMENTS, 4);
    struct ry_test_arena b = ry_test_arena_open(&battle);
    ry_test_arena_configure(&b, &battle, 100);
    struct ry_test_flow flow = {.rng = {seed},
                                .refs = 250,
                                .prices = prices,
                                .instruments = INSTRUMENTS,
                                .agents = 4,
                                .tick = 100};
    for (int64_t i = 0; i < 12000; i++) {
        union ry_input_any input = ry_test_flow_next(&flow, i);
        ry_test_arena_put(&b, &input);
        if (i % 19 == 0)
            look(b.arena);
    }
    ry_test_arena_close(&b);
}

START_TEST(like_a_walk)
{
    for (uint64_t seed = 1; seed <= 4; seed++)
        run(seed, seed % 2 ? 12 : 6000);
    ck_assert_uint_gt(met.hidden, 1000);
    ck_assert_uint_gt(met.empty, 1000);
    ck_assert_uint_gt(met.emptied_front, 100);
    ck_assert_uint_gt(met.deep, 1000);
}
END_TEST

START_TEST(nothing_there)
{
    struct ry_input_battle battle = ry_test_arena_battle(10, 1, 1);
    struct ry_test_arena b = ry_test_arena_open(&battle);
    struct ry_arena_cursor cursor = {0};
    struct ry_arena_book_order order;
    struct ry_arena_depth level = {.orders = 9};
    ck_assert(!ry_arena_next_order(b.arena, &cursor, &order));
    ck_assert(!ry_arena_level(b.arena, 0, RY_BUY, 500, &level));
    ck_assert_uint_eq(ry_arena_top(b.arena, 0, RY_BUY, &level, 1), 0);
    ry_test_arena_configure(&b, &battle, 100);
    ry_test_arena_start(&b);
    ck_assert(!ry_arena_next_order(b.arena, &cursor, &order));
    ry_test_arena_add(&b, 1, RY_BUY, 500, 3);
    const int64_t price[] = {400, 501, -500, 500 + (INT64_C(1) << 32), RY_PRICE_ABS_MAX + 1};
    for (size_t i = 0; i < sizeof price / sizeof price[0]; i++) {
        level.orders = 9;
        ck_assert(!ry_arena_level(b.arena, 0, RY_BUY, price[i], &level));
        ck_assert(level.price == price[i] && !level.orders && !level.open && !level.shown);
    }
    ck_assert(!ry_arena_level(b.arena, 0, RY_SELL, 500, &level));
    ck_assert(!ry_arena_level(b.arena, 0, RY_SIDE_NONE, 500, &level));
    ck_assert(!ry_arena_level(b.arena, 1, RY_BUY, 500, &level));
    ck_assert(ry_arena_level(b.arena, 0, RY_BUY, 500, &level) && level.shown == 1);
    ck_assert_uint_eq(ry_arena_top(b.arena, 0, RY_BUY, &level, 0), 0);
    ck_assert_uint_eq(ry_arena_top(b.arena, 1, RY_BUY, &level, 1), 0);
    ry_test_arena_end(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_inspect");
    TCase *c = tcase_create("inspect");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, like_a_walk);
    tcase_add_test(c, nothing_there);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
