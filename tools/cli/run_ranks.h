/*
 * The ranks of a battle, for its result: collected from the outputs of the machine while the
 * journal is followed.
 */
#ifndef RY_TOOLS_CLI_RUN_RANKS_H
#define RY_TOOLS_CLI_RUN_RANKS_H

#include <stdio.h>

#include "core/arena/arena.h"
#include "core/battle/battle.h"

struct ry_cli_run_rank {
    uint32_t rank;  /* 1 is the winner; 0: never ranked */
    uint32_t round; /* of the record that says so */
    uint8_t out;    /* enum ry_out */
    bool wall;      /* a wall clock chose the moment of its death */
    int64_t out_time;
    uint64_t fills, rejects;
};

struct ry_cli_run_ranks {
    const struct ry_battle *battle;
    struct ry_arena_sink sink; /* give this to the machine */
    struct ry_cli_run_rank agent[RY_AGENTS_MAX];
    bool stopped; /* a wall clock chose the moment of the END */
    int64_t stopped_time;
};

void ry_cli_run_ranks_open(struct ry_cli_run_ranks *ranks, const struct ry_battle *battle);

/* Looks through the journal for deaths, and an END, that wall clocks placed. 0, or -1 with the
 * reason on standard error. */
int ry_cli_run_ranks_stamps(struct ry_cli_run_ranks *ranks, const char *directory);

/* The leaderboard, and what makes the result one that need not come again. */
void ry_cli_run_ranks_print(FILE *out, const struct ry_cli_run_ranks *ranks,
                            const struct ry_arena *arena);

#endif
