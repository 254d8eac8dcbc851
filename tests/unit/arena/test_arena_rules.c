/* The rules of docs/MATCHING.md one by one: small scripts and what must come out. */
#include "core/arena/ledger.h"
#include "tests/unit/arena/test_arena.h"

static struct rig open_trading(uint32_t orders_max)
{
    struct ry_input_battle battle = battle_of(orders_max, 2, 3);
    struct rig b = arena_open(&battle);
    arena_configure(&b, &battle, 100);
    arena_start(&b);
    /* A recorded trade far from the tests' prices makes a reference for the collar. */
    event(&b, (struct ry_input){.head = {.kind = RY_IN_LAST}, .price = 10000, .qty = 1});
    return b;
}

static bool find_order(void *context, const struct ry_arena_book_order *order)
{
    struct ry_arena_book_order *out = context;
    if (order->ref != out->ref)
        return true;
    *out = *order;
    return false;
}

/* The order of a reference, all zero but ref if it does not stand. */
static struct ry_arena_book_order look(const struct rig *b, uint64_t ref)
{
    struct ry_arena_book_order out = {.ref = ref};
    ry_arena_walk(b->arena, 0, RY_BUY, find_order, &out);
    ry_arena_walk(b->arena, 0, RY_SELL, find_order, &out);
    return out;
}

static void want_order(const struct rig *b, uint64_t ref, uint32_t rec, uint32_t open,
                       uint32_t surplus)
{
    struct ry_arena_book_order o = look(b, ref);
    ck_assert_uint_eq(o.rec, rec);
    ck_assert_uint_eq(o.open, open);
    ck_assert_uint_eq(o.surplus, surplus);
}

START_TEST(agent_ahead_makes_surplus)
{
    struct rig b = open_trading(100);
    add(&b, 1, RY_SELL, 10000, 10);
    want_market(&b, 0, RY_MK_CHANGE, 10000, 10, RY_SELL);
    order(&b, 0, 1, RY_SELL, 9900, 5, 0);
    touch(&b, RY_IN_EXEC, 1, 5);
    want_report(&b, 0, RY_RP_FILL, 0, 5, 0);
    ck_assert_uint_eq(b.kept->report[0].flags, RY_RPF_MAKER);
    ck_assert_uint_eq(b.kept->report[0].cause, RY_CAUSE_RECORDED);
    ck_assert_int_eq(b.kept->report[0].price, 9900);
    /* The target gave nothing, but five of its ten are the record's no more. */
    ck_assert_uint_eq(b.kept->markets, 3);
    want_market(&b, 0, RY_MK_TRADE, 9900, 5, RY_BUY);
    want_market(&b, 1, RY_MK_CHANGE, 9900, 0, RY_SELL);
    want_market(&b, 2, RY_MK_CHANGE, 10000, 5, RY_SELL);
    want_order(&b, 1, 5, 5, 5);
    order(&b, 1, 1, RY_BUY, 10000, 10, RY_INF_IOC);
    want_report(&b, 1, RY_RP_FILL, 1, 5, 0);
    want_report(&b, 2, RY_RP_CANCELED, 1, 5, RY_CANCEL_IOC);
    want_order(&b, 1, 5, 0, 5);
    /* Later demand is absorbed by the surplus; then the reference is spent. */
    touch(&b, RY_IN_EXEC, 1, 5);
    ck_assert_uint_eq(b.kept->markets, 0);
    ck_assert_uint_eq(look(&b, 1).order, 0);
    end(&b);
}
END_TEST

START_TEST(spent_reference_leaves_surplus)
{
    struct rig b = open_trading(100);
    order(&b, 0, 1, RY_SELL, 9900, 5, 0);
    add(&b, 1, RY_SELL, 10000, 5);
    add(&b, 2, RY_SELL, 10000, 5);
    touch(&b, RY_IN_EXEC, 1, 5);
    want_order(&b, 1, 0, 0, 5);
    touch(&b, RY_IN_EXEC, 1, 5);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->unknown_exec, 1);
    add(&b, 1, RY_SELL, 10000, 7); /* the name is free again */
    touch(&b, RY_IN_EXEC, 2, 3);   /* absorbed by the nameless surplus ahead */
    want_market(&b, 0, RY_MK_CHANGE, 10000, 2, RY_SELL);
    want_order(&b, 2, 2, 2, 3);
    want_order(&b, 1, 0, 0, 2);
    add(&b, 3, RY_BUY, 10000, 1); /* the recorded opposite best reaches it */
    want_order(&b, 2, 2, 2, 0);
    want_order(&b, 1, 7, 7, 0);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->surplus_dropped, 5);
    end(&b);
}
END_TEST

