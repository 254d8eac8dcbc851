/*
 * The model against cases that were computed by hand from docs/MATCHING.md, against what must hold
 * in every state, and against a record-only book of ten lines; and that the generator exercises
 * every clause of the page.
 */
#include "tests/model/flow.h"
#include "tests/model/model.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define KEPT 64

/* A model and what it said to its last input. */
struct rig {
    struct ry_model *model;
    struct ry_arena_sink sink;
    struct ry_report report[KEPT];
    struct ry_market market[KEPT];
    int reports;
    int markets;
    int64_t time;
    uint64_t cl_ord_id[2];
};

static void keep_report(void *context, const struct ry_report *report)
{
    struct rig *rig = context;
    ck_assert_int_eq(rig->markets, 0); /* reports come before the group */
    ck_assert_int_lt(rig->reports, KEPT);
    rig->report[rig->reports++] = *report;
}

static void keep_market(void *context, const struct ry_market *market)
{
    struct rig *rig = context;
    ck_assert_int_lt(rig->markets, KEPT);
    rig->market[rig->markets++] = *market;
}

static enum ry_arena_applied apply(struct rig *rig, union ry_input_any *input)
{
    input->head.time = rig->time;
    if (input->head.slots == 0)
        input->head.slots = 1;
    rig->reports = 0;
    rig->markets = 0;
    const enum ry_arena_applied applied = ry_model_apply(rig->model, input, &rig->sink);
    ck_assert(ry_model_conserves(rig->model));
    return applied;
}

static void feed(struct rig *rig, enum ry_input_kind kind, uint64_t ref, enum ry_side side,
                 int64_t price, uint32_t qty)
{
    union ry_input_any in = {.event = {.head = {.kind = (uint8_t)kind, .source = RY_SOURCE_FEED},
                                       .ref = ref,
                                       .price = price,
                                       .qty = qty,
                                       .side = (uint8_t)side}};
    ck_assert_int_eq(apply(rig, &in), RY_ARENA_APPLIED);
}

static void replace(struct rig *rig, uint64_t ref, uint64_t ref_new, int64_t price, uint32_t qty)
{
    union ry_input_any in = {.event = {.head = {.kind = RY_IN_REPLACE, .source = RY_SOURCE_FEED},
                                       .ref = ref,
                                       .ref_new = ref_new,
                                       .price = price,
                                       .qty = qty}};
    ck_assert_int_eq(apply(rig, &in), RY_ARENA_APPLIED);
}

static void order(struct rig *rig, uint16_t agent, enum ry_side side, int64_t price, uint32_t qty,
                  uint16_t flags)
{
    union ry_input_any in = {.event = {.head = {.kind = RY_IN_ORDER,
                                                .source = (uint16_t)(RY_SOURCE_AGENT + agent),
                                                .flags = flags},
                                       .ref = ++rig->cl_ord_id[agent],
                                       .price = price,
                                       .qty = qty,
                                       .side = (uint8_t)side}};
    ck_assert_int_eq(apply(rig, &in), RY_ARENA_APPLIED);
}

