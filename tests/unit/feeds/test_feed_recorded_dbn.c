/*
 * The DBN normaliser against real records: the machine fed with its events must hold, at every
 * checkpoint and at the end, the book that independent decoders made (EXPECTED.json beside the
 * data).
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/expected.h"
#include "tests/support/feed_rig.h"

#define LEVELS 5
#define SCALE  2 /* cents; the wire has 1e-9 */

/* What EXPECTED.json does not say, because its book is reduced by C and M alone. The two ES hours
 * have fills of 7 orders that are not in the snapshot, 107 of the aggressor itself, and icebergs.
 */
struct sample {
    const char *folder, *file, *symbol;
    uint64_t unknown_fills, fills_own, fills_beyond_lots, refreshes;
};

static const struct sample samples[] = {
    {"cme-ES-20231225-mbo-dbn", "esh4-glbx-mdp3-20231225.mbo.dbn.zst", "ESH4", 7, 107, 197, 83},
    {"cme-ES-20231224-mbo-dbn-small", "esh4-glbx-mdp3-20231224.mbo.dbn.zst", "ESH4", 0, 0, 0, 0},
    {"cme-ES-20231224-mbo-dbn-small",
     "orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst", "ESM4", 0, 0, 0, 0},
};

static void check_side(const struct kit_machine *machine, enum ry_side side, const json_t *expected)
{
    struct ry_arena_depth level[LEVELS];
    ck_assert_uint_eq(json_array_size(expected), LEVELS);
    ck_assert_uint_eq(ry_arena_levels(machine->arena, 0, side, level, LEVELS), LEVELS);
    for (unsigned i = 0; i < LEVELS; i++) {
        const json_t *pair = json_array_get(expected, i); /* [price, lots] */
        ck_assert_int_eq(level[i].price,
                         (int64_t)(json_number_value(json_array_get(pair, 0)) * 100.0));
        ck_assert_uint_eq(level[i].rec, (uint64_t)json_number_value(json_array_get(pair, 1)));
        ck_assert_uint_eq(level[i].open, level[i].rec);
    }
}

static void check_book(const struct kit_machine *machine, const json_t *bid, const json_t *ask,
                       uint64_t live)
{
    struct ry_arena_market state;
    ry_arena_instrument(machine->arena, 0, &state);
    ck_assert_uint_eq(state.live_orders, live);
    check_side(machine, RY_BUY, bid);
    check_side(machine, RY_SELL, ask);
}

/* Events until so many records have been read. */
static void run_to(struct ry_feed_handler *handler, struct kit_machine *machine, uint64_t records)
{
    struct ry_input event;
    while (handler->counters.messages < records) {
        const enum ry_feed_handler_result result = ry_feed_handler_next(handler, &event);
        ck_assert_int_ge(result, RY_FEED_HANDLER_QUIET);
        if (result == RY_FEED_HANDLER_EVENT)
            kit_event(machine, &event);
    }
}

static void check_counters(const struct ry_feed_counters *c, const struct sample *sample,
                           const json_t *expected)
{
    const json_t *actions = json_object_get(expected, "actions");
    ck_assert_uint_eq(c->messages, ry_test_expected_u64(expected, "records"));
    ck_assert_uint_eq(c->dbn_add, ry_test_expected_u64(actions, "A"));
    ck_assert_uint_eq(c->dbn_cancel, ry_test_expected_u64(actions, "C"));
    ck_assert_uint_eq(c->dbn_modify, ry_test_expected_u64(actions, "M"));
    ck_assert_uint_eq(c->dbn_clear, ry_test_expected_u64(actions, "R"));
    ck_assert_uint_eq(c->dbn_trade, ry_test_expected_u64(actions, "T"));
    ck_assert_uint_eq(c->dbn_fill, ry_test_expected_u64(actions, "F"));
    ck_assert_uint_eq(c->unknown_fills, sample->unknown_fills);
    ck_assert_uint_eq(c->fills_own, sample->fills_own);
    ck_assert_uint_eq(c->fills_beyond_lots, sample->fills_beyond_lots);
    ck_assert_uint_eq(c->refreshes, sample->refreshes);
    ck_assert_uint_eq(c->unknown_cancels + c->unknown_modifies + c->duplicate_adds + c->time_fell +
                          c->dropped_price + c->dropped_quantity + c->dropped_instrument +
                          c->cancels_short + c->cancels_beyond_lots + c->orders_full,
                      0);
    kit_counts_add_up(c);
}

