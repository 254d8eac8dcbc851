/*
 * Reading a battle again, inputs a second: the machine alone over the journal's inputs lying ready
 * in memory with hints ahead of them (the baseline), a follower, and a follower with results, as
 * `royale replay` and the end of `royale run` have it. All three must end with the same state.
 *
 * The battle is made here: a generated day, eight agents that requote both sides each half second.
 *
 *   bench_replay [messages]
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/results/follow.h"
#include "shm/clock.h"
#include "tests/support/bench.h"
#include "tests/support/bench_arena.h"
#include "tests/support/bench_battle.h"

#define AHEAD 24u
#define STEP  4096u

struct inputs {
    union ry_input_any *input;
    uint32_t count;
    uint64_t state; /* hash at the end */
};

static struct ry_follow open_battle(const char *directory)
{
    struct ry_follow follow;
    char error[512];
    if (ry_follow_open(&follow, directory, error, sizeof error) != 0) {
        fprintf(stderr, "bench_replay: %s\n", error);
        exit(EXIT_FAILURE);
    }
    return follow;
}

static struct inputs read_all(const char *directory, size_t room)
{
    struct inputs all = {.input = ry_bench_map(room * sizeof *all.input)};
    struct ry_follow follow = open_battle(directory);
    const union ry_input_any *input;
    while (ry_journal_next(&follow.reader, &input) == RY_JOURNAL_INPUT) {
        assert(all.count < room);
        memcpy(&all.input[all.count++], input, input->head.slots * (size_t)RY_SLOT_PAYLOAD);
    }
    ry_follow_close(&follow);
    return all;
}

static void same_state(struct inputs *all, const struct ry_arena *arena)
{
    const uint64_t state = ry_arena_state_hash(arena);
    if (all->state != 0 && all->state != state) {
        puts("TWO READINGS END WITH DIFFERENT STATES");
        exit(EXIT_FAILURE);
    }
    all->state = state;
}

static double machine_alone(struct inputs *all)
{
    const size_t bytes = ry_arena_footprint(&all->input[0].battle);
    const int64_t start = ry_clock_ns();
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert(memory != MAP_FAILED);
    struct ry_arena *arena = ry_arena_create(memory, bytes, &all->input[0].battle);
    for (uint32_t i = 0; i < all->count; i++) {
        if (i + AHEAD < all->count)
            ry_arena_hint(arena, &all->input[i + AHEAD]);
        ry_arena_apply(arena, &all->input[i], NULL);
    }
    const double rate = all->count * 1e3 / (double)(ry_clock_ns() - start);
    same_state(all, arena);
    munmap(memory, bytes);
    return rate;
}

static double followed(const char *directory, struct inputs *all, bool with_results)
{
    struct ry_results results;
    const int64_t start = ry_clock_ns();
    struct ry_follow follow = open_battle(directory);
    ry_results_open(&results, &follow.reader.file.battle_id, NULL);
    if (with_results)
        while (ry_results_step(&results, &follow, STEP) > 0)
            ;
    else
        while (ry_follow_step(&follow, STEP, NULL) > 0)
            ;
    const double rate = all->count * 1e3 / (double)(ry_clock_ns() - start);
    assert(follow.status == RY_FOLLOW_END && follow.inputs == all->count);
    same_state(all, ry_follow_arena(&follow));
    ry_results_close(&results);
    ry_follow_close(&follow);
    return rate;
}

static void measure(const char *directory, uint32_t messages)
{
    double alone[RY_BENCH_RUNS], follower[RY_BENCH_RUNS], results[RY_BENCH_RUNS],
        times[RY_BENCH_RUNS];
    struct inputs all = read_all(directory, 16 * (size_t)messages);
    printf("%" PRIu32 " inputs\n", all.count);
    for (unsigned i = 0; i < RY_BENCH_RUNS; i++) {
        alone[i] = machine_alone(&all);
        follower[i] = followed(directory, &all, false);
        results[i] = followed(directory, &all, true);
        times[i] = alone[i] / results[i];
    }
    ry_bench_rate("baseline: the machine alone", "M inputs/s", alone, RY_BENCH_RUNS);
    ry_bench_rate("a follower", "M inputs/s", follower, RY_BENCH_RUNS);
    ry_bench_rate("a follower with results", "M inputs/s", results, RY_BENCH_RUNS);
    ry_bench_rate("the time of the machine alone, run by run", "x", times, RY_BENCH_RUNS);
}

static bool run_battle(char *messages)
{
    static const struct ry_bench_battle battle = {.what = "8 agents",
                                                  .file = "replay.yaml",
                                                  .agents = 8,
                                                  .wake = "timer",
                                                  .interval_us = 500000,
                                                  .to = "16:00"};
    char *const generate[] = {(char[]){"royale"},
                              (char[]){"generate"},
                              (char[]){"--itch"},
                              (char[]){"day.itch"},
                              (char[]){"--messages"},
                              messages,
                              NULL};
    char *const run[] = {
        (char[]){"royale"}, (char[]){"run"},    (char[]){"--fast"},      (char[]){"--quiet"},
        (char[]){"--dir"},  (char[]){"replay"}, (char[]){"replay.yaml"}, NULL};
    ry_bench_write_battle(&battle);
    return ry_bench_run("generated", generate) && ry_bench_run("ran", run);
}

int main(int argc, char **argv)
{
    char path[PATH_MAX], messages[32] = "1000000";
    if (argc > 1)
        snprintf(messages, sizeof messages, "%s", argv[1]);
    const unsigned long count = strtoul(messages, NULL, 10);
    if (count < 10000 || count > 100000000) {
        fputs("bench_replay: 10,000 to 100,000,000 messages\n", stderr);
        return 2;
    }
    ry_bench_begin("replay", 1);
    if (!ry_bench_folder_open())
        return EXIT_FAILURE;
    const bool ran = run_battle(messages);
    if (ran) {
        (void)ry_bench_pin(0);
        measure(ry_bench_path(path, "replay"), (uint32_t)count);
    } else {
        fputs("bench_replay: the battle did not run\n", stderr);
    }
    ry_bench_folder_remove();
    return ry_bench_end() | !ran;
}