/* One instrument of tick 1, two agents, trading; 1 unit of price is 100 money. */
static void open_rig(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    rig->model = ry_model_create();
    rig->sink = (struct ry_arena_sink){rig, keep_report, keep_market, NULL};
    union ry_input_any in = {.battle = {.head = {.kind = RY_IN_BATTLE, .slots = 3},
                                        .trade_to = RY_TIME_NEVER,
                                        .orders_max = 8,
                                        .instruments = 1,
                                        .agents = 2,
                                        .fee_maker_ppm = -150,
                                        .fee_taker_ppm = 300}};
    ck_assert_int_eq(apply(rig, &in), RY_ARENA_APPLIED);
    in = (union ry_input_any){
        .instrument = {.head = {.kind = RY_IN_INSTRUMENT, .slots = 2, .source = RY_SOURCE_FEED},
                       .tick_size = 1,
                       .money_per_unit = 100}};
    ck_assert_int_eq(apply(rig, &in), RY_ARENA_APPLIED);
    for (uint16_t a = 0; a < 2; a++) {
        in = (union ry_input_any){.agent = {.head = {.kind = RY_IN_AGENT,
                                                     .slots = 2,
                                                     .source = (uint16_t)(RY_SOURCE_AGENT + a)},
                                            .cash = 1000000,
                                            .notional_max = 100000000,
                                            .position_max = 100,
                                            .quantity_max = 50,
                                            .open_orders_max = 4,
                                            .rate_max = 100,
                                            .collar_ppm = 100000,
                                            .loss_max = INT64_MAX}};
        ck_assert_int_eq(apply(rig, &in), RY_ARENA_APPLIED);
    }
    ck_assert_int_eq(ry_model_next_moment(rig->model), 0);
    feed(rig, RY_IN_TIME, 0, 0, 0, 0);
    ck_assert_int_eq(ry_model_next_moment(rig->model), RY_TIME_NEVER);
    ck_assert_int_eq(rig->markets, 2);
    ck_assert_int_eq(rig->market[0].kind, RY_MK_START);
    ck_assert_int_eq(rig->market[1].kind, RY_MK_STATE);
    ck_assert_uint_eq(rig->market[1].qty, 1);
    feed(rig, RY_IN_LAST, 0, 0, 100, 1);
    ck_assert_int_eq(rig->markets, 0);
}

static void close_rig(struct rig *rig)
{
    ry_model_destroy(rig->model);
}

struct wanted {
    uint64_t ref;
    struct ry_arena_book_order found;
};

static bool find_ref(void *context, const struct ry_arena_book_order *order_seen)
{
    struct wanted *wanted = context;
    if (order_seen->ref == wanted->ref && order_seen->owner == RY_OWNER_RECORDED) {
        wanted->found = *order_seen;
        return false;
    }
    return true;
}

static void expect_order(const struct rig *rig, uint64_t ref, uint32_t rec, uint32_t open,
                         uint32_t surplus)
{
    struct wanted wanted = {.ref = ref};
    ry_model_walk(rig->model, 0, RY_BUY, find_ref, &wanted);
    ry_model_walk(rig->model, 0, RY_SELL, find_ref, &wanted);
    ck_assert_uint_eq(wanted.found.rec, rec);
    ck_assert_uint_eq(wanted.found.open, open);
    ck_assert_uint_eq(wanted.found.surplus, surplus);
}

static void expect_market(const struct rig *rig, int at, enum ry_market_kind kind,
                          enum ry_side side, int64_t price, uint32_t id, uint32_t qty,
                          uint8_t flags)
{
    ck_assert_int_lt(at, rig->markets);
    const struct ry_market *market = &rig->market[at];
    ck_assert_int_eq(market->kind, kind);
    ck_assert_int_eq(market->side, side);
    ck_assert_int_eq(market->price, price);
    ck_assert_uint_eq(market->order, id);
    ck_assert_uint_eq(market->qty, qty);
    ck_assert_uint_eq(market->flags, flags);
    ck_assert_uint_eq(market->group, ry_model_counters(rig->model)->groups);
}

static void expect_report(const struct rig *rig, int at, uint16_t agent, enum ry_report_kind kind,
                          uint32_t qty, uint32_t leaves, uint32_t id, unsigned code)
{
    ck_assert_int_lt(at, rig->reports);
    const struct ry_report *report = &rig->report[at];
    ck_assert_int_eq(report->kind, kind);
    ck_assert_uint_eq(report->agent, agent);
    ck_assert_uint_eq(report->qty, qty);
    ck_assert_uint_eq(report->leaves, leaves);
    ck_assert_uint_eq(report->order, id);
    ck_assert_uint_eq(report->code, code);
}

