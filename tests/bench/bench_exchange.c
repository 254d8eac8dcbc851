/*
 * A plain exchange: how fast the machine takes agents' orders, without a record, and what its worst
 * cases cost.
 *
 * Eight agents trade among themselves: of 100 commands 50 rest, 42 cancel one that stands, 8 take.
 * The commands lie ready in memory; reports and market records are copied into memory that goes
 * round, as a ring would be written. The baseline of the same run is that copying alone: the same
 * records, already made.
 *
 *   symbols      1 and 1,000 instruments, prices near the middle
 *   deep         200,000 orders stand on 2,000 levels a side; nobody takes
 *   swings       the middle swings by 3,000 ticks in 20,000 commands: what it meets is taken
 *   crash        of 100 commands 60 take 20 lots each, through 10,000 levels a side
 *   sweeps       of 100 commands one takes 1,000 lots of one order each, on 5,000 levels a side
 *   crowd        100,000 orders on each side's one level, cancelled at random depth
 *
 *   bench_exchange [runs [commands [NAME]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "shm/atomic.h"
#include "shm/clock.h"
#include "tests/support/bench.h"
#include "tests/support/bench_arena.h"

#define AGENTS   8
#define COMMANDS 1000000u
#define MIDDLE   INT64_C(1000000)
#define SPREAD   20u   /* ticks from the middle within which orders rest */
#define RING     4096u /* slots of the memory that goes round */

struct scenario {
    const char *name, *what;
    uint16_t instruments;
    uint32_t stands; /* orders of an instrument before the clock starts */
    uint32_t levels; /* on so many levels a side */
    int64_t swing;   /* ticks of the middle, up and down .. */
    uint32_t period; /* .. in so many commands */
    uint32_t takes;  /* of 100 commands */
    uint32_t sweep;  /* lots that one takes; 0: one order's */
};

static const struct scenario scenarios[] = {
    {"one", "1 symbol", 1, 10000, SPREAD, 0, 1, 8, 0},
    {"thousand", "1,000 symbols", 1000, 200, SPREAD, 0, 1, 8, 0},
    {"deep", "static deep book", 1, 200000, 2000, 0, 1, 0, 0},
    {"swings", "swinging price", 1, 10000, SPREAD, 3000, 20000, 8, 0},
    {"crash", "flash crash", 1, 100000, 10000, 0, 1, 60, 20},
    {"sweeps", "sweeps of 1,000 levels", 1, 20000, 5000, 0, 1, 1, 1000},
    {"crowd", "100,000 orders on one level", 1, 200000, 1, 0, 1, 0, 0},
};

/* An order that stands, as far as the flow knows. */
struct standing {
    uint64_t cl_ord_id;
    uint16_t agent;
};

struct flow {
    const struct scenario *of;
    struct ry_arena *arena; /* trades along, so that only what stands is cancelled */
    struct ry_arena_sink sink;
    struct ry_input *in;
    uint32_t made;
    struct standing **live; /* of each instrument */
    uint32_t *count;
    uint32_t *where[AGENTS]; /* of each ClOrdID: its place among its instrument's, and 1; 0: none */
    uint64_t ids[AGENTS];
    uint64_t random;
};

static uint32_t below(struct flow *f, uint32_t n)
{
    return ry_bench_below(&f->random, n);
}

static void stands(struct flow *f, uint16_t instrument, struct standing order)
{
    f->live[instrument][f->count[instrument]++] = order;
    f->where[order.agent][order.cl_ord_id] = f->count[instrument];
}

static void left(struct flow *f, uint16_t instrument, struct standing order)
{
    struct standing *live = f->live[instrument];
    const uint32_t at = f->where[order.agent][order.cl_ord_id];
    const struct standing last = live[--f->count[instrument]];
    live[at - 1] = last;
    f->where[last.agent][last.cl_ord_id] = at;
    f->where[order.agent][order.cl_ord_id] = 0;
}

static void see(void *context, const struct ry_report *report)
{
    struct flow *f = context;
    const struct standing order = {report->cl_ord_id, report->agent};
    if (report->kind == RY_RP_RESTED)
        stands(f, report->instrument, order);
    else if ((report->kind == RY_RP_FILL || report->kind == RY_RP_CANCELED) &&
             report->leaves == 0 && f->where[order.agent][order.cl_ord_id] != 0)
        left(f, report->instrument, order);
}

static void put(struct flow *f, struct ry_input in)
{
    in.head.slots = 1;
    in.head.time = (int64_t)f->made * 1000;
    in.head.source_seq = f->made + 1;
    f->in[f->made++] = in;
    (void)ry_arena_apply(f->arena, &(union ry_input_any){.event = in}, &f->sink);
}