START_TEST(displaced_and_unmet)
{
    struct rig b = open_trading(100);
    add(&b, 1, RY_SELL, 10000, 10);
    add(&b, 2, RY_SELL, 10000, 4);
    add(&b, 3, RY_SELL, 10100, 4);
    order(&b, 0, 1, RY_BUY, 10000, 10, RY_INF_IOC);
    want_order(&b, 1, 10, 0, 0);
    touch(&b, RY_IN_EXEC, 1, 9);
    ck_assert_uint_eq(b.kept->markets, 2);
    want_market(&b, 0, RY_MK_TRADE, 10000, 4, RY_BUY);
    want_market(&b, 1, RY_MK_CHANGE, 10000, 0, RY_SELL);
    want_order(&b, 1, 1, 0, 0);
    want_order(&b, 2, 4, 0, 0);
    want_order(&b, 3, 4, 4, 0);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->demand_displaced, 4);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->unmet, 5);
    end(&b);
}
END_TEST

START_TEST(replace_carries_the_deficit)
{
    struct rig b = open_trading(100);
    add(&b, 1, RY_SELL, 10000, 10);
    order(&b, 0, 1, RY_BUY, 10000, 4, RY_INF_IOC);
    event(&b,
          (struct ry_input){
              .head = {.kind = RY_IN_REPLACE}, .ref = 1, .ref_new = 2, .price = 10100, .qty = 9});
    ck_assert_uint_eq(b.kept->markets, 2);
    want_market(&b, 0, RY_MK_CHANGE, 10000, 0, RY_SELL);
    want_market(&b, 1, RY_MK_CHANGE, 10100, 5, RY_SELL);
    ck_assert_uint_eq(b.kept->market[1].flags, RY_MKF_NEW | RY_MKF_LAST);
    /* the id given back last */
    ck_assert_uint_eq(b.kept->market[0].order, b.kept->market[1].order);
    want_order(&b, 2, 9, 5, 0);
    event(&b,
          (struct ry_input){
              .head = {.kind = RY_IN_REPLACE}, .ref = 2, .ref_new = 2, .price = 10200, .qty = 3});
    ck_assert_uint_eq(b.kept->markets, 1);
    want_order(&b, 2, 3, 0, 0);
    end(&b);
}
END_TEST

START_TEST(add_and_print_take_agents)
{
    struct rig b = open_trading(100);
    order(&b, 0, 1, RY_BUY, 9900, 5, 0);
    order(&b, 1, 1, RY_BUY, 10000, 5, 0);
    add(&b, 1, RY_SELL, 9900, 12);
    ck_assert_uint_eq(b.kept->markets, 5);
    want_market(&b, 0, RY_MK_TRADE, 10000, 5, RY_SELL);
    want_market(&b, 2, RY_MK_TRADE, 9900, 5, RY_SELL);
    want_market(&b, 4, RY_MK_CHANGE, 9900, 2, RY_SELL);
    want_order(&b, 1, 12, 2, 0);
    order(&b, 2, 1, RY_BUY, 9800, 5, 0);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_PRINT}, .price = 9800, .qty = 3});
    ck_assert_uint_eq(b.kept->reports, 0); /* strictly better only */
    event(&b, (struct ry_input){.head = {.kind = RY_IN_PRINT}, .price = 9799, .qty = 7});
    want_report(&b, 0, RY_RP_FILL, 2, 5, 0);
    ck_assert_uint_eq(b.kept->report[0].cause, RY_CAUSE_HIDDEN);
    ck_assert_uint_eq(b.kept->markets, 3);
    want_market(&b, 2, RY_MK_TRADE, 9799, 2, RY_SIDE_NONE);
    end(&b);
}
END_TEST

