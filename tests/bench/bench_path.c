/*
 * The whole path: file to book and packet to book, through the real processes (`royale run`: feed,
 * exec and journal with their rings), beside the same day decoded and applied in one process on one
 * core, without rings, checks or journal. All three must end with the same state hash, so they did
 * the same work.
 *
 * The processes' figure is the supervisor's own: from the start of all roles to the END on disk.
 *
 *   bench_path [messages [instruments]]
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "core/arena/arena.h"
#include "core/exec/configure.h"
#include "feeds/handler.h"
#include "shm/clock.h"
#include "tests/support/bench.h"
#include "tests/support/bench_battle.h"

#define MESSAGES    "2000000"
#define INSTRUMENTS "4"
#define AHEAD       32u /* inputs hinted before they are applied, as exec does */
#define TAKEN       256u
#define MIDNIGHT    (INT64_C(1767571200) + 5 * 3600) /* 2026-01-05 00:00 in New York */

static void write_battle(const char *name, const char *feed, unsigned instruments)
{
    char path[PATH_MAX];
    FILE *file = fopen(ry_bench_path(path, name), "w");
    assert(file != NULL);
    fprintf(
        file,
        "battle: {name: bench, seed: 1}\n"
        "market:\n  date: 2026-01-05\n  zone: America/New_York\n  trade_from: 09:30:00\n  instruments:\n");
    for (unsigned i = 0; i < instruments; i++)
        fprintf(file, "    - symbol: %s\n",
                i < 26 ? (char[]){'R', 'Y', (char)('A' + i), 0}
                       : (char[]){'R', 'Y', (char)('A' + i / 26 - 1), (char)('A' + i % 26), 0});
    fprintf(file, "feeds: [{name: itch, format: itch50, %s}]\n", feed);
    fclose(file);
}

/* ---- in one process -------------------------------------------------------------------------- */

static struct ry_battle *make_battle(unsigned instruments)
{
    struct ry_battle *battle = calloc(1, ry_battle_bytes(instruments));
    assert(battle != NULL);
    *battle = (struct ry_battle){.abi = RY_BATTLE_ABI,
                                 .name = "bench",
                                 .seed = 1,
                                 .currency = "USD",
                                 .midnight = MIDNIGHT * RY_NS_PER_SECOND,
                                 .trade_to = RY_TIME_NEVER,
                                 .orders_max = 1u << 20,
                                 .feeds = 1,
                                 .instruments = (uint16_t)instruments};
    battle->warmup_from = battle->midnight;
    battle->trade_from = battle->midnight + (9 * 60 + 30) * 60 * RY_NS_PER_SECOND;
    battle->feed[0] = (struct ry_battle_feed){
        .name = "itch", .format = RY_BATTLE_FORMAT_ITCH50, .port = RY_BATTLE_PORT_FILE};
    char day[PATH_MAX];
    snprintf(battle->feed[0].path, sizeof battle->feed[0].path, "%s",
             ry_bench_path(day, "day.itch"));
    for (unsigned i = 0; i < instruments; i++) {
        struct ry_battle_instrument *instrument = &battle->instrument[i];
        *instrument = (struct ry_battle_instrument){
            .tick_size = 100, .money_per_unit = 100, .price_scale = 4};
        if (i < 26)
            snprintf(instrument->symbol, sizeof instrument->symbol, "RY%c", (char)('A' + i));
        else
            snprintf(instrument->symbol, sizeof instrument->symbol, "RY%c%c",
                     (char)('A' + i / 26 - 1), (char)('A' + i % 26));
    }
    return battle;
}

static void no_report(void *context, const struct ry_report *report)
{
    (void)context;
    (void)report;
}

static void no_market(void *context, const struct ry_market *market)
{
    (void)context;
    (void)market;
}

static const struct ry_arena_sink sink = {.report = no_report, .market = no_market};

static void apply_event(struct ry_arena *arena, const struct ry_input *event)
{
    const union ry_input_any *input = (const union ry_input_any *)event;
    while (ry_arena_next_moment(arena) <= event->head.time) {
        /* there is one moment: its sequence number is 1 */
        struct ry_input time = {.head = {.kind = RY_IN_TIME,
                                         .slots = 1,
                                         .time = ry_arena_next_moment(arena),
                                         .source_seq = 1}};
        ry_arena_apply(arena, (const union ry_input_any *)&time, &sink);
    }
    ry_arena_apply(arena, input, &sink);
}

