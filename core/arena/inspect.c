/* Looking in. Nothing here changes anything. */
#include <string.h>

#include "core/arena/arrival.h"
#include "core/arena/hash.h"
#include "core/arena/levels.h"
#include "core/arena/value.h"

static bool known(const struct ry_arena *a, uint16_t instrument)
{
    return a->phase > RY_ARENA_PHASE_INSTRUMENTS && instrument < a->instruments;
}

static bool sided(enum ry_side side)
{
    return side == RY_BUY || side == RY_SELL;
}

static struct ry_arena_book_order order_of(const struct ry_arena *a, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    bool recorded = order->owner == RY_ARENA_OWNER_NONE;
    return (struct ry_arena_book_order){
        .ref = order->ref,
        .price = ry_arena_price(order->side, ry_arena_level_at(a, order->level)->key),
        .order = id,
        .rec = order->rec,
        .open = order->open,
        .surplus = recorded ? *ry_arena_surplus_at(a, id) : 0,
        .instrument = order->instrument,
        .owner = recorded ? RY_OWNER_RECORDED : order->owner,
        .side = order->side,
    };
}

void ry_arena_walk(const struct ry_arena *a, uint16_t instrument, enum ry_side side,
                   bool (*visit)(void *context, const struct ry_arena_book_order *order),
                   void *context)
{
    if (!known(a, instrument) || !sided(side))
        return;
    const struct ry_arena_book *book = ry_arena_book_at(a, instrument, side);
    for (uint32_t at = book->best; at;
         at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        for (uint32_t id = ry_arena_level_at(a, at)->head; id;
             id = ry_arena_order_at(a, id)->next) {
            struct ry_arena_book_order out = order_of(a, id);
            if (!visit(context, &out))
                return;
        }
    }
}

struct shown_order {
    const struct ry_arena *arena;
    bool (*visit)(void *context, const struct ry_arena_book_order *order);
    void *context;
};

static bool show_order(void *context, uint32_t id)
{
    const struct shown_order *show = context;
    const struct ry_arena_book_order out = order_of(show->arena, id);
    return show->visit(show->context, &out);
}

void ry_arena_agent_orders(const struct ry_arena *a, uint16_t agent,
                           bool (*visit)(void *context, const struct ry_arena_book_order *order),
                           void *context)
{
    struct shown_order show = {a, visit, context};
    if (agent < a->agents)
        (void)ry_arena_arrival_visit(a, agent, show_order, &show);
}

bool ry_arena_ahead(const struct ry_arena *a, uint32_t id, unsigned orders_max, uint64_t *lots)
{
    unsigned orders = 0;
    *lots = 0;
    for (id = ry_arena_order_at(a, id)->prev; id; id = ry_arena_order_at(a, id)->prev) {
        if (orders++ == orders_max)
            return false;
        *lots += ry_arena_order_at(a, id)->open;
    }
    return true;
}

/* The first level from `at` on that shows anything; 0: none. */
static uint32_t showing_from(const struct ry_arena *a, const struct ry_arena_book *book,
                             uint32_t at)
{
    while (at && !ry_arena_level_at(a, at)->shown)
        at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key);
    return at;
}

/* The first order from `id` on, within its level, that shows anything; 0: none. */
static uint32_t open_from(const struct ry_arena *a, uint32_t id)
{
    while (id && !ry_arena_order_at(a, id)->open)
        id = ry_arena_order_at(a, id)->next;
    return id;
}

/* The order that shows something behind `id` of a side, or, if that is 0, the side's first. */
static uint32_t open_after(const struct ry_arena *a, const struct ry_arena_book *book, uint32_t id)
{
    uint32_t at = book->best;
    if (id) {
        const struct ry_arena_order *order = ry_arena_order_at(a, id);
        uint32_t next = open_from(a, order->next);
        if (next)
            return next;
        at = ry_arena_level_after(a, book, ry_arena_level_at(a, order->level)->key);
    }
    at = showing_from(a, book, at);
    return at ? open_from(a, ry_arena_level_at(a, at)->head) : 0;
}

