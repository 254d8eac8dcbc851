#include "tools/cli/run_board.h"

#include <inttypes.h>
#include <string.h>

#include "core/results/board.h"
#include "shm/printable.h"
#include "tools/text/money.h"
#include "tools/text/verdict.h"

/* ---- the ranks ------------------------------------------------------------------------------- */

enum column {
    COLUMN_PROFIT,
    COLUMN_MARKET,
    COLUMN_AGENTS,
    COLUMN_FEES,
    COLUMN_FILLS,
    COLUMN_REFUSED,
    COLUMNS,
};

struct cells {
    char name[RY_NAME_BYTES];
    char text[COLUMNS][RY_TEXT_MONEY_BYTES];
};

static void set_money(char text[RY_TEXT_MONEY_BYTES], __int128 money)
{
    char room[RY_TEXT_MONEY_BYTES];
    strcpy(text, ry_text_money(room, money));
}

static void fill_cells(struct cells *cells, const struct ry_results *r, uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    __int128 agents = 0;
    for (uint16_t other = 0; other < r->agents; other++)
        agents += agent->flow[other].pnl;
    ry_printable(cells->name, agent->name, sizeof cells->name);
    set_money(cells->text[COLUMN_PROFIT], agent->pnl);
    set_money(cells->text[COLUMN_MARKET], agent->flow[RY_RESULTS_RECORDED].pnl);
    set_money(cells->text[COLUMN_AGENTS], agents);
    set_money(cells->text[COLUMN_FEES], agent->fees + agent->haircut);
    snprintf(cells->text[COLUMN_FILLS], RY_TEXT_MONEY_BYTES, "%" PRIu64, ry_results_fills(agent));
    snprintf(cells->text[COLUMN_REFUSED], RY_TEXT_MONEY_BYTES, "%" PRIu64,
             ry_results_rejects(agent));
}

static void widen(int *width, const char *text)
{
    if ((int)strlen(text) > *width)
        *width = (int)strlen(text);
}

static void print_row(FILE *out, const struct cells *cells, int name, const int width[COLUMNS])
{
    fprintf(out, "  %-*s", name, cells->name);
    for (unsigned i = 0; i < COLUMNS; i++)
        fprintf(out, "  %*s", width[i], cells->text[i]);
}

/* Every column as wide as what stands in it. */
static void print_table(FILE *out, const struct ry_results *r)
{
    static const struct cells head = {
        "agent", {"profit", "= market", "+ agents", "- fees", "fills", "refused"}};
    static struct cells cells[RY_AGENTS_MAX];
    uint16_t order[RY_AGENTS_MAX];
    int name = (int)strlen(head.name), width[COLUMNS] = {0};
    ry_results_order(r, order);
    for (unsigned c = 0; c < COLUMNS; c++)
        widen(&width[c], head.text[c]);
    for (unsigned i = 0; i < r->agents; i++) {
        fill_cells(&cells[i], r, order[i]);
        widen(&name, cells[i].name);
        for (unsigned c = 0; c < COLUMNS; c++)
            widen(&width[c], cells[i].text[c]);
    }
    fputs("rank", out);
    print_row(out, &head, name, width);
    fputc('\n', out);
    for (unsigned i = 0; i < r->agents; i++) {
        const struct ry_results_agent *agent = &r->agent[order[i]];
        char rank[16], fate[RY_TEXT_FATE_BYTES];
        snprintf(rank, sizeof rank, agent->rank == 0 ? "-" : "%" PRIu32, agent->rank);
        fprintf(out, "%4s", rank);
        print_row(out, &cells[i], name, width);
        if (agent->out != RY_OUT_NONE)
            fprintf(out, "  %s", ry_text_fate(fate, agent->out, agent->out_round));
        fputc('\n', out);
    }
}

/* ---- beside them ----------------------------------------------------------------------------- */

static void print_refused(FILE *out, const struct ry_results *r)
{
    uint16_t order[RY_AGENTS_MAX];
    ry_results_order(r, order);
    for (unsigned i = 0; i < r->agents; i++) {
        const struct ry_results_agent *agent = &r->agent[order[i]];
        char name[RY_NAME_BYTES], text[RY_TEXT_REFUSED_BYTES];
        enum ry_reject most = ry_results_reject_most(agent);
        if (most != RY_REJECT_NONE)
            fprintf(out, "%s: %s\n", ry_printable(name, agent->name, sizeof name),
                    ry_text_refused(text, ry_results_rejects(agent), most, agent->rejects[most]));
    }
}

void ry_cli_run_board_print(FILE *out, const struct ry_results *r, const struct ry_arena *arena)
{
    if (r->agents > 0) {
        print_table(out, r);
        ry_text_best(out, r, arena);
        ry_text_idle(out, r);
        print_refused(out, r);
        (void)ry_text_not_played(out, r);
    }
    ry_text_stamps(out, r);
    (void)ry_text_empty(out, r);
}
