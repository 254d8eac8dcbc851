/*
 * Looking ahead: starts cache misses without waiting for any.
 *
 * What an input will touch hangs together: reference -> order -> level -> window, or for an Add:
 * side -> window -> level -> end of the queue. An ORDER is an Add that may take from the other
 * side's best level, an ORDER_CANCEL names an order in its agent's space. Each link is known only
 * when the one before has arrived. So a hint takes the first step for its own input, the second for
 * one hinted a little before, and so on: by the time a step looks, its line is there. The
 * remembered inputs are the arena's only memory that ry_arena_apply never reads.
 *
 * Nothing here is trusted: what a step finds may have left meanwhile; then a wrong line is fetched.
 * Ids of zero are fetched as well: a branch that no predictor knows costs more than a line.
 */
#include "core/arena/levels.h"
#include "core/arena/refs.h"

#define RY_HINT_FEW  16384u
#define RY_HINT_STEP 2u /* inputs of one sort between two steps: about twice as many of all */

_Static_assert(3 * RY_HINT_STEP < RY_ARENA_HINTS,
               "a remembered input must live until its last step");

static void fetch(const void *line)
{
    __builtin_prefetch(line, 1);
}

static const struct ry_arena_book *book_of(const struct ry_arena *a, uint32_t instrument,
                                           unsigned side)
{
    return &ry_arena_instrument_at(a, instrument)->side[(side - 1) & 1];
}

static const uint32_t *first_slot(const struct ry_arena *a)
{
    return ((const struct ry_arena_window *)ry_arena_at(a, a->at.windows))->slot;
}

/* Fetches what finds and marks the level of a key; where its slot is (any slot, if it has none). */
static size_t fetch_place(const struct ry_arena *a, const struct ry_arena_book *book, int32_t key)
{
    uint32_t slot = 0;
    bool inside = ry_arena_window_place(book, key, &slot);
    const struct ry_arena_window *window = ry_arena_window_of(a, book);
    fetch(&window->slot[inside ? slot : 0]);
    fetch(&window->word[inside ? slot / 64 : 0]);
    return (size_t)(&window->slot[inside ? slot : 0] - first_slot(a));
}

/* ---- an Add, an ORDER ------------------------------------------------------------------------ */

static void add_place(const struct ry_arena *a, struct ry_arena_hint_add *hint)
{
    const struct ry_arena_book *book = book_of(a, hint->instrument, hint->side);
    hint->slot = fetch_place(a, book, (int32_t)ry_arena_key(hint->side, hint->price));
    if (hint->agents)
        fetch(ry_arena_level_at(a, book_of(a, hint->instrument, hint->side ^ 3u)->best));
}

static void add_level(const struct ry_arena *a, struct ry_arena_hint_add *hint)
{
    hint->level = first_slot(a)[hint->slot];
    fetch(ry_arena_level_at(a, hint->level));
    if (!hint->agents)
        return;
    uint32_t best = book_of(a, hint->instrument, hint->side ^ 3u)->best;
    uint32_t first = ry_arena_level_at(a, best)->head;
    fetch(ry_arena_order_at(a, first));
}

static void add_queue(const struct ry_arena *a, const struct ry_arena_hint_add *hint)
{
    fetch(ry_arena_order_at(a, ry_arena_level_at(a, hint->level)->tail));
}

static void hint_add(const struct ry_arena *a, struct ry_arena_hints *hints,
                     const struct ry_input *in, uint32_t space)
{
    uint32_t now = hints->adds++;
    const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, in->head.instrument);
    hints->add[now % RY_ARENA_HINTS] = (struct ry_arena_hint_add){
        .price = (int32_t)in->price,
        .instrument = in->head.instrument,
        .side = in->side,
        .agents = space >= RY_ARENA_SPACE_AGENT,
    };
    fetch(ry_arena_ref_entry(a, in->ref, space));
    fetch(instrument);
    fetch(book_of(a, in->head.instrument, in->side));
    add_place(a, &hints->add[(now - RY_HINT_STEP) % RY_ARENA_HINTS]);
    add_level(a, &hints->add[(now - 2 * RY_HINT_STEP) % RY_ARENA_HINTS]);
    add_queue(a, &hints->add[(now - 3 * RY_HINT_STEP) % RY_ARENA_HINTS]);
}

/* ---- what names an order --------------------------------------------------------------------- */

/* The first that may be meant; who is behind is not looked for. */
static void name_order(const struct ry_arena *a, struct ry_arena_hint_name *hint)
{
    const uint32_t tag = ry_arena_ref_tag(hint->ref, hint->space);
    uint32_t *entry = ry_arena_ref_entry(a, hint->ref, hint->space);
    const uint32_t *line = ry_arena_ref_line(entry);
    const unsigned other = ry_arena_names_tagged(line, tag) | 1u << 16;
    const bool own = *entry >> RY_ARENA_NAME_BITS == tag;
    hint->order = (own ? *entry : line[__builtin_ctz(other) & 15]) & RY_ARENA_NAME_ORDER;
    fetch(ry_arena_order_at(a, hint->order));
}

