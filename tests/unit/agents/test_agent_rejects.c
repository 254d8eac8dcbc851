/*
 * Every answer to an order that is refused, on its whole way: the strategy's call, the host's
 * rings, the machine's checks, the report back through the host to the strategy. Whatever a
 * strategy asks for, it is answered and plays on.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "agents/api.h"
#include "tests/support/exec_rig.h"

#define SECOND RY_NS_PER_SECOND

static struct desk {
    struct ry_battle *battle;
    void *arena_memory;
    size_t arena_bytes;
    struct ry_arena *arena;
    struct ry_arena_sink sink;
    struct ry_report report[32]; /* of one input; the reports come before the group */
    struct ry_market market[64];
    unsigned reports, markets;
    struct ry_ring_writer to_link, log;
    struct ry_ring_reader from_commands, from_log;
    struct ry_ring_position commands_read, link_read;
    bool began;           /* START was given: nothing of the market is told from there on */
    uint64_t wakes, acks; /* given, acknowledged */
    int64_t timer;        /* of the last ACK */
    struct ry_host host;
    struct ry_host_api api;
    void *ring[3];
    void *host_memory;
    int64_t now;
    uint64_t seq;
    void (*ask)(struct ry_agent *agent); /* what the strategy does at its next timer */
    struct ry_report_event got;          /* the last report */
    unsigned gots, stops;
    uint64_t asked; /* the number of the last order */
} desk;

/* ---- the strategy: once a second, what the test wants ---------------------------------------- */

static void desk_timer(struct ry_agent *agent)
{
    if (desk.ask != NULL)
        desk.ask(agent);
    ry_timer(agent, ry_now(agent) + SECOND);
}

static void desk_start(struct ry_agent *agent)
{
    ck_assert(ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_STATES));
    ry_timer(agent, ry_now(agent) + SECOND);
}

static void desk_report(struct ry_agent *agent, const struct ry_report_event *report)
{
    (void)agent;
    desk.got = *report;
    desk.gots++;
}

static void desk_stop(struct ry_agent *agent)
{
    (void)agent;
    desk.stops++;
}

static const struct ry_strategy asks = {.abi = RY_AGENT_ABI,
                                        .bytes = sizeof(struct ry_strategy),
                                        .start = desk_start,
                                        .report = desk_report,
                                        .timer = desk_timer,
                                        .stop = desk_stop};

/* ---- the machine, and what exec does between it and the host --------------------------------- */

static void keep_report(void *context, const struct ry_report *report)
{
    (void)context;
    ck_assert_uint_lt(desk.reports, 32);
    desk.report[desk.reports++] = *report;
}

static void keep_market(void *context, const struct ry_market *market)
{
    (void)context;
    ck_assert_uint_lt(desk.markets, 64);
    desk.market[desk.markets++] = *market;
}

static void keep_game(void *context, const struct ry_game *game)
{
    (void)context;
    (void)game;
}

static void give_wake(enum ry_wake_kind by, int64_t time)
{
    const struct ry_told_wake wake = {
        .kind = RY_TOLD_WAKE, .slots = 1, .by = (uint8_t)by, .number = ++desk.wakes, .time = time};
    ry_ring_write(&desk.to_link, &wake, 1);
}

/* As core/exec tells an agent that asked for nothing of the market but whether it trades. */
static void put(const union ry_input_any *input)
{
    desk.reports = desk.markets = 0;
    ck_assert_int_eq(ry_arena_apply(desk.arena, input, &desk.sink), RY_ARENA_APPLIED);
    for (unsigned i = 0; i < desk.reports; i++) {
        ry_ring_write(&desk.to_link, &desk.report[i], 2);
        give_wake(RY_WAKE_REPORT, desk.now);
    }
    for (unsigned i = 0; i < desk.markets; i++) {
        const struct ry_market *market = &desk.market[i];
        if (market->kind == RY_MK_STATE || (market->kind == RY_MK_CHANGE && !desk.began))
            ry_ring_write(&desk.to_link, market, 1);
        if (market->kind == RY_MK_START)
            give_wake(RY_WAKE_START, desk.now);
        desk.began |= market->kind == RY_MK_START;
    }
}

