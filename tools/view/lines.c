/* Plain lines, for what is no terminal. */
#include <inttypes.h>

#include "tools/text/report.h"
#include "tools/text/spark.h"

#define MONEY_CELLS 16

static void money(char text[RY_TEXT_MONEY_BYTES], __int128 amount)
{
    ry_text_money(text, amount, MONEY_CELLS);
}

static void put_rank(FILE *out, const struct ry_results *r, const struct ry_game *game)
{
    char name[RY_NAME_BYTES], time[RY_TEXT_TIME_BYTES], score[RY_TEXT_MONEY_BYTES],
        value[RY_TEXT_MONEY_BYTES];
    if (game->rank == 1) {
        fprintf(out, "round %" PRIu32 " at %s\n", game->round, ry_text_time(time, game->time));
        fprintf(out, "  %2s %-*s %*s %*s %7s %7s\n", "#", RY_NAME_BYTES - 1, "agent", MONEY_CELLS,
                "score", MONEY_CELLS, "value", "fills", "rejects");
    }
    money(score, game->score);
    money(value, game->value);
    fprintf(out, "  %2" PRIu32 " %-*s %*s %*s %7" PRIu32 " %7" PRIu32 "\n", game->rank,
            RY_NAME_BYTES - 1, ry_text_printable(name, r->agent[game->agent].name, sizeof name),
            MONEY_CELLS, score, MONEY_CELLS, value, game->fills, game->rejects);
}

void ry_view_line_game(FILE *out, const struct ry_results *r, const struct ry_game *game)
{
    char name[RY_NAME_BYTES], time[RY_TEXT_TIME_BYTES];
    if (game->kind == RY_GM_RANK) {
        put_rank(out, r, game);
        return;
    }
    fprintf(out, "out: %s (%s), rank %" PRIu32 " of %u, round %" PRIu32 " at %s\n",
            ry_text_printable(name, r->agent[game->agent].name, sizeof name),
            ry_code_name(RY_CODES_OUT, game->code), game->rank, r->agents, game->round,
            ry_text_time(time, game->time));
}

void ry_view_line_stamp(FILE *out, const struct ry_results *r, uint16_t agent)
{
    char name[RY_NAME_BYTES];
    if (agent == RY_RESULTS_STOPPED)
        fputs("not reproducible: stopped at wall time\n", out);
    else
        fprintf(out, "not reproducible: agent %s\n",
                ry_text_printable(name, r->agent[agent].name, sizeof name));
}

void ry_view_lines_end(FILE *out, const struct ry_results_board *board)
{
    char time[RY_TEXT_TIME_BYTES];
    fprintf(out, "%s %s at %s\n", board->name, board->ended ? "ended" : "stands",
            ry_text_time(time, board->time));
    for (unsigned i = 0; i < board->count; i++) {
        const struct ry_results_row *row = &board->row[i];
        char value[RY_TEXT_MONEY_BYTES];
        money(value, row->value);
        fprintf(out, "  %2" PRIu32 " %-*s %*s %7" PRIu64 " fills", row->rank, RY_NAME_BYTES - 1,
                row->name, MONEY_CELLS, value, row->fills);
        if (row->out != RY_OUT_NONE)
            fprintf(out, "  out: %s, round %" PRIu32, ry_code_name(RY_CODES_OUT, row->out),
                    row->out_round);
        fputc('\n', out);
    }
    if (board->stamp[0] != 0)
        fprintf(out, "%s\n", board->stamp);
}
