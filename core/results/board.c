#include "core/results/board.h"

#include <stdio.h>
#include <string.h>

#include "shm/printable.h"

void ry_results_stamp(char stamp[RY_RESULTS_STAMP_BYTES], const struct ry_results *r)
{
    static const char incomplete[] = RY_RESULTS_INCOMPLETE_STAMP "; ",
                      stopped[] = RY_RESULTS_STOPPED_STAMP;
    _Static_assert(sizeof incomplete + sizeof stopped <= RY_RESULTS_STAMP_BYTES,
                   "room for the stamps that are of no agent");
    const char *before = r->stopped ? ", agent " : "not reproducible: agent ";
    int begun = snprintf(stamp, RY_RESULTS_STAMP_BYTES, "%s%s",
                         ry_results_incomplete(r) ? incomplete : "", r->stopped ? stopped : "");
    size_t used = (size_t)begun;
    for (uint16_t id = 0; id < r->agents && used < RY_RESULTS_STAMP_BYTES; id++) {
        char name[RY_NAME_BYTES];
        if (!r->agent[id].wall)
            continue;
        used += (size_t)snprintf(stamp + used, RY_RESULTS_STAMP_BYTES - used, "%s%s", before,
                                 ry_printable(name, r->agent[id].name, sizeof name));
        before = ", ";
    }
    if (used == sizeof incomplete - 1 && !r->stopped && ry_results_incomplete(r))
        stamp[used - 2] = 0; /* nothing came behind it */
}

static int permille_of(const struct ry_input_battle *battle, int64_t time, bool ended)
{
    __int128 whole = (__int128)battle->trade_to - battle->trade_from,
             gone = (__int128)time - battle->trade_from;
    if (ended)
        return 1000;
    if (battle->trade_to == RY_TIME_NEVER || whole <= 0)
        return -1;
    return gone <= 0 ? 0 : gone >= whole ? 1000 : (int)(gone * 1000 / whole);
}

static unsigned positions_of(const struct ry_results *r, uint16_t id)
{
    unsigned count = 0;
    for (uint16_t i = 0; i < r->instruments; i++)
        count += r->instrument[i].traded && ry_results_position(r, i, id) != 0;
    return count;
}

/* ---- while the battle runs ------------------------------------------------------------------- */

/* One agent, and its place among those that are in. */
struct standing {
    struct ry_results_board_row row;
    unsigned place;
};

static struct standing standing_of(const struct ry_results *r, const struct ry_arena *arena,
                                   uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    struct ry_arena_account account;
    struct standing s = {.row = {.agent = id,
                                 .rank = agent->rank,
                                 .out = agent->out,
                                 .out_round = agent->out_round,
                                 .out_idle = ry_results_out_idle(r, agent),
                                 .positions = positions_of(r, id),
                                 .fills = ry_results_fills(agent),
                                 .rejects = ry_results_rejects(agent),
                                 .reject_most = ry_results_reject_most(agent),
                                 .sample = agent->sample,
                                 .samples = r->samples}};
    ry_arena_account(arena, id, &account);
    ry_printable(s.row.name, agent->name, sizeof s.row.name);
    s.row.reject_most_count = agent->rejects[s.row.reject_most];
    s.row.profit = account.equity - agent->cash_start;
    s.row.score = r->round == 0 ? 0 : account.value - agent->round_value;
    if (agent->rounds > 0 && (agent->out != RY_OUT_NONE || r->ended))
        s.row.score = agent->round[agent->rounds - 1].score;
    s.row.drawdown = agent->drawdown;
    return s;
}

static bool better(const struct standing *x, const struct standing *y)
{
    if (x->row.rank != 0 ||
        y->row.rank != 0) /* out, or the battle has ended: what the machine said */
        return y->row.rank != 0 && (x->row.rank == 0 || x->row.rank < y->row.rank);
    return x->place < y->place;
}

/* A round that the battle's end comes before puts nobody out. */
static int64_t round_left(const struct ry_results *r, const struct ry_arena *arena, bool *decides)
{
    const int64_t moment = ry_arena_next_moment(arena), to = r->battle.trade_to,
                  end = moment < to ? moment : to;
    *decides = moment <= to && moment != RY_TIME_NEVER;
    return r->round == 0 || r->ended || end == RY_TIME_NEVER ? -1 : end - r->time;
}