static void put_event(struct ry_input event)
{
    event.head.slots = 1;
    event.head.time = desk.now;
    event.head.source_seq = ++desk.seq;
    put(&(union ry_input_any){.event = event});
}

static void put_add(uint64_t ref, enum ry_side side, int64_t price)
{
    put_event((struct ry_input){.head = {.kind = RY_IN_ADD, .source = RY_SOURCE_FEED},
                                .ref = ref,
                                .side = (uint8_t)side,
                                .price = price,
                                .qty = 10});
}

static void put_last(int64_t price)
{
    put_event((struct ry_input){
        .head = {.kind = RY_IN_LAST, .source = RY_SOURCE_FEED}, .price = price, .qty = 1});
}

static bool host_turn(void)
{
    struct ry_host_wake wake;
    switch (ry_host_next(&desk.host, &wake)) {
    case RY_HOST_WAKE:
        ry_host_api_wake(&desk.api, &wake);
        ck_assert_msg(!desk.api.failed, "the agent is dead: %s", desk.api.reason);
        ry_host_done(&desk.host);
        return true;
    case RY_HOST_SEEN: return true;
    case RY_HOST_OUT: ry_host_api_stop(&desk.api, &wake.report); return false;
    case RY_HOST_LOST: ck_abort_msg("lost"); return false;
    case RY_HOST_NONE:
    case RY_HOST_BLOCKED:
    case RY_HOST_END: break;
    }
    return false;
}

/* What the agent sent becomes inputs, as core/exec/source_agent.c makes them. */
static unsigned take_commands(void)
{
    union ry_command_any command;
    unsigned taken = 0;
    while (ry_ring_read(&desk.from_commands, &command) > 0) {
        ry_ring_position_store(&desk.commands_read, ry_ring_next(&desk.from_commands));
        ck_assert_uint_eq(command.command.wake, desk.acks + 1);
        if (command.command.kind == RY_CM_ACK) {
            desk.acks++;
            desk.timer = command.command.timer;
        }
        if (command.command.kind != RY_CM_ORDER && command.command.kind != RY_CM_CANCEL)
            continue;
        taken++;
        struct ry_input event = {.head = {.kind = RY_IN_ORDER_CANCEL, .source = RY_SOURCE_AGENT},
                                 .ref = command.command.cl_ord_id};
        if (command.command.kind == RY_CM_ORDER) {
            event.head.kind = RY_IN_ORDER;
            event.head.instrument = command.command.instrument;
            event.head.flags = command.command.flags;
            event.price = command.command.price;
            event.qty = command.command.qty;
            event.side = command.command.side;
        }
        put_event(event);
    }
    return taken;
}

static void until_quiet(void)
{
    do {
        while (host_turn()) {
        }
    } while (take_commands() > 0);
    ck_assert_uint_eq(desk.acks, desk.wakes);
}

/* The strategy does this a second later; the code of the last report, which must be the first one
 * if it is a reject. */
static unsigned code_of(void (*ask)(struct ry_agent *agent))
{
    desk.ask = ask;
    desk.gots = 0;
    desk.asked = 0;
    desk.now += SECOND;
    ck_assert_int_eq(desk.timer, desk.now);
    give_wake(RY_WAKE_TIMER, desk.now);
    until_quiet();
    desk.ask = NULL;
    ck_assert_uint_ge(desk.gots, 1);
    if (desk.got.kind != RY_REPORT_REJECTED)
        return RY_REJECT_NONE;
    return desk.got.code;
}

