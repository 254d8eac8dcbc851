/* DBN records to events: fills at their own place, what the C and M after them still say, time,
 * ids. */
#include <stdlib.h>
#include <string.h>

#include "feeds/market/dbn.h"
#include "tests/support/feed_rig.h"

#define ESH4 17077
#define UNIT INT64_C(10000000) /* one price unit (a cent) on the wire */
#define DAY  (86400 * RY_NS_PER_SECOND)

static const char *const symbols[] = {"ESH4", "NQH4"};
static struct ry_battle *battle;
static struct ry_normalise_instruments instruments;
static struct ry_feed_counters *counters;
static struct ry_normalise_dbn normaliser;
static struct ry_input event;
static struct wire w;

static enum ry_normalise_dbn_bound bind(uint32_t wire, const char *symbol)
{
    return ry_normalise_dbn_symbols_bind(&normaliser.symbols, wire, symbol, strlen(symbol), 0, DAY);
}

static void begin_sized(uint32_t orders_max)
{
    battle = kit_battle(symbols, 2, 2);
    battle->orders_max = orders_max;
    battle->warmup_from = 1000;
    counters = calloc(1, sizeof *counters);
    ck_assert_int_eq(ry_normalise_instruments_init(&instruments, battle, 0, RY_WIRE_DBN_DECIMALS),
                     0);
    ck_assert_int_eq(ry_normalise_dbn_init(&normaliser, &instruments, counters, 0), 0);
    ck_assert_int_eq(bind(ESH4, "ESH4"), RY_NORMALISE_DBN_BOUND);
}

static void begin(void)
{
    begin_sized(1000);
}

static void end(void)
{
    kit_counts_add_up(counters);
    ry_normalise_dbn_free(&normaliser);
    ry_normalise_instruments_free(&instruments);
    free(counters);
    free(battle);
}

/* What stands in w. */
static enum ry_normalise_dbn_result take(void)
{
    struct ry_normalise_dbn_record record;
    ry_normalise_dbn_read(&normaliser, w.bytes, w.length, &record);
    return ry_normalise_dbn_take(&normaliser, &record, &event);
}

static bool took(struct dbn_record record)
{
    w.length = 0;
    if (record.instrument_id == 0)
        record.instrument_id = ESH4;
    dbn_mbo(&w, record, 0);
    return take() == RY_NORMALISE_DBN_EVENT;
}

static bool order(char action, char side, uint64_t id, int64_t price, uint32_t size)
{
    return took((struct dbn_record){.action = action,
                                    .side = side,
                                    .order = id,
                                    .price = price * UNIT,
                                    .size = size,
                                    .ts_recv = 2000,
                                    .ts_event = 1900});
}

static void check_event(enum ry_input_kind kind, uint64_t ref, int64_t price, uint32_t qty,
                        unsigned side)
{
    ck_assert_uint_eq(event.head.kind, kind);
    ck_assert_uint_eq(event.head.instrument, 0);
    ck_assert_uint_eq(event.ref, ref);
    ck_assert_int_eq(event.price, price);
    ck_assert_uint_eq(event.qty, qty);
    ck_assert_uint_eq(event.side, side);
    ck_assert_uint_eq(event.ref_new, kind == RY_IN_REPLACE ? ref : 0);
}

START_TEST(test_add_cancel)
{
    begin();
    ck_assert(order('A', 'B', 7, 480025, 10));
    check_event(RY_IN_ADD, 7, 480025, 10, RY_BUY);
    ck_assert(order('C', 'B', 7, 480025, 4));
    check_event(RY_IN_CANCEL, 7, 0, 4, RY_SIDE_NONE);
    ck_assert(order('C', 'B', 7, 480025, 6));
    check_event(RY_IN_CANCEL, 7, 0, 6, RY_SIDE_NONE);
    ck_assert(!order('C', 'B', 7, 480025, 6)); /* it is gone */
    ck_assert_uint_eq(counters->unknown_cancels, 1);
    ck_assert(order('A', 'A', 7, 1, 1));
    ck_assert(!order('A', 'A', 7, 1, 1));
    ck_assert_uint_eq(counters->duplicate_adds, 1);
    ck_assert(order('C', 'A', 7, 1, 5)); /* more than there is */
    check_event(RY_IN_CANCEL, 7, 0, 1, RY_SIDE_NONE);
    ck_assert_uint_eq(counters->cancels_beyond_lots, 4);
    end();
}
END_TEST

