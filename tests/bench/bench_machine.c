/*
 * How fast the machine applies inputs, with and without hints ahead of it.
 *
 * Synthetic flow: of recorded inputs A 44 %, D 43 %, U 9 %, E 2 %, X 2 %; executions hit the best
 * price, most cancels take young orders. Inputs lie ready in memory (56 bytes each); the sink only
 * counts. The baseline of the same run is the hash over the inputs alone, which the machine has to
 * make as well.
 *
 *   bench_machine [runs [timed inputs [cpu [world, from 0]]]]
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "core/arena/arena.h"
#include "core/arena/hash.h"
#include "tests/support/bench_arena.h"

#define RUNS_MAX   32
#define BATCH      32u /* inputs between two looks at the clock, for the percentiles */
#define TICK       RY_BENCH_TICK
#define MIDDLE     1000000 /* lowest of the instruments' prices */
#define AGENTS     8
#define COMMANDS   400u /* in 10,000 inputs, where there are agents */
#define AGENT_REFS 16u
#define YOUNG      2048u

struct world {
    const char *name;
    uint16_t instruments;
    uint32_t live; /* recorded orders that stand */
    uint16_t agents;
};

static const struct world worlds[] = {
    {"record, 1 instrument, 20 k live", 1, 20000, 0},
    {"record, 1,000 instruments, 200 k live", 1000, 200000, 0},
    {"record, 8,000 instruments, 1 M live", 8000, 1000000, 0},
    {"8 agents, 1 instrument, 20 k live", 1, 20000, AGENTS},
    {"8 agents, 1,000 instruments, 200 k live", 1000, 200000, AGENTS},
};

static uint64_t random_state;

static uint32_t below(uint32_t n)
{
    return ry_bench_below(&random_state, n);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * RY_NS_PER_SECOND + t.tv_nsec;
}

static struct ry_bench_arena open_arena(const struct world *w)
{
    const struct ry_bench_shape shape = {w->instruments, w->agents, 2 * w->live + YOUNG, 10000};
    return ry_bench_arena_open(&shape);
}

/* ---- the flow -------------------------------------------------------------------------------- */

struct standing {
    uint64_t ref;
    uint16_t instrument;
    uint8_t side;
    uint32_t qty;
};

struct maker {
    const struct world *w;
    struct ry_arena *arena; /* generates along, so that prices and targets make sense */
    struct ry_input *out;
    uint32_t made;
    struct standing *live; /* old to young */
    uint32_t live_count;
    uint64_t ref;
    uint64_t cl_ord_id[AGENTS];
};

/* Instruments have prices of their own. */
static int64_t middle(uint16_t instrument)
{
    return MIDDLE + (int64_t)instrument % 997 * 37 * TICK;
}

static int64_t best(const struct maker *m, uint16_t instrument, enum ry_side side)
{
    struct ry_arena_depth level;
    if (ry_arena_levels(m->arena, instrument, side, &level, 1) == 0)
        return middle(instrument) + (side == RY_BUY ? -TICK : TICK);
    return level.price;
}

/* Mostly near the best price, and never across the other side's. */
static int64_t price_for(const struct maker *m, uint16_t instrument, enum ry_side side)
{
    int64_t other = best(m, instrument, ry_side_opposite(side));
    uint32_t x = below(100);
    uint32_t ticks = x < 60 ? 1 + below(4) : x < 95 ? 1 + below(40) : 1 + below(400);
    return side == RY_BUY ? other - (int64_t)ticks * TICK : other + (int64_t)ticks * TICK;
}

static void emit(struct maker *m, struct ry_input in)
{
    in.head.slots = 1;
    in.head.time = (int64_t)m->made * 1000;
    in.head.source_seq = m->made + 1;
    if (!in.head.source)
        in.head.source = RY_SOURCE_FEED;
    m->out[m->made++] = in;
    union ry_input_any any = {.event = in};
    ry_bench_must(m->arena, &any);
}

static void make_add(struct maker *m)
{
    struct standing s = {
        .ref = m->ref++,
        .instrument = (uint16_t)below(m->w->instruments),
        .side = (uint8_t)(1 + below(2)),
        .qty = 1 + below(500),
    };
    emit(m, (struct ry_input){.head = {.kind = RY_IN_ADD, .instrument = s.instrument},
                              .ref = s.ref,
                              .side = s.side,
                              .price = price_for(m, s.instrument, (enum ry_side)s.side),
                              .qty = s.qty});
    m->live[m->live_count++] = s;
}

/* Mostly young orders go; a hole is filled by the one that is just out of reach, so that age is
 * kept roughly. */
static uint32_t pick(struct maker *m)
{
    if (m->live_count > YOUNG && below(100) < 80)
        return m->live_count - 1 - below(YOUNG);
    return below(m->live_count);
}

static void forget(struct maker *m, uint32_t at)
{
    uint32_t last = m->live_count - 1;
    if (last - at < YOUNG)
        memmove(&m->live[at], &m->live[at + 1], (last - at) * sizeof m->live[0]);
    else
        m->live[at] = m->live[last];
    m->live_count--;
}

