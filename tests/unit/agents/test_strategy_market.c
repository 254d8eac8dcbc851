/*
 * The strategies of the house in the machine itself: recorded random orders, the strategy's
 * commands a latency later, and all outputs back. What the agent believes of its money, its
 * position and its orders is what the machine has.
 */
#include <string.h>
#include <sys/mman.h>

#include "core/arena/arena.h"
#include "tests/support/stub/strategy_rig.h"

#define EVENTS      4000
#define EVENT_NS    (STUB_SECOND / 50)
#define LATENCY_NS  INT64_C(1000000)
#define OUTPUTS_MAX 256
#define PENDING_MAX 64
#define REFS        64

struct output {
    bool is_report;
    struct ry_report report;
    struct ry_market market;
};

static struct {
    struct ry_arena *arena;
    size_t bytes;
    struct ry_arena_sink sink;
    struct output output[OUTPUTS_MAX]; /* of one input */
    unsigned outputs;
    struct ry_input pending[PENDING_MAX]; /* commands on their way, in order */
    unsigned pendings;
    uint64_t random, seq;
    unsigned fills, rejects_of[16], orders;
} market;

static uint64_t draw(uint64_t below)
{
    uint64_t z = market.random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return ((z ^ z >> 27) * UINT64_C(0x94d049bb133111eb) >> 33) % below;
}

static void on_report(void *context, const struct ry_report *report)
{
    (void)context;
    ck_assert_uint_lt(market.outputs, OUTPUTS_MAX);
    if (report->agent == 1)
        market.output[market.outputs++] = (struct output){.is_report = true, .report = *report};
}

static void on_market(void *context, const struct ry_market *record)
{
    (void)context;
    ck_assert_uint_lt(market.outputs, OUTPUTS_MAX);
    market.output[market.outputs++] = (struct output){.market = *record};
}

static void on_game(void *context, const struct ry_game *game)
{
    (void)context;
    (void)game;
}

/* What the callback issued is on its way. */
static void send(void)
{
    for (unsigned i = 0; i < stub.count; i++) {
        const struct stub_issued *issued = &stub.issued[i];
        if (issued->kind == RY_CM_DECISION)
            continue;
        ck_assert_uint_lt(market.pendings, PENDING_MAX);
        market.orders += issued->kind == RY_CM_ORDER;
        market.pending[market.pendings++] = (struct ry_input){
            .head = {.kind = issued->kind == RY_CM_ORDER ? RY_IN_ORDER : RY_IN_ORDER_CANCEL,
                     .slots = 1,
                     .instrument = issued->instrument,
                     .source = RY_SOURCE_AGENT + 1,
                     .flags = issued->flags,
                     .time = stub.now + LATENCY_NS},
            .ref = issued->cl_ord_id,
            .price = issued->price,
            .qty = issued->qty,
            .side = (uint8_t)issued->side,
        };
    }
    stub.count = 0;
    ck_assert_msg(!stub.api.failed, "%s", stub.api.reason);
}

/* One input, and the host's delivery of what it made: the levels of a TOP come first. */
static void put(union ry_input_any input)
{
    market.outputs = 0;
    input.head.source_seq = ++market.seq;
    (void)ry_arena_apply(market.arena, &input, &market.sink);
    bool starts = false;
    stub.now = input.head.time;
    for (unsigned i = 0; i < market.outputs; i++) {
        const struct ry_market *record = &market.output[i].market;
        if (market.output[i].is_report)
            continue;
        stub.group = record->group;
        starts |= record->kind == RY_MK_START;
        if (record->kind != RY_MK_START)
            stub_market(*record);
    }
    for (unsigned i = 0; i < market.outputs; i++) {
        const struct output *output = &market.output[i];
        if (output->is_report) {
            market.fills += output->report.kind == RY_RP_FILL;
            market.rejects_of[output->report.kind == RY_RP_REJECTED ? output->report.code : 0]++;
            stub_wake(RY_WAKE_REPORT, &output->report);
            send();
        }
    }
    if (!starts)
        return;
    stub_wake(RY_WAKE_START, NULL);
    send();
}

