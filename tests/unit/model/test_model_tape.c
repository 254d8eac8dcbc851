/*
 * Both machines where no day comes: beyond RY_TRADES_KEPT recorded trades (TRADED-3 of
 * docs/MATCHING.md), which are remembered and which are forgotten when one is broken.
 */
#include <stdlib.h>

#include "tests/model/compare.h"
#include "tests/support/test.h"

#define INSTRUMENTS 3
#define KEPT        ((uint64_t)RY_TRADES_KEPT)

/* --- The rig: both machines, three instruments, one agent, trading. --- */

static void put(struct ry_compare *compare, union ry_input_any input)
{
    input.head.slots = input.head.slots == 0 ? 1 : input.head.slots;
    if (!ry_model_compare_apply(compare, &input))
        ck_abort_msg("%s", ry_model_compare_error(compare));
}

static void look(struct ry_compare *compare)
{
    if (!ry_model_compare_look(compare))
        ck_abort_msg("%s", ry_model_compare_error(compare));
}

static struct ry_compare *open_both(void)
{
    const union ry_input_any battle = {.battle = {.head = {.kind = RY_IN_BATTLE, .slots = 3},
                                                  .trade_to = RY_TIME_NEVER,
                                                  .orders_max = 16,
                                                  .instruments = INSTRUMENTS,
                                                  .agents = 1}};
    struct ry_compare *compare = ry_model_compare_create(&battle.battle);
    ck_assert_ptr_nonnull(compare);
    put(compare, battle);
    for (uint16_t i = 0; i < INSTRUMENTS; i++)
        put(compare,
            (union ry_input_any){
                .instrument = {.head = {.kind = RY_IN_INSTRUMENT, .slots = 3, .instrument = i},
                               .tick_size = 1,
                               .money_per_unit = 1}});
    put(compare, (union ry_input_any){
                     .agent = {.head = {.kind = RY_IN_AGENT, .slots = 2, .source = RY_SOURCE_AGENT},
                               .cash = 1000000,
                               .notional_max = INT64_MAX,
                               .position_max = INT64_MAX,
                               .quantity_max = UINT32_MAX,
                               .open_orders_max = 16,
                               .rate_max = UINT32_MAX,
                               .collar_ppm = 100000,
                               .loss_max = INT64_MAX}});
    put(compare, (union ry_input_any){.event = {.head = {.kind = RY_IN_TIME}}});
    return compare;
}

static void event(struct ry_compare *compare, enum ry_input_kind kind, uint16_t instrument,
                  uint64_t ref, int64_t price)
{
    put(compare,
        (union ry_input_any){.event = {.head = {.kind = (uint8_t)kind, .instrument = instrument},
                                       .ref = ref,
                                       .price = price,
                                       .qty = kind == RY_IN_BROKEN ? 0 : 2}});
}

/* So many trades of instrument 1, without a number; or some bear one, and are broken at once. */
static void others(struct ry_compare *compare, uint64_t count, bool break_some)
{
    for (uint64_t i = 0; i < count; i++) {
        const bool breaks = break_some && i % 64 == 0;
        event(compare, RY_IN_LAST, 1, breaks ? 1000 + i : 0, 10);
        if (breaks)
            event(compare, RY_IN_BROKEN, 1, 1000 + i, 0);
    }
}

static uint64_t unknown(const struct ry_compare *compare)
{
    return ry_model_counters(ry_model_compare_model(compare))->unknown_broken;
}

/* Instrument 0: its volume, and its last price or none. */
static void want(struct ry_compare *compare, uint64_t volume, bool has_last, int64_t last)
{
    const struct ry_model *model = ry_model_compare_model(compare);
    int64_t price = 0;
    look(compare);
    ck_assert_uint_eq(ry_model_volume(model, 0), volume);
    ck_assert_int_eq(ry_model_last_price(model, 0, &price), has_last);
    if (has_last)
        ck_assert_int_eq(price, last);
}

/* --- Which trades are remembered. --- */

/* The oldest trade that is remembered, and the newest that is forgotten. */
START_TEST(just_inside_and_just_outside)
{
    const bool break_some = _i % 2 == 1; /* broken ones are among those that are remembered */
    const bool inside = _i < 2;
    struct ry_compare *compare = open_both();
    event(compare, RY_IN_LAST, 0, 7, 100);
    others(compare, inside ? KEPT - 1 : KEPT, break_some);
    want(compare, 2, true, 100);
    event(compare, RY_IN_BROKEN, 0, 7, 0);
    ck_assert_uint_eq(unknown(compare), inside ? 0 : 1);
    want(compare, inside ? 0 : 2, !inside, 100);
    ry_model_compare_destroy(compare);
}
END_TEST

/* The last trade is broken, the one before it is just remembered, or just forgotten: what is
 * forgotten stays in the volume, and is never the last again. */