bool ry_arena_next_order(const struct ry_arena *a, struct ry_arena_cursor *cursor,
                         struct ry_arena_book_order *order)
{
    while (known(a, cursor->instrument)) {
        if (cursor->side == RY_SIDE_NONE)
            cursor->side = RY_BUY;
        const struct ry_arena_book *book = ry_arena_book_at(a, cursor->instrument, cursor->side);
        cursor->order = open_after(a, book, cursor->order);
        if (cursor->order) {
            *order = order_of(a, cursor->order);
            return true;
        }
        if (cursor->side == RY_SELL)
            cursor->instrument++;
        cursor->side = cursor->side == RY_SELL ? RY_BUY : RY_SELL;
    }
    return false;
}

static struct ry_arena_depth depth_of(const struct ry_arena_level *level)
{
    return (struct ry_arena_depth){
        .price = ry_arena_price(level->side, level->key),
        .open = level->open,
        .rec = level->rec,
        .orders = level->orders,
        .shown = level->shown,
    };
}

bool ry_arena_level(const struct ry_arena *a, uint16_t instrument, enum ry_side side, int64_t price,
                    struct ry_arena_depth *level)
{
    *level = (struct ry_arena_depth){.price = price};
    if (!known(a, instrument) || !sided(side) || price < -RY_PRICE_ABS_MAX ||
        price > RY_PRICE_ABS_MAX)
        return false;
    uint32_t at = ry_arena_level_find(a, ry_arena_book_at(a, instrument, side),
                                      (int32_t)ry_arena_key(side, price));
    if (at)
        *level = depth_of(ry_arena_level_at(a, at));
    return at != 0;
}

unsigned ry_arena_levels(const struct ry_arena *a, uint16_t instrument, enum ry_side side,
                         struct ry_arena_depth *levels, unsigned max)
{
    unsigned count = 0;
    if (!known(a, instrument) || !sided(side))
        return 0;
    const struct ry_arena_book *book = ry_arena_book_at(a, instrument, side);
    for (uint32_t at = book->best; at && count < max;
         at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        if (level->open || level->rec)
            levels[count++] = depth_of(level);
    }
    return count;
}

unsigned ry_arena_top(const struct ry_arena *a, uint16_t instrument, enum ry_side side,
                      struct ry_arena_depth *levels, unsigned max)
{
    unsigned count = 0;
    if (!known(a, instrument) || !sided(side))
        return 0;
    const struct ry_arena_book *book = ry_arena_book_at(a, instrument, side);
    uint32_t at = book->best;
    while (count < max && (at = showing_from(a, book, at)) != 0) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        levels[count++] = depth_of(level);
        at = ry_arena_level_after(a, book, level->key);
    }
    return count;
}

void ry_arena_instrument(const struct ry_arena *a, uint16_t instrument, struct ry_arena_market *out)
{
    memset(out, 0, sizeof *out);
    if (!known(a, instrument))
        return;
    const struct ry_arena_instrument *in = ry_arena_instrument_at(a, instrument);
    memcpy(out->symbol, in->symbol, sizeof out->symbol);
    out->trading = in->trading;
    out->has_last = in->has_last;
    out->last_price = in->last_price;
    out->recorded_volume = in->volume;
    out->recorded_turnover = in->turnover;
    out->live_orders = in->live_orders;
    out->agent_orders = in->agent_orders;
    out->levels[RY_BUY] = in->side[RY_BUY - 1].rec_levels;
    out->levels[RY_SELL] = in->side[RY_SELL - 1].rec_levels;
}

bool ry_arena_reference(const struct ry_arena *a, uint16_t instrument, int64_t *price)
{
    return known(a, instrument) && /* VALUE-1 */
           ry_arena_value_reference(ry_arena_instrument_at(a, instrument), a->widest, price);
}

void ry_arena_account(const struct ry_arena *a, uint16_t agent, struct ry_arena_account *out)
{
    memset(out, 0, sizeof *out);
    if (agent == RY_OWNER_RECORDED) {
        out->cash = a->recorded_cash;
    } else if (agent < a->agents) {
        out->cash = a->agent[agent].cash;
        out->open_orders = a->agent[agent].open_orders;
        out->equity = ry_arena_value_equity(a, agent);
        out->value = ry_arena_value_liquidation(a, agent);
        out->out = a->agent[agent].out;
        out->killed = out->out != RY_OUT_NONE;
        out->fills = a->agent[agent].fills;
        out->rejects = a->agent[agent].rejects;
    }
}