START_TEST(test_fill_then_its_cancel)
{
    begin();
    ck_assert(order('A', 'A', 7, 100, 10));
    ck_assert(order('T', 'B', 99, 100, 7));
    check_event(RY_IN_LAST, 0, 100, 7, RY_BUY);
    ck_assert(order('F', 'A', 7, 100, 3));
    check_event(RY_IN_EXEC, 7, 0, 3, RY_SIDE_NONE);
    ck_assert(order('F', 'A', 7, 100, 4)); /* several fills before the C that accounts for them */
    check_event(RY_IN_EXEC, 7, 0, 4, RY_SIDE_NONE);
    ck_assert(!order('C', 'A', 7, 100, 7));
    ck_assert(order('F', 'A', 7, 100, 1));
    ck_assert(order('C', 'A', 7, 100, 3)); /* one lot of it was filled: two are cancelled */
    check_event(RY_IN_CANCEL, 7, 0, 2, RY_SIDE_NONE);
    ck_assert_uint_eq(counters->cancels_short, 0);
    end();
}
END_TEST

START_TEST(test_modify)
{
    begin();
    ck_assert(order('A', 'B', 7, 100, 10));
    ck_assert(order('M', 'B', 7, 100, 8)); /* same price, smaller: keeps its place */
    check_event(RY_IN_CANCEL, 7, 0, 2, RY_SIDE_NONE);
    ck_assert(!order('M', 'B', 7, 100, 8));
    ck_assert(order('M', 'B', 7, 100, 9)); /* larger */
    check_event(RY_IN_REPLACE, 7, 100, 9, RY_SIDE_NONE);
    ck_assert(order('M', 'B', 7, 99, 1)); /* another price */
    check_event(RY_IN_REPLACE, 7, 99, 1, RY_SIDE_NONE);
    ck_assert(order('M', 'B', 7, 99, 0));
    check_event(RY_IN_CANCEL, 7, 0, 1, RY_SIDE_NONE);
    ck_assert(order('M', 'A', 8, 101, 5)); /* never seen: it says all that an add does */
    check_event(RY_IN_ADD, 8, 101, 5, RY_SELL);
    ck_assert_uint_eq(counters->unknown_modifies, 1);
    ck_assert(order('F', 'A', 8, 101, 2)); /* filled in part, then told what is left */
    ck_assert(!order('M', 'A', 8, 101, 3));
    end();
}
END_TEST

START_TEST(test_iceberg)
{
    begin();
    ck_assert(order('A', 'A', 7, 100, 5));
    ck_assert(order('F', 'A', 7, 100, 12)); /* more than it displays */
    check_event(RY_IN_EXEC, 7, 0, 5, RY_SIDE_NONE);
    ck_assert_uint_eq(counters->fills_beyond, 1);
    ck_assert_uint_eq(counters->fills_beyond_lots, 7);
    ck_assert(!order('F', 'A', 7, 100, 1));
    ck_assert_uint_eq(counters->fills_beyond_lots, 8);
    ck_assert(order('M', 'A', 7, 100, 5)); /* its next display stands at the back */
    check_event(RY_IN_ADD, 7, 100, 5, RY_SELL);
    ck_assert_uint_eq(counters->refreshes, 1);
    end();
}
END_TEST

