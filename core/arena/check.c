/*
 * The slow self-check: everything that must hold between two inputs. For tests and the fuzzer.
 */
#include "core/arena/ledger.h"
#include "core/arena/levels.h"
#include "core/arena/refs.h"
#include "core/arena/value.h"

struct tally {
    uint64_t orders, agent_orders, levels, named;
    uint64_t live, surplus;
};

static void check_order(const struct ry_arena *a, const struct ry_arena_level *level, uint32_t at,
                        uint32_t id, struct tally *tally)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    uint32_t surplus = *ry_arena_surplus_at(a, id);
    assert(id <= a->order_used && order->level == at);
    assert(order->instrument == level->instrument && order->side == level->side);
    tally->orders++;
    if (order->owner == RY_ARENA_OWNER_NONE) {
        assert(order->open <= order->rec && (order->rec || surplus));
        if (order->rec) {
            tally->named++;
            tally->live++;
            assert(ry_arena_ref_find(a, order->instrument, order->ref) == id);
        }
        tally->surplus += surplus != 0;
    } else {
        assert(order->owner < a->agents && order->open && !order->rec && !surplus);
        assert(ry_arena_agent_in(a, order->owner));
        assert(ry_arena_ref_find(a, RY_ARENA_SPACE_AGENT + order->owner, order->ref) == id);
        tally->named++;
        tally->agent_orders++;
    }
}

/* A level's sums are those of its queue. */
static void check_level(const struct ry_arena *a, const struct ry_arena_book *book, uint32_t at,
                        struct tally *tally)
{
    const struct ry_arena_level *level = ry_arena_level_at(a, at);
    struct tally own = {0};
    uint64_t open = 0;
    uint64_t rec = 0;
    uint32_t shown = 0;
    uint32_t before = 0;
    uint64_t arrived = 0;
    assert(level->instrument == book->instrument && level->side == book->side);
    for (uint32_t id = level->head; id; id = ry_arena_order_at(a, id)->next) {
        assert(ry_arena_order_at(a, id)->prev == before);
        check_order(a, level, at, id, &own);
        if (ry_arena_order_at(a, id)->owner != RY_ARENA_OWNER_NONE) {
            assert(*ry_arena_arrived_at(a, id) > arrived);
            arrived = *ry_arena_arrived_at(a, id);
        }
        open += ry_arena_order_at(a, id)->open;
        rec += ry_arena_order_at(a, id)->rec;
        shown += ry_arena_order_at(a, id)->open != 0;
        before = id;
    }
    assert(level->tail == before && own.orders && arrived <= a->arrivals);
    assert(level->orders == own.orders && level->agents == own.agent_orders);
    assert(level->shown == shown);
    assert(level->surplus == own.surplus && level->open == open && level->rec == rec);
    assert(level->has_rec == (rec != 0));
    uint32_t slot;
    assert(level->in_window == ry_arena_window_place(book, level->key, &slot));
    assert(!level->in_window || ry_arena_window_of(a, book)->slot[slot] == at);
    assert(level->in_window || ry_arena_tree_find(a, book->root, level->key) == at);
    tally->orders += own.orders;
    tally->agent_orders += own.agent_orders;
    tally->named += own.named;
    tally->live += own.live;
    tally->surplus += own.surplus;
    tally->levels++;
}

static void check_window(const struct ry_arena *a, const struct ry_arena_book *book)
{
    const struct ry_arena_window *window = ry_arena_window_of(a, book);
    for (uint32_t slot = 0; slot < RY_ARENA_WINDOW_TICKS; slot++) {
        bool bit = window->word[slot / 64] >> slot % 64 & 1;
        assert(bit == (window->slot[slot] != 0));
    }
    for (uint32_t i = 0; i < RY_ARENA_WINDOW_WORDS; i++)
        assert((window->word[i] != 0) == (book->summary >> i & 1));
}

static void check_tree(const struct ry_arena *a, uint32_t root)
{
    if (!root)
        return;
    const struct ry_arena_level *level = ry_arena_level_at(a, root);
    for (unsigned i = 0; i < 2; i++) {
        uint32_t child = i ? level->right : level->left;
        if (!child)
            continue;
        const struct ry_arena_level *below = ry_arena_level_at(a, child);
        assert(i ? below->key > level->key : below->key < level->key);
        assert(ry_arena_tree_priority(a, below->key) < ry_arena_tree_priority(a, level->key));
        check_tree(a, child);
    }
}