void ry_results_board_make(struct ry_results_board *board, const struct ry_results *r,
                           const struct ry_arena *arena)
{
    struct standing table[RY_AGENTS_MAX];
    struct ry_arena_outlook outlook = {.count = 0};
    unsigned place[RY_AGENTS_MAX] = {0};
    bool decides = false;
    memset(board, 0, sizeof *board);
    ry_printable(board->name, r->battle.name, sizeof board->name);
    board->time = r->time;
    board->permille = permille_of(&r->battle, r->time, r->ended && !r->stopped);
    board->round = ry_results_rounds(r);
    board->ended = r->ended;
    board->isolated = r->isolated;
    board->count = r->agents;
    ry_results_stamp(board->stamp, r);
    board->left_ns = -1;
    if (r->round > 0) {
        board->left_ns = round_left(r, arena, &decides);
        ry_arena_look_ahead(arena, &outlook);
    }
    for (unsigned i = 0; i < outlook.count; i++)
        place[outlook.order[i]] = i;
    for (uint16_t id = 0; id < r->agents; id++) {
        struct standing own = standing_of(r, arena, id);
        own.place = place[id];
        own.row.goes_next = decides && !r->ended && (outlook.goes >> id & 1) != 0;
        unsigned at = id;
        for (; at > 0 && better(&own, &table[at - 1]); at--)
            table[at] = table[at - 1];
        table[at] = own;
    }
    for (unsigned i = 0; i < r->agents; i++) {
        board->row[i] = table[i].row;
        board->row[i].rank = i + 1;
    }
}

/* ---- as the machine said --------------------------------------------------------------------- */

static bool before(const struct ry_results_agent *x, const struct ry_results_agent *y)
{
    bool x_out = x->out != RY_OUT_NONE, y_out = y->out != RY_OUT_NONE;
    if (x_out != y_out)
        return y_out;
    return x->rank != 0 && (y->rank == 0 || x->rank < y->rank);
}

void ry_results_order(const struct ry_results *r, uint16_t order[RY_AGENTS_MAX])
{
    for (uint16_t id = 0; id < r->agents; id++) {
        unsigned at = id;
        for (; at > 0 && before(&r->agent[id], &r->agent[order[at - 1]]); at--)
            order[at] = order[at - 1];
        order[at] = id;
    }
}

uint16_t ry_results_winner(const struct ry_results *r, const struct ry_arena *arena)
{
    for (uint16_t id = 0; id < r->agents && ry_arena_decided(arena); id++)
        if (r->agent[id].rank == 1 && r->agent[id].out == RY_OUT_NONE)
            return id;
    return RY_RESULTS_NONE;
}

/* Those who traded, by profit, of equals the best ranked first; returns how many they are. */
static unsigned order_earned(const struct ry_results *r, uint16_t earned[RY_AGENTS_MAX])
{
    uint16_t order[RY_AGENTS_MAX];
    unsigned count = 0;
    ry_results_order(r, order);
    for (unsigned i = 0; i < r->agents; i++) {
        const struct ry_results_agent *agent = &r->agent[order[i]];
        unsigned at = count;
        if (ry_results_fills(agent) == 0)
            continue;
        for (; at > 0 && r->agent[earned[at - 1]].pnl < agent->pnl; at--)
            earned[at] = earned[at - 1];
        earned[at] = order[i];
        count++;
    }
    return count;
}

void ry_results_earned(const struct ry_results *r, uint32_t place[RY_AGENTS_MAX])
{
    uint16_t earned[RY_AGENTS_MAX];
    const unsigned count = order_earned(r, earned);
    memset(place, 0, r->agents * sizeof place[0]);
    for (unsigned i = 0; i < count; i++)
        place[earned[i]] = i + 1;
}

uint16_t ry_results_earned_most(const struct ry_results *r)
{
    uint16_t earned[RY_AGENTS_MAX];
    return order_earned(r, earned) > 0 ? earned[0] : RY_RESULTS_NONE;
}