/* Commands that arrive and timers that come before `until`, in order of time. */
static void catch_up(int64_t until)
{
    for (;;) {
        const int64_t arrival = market.pendings > 0 ? market.pending[0].head.time : RY_TIME_NEVER;
        if (arrival <= stub.timer && arrival < until) {
            const struct ry_input input = market.pending[0];
            memmove(&market.pending[0], &market.pending[1],
                    --market.pendings * sizeof market.pending[0]);
            put((union ry_input_any){.event = input});
        } else if (stub.timer < until) {
            stub_timer();
            send();
        } else {
            return;
        }
    }
}

static void open_market(void)
{
    const struct ry_input_battle battle = {
        .head = {.kind = RY_IN_BATTLE, .slots = 3, .source = RY_SOURCE_CONTROL},
        .seed = 1,
        .trade_from = STUB_START,
        .trade_to = RY_TIME_NEVER,
        .orders_max = stub.battle->orders_max,
        .instruments = 2,
        .agents = 2,
        .fee_maker_ppm = -10,
        .fee_taker_ppm = 20,
        .name = "market",
    };
    memset(&market, 0, sizeof market);
    market.random = 3;
    market.bytes = ry_arena_footprint(&battle);
    void *memory = mmap(NULL, market.bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    market.arena = ry_arena_create(memory, market.bytes, &battle);
    market.sink = (struct ry_arena_sink){.report = on_report, .market = on_market, .game = on_game};
    put((union ry_input_any){.battle = battle});
    for (uint16_t i = 0; i < 2; i++)
        put((union ry_input_any){.instrument = {.head = {.kind = RY_IN_INSTRUMENT,
                                                         .slots = 3,
                                                         .instrument = i,
                                                         .source = RY_SOURCE_FEED},
                                                .symbol = "AAA",
                                                .tick_size = STUB_TICK,
                                                .money_per_unit = 100}});
    const struct ry_battle_agent *limits = &stub.battle->agent[1];
    for (uint16_t i = 0; i < 2; i++)
        put((union ry_input_any){.agent = {.head = {.kind = RY_IN_AGENT,
                                                    .slots = 2,
                                                    .source = (uint16_t)(RY_SOURCE_AGENT + i)},
                                           .cash = limits->cash,
                                           .notional_max = limits->notional_max,
                                           .position_max = limits->position_max,
                                           .quantity_max = limits->quantity_max,
                                           .open_orders_max = limits->open_orders_max,
                                           .rate_max = limits->rate_max,
                                           .collar_ppm = limits->collar_ppm,
                                           .loss_max = INT64_MAX}});
}

/* Both sides of instrument 0 around a slowly moving middle; some prices lie between the ticks. */
static struct ry_input recorded(int64_t time)
{
    struct ry_input in = {.head = {.slots = 1, .source = RY_SOURCE_FEED, .time = time},
                          .ref = draw(REFS),
                          .qty = 1 + (uint32_t)draw(20)};
    const uint64_t dice = draw(10);
    const int64_t middle = 1000000 + (time / STUB_SECOND) % 7 * STUB_TICK;
    if (dice < 6) {
        in.head.kind = RY_IN_ADD;
        in.side = in.ref % 2 ? RY_BUY : RY_SELL;
        const int64_t away = (int64_t)(1 + draw(8)) * STUB_TICK + (draw(4) == 0 ? 50 : 0);
        in.price = in.side == RY_BUY ? middle - away : middle + away;
    } else if (dice < 8) {
        in.head.kind = RY_IN_EXEC;
        in.head.flags = RY_INF_PRINTED;
    } else {
        in.head.kind = RY_IN_CANCEL;
    }
    return in;
}

static bool count_own(void *context, const struct ry_arena_book_order *order)
{
    *(unsigned *)context += order->owner == 1;
    return true;
}

static void compare(void)
{
    struct ry_arena_account account;
    unsigned own = 0;
    ry_arena_account(market.arena, 1, &account);
    ck_assert(account.cash == ry_cash(&stub.api.agent));
    ck_assert_int_eq(ry_position(&stub.api.agent, 0), ry_arena_position(market.arena, 1, 0));
    for (unsigned side = RY_BUY; side <= RY_SELL; side++)
        ry_arena_walk(market.arena, 0, (enum ry_side)side, count_own, &own);
    ck_assert_uint_eq(ry_open_orders(&stub.api.agent, NULL, 0), own);
    ck_assert_uint_eq(account.open_orders, own);
}

static void run(const char *strategy, const char *params)
{
    stub_open(params);
    stub.battle->agent[1].cash = stub.api.cash = 1000 * INT64_C(1000000000); /* nobody goes broke */
    stub_load(strategy);
    open_market();
    for (int64_t i = 0; i < 200; i++)
        put((union ry_input_any){.event = recorded(STUB_START - 200 + i)});
    put((union ry_input_any){.head = {.kind = RY_IN_TIME, .slots = 1, .time = STUB_START}});
    for (int64_t i = 1; i <= EVENTS; i++) {
        catch_up(STUB_START + i * EVENT_NS);
        put((union ry_input_any){.event = recorded(STUB_START + i * EVENT_NS)});
        if (i % 50 == 0)
            compare();
    }
    compare();
    /* Mistakes of a strategy, not of its luck. */
    ck_assert_uint_eq(market.rejects_of[RY_REJECT_MALFORMED], 0);
    ck_assert_uint_eq(market.rejects_of[RY_REJECT_DUPLICATE], 0);
    ck_assert_uint_eq(market.rejects_of[RY_REJECT_INSTRUMENT], 0);
    ck_assert_uint_eq(market.rejects_of[RY_REJECT_QUANTITY], 0);
    ck_assert_uint_eq(market.rejects_of[RY_REJECT_PRICE], 0);
    ck_assert_uint_eq(market.rejects_of[RY_REJECT_COLLAR], 0);
}

static void close_market(void)
{
    munmap(market.arena, market.bytes);
    stub_close();
}

START_TEST(noise_trades)
{
    run("noise", "interval_us=100000\n");
    ck_assert_uint_gt(market.orders, 300);
    ck_assert_uint_gt(market.fills, 50);
    close_market();
}
END_TEST

START_TEST(twap_does_its_quantity)
{
    run("twap", "quantity=-300\nslices=30\nseconds=60\n");
    ck_assert_int_eq(ry_position(&stub.api.agent, 0), -300);
    ck_assert_uint_le(market.orders, 60);
    close_market();
}
END_TEST

START_TEST(maker_stays_within_its_inventory)
{
    run("maker", "size=5\ninventory_max=40\ninterval_ms=200\n");
    ck_assert_uint_gt(market.orders, 50);
    ck_assert_uint_gt(market.fills, 20);
    const int64_t position = ry_position(&stub.api.agent, 0);
    /* one order may be in flight */
    ck_assert_msg(position >= -45 && position <= 45, "%lld", (long long)position);
    ck_assert_uint_le(ry_open_orders(&stub.api.agent, NULL, 0), 4);
    close_market();
}
END_TEST

/* Twice the same: a strategy is a function of its callbacks. */
START_TEST(same_market_same_result)
{
    static const char *const name[] = {"noise", "twap", "maker"};
    for (unsigned i = 0; i < 3; i++) {
        run(name[i], "");
        const uint64_t once = ry_arena_state_hash(market.arena);
        close_market();
        run(name[i], "");
        ck_assert_uint_eq(ry_arena_state_hash(market.arena), once);
        close_market();
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("strategy_market");
    TCase *c = tcase_create("market");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, noise_trades);
    tcase_add_test(c, twap_does_its_quantity);
    tcase_add_test(c, maker_stays_within_its_inventory);
    tcase_add_test(c, same_market_same_result);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
