/*
 * One agent in a closed loop with exec: the real core of exec (merge, machine, delivery), the
 * real core of a host and the strategy's real API, each pinned to a core of its own, on rings of
 * their real sizes.
 *
 * A recorded order appears, the agent takes it (IOC), the fill comes back. The next recorded order
 * lies ready, but exec may not apply it before the agent has acknowledged all that the last one led
 * to: so nothing is paced, and each loop is two round trips between the cores:
 *
 *   acknowledged -> exec applies and gives the market record -> seen: callback -> order ->
 *   exec applies it, gives the reports -> ACCEPTED seen: callback -> FILL seen: callback
 *
 * All stamps are taken on the agent's core. A market record takes half a ping-pong to be seen,
 * which is in the whole loop and not in the lines that begin with `market record seen`.
 *
 * Left out: the processes' run loops (heartbeat, counters, waking sleepers), feed and journal
 * (exec's thread plays both: the day lies in the event ring, the input ring always has room).
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "agents/api.h"
#include "core/exec/configure.h"
#include "core/exec/exec.h"
#include "shm/clock.h"
#include "tests/support/bench.h"

#define LOOPS          40000u /* a run, without its warm-up */
#define LOOPS_BUSY     500u   /* nothing is claimed; that it works is shown */
#define EVENTS_SLOTS   (UINT64_C(1) << 17)
#define LATENCY_NS     1000
#define LOOP_NS        10000 /* of market time */
#define FROM           (INT64_C(1767571200) * RY_NS_PER_SECOND)
#define PRICE          INT64_C(1000000)
#define SPINS_TO_YIELD 4096

enum line { WHOLE, ACCEPTED, FILLED, LINES };

static const char *const line_name[LINES] = {
    "acknowledged -> record -> order -> FILL seen",
    "market record seen -> order -> ACCEPTED seen",
    "market record seen -> order -> FILL seen",
};

/* One battle, made anew for each run. */
static struct world {
    struct ry_battle *battle;
    struct ry_exec exec;
    struct ry_exec_link link_head;
    struct ry_exec_positions positions;
    struct ry_ring_position journal;
    struct ry_agent_commands commands_head;
    struct ry_host host;
    struct ry_host_api api;
    void *memory[16];
    size_t bytes[16];
    unsigned memories;
} world;

static struct {
    uint64_t released, began, seen; /* ticks */
    uint64_t fills, loops, warm_up;
    int64_t first_ns, last_ns; /* when the warm-up was over, and the last loop */
    struct ry_bench_samples samples[LINES];
} loop;

/* ---- the strategy ---------------------------------------------------------------------------- */

static void start(struct ry_agent *agent)
{
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_ORDERS | RY_INTEREST_WAKE_BOOK);
}

static void market(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    if (count != 1 || !event->fresh)
        return; /* the agent's own trade */
    loop.seen = ry_clock_ticks();
    loop.began = loop.released;
    ry_order(agent, 0, event->side == RY_BUY ? RY_SELL : RY_BUY, (uint32_t)event->qty, event->price,
             RY_IOC);
}

static void sample(enum line line, uint64_t since)
{
    if (loop.fills >= loop.warm_up)
        ry_bench_sample(&loop.samples[line], ry_clock_ticks() - since);
}

static void report(struct ry_agent *agent, const struct ry_report_event *event)
{
    (void)agent;
    if (event->kind == RY_REPORT_ACCEPTED)
        sample(ACCEPTED, loop.seen);
    if (event->kind != RY_REPORT_FILL)
        return;
    sample(FILLED, loop.seen);
    sample(WHOLE, loop.began);
    if (++loop.fills == loop.warm_up)
        loop.first_ns = ry_clock_ns();
    if (loop.fills == loop.loops)
        loop.last_ns = ry_clock_ns();
}

static const struct ry_strategy taker = {.abi = RY_AGENT_ABI,
                                         .bytes = sizeof(struct ry_strategy),
                                         .start = start,
                                         .market = market,
                                         .report = report};

/* ---- the battle ------------------------------------------------------------------------------ */

static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert(memory != MAP_FAILED && world.memories < sizeof world.bytes / sizeof *world.bytes);
    world.bytes[world.memories] = bytes;
    world.memory[world.memories++] = memory;
    return memory;
}

