/* The counters of every process of the house: what each counts, before any runs. */
#ifndef RY_TOOLS_COUNTERS_TABLES_H
#define RY_TOOLS_COUNTERS_TABLES_H

#include "shm/counter.h"

/* A table of counters, under the name by which `royale counters` knows it. */
struct ry_counters_of {
    const char *name;  /* "feed" */
    const char *role;  /* whose region it is in: "feed"; of the run loop, any */
    const char *title; /* "royale-feed: one process for each feed" */
    const struct ry_counter_table *table;
    unsigned count; /* of its rows, from the first */
};

/* All tables; the last has no name. The region of exec holds two of them, "exec" and "machine". */
extern const struct ry_counters_of ry_counters_all[];

/* What that process counts under that name: "feed0" and "gaps". NULL: nothing that this version
 * knows. */
const struct ry_counter *ry_counters_known(const char *process, const char *name);

#endif