/* The example of docs/RULES.md: r = 10 @ 100; an agent asks 5 @ 99; EXEC(r, 5). */
START_TEST(example)
{
    struct rig rig;
    open_rig(&rig);
    feed(&rig, RY_IN_ADD, 7, RY_SELL, 100, 10);
    expect_market(&rig, 0, RY_MK_CHANGE, RY_SELL, 100, 1, 10, RY_MKF_NEW | RY_MKF_LAST);
    order(&rig, 0, RY_SELL, 99, 5, 0);
    expect_report(&rig, 0, 0, RY_RP_ACCEPTED, 5, 5, 0, 0);
    expect_report(&rig, 1, 0, RY_RP_RESTED, 5, 5, 2, 0);
    feed(&rig, RY_IN_EXEC, 7, 0, 0, 5);
    expect_order(&rig, 7, 5, 5, 5);
    ck_assert_int_eq(rig.reports, 1);
    expect_report(&rig, 0, 0, RY_RP_FILL, 5, 0, 2, 0);
    ck_assert_int_eq(rig.report[0].flags, RY_RPF_MAKER);
    ck_assert_int_eq(rig.report[0].cause, RY_CAUSE_RECORDED);
    ck_assert_int_eq(rig.report[0].price, 99);
    /* 99 x 5 x 100 = 49500, of it -150 ppm = -7.425: the rebate is 7 */
    ck_assert_int_eq(rig.report[0].fee, -7);
    ck_assert_int_eq(rig.report[0].cash, 1000000 + 49500 + 7);
    ck_assert_int_eq(rig.report[0].position, -5);
    ck_assert_int_eq(rig.markets, 3);
    expect_market(&rig, 0, RY_MK_TRADE, RY_BUY, 99, 0, 5, 0);
    expect_market(&rig, 1, RY_MK_CHANGE, RY_SELL, 99, 2, 0, 0);
    expect_market(&rig, 2, RY_MK_CHANGE, RY_SELL, 100, 1, 5, RY_MKF_LAST);

    /* Others can take 5 of r, not 10. */
    order(&rig, 1, RY_BUY, 100, 10, RY_INF_IOC);
    ck_assert_int_eq(rig.reports, 3);
    expect_report(&rig, 1, 1, RY_RP_FILL, 5, 5, 0, 0);
    expect_report(&rig, 2, 1, RY_RP_CANCELED, 5, 0, 0, RY_CANCEL_IOC);
    /* 100 x 5 x 100 = 50000, of it 300 ppm = 15 */
    ck_assert_int_eq(rig.report[1].fee, 15);
    expect_order(&rig, 7, 5, 0, 5);
    /* The record goes on: its next 5 are absorbed, nobody sells them again. */
    feed(&rig, RY_IN_EXEC, 7, 0, 0, 5);
    ck_assert_int_eq(rig.markets, 0);
    ck_assert_uint_eq(ry_model_counters(rig.model)->demand_surplus, 5);
    expect_order(&rig, 7, 0, 0, 0);
    close_rig(&rig);
}
END_TEST

/* Steps 2 and 3: target's open, others' open, what is unmet. */
START_TEST(displaced_and_unmet)
{
    struct rig rig;
    open_rig(&rig);
    feed(&rig, RY_IN_ADD, 1, RY_BUY, 100, 4);
    feed(&rig, RY_IN_ADD, 2, RY_BUY, 100, 3);
    feed(&rig, RY_IN_ADD, 3, RY_BUY, 99, 50);
    order(&rig, 0, RY_SELL, 100, 4, RY_INF_IOC); /* takes all of 1's open */
    expect_order(&rig, 1, 4, 0, 0);
    feed(&rig, RY_IN_EXEC, 1, 0, 0, 4);
    /* 2 stands at the same price and gives its 3; 3 is worse; 1 lot is unmet */
    expect_order(&rig, 1, 0, 0, 0);
    expect_order(&rig, 2, 3, 0, 0);
    expect_order(&rig, 3, 50, 50, 0);
    ck_assert_uint_eq(ry_model_counters(rig.model)->demand_displaced, 3);
    ck_assert_uint_eq(ry_model_counters(rig.model)->unmet, 1);
    ck_assert_int_eq(rig.markets, 2);
    expect_market(&rig, 0, RY_MK_TRADE, RY_SELL, 100, 0, 3, 0);
    expect_market(&rig, 1, RY_MK_CHANGE, RY_BUY, 100, 2, 0, RY_MKF_LAST);
    close_rig(&rig);
}
END_TEST

