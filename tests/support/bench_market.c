#include "tests/support/bench_market.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>

#include "shm/clock.h"
#include "shm/ring.h"

#define INSTRUMENT_PRICE 1000
#define BLOCK_BYTES      65536
#define NAP_NS           100000

static void no_report(void *context, const struct ry_report *report)
{
    (void)context;
    (void)report;
}

static void no_market(void *context, const struct ry_market *of)
{
    (void)context;
    (void)of;
}

static const struct ry_arena_sink nobody = {.report = no_report, .market = no_market};

/* ---- the inputs ------------------------------------------------------------------------------ */

static union ry_input_any battle_input(void)
{
    return (union ry_input_any){.battle = {
                                    .head = {.kind = RY_IN_BATTLE, .slots = RY_BATTLE_SLOTS},
                                    .seed = 1,
                                    .trade_to = RY_TIME_NEVER,
                                    .orders_max = 1024,
                                    .agents = RY_BENCH_MARKET_AGENTS,
                                    .instruments = 1,
                                    .round_ns = RY_NS_PER_SECOND * 1000000,
                                    .haircut_ppm = 10000,
                                }};
}

static union ry_input_any instrument_input(void)
{
    union ry_input_any input = {
        .instrument = {.head = {.kind = RY_IN_INSTRUMENT, .slots = 3, .source = RY_SOURCE_FEED},
                       .currency = "USD",
                       .price_scale = 2,
                       .tick_size = 1,
                       .money_per_unit = 10000}};
    memcpy(input.instrument.symbol, "RYA", 4);
    return input;
}

static union ry_input_any agent_input(uint16_t agent)
{
    union ry_input_any input = {.agent = {.head = {.kind = RY_IN_AGENT,
                                                   .slots = 2,
                                                   .source = (uint16_t)(RY_SOURCE_AGENT + agent)},
                                          .cash = INT64_C(1000000000000),
                                          .notional_max = INT64_MAX,
                                          .position_max = 1000000,
                                          .quantity_max = 10000,
                                          .open_orders_max = 50,
                                          .rate_max = 1000000,
                                          .collar_ppm = 500000,
                                          .loss_max = INT64_C(1000000000000)}};
    memcpy(input.agent.name, "agent", 5);
    input.agent.name[5] = (char)('0' + agent);
    return input;
}

#define DESCRIBED (2 + RY_BENCH_MARKET_AGENTS) /* then the reference price, then trading */

static union ry_input_any event_input(uint64_t number, uint64_t last)
{
    uint64_t turn = number - DESCRIBED - 3;
    struct ry_input in = {.head = {.slots = 1, .time = (int64_t)number * 1000}};
    if (number == DESCRIBED + 1) {
        in.head.kind = RY_IN_LAST;
        in.head.source = RY_SOURCE_FEED;
        in.price = INSTRUMENT_PRICE;
        in.qty = 1;
    } else if (number == DESCRIBED + 2) {
        in.head.kind = RY_IN_TIME;
        in.head.source_seq = 1;
    } else if (number == last) {
        in.head.kind = RY_IN_END;
        in.head.source_seq = 2;
    } else {
        in.head.kind = turn % 2 == 0 ? RY_IN_ORDER : RY_IN_ORDER_CANCEL;
        in.head.source = (uint16_t)(RY_SOURCE_AGENT + turn / 2 % RY_BENCH_MARKET_AGENTS);
        in.ref = turn / 2 + 1;
        in.side = turn % 2 == 0 ? RY_BUY : 0;
        in.price = turn % 2 == 0 ? INSTRUMENT_PRICE - 10 : 0;
        in.qty = turn % 2 == 0 ? 5 : 0;
    }
    return (union ry_input_any){.event = in};
}

static union ry_input_any input_number(uint64_t number, uint64_t last)
{
    if (number == 1)
        return battle_input();
    if (number == 2)
        return instrument_input();
    if (number <= DESCRIBED)
        return agent_input((uint16_t)(number - 3));
    return event_input(number, last);
}

/* ---- the threads ----------------------------------------------------------------------------- */

/* As exec does: room is what the journal has read. */
static void wait_for_room(struct ry_bench_market *market, struct ry_ring_writer *writer,
                          unsigned slots)
{
    while (!ry_ring_has_room(writer, &market->positions.inputs, slots))
        ry_pause();
}

static void await(const struct ry_bench_market *market, int64_t due_ns)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    while (ry_clock_ns() < due_ns)
        if (market->spins)
            ry_pause();
        else
            (void)nanosleep(&nap, NULL);
}

