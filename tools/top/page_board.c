/* The leaderboard: who stands where, what happened, and beside it what the box does. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/text/money.h"
#include "tools/text/spark.h"
#include "tools/text/verdict.h"
#include "tools/top/pages.h"
#include "tools/top/table.h"

#define WIDE        150 /* from here on the processes stand beside the board */
#define PANEL_CELLS 62
#define BELOW_MIN   5 /* lines that what happened gets of a screen that has them */
#define BODY_LOW    12
#define FATE_CELLS  22 /* "out r12 too few fills" */
#define NAME_CELLS  12 /* of a name at least */
#define ALL_CELLS   79 /* of all columns then */
#define SPARK_CELLS 12 /* beside it, where there is room for both */

enum column { RANK, NAME, SCORE, GAIN, DRAWDOWN, POSITIONS, FILLS, REJECTS, EQUITY, COLUMNS };

static const struct ry_top_column widths[COLUMNS] = {
    [RANK] = {.head = " #", .cells = 3, .right = true},
    [NAME] = {.head = "agent",
              .cells = NAME_CELLS,
              .stretches = true,
              .most = RY_NAME_BYTES,
              .names = true},
    [SCORE] = {.head = "this round", .cells = 10, .right = true},
    [GAIN] = {.head = "gain", .cells = 10, .right = true, .leaves = 2},
    [DRAWDOWN] = {.head = "drawdown", .cells = 8, .right = true, .leaves = 5},
    [POSITIONS] = {.head = "pos", .cells = 3, .right = true, .leaves = 6},
    [FILLS] = {.head = "fills", .cells = 6, .right = true, .leaves = 3},
    [REJECTS] = {.head = "rejects", .cells = 7, .right = true, .leaves = 4},
    [EQUITY] = {.head = "equity", .cells = 12, .stretches = true, .most = 78, .leaves = 1},
};

static const struct ry_results_board_row *row_of(const void *context, unsigned row)
{
    const struct ry_top_sheet *sheet = context;
    return &sheet->scene->board->row[row];
}

static const char *name_of(const void *context, unsigned row)
{
    return row_of(context, row)->name;
}

static unsigned look_of(const void *context, unsigned at)
{
    const struct ry_results_board_row *row = row_of(context, at);
    if (row->out != RY_OUT_NONE)
        return RY_TOP_DIM;
    if (row->goes_next)
        return RY_TOP_YELLOW;
    return at == 0 ? RY_TOP_GREEN | RY_TOP_BOLD : RY_TOP_PLAIN;
}

static void put_equity(struct ry_top_field *field, const struct ry_results_board_row *row,
                       bool unicode)
{
    uint8_t level[RY_TEXT_SPARK_CELLS_MAX];
    static const char ascii[RY_TEXT_SPARK_LEVELS + 1] = "_.,-=+*#";
    const bool both = field->cells >= FATE_CELLS + SPARK_CELLS;
    char fate[FATE_CELLS + 1] = "";
    char *at = field->text;
    if (row->out != RY_OUT_NONE)
        snprintf(fate, sizeof fate, "out r%" PRIu32 " %s", row->out_round,
                 ry_text_out(row->out, row->out_idle));
    else if (row->goes_next)
        snprintf(fate, sizeof fate, both ? "next out" : "next out ");
    at += snprintf(field->text, sizeof field->text, "%-*s", both ? FATE_CELLS : 0, fate);
    if (row->out != RY_OUT_NONE && !both)
        return;
    unsigned used = (unsigned)(at - field->text);
    unsigned cells = field->cells > used ? field->cells - used : 0;
    cells = cells < RY_TEXT_SPARK_CELLS_MAX ? cells : RY_TEXT_SPARK_CELLS_MAX;
    unsigned count = ry_text_spark_levels(row->sample, row->samples, cells, level);
    for (unsigned i = 0; i < count; i++)
        at += unicode ? snprintf(at, 4, "\xe2\x96%c", (char)(0x81 + level[i])) /* U+2581.. */
                      : snprintf(at, 2, "%c", ascii[level[i]]);
}

static void put_cell(const void *context, unsigned at, unsigned column, struct ry_top_field *field)
{
    const struct ry_top_sheet *sheet = context;
    const struct ry_results_board_row *row = row_of(context, at);
    char text[RY_TEXT_MONEY_BYTES] = "";
    switch ((enum column)column) {
    case RANK: snprintf(text, sizeof text, "%" PRIu32, row->rank); break;
    case NAME: snprintf(text, sizeof text, "%s", row->name); break;
    case SCORE: ry_text_money_signed(text, row->score, field->cells); break;
    case GAIN: ry_text_money_signed(text, row->profit, field->cells); break;
    case DRAWDOWN: ry_text_money_short(text, row->drawdown, field->cells); break;
    case POSITIONS: snprintf(text, sizeof text, "%u", row->positions); break;
    case FILLS: ry_text_count(text, row->fills); break;
    case REJECTS: ry_text_count(text, row->rejects); break;
    case EQUITY: put_equity(field, row, sheet->view->unicode); return;
    case COLUMNS: break;
    }
    memcpy(field->text, text, sizeof text);
}