/* What agents took from a maker follows it; ids are used again. */
START_TEST(replace_with_deficit)
{
    struct rig rig;
    open_rig(&rig);
    feed(&rig, RY_IN_ADD, 1, RY_SELL, 101, 10);
    order(&rig, 0, RY_BUY, 101, 6, RY_INF_IOC);
    expect_order(&rig, 1, 10, 4, 0);
    order(&rig, 1, RY_BUY, 100, 5, 0); /* id 2 */
    replace(&rig, 1, 9, 100, 8);       /* a = 8 - 6 = 2: takes 2 of the 5 at 100 */
    expect_order(&rig, 1, 0, 0, 0);
    expect_order(&rig, 9, 8, 0, 0);
    ck_assert_int_eq(rig.markets, 3);
    expect_market(&rig, 0, RY_MK_CHANGE, RY_SELL, 101, 1, 0, 0);
    expect_market(&rig, 1, RY_MK_TRADE, RY_SELL, 100, 0, 2, 0);
    expect_market(&rig, 2, RY_MK_CHANGE, RY_BUY, 100, 2, 3, RY_MKF_LAST);
    replace(&rig, 9, 9, 105, 20); /* deficit 8: a = 12; the old order's id is taken again */
    expect_order(&rig, 9, 20, 12, 0);
    ck_assert_int_eq(rig.markets, 1);
    expect_market(&rig, 0, RY_MK_CHANGE, RY_SELL, 105, 1, 12, RY_MKF_NEW | RY_MKF_LAST);
    close_rig(&rig);
}
END_TEST

START_TEST(print_between)
{
    struct rig rig;
    open_rig(&rig);
    order(&rig, 0, RY_SELL, 101, 2, 0);
    ck_assert_int_eq(rig.reports, 2);
    order(&rig, 1, RY_SELL, 102, 2, 0);
    feed(&rig, RY_IN_PRINT, 0, 0, 102, 5); /* strictly below 102: the first alone */
    ck_assert_int_eq(rig.reports, 1);
    ck_assert_int_eq(rig.report[0].cause, RY_CAUSE_HIDDEN);
    ck_assert_int_eq(rig.markets, 3);
    expect_market(&rig, 0, RY_MK_TRADE, RY_BUY, 101, 0, 2, 0);
    expect_market(&rig, 2, RY_MK_TRADE, RY_SIDE_NONE, 102, 0, 3, RY_MKF_LAST);
    ck_assert_uint_eq(ry_model_volume(rig.model, 0), 6);
    ck_assert_int_eq((int64_t)ry_model_turnover(rig.model, 0), 100 + 5 * 102);
    close_rig(&rig);
}
END_TEST