static void *publish(void *context)
{
    struct ry_bench_market *market = context;
    struct ry_ring_writer writer;
    const union ry_input_any battle = battle_input();
    size_t bytes = ry_arena_footprint(&battle.battle);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert(memory != MAP_FAILED);
    struct ry_arena *arena = ry_arena_create(memory, bytes, &battle.battle);
    (void)ry_bench_pin(market->core);
    ry_ring_create(&writer, market->ring, RY_INPUTS_SLOTS);
    /* R90: pairs with A90 in tests/support/bench_market.c */
    ry_store_release(&market->opened, 1);
    int64_t began = ry_clock_ns();
    for (uint64_t number = 1; number <= market->inputs; number++) {
        const union ry_input_any input = input_number(number, market->inputs);
        int64_t due = market->per_second == 0
                          ? 0
                          : began + (int64_t)(number * 1000000000 / market->per_second);
        await(market, due);
        wait_for_room(market, &writer, input.head.slots);
        if (market->published_ns != NULL)
            market->published_ns[number] = ry_clock_ns();
        uint64_t before = ry_clock_ticks();
        ry_ring_write(&writer, &input, input.head.slots);
        (void)ry_arena_apply(arena, &input, &nobody);
        if (market->samples != NULL)
            ry_bench_sample(market->samples, ry_clock_ticks() - before);
    }
    market->seconds = (double)(ry_clock_ns() - began) / 1e9;
    munmap(memory, bytes);
    return NULL;
}

static unsigned take_in(struct ry_bench_market *market, struct ry_ring_reader *reader,
                        int64_t now_ns)
{
    unsigned taken = 0;
    void *room;
    while (taken < 1024 && (room = ry_journal_writer_room(&market->writer)) != NULL) {
        uint64_t slot = ry_ring_next(reader);
        int slots = ry_ring_read(reader, room);
        assert(slots != RY_RING_OVERRUN);
        if (slots == RY_RING_EMPTY)
            break;
        int failed = ry_journal_writer_took(&market->writer, (unsigned)slots, slot, now_ns);
        assert(!failed);
        taken++;
    }
    return taken;
}

static void *write_journal(void *context)
{
    struct ry_bench_market *market = context;
    struct ry_ring_reader reader;
    const struct timespec nap = {.tv_nsec = NAP_NS};
    (void)ry_bench_pin(market->core + 1);
    /* A90: pairs with R90 in tests/support/bench_market.c */
    while (ry_load_acquire(&market->opened) == 0)
        (void)nanosleep(&nap, NULL);
    int failed = ry_ring_join(&reader, market->ring, market->ring_bytes);
    assert(!failed);
    while (!ry_journal_writer_finished(&market->writer)) {
        int64_t now_ns = ry_clock_ns();
        unsigned taken = take_in(market, &reader, now_ns);
        int moved = ry_journal_writer_poll(&market->writer, now_ns);
        assert(moved >= 0);
        ry_ring_position_store(&market->positions.inputs, ry_ring_next(&reader));
        /* R30: pairs with A30 in core/follow/follow.c */
        ry_store_release(&market->positions.inputs_written, market->writer.written);
        if (taken == 0 && moved == 0)
            (void)nanosleep(&nap, NULL);
    }
    return NULL;
}

void ry_bench_market_start(struct ry_bench_market *market)
{
    struct ry_battle_id id;
    ssize_t drawn = getrandom(&id, sizeof id, 0);
    assert(drawn == (ssize_t)sizeof id);
    const struct ry_journal_options options = {.battle_id = id,
                                               .name = "bench",
                                               .epoch = 1,
                                               .block_bytes = BLOCK_BYTES,
                                               .uring = true,
                                               .now_ns = ry_clock_ns()};
    market->ring_bytes = ry_ring_footprint(RY_INPUTS_SLOTS);
    market->ring = mmap(NULL, market->ring_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    assert(market->ring != MAP_FAILED);
    int failed = ry_journal_writer_open(&market->writer, market->directory, &options);
    assert(!failed);
    failed = pthread_create(&market->journal, NULL, write_journal, market);
    failed |= pthread_create(&market->publisher, NULL, publish, market);
    assert(!failed);
    const struct timespec nap = {.tv_nsec = NAP_NS};
    /* A90: pairs with R90 in tests/support/bench_market.c */
    while (ry_load_acquire(&market->opened) == 0)
        (void)nanosleep(&nap, NULL);
}

void ry_bench_market_wait(struct ry_bench_market *market)
{
    (void)pthread_join(market->publisher, NULL);
    (void)pthread_join(market->journal, NULL);
    ry_journal_writer_close(&market->writer);
    munmap(market->ring, market->ring_bytes);
}