__int128 ry_arena_equity(const struct ry_arena *a, uint16_t agent)
{
    return agent < a->agents ? ry_arena_value_equity(a, agent) : 0;
}

int64_t ry_arena_position(const struct ry_arena *a, uint16_t agent, uint16_t instrument)
{
    if (!known(a, instrument) || (agent >= a->agents && agent != RY_OWNER_RECORDED))
        return 0;
    return ry_arena_holding_at(a, instrument, agent == RY_OWNER_RECORDED ? a->agents : agent)
        ->position;
}

__int128 ry_arena_fees(const struct ry_arena *a)
{
    return a->fees;
}

static bool fold_order(void *context, const struct ry_arena_book_order *order)
{
    uint64_t *hash = context;
    *hash = ry_arena_hash_fold(*hash, order, sizeof *order);
    return true;
}

uint64_t ry_arena_book_hash(const struct ry_arena *a)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < a->instruments; i++) {
        ry_arena_walk(a, (uint16_t)i, RY_BUY, fold_order, &hash);
        ry_arena_walk(a, (uint16_t)i, RY_SELL, fold_order, &hash);
    }
    return hash;
}

static uint64_t fold_word(uint64_t hash, uint64_t word)
{
    return ry_arena_hash_fold(hash, &word, sizeof word);
}

static uint64_t fold_money(uint64_t hash, __int128 money)
{
    return ry_arena_hash_fold(hash, &money, sizeof money);
}

static uint64_t fold_instrument(const struct ry_arena *a, uint64_t hash, uint32_t id)
{
    const struct ry_arena_instrument *in = ry_arena_instrument_at(a, id);
    hash = fold_word(hash, (uint64_t)in->trading | (uint64_t)in->state << 8 |
                               (uint64_t)in->session << 16 | (uint64_t)in->has_last << 24);
    hash = fold_word(hash, (uint64_t)in->last_price);
    hash = fold_word(hash, in->volume);
    hash = fold_money(hash, in->turnover);
    for (unsigned i = 0; in->traded && i <= a->agents; i++)
        hash = fold_word(hash, (uint64_t)ry_arena_holding_at(a, id, i)->position);
    return hash;
}

static uint64_t fold_agent(uint64_t hash, const struct ry_arena_agent *agent)
{
    hash = fold_money(hash, agent->cash);
    hash = fold_word(hash, agent->cl_ord_id_max);
    hash = fold_word(hash, agent->reports);
    hash = fold_word(hash, (uint64_t)agent->second);
    hash = fold_word(hash, agent->commands);
    hash = fold_word(hash, (uint64_t)agent->open_orders | (uint64_t)agent->out << 32);
    hash = fold_money(hash, agent->round_value);
    return fold_word(hash, (uint64_t)agent->fills | (uint64_t)agent->rejects << 32);
}

uint64_t ry_arena_state_hash(const struct ry_arena *a)
{
    uint64_t hash = fold_word(ry_arena_input_hash(a), ry_arena_output_hash(a));
    hash = fold_word(hash, ry_arena_book_hash(a));
    hash = fold_word(hash, (uint64_t)a->time);
    hash =
        fold_word(hash, (uint64_t)a->phase | (uint64_t)a->started << 8 | (uint64_t)a->named << 16);
    hash = fold_word(hash, a->group);
    hash = fold_word(hash, a->in);
    hash = fold_word(hash, a->round);
    hash = fold_money(hash, a->recorded_cash);
    hash = fold_money(hash, a->fees);
    for (unsigned i = 0; i < a->agents; i++)
        hash = fold_agent(hash, &a->agent[i]);
    for (uint32_t i = 0; known(a, 0) && i < a->instruments; i++)
        hash = fold_instrument(a, hash, i);
    return ry_arena_hash_fold(hash, &a->counters, sizeof a->counters);
}

const struct ry_arena_counters *ry_arena_counters(const struct ry_arena *a)
{
    return &a->counters;
}

const struct ry_input_battle *ry_arena_battle(const struct ry_arena *a)
{
    return a->phase == RY_ARENA_PHASE_BATTLE ? NULL : &a->battle;
}

bool ry_arena_ended(const struct ry_arena *a)
{
    return a->phase == RY_ARENA_PHASE_ENDED;
}

int64_t ry_arena_time(const struct ry_arena *a)
{
    return a->time;
}