static void make_delete(struct maker *m)
{
    uint32_t at = pick(m);
    struct standing s = m->live[at];
    forget(m, at);
    emit(m, (struct ry_input){
                .head = {.kind = RY_IN_CANCEL, .instrument = s.instrument, .flags = RY_INF_ALL},
                .ref = s.ref});
}

static void make_replace(struct maker *m)
{
    uint32_t at = pick(m);
    struct standing s = m->live[at];
    forget(m, at);
    uint64_t old = s.ref;
    s.ref = m->ref++;
    s.qty = 1 + below(500);
    emit(m, (struct ry_input){.head = {.kind = RY_IN_REPLACE, .instrument = s.instrument},
                              .ref = old,
                              .ref_new = s.ref,
                              .price = price_for(m, s.instrument, (enum ry_side)s.side),
                              .qty = s.qty});
    m->live[m->live_count++] = s;
}

static void make_partial(struct maker *m)
{
    struct standing *s = &m->live[pick(m)];
    if (s->qty < 2) {
        make_add(m);
        return;
    }
    uint32_t lots = 1 + below(s->qty - 1);
    s->qty -= lots;
    emit(m, (struct ry_input){.head = {.kind = RY_IN_CANCEL, .instrument = s->instrument},
                              .ref = s->ref,
                              .qty = lots});
}

static bool first_recorded(void *context, const struct ry_arena_book_order *order)
{
    struct ry_arena_book_order *out = context;
    if (order->owner != RY_OWNER_RECORDED || !order->rec)
        return true;
    *out = *order;
    return false;
}

/* Part of the first recorded order of a side. What of it is left stays in `live`, so it never goes
 * whole. */
static void make_exec(struct maker *m)
{
    struct ry_arena_book_order front = {0};
    uint16_t instrument = (uint16_t)below(m->w->instruments);
    ry_arena_walk(m->arena, instrument, below(2) ? RY_BUY : RY_SELL, first_recorded, &front);
    if (front.rec < 2) {
        make_add(m);
        return;
    }
    emit(m, (struct ry_input){
                .head = {.kind = RY_IN_EXEC, .instrument = instrument, .flags = RY_INF_PRINTED},
                .ref = front.ref,
                .qty = 1 + below(front.rec - 1)});
}

static void make_command(struct maker *m)
{
    uint16_t agent = (uint16_t)below(AGENTS);
    uint16_t source = (uint16_t)(RY_SOURCE_AGENT + agent);
    uint16_t instrument = (uint16_t)below(m->w->instruments < 16 ? m->w->instruments : 16);
    if (below(100) < 45 && m->cl_ord_id[agent] > AGENT_REFS) {
        uint64_t ref = m->cl_ord_id[agent] - below(AGENT_REFS);
        emit(m,
             (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL, .source = source}, .ref = ref});
        return;
    }
    uint8_t side = (uint8_t)(1 + below(2));
    bool taking = below(100) < 15;
    int64_t price =
        best(m, instrument, taking ? ry_side_opposite((enum ry_side)side) : (enum ry_side)side);
    price = price / TICK * TICK;
    emit(m, (struct ry_input){
                .head = {.kind = RY_IN_ORDER,
                         .instrument = instrument,
                         .source = source,
                         .flags = taking ? RY_INF_IOC : 0},
                .ref = ++m->cl_ord_id[agent],
                .side = side,
                .price = price,
                .qty = 1 + below(100),
            });
}

static void make_next(struct maker *m)
{
    uint32_t x = below(10000);
    if (m->w->agents && below(10000) < COMMANDS)
        make_command(m);
    else if (x < 8700 && (x < 4400) == (m->live_count < m->w->live + YOUNG))
        make_add(m);
    else if (x < 8700)
        make_delete(m);
    else if (x < 9600)
        make_replace(m);
    else if (x < 9800)
        make_exec(m);
    else
        make_partial(m);
}

/* w->live adds, then `count` inputs of the mix. */
static struct ry_input *make_flow(const struct world *w, uint32_t count, uint32_t *total)
{
    struct maker m = {.w = w, .ref = 1000000};
    random_state = 12345;
    struct ry_bench_arena bench = open_arena(w);
    m.arena = bench.arena;
    m.out = ry_bench_map(((size_t)w->live + count) * sizeof *m.out);
    m.live = ry_bench_map((2 * (size_t)w->live + count) * sizeof *m.live);
    for (uint32_t i = 0; i < w->live; i++)
        make_add(&m);
    while (m.made < w->live + count)
        make_next(&m);
    *total = m.made;
    munmap(m.live, (2 * (size_t)w->live + count) * sizeof *m.live);
    ry_bench_arena_close(&bench);
    return m.out;
}

/* ---- timing ---------------------------------------------------------------------------------- */

struct counts {
    uint64_t reports, markets;
};

static void count_report(void *context, const struct ry_report *report)
{
    (void)report;
    ((struct counts *)context)->reports++;
}

static void count_market(void *context, const struct ry_market *market)
{
    (void)market;
    ((struct counts *)context)->markets++;
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return (a > b) - (a < b);
}

