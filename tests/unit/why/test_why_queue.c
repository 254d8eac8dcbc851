/*
 * What stands in front of an order, and what traded at its price: against the second machine, whose
 * whole book is walked after every input of random battles.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/flow.h"
#include "tests/model/model.h"
#include "tests/support/arena_rig.h"
#include "tests/support/results_rig.h"
#include "tools/why/tracker.h"

/* ---- the slow, obvious way ------------------------------------------------------------------- */

struct obvious {
    uint8_t side;
    int64_t price;
    uint16_t agent;
    uint64_t ref;
    struct ry_why_ahead ahead;
    bool found;
};

static bool look_at(void *context, const struct ry_arena_book_order *order)
{
    struct obvious *o = context;
    uint64_t lots = (uint64_t)order->open + order->surplus;
    if (order->owner == o->agent && order->ref == o->ref) {
        o->found = true;
        return false;
    }
    if (order->price == o->price) {
        o->ahead.lots += lots;
        o->ahead.orders += lots > 0;
    } else {
        o->ahead.better += lots;
        o->ahead.better_orders += lots > 0;
    }
    return true;
}

static struct obvious ahead_of(const struct ry_model *model, const struct ry_why_order *order)
{
    struct obvious o = {
        .side = order->side, .price = order->limit, .agent = order->agent, .ref = order->cl_ord_id};
    ry_model_walk(model, order->instrument, (enum ry_side)order->side, look_at, &o);
    return o;
}

/* An order that rests, and what the model's outputs say of it. */
struct watched {
    struct ry_why_order order;
    uint64_t traded; /* all trades at its price on its side since it came to rest, */
    uint64_t filled; /* and its own of them */
    struct ry_why_queue queue;
    struct ry_market trade;
};

struct battle {
    struct ry_model *model;
    struct ry_model_flow flow;
    struct ry_test_arena rig;
    struct ry_why_tracker tracker;
    struct watched watched;
    bool watches;
    uint64_t orders, steps, changes[RY_WHY_CHANGES];
};

/* The model's market records and reports: what traded. */
static void model_market(void *context, const struct ry_market *market)
{
    struct battle *b = context;
    const struct ry_why_order *order = &b->watched.order;
    if (b->watches && market->kind == RY_MK_TRADE && market->instrument == order->instrument &&
        market->price == order->limit && market->side != RY_SIDE_NONE &&
        market->side != order->side)
        b->watched.traded += market->qty;
}

static void model_report(void *context, const struct ry_report *report)
{
    struct battle *b = context;
    const struct ry_why_order *order = &b->watched.order;
    if (b->watches && report->kind == RY_RP_FILL && report->flags & RY_RPF_MAKER &&
        report->agent == order->agent && report->cl_ord_id == order->cl_ord_id)
        b->watched.filled += report->qty;
}

/* The arena's, for the queue: who of those ahead was traded. */
static void on_market(void *context, const struct ry_market *market)
{
    struct battle *b = context;
    if (!b->watches || market->instrument != b->watched.order.instrument)
        return;
    if (market->kind == RY_MK_CHANGE && b->watched.trade.kind != 0 &&
        market->side == b->watched.order.side)
        ry_why_queue_traded(&b->watched.queue, market->order, b->watched.trade.qty);
    b->watched.trade.kind = 0;
    if (market->kind == RY_MK_TRADE)
        b->watched.trade = *market;
}

static bool same_ahead(const struct ry_why_ahead *x, const struct ry_why_ahead *y)
{
    return memcmp(x, y, sizeof *x) == 0;
}

static uint64_t sum_of(const struct ry_why_step *step, unsigned better)
{
    const struct ry_why_changed *change = step->change[better];
    return change[RY_WHY_TRADED].lots + change[RY_WHY_ABSORBED].lots + change[RY_WHY_LEFT].lots;
}

static void check_step(struct battle *b, const struct ry_why_order *now,
                       const struct ry_why_ahead *before)
{
    struct ry_why_step step;
    struct obvious o = ahead_of(b->model, now);
    const struct ry_why_ahead *after = &b->watched.queue.ahead;
    (void)ry_why_queue_step(&b->watched.queue, b->tracker.arena,
                            b->tracker.results.head.kind == RY_IN_EXEC, &step);
    ck_assert_msg(o.found, "the model has no such order");
    if (!same_ahead(after, &o.ahead))
        ck_abort_msg("ahead %lu/%lu, not %lu/%lu", after->lots, after->better, o.ahead.lots,
                     o.ahead.better);
    if (before->lots - sum_of(&step, 0) + step.change[0][RY_WHY_CAME].lots != after->lots ||
        before->better - sum_of(&step, 1) + step.change[1][RY_WHY_CAME].lots != after->better)
        ck_abort_msg("what changed does not sum to what is ahead");
    if (step.change[0][RY_WHY_CAME].lots != 0 && sum_of(&step, 0) == 0)
        ck_abort_msg("somebody came in front at its own price");
    if (b->watched.traded - b->watched.filled != now->traded)
        ck_abort_msg("%lu traded, not %lu - %lu", now->traded, b->watched.traded,
                     b->watched.filled);
    for (unsigned i = 0; i < RY_WHY_CHANGES; i++)
        b->changes[i] += step.change[0][i].orders + step.change[1][i].orders;
    b->steps++;
}