START_TEST(two_agents_meet)
{
    struct rig b = open_trading(100);
    order(&b, 0, 1, RY_BUY, 10000, 5, 0);
    want_report(&b, 0, RY_RP_ACCEPTED, 0, 5, 0);
    want_report(&b, 1, RY_RP_RESTED, 0, 5, 0);
    order(&b, 1, 1, RY_SELL, 9900, 8, 0);
    want_report(&b, 1, RY_RP_FILL, 0, 5, 0); /* the resting one's first */
    want_report(&b, 2, RY_RP_FILL, 1, 5, 0);
    want_report(&b, 3, RY_RP_RESTED, 1, 3, 0);
    ck_assert_int_eq(b.kept->report[1].position, 5);
    ck_assert_int_eq(b.kept->report[2].position, -5);
    /* 10000 x 5 x 100 = 5,000,000: a rebate of 100 and a fee of 150. */
    ck_assert_int_eq(b.kept->report[1].fee, -100);
    ck_assert_int_eq(b.kept->report[2].fee, 150);
    ck_assert(ry_arena_fees(b.arena) == 50);
    order(&b, 1, 2, RY_BUY, 10000, 2, 0); /* its own order is next */
    want_report(&b, 1, RY_RP_CANCELED, 1, 2, RY_CANCEL_SELF_TRADE);
    ck_assert_uint_eq(b.kept->markets, 0);
    end(&b);
}
END_TEST

START_TEST(halt_and_resumption)
{
    struct rig b = open_trading(100);
    order(&b, 0, 1, RY_BUY, 10000, 5, 0);
    order(&b, 1, 1, RY_BUY, 10000, 5, 0);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_STATE}, .qty = RY_STATE_HALTED});
    want_market(&b, 0, RY_MK_STATE, 0, 0, 0);
    add(&b, 1, RY_SELL, 9900, 7);
    want_order(&b, 1, 7, 7, 0);
    order(&b, 2, 1, RY_BUY, 10000, 5, 0);
    want_report(&b, 0, RY_RP_REJECTED, 2, 5, RY_REJECT_NOT_TRADING);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_STATE}, .qty = RY_STATE_TRADING});
    want_report(&b, 0, RY_RP_FILL, 0, 5, 0);
    want_report(&b, 1, RY_RP_FILL, 1, 2, 0);
    ck_assert_uint_eq(b.kept->report[0].flags, 0); /* it takes */
    ck_assert_uint_ne(b.kept->report[0].order, 0); /* and stands */
    ck_assert_int_eq(b.kept->report[0].price, 9900);
    ck_assert_uint_eq(b.kept->markets, 7);
    want_market(&b, 0, RY_MK_STATE, 0, 1, 0);
    want_market(&b, 1, RY_MK_TRADE, 9900, 5, RY_BUY);
    want_market(&b, 2, RY_MK_CHANGE, 9900, 2, RY_SELL);
    want_market(&b, 3, RY_MK_CHANGE, 10000, 0, RY_BUY);
    want_market(&b, 6, RY_MK_CHANGE, 10000, 3, RY_BUY);
    end(&b);
}
END_TEST

START_TEST(death_cancels)
{
    struct rig b = open_trading(100);
    order(&b, 0, 1, RY_BUY, 10000, 5, 0);
    order(&b, 0, 2, RY_SELL, 11000, 6, 0);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_AGENT_DIED, .source = RY_SOURCE_CONTROL}});
    want_report(&b, 0, RY_RP_CANCELED, 0, 5, RY_CANCEL_OUT);
    want_report(&b, 1, RY_RP_CANCELED, 0, 6, RY_CANCEL_OUT);
    want_report(&b, 2, RY_RP_OUT, 0, 0, RY_OUT_DIED);
    ck_assert_uint_eq(b.kept->markets, 2);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_AGENT_DIED, .source = RY_SOURCE_CONTROL}});
    ck_assert_uint_eq(b.kept->reports + b.kept->markets, 0);
    order(&b, 0, 3, RY_BUY, 10000, 5, 0);
    want_report(&b, 0, RY_RP_REJECTED, 0, 5, RY_REJECT_KILLED);
    end(&b);
}
END_TEST