static void check_book(const struct ry_arena *a, const struct ry_arena_book *book,
                       struct tally *tally)
{
    struct tally own = {0};
    uint64_t recorded = 0;
    int64_t before = INT64_MIN;
    check_window(a, book);
    check_tree(a, book->root);
    uint32_t at = ry_arena_level_after(a, book, INT64_MIN / 2);
    assert(book->best == at &&
           book->best_key == (at ? ry_arena_level_at(a, at)->key : RY_ARENA_KEY_NONE));
    uint32_t rec_best = 0;
    for (; at; at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        assert(level->key > before);
        before = level->key;
        check_level(a, book, at, &own);
        recorded += level->rec != 0;
        if (level->rec && !rec_best)
            rec_best = at;
    }
    assert(book->rec_best == rec_best);
    assert(book->rec_best_key ==
           (rec_best ? ry_arena_level_at(a, rec_best)->key : RY_ARENA_KEY_NONE));
    assert(book->levels == own.levels && book->rec_levels == recorded);
    assert(book->agent_orders == own.agent_orders && book->surplus_orders == own.surplus);
    tally->orders += own.orders;
    tally->agent_orders += own.agent_orders;
    tally->levels += own.levels;
    tally->named += own.named;
    tally->live += own.live;
    tally->surplus += own.surplus;
}

/* No surplus where the recorded best of the other side reaches. */
static void check_surplus(const struct ry_arena *a, const struct ry_arena_book *book,
                          const struct ry_arena_book *other)
{
    for (uint32_t at = book->best; at;
         at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        if (!other->rec_best || level->key > -(int64_t)other->rec_best_key)
            return;
        assert(!level->surplus);
    }
}

/* The best key of what one side shows; agents' orders only, or all. */
static int64_t shown_best(const struct ry_arena *a, const struct ry_arena_book *book, bool agents)
{
    for (uint32_t at = book->best; at;
         at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        if (agents ? level->agents : level->open)
            return level->key;
    }
    return INT64_MAX / 2;
}

static void check_instrument(const struct ry_arena *a, const struct ry_arena_instrument *instrument,
                             struct tally *tally)
{
    struct tally own = {0};
    const struct ry_arena_book *buys = &instrument->side[RY_BUY - 1];
    const struct ry_arena_book *sells = &instrument->side[RY_SELL - 1];
    check_book(a, buys, &own);
    check_book(a, sells, &own);
    assert(instrument->live_orders == own.live && instrument->agent_orders == own.agent_orders);
    assert(instrument->surplus_orders == own.surplus);
    assert(instrument->trading || !own.surplus);
    check_surplus(a, buys, sells);
    check_surplus(a, sells, buys);
    if (instrument->trading) { /* no agent's order crosses what is published */
        assert(-shown_best(a, buys, true) < shown_best(a, sells, false));
        assert(-shown_best(a, buys, false) < shown_best(a, sells, true));
    }
    tally->orders += own.orders;
    tally->levels += own.levels;
    tally->named += own.named;
}

/* How many of an agent's orders stand on one side, and their lots. */
static uint32_t standing_of(const struct ry_arena *a, const struct ry_arena_book *book,
                            uint32_t agent, uint64_t *lots)
{
    uint32_t count = 0;
    *lots = 0;
    for (uint32_t at = book->best; at;
         at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        for (uint32_t id = level->agents ? level->head : 0; id;
             id = ry_arena_order_at(a, id)->next) {
            bool own = ry_arena_order_at(a, id)->owner == agent;
            count += own;
            *lots += own ? ry_arena_order_at(a, id)->open : 0;
        }
    }
    return count;
}

static void check_agent(const struct ry_arena *a, uint32_t agent)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < a->instruments; i++) {
        const struct ry_arena_holding *holding = ry_arena_holding_at(a, i, agent);
        for (unsigned side = 0; side < 2; side++) {
            uint64_t lots;
            count += standing_of(a, &ry_arena_instrument_at(a, i)->side[side], agent, &lots);
            assert(holding->open[side] == lots);
        }
        bool held = ry_arena_held_of(a, agent)[i / 64] >> i % 64 & 1;
        assert(held == (holding->position != 0));
        assert(!held || ry_arena_instrument_at(a, i)->traded);
    }
    assert(count == a->agent[agent].open_orders);
}

/* Who is out has nothing left; rounds run from the start of trading, one more at most than agents
 * went. */
