#include "tools/cli/run_board.h"

#include <inttypes.h>

#include "core/results/board.h"
#include "shm/printable.h"
#include "tools/text/money.h"
#include "tools/text/time.h"

static void print_agent(FILE *out, const struct ry_results_agent *agent)
{
    char name[RY_NAME_BYTES], rank[16], value[RY_TEXT_MONEY_BYTES], gain[RY_TEXT_MONEY_BYTES];
    snprintf(rank, sizeof rank, agent->rank == 0 ? "-" : "%" PRIu32, agent->rank);
    fprintf(out, "%4s  %-23s %20s %20s %8" PRIu64 " %8" PRIu64, rank,
            ry_printable(name, agent->name, sizeof name), ry_text_money(value, agent->value),
            ry_text_money(gain, agent->value - agent->cash_start), ry_results_fills(agent),
            ry_results_rejects(agent));
    if (agent->out != RY_OUT_NONE)
        fprintf(out, "  out: %s, round %" PRIu32, ry_code_name(RY_CODES_OUT, agent->out),
                agent->out_round);
    fputc('\n', out);
}

static void print_table(FILE *out, const struct ry_results *results, const struct ry_arena *arena)
{
    uint16_t order[RY_AGENTS_MAX];
    if (results->agents == 0)
        return;
    ry_results_order(results, order);
    fprintf(out, "%4s  %-23s %20s %20s %8s %8s\n", "rank", "agent", "value", "gain", "fills",
            "rejects");
    for (unsigned i = 0; i < results->agents; i++)
        print_agent(out, &results->agent[order[i]]);
    const struct ry_results_agent *best = &results->agent[order[0]];
    char name[RY_NAME_BYTES];
    if (best->rank == 1 && best->out == RY_OUT_NONE && ry_arena_decided(arena))
        fprintf(out, "winner: %s\n", ry_printable(name, best->name, sizeof name));
}

static void print_stamps(FILE *out, const struct ry_results *results)
{
    char time[RY_TEXT_TIME_BYTES], name[RY_NAME_BYTES];
    if (results->stopped)
        fprintf(out, RY_RESULTS_STOPPED_STAMP ", at %s\n", ry_text_time(time, results->time));
    for (uint16_t id = 0; id < results->agents; id++) {
        const struct ry_results_agent *agent = &results->agent[id];
        if (agent->wall)
            fprintf(out, "not reproducible: agent %s %s at wall time, applied at %s\n",
                    ry_printable(name, agent->name, sizeof name),
                    agent->out == RY_OUT_STALLED ? "stalled" : "died",
                    ry_text_time(time, agent->out_time));
    }
}

void ry_cli_run_board_print(FILE *out, const struct ry_results *results,
                            const struct ry_arena *arena)
{
    print_table(out, results, arena);
    print_stamps(out, results);
}