START_TEST(ids_last_given_back_first)
{
    struct rig b = open_trading(100);
    for (uint64_t ref = 1; ref <= 4; ref++) {
        add(&b, ref, RY_BUY, 9000, 5);
        ck_assert_uint_eq(b.kept->market[0].order, ref);
    }
    touch(&b, RY_IN_CANCEL, 2, 5);
    touch(&b, RY_IN_CANCEL, 4, 5);
    touch(&b, RY_IN_CANCEL, 1, 5);
    const uint32_t want[] = {1, 4, 2, 5};
    for (unsigned i = 0; i < 4; i++) {
        add(&b, 10 + i, RY_BUY, 9000, 5);
        ck_assert_uint_eq(b.kept->market[0].order, want[i]);
    }
    /* Buys in book order, then sells. */
    add(&b, 20, RY_SELL, 9500, 5);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_CLEAR}});
    const uint32_t gone[] = {3, 1, 4, 2, 5, 6};
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(b.kept->market[i].order, gone[i]);
    add(&b, 1, RY_BUY, 9000, 5);
    ck_assert_uint_eq(b.kept->market[0].order, 6);
    end(&b);
}
END_TEST

START_TEST(cancels)
{
    struct rig b = open_trading(10);
    add(&b, 0, RY_BUY, 9900, 10); /* 0 is a reference like any */
    touch(&b, RY_IN_CANCEL, 0, 4);
    want_market(&b, 0, RY_MK_CHANGE, 9900, 6, RY_BUY);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_CANCEL, .flags = RY_INF_ALL}});
    want_market(&b, 0, RY_MK_CHANGE, 9900, 0, RY_BUY);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->cancel_beyond, 0);
    add(&b, 1, RY_BUY, 9900, 10);
    touch(&b, RY_IN_AUCTION, 1, 13);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->cancel_beyond, 3);
    touch(&b, RY_IN_CANCEL, 1, 1);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->unknown_cancel, 1);
    end(&b);
}
END_TEST

START_TEST(another_battle_that_fits)
{
    struct ry_input_battle large = battle_of(100, 3, 3);
    struct ry_input_battle small = battle_of(10, 1, 2);
    struct rig b = arena_open(&large);
    union ry_input_any other = {.battle = battle_of(101, 300, 3)};
    ck_assert_int_eq(put(&b, &other), RY_ARENA_APPLIED_MALFORMED); /* no room */
    arena_configure(&b, &small, 100);
    ck_assert_uint_eq(ry_arena_battle(b.arena)->orders_max, 10);
    arena_start(&b);
    add(&b, 1, RY_BUY, 9900, 10);
    end(&b);
}
END_TEST

START_TEST(full_book)
{
    struct rig b = open_trading(2);
    add(&b, 1, RY_BUY, 9900, 1);
    add(&b, 2, RY_BUY, 9900, 1);
    add(&b, 3, RY_BUY, 9900, 1);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->book_full, 1);
    add(&b, 2, RY_BUY, 9900, 1);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->duplicate_reference, 1);
    order(&b, 0, 1, RY_SELL, 10000, 1, 0);
    want_report(&b, 0, RY_RP_REJECTED, 0, 1, RY_REJECT_CAPACITY);
    end(&b);
}
END_TEST

START_TEST(fees_round_against_the_agent)
{
    ck_assert(ry_arena_ledger_fee(1000000, 30) == 30);
    ck_assert(ry_arena_ledger_fee(1000001, 30) == 31);
    ck_assert(ry_arena_ledger_fee(-1000001, 30) == 31);
    ck_assert(ry_arena_ledger_fee(1000000, -30) == -30);
    ck_assert(ry_arena_ledger_fee(1000001, -30) == -30);
    ck_assert(ry_arena_ledger_fee(-1, -30) == 0);
    ck_assert(ry_arena_ledger_fee(1, 1) == 1);
    ck_assert(ry_arena_ledger_fee(0, 1000000) == 0);
    /* The largest notional there can be. */
    __int128 most = (__int128)RY_PRICE_ABS_MAX * UINT32_MAX * RY_ARENA_TICK_MAX;
    ck_assert(ry_arena_ledger_fee(most, 1000000) == most);
    ck_assert(ry_arena_ledger_fee(most, -1000000) == -most);
}
END_TEST