START_TEST(the_one_before_the_last)
{
    const bool inside = _i == 0;
    struct ry_compare *compare = open_both();
    event(compare, RY_IN_PRINT, 0, 6, 90);
    event(compare, RY_IN_PRINT, 0, 7, 100);
    others(compare, inside ? KEPT - 2 : KEPT - 1, false);
    event(compare, RY_IN_PRINT, 0, 8, 500);
    want(compare, 6, true, 500);
    event(compare, RY_IN_BROKEN, 0, 6, 0);
    ck_assert_uint_eq(unknown(compare), 1);
    event(compare, RY_IN_BROKEN, 0, 8, 0);
    ck_assert_uint_eq(unknown(compare), 1);
    want(compare, 4, inside, 100);
    event(compare, RY_IN_BROKEN, 0, 7, 0);
    ck_assert_uint_eq(unknown(compare), inside ? 1 : 2);
    want(compare, inside ? 2 : 4, false, 0);
    ry_model_compare_destroy(compare);
}
END_TEST

/* A last trade that is forgotten stays the last, and the collar hangs on it; the next one is taken
 * back to none. */
START_TEST(the_last_is_forgotten)
{
    struct ry_compare *compare = open_both();
    const struct ry_arena_counters *counters = ry_model_counters(ry_model_compare_model(compare));
    event(compare, RY_IN_LAST, 0, 7, 100);
    others(compare, 2 * KEPT, false);
    event(compare, RY_IN_BROKEN, 0, 7, 0);
    want(compare, 2, true, 100);
    union ry_input_any order = {.event = {.head = {.kind = RY_IN_ORDER, .source = RY_SOURCE_AGENT},
                                          .ref = 1,
                                          .price = 95,
                                          .qty = 1,
                                          .side = RY_BUY}};
    put(compare, order);
    ck_assert_uint_eq(counters->rejects, 0);
    event(compare, RY_IN_LAST, 0, 8, 100);
    event(compare, RY_IN_BROKEN, 0, 8, 0);
    want(compare, 2, false, 0);
    order.event.ref = 2;
    put(compare, order);
    ck_assert_uint_eq(counters->rejects, 1);
    ry_model_compare_destroy(compare);
}
END_TEST

/* --- Many trades, broken around the edge of what is remembered. --- */

#define TRADES (3 * KEPT)
#define EDGE   4 /* trades to both sides of it */

struct trade {
    uint16_t instrument;
    bool numbered, broken;
};

static uint64_t random_below(uint64_t *state, uint64_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % n;
}

/* Breaks the trade `back` before the newest, which is number `newest`; true if it was known. */
static bool break_one(struct ry_compare *compare, struct trade *trade, uint64_t newest,
                      uint64_t back)
{
    const uint64_t at = newest - back;
    const uint64_t before = unknown(compare);
    const bool stands = back < KEPT && trade[at].numbered && !trade[at].broken;
    event(compare, RY_IN_BROKEN, trade[at].instrument, 1 + at, 0);
    look(compare);
    ck_assert_uint_eq(unknown(compare) - before, stands ? 0 : 1);
    trade[at].broken |= stands;
    return stands;
}

START_TEST(around_the_edge)
{
    struct ry_compare *compare = open_both();
    struct trade *trade = calloc(TRADES, sizeof *trade);
    uint64_t state = 5, known = 0, forgotten = 0;
    ck_assert_ptr_nonnull(trade);
    for (uint64_t i = 0; i < TRADES; i++) {
        trade[i].instrument = random_below(&state, 50000) == 0 ? 2 : (uint16_t)(i / 7 % 2);
        trade[i].numbered = random_below(&state, 20) > 0;
        event(compare, random_below(&state, 2) == 0 ? RY_IN_LAST : RY_IN_PRINT, trade[i].instrument,
              trade[i].numbered ? 1 + i : 0, 50 + (int64_t)random_below(&state, 100));
        if (i < KEPT + EDGE || random_below(&state, 100) > 0)
            continue;
        if (break_one(compare, trade, i, KEPT - EDGE + random_below(&state, 2 * EDGE)))
            known++;
        else
            forgotten++;
        for (uint64_t more = random_below(&state, 4); more > 0; more--)
            break_one(compare, trade, i, random_below(&state, 12));
    }
    ck_assert_uint_gt(known, 300);
    ck_assert_uint_gt(forgotten, 300);
    free(trade);
    ry_model_compare_destroy(compare);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("model_tape");
    TCase *c = tcase_create("tape");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, just_inside_and_just_outside, 0, 4);
    tcase_add_loop_test(c, the_one_before_the_last, 0, 2);
    tcase_add_test(c, the_last_is_forgotten);
    tcase_add_test(c, around_the_edge);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
