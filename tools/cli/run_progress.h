/*
 * Where a battle stands while it runs: a line that is written over on a terminal, a line now and
 * then elsewhere.
 */
#ifndef RY_TOOLS_CLI_RUN_PROGRESS_H
#define RY_TOOLS_CLI_RUN_PROGRESS_H

#include "core/supervisor/supervisor.h"

struct ry_cli_run_progress {
    const struct ry_battle *battle;
    FILE *out;
    bool terminal;
    bool drawn;                /* a line stands on the terminal that is not ended */
    int64_t last_ns, since_ns; /* machine time: of the last line, of its figures */
    uint64_t inputs;           /* at since_ns */
    int64_t over_ns;           /* since when the battle is over; 0: it runs */
    bool waits;                /* that the export is waited for was said */
};

void ry_cli_run_progress_init(struct ry_cli_run_progress *progress, const struct ry_battle *battle,
                              FILE *out);

/* The hook of the supervisor; `context` is the struct. */
void ry_cli_run_progress_show(void *context, const struct ry_supervisor_member *roles,
                              unsigned count);

/* Leaves the terminal's line. */
void ry_cli_run_progress_end(struct ry_cli_run_progress *progress);

#endif
