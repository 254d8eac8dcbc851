/*
 * Hand-overs of whole battles through the real processes: how often the kernel switches, and how
 * often one process wakes another, for each wake of an agent; and what a wake puts on the links.
 *
 * What a battle needs is one hand-over a wake and one back: at most two futex calls, and with
 * several agents that are woken together fewer switches than two, since exec has to go on once for
 * all of them. More futex calls than two a wake, but for what links that fill and the journal need,
 * fail the benchmark. The counts are of all processes (DIR/counters.txt), with their start and end;
 * the battle without agents is the baseline that shows how much that is.
 *
 * The agents are those of bench_battle, woken by their timers alone or by everything. Counts are
 * facts on a busy machine too, though it moves who sleeps when; rates are claims, and marked.
 *
 *   bench_handover [runs]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bench.h"
#include "tests/support/bench_battle.h"

#define MESSAGES "1000000"
#define RUNS     3
#define RUNS_MAX 32
#define REQUOTE  100000 /* us */
/* Futex calls of a battle beside those for wakes and full links: feed, journal, start and end. */
#define ROUSES_MORE 2000

/* What one run counted. */
struct counted {
    unsigned long long wakes, switches, rouses, sleeps, bytes, drains;
};

static struct counted count(const char *directory)
{
    return (struct counted){
        .wakes = ry_bench_counter(directory, "callbacks"),
        .switches = ry_bench_counter(directory, "switches_voluntary") +
                    ry_bench_counter(directory, "switches_involuntary"),
        .rouses = ry_bench_counter(directory, "rouses"),
        .sleeps = ry_bench_counter(directory, "sleeps"),
        .bytes = ry_bench_counter(directory, "link_bytes"),
        .drains = ry_bench_counter(directory, "drains"),
    };
}

static double each(unsigned long long amount, unsigned long long wakes)
{
    return (double)amount / (double)(wakes > 0 ? wakes : 1);
}

/* The run with the fewest switches: what others do on the machine only adds to them. */
static void print(const struct counted *least)
{
    if (least->wakes == 0)
        printf("  in all: %llu switches, %llu sleeps, %llu futex wakes\n", least->switches,
               least->sleeps, least->rouses);
    else
        printf(
            "  %llu wakes; each: %.2f switches, %.2f sleeps, %.2f futex wakes, %.0f bytes on links; %llu drains\n",
            least->wakes, each(least->switches, least->wakes), each(least->sleeps, least->wakes),
            each(least->rouses, least->wakes), each(least->bytes, least->wakes), least->drains);
}

/* False: it failed, or woke more than it had to. */
static bool measure(const struct ry_bench_battle *battle, unsigned runs)
{
    double rate[RUNS_MAX];
    struct counted least = {0};
    ry_bench_write_battle(battle);
    for (unsigned i = 0; i < runs; i++) {
        char directory[64];
        struct ry_bench_told told;
        snprintf(directory, sizeof directory, "%s-%u", battle->file, i);
        if (!ry_bench_run_battle(battle->file, directory, &told))
            return false;
        const struct counted now = count(directory);
        if (i == 0 || now.switches < least.switches)
            least = now;
        rate[i] = (double)ry_bench_counter(directory, "feed0_events") / told.seconds / 1e3;
        if (now.rouses > 2 * (now.wakes + now.drains) + ROUSES_MORE) {
            fprintf(stderr, "bench_handover: %s: %llu futex wakes for %llu wakes and %llu drains\n",
                    battle->what, now.rouses, now.wakes, now.drains);
            return false;
        }
    }
    ry_bench_rate(battle->what, "k/s", rate, runs);
    print(&least);
    return true;
}

int main(int argc, char **argv)
{
    const unsigned runs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : RUNS;
    if (runs == 0 || runs > RUNS_MAX || !ry_bench_folder_open()) {
        fprintf(stderr, "bench_handover: nowhere to write, or not 1 to %u runs\n", RUNS_MAX);
        return 2;
    }
    ry_bench_begin("handover", 4);
    char *const generate[] = {(char[]){"royale"},
                              (char[]){"generate"},
                              (char[]){"--itch"},
                              (char[]){"day.itch"},
                              (char[]){"--messages"},
                              (char[]){MESSAGES},
                              NULL};
    /* The more agents and wakes, the shorter: each takes about a second. */
    static const struct ry_bench_battle battle[] = {
        {"no agents", "none.yaml", 0, "", 0, "10:00:00"},
        {"1 agent, timer each 100 ms", "timer-1.yaml", 1, "timer", REQUOTE, "10:00:00"},
        {"8 agents, timers each 100 ms", "timer-8.yaml", 8, "timer", REQUOTE, "10:00:00"},
        {"60 agents, timers each 100 ms", "timer-60.yaml", 60, "timer", REQUOTE, "09:31:00"},
        {"1 agent, every record", "record-1.yaml", 1, "record", REQUOTE, "09:40:00"},
        {"8 agents, every record", "record-8.yaml", 8, "record", REQUOTE, "09:35:00"},
        {"60 agents, every record", "record-60.yaml", 60, "record", REQUOTE, "09:30:20"},
    };
    bool ok = ry_bench_run("generated", generate);
    printf("recorded market records a second, a made day of " MESSAGES
           " messages; counts are of the run with the fewest switches\n");
    for (unsigned i = 0; ok && i < sizeof battle / sizeof *battle; i++)
        ok = measure(&battle[i], runs);
    ry_bench_folder_remove();
    return ry_bench_end() | !ok;
}