static int64_t middle(const struct flow *f)
{
    const struct scenario *s = f->of;
    if (s->swing == 0)
        return MIDDLE;
    const int64_t at = (int64_t)(f->made % s->period), half = s->period / 2;
    return MIDDLE + s->swing * RY_BENCH_TICK * (at < half ? at : s->period - at) / half;
}

static void order(struct flow *f, uint16_t instrument, enum ry_side side, int64_t price,
                  uint32_t qty, uint16_t flags)
{
    const uint16_t agent = (uint16_t)below(f, AGENTS);
    put(f, (struct ry_input){.head = {.kind = RY_IN_ORDER,
                                      .instrument = instrument,
                                      .source = (uint16_t)(RY_SOURCE_AGENT + agent),
                                      .flags = flags},
                             .ref = ++f->ids[agent],
                             .side = (uint8_t)side,
                             .price = price,
                             .qty = qty});
}

static void rests(struct flow *f, uint16_t instrument)
{
    const enum ry_side side = below(f, 2) ? RY_BUY : RY_SELL;
    const int64_t away = (1 + (int64_t)below(f, f->of->levels)) * RY_BENCH_TICK;
    const int64_t at = middle(f) / RY_BENCH_TICK * RY_BENCH_TICK;
    order(f, instrument, side, side == RY_BUY ? at - away : at + away,
          f->of->sweep ? 1 : 1 + below(f, 100), 0);
}

static void goes(struct flow *f, uint16_t instrument)
{
    const struct standing order = f->live[instrument][below(f, f->count[instrument])];
    put(f, (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL,
                                      .source = (uint16_t)(RY_SOURCE_AGENT + order.agent)},
                             .ref = order.cl_ord_id});
}

static void takes(struct flow *f, uint16_t instrument)
{
    const enum ry_side side = below(f, 2) ? RY_BUY : RY_SELL;
    const int64_t far = 5000 * RY_BENCH_TICK;
    const int64_t at = middle(f) / RY_BENCH_TICK * RY_BENCH_TICK;
    order(f, instrument, side, side == RY_BUY ? at + far : at - far,
          f->of->sweep ? f->of->sweep : 1 + below(f, 100), RY_INF_IOC);
}

/* Those that are not taking keep as many standing as there were. */
static void next(struct flow *f)
{
    const struct scenario *s = f->of;
    const uint16_t instrument = (uint16_t)below(f, s->instruments);
    if (below(f, 100) < s->takes && f->count[instrument] > 0)
        takes(f, instrument);
    else if (f->count[instrument] > s->stands && f->count[instrument] > 0)
        goes(f, instrument);
    else
        rests(f, instrument);
}

static struct ry_bench_shape shape_of(const struct scenario *s)
{
    return (struct ry_bench_shape){s->instruments, AGENTS, s->instruments * s->stands * 2 + 1024,
                                   UINT32_MAX};
}

/* Of the flow, how many come before the clock starts. */
static uint32_t make(struct flow *f, const struct scenario *s, uint32_t commands)
{
    const uint32_t all = s->instruments * (1 + s->stands) + commands;
    const struct ry_bench_shape shape = shape_of(s);
    struct ry_bench_arena bench = ry_bench_arena_open(&shape);
    *f = (struct flow){.of = s, .arena = bench.arena, .random = 7};
    f->sink = (struct ry_arena_sink){.context = f, .report = see};
    f->in = ry_bench_map(all * sizeof *f->in);
    f->live = ry_bench_map(s->instruments * sizeof *f->live);
    f->count = ry_bench_map(s->instruments * sizeof *f->count);
    for (unsigned i = 0; i < AGENTS; i++)
        f->where[i] = ry_bench_map((all + 1) * sizeof *f->where[i]);
    for (uint16_t i = 0; i < s->instruments; i++) {
        f->live[i] = ry_bench_map((all + 1) * sizeof **f->live);
        put(f, (struct ry_input){
                   .head = {.kind = RY_IN_LAST, .source = RY_SOURCE_FEED, .instrument = i},
                   .price = MIDDLE,
                   .qty = 1});
    }
    for (uint32_t k = 0; k < s->stands; k++)
        for (uint16_t i = 0; i < s->instruments; i++)
            rests(f, i);
    const uint32_t warm = f->made + commands / 5;
    while (f->made < all)
        next(f);
    for (uint16_t i = 0; i < s->instruments; i++)
        munmap(f->live[i], (all + 1) * sizeof **f->live);
    for (unsigned i = 0; i < AGENTS; i++)
        munmap(f->where[i], (all + 1) * sizeof *f->where[i]);
    ry_bench_arena_close(&bench);
    return warm;
}

