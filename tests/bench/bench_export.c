/*
 * royale-export to a real broker. Three questions, each with its baseline in the same run:
 *
 *   rows a second    royale-export over a finished battle, beside librdkafka alone, transactional,
 *                    with the same messages made beforehand and the same batches: as librdkafka
 *                    comes, and with one malloc arena, as royale-export has it
 *   event to visible from the moment in which an input is published to that in which a
 *                    read_committed consumer has its row, at 10,000 rows a second
 *   the hot path     what publishes and applies inputs on a core of its own, at a pace that an
 *                    exporter cannot keep: without an export, with one, with one whose broker is
 * dead
 *
 * The broker is the one of $ROYALE_BROKERS, else it is started here by tools/dev/kafka.sh, on the
 * cores that the hot path does not use; without one the benchmark says so and measures nothing.
 *
 *   bench_export [rows [seconds of the second question]]
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tests/support/bench_battle.h"
#include "tests/support/bench_kafka.h"
#include "tests/support/bench_market.h"
#include "tools/export/export.h"
#include "tools/export/sinks.h"

#define ROWS            "1000000"
#define SECONDS         "10"
#define RUNS            5
#define VISIBLE_RATE    10000 /* rows a second */
#define HOT_INPUTS      UINT64_C(2000000)
#define HOT_PACE        UINT64_C(200000) /* inputs a second: 500,000 rows */
#define DEAD_BROKER     "127.0.0.1:1"
#define INPUTS_OF(rows) (2 * (rows) / RY_BENCH_MARKET_ROWS + RY_BENCH_MARKET_AGENTS + 6)

static char conf[PATH_MAX];

/* A folder for a market of its own. */
static void make_folder(char path[PATH_MAX], const char *name)
{
    ry_bench_path(path, name);
    int failed = mkdir(path, 0755);
    assert(!failed);
}

/* ---- rows a second --------------------------------------------------------------------------- */

/* Seconds of a whole royale-export, under a transactional id of its own. 0: it failed. */
static double export_once(const char *directory, unsigned run)
{
    char name[PATH_MAX], id[32];
    ry_bench_path(name, "run.conf");
    snprintf(id, sizeof id, "bench%d-%u", (int)getpid(), run);
    ry_bench_kafka_settings(name, id);
    char *const argv[] = {(char[]){"royale-export"}, (char[]){"--config"}, (char[]){"run.conf"},
                          (char *)strrchr(directory, '/') + 1, NULL};
    int64_t began = ry_clock_ns();
    return ry_bench_run_program("royale-export", "exported", argv)
               ? (double)(ry_clock_ns() - began) / 1e9
               : 0;
}

static bool measure_rows(uint64_t rows)
{
    char directory[PATH_MAX];
    double alone[RUNS], arena[RUNS], exported[RUNS], share[RUNS], share_arena[RUNS];
    make_folder(directory, "finished");
    struct ry_bench_market market = {.directory = directory, .inputs = INPUTS_OF(rows)};
    ry_bench_market_start(&market);
    ry_bench_market_wait(&market);
    struct ry_bench_kafka_rows made;
    ry_bench_kafka_make_rows(&made, conf, directory);
    printf("%zu rows, %.0f bytes each with their keys, batches of %u\n", made.count,
           (double)made.bytes / (double)made.count, made.batch);
    for (unsigned i = 0; i <= RUNS; i++) { /* the first warms up */
        double a = ry_bench_kafka_produce(&made, false), e = export_once(directory, i),
               o = ry_bench_kafka_produce(&made, true);
        if (a <= 0 || e <= 0 || o <= 0)
            return false;
        if (i == 0)
            continue;
        alone[i - 1] = (double)made.count / a;
        exported[i - 1] = (double)made.count / e;
        arena[i - 1] = (double)made.count / o;
        share[i - 1] = 100 * a / e;
        share_arena[i - 1] = 100 * o / e;
    }
    ry_bench_rate("librdkafka alone, transactional", "rows/s", alone, RUNS);
    ry_bench_rate("the same with one malloc arena", "rows/s", arena, RUNS);
    ry_bench_rate("royale-export, from start to end", "rows/s", exported, RUNS);
    ry_bench_rate("royale-export in percent of the first, run by run", "%", share, RUNS);
    ry_bench_rate("royale-export in percent of the second, run by run", "%", share_arena, RUNS);
    ry_bench_kafka_drop_rows(&made);
    return true;
}

/* ---- an export of a running market ----------------------------------------------------------- */

struct exporter {
    struct ry_bench_market *market;
    const char *brokers; /* NULL: of the settings */
    unsigned core;
    ry_atomic_u32 stop;
    struct ry_export export;
    pthread_t thread;
};

static void say_nothing(void *context, enum ry_log_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)line;
}

static void *run_exporter(void *context)
{
    struct exporter *e = context;
    const struct ry_export_target target = {
        .config = conf, .brokers = e->brokers, .say = say_nothing};
    const struct timespec nap = {.tv_nsec = 1000000};
    bool missing;
    (void)ry_bench_pin(e->core);
    e->export.directory = e->market->directory;
    e->export.waits = true;
    ry_export_sink_make(&e->export.sink, RY_EXPORT_KAFKA);
    while (ry_export_open(&e->export, &target, &missing) != 0) {
        assert(missing);
        (void)nanosleep(&nap, NULL);
    }
    int failed = ry_follow_join_memory(&e->export.follow, e->market->ring, e->market->ring_bytes, 1,
                                       &e->market->positions);
    assert(!failed);
    while (ry_load_relaxed(&e->stop) == 0 && e->export.status == RY_EXPORT_MORE)
        if (ry_export_step(&e->export) == 0)
            (void)nanosleep(&nap, NULL);
    (void)ry_export_close(&e->export);
    return NULL;
}