static void check_game(const struct ry_arena *a)
{
    uint32_t in = 0;
    for (uint32_t i = 0; i < a->agents; i++) {
        bool out = a->agent[i].out != RY_OUT_NONE;
        bool described = a->phase > RY_ARENA_PHASE_AGENTS || i < a->named;
        assert(ry_arena_agent_in(a, i) == (described && !out));
        assert(!out || (!a->agent[i].open_orders &&
                        ry_arena_held_next(a, (uint16_t)i, 0) == a->instruments));
        in += ry_arena_agent_in(a, i);
    }
    assert(ry_arena_agents_in(a) == in && !a->filled);
    assert(a->started == (a->round != 0));
    assert(a->round <= 1 + (uint32_t)a->agents - in && (a->battle.round_ns || a->round <= 1));
}

/* Worth by its marks, and marks by the reference where they are not due. */
static void check_marks(const struct ry_arena *a)
{
    uint32_t due = 0;
    for (uint32_t i = 0; i < a->instruments; i++) {
        const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, i);
        int64_t price;
        if (!ry_arena_value_reference(instrument, a->widest, &price))
            price = 0;
        due += instrument->mark_due;
        assert(instrument->traded || (!instrument->mark && !instrument->mark_due));
        assert(!instrument->traded || instrument->mark_due || instrument->mark == price);
    }
    assert(due == a->due);
    for (uint32_t agent = 0; agent < a->agents; agent++) {
        __int128 worth = 0;
        for (uint32_t i = 0; i < a->instruments; i++) {
            const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, i);
            worth += (__int128)ry_arena_holding_at(a, i, agent)->position * instrument->mark *
                     instrument->money_per_unit;
        }
        assert(a->agent[agent].worth == worth);
    }
}

static void check_pools(const struct ry_arena *a, const struct tally *tally)
{
    uint64_t free_orders = 0;
    for (uint32_t id = a->order_free; id; id = ry_arena_order_at(a, id)->next) {
        assert(id <= a->order_used && !ry_arena_order_at(a, id)->level &&
               !*ry_arena_surplus_at(a, id));
        free_orders++;
    }
    assert(a->orders_live == tally->orders && a->order_used == tally->orders + free_orders);
    assert(a->order_used <= a->orders_max);
    uint64_t free_levels = 0;
    for (uint32_t id = a->level_free; id; id = ry_arena_level_at(a, id)->left)
        free_levels++;
    assert(a->level_used == tally->levels + free_levels);
}

static void check_refs(const struct ry_arena *a, const struct tally *tally)
{
    const struct ry_arena_line *lines = ry_arena_lines(a);
    uint64_t used = 0, away = 0, said = 0;
    for (uint64_t slot = 0; slot < (a->at.line_mask + UINT64_C(1)) * RY_ARENA_LINE_SLOTS; slot++) {
        const struct ry_arena_line *line = &lines[slot / RY_ARENA_LINE_SLOTS];
        const uint32_t id = line->order[slot % RY_ARENA_LINE_SLOTS];
        said += slot % RY_ARENA_LINE_SLOTS ? 0 : line->away;
        if (!id)
            continue;
        const struct ry_arena_order *order = ry_arena_order_at(a, id);
        const uint32_t space = ry_arena_space_of(order);
        const struct ry_arena_line *home = ry_arena_home_at(a, order->ref, space);
        assert(line->tag[slot % RY_ARENA_LINE_SLOTS] == ry_arena_tag(order->ref, space));
        assert(ry_arena_ref_find(a, space, order->ref) == id);
        used++;
        away += line != home;
    }
    assert(used == tally->named && away == said);
}

void ry_arena_check(const struct ry_arena *a)
{
    struct tally tally = {0};
    assert(a->group_used == 0 && a->sink == NULL);
    for (unsigned i = 0; i < RY_ARENA_STREAMS; i++)
        assert(a->waiting[i] < RY_ARENA_BLOCK_BYTES);
    if (a->phase <= RY_ARENA_PHASE_INSTRUMENTS)
        return;
    for (uint32_t i = 0; i < a->instruments; i++)
        check_instrument(a, ry_arena_instrument_at(a, i), &tally);
    for (uint32_t i = 0; i < a->agents; i++)
        check_agent(a, i);
    check_game(a);
    check_marks(a);
    check_pools(a, &tally);
    check_refs(a, &tally);
    ry_arena_ledger_check_all(a);
}
