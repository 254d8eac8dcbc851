/* The lines above every page: where the battle stands, who is winning and why, what the box does.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/text/money.h"
#include "tools/top/pages.h"

#define BAR_MAX    40
#define LABEL      10 /* cells before what a line says */
#define MONEY_WIDE 14
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
            add(&s, ", %s inputs/s", ry_top_count(text, pace->inputs_s));
        } else {
            add(&s, "  speed -");
        }
    }
}

/* ---- who leads, who goes --------------------------------------------------------------------- */

/* Without a sign. */
static const char *distance(char text[RY_TEXT_MONEY_BYTES], __int128 money)
{
    ry_text_money_short(text, money, MONEY_WIDE);
    return text;
}

struct part {
    const char *what;
    __int128 money;
};

/* "market +12.45, rest +0.69": the first `shown` of `count` parts. */
static void say_parts(char *text, size_t bytes, const struct part *part, unsigned count,
                      unsigned shown)
{
    char money[RY_TOP_WORD_BYTES];
    __int128 rest = 0;
    size_t used = 0;
    for (unsigned i = 0; i < shown && i < count; i++) {
        ry_top_money(money, part[i].money, MONEY_WIDE);
        used += (size_t)snprintf(text + used, bytes - used, "%s %s %s", i == 0 ? ":" : ",",
                                 part[i].what, money);
    }
    for (unsigned i = shown; i < count; i++)
        rest += part[i].money;
    if (shown < count)
        snprintf(text + used, bytes - used, ", rest %s", ry_top_money(money, rest, MONEY_WIDE));
}

/* Where the gain comes from: the ledger's own split, what is not zero, as many as there is room
 * for; with the rest in one they add up to the gain. */
static void add_split(struct sentence *s, const struct ry_results *r, uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    const unsigned room = s->area->width > s->x ? s->area->width - s->x : 0;
    char text[RY_TOP_TEXT_BYTES] = "";
    __int128 others = 0;
    for (uint16_t other = 0; other < r->agents; other++)
        others += agent->flow[other].pnl;
    const struct part all[] = {{"market", agent->flow[RY_RESULTS_RECORDED].pnl},
                               {"agents", others},
                               {agent->fees < 0 ? "rebates" : "fees", -agent->fees},
                               {"haircut", -agent->haircut}};
    struct part part[sizeof all / sizeof *all];
    unsigned count = 0;
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].money != 0)
            part[count++] = all[i];
    for (unsigned shown = count; shown > 0; shown--) {
        say_parts(text, sizeof text, part, count, shown);
        if (ry_top_cells(s->area->screen, text) <= room)
            break;
        text[0] = 0;
    }
    if (text[0] != 0)
        add(s, "%s", text);
}

static void put_leader(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    const struct ry_results_board_row *row = &board->row[0];
    char text[RY_TOP_WORD_BYTES];
    bool winner = board->ended || in_of(board) <= 1;
    struct sentence s = begin(area, y, RY_TOP_GREEN, winner ? "first" : "leads");
    add(&s, "%s", row->name);
    if (board->round > 0 && !winner)
        add(&s, " %s this round", ry_top_money(text, row->score, MONEY_WIDE));
    add(&s, "%s gain %s", winner ? "" : ",", ry_top_money(text, row->profit, MONEY_WIDE));
    add_split(&s, &sheet->scene->watch->results, row->agent);
    if (!winner && board->count > 1 && board->row[1].out == RY_OUT_NONE && board->round > 0)
        add(&s, "; %s ahead of %s", distance(text, row->score - board->row[1].score),
            board->row[1].name);
}

/* The last of those that would be out; the one that it would have to pass; and how many they are.
 */
static const struct ry_results_board_row *next_out(const struct ry_results_board *board,
                                                   const struct ry_results_board_row **before,
                                                   unsigned *count)
{
    const struct ry_results_board_row *last = NULL, *stays = NULL;
    *before = NULL;
    *count = 0;
    for (unsigned i = 0; i < board->count; i++) {
        if (board->row[i].goes_next) {
            last = &board->row[i];
            *before = stays;
            ++*count;
        } else if (board->row[i].out == RY_OUT_NONE) {
            stays = &board->row[i];
        }
    }
    return last;
}

