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
    COLUMN_MARKET, /* the split of the profit, up to the fees */
    COLUMN_AGENTS,
    COLUMN_FEES,
    COLUMN_FILLS,
    COLUMN_REFUSED,
    COLUMNS,
};

#define MONEY_CELLS 12 /* of a brief table */
#define PLACE_BYTES 12

struct cells {
    char rank[PLACE_BYTES], earned[PLACE_BYTES];
    char name[RY_NAME_BYTES];
    char text[COLUMNS][RY_TEXT_MONEY_BYTES];
    char fate[RY_TEXT_FATE_BYTES];
};

struct table {
    struct cells head, row[RY_AGENTS_MAX];
    int name, fate, width[COLUMNS];
    bool exact, split;
};

static void set_money(const struct table *table, char text[RY_TEXT_MONEY_BYTES], __int128 money)
{
    char room[RY_TEXT_MONEY_BYTES];
    if (table->exact)
        strcpy(text, ry_text_money(room, money));
    else
        ry_text_money_short(text, money, MONEY_CELLS);
}

static void set_place(char text[PLACE_BYTES], uint32_t place)
{
    snprintf(text, PLACE_BYTES, place == 0 ? "-" : "%" PRIu32, place);
}

static void fill_cells(const struct table *table, struct cells *cells, const struct ry_results *r,
                       uint16_t id, uint32_t earned)
{
    const struct ry_results_agent *agent = &r->agent[id];
    __int128 agents = 0;
    for (uint16_t other = 0; other < r->agents; other++)
        agents += agent->flow[other].pnl;
    set_place(cells->rank, agent->rank);
    set_place(cells->earned, earned);
    ry_printable(cells->name, agent->name, sizeof cells->name);
    set_money(table, cells->text[COLUMN_PROFIT], agent->pnl);
    set_money(table, cells->text[COLUMN_MARKET], agent->flow[RY_RESULTS_RECORDED].pnl);
    set_money(table, cells->text[COLUMN_AGENTS], agents);
    set_money(table, cells->text[COLUMN_FEES], agent->fees + agent->haircut);
    snprintf(cells->text[COLUMN_FILLS], RY_TEXT_MONEY_BYTES, "%" PRIu64, ry_results_fills(agent));
    snprintf(cells->text[COLUMN_REFUSED], RY_TEXT_MONEY_BYTES, "%" PRIu64,
             ry_results_rejects(agent));
    cells->fate[0] = '\0';
    if (agent->out != RY_OUT_NONE)
        (void)ry_text_fate(cells->fate, agent->out, ry_results_out_idle(r, agent),
                           agent->out_round);
}

static void widen(int *width, const char *text)
{
    if ((int)strlen(text) > *width)
        *width = (int)strlen(text);
}

/* Every column as wide as what stands in it. */
static void measure(struct table *table, const struct cells *cells)
{
    widen(&table->name, cells->name);
    widen(&table->fate, cells->fate);
    for (unsigned c = 0; c < COLUMNS; c++)
        widen(&table->width[c], cells->text[c]);
}

static bool is_shown(const struct table *table, unsigned column)
{
    return table->split || column < COLUMN_MARKET || column > COLUMN_FEES;
}

static void print_row(FILE *out, const struct table *table, const struct cells *cells)
{
    fprintf(out, "%4s  %6s  %-*s", cells->rank, cells->earned, table->name, cells->name);
    for (unsigned c = 0; c < COLUMNS; c++)
        if (is_shown(table, c))
            fprintf(out, "  %*s", table->width[c], cells->text[c]);
    fprintf(out, "%s%s\n", cells->fate[0] == '\0' ? "" : "  ", cells->fate);
}

static int cells_of(const struct table *table)
{
    int cells = 4 + 2 + 6 + 2 + table->name + (table->fate > 0 ? 2 + table->fate : 0);
    for (unsigned c = 0; c < COLUMNS; c++)
        cells += is_shown(table, c) ? 2 + table->width[c] : 0;
    return cells;
}

/* Two digits behind the point say nothing where all earned less than that. */
static bool has_units(const struct ry_results *r)
{
    for (uint16_t id = 0; id < r->agents; id++)
        if (r->agent[id].pnl >= RY_MONEY_UNIT || r->agent[id].pnl <= -RY_MONEY_UNIT)
            return true;
    return false;
}

static void print_table(FILE *out, const struct ry_results *r, bool brief)
{
    static struct table table;
    uint16_t order[RY_AGENTS_MAX];
    uint32_t earned[RY_AGENTS_MAX];
    table = (struct table){
        .head = {"rank",
                 "earned",
                 "agent",
                 {"profit", "= market", "+ agents", "- fees", "fills", "refused"},
                 ""},
        .exact = !brief || !has_units(r),
        .split = true,
    };
    measure(&table, &table.head);
    ry_results_order(r, order);
    ry_results_earned(r, earned);
    for (unsigned i = 0; i < r->agents; i++) {
        fill_cells(&table, &table.row[i], r, order[i], earned[order[i]]);
        measure(&table, &table.row[i]);
    }
    table.split = !brief || cells_of(&table) <= RY_CLI_BOARD_CELLS;
    print_row(out, &table, &table.head);
    for (unsigned i = 0; i < r->agents; i++)
        print_row(out, &table, &table.row[i]);
}

/* Of many agents only some: what stands above must not leave the screen. */
void ry_cli_run_board_print(FILE *out, const struct ry_results *r, const struct ry_arena *arena,
                            bool brief)
{
    if (r->agents > 0) {
        print_table(out, r, brief);
        ry_text_best(out, r, arena);
        ry_text_idle(out, r);
        ry_text_refusals(out, r);
        (void)ry_text_not_played(out, r);
    }
    ry_text_stamps(out, r);
    (void)ry_text_empty(out, r);
}