static void check_end(const struct kit_machine *machine, const json_t *expected)
{
    struct ry_arena_market state;
    check_book(machine, json_object_get(expected, "final_top5_bid"),
               json_object_get(expected, "final_top5_ask"),
               ry_test_expected_u64(expected, "live_orders"));
    ry_arena_instrument(machine->arena, 0, &state);
    ck_assert_uint_eq(state.levels[RY_BUY], ry_test_expected_u64(expected, "bid_levels"));
    ck_assert_uint_eq(state.levels[RY_SELL], ry_test_expected_u64(expected, "ask_levels"));
    const uint64_t contracts = ry_test_expected_u64(expected, "trade_contracts");
    ck_assert_uint_eq(state.recorded_volume, contracts);
    if (contracts > 0)
        ck_assert_double_eq_tol((double)state.recorded_turnover / 100.0 / (double)contracts,
                                json_number_value(json_object_get(expected, "trade_vwap")), 1e-9);
    /* The machine agrees with the normaliser: nothing that it was told was unknown or too much. */
    const struct ry_arena_counters *c = ry_arena_counters(machine->arena);
    ck_assert_uint_eq(c->unknown_exec + c->unknown_cancel + c->unknown_replace + c->exec_beyond +
                          c->cancel_beyond + c->duplicate_reference + c->malformed,
                      0);
}

static void check_sample(const struct sample *sample, const char *path, const json_t *expected)
{
    struct ry_battle *battle = kit_battle(&sample->symbol, 1, SCALE);
    battle->feed[0].format = RY_BATTLE_FORMAT_DBN;
    battle->allow_empty = 1; /* one sample is a snapshot alone */
    kit_path(battle, path);
    struct ry_feed_handler *handler = kit_handler();
    struct kit_machine machine;
    kit_machine_open(&machine, battle);
    ck_assert_msg(ry_feed_handler_open(handler, battle, 0, NULL, NULL) == 0, "%s", handler->error);
    /* Each: [records read, ts_recv, five bids, five asks, live orders]. */
    const json_t *checkpoints = json_object_get(expected, "checkpoints_record_ts_bid5_ask5_live");
    ck_assert(json_is_array(checkpoints));
    for (size_t i = 0; i < json_array_size(checkpoints); i++) {
        const json_t *at = json_array_get(checkpoints, i);
        run_to(handler, &machine, (uint64_t)json_number_value(json_array_get(at, 0)));
        check_book(&machine, json_array_get(at, 2), json_array_get(at, 3),
                   (uint64_t)json_number_value(json_array_get(at, 4)));
    }
    ck_assert_int_eq(kit_run(handler, &machine), RY_FEED_HANDLER_END);
    check_counters(&handler->counters, sample, expected);
    check_end(&machine, expected);
    ry_feed_handler_close(handler);
    kit_machine_close(&machine);
    free(handler);
    free(battle);
}

START_TEST(test_recorded_book)
{
    const struct sample *sample = &samples[_i];
    char name[256], path[4096];
    json_t *root = ry_test_expected(sample->folder);
    snprintf(name, sizeof name, "%s/%s", sample->folder, sample->file);
    const char *data = ry_test_data(name);
    if (root == NULL || data == NULL) {
        ry_test_skip("no CME order-by-order data");
        return;
    }
    snprintf(path, sizeof path, "%s", data);
    check_sample(sample, path, json_object_get(json_object_get(root, "files"), sample->file));
    json_decref(root);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_recorded_dbn");
    TCase *tcase = tcase_create("recorded");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, test_recorded_book, 0, (int)(sizeof samples / sizeof samples[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