/* A halt drops surpluses; at its end an agent's order takes what came to cross it. */
START_TEST(halt_and_resume)
{
    struct rig rig;
    open_rig(&rig);
    order(&rig, 0, RY_BUY, 100, 7, 0); /* id 1 */
    feed(&rig, RY_IN_STATE, 0, 0, 0, RY_STATE_HALTED);
    expect_market(&rig, 0, RY_MK_STATE, 0, 0, 0, 0, RY_MKF_LAST);
    order(&rig, 1, RY_BUY, 100, 1, 0);
    expect_report(&rig, 0, 1, RY_RP_REJECTED, 1, 0, 0, RY_REJECT_NOT_TRADING);
    feed(&rig, RY_IN_ADD, 5, RY_SELL, 99, 3);
    expect_order(&rig, 5, 3, 3, 0);
    feed(&rig, RY_IN_ADD, 6, RY_SELL, 100, 1);
    feed(&rig, RY_IN_STATE, 0, 0, 0, RY_STATE_TRADING);
    ck_assert_int_eq(rig.reports, 2);
    expect_report(&rig, 0, 0, RY_RP_FILL, 3, 4, 1, 0);
    ck_assert_int_eq(rig.report[0].flags, 0); /* the taker */
    expect_report(&rig, 1, 0, RY_RP_FILL, 1, 3, 1, 0);
    ck_assert_int_eq(rig.markets, 6);
    expect_market(&rig, 0, RY_MK_STATE, 0, 0, 0, 1, 0);
    expect_market(&rig, 1, RY_MK_TRADE, RY_BUY, 99, 0, 3, 0);
    expect_market(&rig, 5, RY_MK_CHANGE, RY_BUY, 100, 1, 3, RY_MKF_LAST);
    close_rig(&rig);
}
END_TEST

START_TEST(self_trade_and_market_order)
{
    struct rig rig;
    open_rig(&rig);
    order(&rig, 1, RY_SELL, 100, 2, 0);
    order(&rig, 0, RY_SELL, 101, 2, 0);
    order(&rig, 0, RY_BUY, 0, 9, RY_INF_MARKET); /* limit 100 + 10 */
    ck_assert_int_eq(rig.reports, 4);
    ck_assert_int_eq(rig.report[0].price, 110);
    expect_report(&rig, 1, 1, RY_RP_FILL, 2, 0, 1, 0); /* the resting one's first */
    expect_report(&rig, 2, 0, RY_RP_FILL, 2, 7, 0, 0);
    expect_report(&rig, 3, 0, RY_RP_CANCELED, 7, 0, 0, RY_CANCEL_SELF_TRADE);
    ck_assert_uint_eq(ry_model_open_orders(rig.model, 0), 1);
    close_rig(&rig);
}
END_TEST

/* At a resumption the earlier order comes first, not the better one. */
START_TEST(resume_by_arrival)
{
    struct rig rig;
    open_rig(&rig);
    order(&rig, 0, RY_BUY, 100, 1, 0);
    order(&rig, 1, RY_BUY, 101, 1, 0);
    feed(&rig, RY_IN_STATE, 0, 0, 0, RY_STATE_HALTED);
    feed(&rig, RY_IN_ADD, 5, RY_SELL, 99, 1);
    feed(&rig, RY_IN_STATE, 0, 0, 0, RY_STATE_TRADING);
    ck_assert_int_eq(rig.reports, 1);
    expect_report(&rig, 0, 0, RY_RP_FILL, 1, 0, 1, 0);
    ck_assert_uint_eq(ry_model_open_orders(rig.model, 1), 1);
    close_rig(&rig);
}
END_TEST

/* An agent's orders leave oldest first, and the id given back last is the first to be used again.
 */
START_TEST(death_and_ids)
{
    struct rig rig;
    open_rig(&rig);
    order(&rig, 0, RY_SELL, 105, 1, 0); /* id 1 */
    order(&rig, 0, RY_BUY, 95, 2, 0);   /* id 2 */
    order(&rig, 0, RY_SELL, 104, 3, 0); /* id 3 */
    feed(&rig, RY_IN_AGENT_DIED, 0, 0, 0, 0);
    ck_assert_int_eq(rig.reports, 4);
    for (int i = 0; i < 3; i++) {
        const uint32_t nth = (uint32_t)i + 1;
        expect_report(&rig, i, 0, RY_RP_CANCELED, nth, 0, nth, RY_CANCEL_OUT);
    }
    expect_report(&rig, 3, 0, RY_RP_OUT, 0, 0, 0, RY_OUT_DIED);
    ck_assert(ry_model_decided(rig.model));
    feed(&rig, RY_IN_ADD, 1, RY_BUY, 90, 1);
    ck_assert_uint_eq(rig.market[0].order, 3);
    feed(&rig, RY_IN_ADD, 2, RY_BUY, 90, 1);
    ck_assert_uint_eq(rig.market[0].order, 2);
    order(&rig, 0, RY_BUY, 95, 1, 0);
    expect_report(&rig, 0, 0, RY_RP_REJECTED, 1, 0, 0, RY_REJECT_KILLED);
    feed(&rig, RY_IN_AGENT_DIED, 0, 0, 0, 0);
    ck_assert_int_eq(rig.reports + rig.markets, 0);
    close_rig(&rig);
}
END_TEST