static void open_desk(bool trading)
{
    memset(&desk, 0, sizeof desk);
    desk.battle = rig_battle(1, 2, RY_TIME_NEVER);
    desk.battle->agents = 1;
    desk.battle->orders_max = 6;
    desk.battle->commands_max = 16;
    desk.battle->agent[0] = (struct ry_battle_agent){.cash = INT64_C(1000000000000),
                                                     .notional_max = INT64_C(10000) * 100 * 30,
                                                     .position_max = 60,
                                                     .loss_max = INT64_MAX,
                                                     .quantity_max = 35,
                                                     .open_orders_max = 3,
                                                     .rate_max = 8,
                                                     .collar_ppm = 100000};
    strcpy(desk.battle->agent[0].name, "tested");
    desk.sink =
        (struct ry_arena_sink){.report = keep_report, .market = keep_market, .game = keep_game};

    union ry_input_any record;
    ry_exec_configure(desk.battle, 0, &record);
    desk.arena_bytes = ry_arena_footprint(&record.battle);
    desk.arena_memory = mmap(NULL, desk.arena_bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(desk.arena_memory, MAP_FAILED);
    desk.arena = ry_arena_create(desk.arena_memory, desk.arena_bytes, &record.battle);
    ck_assert_ptr_nonnull(desk.arena);

    struct ry_host_parts parts = {
        .commands_read = &desk.commands_read,
        .link_read = &desk.link_read,
        .instruments = 2,
        .commands_max = 16,
        .see = ry_host_api_see,
        .see_report = ry_host_api_see_report,
        .context = &desk.api,
    };
    struct ry_ring_writer *const writer[] = {&desk.to_link, &parts.commands, &desk.log};
    struct ry_ring_reader *const reader[] = {&parts.link, &desk.from_commands, &desk.from_log};
    for (unsigned i = 0; i < 3; i++) {
        desk.ring[i] = rig_memory(ry_ring_footprint(1024));
        ry_ring_create(writer[i], desk.ring[i], 1024);
        ck_assert_int_eq(ry_ring_join(reader[i], desk.ring[i], ry_ring_footprint(1024)), 0);
    }
    parts.memory = desk.host_memory = rig_memory(ry_host_footprint(&parts));
    ry_host_start(&desk.host, &parts);
    ck_assert(ry_host_woken_by_market(&desk.host)); /* until start says otherwise */
    ck_assert_msg(ry_host_api_open(&desk.api, desk.battle, 0, &desk.host, &desk.log) == 0, "%s",
                  desk.api.reason);
    ck_assert_int_eq(ry_host_api_attach(&desk.api, &asks), 0);

    for (unsigned i = 0; i < ry_exec_configured(desk.battle); i++) {
        ry_exec_configure(desk.battle, i, &record);
        put(&record);
    }
    desk.now = desk.battle->trade_from;
    put_event((struct ry_input){.head = {.kind = RY_IN_TIME, .source = RY_SOURCE_CONTROL}});
    until_quiet();
    if (trading)
        put_last(10000);
    ck_assert(!ry_host_woken_by_market(&desk.host));
}

static void close_desk(void)
{
    ck_assert(ry_arena_conserves(desk.arena));
    ck_assert(!desk.api.failed);
    ry_host_api_close(&desk.api);
    for (unsigned i = 0; i < 3; i++)
        free(desk.ring[i]);
    free(desk.host_memory);
    munmap(desk.arena_memory, desk.arena_bytes);
    free(desk.battle);
}

/* ---- what a strategy asks for ---------------------------------------------------------------- */

static struct {
    unsigned instrument;
    unsigned side; /* enum ry_side, or none of it */
    uint32_t qty;
    int64_t price;
    unsigned type; /* likewise */
    unsigned times;
} wish;

static void order_it(struct ry_agent *agent)
{
    for (unsigned i = 0; i < wish.times; i++)
        desk.asked = ry_order(agent, wish.instrument, (enum ry_side)wish.side, wish.qty, wish.price,
                              (enum ry_order_type)wish.type);
}

static void cancel_it(struct ry_agent *agent)
{
    ck_assert(ry_cancel(agent, 4711));
}

static void order_the_same_number(struct ry_agent *agent)
{
    desk.api.cl_ord_id--; /* no strategy can: ry_order counts */
    order_it(agent);
}

/* A field set twice in an initializer is meant: the last counts. */
#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#endif
#define WISH(...)                                                                                  \
    ((__typeof__(wish)){                                                                           \
        .side = RY_BUY, .qty = 10, .price = 9900, .type = RY_LIMIT, .times = 1, __VA_ARGS__})
#define ck_answer(code_wanted, ...)                                                                \
    do {                                                                                           \
        wish = WISH(__VA_ARGS__);                                                                  \
        ck_assert_uint_eq(code_of(order_it), code_wanted);                                         \
        ck_assert_uint_ne(desk.asked, 0);                                                          \
        ck_assert_uint_eq(desk.got.cl_ord_id, desk.asked);                                         \
    } while (0)

START_TEST(each_reject)
{
    open_desk(true);
    ck_answer(RY_REJECT_NONE, .times = 1);
    wish = WISH(.times = 1);
    ck_assert_uint_eq(code_of(order_the_same_number), RY_REJECT_DUPLICATE);
    ck_answer(RY_REJECT_MALFORMED, .side = RY_SIDE_NONE);
    ck_answer(RY_REJECT_MALFORMED, .type = RY_MARKET); /* with a price */
    ck_answer(RY_REJECT_INSTRUMENT, .instrument = 2);
    ck_answer(RY_REJECT_QUANTITY, .qty = 0);
    ck_answer(RY_REJECT_QUANTITY, .qty = 36);
    ck_answer(RY_REJECT_NO_REFERENCE, .instrument = 1);
    ck_answer(RY_REJECT_PRICE, .price = 9901);
    ck_answer(RY_REJECT_COLLAR, .price = 5000);
    ck_answer(RY_REJECT_NOTIONAL, .qty = 31);
    ck_answer(RY_REJECT_NONE, .qty = 20);
    ck_answer(RY_REJECT_NONE, .qty = 20);
    ck_answer(RY_REJECT_OPEN_ORDERS, .times = 1);
    ck_assert_uint_eq(code_of(cancel_it), RY_REJECT_UNKNOWN_ORDER);
    ck_assert_uint_eq(desk.got.cl_ord_id, 4711);
    close_desk();

    open_desk(true);
    ck_answer(RY_REJECT_NONE, .qty = 30);
    ck_answer(RY_REJECT_NONE, .qty = 30);
    ck_answer(RY_REJECT_POSITION, .qty = 1);
    ck_answer(RY_REJECT_RATE, .side = RY_SELL, .price = 10000, .qty = 1, .type = RY_IOC,
              .times = 9);
    close_desk();

    open_desk(true);
    for (unsigned i = 0; i < 6; i++)
        put_add(i + 1, RY_SELL, 10100);
    ck_answer(RY_REJECT_CAPACITY, .times = 1);
    put_event((struct ry_input){.head = {.kind = RY_IN_STATE, .source = RY_SOURCE_FEED},
                                .qty = RY_STATE_HALTED});
    ck_answer(RY_REJECT_NOT_TRADING, .times = 1);
    close_desk();
}
END_TEST

/* Whatever number a strategy takes for an instrument: refused, never that of another one. */
START_TEST(instruments_that_do_not_exist)
{
    static const unsigned wrong[] = {2, 65535, 65536, 65537, 70000, 131072, ~0u};
    open_desk(true);
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_answer(RY_REJECT_INSTRUMENT, .instrument = wrong[i]);
        ck_assert_uint_eq(desk.got.instrument, wrong[i] < UINT16_MAX ? wrong[i] : UINT16_MAX);
        ck_assert_uint_eq(desk.got.qty, 10);
    }
    ck_answer(RY_REJECT_NONE, .times = 1);
    ck_assert_uint_eq(desk.api.invalid, 0);
    close_desk();
}
END_TEST

START_TEST(sides_and_types_that_do_not_exist)
{
    static const unsigned wrong_side[] = {0, 3, 255, 256, 257, 258, ~0u};
    static const unsigned wrong_type[] = {3, 9, 255, 256, 257, 258, 65536, ~0u};
    open_desk(true);
    for (unsigned i = 0; i < sizeof wrong_side / sizeof *wrong_side; i++)
        ck_answer(RY_REJECT_MALFORMED, .side = wrong_side[i]);
    for (unsigned i = 0; i < sizeof wrong_type / sizeof *wrong_type; i++)
        ck_answer(RY_REJECT_MALFORMED, .type = wrong_type[i]);
    ck_answer(RY_REJECT_NONE, .times = 1);
    close_desk();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_rejects");
    TCase *c = tcase_create("rejects");
    tcase_add_test(c, each_reject);
    tcase_add_test(c, instruments_that_do_not_exist);
    tcase_add_test(c, sides_and_types_that_do_not_exist);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