START_TEST(conservation_can_fail)
{
    struct rig b = open_trading(100);
    order(&b, 0, 1, RY_BUY, 10000, 5, 0);
    add(&b, 1, RY_SELL, 10000, 5);
    ck_assert(ry_arena_conserves(b.arena));
    ck_assert_int_eq(ry_arena_position(b.arena, 0, 0), 5);
    ck_assert_int_eq(ry_arena_position(b.arena, RY_OWNER_RECORDED, 0), -5);
    b.arena->agent[0].cash++;
    ck_assert(!ry_arena_conserves(b.arena));
    b.arena->agent[0].cash--;
    ry_arena_holding_at(b.arena, 0, 0)->position++;
    ck_assert(!ry_arena_conserves(b.arena));
    arena_close(&b);
}
END_TEST

START_TEST(turns_and_malformed)
{
    struct ry_input_battle battle = battle_of(10, 1, 1);
    struct rig b = arena_open(&battle);
    ck_assert_ptr_null(ry_arena_battle(b.arena));
    ck_assert_int_eq(event(&b, (struct ry_input){.head = {.kind = RY_IN_TIME}}),
                     RY_ARENA_APPLIED_MALFORMED);
    union ry_input_any bad = {.battle = battle};
    bad.battle.market = 1;
    ck_assert_int_eq(put(&b, &bad), RY_ARENA_APPLIED_MALFORMED);
    arena_configure(&b, &battle, 100);
    ck_assert_int_eq(put(&b, &(union ry_input_any){.battle = battle}), RY_ARENA_APPLIED_MALFORMED);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), 1000);
    arena_start(&b);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER);
    const struct ry_input wrong[] = {
        {.head = {.kind = 0}},
        {.head = {.kind = RY_IN_FEED_END}},
        {.head = {.kind = RY_IN_ADD, .instrument = 1}, .ref = 1, .side = 1, .price = 1, .qty = 1},
        {.head = {.kind = RY_IN_ADD}, .ref = 1, .side = 0, .price = 1, .qty = 1},
        {.head = {.kind = RY_IN_ADD}, .ref = 1, .side = 1, .price = RY_PRICE_ABS_MAX + 1, .qty = 1},
        {.head = {.kind = RY_IN_ADD}, .ref = 1, .side = 1, .price = 1, .qty = 0},
        {.head = {.kind = RY_IN_EXEC, .flags = RY_INF_PRICED},
         .price = -RY_PRICE_ABS_MAX - 1,
         .qty = 1},
        {.head = {.kind = RY_IN_EXEC}, .qty = 0},
        {.head = {.kind = RY_IN_AUCTION}, .qty = 0},
        {.head = {.kind = RY_IN_AUCTION, .flags = RY_INF_PRICED},
         .price = RY_PRICE_ABS_MAX + 1,
         .qty = 1},
        {.head = {.kind = RY_IN_CANCEL}, .qty = 0},
        {.head = {.kind = RY_IN_CANCEL, .flags = RY_INF_ALL}, .qty = 1},
        {.head = {.kind = RY_IN_REPLACE}, .price = RY_PRICE_ABS_MAX + 1, .qty = 1},
        {.head = {.kind = RY_IN_REPLACE}, .price = 1, .qty = 0},
        {.head = {.kind = RY_IN_PRINT}, .price = RY_PRICE_ABS_MAX + 1, .qty = 1},
        {.head = {.kind = RY_IN_PRINT}, .price = 1, .qty = 0},
        {.head = {.kind = RY_IN_LAST}, .price = -RY_PRICE_ABS_MAX - 1, .qty = 1},
        {.head = {.kind = RY_IN_LAST}, .price = 1, .qty = 0},
        {.head = {.kind = RY_IN_LAST}, .side = 3, .price = 1, .qty = 1},
        {.head = {.kind = RY_IN_CLEAR, .instrument = 1}},
        {.head = {.kind = RY_IN_STATE}, .qty = 2},
        {.head = {.kind = RY_IN_SESSION}, .qty = 2},
        {.head = {.kind = RY_IN_ORDER, .source = RY_SOURCE_AGENT + 1}, .qty = 1},
        {.head = {.kind = RY_IN_ORDER, .source = RY_SOURCE_FEED}, .qty = 1},
        {.head = {.kind = RY_IN_AGENT_DIED}, .qty = 1},
    };
    uint64_t before = ry_arena_counters(b.arena)->malformed;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_msg(event(&b, wrong[i]) == RY_ARENA_APPLIED_MALFORMED, "case %zu", i);
        ck_assert_uint_eq(b.kept->markets + b.kept->reports, 0);
    }
    ck_assert_uint_eq(ry_arena_counters(b.arena)->malformed - before,
                      sizeof wrong / sizeof wrong[0]);
    add(&b, 1, RY_BUY, -RY_PRICE_ABS_MAX, 1);
    b.time = 999;
    ck_assert_int_eq(event(&b, (struct ry_input){.head = {.kind = RY_IN_TIME}}),
                     RY_ARENA_APPLIED_MALFORMED);
    b.time = 1000;
    ck_assert_int_eq(event(&b, (struct ry_input){.head = {.kind = RY_IN_END}}), RY_ARENA_APPLIED);
    want_market(&b, 0, RY_MK_END, 0, 0, 0);
    ck_assert(ry_arena_ended(b.arena));
    ck_assert_int_eq(event(&b, (struct ry_input){.head = {.kind = RY_IN_END}}),
                     RY_ARENA_APPLIED_MALFORMED);
    end(&b);
}
END_TEST