static struct exporter *start_exporter(struct ry_bench_market *market, const char *brokers,
                                       unsigned core)
{
    struct exporter *e = calloc(1, sizeof *e);
    assert(e != NULL);
    e->market = market;
    e->brokers = brokers;
    e->core = core;
    int failed = pthread_create(&e->thread, NULL, run_exporter, e);
    assert(!failed);
    return e;
}

static void end_exporter(struct exporter *e, bool stop)
{
    ry_store_relaxed(&e->stop, stop);
    (void)pthread_join(e->thread, NULL);
    free(e);
}

/* ---- event to visible ------------------------------------------------------------------------ */

static void print_share(const char *what, int64_t *ns, size_t count, size_t permille10)
{
    size_t at = count * permille10 / 10000;
    printf("  %s %.1f ms", what, (double)ns[at < count ? at : count - 1] / 1e6);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool measure_visible(uint64_t seconds)
{
    char directory[PATH_MAX];
    uint64_t rows = seconds * VISIBLE_RATE, inputs = INPUTS_OF(rows);
    make_folder(directory, "paced");
    struct ry_bench_market market = {
        .directory = directory,
        .inputs = inputs,
        .per_second = VISIBLE_RATE * 2 / RY_BENCH_MARKET_ROWS,
        .published_ns = calloc(inputs + 1, sizeof(int64_t)),
    };
    int64_t *visible_ns = calloc(rows, sizeof *visible_ns);
    assert(market.published_ns != NULL && visible_ns != NULL);
    struct ry_bench_kafka_reader *reader = ry_bench_kafka_read(conf);
    ry_bench_market_start(&market);
    struct exporter *e = start_exporter(&market, NULL, market.core + 1);
    size_t count = 0;
    uint64_t input;
    while (count < rows && (input = ry_bench_kafka_next(reader)) != 0) {
        assert(input <= inputs);
        visible_ns[count++] = ry_clock_ns() - market.published_ns[input];
    }
    ry_bench_market_wait(&market);
    end_exporter(e, false);
    ry_bench_kafka_read_end(reader);
    size_t warm = count / RY_BENCH_WARM_UP_SHARE;
    qsort(visible_ns + warm, count - warm, sizeof *visible_ns, by_value);
    printf("event to visible at %d rows/s, %zu rows:", VISIBLE_RATE, count - warm);
    print_share("p50", visible_ns + warm, count - warm, 5000);
    print_share("p99", visible_ns + warm, count - warm, 9900);
    print_share("p99.9", visible_ns + warm, count - warm, 9990);
    print_share("max", visible_ns + warm, count - warm, 10000);
    printf(ry_bench_oversubscribed() ? "  (oversubscribed: no claim)\n" : "\n");
    free(visible_ns);
    free(market.published_ns);
    return count >= rows;
}

/* ---- the hot path ---------------------------------------------------------------------------- */

enum hot { HOT_OFF, HOT_ON, HOT_DEAD, HOTS };

static double hot_once(enum hot hot, unsigned run, struct ry_bench_samples *samples)
{
    char directory[PATH_MAX], name[32];
    snprintf(name, sizeof name, "hot%d-%u", (int)hot, run);
    make_folder(directory, name);
    struct ry_bench_market market = {.directory = directory,
                                     .inputs = HOT_INPUTS,
                                     .per_second = HOT_PACE,
                                     .spins = true,
                                     .samples = samples};
    ry_bench_market_start(&market);
    struct exporter *e =
        hot == HOT_OFF
            ? NULL
            : start_exporter(&market, hot == HOT_DEAD ? DEAD_BROKER : NULL, market.core + 1);
    ry_bench_market_wait(&market);
    if (e != NULL)
        end_exporter(e, true);
    return (double)HOT_INPUTS / market.seconds;
}

/* The three by turns, so that a slow moment of the machine meets all alike. */
static void measure_hot(void)
{
    static const char *const what[HOTS] = {"without an export", "with one", "its broker is dead"};
    double rate[HOTS][RUNS];
    struct ry_bench_samples samples[HOTS];
    for (unsigned h = 0; h < HOTS; h++)
        ry_bench_samples_open(&samples[h], HOT_INPUTS * RUNS);
    for (unsigned run = 0; run < RUNS; run++)
        for (unsigned h = 0; h < HOTS; h++)
            rate[h][run] = hot_once((enum hot)h, run, &samples[h]);
    printf("the hot path, %" PRIu64 " inputs/s asked for: publish and apply one\n", HOT_PACE);
    for (unsigned h = 0; h < HOTS; h++) {
        ry_bench_rate(what[h], "inputs/s", rate[h], RUNS);
        ry_bench_latency(what[h], &samples[h], 0);
        ry_bench_samples_close(&samples[h]);
    }
}

int main(int argc, char **argv)
{
    uint64_t rows = strtoull(argc > 1 ? argv[1] : ROWS, NULL, 10),
             seconds = strtoull(argc > 2 ? argv[2] : SECONDS, NULL, 10);
    if (rows == 0 || seconds == 0 || !ry_bench_folder_open()) {
        fprintf(stderr, "bench_export: nowhere to write, or no rows\n");
        return 2;
    }
    ry_bench_begin("export", 4);
    ry_bench_path(conf, "kafka.conf");
    bool ok = true;
    if (ry_bench_kafka_up()) {
        ry_bench_kafka_settings(conf, "bench");
        ok = ry_bench_kafka_init(conf) && measure_rows(rows) && measure_visible(seconds);
        if (ok)
            measure_hot();
        ry_bench_kafka_down();
    }
    ry_bench_folder_remove();
    return ry_bench_end() | !ok;
}
