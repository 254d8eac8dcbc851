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

/* The slot of a key in its window; any slot, if it has none. */
static uint32_t slot_of(const struct ry_arena_book *book, int32_t key)
{
    uint32_t slot = 0;
    (void)ry_arena_window_place(book, key, &slot);
    return slot;
}

static const uint32_t *slot_at(const struct ry_arena *a, const struct ry_arena_book *book,
                               int32_t key)
{
    return &ry_arena_window_of(a, book)->slot[slot_of(book, key)];
}

/* What is written where a level comes or goes. */
static const uint64_t *word_at(const struct ry_arena *a, const struct ry_arena_book *book,
                               int32_t key)
{
    return &ry_arena_window_of(a, book)->word[slot_of(book, key) / 64];
}

/* ---- an Add, an ORDER ------------------------------------------------------------------------ */

/* The best level of the other side. */
static const struct ry_arena_level *met_first(const struct ry_arena *a,
                                              const struct ry_arena_hint_add *hint)
{
    const struct ry_arena_book *book = ry_arena_at(a, hint->book);
    return ry_arena_level_at(a, (hint->side == RY_BUY ? book + 1 : book - 1)->best);
}

static inline void add_slot(const struct ry_arena *a, struct ry_arena_hint_add *hint)
{
    const uint32_t *slot = slot_at(a, ry_arena_at(a, hint->book), hint->key);
    fetch(slot);
    hint->slot = (size_t)((uintptr_t)slot - (uintptr_t)a);
    if (hint->agents)
        fetch(met_first(a, hint));
}

static inline void add_level(const struct ry_arena *a, struct ry_arena_hint_add *hint)
{
    hint->level = *(const uint32_t *)ry_arena_at(a, hint->slot);
    fetch(ry_arena_level_at(a, hint->level));
    if (!hint->level)
        fetch(word_at(a, ry_arena_at(a, hint->book), hint->key));
    if (hint->agents)
        fetch(ry_arena_order_at(a, met_first(a, hint)->head));
}

static inline void add_queue(const struct ry_arena *a, const struct ry_arena_hint_add *hint)
{
    fetch(ry_arena_order_at(a, ry_arena_level_at(a, hint->level)->tail));
}

static inline __attribute__((always_inline)) void hint_add(const struct ry_arena *a,
                                                           struct ry_arena_hints *hints,
                                                           const struct ry_input *in,
                                                           uint32_t space)
{
    const uint32_t now = hints->adds++;
    const unsigned side = in->side == RY_BUY ? RY_BUY : RY_SELL;
    const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, in->head.instrument);
    const struct ry_arena_book *book = &instrument->side[side - 1];
    struct ry_arena_hint_add *hint = &hints->add[now % RY_ARENA_HINTS];
    hint->book = (size_t)((uintptr_t)book - (uintptr_t)a);
    hint->key = (int32_t)ry_arena_key(side, in->price);
    hint->side = (uint8_t)side;
    hint->agents = space >= RY_ARENA_SPACE_AGENT;
    fetch(ry_arena_home_at(a, in->ref, space));
    fetch(instrument);
    fetch(book);
    add_slot(a, &hints->add[(now - RY_HINT_STEP) % RY_ARENA_HINTS]);
    add_level(a, &hints->add[(now - 2 * RY_HINT_STEP) % RY_ARENA_HINTS]);
    add_queue(a, &hints->add[(now - 3 * RY_HINT_STEP) % RY_ARENA_HINTS]);
}

/* ---- what names an order --------------------------------------------------------------------- */

/* The first slot of a line that has the tag, also if its name is gone. */
static inline uint32_t look(const struct ry_arena_line *line, uint32_t tag)
{
    const unsigned last = 1u << (RY_ARENA_LINE_SLOTS - 1);
    return line->order[__builtin_ctz(ry_arena_line_bits(line->tag, tag) | last)];
}

static inline void name_order(const struct ry_arena *a, struct ry_arena_hint_name *hint)
{
    hint->order = look(&ry_arena_lines(a)[hint->line], hint->tag);
    fetch(ry_arena_order_at(a, hint->order));
}

static inline void name_level(const struct ry_arena *a, struct ry_arena_hint_name *hint)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, hint->order);
    hint->level = order->level;
    fetch(ry_arena_level_at(a, order->level));
    fetch(ry_arena_order_at(a, order->next));
    fetch(ry_arena_order_at(a, order->prev));
    if (hint->agents && order->owner < a->agents) {
        const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, order->instrument);
        fetch(instrument);
        fetch(&instrument->side[0]);
        fetch(&instrument->side[1]);
        fetch(ry_arena_holding_at(a, order->instrument, order->owner));
    }
}

