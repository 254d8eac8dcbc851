#include "tests/support/bench_battle.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "./bench-XXXXXX";
static char program[PATH_MAX]; /* royale */

void ry_bench_own_folder(char path[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 64);
    assert(n > 0);
    path[n] = 0;
    *strrchr(path, '/') = 0;
}

bool ry_bench_folder_open(void)
{
    const char *given = getenv("ROYALE_BIN");
    if (given != NULL) {
        snprintf(program, sizeof program, "%s/royale", given);
    } else {
        ry_bench_own_folder(program);
        for (int up = 0; up < 2; up++)
            *strrchr(program, '/') = 0;
        strcat(program, "/bin/royale");
    }
    return mkdtemp(folder) != NULL;
}

void ry_bench_folder_remove(void)
{
    char command[64 + sizeof folder];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s stays behind\n", folder);
}

bool ry_bench_run(const char *out, char *const argv[])
{
    return ry_bench_run_program("royale", out, argv);
}

bool ry_bench_run_program(const char *name, const char *out, char *const argv[])
{
    char path[PATH_MAX + NAME_MAX];
    snprintf(path, sizeof path, "%s", program);
    snprintf(strrchr(path, '/') + 1, NAME_MAX, "%s", name);
    fflush(stdout);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        if (chdir(folder) != 0 || freopen(out, "w", stdout) == NULL)
            _exit(126);
        execv(path, argv);
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        _exit(127);
    }
    int status;
    assert(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *ry_bench_path(char path[PATH_MAX], const char *name)
{
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    assert(length > 0 && length < PATH_MAX);
    return path;
}

static const char symbol[4][4] = {"RYA", "RYB", "RYC", "RYD"};

static void write_agents(FILE *file, const struct ry_bench_battle *battle)
{
    char strategies[PATH_MAX];
    ry_bench_own_folder(strategies);
    fprintf(file, "agents:\n");
    for (unsigned i = 0; i < battle->agents; i++)
        fprintf(file,
                "  - {name: agent-%u, strategy: '%s/strategies/requote.so', cash: 10000000,"
                " params: {instrument: %s, wake: %s, interval_us: %" PRId64 "}}\n",
                i, strategies, symbol[i % 4], battle->wake, battle->interval_us);
    /* so wide that nothing is refused and nobody is out */
    fprintf(
        file,
        "risk: {quantity_max: 100, notional_max: 1000000, position_max: 1000000, open_orders_max: 20,\n"
        "  rate_max: 100000, collar_ppm: 500000, loss_max: 10000000}\n");
}

void ry_bench_write_battle(const struct ry_bench_battle *battle)
{
    char path[PATH_MAX];
    FILE *file = fopen(ry_bench_path(path, battle->file), "w");
    assert(file != NULL);
    fprintf(file,
            "battle: {name: bench, seed: 1}\n"
            "market:\n  date: 2026-01-05\n  zone: America/New_York\n%s"
            "  trade_from: " RY_BENCH_TRADE_FROM "\n  trade_to: %s\n  instruments:\n",
            battle->agents > 0 ? "" : "  allow_empty: true\n", battle->to);
    for (unsigned i = 0; i < 4; i++)
        fprintf(file, "    - symbol: %s\n", symbol[i]);
    fprintf(file, "feeds: [{name: itch, format: itch50, path: %s}]\nrun: {processes: %s}\n",
            battle->day != NULL ? battle->day : "day.itch", battle->fast ? "one" : "each");
    if (battle->agents > 0)
        write_agents(file, battle);
    fclose(file);
}

/* A counter of a process, if this line is its line. */
static void counter_of(const char *line, const char *name, unsigned long long *value)
{
    char word[64];
    unsigned long long number;
    if (sscanf(line, " %63s %llu", word, &number) == 2 && strcmp(word, name) == 0)
        *value = number;
}

unsigned long long ry_bench_counter(const char *directory, const char *name)
{
    char path[PATH_MAX], file_name[128], line[512];
    unsigned long long sum = 0;
    snprintf(file_name, sizeof file_name, "%s/counters.txt", directory);
    FILE *file = fopen(ry_bench_path(path, file_name), "r");
    assert(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long long value = 0;
        counter_of(line, name, &value);
        sum += value;
    }
    fclose(file);
    return sum;
}

static void take_line(struct ry_bench_told *told, const char *line)
{
    (void)sscanf(line, "input hash %llx", &told->hash[0]);
    (void)sscanf(line, "output hash %llx", &told->hash[1]);
    (void)sscanf(line, "book hash %llx", &told->hash[2]);
    (void)sscanf(line, "state hash %llx", &told->hash[3]);
    (void)sscanf(line, "throughput: %llu inputs in %lf s", &told->inputs, &told->seconds);
}

static void take_counters(struct ry_bench_told *told, const char *directory)
{
    told->records = ry_bench_counter(directory, "feed0_events");
    told->published = ry_bench_counter(directory, "market_records");
    told->orders = ry_bench_counter(directory, "agent_inputs");
    told->callbacks = ry_bench_counter(directory, "callbacks");
    told->timers = ry_bench_counter(directory, "timers");
}

bool ry_bench_run_battle(const char *battle, const char *directory, struct ry_bench_told *told)
{
    char path[PATH_MAX], line[512], journal[PATH_MAX + 32], result[128];
    char *const argv[] = {(char[]){"royale"},
                          (char[]){"run"},
                          (char[]){"--quiet"},
                          (char[]){"--dir"},
                          (char *)(uintptr_t)directory,
                          (char *)(uintptr_t)battle,
                          NULL};
    *told = (struct ry_bench_told){0};
    if (!ry_bench_run("result", argv)) {
        fprintf(stderr, "royale run %s failed\n", battle);
        return false;
    }
    snprintf(result, sizeof result, "%s/result.txt", directory);
    FILE *file = fopen(ry_bench_path(path, result), "r");
    assert(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        take_line(told, line);
    fclose(file);
    take_counters(told, directory);
    snprintf(journal, sizeof journal, "%s/inputs.ryj", ry_bench_path(path, directory));
    unlink(journal);
    return told->seconds > 0 && told->records > 0 && told->hash[0] != 0 && told->hash[1] != 0 &&
           told->hash[2] != 0 && told->hash[3] != 0;
}
