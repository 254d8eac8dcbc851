#include "tools/view/screen.h"

#include <inttypes.h>
#include <string.h>

#include "tools/text/money.h"
#include "tools/text/spark.h"
#include "tools/text/time.h"
#include "tools/text/verdict.h"

#define WIDTH_MAX  200 /* wider is not easier to read */
#define LINE_BYTES 256
#define SPARK_MAX  40
#define SPARK_MIN  4
#define BAR_EXTRA  7 /* "[" "]" " 100 %" less one */

/* Columns that there is room for. */
struct columns {
    unsigned name, score, profit, positions, fills, refused, spark;
};

struct page {
    FILE *out;
    const struct ry_view_style *style;
    unsigned width, lines;
};

static struct columns columns_for(unsigned width)
{
    struct columns c = {.name = 10, .score = 12};
    if (width >= 60)
        c = (struct columns){.name = 14, .score = 12, .profit = 12};
    if (width >= 76) {
        c.positions = 3;
        c.fills = 6;
        c.refused = 7;
    }
    if (width >= 100)
        c.name = RY_NAME_BYTES - 1;
    unsigned used = 3 + c.name + 1 + c.score;
    used += c.profit > 0 ? c.profit + 1 : 0;
    used += c.positions > 0 ? c.positions + 1 + c.fills + 1 + c.refused + 1 : 0;
    unsigned left = width - used;
    c.spark = left > SPARK_MIN ? left - 1 : 0;
    c.spark = c.spark < SPARK_MAX ? c.spark : SPARK_MAX;
    return c;
}

static void end_line(struct page *page)
{
    fputs(page->style->terminal ? "\033[K\n" : "\n", page->out);
    page->lines++;
}

static void put_line(struct page *page, const char *text)
{
    fprintf(page->out, "%.*s", (int)page->width, text);
    end_line(page);
}

static void put_title(struct page *page, const struct ry_results_board *board)
{
    char text[LINE_BYTES], time[RY_TEXT_TIME_BYTES], round[32] = "before the start";
    if (board->round > 0)
        snprintf(round, sizeof round, "round %" PRIu32, board->round);
    snprintf(text, sizeof text, "%s  %s%s", board->name, round, board->ended ? ", ended" : "");
    put_line(page, text);
    const char *at = ry_text_time(time, board->time);
    snprintf(text, sizeof text, "%.10s %.8s UTC", at, strlen(at) > 19 ? at + 11 : "");
    put_line(page, text);
}

static void put_bar(struct page *page, const struct ry_results_board *board)
{
    if (board->permille < 0)
        return;
    char text[LINE_BYTES];
    unsigned cells = page->width - BAR_EXTRA - 1, full = cells * (unsigned)board->permille / 1000;
    text[0] = '[';
    for (unsigned i = 0; i < cells; i++)
        text[1 + i] = i < full ? '#' : '.';
    snprintf(text + 1 + cells, sizeof text - 1 - cells, "] %3d %%", board->permille / 10);
    put_line(page, text);
}

static void put_head(struct page *page, const struct columns *c)
{
    fprintf(page->out, " # %-*s %*s", (int)c->name, "agent", (int)c->score, "score");
    if (c->profit > 0)
        fprintf(page->out, " %*s", (int)c->profit, "profit");
    if (c->positions > 0)
        fprintf(page->out, " %*s %*s %*s", (int)c->positions, "pos", (int)c->fills, "fills",
                (int)c->refused, "refused");
    if (c->spark > 0)
        fprintf(page->out, " %.*s", (int)c->spark, "equity");
    end_line(page);
}

/* What stands where one that is in has its sparkline. */
static void put_fate(struct page *page, const struct ry_results_board_row *row, unsigned cells)
{
    char text[LINE_BYTES];
    snprintf(text, sizeof text, "out r%" PRIu32 ": %s", row->out_round,
             ry_code_name(RY_CODES_OUT, row->out));
    fprintf(page->out, " %.*s", (int)cells, text);
}

static void put_row(struct page *page, const struct columns *c,
                    const struct ry_results_board_row *row)
{
    char score[RY_TEXT_MONEY_BYTES], profit[RY_TEXT_MONEY_BYTES];
    bool out = row->out != RY_OUT_NONE, color = page->style->color;
    ry_text_money_short(score, row->score, c->score);
    ry_text_money_short(profit, row->profit, c->profit > 0 ? c->profit : c->score);
    if (color)
        fputs(out ? "\033[2m" : row->rank == 1 ? "\033[1m" : "", page->out);
    fprintf(page->out, "%2" PRIu32 " %-*.*s %*s", row->rank, (int)c->name, (int)c->name, row->name,
            (int)c->score, score);
    if (c->profit > 0)
        fprintf(page->out, " %*s", (int)c->profit, profit);
    if (c->positions > 0)
        fprintf(page->out, " %*u %*" PRIu64 " %*" PRIu64, (int)c->positions, row->positions,
                (int)c->fills, row->fills, (int)c->refused, row->rejects);
    if (out && c->spark > 0) {
        put_fate(page, row, c->spark);
    } else if (c->spark > 0) {
        fputc(' ', page->out);
        ry_text_spark(page->out, row->sample, row->samples, c->spark, page->style->unicode);
    }
    if (color)
        fputs("\033[0m", page->out);
    end_line(page);
}

/* In words, as far as there is room. */
static void put_refused(struct page *page, const struct ry_results_board *board)
{
    const unsigned height = page->style->height;
    for (unsigned i = 0; i < board->count && (height == 0 || page->lines < height); i++) {
        const struct ry_results_board_row *row = &board->row[i];
        char why[RY_TEXT_REFUSED_BYTES], text[RY_TEXT_REFUSED_BYTES + RY_NAME_BYTES + 2];
        if (row->reject_most == RY_REJECT_NONE)
            continue;
        snprintf(text, sizeof text, "%s: %s", row->name,
                 ry_text_refused(why, row->rejects, row->reject_most, row->reject_most_count));
        put_line(page, text);
    }
}

unsigned ry_view_screen(FILE *out, const struct ry_results_board *board,
                        const struct ry_view_style *style)
{
    unsigned width = style->width < RY_VIEW_WIDTH_MIN ? RY_VIEW_WIDTH_MIN : style->width;
    struct page page = {.out = out, .style = style, .width = width < WIDTH_MAX ? width : WIDTH_MAX};
    struct columns columns = columns_for(page.width);
    put_title(&page, board);
    put_bar(&page, board);
    if (board->isolated == RY_ISOLATED_NOT || board->isolated == RY_ISOLATED_NOBODY)
        put_line(&page, ry_code(RY_CODES_ISOLATION, board->isolated)->sentence);
    if (board->stamp[0] != 0)
        put_line(&page, board->stamp);
    if (board->count == 0)
        return page.lines;
    put_head(&page, &columns);
    unsigned room = style->height > page.lines + 1 ? style->height - page.lines : 1;
    unsigned shown = style->height == 0 || board->count <= room ? board->count : room - 1;
    for (unsigned i = 0; i < shown; i++)
        put_row(&page, &columns, &board->row[i]);
    if (shown < board->count) {
        char text[LINE_BYTES];
        snprintf(text, sizeof text, "   and %u more", board->count - shown);
        put_line(&page, text);
    }
    put_refused(&page, board);
    return page.lines;
}