/* Takes the newest order that rests when none is watched. */
static void choose(struct battle *b)
{
    for (unsigned i = b->tracker.orders; i-- > 0;) {
        const struct ry_why_order *order = &b->tracker.order[i];
        if (!order->rested || order->left || order->rested_at != b->tracker.results.time ||
            order->filled != 0)
            continue;
        struct obvious o = ahead_of(b->model, order);
        const struct ry_why_place place = {.instrument = order->instrument,
                                           .side = order->side,
                                           .price = order->limit,
                                           .order = order->order};
        if (!o.found || order->traded != 0)
            continue;
        b->watched = (struct watched){.order = *order, .queue = b->watched.queue};
        ry_why_queue_begin(&b->watched.queue, b->tracker.arena, &place);
        if (!same_ahead(&b->watched.queue.ahead, &o.ahead))
            ck_abort_msg("the first look is another");
        b->watches = true;
        b->orders++;
        return;
    }
}

static void settle(struct battle *b)
{
    const struct ry_why_order *order =
        ry_why_tracker_order(&b->tracker, b->watched.order.agent, b->watched.order.cl_ord_id);
    if (b->watches && (order == NULL || order->left))
        b->watches = false;
    if (b->watches) {
        struct ry_why_ahead before = b->watched.queue.ahead;
        check_step(b, order, &before);
    }
    b->watched.trade.kind = 0;
    ry_why_tracker_settle(&b->tracker);
    if (!b->watches)
        choose(b);
}

/* When an order comes to rest, the tracker has looked in the middle of the input; what comes after
 * that is the end of agents alone, whose orders leave. */
static void check_rested(struct battle *b)
{
    if (b->tracker.results.out != 0)
        return;
    for (unsigned i = 0; i < b->tracker.orders; i++) {
        const struct ry_why_order *order = &b->tracker.order[i];
        bool now = order->rested && !order->left && order->input == b->tracker.results.input;
        if (!now)
            continue;
        struct obvious o = ahead_of(b->model, order);
        if (!o.found || !same_ahead(&o.ahead, &order->ahead))
            ck_abort_msg("ahead when it came to rest: %lu, not %lu", order->ahead.lots,
                         o.ahead.lots);
    }
}

static void apply(struct battle *b, const union ry_input_any *input)
{
    const struct ry_arena_sink sink = {
        .context = b, .report = model_report, .market = model_market};
    struct ry_why_tracker *t = &b->tracker;
    ry_model_apply(b->model, input, &sink);
    ry_results_before(&t->results, ++b->rig.seq, input);
    bool applied = ry_arena_apply(b->rig.arena, input, &t->results.sink) == RY_ARENA_APPLIED;
    ck_assert_int_eq(ry_results_after(&t->results, b->rig.arena, input, applied), 0);
    check_rested(b);
    settle(b);
}

static void run_day(struct battle *b, uint64_t seed, enum ry_model_flow_profile profile)
{
    const struct ry_why_battle unknown = {.zone = "UTC"};
    union ry_input_any in;
    memset(&in, 0, sizeof in);
    b->watches = false;
    b->model = ry_model_create();
    ry_model_flow_init(&b->flow, seed, profile);
    /* Some days begin with an input that is none. */
    do
        ck_assert(ry_model_flow_next(&b->flow, b->model, &in));
    while (in.head.kind != RY_IN_BATTLE || ry_arena_footprint(&in.battle) == 0);
    b->rig = ry_test_arena_open(&in.battle);
    ry_why_tracker_open(&b->tracker, &unknown, &stage_id);
    b->tracker.market = on_market;
    b->tracker.context = b;
    b->tracker.arena = b->rig.arena;
    do
        apply(b, &in);
    while (ry_model_flow_next(&b->flow, b->model, &in));
    ry_why_queue_end(&b->watched.queue);
    ry_why_tracker_close(&b->tracker);
    ry_test_arena_close(&b->rig);
    ry_model_destroy(b->model);
}

/* Whole days of each profile but that without agents. */
START_TEST(random_battles)
{
    struct battle *b = calloc(1, sizeof *b);
    const uint64_t days = ry_test_long() ? 2000 : 100;
    for (uint64_t day = 0; day < days; day++)
        run_day(b, 100 + day, (enum ry_model_flow_profile)_i);
    printf("# %lu orders, %lu steps, %lu traded, %lu absorbed, %lu left, %lu came\n", b->orders,
           b->steps, b->changes[RY_WHY_TRADED], b->changes[RY_WHY_ABSORBED],
           b->changes[RY_WHY_LEFT], b->changes[RY_WHY_CAME]);
    ck_assert_uint_gt(b->orders, days);
    for (unsigned i = 0; i < RY_WHY_CHANGES; i++)
        ck_assert_uint_gt(b->changes[i], 0);
    free(b);
}
END_TEST

static Suite *why_queue_suite(void)
{
    Suite *suite = suite_create("why_queue");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, random_battles, 0, RY_MODEL_FLOW_RECORD);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(why_queue_suite)