START_TEST(market_order_beyond_the_tick)
{
    struct rig b = open_trading(10);
    /* band 50 */
    event(&b, (struct ry_input){.head = {.kind = RY_IN_LAST}, .price = 101, .qty = 1});
    order(&b, 0, 1, RY_BUY, 0, 5, RY_INF_MARKET);
    ck_assert_int_eq(b.kept->report[0].price, 100); /* 151 down */
    order(&b, 0, 2, RY_SELL, 0, 5, RY_INF_MARKET);
    ck_assert_int_eq(b.kept->report[0].price, 100); /* 51 up */
    event(&b, (struct ry_input){.head = {.kind = RY_IN_LAST}, .price = -101, .qty = 1});
    order(&b, 0, 3, RY_BUY, 0, 5, RY_INF_MARKET);
    ck_assert_int_eq(b.kept->report[0].price, -100); /* -51 down */
    order(&b, 0, 4, RY_SELL, 0, 5, RY_INF_MARKET);
    ck_assert_int_eq(b.kept->report[0].price, -100); /* -151 up */
    event(&b, (struct ry_input){.head = {.kind = RY_IN_LAST}, .price = RY_PRICE_ABS_MAX, .qty = 1});
    order(&b, 0, 5, RY_BUY, 0, 5, RY_INF_MARKET);
    ck_assert_int_eq(b.kept->report[0].price, RY_PRICE_ABS_MAX);
    want_report(&b, 1, RY_RP_CANCELED, 0, 5, RY_CANCEL_IOC);
    end(&b);
}
END_TEST

START_TEST(untouched_memory_costs_nothing)
{
    struct ry_input_battle battle = battle_of(4u << 20, RY_INSTRUMENTS_MAX, 8);
    struct rig b = arena_open(&battle);
    arena_configure(&b, &battle, 100);
    arena_start(&b);
    for (uint64_t ref = 1; ref <= 1000; ref++)
        add(&b, ref, RY_BUY, 10000 - 100 * (int64_t)(ref % 50), 1);
    size_t pages = (b.bytes + 4095) / 4096;
    unsigned char *in = malloc(pages);
    ck_assert_int_eq(mincore(b.arena, b.bytes, in), 0);
    size_t resident = 0;
    for (size_t i = 0; i < pages; i++)
        resident += in[i] & 1;
    ck_assert_uint_lt(resident * 4096, 40u << 20);
    free(in);
    arena_close(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_rules");
    TCase *c = tcase_create("rules");
    tcase_add_test(c, agent_ahead_makes_surplus);
    tcase_add_test(c, spent_reference_leaves_surplus);
    tcase_add_test(c, displaced_and_unmet);
    tcase_add_test(c, replace_carries_the_deficit);
    tcase_add_test(c, add_and_print_take_agents);
    tcase_add_test(c, two_agents_meet);
    tcase_add_test(c, halt_and_resumption);
    tcase_add_test(c, death_cancels);
    tcase_add_test(c, ids_last_given_back_first);
    tcase_add_test(c, cancels);
    tcase_add_test(c, another_battle_that_fits);
    tcase_add_test(c, full_book);
    tcase_add_test(c, fees_round_against_the_agent);
    tcase_add_test(c, conservation_can_fail);
    tcase_add_test(c, turns_and_malformed);
    tcase_add_test(c, market_order_beyond_the_tick);
    tcase_add_test(c, untouched_memory_costs_nothing);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