static void name_level(const struct ry_arena *a, struct ry_arena_hint_name *hint)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, hint->order);
    hint->level = order->level;
    fetch(ry_arena_level_at(a, order->level));
    fetch(ry_arena_order_at(a, order->next));
    fetch(ry_arena_order_at(a, order->prev));
    fetch(book_of(a, order->instrument, order->side));
    if (hint->agents && order->owner < a->agents) {
        fetch(ry_arena_instrument_at(a, order->instrument));
        fetch(ry_arena_holding_at(a, order->instrument, order->owner));
    }
}

/* The last order of a level takes it along. */
static void name_place(const struct ry_arena *a, const struct ry_arena_hint_name *hint)
{
    const struct ry_arena_level *level = ry_arena_level_at(a, hint->level);
    const struct ry_arena_book *book = book_of(a, level->instrument, level->side);
    fetch_place(a, book, level->key);
    if (hint->replaces)
        fetch_place(a, book, (int32_t)ry_arena_key(level->side, hint->price));
}

static void hint_name(const struct ry_arena *a, struct ry_arena_hints *hints,
                      const struct ry_input *in, uint32_t space)
{
    uint32_t now = hints->names++;
    bool replaces = in->head.kind == RY_IN_REPLACE;
    hints->name[now % RY_ARENA_HINTS] = (struct ry_arena_hint_name){
        .ref = in->ref,
        .space = space,
        .price = replaces ? (int32_t)in->price : 0,
        .replaces = replaces,
        .agents = space >= RY_ARENA_SPACE_AGENT,
    };
    fetch(ry_arena_ref_entry(a, in->ref, space));
    if (replaces)
        fetch(ry_arena_ref_entry(a, in->ref_new, space));
    fetch(ry_arena_instrument_at(a, in->head.instrument));
    name_order(a, &hints->name[(now - RY_HINT_STEP) % RY_ARENA_HINTS]);
    name_level(a, &hints->name[(now - 2 * RY_HINT_STEP) % RY_ARENA_HINTS]);
    name_place(a, &hints->name[(now - 3 * RY_HINT_STEP) % RY_ARENA_HINTS]);
}

/* ---- few orders ------------------------------------------------------------------------------ */

/* So few orders lie in a core's second cache, with what belongs to them: only the places of names,
 * which are spread wider, and the orders that they lead to are worth fetching. Who names an order
 * is remembered without a branch: which sort comes next nobody can foretell. */
static void hint_few(const struct ry_arena *a, struct ry_arena_hints *hints,
                     const struct ry_input *in, uint32_t space, bool names)
{
    const uint32_t *entry = ry_arena_ref_entry(a, in->ref, space);
    const uint32_t *front = ry_arena_at(a, a->at.front);
    const uint32_t now = hints->few;
    fetch(entry);
    hints->place[now % RY_ARENA_HINTS] = (uint32_t)(entry - front);
    hints->few = now + names;
    const uint32_t word = front[hints->place[(now - RY_HINT_STEP) % RY_ARENA_HINTS]];
    fetch(ry_arena_order_at(a, word & RY_ARENA_NAME_ORDER));
}

/* ---- all ------------------------------------------------------------------------------------- */

static void hint_command(const struct ry_arena *a, struct ry_arena_hints *hints,
                         const struct ry_input *in)
{
    const uint32_t agent = (uint32_t)in->head.source - RY_SOURCE_AGENT;
    const uint32_t space = RY_ARENA_SPACE_AGENT + agent;
    const bool names = in->head.kind == RY_IN_ORDER_CANCEL;
    if (agent >= a->agents)
        return;
    if (a->order_used <= RY_HINT_FEW) {
        hint_few(a, hints, in, space, names);
    } else if (names) {
        hint_name(a, hints, in, space);
    } else if (in->head.instrument < a->instruments && in->price <= RY_PRICE_ABS_MAX &&
               in->price >= -RY_PRICE_ABS_MAX) {
        fetch(ry_arena_holding_at(a, in->head.instrument, agent));
        hint_add(a, hints, in, space);
    }
}

static void hint_recorded(const struct ry_arena *a, struct ry_arena_hints *hints,
                          const struct ry_input *in)
{
    const bool names = in->head.kind != RY_IN_ADD;
    if (in->head.instrument >= a->instruments || in->price > RY_PRICE_ABS_MAX ||
        in->price < -RY_PRICE_ABS_MAX)
        return;
    if (a->order_used <= RY_HINT_FEW)
        hint_few(a, hints, in, in->head.instrument, names);
    else if (names)
        hint_name(a, hints, in, in->head.instrument);
    else
        hint_add(a, hints, in, in->head.instrument);
}

void ry_arena_hint(const struct ry_arena *a, const union ry_input_any *input)
{
    const unsigned kind = input->head.kind;
    struct ry_arena_hints *hints = (struct ry_arena_hints *)ry_arena_at(a, a->at.hints);
    if (a->phase != RY_ARENA_PHASE_OPEN)
        return;
    if (kind - RY_IN_ORDER <= RY_IN_ORDER_CANCEL - RY_IN_ORDER)
        hint_command(a, hints, &input->event);
    else if (kind - RY_IN_ADD <= RY_IN_AUCTION - RY_IN_ADD && kind != RY_IN_PRINT)
        hint_recorded(a, hints, &input->event);
}