/* ---- what is done with the outputs ----------------------------------------------------------- */

struct round_memory {
    unsigned char *slot;
    uint64_t reports, markets, at;
};

/* By words, as a ring's writer does. */
static inline void take(struct round_memory *memory, const void *record, size_t bytes,
                        unsigned slots)
{
    if (memory->at + slots > RING)
        memory->at = 0;
    const uint64_t *from = record;
    ry_atomic_u64 *to = (ry_atomic_u64 *)(void *)(memory->slot + 64 * memory->at);
#pragma GCC unroll 14
    for (size_t i = 0; i < bytes / sizeof *from; i++)
        ry_store_relaxed(&to[i], from[i]);
    memory->at += slots;
}

static void take_report(void *context, const struct ry_report *report)
{
    struct round_memory *memory = context;
    memory->reports++;
    take(memory, report, sizeof *report, 2);
}

static void take_market(void *context, const struct ry_market *market)
{
    struct round_memory *memory = context;
    memory->markets++;
    take(memory, market, sizeof *market, 1);
}

/* ---- measuring ------------------------------------------------------------------------------- */

struct figures {
    double rate[32], bare[32]; /* M commands a second */
    struct round_memory memory;
    uint64_t hash;
};

static double seconds_since(int64_t start_ns)
{
    return (double)(ry_clock_ns() - start_ns) / 1e9;
}

static void copy_alone(const struct round_memory *made)
{
    static const struct ry_report report;
    static const struct ry_market market;
    struct round_memory memory = {.slot = made->slot};
    for (uint64_t i = 0; i < made->reports; i++)
        take_report(&memory, &report);
    for (uint64_t i = 0; i < made->markets; i++)
        take_market(&memory, &market);
    ry_bench_keep(memory.slot);
}

static void run_once(const struct scenario *s, const struct flow *f, uint32_t warm, uint32_t ahead,
                     unsigned run, struct figures *out)
{
    const struct ry_bench_shape shape = {s->instruments, AGENTS, f->made / 2 + s->stands,
                                         UINT32_MAX};
    struct ry_bench_arena bench = ry_bench_arena_open(&shape);
    struct ry_arena_sink sink = {.context = &out->memory, take_report, take_market, NULL};
    ry_bench_apply(bench.arena, f->in, 0, warm, f->made, 0, &sink);
    out->memory.reports = out->memory.markets = 0;
    int64_t start = ry_clock_ns();
    ry_bench_apply(bench.arena, f->in, warm, f->made, f->made, ahead, &sink);
    out->rate[run] = (f->made - warm) / seconds_since(start) / 1e6;
    out->hash = ry_arena_output_hash(bench.arena);
    ry_bench_arena_close(&bench);
    start = ry_clock_ns();
    copy_alone(&out->memory);
    out->bare[run] = (f->made - warm) / seconds_since(start) / 1e6;
}

static void measure(const struct scenario *s, unsigned runs, uint32_t commands, void *ring)
{
    static const uint32_t ahead[] = {0, 16, 32};
    struct flow f;
    const uint32_t warm = make(&f, s, commands);
    char what[96];
    for (unsigned i = 0; i < sizeof ahead / sizeof *ahead; i++) {
        struct figures figures = {.memory = {.slot = ring}};
        for (unsigned r = 0; r < runs; r++)
            run_once(s, &f, warm, ahead[i], r, &figures);
        if (i == 0) {
            snprintf(what, sizeof what, "%s: its records copied alone", s->what);
            ry_bench_rate(what, "M/s", figures.bare, runs);
        }
        snprintf(what, sizeof what, "%s, hints %u ahead", s->what, ahead[i]);
        ry_bench_rate(what, "M/s", figures.rate, runs);
        if (ahead[i] == 32)
            printf("  %llu reports, %llu market records, output hash %016llx\n",
                   (unsigned long long)figures.memory.reports,
                   (unsigned long long)figures.memory.markets, (unsigned long long)figures.hash);
    }
    munmap(f.in, f.made * sizeof *f.in);
}

int main(int argc, char **argv)
{
    const unsigned runs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : RY_BENCH_RUNS;
    const uint32_t commands = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : COMMANDS;
    if (runs == 0 || runs > 32 || commands == 0) {
        fputs("bench_exchange: 1 to 32 runs of a command or more\n", stderr);
        return 2;
    }
    ry_bench_begin("exchange", 1);
    (void)ry_bench_pin(0);
    void *ring = ry_bench_map(RING * 64);
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (argc < 4 || strcmp(argv[3], scenarios[i].name) == 0)
            measure(&scenarios[i], runs, commands, ring);
    return ry_bench_end();
}