/* The last order of a level takes it along. */
static inline void name_slot(const struct ry_arena *a, const struct ry_arena_hint_name *hint)
{
    const struct ry_arena_level *level = ry_arena_level_at(a, hint->level);
    const struct ry_arena_book *book = book_of(a, level->instrument, level->side);
    if (level->orders <= 1) {
        fetch(slot_at(a, book, level->key));
        fetch(word_at(a, book, level->key));
    }
    if (hint->replaces)
        fetch(slot_at(a, book, (int32_t)ry_arena_key(level->side, hint->price)));
}

static inline __attribute__((always_inline)) void hint_name(const struct ry_arena *a,
                                                            struct ry_arena_hints *hints,
                                                            const struct ry_input *in,
                                                            uint32_t space)
{
    const uint32_t now = hints->names++;
    const struct ry_arena_line *home = ry_arena_home_at(a, in->ref, space);
    struct ry_arena_hint_name *hint = &hints->name[now % RY_ARENA_HINTS];
    hint->line = (uint32_t)(home - ry_arena_lines(a));
    hint->tag = ry_arena_tag(in->ref, space);
    hint->price = (int32_t)in->price;
    hint->replaces = in->head.kind == RY_IN_REPLACE;
    hint->agents = space >= RY_ARENA_SPACE_AGENT;
    fetch(home);
    if (!hint->agents) {
        const struct ry_arena_instrument *instrument =
            ry_arena_instrument_at(a, in->head.instrument);
        fetch(ry_arena_home_at(a, in->ref_new, space)); /* of a Replace */
        fetch(instrument);
        fetch(&instrument->side[0]);
        fetch(&instrument->side[1]);
    }
    name_order(a, &hints->name[(now - RY_HINT_STEP) % RY_ARENA_HINTS]);
    name_level(a, &hints->name[(now - 2 * RY_HINT_STEP) % RY_ARENA_HINTS]);
    name_slot(a, &hints->name[(now - 3 * RY_HINT_STEP) % RY_ARENA_HINTS]);
}

/* ---- few orders ------------------------------------------------------------------------------ */

/* So few orders lie in a core's second cache, with what belongs to them: only the lines of names,
 * which are spread wider, and the orders that they lead to are worth fetching. Who names an order
 * is remembered without a branch: which sort comes next nobody can foretell. */
static void hint_few(const struct ry_arena *a, struct ry_arena_hints *hints,
                     const struct ry_input *in, uint32_t space, bool names)
{
    const struct ry_arena_line *line = ry_arena_home_at(a, in->ref, space);
    const uint32_t now = hints->few;
    fetch(line);
    hints->some[now % RY_ARENA_HINTS] = (struct ry_arena_hint_few){
        .line = (uint32_t)(line - ry_arena_lines(a)),
        .tag = ry_arena_tag(in->ref, space),
    };
    hints->few = now + names;
    const struct ry_arena_hint_few *before = &hints->some[(now - RY_HINT_STEP) % RY_ARENA_HINTS];
    fetch(ry_arena_order_at(a, look(&ry_arena_lines(a)[before->line], before->tag)));
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

static inline void hint_recorded(const struct ry_arena *a, struct ry_arena_hints *hints,
                                 const struct ry_input *in)
{
    const bool names = in->head.kind != RY_IN_ADD;
    if (in->head.instrument >= a->instruments ||
        (uint64_t)(in->price + RY_PRICE_ABS_MAX) > 2 * (uint64_t)RY_PRICE_ABS_MAX)
        return;
    const uint32_t space = ry_arena_recorded_space(in->head.instrument);
    if (a->order_used <= RY_HINT_FEW)
        hint_few(a, hints, in, space, names);
    else if (names)
        hint_name(a, hints, in, space);
    else
        hint_add(a, hints, in, space);
}

/* The first steps look at hints that nobody gave: each must lead to a level, or to none. */
void ry_arena_hints_begin(struct ry_arena *a)
{
    struct ry_arena_hints *hints = ry_arena_at(a, a->at.hints);
    for (unsigned i = 0; i < RY_ARENA_HINTS; i++)
        hints->add[i] = (struct ry_arena_hint_add){
            .book = a->at.instruments + offsetof(struct ry_arena_instrument, side),
            .slot = a->at.windows + offsetof(struct ry_arena_window, slot),
            .side = RY_BUY,
        };
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