START_TEST(test_own_fill_and_auction)
{
    begin();
    ck_assert(order('A', 'B', 7, 100, 5));
    ck_assert(order('A', 'A', 8, 100, 5));
    ck_assert(order('T', 'B', 7, 100, 2)); /* 7 itself is the aggressor */
    ck_assert(order('F', 'B', 7, 100, 2));
    check_event(RY_IN_CANCEL, 7, 0, 2, RY_SIDE_NONE);
    ck_assert(order('F', 'A', 8, 100, 2));
    check_event(RY_IN_EXEC, 8, 0, 2, RY_SIDE_NONE);
    ck_assert(took((struct dbn_record){.action = 'F',
                                       .side = 'B',
                                       .order = 7,
                                       .price = UNIT,
                                       .size = 1,
                                       .ts_recv = 2000,
                                       .ts_event = 1901})); /* under no trade that we know */
    check_event(RY_IN_EXEC, 7, 0, 1, RY_SIDE_NONE);
    ck_assert_uint_eq(counters->fills_own, 1);
    ck_assert(order('T', 'N', 0, 100, 1));
    check_event(RY_IN_LAST, 0, 100, 1, RY_SIDE_NONE);
    ck_assert(order('F', 'N', 8, 100, 1));
    check_event(RY_IN_AUCTION, 8, 0, 1, RY_SIDE_NONE);
    ck_assert(!order('F', 'N', 9, 100, 1));
    ck_assert_uint_eq(counters->unknown_fills, 1);
    end();
}
END_TEST

START_TEST(test_clear)
{
    begin();
    ck_assert_int_eq(bind(5, "NQH4"), RY_NORMALISE_DBN_BOUND);
    for (uint64_t id = 1; id <= 500; id++) {
        ck_assert(order('A', 'B', id, 100, 5));
        ck_assert(took((struct dbn_record){.action = 'A',
                                           .side = 'B',
                                           .order = id,
                                           .price = UNIT,
                                           .size = 1,
                                           .ts_recv = 2000,
                                           .instrument_id = 5}));
    }
    ck_assert(!order('A', 'B', 501, 100, 5)); /* orders_max is 1000 */
    ck_assert_uint_eq(counters->orders_full, 1);
    ck_assert(
        took((struct dbn_record){.action = 'R', .side = 'N', .price = INT64_MAX, .ts_recv = 2000}));
    check_event(RY_IN_CLEAR, 0, 0, 0, RY_SIDE_NONE);
    for (uint64_t id = 1; id <= 500; id++) {
        ck_assert(!order('C', 'B', id, 100, 5));
        ck_assert(took((struct dbn_record){.action = 'C',
                                           .side = 'B',
                                           .order = id,
                                           .price = UNIT,
                                           .size = 1,
                                           .ts_recv = 2000,
                                           .instrument_id = 5}));
    }
    ck_assert_uint_eq(normaliser.orders.count, 0);
    end();
}
END_TEST

START_TEST(test_time_and_snapshot)
{
    begin();
    ck_assert(took((struct dbn_record){.action = 'A',
                                       .side = 'B',
                                       .order = 1,
                                       .price = UNIT,
                                       .size = 1,
                                       .ts_recv = 9000,
                                       .flags = RY_WIRE_DBN_FLAG_SNAPSHOT}));
    ck_assert_int_eq(event.head.time, 1000); /* warmup_from: a snapshot moves no clock */
    ck_assert_uint_eq(event.head.flags, RY_INF_SNAPSHOT);
    static const struct {
        uint64_t ts_recv;
        int64_t time;
        unsigned fell;
    } times[] = {
        {500, 1000, 0}, {2000, 2000, 0}, {1500, 2000, 1}, {2000, 2000, 1}, {2001, 2001, 1}};
    for (unsigned i = 0; i < sizeof times / sizeof times[0]; i++) {
        ck_assert(took((struct dbn_record){.action = 'A',
                                           .side = 'B',
                                           .order = 10 + i,
                                           .price = UNIT,
                                           .size = 1,
                                           .ts_recv = times[i].ts_recv}));
        ck_assert_int_eq(event.head.time, times[i].time);
        ck_assert_uint_eq(counters->time_fell, times[i].fell);
        ck_assert_uint_eq(event.head.flags, 0);
    }
    end();
}
END_TEST

