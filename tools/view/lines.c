#include "tools/view/lines.h"

#include <inttypes.h>

#include "core/results/board.h"
#include "tools/text/money.h"
#include "tools/text/time.h"
#include "tools/text/verdict.h"

#define MONEY_CELLS 16

/* The first of a round's end comes with the table's head. */
static void put_rank(FILE *out, const struct ry_results *r, const struct ry_results_row *row)
{
    const struct ry_results_row_rank *rank = &row->rank;
    char name[RY_NAME_BYTES], time[RY_TEXT_TIME_BYTES], score[RY_TEXT_MONEY_BYTES],
        value[RY_TEXT_MONEY_BYTES];
    if (rank->rank == 1) {
        fprintf(out, "round %" PRIu64 " at %s\n", rank->round, ry_text_time(time, row->key.time));
        fprintf(out, "  %2s %-*s %*s %*s %7s %7s\n", "#", RY_NAME_BYTES - 1, "agent", MONEY_CELLS,
                "score", MONEY_CELLS, "value", "fills", "rejects");
    }
    ry_text_money_short(score, rank->score, MONEY_CELLS);
    ry_text_money_short(value, rank->value, MONEY_CELLS);
    fprintf(out, "  %2" PRIu64 " %-*s %*s %*s %7" PRIu64 " %7" PRIu64 "\n", rank->rank,
            RY_NAME_BYTES - 1, ry_text_agent(name, r, rank->agent), MONEY_CELLS, score, MONEY_CELLS,
            value, rank->fills, rank->rejects);
}

static void put_out(FILE *out, const struct ry_results *r, const struct ry_results_row *row)
{
    char name[RY_NAME_BYTES], time[RY_TEXT_TIME_BYTES];
    const bool idle = row->out.reason == RY_OUT_LAST && row->out.fills < r->battle.min_fills;
    fprintf(out, "out: %s (%s), rank %" PRIu64 " of %u, round %" PRIu64 " at %s\n",
            ry_text_agent(name, r, row->out.agent), ry_text_out(row->out.reason, idle),
            row->out.rank, r->agents, row->out.round, ry_text_time(time, row->key.time));
}

static void put_incomplete(FILE *out, const struct ry_results_row *row)
{
    fprintf(out, RY_RESULTS_INCOMPLETE_STAMP ": feed%" PRIu64 ": %s\n", row->incomplete.feed,
            ry_code(RY_CODES_INCOMPLETE, row->incomplete.reason)->sentence);
}

static void put_stamp(FILE *out, const struct ry_results *r, const struct ry_results_row *row)
{
    char name[RY_NAME_BYTES];
    if (row->stamp.agent == RY_RESULTS_NONE)
        fputs(RY_RESULTS_STOPPED_STAMP "\n", out);
    else
        fprintf(out, "not reproducible: agent %s\n", ry_text_agent(name, r, row->stamp.agent));
}

void ry_view_line(FILE *out, const struct ry_results *r, const struct ry_results_row *row)
{
    if (row->kind == RY_RESULTS_ROW_RANK &&
        !ry_results_round_unplayed(r, row->rank.round, row->key.time))
        put_rank(out, r, row);
    else if (row->kind == RY_RESULTS_ROW_OUT)
        put_out(out, r, row);
    else if (row->kind == RY_RESULTS_ROW_STAMP)
        put_stamp(out, r, row);
    else if (row->kind == RY_RESULTS_ROW_INCOMPLETE)
        put_incomplete(out, row);
}

void ry_view_lines_end(FILE *out, const struct ry_results *r, const struct ry_results_board *board)
{
    char time[RY_TEXT_TIME_BYTES];
    fprintf(out, "%s %s at %s\n", board->name, board->ended ? "ended" : "stands",
            ry_text_time(time, board->time));
    ry_text_isolated(out, r);
    for (unsigned i = 0; i < board->count; i++) {
        const struct ry_results_board_row *row = &board->row[i];
        char profit[RY_TEXT_MONEY_BYTES], fate[RY_TEXT_FATE_BYTES];
        ry_text_money_short(profit, row->profit, MONEY_CELLS);
        fprintf(out, "  %2" PRIu32 " %-*s profit %*s %7" PRIu64 " fills", row->rank,
                RY_NAME_BYTES - 1, row->name, MONEY_CELLS, profit, row->fills);
        if (row->out != RY_OUT_NONE)
            fprintf(out, "  %s", ry_text_fate(fate, row->out, row->out_idle, row->out_round));
        fputc('\n', out);
    }
    ry_text_refusals(out, r);
    if (board->stamp[0] != 0)
        fprintf(out, "%s\n", board->stamp);
    (void)ry_text_empty(out, r);
}