static void make_ring(uint64_t slots, struct ry_ring_writer *writer, struct ry_ring_reader *reader)
{
    void *memory = reserve(ry_ring_footprint(slots));
    ry_ring_create(writer, memory, slots);
    if (reader != NULL && ry_ring_join(reader, memory, ry_ring_footprint(slots)) != 0)
        abort();
}

static struct ry_battle *make_battle(void)
{
    struct ry_battle *battle = reserve(ry_battle_bytes(1));
    *battle = (struct ry_battle){.abi = RY_BATTLE_ABI,
                                 .name = "bench",
                                 .seed = 1,
                                 .currency = "USD",
                                 .midnight = FROM,
                                 .warmup_from = FROM,
                                 .trade_from = FROM + 50,
                                 .trade_to = RY_TIME_NEVER,
                                 .orders_max = 1u << 20,
                                 .feeds = 1,
                                 .instruments = 1,
                                 .agents = 1,
                                 .commands_max = 64};
    battle->feed[0] = (struct ry_battle_feed){.name = "feed"};
    battle->instrument[0] = (struct ry_battle_instrument){
        .symbol = "RYA", .tick_size = 100, .money_per_unit = 100, .price_scale = 4};
    battle->agent[0] = (struct ry_battle_agent){.name = "taker",
                                                .cash = INT64_C(1000000) * RY_MONEY_UNIT,
                                                .latency_ns = LATENCY_NS,
                                                .notional_max = INT64_C(1) << 50,
                                                .position_max = 1000,
                                                .loss_max = INT64_C(1) << 50,
                                                .quantity_max = 1000,
                                                .open_orders_max = 10,
                                                .rate_max = 1000000,
                                                .collar_ppm = 100000};
    return battle;
}

static void put_event(struct ry_ring_writer *events, struct ry_input event)
{
    event.head.slots = 1;
    event.head.source_seq = ry_ring_written(events) + 1;
    ry_ring_write(events, &event, 1);
}

/* A recorded order to take each LOOP_NS, buys and sells in turn; while the agent thinks about one,
 * the one before, of which nothing is left, leaves the record. */
static void put_day(struct ry_ring_writer *events, uint64_t loops)
{
    int64_t time = FROM;
    put_event(events, (struct ry_input){
                          .head = {.kind = RY_IN_LAST, .time = time}, .price = PRICE, .qty = 1});
    for (uint64_t i = 1; i <= loops; i++) {
        time += LOOP_NS;
        put_event(events, (struct ry_input){.head = {.kind = RY_IN_ADD, .time = time},
                                            .ref = i,
                                            .price = PRICE,
                                            .qty = 1,
                                            .side = i % 2 ? RY_SELL : RY_BUY});
        if (i > 1)
            put_event(events,
                      (struct ry_input){
                          .head = {.kind = RY_IN_CANCEL, .flags = RY_INF_ALL, .time = time + 1},
                          .ref = i - 1});
    }
    /* the END comes with the last record: the last order is to arrive before it */
    put_event(events, (struct ry_input){.head = {.kind = RY_IN_LAST, .time = time + LOOP_NS},
                                        .price = PRICE,
                                        .qty = 1});
    put_event(events, (struct ry_input){.head = {.kind = RY_IN_FEED_END, .time = time + LOOP_NS}});
}

static void open_agent(struct ry_exec_parts *parts, struct ry_host_parts *host)
{
    struct ry_exec_parts_agent *part = &parts->agent[0];
    make_ring(RY_LINK_SLOTS, &part->link, &host->link);
    make_ring(RY_COMMANDS_SLOTS, &host->commands, &part->commands);
    part->link_head = &world.link_head;
    part->commands_head = &world.commands_head;
    host->commands_read = &world.link_head.commands;
    host->link_read = &world.commands_head.link;
    host->instruments = 1;
    host->commands_max = world.battle->commands_max;
    host->see = ry_host_api_see;
    host->see_report = ry_host_api_see_report;
    host->context = &world.api;
    host->memory = reserve(ry_host_footprint(host));
    ry_host_start(&world.host, host);
    if (ry_host_api_open(&world.api, world.battle, 0, &world.host, NULL) != 0 ||
        ry_host_api_attach(&world.api, &taker) != 0)
        abort();
}

