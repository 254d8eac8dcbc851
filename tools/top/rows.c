/* The last rows of one sort in words. */
#include <stdio.h>

#include "tools/top/pages.h"

#define TIME_CELLS 12 /* "10:17:12.345" */

/* What a list of news leaves out. */
static bool is_news(const struct ry_results *r, const struct ry_results_row *row)
{
    switch (row->kind) {
    case RY_RESULTS_ROW_RANK: return row->rank.rank == 1 && row->rank.round <= ry_results_rounds(r);
    case RY_RESULTS_ROW_ROUND: return row->round.round <= ry_results_rounds(r);
    case RY_RESULTS_ROW_ACK: /* what comes of the order is told */
    case RY_RESULTS_ROW_TRADE:
    case RY_RESULTS_ROW_STANDING:
    case RY_RESULTS_ROWS: return false;
    case RY_RESULTS_ROW_MARKET_TRADE:
    case RY_RESULTS_ROW_STATE:
    case RY_RESULTS_ROW_ORDER:
    case RY_RESULTS_ROW_CANCEL_REQUEST:
    case RY_RESULTS_ROW_DECISION:
    case RY_RESULTS_ROW_REJECT:
    case RY_RESULTS_ROW_RESTED:
    case RY_RESULTS_ROW_FILL:
    case RY_RESULTS_ROW_CANCEL:
    case RY_RESULTS_ROW_HANDED_OVER:
    case RY_RESULTS_ROW_OUT:
    case RY_RESULTS_ROW_STAMP:
    case RY_RESULTS_ROW_INCOMPLETE:
    case RY_RESULTS_ROW_END: break;
    }
    return true;
}

static unsigned look_of(const struct ry_results_row *row)
{
    bool bad = row->kind == RY_RESULTS_ROW_OUT || row->kind == RY_RESULTS_ROW_REJECT ||
               row->kind == RY_RESULTS_ROW_STAMP || row->kind == RY_RESULTS_ROW_INCOMPLETE;
    bool good = row->kind == RY_RESULTS_ROW_RANK || row->kind == RY_RESULTS_ROW_FILL;
    return bad ? RY_TOP_YELLOW : good ? RY_TOP_GREEN : RY_TOP_PLAIN;
}

unsigned ry_top_part_rows(const struct ry_top_area *area, const struct ry_top_sheet *sheet,
                          const struct ry_watch_rows *rows, const char *nothing)
{
    unsigned y = 0;
    uint64_t kept = rows->count < RY_WATCH_ROWS ? rows->count : RY_WATCH_ROWS;
    for (uint64_t i = 0; i < kept && y < area->height; i++) {
        const struct ry_results_row *row = &rows->row[(rows->count - 1 - i) % RY_WATCH_ROWS];
        char time[RY_TOP_WORD_BYTES], words[RY_PICTURE_ROW_WORDS];
        if (!is_news(&sheet->scene->watch->results, row))
            continue;
        ry_picture_row_words(words, &sheet->scene->watch->results, row);
        unsigned x = 0;
        if (area->width > 50)
            x = 1 + ry_top_put(area, 0, y, RY_TOP_DIM, "%-*s", TIME_CELLS,
                               ry_top_time(time, sheet->clock, row->key.time));
        ry_top_put_field(area, x, y, area->width > x ? area->width - x : 0, false, look_of(row),
                         words);
        y++;
    }
    if (y > 0)
        return y;
    ry_top_put(area, 0, 0, RY_TOP_DIM, "%s", nothing);
    return 1;
}