START_TEST(test_values)
{
    begin();
    ck_assert(!took((struct dbn_record){
        .action = 'A', .side = 'B', .order = 1, .price = INT64_MAX, .size = 1}));
    ck_assert(!took(
        (struct dbn_record){.action = 'A', .side = 'B', .order = 1, .price = UNIT + 1, .size = 1}));
    ck_assert(!took((struct dbn_record){
        .action = 'A', .side = 'B', .order = 1, .price = UNIT * 2000000001, .size = 1}));
    ck_assert_uint_eq(counters->dropped_price, 2); /* too fine is told by itself: another remedy */
    ck_assert(normaliser.too_fine.found);
    ck_assert(!order('A', 'B', 1, 1, 0));
    ck_assert(!order('A', 'B', 1, 1, UINT32_MAX));
    ck_assert_uint_eq(counters->dropped_quantity, 2);
    ck_assert(order('A', 'B', 1, -2000000000, 1)); /* spreads have negative prices */
    check_event(RY_IN_ADD, 1, -2000000000, 1, RY_BUY);
    ck_assert(!took((struct dbn_record){
        .action = 'A', .side = 'B', .order = 1, .price = UNIT, .size = 1, .instrument_id = 3}));
    ck_assert_uint_eq(counters->dropped_instrument, 1);
    ck_assert(!order('N', 'N', 1, 1, 1));
    ck_assert_uint_eq(counters->dbn_none, 1);
    end();
}
END_TEST

/* Against a plain table: same answers for random inserts, removals and look-ups. */
START_TEST(test_order_map)
{
    enum { IDS = 300 };
    struct ry_normalise_order_map map;
    bool there[IDS] = {0};
    uint64_t seed = 1, count = 0;
    ck_assert_int_eq(ry_normalise_order_map_init(&map, 3, 200), 0);
    for (unsigned i = 0; i < 200000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const uint64_t id = (seed >> 33) % IDS;
        const uint16_t instrument = (uint16_t)(id % 3);
        struct ry_normalise_order *found = ry_normalise_order_map_find(&map, instrument, id);
        ck_assert(there[id] == (found != NULL));
        if (found != NULL) {
            ck_assert_uint_eq(found->rec, (uint32_t)id + 7);
            ry_normalise_order_map_remove(&map, found);
            count--;
            there[id] = false;
        } else if ((found = ry_normalise_order_map_insert(&map, instrument, id)) != NULL) {
            found->rec = (uint32_t)id + 7;
            count++;
            there[id] = true;
        } else {
            ck_assert_uint_eq(count, 200);
        }
        ck_assert_uint_eq(map.count, count);
    }
    uint64_t ones = 0;
    for (uint64_t id = 1; id < IDS; id += 3)
        ones += there[id];
    ck_assert_uint_eq(ry_normalise_order_map_clear(&map, 1), ones);
    ck_assert_uint_eq(map.count, count - ones);
    for (uint64_t id = 0; id < IDS; id++)
        ck_assert((ry_normalise_order_map_find(&map, (uint16_t)(id % 3), id) != NULL) ==
                  (there[id] && id % 3 != 1));
    ry_normalise_order_map_free(&map);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("market_dbn");
    TCase *tcase = tcase_create("events");
    tcase_add_test(tcase, test_add_cancel);
    tcase_add_test(tcase, test_fill_then_its_cancel);
    tcase_add_test(tcase, test_modify);
    tcase_add_test(tcase, test_iceberg);
    tcase_add_test(tcase, test_own_fill_and_auction);
    tcase_add_test(tcase, test_clear);
    tcase_add_test(tcase, test_time_and_snapshot);
    tcase_add_test(tcase, test_values);
    tcase_add_test(tcase, test_order_map);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
