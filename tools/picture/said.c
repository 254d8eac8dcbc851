#include "tools/picture/said.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/text/amount.h"
#include "tools/text/money.h"

#define MONEY_WIDE 14

/* What ranks equal scores, if there is room for it. */
#define EQUALS ": fills below min_fills, then rejects, then a draw decide"

/* ---- sentences ------------------------------------------------------------------------------- */

static unsigned cells_of(const struct ry_picture_said *s, const char *text)
{
    return s->cells_of != NULL ? s->cells_of(s->screen, text) : (unsigned)strlen(text);
}

/* That are left. */
static unsigned room_of(const struct ry_picture_said *s)
{
    const unsigned used = cells_of(s, s->text);
    if (s->cells == 0)
        return UINT_MAX;
    return used < s->cells ? s->cells - used : 0;
}

__attribute__((format(printf, 2, 3))) static void add(struct ry_picture_said *s, const char *format,
                                                      ...)
{
    char text[RY_PICTURE_SAID_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    ry_make_printable(text, strlen(text), '?');
    const size_t bytes = strlen(text);
    s->full |= s->bytes > 0 && cells_of(s, text) > room_of(s);
    if (s->full || s->bytes + bytes >= sizeof s->text)
        return;
    memcpy(s->text + s->bytes, text, bytes + 1);
    s->bytes += bytes;
}

bool ry_picture_decided(const struct ry_results_board *board)
{
    unsigned in = 0;
    for (unsigned i = 0; i < board->count; i++)
        in += board->row[i].out == RY_OUT_NONE;
    return board->ended || in <= 1;
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
    char money[RY_TEXT_AMOUNT_BYTES];
    __int128 rest = 0;
    size_t used = 0;
    for (unsigned i = 0; i < shown && i < count; i++) {
        ry_text_money_signed(money, part[i].money, MONEY_WIDE);
        used += (size_t)snprintf(text + used, bytes - used, "%s %s %s", i == 0 ? ":" : ",",
                                 part[i].what, money);
    }
    for (unsigned i = shown; i < count; i++)
        rest += part[i].money;
    if (shown < count)
        snprintf(text + used, bytes - used, ", rest %s",
                 ry_text_money_signed(money, rest, MONEY_WIDE));
}

/* Where the gain comes from: the ledger's own split, what is not zero, as many as there is room
 * for; with the rest in one they add up to the gain. */
static void add_split(struct ry_picture_said *s, const struct ry_results *r, uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    const unsigned room = room_of(s);
    char text[RY_PICTURE_SAID_BYTES] = "";
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
        if (cells_of(s, text) <= room)
            break;
        text[0] = 0;
    }
    if (text[0] != 0)
        add(s, "%s", text);
}