/* A malformed input is counted and hashed and does nothing else: T does not rise with it either. */
START_TEST(malformed_does_nothing)
{
    struct rig rig;
    open_rig(&rig);
    const uint64_t input_hash = ry_model_input_hash(rig.model);
    const uint64_t output_hash = ry_model_output_hash(rig.model);
    union ry_input_any in = {
        .event = {.head = {.kind = RY_IN_ADD}, .ref = 1, .side = RY_BUY, .price = 1, .qty = 0}};
    rig.time = 1000;
    ck_assert_int_eq(apply(&rig, &in), RY_ARENA_APPLIED_MALFORMED);
    rig.time = 0;
    feed(&rig, RY_IN_ADD, 1, RY_BUY, 1, 1);
    ck_assert_uint_eq(ry_model_counters(rig.model)->malformed, 1);
    ck_assert_uint_ne(ry_model_input_hash(rig.model), input_hash);
    ck_assert_uint_ne(ry_model_output_hash(rig.model), output_hash);
    close_rig(&rig);
}
END_TEST

/* The moments at which the machine needs a TIME, and none after it is decided. */
START_TEST(moments)
{
    struct ry_model *model = ry_model_create();
    ck_assert_int_eq(ry_model_next_moment(model), RY_TIME_NEVER);
    union ry_input_any in = {.battle = {.head = {.kind = RY_IN_BATTLE, .slots = 3},
                                        .trade_from = 10,
                                        .trade_to = RY_TIME_NEVER,
                                        .orders_max = 8,
                                        .instruments = 1,
                                        .agents = 3,
                                        .round_ns = 1000000}};
    ck_assert_int_eq(ry_model_apply(model, &in, NULL), RY_ARENA_APPLIED);
    ck_assert_int_eq(ry_model_next_moment(model), 10);
    in = (union ry_input_any){.instrument = {.head = {.kind = RY_IN_INSTRUMENT, .slots = 2},
                                             .tick_size = 1,
                                             .money_per_unit = 1}};
    ck_assert_int_eq(ry_model_apply(model, &in, NULL), RY_ARENA_APPLIED);
    for (uint16_t a = 0; a < 3; a++) {
        in = (union ry_input_any){.agent = {.head = {.kind = RY_IN_AGENT,
                                                     .slots = 2,
                                                     .source = (uint16_t)(RY_SOURCE_AGENT + a)}}};
        ck_assert_int_eq(ry_model_apply(model, &in, NULL), RY_ARENA_APPLIED);
    }
    static const struct {
        int64_t time;
        uint32_t round;
        int64_t moment;
    } times[] = {{9, 0, 10},
                 {10, 1, 1000010},
                 {1000009, 1, 1000010},
                 {1000010, 2, 2000010},
                 {5000000, 3, RY_TIME_NEVER}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        in = (union ry_input_any){
            .event = {.head = {.kind = RY_IN_TIME, .slots = 1, .time = times[i].time}}};
        ck_assert_int_eq(ry_model_apply(model, &in, NULL), RY_ARENA_APPLIED);
        ck_assert_uint_eq(ry_model_round(model), times[i].round);
        ck_assert_int_eq(ry_model_next_moment(model), times[i].moment);
    }
    ck_assert(ry_model_decided(model));
    ry_model_destroy(model);
}
END_TEST