static void put_last(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_results_board *board = sheet->scene->board;
    const struct ry_results *r = &sheet->scene->watch->results;
    const struct ry_results_board_row *before, *row;
    unsigned count;
    row = next_out(board, &before, &count);
    const struct ry_arena *arena = ry_follow_arena(&sheet->scene->watch->follow);
    char text[RY_TOP_WORD_BYTES];
    struct ry_arena_account account;
    struct sentence s = begin(area, y, RY_TOP_YELLOW, "next out");
    if (row == NULL) {
        add(&s, board->round > 0 ? "nobody: this round puts nobody out"
                                 : "nobody yet: no round has begun");
        return;
    }
    add(&s, "%s %s this round", row->name, ry_top_money(text, row->score, MONEY_WIDE));
    if (count > 1)
        add(&s, " (and %u more)", count - 1);
    ry_arena_account(arena, row->agent, &account);
    if (account.fills < r->battle.min_fills)
        add(&s, ", %" PRIu32 " fills: fewer than %" PRIu32 " ranks last", account.fills,
            r->battle.min_fills);
    else if (before != NULL)
        add(&s, ", %s behind %s", distance(text, before->score - row->score), before->name);
    if (row->reject_most != RY_REJECT_NONE)
        add(&s, ", %" PRIu64 " rejects", row->rejects);
}

/* Of a battle that is over, in place of who goes next. */
static void put_earned(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_results *r = &sheet->scene->watch->results;
    uint16_t most = ry_results_earned_most(r);
    char name[RY_NAME_BYTES], text[RY_TOP_WORD_BYTES];
    struct sentence s = begin(area, y, RY_TOP_PLAIN, "earned");
    if (most == RY_RESULTS_NONE) {
        add(&s, "nobody traded");
        return;
    }
    add(&s, "most: %s", ry_top_agent(name, r, most));
    add(&s, " %s", ry_top_money(text, r->agent[most].pnl, MONEY_WIDE));
    if (most == sheet->scene->board->row[0].agent)
        add(&s, ", who is first too");
    else if (r->agent[most].out != RY_OUT_NONE)
        add(&s, ", who was out in round %" PRIu32, r->agent[most].out_round);
}

/* ---- the box --------------------------------------------------------------------------------- */

/* What tells the most first. */
static void add_process(struct sentence *s, const struct ry_watch_process *p)
{
    char busy[RY_TOP_WORD_BYTES] = "", rate[RY_TOP_WORD_BYTES] = "", lost[RY_TOP_WORD_BYTES] = "";
    char count[RY_TOP_WORD_BYTES];
    if (p->busy_permille >= 0)
        snprintf(busy, sizeof busy, " busy %d %%", p->busy_permille / 10);
    if (p->rate_unit != NULL && p->rate_unit[0] != 0)
        snprintf(rate, sizeof rate, ", %.12s %.20s/s", ry_top_count(count, p->rate), p->rate_unit);
    if (p->lost > 0)
        snprintf(lost, sizeof lost, ", LOST %.12s", ry_top_count(count, p->lost));
    add(s, "; %s%s%s", p->own[0] != 0 ? p->own : p->name, busy, lost);
    if (p->waits_for != NULL && p->waits_for[0] != 0)
        add(s, ", waits for %s", p->waits_for);
    add(s, "%s", rate);
}

/* Is it one of those that a battle's speed hangs on? */
static bool tells(const struct ry_watch_process *p)
{
    return strcmp(p->name, "exec") == 0 || strncmp(p->name, "feed", 4) == 0 ||
           strcmp(p->name, "journal") == 0;
}

static void put_box(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_watch *w = sheet->scene->watch;
    const struct ry_watch_processes *all = &w->processes;
    unsigned state[RY_WATCH_ENDED + 1] = {0};
    char text[RY_TOP_WORD_BYTES];
    for (unsigned i = 0; i < all->count; i++)
        state[all->process[i].state <= RY_WATCH_ENDED ? all->process[i].state : 0]++;
    struct sentence s =
        begin(area, y, state[RY_WATCH_STANDS] > 0 ? RY_TOP_RED : RY_TOP_CYAN, "box");
    if ((!w->running && !w->closed) || sheet->scene->state == RY_TOP_OVER) {
        add(&s, "the battle does not run; %s inputs of its journal are read",
            ry_top_count(text, w->follow.inputs));
        return;
    }
    add(&s, "%u processes run", state[RY_WATCH_RUNS]);
    if (state[RY_WATCH_STARTS] > 0)
        add(&s, ", %u start", state[RY_WATCH_STARTS]);
    if (state[RY_WATCH_STANDS] > 0)
        add(&s, ", %u STAND STILL", state[RY_WATCH_STANDS]);
    if (state[RY_WATCH_ENDED] > 0)
        add(&s, ", %u ended", state[RY_WATCH_ENDED]);
    for (unsigned i = 0; i < all->count; i++)
        if (tells(&all->process[i]))
            add_process(&s, &all->process[i]);
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
    bool open = board->isolated == RY_ISOLATED_NOT || board->isolated == RY_ISOLATED_NOBODY;
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
