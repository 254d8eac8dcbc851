/* `royale counters`: what the processes of a battle count, and what to do about it. */
#ifndef RY_TOOLS_CLI_COUNTERS_H
#define RY_TOOLS_CLI_COUNTERS_H

#include "shm/counter.h"

/* A table of counters, under the name by which `royale counters` knows it. */
struct ry_cli_counters_of {
    const char *name;  /* "feed" */
    const char *title; /* "royale-feed: one process for each feed" */
    const struct ry_counter_table *table;
    unsigned count; /* of its rows, from the first */
};

/* All tables; the last has no name. The region of exec holds two of them, "exec" and "machine". */
extern const struct ry_cli_counters_of ry_cli_counters_all[];

int ry_cli_counters(int argc, char **argv);

#endif