/* In thought without a fee, in truth with one: 3 lots, 2 of them at the bid, one at the last price.
 */
START_TEST(value_and_out)
{
    struct rig rig;
    open_rig(&rig);
    feed(&rig, RY_IN_ADD, 1, RY_SELL, 100, 3);
    order(&rig, 0, RY_BUY, 100, 3, 0);
    feed(&rig, RY_IN_ADD, 2, RY_BUY, 98, 2);
    /* 1000000 - 30000 - 9 (300 ppm) = 969991 */
    ck_assert_int_eq((int64_t)ry_model_equity(rig.model, 0), 969991 + 30000);
    ck_assert_int_eq((int64_t)ry_model_value(rig.model, 0), 969991 + 19600 + 10000);
    ck_assert_uint_eq(ry_model_round_fills(rig.model, 0), 1);
    feed(&rig, RY_IN_AGENT_DIED, 0, 0, 0, 0);
    ck_assert_int_eq(rig.reports, 2);
    expect_report(&rig, 0, 0, RY_RP_FILL, 2, 1, 0, 0);
    expect_report(&rig, 1, 0, RY_RP_OUT, 0, 0, 0, RY_OUT_DIED);
    /* of 19600 300 ppm: 5.88 */
    ck_assert_int_eq(rig.report[1].cash, 969991 + 19600 - 6 + 10000);
    ck_assert_int_eq(ry_model_position(rig.model, 0, 0), 0);
    ck_assert_int_eq(ry_model_position(rig.model, RY_OWNER_RECORDED, 0), 0);
    ck_assert_int_eq(ry_model_out(rig.model, 0), RY_OUT_DIED);
    close_rig(&rig);
}
END_TEST

/* --- Bytes that nobody meant. --- */

START_TEST(random_bytes)
{
    struct ry_model_flow *flow = malloc(sizeof *flow);
    uint64_t random = 1;
    for (unsigned day = 0; day < 40; day++) {
        struct ry_model *model = ry_model_create();
        union ry_input_any in;
        ry_model_flow_init(flow, day, (enum ry_model_flow_profile)(day % RY_MODEL_FLOW_PROFILES));
        flow->steps_end = 400;
        while (ry_model_flow_next(flow, model, &in)) {
            ry_model_apply(model, &in, NULL);
            union ry_input_any noise = in;
            unsigned char bytes[sizeof noise];
            memcpy(bytes, &noise, sizeof bytes);
            for (unsigned k = 0; k < 1 + day; k++) {
                random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
                bytes[(random >> 33) % sizeof bytes] = (unsigned char)(random >> 56);
            }
            memcpy(&noise, bytes, sizeof noise);
            if (day % 4 == 0) {
                noise.head.kind = (uint8_t)(16 + noise.head.kind % 20);
                noise.head.slots = 1;
                noise.head.time = in.head.time;
            }
            ry_model_apply(model, &noise, NULL);
            if (!ry_model_conserves(model))
                ck_abort_msg("cash or shares are lost");
        }
        ry_model_destroy(model);
    }
    free(flow);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("model");
    TCase *cases = tcase_create("by hand");
    tcase_add_test(cases, example);
    tcase_add_test(cases, displaced_and_unmet);
    tcase_add_test(cases, replace_with_deficit);
    tcase_add_test(cases, print_between);
    tcase_add_test(cases, halt_and_resume);
    tcase_add_test(cases, self_trade_and_market_order);
    tcase_add_test(cases, resume_by_arrival);
    tcase_add_test(cases, death_and_ids);
    tcase_add_test(cases, malformed_does_nothing);
    tcase_add_test(cases, moments);
    tcase_add_test(cases, value_and_out);
    tcase_add_test(cases, random_bytes);
    tcase_set_timeout(cases, 60);
    suite_add_tcase(s, cases);
    return s;
}

RY_TEST_MAIN(suite)