void ry_picture_say_leads(struct ry_picture_said *s, const struct ry_results *r,
                          const struct ry_results_board *board)
{
    const struct ry_results_board_row *row = &board->row[0];
    char text[RY_TEXT_AMOUNT_BYTES];
    const bool winner = ry_picture_decided(board);
    add(s, "%s", row->name);
    if (board->round > 0 && !winner)
        add(s, " %s this round", ry_text_money_signed(text, row->score, MONEY_WIDE));
    add(s, "%s gain %s", winner ? "" : ",", ry_text_money_signed(text, row->profit, MONEY_WIDE));
    add_split(s, r, row->agent);
    const struct ry_results_board_row *second = &board->row[1];
    if (winner || board->count < 2 || second->out != RY_OUT_NONE || board->round == 0)
        return;
    if (row->score != second->score) {
        add(s, "; %s ahead of %s", distance(text, row->score - second->score), second->name);
        return;
    }
    add(s, "; level with %s", second->name);
    add(s, EQUALS);
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

void ry_picture_say_next_out(struct ry_picture_said *s, const struct ry_results *r,
                             const struct ry_results_board *board, const struct ry_arena *arena)
{
    const struct ry_results_board_row *before, *row;
    unsigned count;
    row = next_out(board, &before, &count);
    char text[RY_TEXT_AMOUNT_BYTES];
    struct ry_arena_account account;
    if (row == NULL) {
        add(s, board->round > 0 ? "nobody: this round puts nobody out"
                                : "nobody yet: no round has begun");
        return;
    }
    add(s, "%s %s this round", row->name, ry_text_money_signed(text, row->score, MONEY_WIDE));
    if (count > 1)
        add(s, " (and %u more)", count - 1);
    ry_arena_account(arena, row->agent, &account);
    if (account.fills < r->battle.min_fills)
        add(s, ", %" PRIu32 " fills: fewer than %" PRIu32 " ranks last", account.fills,
            r->battle.min_fills);
    else if (before != NULL && before->score == row->score)
        add(s, ", level with %s", before->name);
    else if (before != NULL)
        add(s, ", %s behind %s", distance(text, before->score - row->score), before->name);
    if (row->reject_most != RY_REJECT_NONE)
        add(s, ", %" PRIu64 " rejects", row->rejects);
    if (account.fills >= r->battle.min_fills && before != NULL && before->score == row->score)
        add(s, EQUALS);
}

void ry_picture_say_earned(struct ry_picture_said *s, const struct ry_results *r,
                           const struct ry_results_board *board)
{
    uint16_t most = ry_results_earned_most(r);
    char text[RY_TEXT_AMOUNT_BYTES];
    if (most == RY_RESULTS_NONE) {
        add(s, "nobody traded");
        return;
    }
    add(s, "most: %s", r->agent[most].name);
    add(s, " %s", ry_text_money_signed(text, r->agent[most].pnl, MONEY_WIDE));
    if (most == board->row[0].agent) { /* whose split is said with who leads */
        add(s, ", who is first too");
        return;
    }
    if (r->agent[most].out != RY_OUT_NONE)
        add(s, ", who was out in round %" PRIu32, r->agent[most].out_round);
    add_split(s, r, most);
}

/* ---- the box --------------------------------------------------------------------------------- */

/* What tells the most first. */
static void add_process(struct ry_picture_said *s, const struct ry_watch_process *p)
{
    char busy[RY_TEXT_AMOUNT_BYTES] = "", rate[RY_TEXT_AMOUNT_BYTES] = "",
         lost[RY_TEXT_AMOUNT_BYTES] = "";
    char count[RY_TEXT_AMOUNT_BYTES];
    if (p->busy_permille >= 0)
        snprintf(busy, sizeof busy, " busy %d %%", p->busy_permille / 10);
    if (p->rate_unit != NULL && p->rate_unit[0] != 0)
        snprintf(rate, sizeof rate, ", %.12s %.20s/s", ry_text_count(count, p->rate), p->rate_unit);
    if (p->lost > 0)
        snprintf(lost, sizeof lost, ", LOST %.12s", ry_text_count(count, p->lost));
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

void ry_picture_say_box(struct ry_picture_said *s, const struct ry_watch *w, bool over)
{
    const struct ry_watch_processes *all = &w->processes;
    unsigned state[RY_WATCH_ENDED + 1] = {0};
    char text[RY_TEXT_AMOUNT_BYTES];
    for (unsigned i = 0; i < all->count; i++)
        state[all->process[i].state <= RY_WATCH_ENDED ? all->process[i].state : 0]++;
    if ((!w->running && !w->closed) || over) {
        add(s, "the battle does not run; %s inputs of its journal are read",
            ry_text_count(text, w->follow.inputs));
        return;
    }
    add(s, "%u processes run", state[RY_WATCH_RUNS]);
    if (state[RY_WATCH_STARTS] > 0)
        add(s, ", %u start", state[RY_WATCH_STARTS]);
    if (state[RY_WATCH_STANDS] > 0)
        add(s, ", %u STAND STILL", state[RY_WATCH_STANDS]);
    if (state[RY_WATCH_ENDED] > 0)
        add(s, ", %u ended", state[RY_WATCH_ENDED]);
    for (unsigned i = 0; i < all->count; i++)
        if (tells(&all->process[i]))
            add_process(s, &all->process[i]);
}
