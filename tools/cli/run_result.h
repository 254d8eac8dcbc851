/*
 * The result of a battle that ran: what the battle's own journal says, then what there is to look
 * at. A battle that broke off has a partial one, whose first line says why.
 */
#ifndef RY_TOOLS_CLI_RUN_RESULT_H
#define RY_TOOLS_CLI_RUN_RESULT_H

#include "core/results/results.h"
#include "core/supervisor/supervisor.h"
#include "tools/cli/pulse.h"

/* Where it goes: all of it, and what a person is shown when the battle is over. */
struct ry_cli_run_result_out {
    FILE *all; /* with exact money, books, each hash in a line, throughput */
    FILE
        *brief; /* the ranks, what to look at, one line with the hashes, one with what lies where */
    bool counters;             /* in `brief` too: every counter that is not zero */
    struct ry_cli_pulse pulse; /* while the journal is followed, for a long day minutes */
};

/*
 * Prints it; follows the journal in `directory` and compares with what exec published. Writes
 * DIR/counters.txt and noise.json, and DIR/results.json and trades.jsonl too where the view has
 * not.
 *
 * RY_EXIT_OK; RY_EXIT_FAILED with the reason on standard error; RY_EXIT_EMPTY or RY_EXIT_AGENT,
 * which the result says; 128 + SIGINT if a signal stopped it: then nothing is printed or written.
 */
int ry_cli_run_result_print(const struct ry_cli_run_result_out *out, const struct ry_battle *battle,
                            const char *directory, const struct ry_supervisor_result *result,
                            const struct ry_tuning_noise *noise);

/* The exit code of a battle that did not run to its end: RY_EXIT_AGENT if an agent could not load,
 * or refused its parameters, before trading began; RY_EXIT_EMPTY if a feed has nothing for the
 * battle's hours; RY_EXIT_ENVIRONMENT if it could not be started, or its export could not; else
 * RY_EXIT_FAILED. */
int ry_cli_run_result_died(const struct ry_supervisor_result *result);

/* Of agents that crashed, left or stalled, of a battle in which nothing happened: the exit code,
 * or RY_EXIT_OK. */
int ry_cli_run_result_code(const struct ry_battle *battle, const struct ry_results *results);

#endif
