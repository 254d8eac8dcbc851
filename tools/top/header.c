/* The lines above every page: where the battle stands, who is winning and why, what the box does.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/picture/said.h"
#include "tools/top/pages.h"

#define BAR_MAX 40
#define LABEL   10 /* cells before what a line says */
/* Screens lower than these have fewer lines of header. */
#define HEIGHT_ROUND  8
#define HEIGHT_LEADER 12
#define HEIGHT_BOX    18

/* A line that is built of pieces: one that does not fit whole, and all behind it, is left out. */
struct sentence {
    const struct ry_top_area *area;
    unsigned x, y, look;
    bool full;
};

__attribute__((format(printf, 2, 3))) static void add(struct sentence *s, const char *format, ...)
{
    char text[RY_TOP_TEXT_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    ry_make_printable(text, strlen(text), '?');
    bool first = s->x <= LABEL; /* cut rather than left out */
    s->full |= s->x + ry_top_cells(s->area->screen, text) > s->area->width && !first;
    if (!s->full)
        s->x = ry_top_put(s->area, s->x, s->y, s->look, "%s", text);
}

static struct sentence begin(const struct ry_top_area *area, unsigned y, unsigned look,
                             const char *label)
{
    ry_top_put(area, 0, y, look | RY_TOP_BOLD, "%s", label);
    return (struct sentence){.area = area, .x = LABEL, .y = y, .look = look};
}

/* ---- the title ------------------------------------------------------------------------------- */

static const char *state_of(const struct ry_top_sheet *sheet)
{
    static const char *const states[] = {[RY_TOP_READING] = "READING",
                                         [RY_TOP_LIVE] = "LIVE",
                                         [RY_TOP_OVER] = "OVER",
                                         [RY_TOP_STOPS] = "STOPS SHORT"};
    return sheet->view->paused ? "PAUSED" : states[sheet->scene->state];
}

static void put_title(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    char time[RY_TOP_WORD_BYTES] = "", right[2 * RY_TOP_WORD_BYTES];
    if (board != NULL)
        ry_top_moment(time, sheet->clock, board->time);
    if (board != NULL && area->width < 60) /* without the date */
        snprintf(time, sizeof time, "%.8s", ry_top_time(right, sheet->clock, board->time));
    snprintf(right, sizeof right, " %s  %s ", time, state_of(sheet));
    unsigned cells = ry_top_cells(area->screen, right);
    ry_top_put(area, 0, 0, RY_TOP_BOLD, " %s", board != NULL ? board->name : "royale");
    ry_top_put(area, area->width > cells ? area->width - cells : 0, 0, RY_TOP_BOLD, "%s", right);
    ry_top_mark(area, 0, RY_TOP_REVERSE);
}

/* ---- the round ------------------------------------------------------------------------------- */

static unsigned in_of(const struct ry_results_board *board)
{
    unsigned in = 0;
    for (unsigned i = 0; i < board->count; i++)
        in += board->row[i].out == RY_OUT_NONE;
    return in;
}

static void put_bar(struct sentence *s, int permille)
{
    unsigned left = s->area->width > s->x ? s->area->width - s->x : 0;
    unsigned cells = left > 60 ? left - 50 : left / 3;
    char bar[BAR_MAX + 1];
    cells = cells < BAR_MAX ? cells : BAR_MAX;
    if (permille < 0 || cells < 5)
        return;
    for (unsigned i = 0; i < cells; i++)
        bar[i] = i < cells * (unsigned)permille / 1000 ? '#' : '.';
    bar[cells] = 0;
    add(s, "  [%s] %d %%", bar, permille / 10);
}

static void put_round(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    const struct ry_top_pace *pace = &sheet->scene->pace;
    char text[RY_TOP_WORD_BYTES];
    struct sentence s = begin(area, y, RY_TOP_PLAIN, "round");
    if (board->ended)
        add(&s, "over, after round %" PRIu32, board->round);
    else if (board->round == 0)
        add(&s, "trading begins at %.8s",
            ry_top_time(text, sheet->clock, sheet->scene->watch->results.battle.trade_from));
    else
        add(&s, "%" PRIu32, board->round);
    if (board->left_ns >= 0)
        add(&s, ", %s left", ry_top_lasting(text, board->left_ns));
    add(&s, ", %u of %u in", in_of(board), board->count);
    put_bar(&s, board->round > 0 ? board->permille : -1);
    if (sheet->scene->state != RY_TOP_OVER && sheet->scene->state != RY_TOP_STOPS) {
        if (pace->known) {
            add(&s, "  speed %" PRIu64 "x", pace->speed_tenth / 10);
            add(&s, ", %s inputs/s", ry_text_count(text, pace->inputs_s));
        } else {
            add(&s, "  speed -");
        }
    }
}

/* ---- who leads, who goes, the box ------------------------------------------------------------ */

static unsigned cells_of(const void *screen, const char *text)
{
    return ry_top_cells(screen, text);
}

/* The line's label, and the room behind it. */
static struct ry_picture_said room(const struct ry_top_area *area)
{
    return (struct ry_picture_said){.cells = area->width > LABEL ? area->width - LABEL : 1,
                                    .cells_of = cells_of,
                                    .screen = area->screen};
}

static void put_said(const struct ry_top_area *area, unsigned y, unsigned look, const char *label,
                     const struct ry_picture_said *said)
{
    struct sentence s = begin(area, y, look, label);
    add(&s, "%s", said->text);
}

static void put_leader(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    struct ry_picture_said said = room(area);
    ry_picture_say_leads(&said, &sheet->scene->watch->results, board);
    put_said(area, y, RY_TOP_GREEN, ry_picture_decided(board) ? "first" : "leads", &said);
}

static void put_last(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    struct ry_picture_said said = room(area);
    ry_picture_say_next_out(&said, &w->results, sheet->scene->board, ry_follow_arena(&w->follow));
    put_said(area, y, RY_TOP_YELLOW, "next out", &said);
}

/* Of a battle that is over, in place of who goes next. */
static void put_earned(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    struct ry_picture_said said = room(area);
    ry_picture_say_earned(&said, &sheet->scene->watch->results, sheet->scene->board);
    put_said(area, y, RY_TOP_PLAIN, "earned", &said);
}

static bool any_stands(const struct ry_watch_processes *all)
{
    for (unsigned i = 0; i < all->count; i++)
        if (all->process[i].state == RY_WATCH_STANDS)
            return true;
    return false;
}

static void put_box(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    struct ry_picture_said said = room(area);
    ry_picture_say_box(&said, w, sheet->scene->state == RY_TOP_OVER);
    put_said(area, y, any_stands(&w->processes) ? RY_TOP_RED : RY_TOP_CYAN, "box", &said);
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static unsigned put_alarm(const struct ry_top_area *area, unsigned y,
                          const struct ry_top_sheet *sheet)
{
    const struct ry_watch_alarms *alarms = &sheet->scene->watch->alarms;
    if (alarms->count == 0)
        return 0;
    unsigned look = alarms->alarm[0].severity == RY_WATCH_CRITICAL  ? RY_TOP_RED | RY_TOP_BOLD
                    : alarms->alarm[0].severity == RY_WATCH_WARNING ? RY_TOP_YELLOW
                                                                    : RY_TOP_CYAN;
    char label[RY_TOP_WORD_BYTES];
    uint64_t count = alarms->count + alarms->more;
    snprintf(label, sizeof label, count == 1 ? "1 alarm" : "%" PRIu64 " alarms", count);
    struct sentence s = begin(area, y, look, label);
    add(&s, "%s", alarms->alarm[0].text);
    return 1;
}

static unsigned put_stamps(const struct ry_top_area *area, unsigned y,
                           const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    bool open = board->isolated == RY_ISOLATED_NOT || board->isolated == RY_ISOLATED_NOBODY ||
                board->isolated == RY_ISOLATED_ONE;
    if (board->stamp[0] == 0 && !open)
        return 0;
    struct sentence s = begin(area, y, RY_TOP_YELLOW, "stamp");
    if (board->stamp[0] != 0)
        add(&s, "%s%s", board->stamp, open ? "; " : "");
    if (open)
        add(&s, "%s", ry_code(RY_CODES_ISOLATION, board->isolated)->sentence);
    return 1;
}

unsigned ry_top_header(const struct ry_top_area *screen, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    unsigned y = 1, height = screen->height;
    bool agents = board != NULL && board->count > 0, page = sheet->view->page == RY_TOP_BOARD;
    put_title(screen, sheet);
    if (sheet->view->help)
        return y; /* it needs the room */
    if (board != NULL && height >= HEIGHT_ROUND)
        put_round(screen, y++, sheet);
    if (agents && height >= HEIGHT_LEADER && page) {
        put_leader(screen, y++, sheet);
        if (board->ended)
            put_earned(screen, y++, sheet);
        else
            put_last(screen, y++, sheet);
    }
    if (height >= HEIGHT_BOX && (page || board == NULL))
        put_box(screen, y++, sheet);
    if (height >= HEIGHT_BOX && agents && page)
        y += put_stamps(screen, y, sheet);
    if (height >= HEIGHT_LEADER && sheet->view->page != RY_TOP_ALARMS)
        y += put_alarm(screen, y, sheet);
    return y;
}