static void sort_by(const void *context, unsigned at, unsigned column, struct ry_top_sorter *sorter)
{
    const struct ry_results_board_row *row = row_of(context, at);
    switch ((enum column)column) {
    case NAME: sorter->text = row->name; break;
    case SCORE: sorter->number = row->score; break;
    case GAIN:
    case EQUITY: sorter->number = row->profit; break;
    case DRAWDOWN: sorter->number = row->drawdown; break;
    case POSITIONS: sorter->number = row->positions; break;
    case FILLS: sorter->number = (__int128)row->fills; break;
    case REJECTS: sorter->number = (__int128)row->rejects; break;
    case RANK:
    case COLUMNS: sorter->number = -(__int128)row->rank; break;
    }
}

/* ---- below ----------------------------------------------------------------------------------- */

static void put_refused(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    unsigned y = 0;
    for (unsigned i = 0; i < board->count && y < area->height; i++) {
        const struct ry_results_board_row *row = &board->row[i];
        char why[RY_TEXT_REFUSED_BYTES];
        if (row->reject_most == RY_REJECT_NONE)
            continue;
        if (y == 0)
            ry_top_put(area, 0, y++, RY_TOP_BOLD, "what was refused");
        ry_top_put(area, 0, y++, RY_TOP_PLAIN, "%s: %s", row->name,
                   ry_text_refused(why, row->rejects, row->reject_most, row->reject_most_count));
    }
}

static void put_below(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    unsigned refused = 0;
    for (unsigned i = 0; i < sheet->scene->board->count; i++)
        refused += sheet->scene->board->row[i].reject_most != RY_REJECT_NONE;
    /* A third of the room, if there is enough for both. */
    refused = refused > 0 ? refused + 1 : 0;
    unsigned room = area->height / 3 > 2 ? area->height / 3 : 0;
    refused = refused < room ? refused : room;
    ry_top_put(area, 0, 0, RY_TOP_BOLD, "what happened");
    struct ry_top_area events =
        ry_top_area(area->screen, area->x, area->y + 1, area->width, area->height - 1 - refused);
    unsigned used = 2 + ry_top_part_rows(&events, sheet, &w->game, "no round has begun");
    unsigned y = used < area->height - refused ? used : area->height - refused;
    struct ry_top_area last =
        ry_top_area(area->screen, area->x, area->y + y, area->width, area->height - y);
    if (refused > 0)
        put_refused(&last, sheet);
}

/* ---- beside ---------------------------------------------------------------------------------- */

static void put_panel(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    unsigned alarms = w->alarms.count > 0 ? 1 + w->alarms.count : 0;
    alarms = alarms < area->height / 3 ? alarms : area->height / 3;
    struct ry_top_area processes = *area;
    processes.height -= alarms;
    ry_top_part_processes(&processes, sheet);
    struct ry_top_area below =
        ry_top_area(area->screen, area->x, area->y + processes.height, area->width, alarms);
    if (alarms > 0)
        ry_top_put(&below, 0, 0, RY_TOP_BOLD, "alarms");
    for (unsigned i = 0; i + 1 < alarms; i++)
        ry_top_put_field(&below, 0, 1 + i, below.width, false,
                         w->alarms.alarm[i].severity == RY_WATCH_CRITICAL  ? RY_TOP_RED
                         : w->alarms.alarm[i].severity == RY_WATCH_WARNING ? RY_TOP_YELLOW
                                                                           : RY_TOP_PLAIN,
                         w->alarms.alarm[i].text);
}

/* Names stand whole where all other columns have room beside them. */
static unsigned name_cells(const struct ry_top_screen *screen, const struct ry_results_board *board,
                           unsigned width)
{
    unsigned longest = NAME_CELLS, room = NAME_CELLS + (width > ALL_CELLS ? width - ALL_CELLS : 0);
    for (unsigned i = 0; i < board->count; i++) {
        const unsigned cells = ry_top_cells(screen, board->row[i].name);
        longest = cells > longest ? cells : longest;
    }
    return longest < room ? longest : room;
}

void ry_top_page_board(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    const bool wide = area->width >= WIDE;
    const unsigned width = wide ? area->width - PANEL_CELLS - 2 : area->width;
    struct ry_top_column columns[COLUMNS];
    memcpy(columns, widths, sizeof columns);
    columns[NAME].cells = name_cells(area->screen, board, width);
    const struct ry_top_table table = {.column = columns,
                                       .columns = COLUMNS,
                                       .count = board->count,
                                       .context = sheet,
                                       .nothing = "the battle has no agents",
                                       .field = put_cell,
                                       .sorter = sort_by,
                                       .name = name_of,
                                       .look = look_of};
    unsigned below = area->height >= BODY_LOW ? BELOW_MIN : 0;
    unsigned rows = board->count > 0 ? board->count + 1 : 2;
    if (rows > area->height - below)
        rows = area->height - below;
    struct ry_top_area list = ry_top_area(area->screen, area->x, area->y, width, rows);
    unsigned row = ry_top_table(&list, &table, sheet->view);
    sheet->view->chosen = row != RY_TOP_NONE ? board->row[row].agent : RY_TOP_NONE;
    unsigned gap = area->height > rows + 4;
    struct ry_top_area rest =
        ry_top_area(area->screen, area->x, area->y + rows + gap, width, area->height - rows - gap);
    if (rest.height >= 3)
        put_below(&rest, sheet);
    if (wide) {
        struct ry_top_area panel =
            ry_top_area(area->screen, area->x + width + 2, area->y, PANEL_CELLS, area->height);
        put_panel(&panel, sheet);
    }
}
