#include "core/arena/game.h"

#include "core/arena/elimination.h"
#include "core/arena/hash.h"
#include "core/arena/outputs.h"
#include "core/arena/value.h"

/* ROUND-3: what decides between two agents, in this order. */
struct standing {
    __int128 score;
    __int128 value;
    uint64_t draw;
    uint32_t rejects;
    uint16_t agent;
    bool active; /* has min_fills */
};

static bool better(const struct standing *x, const struct standing *y)
{
    if (x->active != y->active)
        return x->active;
    if (x->score != y->score)
        return x->score > y->score;
    if (x->rejects != y->rejects)
        return x->rejects < y->rejects;
    return x->draw < y->draw;
}

static struct standing standing_of(const struct ry_arena *a, uint16_t agent)
{
    const struct ry_arena_agent *account = &a->agent[agent];
    const uint64_t key[2] = {a->round, agent};
    __int128 value = ry_arena_value_liquidation(a, agent);
    return (struct standing){
        .score = value - account->round_value,
        .value = value,
        .draw = ry_arena_hash_fold(a->battle.seed, key, sizeof key),
        .rejects = account->rejects,
        .agent = agent,
        .active = account->fills >= a->battle.min_fills,
    };
}

/* Those that are in, best first; how many. */
static unsigned rank(const struct ry_arena *a, struct standing *table)
{
    unsigned count = 0;
    for (uint64_t in = a->in; in; in &= in - 1) {
        struct standing own = standing_of(a, (uint16_t)__builtin_ctzll(in));
        unsigned at = count++;
        for (; at && better(&own, &table[at - 1]); at--)
            table[at] = table[at - 1];
        table[at] = own;
    }
    return count;
}

/* ROUND-4 */
static void put_ranks(struct ry_arena *a, const struct standing *table, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        *ry_arena_next_game(a) = (struct ry_game){
            .kind = RY_GM_RANK,
            .slots = 1,
            .agent = table[i].agent,
            .time = a->time,
            .score = ry_arena_clamp_i64(table[i].score),
            .value = ry_arena_clamp_i64(table[i].value),
            .rank = i + 1,
            .round = a->round,
            .fills = a->agent[table[i].agent].fills,
            .rejects = table[i].rejects,
        };
        ry_arena_put_game(a);
    }
}

/* ROUND-6 */
static void begin_round(struct ry_arena *a)
{
    a->round++;
    for (uint64_t in = a->in; in; in &= in - 1) {
        uint16_t agent = (uint16_t)__builtin_ctzll(in);
        a->agent[agent].round_value = ry_arena_value_liquidation(a, agent);
        a->agent[agent].fills = 0;
        a->agent[agent].rejects = 0;
    }
}

/* Whether rounds still end. */
static bool running(const struct ry_arena *a)
{
    return a->round && a->battle.round_ns && a->in && !ry_arena_decided(a);
}

static __int128 round_end(const struct ry_arena *a)
{
    return a->battle.trade_from + (__int128)a->battle.round_ns * a->round;
}

/* ROUND-2: who is insolvent. ROUND-5: the last one goes. */
static void end_round(struct ry_arena *a)
{
    struct standing table[RY_AGENTS_MAX];
    a->filled = a->in; /* INSOLVENT-3 */
    ry_arena_eliminate_due(a);
    if (!running(a))
        return;
    unsigned count = rank(a, table);
    put_ranks(a, table, count);
    ry_arena_eliminate(a, table[count - 1].agent, RY_OUT_LAST);
    ry_arena_eliminate_due(a);
    begin_round(a);
}

void ry_arena_game_time(struct ry_arena *a)
{
    if (a->started && !a->round) /* GAME-3 */
        begin_round(a);
    while (running(a) && round_end(a) <= a->time) /* ROUND-1 */
        end_round(a);
}

void ry_arena_game_end(struct ry_arena *a)
{
    struct standing table[RY_AGENTS_MAX];
    if (a->round) /* END-2; END-3: nothing */
        put_ranks(a, table, rank(a, table));
}

void ry_arena_look_ahead(const struct ry_arena *a, struct ry_arena_outlook *out)
{
    struct standing table[RY_AGENTS_MAX];
    uint16_t last = 0;
    unsigned stay = 0;
    *out = (struct ry_arena_outlook){.count = rank(a, table)};
    for (unsigned i = 0; i < out->count; i++) {
        out->order[i] = table[i].agent;
        if (ry_arena_eliminate_reason(a, table[i].agent,
                                      ry_arena_value_equity(a, table[i].agent)) != RY_OUT_NONE) {
            out->goes |= UINT64_C(1) << table[i].agent;
        } else {
            last = table[i].agent;
            stay++;
        }
    }
    if (!running(a))
        out->goes = 0;
    else if (stay > 1)
        out->goes |= UINT64_C(1) << last;
}

/* TIME-2 */
int64_t ry_arena_next_moment(const struct ry_arena *a)
{
    if (a->phase == RY_ARENA_PHASE_BATTLE || a->phase == RY_ARENA_PHASE_ENDED)
        return RY_TIME_NEVER;
    if (!a->started)
        return a->battle.trade_from;
    return running(a) && round_end(a) < RY_TIME_NEVER ? (int64_t)round_end(a) : RY_TIME_NEVER;
}

/* GAME-2 */
bool ry_arena_decided(const struct ry_arena *a)
{
    return a->phase >= RY_ARENA_PHASE_OPEN && a->agents >= 2 && ry_arena_agents_in(a) <= 1;
}

uint32_t ry_arena_round(const struct ry_arena *a)
{
    return a->round;
}
