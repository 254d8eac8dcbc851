/*
 * How fast the machine applies inputs, with and without hints ahead of it.
 *
 * The flow is that of tests/support/bench_flow.h. Inputs lie ready in memory (56 bytes each); the
 * sink only counts. The baseline of the same run is the hash over the inputs alone, which the
 * machine has to make as well.
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
#include "tests/support/bench.h"
#include "tests/support/bench_flow.h"

#define RUNS_MAX 32
#define BATCH    32u /* inputs between two looks at the clock, for the percentiles */
#define AGENTS   RY_BENCH_FLOW_AGENTS

static const struct ry_bench_world worlds[] = {
    {"record, 1 instrument, 20 k live", 1, 20000, 0},
    {"record, 1,000 instruments, 200 k live", 1000, 200000, 0},
    {"record, 8,000 instruments, 1 M live", 8000, 1000000, 0},
    {"8 agents, 1 instrument, 20 k live", 1, 20000, AGENTS},
    {"8 agents, 1,000 instruments, 200 k live", 1000, 200000, AGENTS},
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * RY_NS_PER_SECOND + t.tv_nsec;
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

static void run_once(const struct ry_bench_world *w, const struct ry_input *in, uint32_t total,
                     uint32_t ahead, double *rate, double *batches, struct result *result)
{
    struct ry_bench_arena bench = ry_bench_flow_open(w);
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

static void measure(const struct ry_bench_world *w, const struct ry_input *in, uint32_t total,
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
    ry_bench_begin("machine", 1);
    pin(argc > 3 ? atoi(argv[3]) : sched_getcpu());
    printf("%u runs; M inputs/s: median, min, max; ns per input: means of batches of %u\n", runs,
           BATCH);
    printf("%-42s %5s %7s %7s %7s %7s %7s %7s %8s\n", "", "ahead", "M/s", "min", "max", "p50",
           "p99", "p99.9", "max");
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        if (argc > 4 && (size_t)atoi(argv[4]) != i)
            continue;
        uint32_t total;
        struct ry_input *in = ry_bench_flow(&worlds[i], count, &total);
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
            char row[96];
            snprintf(row, sizeof row, "%s, hints %u ahead", worlds[i].name, aheads[h]);
            ry_bench_note(row, "M inputs/s", r.rate[runs / 2], r.rate[0], r.rate[runs - 1], runs);
            if (h == 3)
                printf("%42s       %llu market records, %llu reports\n", "",
                       (unsigned long long)r.counts.markets, (unsigned long long)r.counts.reports);
            fflush(stdout);
        }
        munmap(in, (size_t)total * sizeof *in);
    }
    return ry_bench_end();
}