static void open_world(uint64_t loops)
{
    memset(&world, 0, sizeof world);
    world.battle = make_battle();
    union ry_input_any record;
    ry_exec_configure(world.battle, 0, &record);
    size_t bytes = ry_arena_footprint(&record.battle);
    void *memory = reserve(bytes);
    (void)madvise(memory, bytes, MADV_HUGEPAGE); /* as exec does */
    struct ry_exec_parts parts = {
        .battle = world.battle,
        .arena = ry_arena_create(memory, bytes, &record.battle),
        .positions = &world.positions,
        .journal = &world.journal,
        .stream_max = RY_EXEC_STREAM_RECORDS,
    };
    struct ry_host_parts host = {0};
    struct ry_ring_writer events, control;
    parts.memory = reserve(ry_exec_footprint(world.battle, parts.stream_max));
    make_ring(RY_INPUTS_SLOTS, &parts.inputs, NULL);
    make_ring(RY_CONTROL_SLOTS, &control, &parts.control);
    make_ring(EVENTS_SLOTS, &events, &parts.events[0]);
    put_day(&events, loops);
    open_agent(&parts, &host);
    ry_exec_start(&world.exec, &parts);
}

static void close_world(void)
{
    ry_host_api_close(&world.api);
    for (unsigned i = 0; i < world.memories; i++)
        munmap(world.memory[i], world.bytes[i]);
}

/* ---- the two sides --------------------------------------------------------------------------- */

static void *run_exec(void *unused)
{
    (void)unused;
    unsigned spins = 0;
    ry_bench_pin(1);
    while (world.exec.phase != RY_EXEC_DONE)
        if (ry_exec_step(&world.exec) > 0)
            ry_ring_position_store(&world.journal, ry_ring_written(&world.exec.inputs));
        else if (++spins % SPINS_TO_YIELD == 0)
            sched_yield();
    return NULL;
}

static enum ry_host_result run_host(void)
{
    struct ry_host_wake wake;
    unsigned spins = 0;
    for (;;) {
        enum ry_host_result result = ry_host_next(&world.host, &wake);
        if (result >= RY_HOST_OUT)
            return result;
        if (result == RY_HOST_WAKE) {
            ry_host_api_wake(&world.api, &wake);
            loop.released = ry_clock_ticks();
            ry_host_done(&world.host);
        } else if (result != RY_HOST_SEEN && ++spins % SPINS_TO_YIELD == 0) {
            sched_yield();
        }
    }
}

/* Thousand loops a second; 0: it was not the battle that it should be. */
static double one_run(uint64_t *hash)
{
    pthread_t thread;
    loop.fills = 0;
    open_world(loop.loops);
    ry_bench_pin(0);
    if (pthread_create(&thread, NULL, run_exec, NULL) != 0)
        abort();
    enum ry_host_result result = run_host();
    pthread_join(thread, NULL);
    double seconds = (double)(loop.last_ns - loop.first_ns) / 1e9;
    const struct ry_exec_counters *counters = &world.exec.counters;
    bool sound = result == RY_HOST_END && !world.api.failed && !world.exec.failed &&
                 loop.fills == loop.loops && counters->commands_foreign == 0 &&
                 counters->not_reproducible == 0;
    *hash = counters->output_hash;
    close_world();
    return sound ? (double)(loop.loops - loop.warm_up) / seconds / 1e3 : 0;
}

int main(void)
{
    double rate[RY_BENCH_RUNS];
    uint64_t hash = 0, first = 0;
    ry_bench_begin("agent", 2);
    loop.loops = ry_bench_oversubscribed() ? LOOPS_BUSY : LOOPS;
    loop.warm_up = loop.loops / RY_BENCH_WARM_UP_SHARE;
    for (int i = 0; i < LINES; i++)
        ry_bench_samples_open(&loop.samples[i], LOOPS * RY_BENCH_RUNS);
    one_run(&first); /* warms up */
    for (int i = 0; i < LINES; i++)
        loop.samples[i].count = 0;
    ry_bench_pp_now();
    for (unsigned i = 0; i < RY_BENCH_RUNS; i++) {
        rate[i] = one_run(&hash);
        if (rate[i] <= 0 || hash != first) {
            fprintf(stderr,
                    "bench_agent: run %u: another battle (output hash %016llx, first %016llx)\n", i,
                    (unsigned long long)hash, (unsigned long long)first);
            return 1;
        }
    }
    ry_bench_rate("closed loop with one agent", "k/s", rate, RY_BENCH_RUNS);
    for (int i = 0; i < LINES; i++) {
        ry_bench_latency(line_name[i], &loop.samples[i], 0);
        ry_bench_samples_close(&loop.samples[i]);
    }
    return ry_bench_end();
}
