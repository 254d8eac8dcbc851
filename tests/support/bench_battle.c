#include "tests/support/bench_battle.h"

#include <assert.h>
#include <errno.h>
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
    fflush(stdout);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        if (chdir(folder) != 0 || freopen(out, "w", stdout) == NULL)
            _exit(126);
        execv(program, argv);
        fprintf(stderr, "%s: %s\n", program, strerror(errno));
        _exit(127);
    }
    int status;
    assert(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *ry_bench_path(char path[PATH_MAX], const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

/* A counter of the result, if this line is its line. */
static void counter_of(const char *line, const char *name, unsigned long long *value)
{
    char word[64];
    unsigned long long number;
    if (sscanf(line, " %63s %llu", word, &number) == 2 && strcmp(word, name) == 0)
        *value = number;
}

/* Adds up over the agents' lines: "agentN (NAME): .. callbacks 12 .." */
static void counter_in_line(const char *line, const char *name, unsigned long long *sum)
{
    const char *at = strncmp(line, "agent", 5) == 0 ? strstr(line, name) : NULL;
    if (at != NULL)
        *sum += strtoull(at + strlen(name), NULL, 10);
}

static void take_line(struct ry_bench_told *told, const char *line)
{
    (void)sscanf(line, "input hash %llx", &told->hash[0]);
    (void)sscanf(line, "output hash %llx", &told->hash[1]);
    (void)sscanf(line, "book hash %llx", &told->hash[2]);
    (void)sscanf(line, "state hash %llx", &told->hash[3]);
    (void)sscanf(line, "throughput: %llu inputs in %lf s", &told->inputs, &told->seconds);
    counter_of(line, "feed0_events", &told->records);
    counter_of(line, "market_records", &told->published);
    counter_of(line, "commands", &told->orders);
    counter_in_line(line, " callbacks ", &told->callbacks);
    counter_in_line(line, " timers ", &told->timers);
}

bool ry_bench_run_battle(const char *battle, const char *directory, struct ry_bench_told *told)
{
    char path[PATH_MAX], line[512], journal[PATH_MAX + 32];
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
    FILE *file = fopen(ry_bench_path(path, "result"), "r");
    assert(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        take_line(told, line);
    fclose(file);
    snprintf(journal, sizeof journal, "%s/inputs.ryj", ry_bench_path(path, directory));
    unlink(journal);
    return told->seconds > 0 && told->hash[0] != 0 && told->hash[1] != 0 && told->hash[2] != 0 &&
           told->hash[3] != 0;
}
