/*
 * Whole battles through the real processes (feed, exec, journal, agents): how many recorded market
 * records a second the battle takes, without agents (the baseline of the same run), with one and
 * with eight.
 *
 * The agents run tests/bench/strategies/requote.c: one lot on each side of the best prices,
 * cancelled and placed anew at most each 100 ms of market time, woken by their timers alone or by
 * every record of every book. The made day is thin: it has a record each 20 ms or so, so a requote
 * comes every few records, and eight agents send more than the market does. So there is a denser
 * case as well: a requote every 100 records, as in a day with one each ms.
 *
 * The time is the supervisor's: from the start of all roles to the END on disk. All runs of a
 * battle must give the same hashes, or the benchmark fails.
 *
 *   bench_battle [messages [runs]]
 */
#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bench.h"
#include "tests/support/bench_battle.h"

#define MESSAGES          "1000000"
#define RUNS              3
#define RUNS_MAX          32
#define RECORDS_A_REQUOTE 100        /* of the dense case */
#define TRADE_TO          "11:00:00" /* eight agents that send four times a tick make the whole day long */
#define SESSION_US        INT64_C(5395000000) /* from the one to the other */

/* What the battle was, beside its rate: the same in all runs. */
static void print_battle(const struct ry_bench_told *told)
{
    printf(
        "  %llu recorded, %llu orders and cancels, %llu market records, %llu callbacks (%llu timers); state hash %016llx\n",
        told->records, told->orders, told->published, told->callbacks, told->timers, told->hash[3]);
}

/* `records`: of the recorded market; the battle without agents, which does not count them, sets it.
 */
static bool measure(const struct ry_bench_battle *shape, unsigned runs, unsigned long long *records)
{
    double rate[RUNS_MAX];
    struct ry_bench_told first = {0}, told;
    ry_bench_write_battle(shape);
    for (unsigned i = 0; i < runs; i++) {
        char directory[64];
        snprintf(directory, sizeof directory, "%s-%u", shape->file, i);
        if (!ry_bench_run_battle(shape->file, directory, &told))
            return false;
        if (i == 0)
            first = told;
        if (memcmp(told.hash, first.hash, sizeof told.hash) != 0) {
            fprintf(stderr, "bench_battle: %s: run %u has state hash %016llx, the first %016llx\n",
                    shape->what, i, told.hash[3], first.hash[3]);
            return false;
        }
        if (shape->agents == 0)
            told.records = *records =
                told.inputs; /* but for the seven that describe the battle and its clock */
        rate[i] = (double)told.records / told.seconds / 1e3;
    }
    ry_bench_rate(shape->what, "k/s", rate, runs);
    print_battle(&told);
    return true;
}

/* Recorded records before agents trade: the warm-up, which is in every rate. */
static unsigned long long warm_up_records(void)
{
    const struct ry_bench_battle shape = {
        "warm-up", "warm-up.yaml", 0, "", 0, RY_BENCH_TRADE_FROM ".000001"};
    struct ry_bench_told told;
    ry_bench_write_battle(&shape);
    return ry_bench_run_battle(shape.file, "warm-up", &told) ? told.inputs : 0;
}

/* Market time of RECORDS_A_REQUOTE of so many records of the session. */
static int64_t dense_us(unsigned long long records)
{
    return SESSION_US / (int64_t)(records / RECORDS_A_REQUOTE + 1);
}

int main(int argc, char **argv)
{
    char *messages = argc > 1 ? argv[1] : (char[]){MESSAGES};
    unsigned runs = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : RUNS;
    if (runs == 0 || runs > RUNS_MAX || !ry_bench_folder_open()) {
        fprintf(stderr, "bench_battle: nowhere to write, or not 1 to %u runs\n", RUNS_MAX);
        return 2;
    }
    ry_bench_begin("battle", 4);
    char *const generate[] = {(char[]){"royale"},
                              (char[]){"generate"},
                              (char[]){"--itch"},
                              (char[]){"day.itch"},
                              (char[]){"--messages"},
                              messages,
                              NULL};
    struct ry_bench_battle shape[] = {
        {"no agents", "none.yaml", 0, "", 0, TRADE_TO},
        {"1 agent, timer each 100 ms", "timer-1.yaml", 1, "timer", 100000, TRADE_TO},
        {"8 agents, timers each 100 ms", "timer-8.yaml", 8, "timer", 100000, TRADE_TO},
        {"1 agent, every record", "record-1.yaml", 1, "record", 100000, TRADE_TO},
        {"8 agents, every record", "record-8.yaml", 8, "record", 100000, TRADE_TO},
        {"1 agent, timer each 100 records", "dense-1.yaml", 1, "timer", 0, TRADE_TO},
        {"8 agents, timers each 100 records", "dense-8.yaml", 8, "timer", 0, TRADE_TO},
    };
    unsigned long long records = 0, warm_up = 0;
    bool ok = ry_bench_run("generated", generate) && (warm_up = warm_up_records()) > 0;
    printf(
        "recorded market records a second: a made day of %s messages, 4 instruments, to " TRADE_TO
        "; %llu records are before " RY_BENCH_TRADE_FROM "\n",
        messages, warm_up);
    for (unsigned i = 0; ok && i < sizeof shape / sizeof *shape; i++) {
        if (shape[i].agents > 0 && shape[i].interval_us == 0)
            shape[i].interval_us = dense_us(records - warm_up);
        ok = measure(&shape[i], runs, &records);
    }
    ry_bench_folder_remove();
    return ry_bench_end() | !ok;
}
