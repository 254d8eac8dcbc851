/*
 * For benchmarks that go through the real programs: where those are, a folder to work in, and what
 * a run says.
 *
 * The programs are looked for in ../../bin beside the benchmark, or in $ROYALE_BIN. There is one
 * folder a process: made where the benchmark was started, removed at its end.
 */
#ifndef RY_TESTS_SUPPORT_BENCH_BATTLE_H
#define RY_TESTS_SUPPORT_BENCH_BATTLE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* The folder that this benchmark stands in. */
void ry_bench_own_folder(char path[PATH_MAX]);

/* Finds the programs and makes the folder. False: there is nowhere to write. */
bool ry_bench_folder_open(void);
void ry_bench_folder_remove(void);

/* A file of the folder; returns `path`. */
char *ry_bench_path(char path[PATH_MAX], const char *name);

/* Runs royale in the folder; its output goes to the file `out` there. False: it failed. */
bool ry_bench_run(const char *out, char *const argv[]);
/* The same for another of the programs. */
bool ry_bench_run_program(const char *name, const char *out, char *const argv[]);

#define RY_BENCH_TRADE_FROM "09:30:05"

/* A battle over a made day, with agents that run tests/bench/strategies/requote.c. */
struct ry_bench_battle {
    const char *what, *file;
    unsigned agents;
    const char *wake; /* requote's */
    int64_t interval_us;
    const char *to;  /* trading ends, New York's time */
    const char *day; /* the day's file; NULL: day.itch */
    bool fast;       /* one process */
};
void ry_bench_write_battle(const struct ry_bench_battle *battle);

/* What `royale run` says of a battle; seconds: the supervisor's, from the start of all roles to the
 * END on disk. */
struct ry_bench_told {
    unsigned long long hash[4]; /* input, output, book, state */
    unsigned long long inputs, records, published, callbacks, timers, orders;
    double seconds;
};

/* Runs a battle file of the folder into `directory` there, whose journal is removed: the next run's
 * disk is as empty as this one's was. False: it failed, and said why. */
bool ry_bench_run_battle(const char *battle, const char *directory, struct ry_bench_told *told);

/* A counter of all processes of a battle that has been run into `directory`, added up. */
unsigned long long ry_bench_counter(const char *directory, const char *name);

#endif
