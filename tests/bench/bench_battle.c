/*
 * Whole battles through the real programs: how many recorded market records a second a battle
 * takes, without agents (the baseline of the same run), with one and with eight; with a process for
 * each role, and all in one process (`royale run --fast`).
 *
 * The agents run tests/bench/strategies/requote.c: one lot on each side of the best prices,
 * cancelled and placed anew at most each 100 ms of market time, woken by their timers alone or by
 * every record of every book. The made day has a record each millisecond. Of a thin day, one each
 * 20 ms or so, eight agents that requote by timers are measured as well: they send more than the
 * market does.
 *
 * The time is the supervisor's: from the start of all roles to the END on disk. All runs of a
 * battle, and both ways to run it, must give the same hashes, or the benchmark fails.
 *
 *   bench_battle [messages of the dense day, a multiple of 60,000 [runs]]
 */
#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bench.h"
#include "tests/support/bench_battle.h"

#define MESSAGES 5040000u /* one each millisecond until 10:54 */
#define A_MINUTE 60000u
#define OPEN     570u /* minutes since midnight */
#define RUNS     3
#define RUNS_MAX 32
#define BRIEF    "09:40:00" /* eight agents that are called for every record take their time */

/* What the battle was, beside its rate: the same in all runs. */
static void print_battle(const struct ry_bench_told *told)
{
    printf(
        "  %llu recorded, %llu orders and cancels, %llu market records, %llu callbacks (%llu timers); state hash %016llx\n",
        told->records, told->orders, told->published, told->callbacks, told->timers, told->hash[3]);
}

/* Hashes of the battle with a process for each role: those of the one process must be the same. */
static unsigned long long each[4];

static bool measure(const struct ry_bench_battle *shape, unsigned runs)
{
    double rate[RUNS_MAX];
    struct ry_bench_told told = {0};
    ry_bench_write_battle(shape);
    for (unsigned i = 0; i < runs; i++) {
        char directory[64];
        snprintf(directory, sizeof directory, "%s-%u%s", shape->file, i, shape->fast ? "f" : "");
        if (!ry_bench_run_battle(shape->file, directory, &told))
            return false;
        if (i == 0 && !shape->fast)
            memcpy(each, told.hash, sizeof each);
        if (memcmp(told.hash, each, sizeof told.hash) != 0) {
            fprintf(stderr, "bench_battle: %s: run %u has state hash %016llx, the first %016llx\n",
                    shape->what, i, told.hash[3], each[3]);
            return false;
        }
        if (shape->agents == 0)
            told.records = told.inputs; /* but for the seven that describe the battle */
        rate[i] = (double)told.records / told.seconds / 1e3;
    }
    ry_bench_rate(shape->what, "k/s", rate, runs);
    print_battle(&told);
    return true;
}

/* Both ways, one after the other. */
static bool measure_both(struct ry_bench_battle shape, unsigned runs)
{
    char what[96];
    const char *name = shape.what;
    shape.what = what;
    for (unsigned way = 0; way < 2; way++) {
        shape.fast = way != 0;
        snprintf(what, sizeof what, "%s, %s", name, way ? "one process" : "a process each");
        if (!measure(&shape, runs))
            return false;
    }
    return true;
}

/* A day of so many messages, one each millisecond; when it closes. */
static bool make_dense(unsigned messages, char close[8])
{
    char count[16];
    const unsigned minute = OPEN + messages / A_MINUTE;
    snprintf(count, sizeof count, "%u", messages);
    snprintf(close, 8, "%02u:%02u", minute / 60 % 24, minute % 60);
    char *const dense[] = {(char[]){"royale"},
                           (char[]){"generate"},
                           (char[]){"--itch"},
                           (char[]){"dense.itch"},
                           (char[]){"--messages"},
                           count,
                           (char[]){"--close"},
                           close,
                           NULL};
    char *const thin[] = {(char[]){"royale"}, (char[]){"generate"}, (char[]){"--itch"},
                          (char[]){"thin.itch"}, NULL};
    return ry_bench_run("dense", dense) && ry_bench_run("thin", thin);
}

int main(int argc, char **argv)
{
    const unsigned messages = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : MESSAGES;
    const unsigned runs = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : RUNS;
    char close[8];
    if (runs == 0 || runs > RUNS_MAX || messages < 10 * A_MINUTE || messages > 390 * A_MINUTE ||
        !ry_bench_folder_open()) {
        fprintf(stderr,
                "bench_battle: nowhere to write, or not 600,000 to 23,400,000 messages and 1 to %d "
                "runs\n",
                RUNS_MAX);
        return 2;
    }
    ry_bench_begin("battle", 4);
    bool ok = make_dense(messages, close);
    printf("recorded market records a second: a made day of %u messages, 4 instruments, to %s\n",
           messages, close);
    const struct ry_bench_battle shape[] = {
        {"no agents", "none.yaml", 0, "", 0, close, "dense.itch", false},
        {"1 agent, timer each 100 ms", "timer-1.yaml", 1, "timer", 100000, close, "dense.itch",
         false},
        {"8 agents, timers each 100 ms", "timer-8.yaml", 8, "timer", 100000, close, "dense.itch",
         false},
        {"8 agents, every record to " BRIEF, "record-8.yaml", 8, "record", 100000, BRIEF,
         "dense.itch", false},
        {"thin day, 8 agents, timers each 100 ms", "thin-8.yaml", 8, "timer", 100000, "10:00:00",
         "thin.itch", false},
    };
    for (unsigned i = 0; ok && i < sizeof shape / sizeof *shape; i++)
        ok = measure_both(shape[i], runs);
    ry_bench_folder_remove();
    return ry_bench_end() | !ok;
}