/* Decodes and applies the file; the rate, and the state hash at the end. */
static double one_process(const struct ry_battle *battle, uint64_t *hash)
{
    static struct ry_feed_handler handler;
    static struct ry_input window[AHEAD];
    const struct ry_log_sink quiet = {.line = NULL};
    union ry_input_any record;
    ry_exec_configure(battle, 0, &record);
    size_t bytes = ry_arena_footprint(&record.battle);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert(memory != MAP_FAILED);
    (void)madvise(memory, bytes, MADV_HUGEPAGE); /* as exec does */
    struct ry_arena *arena = ry_arena_create(memory, bytes, &record.battle);
    int64_t began = ry_clock_ns();
    int failed = ry_feed_handler_open(&handler, battle, 0, NULL, &quiet);
    assert(!failed);
    for (unsigned i = 0; i < ry_exec_configured(battle); i++) {
        ry_exec_configure(battle, i, &record);
        ry_arena_apply(arena, &record, &sink);
    }
    uint64_t read = 0, applied = 0;
    struct ry_input event[TAKEN];
    enum ry_feed_handler_result result;
    do {
        unsigned made;
        result = ry_feed_handler_take(&handler, event, TAKEN, &made);
        assert(result != RY_FEED_HANDLER_FAILED);
        for (unsigned i = 0; i < made && event[i].head.kind != RY_IN_FEED_END; i++) {
            if (read - applied == AHEAD)
                apply_event(arena, &window[applied++ % AHEAD]);
            event[i].head.source = RY_SOURCE_FEED;
            window[read % AHEAD] = event[i];
            ry_arena_hint(arena, (const union ry_input_any *)&window[read++ % AHEAD]);
        }
    } while (result != RY_FEED_HANDLER_END);
    while (applied < read)
        apply_event(arena, &window[applied++ % AHEAD]);
    struct ry_input end = {
        .head = {.kind = RY_IN_END, .slots = 1, .time = ry_arena_time(arena), .source_seq = 2}};
    ry_arena_apply(arena, (const union ry_input_any *)&end, &sink);
    double seconds = (double)(ry_clock_ns() - began) / 1e9,
           rate = (double)ry_arena_counters(arena)->inputs / seconds;
    *hash = ry_arena_state_hash(arena);
    ry_feed_handler_close(&handler);
    munmap(memory, bytes);
    return rate;
}

/* ---- through the processes ------------------------------------------------------------------- */

/* 0: it failed, or ended with another state than the one process. */
static double processes(const char *battle, uint64_t hash, const char *directory)
{
    struct ry_bench_told told;
    if (!ry_bench_run_battle(battle, directory, &told))
        return 0;
    if (told.hash[3] != hash) {
        fprintf(stderr, "bench_path: %s: state hash %016llx, in one process %016llx\n", battle,
                told.hash[3], (unsigned long long)hash);
        return 0;
    }
    return (double)told.inputs / told.seconds;
}

static bool measure_processes(const char *what, const char *battle, uint64_t hash)
{
    double rate[RY_BENCH_RUNS];
    for (unsigned i = 0; i < RY_BENCH_RUNS; i++) {
        char directory[64];
        snprintf(directory, sizeof directory, "%.4s-%u", battle, i);
        rate[i] = processes(battle, hash, directory);
        if (rate[i] <= 0)
            return false;
    }
    ry_bench_rate(what, "inputs/s", rate, RY_BENCH_RUNS);
    return true;
}

int main(int argc, char **argv)
{
    char *messages = argc > 1 ? argv[1] : (char[]){MESSAGES},
         *instruments = argc > 2 ? argv[2] : (char[]){INSTRUMENTS};
    unsigned count = (unsigned)strtoul(instruments, NULL, 10);
    if (count == 0 || count > 700 || !ry_bench_folder_open()) {
        fprintf(stderr, "bench_path: nowhere to write, or not 1 to 700 instruments\n");
        return 2;
    }
    ry_bench_begin("path", 3);
    char *const generate[] = {(char[]){"royale"},
                              (char[]){"generate"},
                              (char[]){"--itch"},
                              (char[]){"day.itch"},
                              (char[]){"--pcap"},
                              (char[]){"day.pcap"},
                              (char[]){"--messages"},
                              messages,
                              (char[]){"--instruments"},
                              instruments,
                              NULL};
    if (!ry_bench_run("generated", generate)) {
        ry_bench_folder_remove();
        return 1;
    }
    write_battle("file.yaml", "path: day.itch", count);
    write_battle("dpdk.yaml", "port: dpdk, path: day.pcap", count);
    struct ry_battle *battle = make_battle(count);
    double rate[RY_BENCH_RUNS];
    uint64_t hash;
    one_process(battle, &hash); /* warms the file */
    for (unsigned i = 0; i < RY_BENCH_RUNS; i++)
        rate[i] = one_process(battle, &hash);
    printf("a generated day of %s messages, %u instruments; state hash %016llx\n", messages, count,
           (unsigned long long)hash);
    ry_bench_rate("decode and machine, one process", "inputs/s", rate, RY_BENCH_RUNS);
    bool ok = measure_processes("file to book, processes", "file.yaml", hash);
    ok &= measure_processes("packet to book (DPDK, pcap), processes", "dpdk.yaml", hash);
    free(battle);
    ry_bench_folder_remove();
    return ry_bench_end() | !ok;
}