struct result {
    double rate[RUNS_MAX]; /* M inputs/s */
    double ns[4];          /* p50, p99, p99.9, max of batch means */
    uint64_t hash;
    struct counts counts;
};

static void run_once(const struct world *w, const struct ry_input *in, uint32_t total,
                     uint32_t ahead, double *rate, double *batches, struct result *result)
{
    struct ry_bench_arena bench = open_arena(w);
    struct ry_arena *a = bench.arena;
    struct counts counts = {0};
    struct ry_arena_sink sink = {
        .context = &counts, .report = count_report, .market = count_market};
    uint32_t warm = w->live + (total - w->live) / 5;
    ry_bench_apply(a, in, 0, warm, total, 0, &sink);
    counts = (struct counts){0};
    int64_t start = now_ns();
    if (rate) {
        ry_bench_apply(a, in, warm, total, total, ahead, &sink);
        *rate = (double)(total - warm) * 1e3 / (double)(now_ns() - start);
    }
    for (uint32_t i = warm; batches && i + BATCH <= total; i += BATCH) {
        ry_bench_apply(a, in, i, i + BATCH, total, ahead, &sink);
        int64_t stop = now_ns();
        *batches++ = (double)(stop - start) / BATCH;
        start = stop;
    }
    result->counts = counts;
    result->hash = ry_arena_output_hash(a);
    ry_bench_arena_close(&bench);
}

static void measure(const struct world *w, const struct ry_input *in, uint32_t total,
                    uint32_t ahead, unsigned runs, struct result *result)
{
    uint32_t warm = w->live + (total - w->live) / 5;
    uint32_t count = (total - warm) / BATCH;
    double *batches = ry_bench_map(count * sizeof *batches);
    memset(batches, 0, count * sizeof *batches);
    for (unsigned i = 0; i < runs; i++)
        run_once(w, in, total, ahead, &result->rate[i], NULL, result);
    run_once(w, in, total, ahead, NULL, batches, result);
    qsort(result->rate, runs, sizeof result->rate[0], by_value);
    qsort(batches, count, sizeof *batches, by_value);
    result->ns[0] = batches[count / 2];
    result->ns[1] = batches[(uint64_t)count * 99 / 100];
    result->ns[2] = batches[(uint64_t)count * 999 / 1000];
    result->ns[3] = batches[count - 1];
    munmap(batches, count * sizeof *batches);
}

static void baseline(const struct ry_input *in, uint32_t total, unsigned runs)
{
    double rate[RUNS_MAX];
    uint64_t hash = 0;
    for (unsigned r = 0; r < runs; r++) {
        int64_t start = now_ns();
        hash = ry_arena_hash_fold(hash, in, total * sizeof *in);
        rate[r] = (double)total * 1e3 / (double)(now_ns() - start);
    }
    qsort(rate, runs, sizeof rate[0], by_value);
    printf("%-42s %5s %7.1f %7.1f %7.1f   (hash %016llx)\n", "baseline: hash of the inputs alone",
           "", rate[runs / 2], rate[0], rate[runs - 1], (unsigned long long)hash);
}

static void pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        perror("sched_setaffinity");
}

int main(int argc, char **argv)
{
    static const uint32_t aheads[] = {0, 16, 24, 32};
    unsigned runs = argc > 1 ? (unsigned)atoi(argv[1]) : 5;
    uint32_t count = argc > 2 ? (uint32_t)atoi(argv[2]) : 2000000;
    if (runs < 1 || runs > RUNS_MAX || count < 10 * BATCH)
        return EXIT_FAILURE;
    pin(argc > 3 ? atoi(argv[3]) : sched_getcpu());
    printf("%u runs; M inputs/s: median, min, max; ns per input: means of batches of %u\n", runs,
           BATCH);
    printf("%-42s %5s %7s %7s %7s %7s %7s %7s %8s\n", "", "ahead", "M/s", "min", "max", "p50",
           "p99", "p99.9", "max");
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        if (argc > 4 && (size_t)atoi(argv[4]) != i)
            continue;
        uint32_t total;
        struct ry_input *in = make_flow(&worlds[i], count, &total);
        if (i == 0)
            baseline(in, total, runs);
        uint64_t hash = 0;
        for (size_t h = 0; h < sizeof aheads / sizeof aheads[0]; h++) {
            struct result r;
            measure(&worlds[i], in, total, aheads[h], runs, &r);
            if (h && r.hash != hash)
                puts("A HINT CHANGED THE OUTPUTS");
            hash = r.hash;
            printf("%-42s %5u %7.1f %7.1f %7.1f %7.0f %7.0f %7.0f %8.0f\n", h ? "" : worlds[i].name,
                   aheads[h], r.rate[runs / 2], r.rate[0], r.rate[runs - 1], r.ns[0], r.ns[1],
                   r.ns[2], r.ns[3]);
            if (h == 3)
                printf("%42s       %llu market records, %llu reports\n", "",
                       (unsigned long long)r.counts.markets, (unsigned long long)r.counts.reports);
            fflush(stdout);
        }
        munmap(in, (size_t)total * sizeof *in);
    }
    return EXIT_SUCCESS;
}
