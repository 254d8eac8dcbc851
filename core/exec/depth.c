#include "core/exec/depth.h"

#include <assert.h>
#include <string.h>

#include "shm/records/longest.h"

/*
 * A place is one (instrument, side, price) as a number: places rise with the instrument, buys
 * before sells, and from the best price on.
 */
#define RY_PLACE_ZERO (INT64_C(1) << 31) /* where the key 0 is within its side's 2^32 */

_Static_assert(RY_PRICE_ABS_MAX < RY_PLACE_ZERO, "a side's keys fit 32 bits");

static int64_t key_of(unsigned side, int64_t price)
{
    return side == RY_BUY ? -price : price;
}

static uint64_t place_of(const struct ry_market *change)
{
    const uint64_t side = 2 * (uint64_t)change->instrument + change->side - 1;
    return side << 32 | (uint64_t)(key_of(change->side, change->price) + RY_PLACE_ZERO);
}

static uint16_t place_instrument(uint64_t place)
{
    return (uint16_t)(place >> 33);
}

static enum ry_side place_side(uint64_t place)
{
    return place >> 32 & 1 ? RY_SELL : RY_BUY;
}

static int64_t place_price(uint64_t place)
{
    return key_of(place_side(place), (int64_t)(place & UINT32_MAX) - RY_PLACE_ZERO);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static size_t reserve(size_t *end, size_t bytes)
{
    const size_t at = *end;
    *end = (at + bytes + RY_ISOLATION - 1) & ~(size_t)(RY_ISOLATION - 1);
    return at;
}

struct layout {
    size_t book, top, changed, touched, touched_max, bytes;
};

static struct layout layout_of(const struct ry_battle *battle)
{
    const size_t instruments = battle->instruments;
    size_t end = 0;
    struct layout at = {
        .touched_max = ry_longest_market(battle->orders_max, battle->instruments, battle->agents)};
    at.book = reserve(&end, instruments * sizeof(struct ry_exec_depth_book));
    at.top = reserve(&end, instruments * sizeof(struct ry_exec_depth_top));
    at.changed = reserve(&end, instruments * sizeof(uint16_t));
    at.touched = reserve(&end, at.touched_max * sizeof(uint64_t));
    at.bytes = end;
    return at;
}

size_t ry_exec_depth_footprint(const struct ry_battle *battle)
{
    return layout_of(battle).bytes;
}

void ry_exec_depth_start(struct ry_exec_depth *d, void *memory, const struct ry_arena *arena,
                         const struct ry_battle *battle)
{
    const struct layout at = layout_of(battle);
    char *base = memory;
    *d = (struct ry_exec_depth){
        .arena = arena,
        .book = (struct ry_exec_depth_book *)(void *)(base + at.book),
        .top = (struct ry_exec_depth_top *)(void *)(base + at.top),
        .changed = (uint16_t *)(void *)(base + at.changed),
        .touched = (uint64_t *)(void *)(base + at.touched),
        .touched_max = at.touched_max,
        .instruments = battle->instruments,
    };
    for (uint32_t i = 0; i < d->instruments; i++)
        d->book[i].reach[0] = d->book[i].reach[1] = INT64_MIN;
}

/* ---- who wants what -------------------------------------------------------------------------- */

/* Puts right how far an instrument's TOPs reach, after their depth or what was told has changed. */
static void reach(struct ry_exec_depth *d, uint16_t instrument)
{
    struct ry_exec_depth_book *book = &d->book[instrument];
    const struct ry_exec_depth_top *top = &d->top[instrument];
    for (unsigned i = 0; i < 2; i++)
        if (!book->depth)
            book->reach[i] = INT64_MIN;
        else if (top->count[i] < book->depth)
            book->reach[i] = INT64_MAX;
        else
            book->reach[i] = key_of(RY_BUY + i, top->told[i][book->depth - 1].price);
}

static void drop(struct ry_exec_depth *d, uint16_t agent, uint16_t instrument)
{
    struct ry_exec_depth_book *book = &d->book[instrument];
    const uint64_t bit = UINT64_C(1) << agent;
    book->levels &= ~bit;
    book->levels_wake &= ~bit;
    if (!(book->top & bit))
        return;
    struct ry_exec_depth_top *top = &d->top[instrument];
    book->top &= ~bit;
    book->top_wake &= ~bit;
    for (unsigned i = 0; i < book->depth; i++)
        top->more[i] &= ~bit;
    while (book->depth && !top->more[book->depth - 1])
        book->depth--;
    reach(d, instrument);
}

static void join_top(struct ry_exec_depth *d, uint64_t bit, uint16_t instrument, unsigned levels)
{
    struct ry_exec_depth_book *book = &d->book[instrument];
    struct ry_exec_depth_top *top = &d->top[instrument];
    assert(levels >= 1 && levels <= RY_TOP_MAX && !book->changed);
    book->top |= bit;
    for (unsigned i = 0; i < levels; i++)
        top->more[i] |= bit;
    if (levels <= book->depth)
        return;
    book->depth = (uint8_t)levels;
    for (unsigned i = 0; i < 2; i++)
        top->count[i] =
            ry_arena_top(d->arena, instrument, (enum ry_side)(RY_BUY + i), top->told[i], levels);
    reach(d, instrument);
}

void ry_exec_depth_interest(struct ry_exec_depth *d, uint16_t agent, uint16_t instrument,
                            unsigned interest)
{
    struct ry_exec_depth_book *book = &d->book[instrument];
    const uint64_t bit = UINT64_C(1) << agent;
    const uint64_t wake = interest & RY_INTEREST_WAKE_BOOK ? bit : 0;
    drop(d, agent, instrument);
    if ((interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_LEVELS) {
        book->levels |= bit;
        book->levels_wake |= wake;
    } else if ((interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_BOOK_TOP) {
        join_top(d, bit, instrument, ry_interest_top(interest));
        book->top_wake |= wake;
    }
}

void ry_exec_depth_forget(struct ry_exec_depth *d, uint16_t agent)
{
    assert(!d->touched_count);
    for (uint32_t i = 0; i < d->instruments; i++)
        drop(d, agent, (uint16_t)i);
}

/* ---- changes --------------------------------------------------------------------------------- */

void ry_exec_depth_change(struct ry_exec_depth *d, const struct ry_market *change)
{
    struct ry_exec_depth_book *book = &d->book[change->instrument];
    if (book->levels) {
        const uint64_t place = place_of(change);
        /* Changes of a level mostly come one after the other. */
        if (!d->touched_count || d->touched[d->touched_count - 1] != place) {
            assert(d->touched_count < d->touched_max);
            d->touched[d->touched_count++] = place;
        }
    }
    if (key_of(change->side, change->price) <= book->reach[change->side - 1]) {
        if (!book->changed)
            d->changed[d->changed_count++] = change->instrument;
        book->changed |= (uint8_t)(1u << (change->side - 1));
    }
}

/* ---- LEVELS ---------------------------------------------------------------------------------- */

static void sift(uint64_t *place, size_t at, size_t count)
{
    const uint64_t moved = place[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && place[child + 1] > place[child];
        if (place[child] <= moved)
            break;
        place[at] = place[child];
        at = child;
    }
    place[at] = moved;
}

/* In place, without memory and without a bad case: one input can touch as many as there are
 * orders. The usual one, and a sweep or clear of one side, are in order as they come. */
static void sort(uint64_t *place, size_t count)
{
    size_t sorted = 1;
    while (sorted < count && place[sorted - 1] <= place[sorted])
        sorted++;
    if (sorted >= count)
        return;
    for (size_t at = count / 2; at-- > 0;)
        sift(place, at, count);
    for (size_t last = count - 1; last > 0; last--) {
        const uint64_t most = place[0];
        place[0] = place[last];
        place[last] = most;
        sift(place, 0, last);
    }
}

static struct ry_told_level level_of(uint16_t instrument, unsigned side, int64_t time,
                                     const struct ry_arena_depth *is)
{
    return (struct ry_told_level){
        .kind = RY_TOLD_LEVEL,
        .slots = 1,
        .instrument = instrument,
        .side = (uint8_t)side,
        .time = time,
        .price = is->price,
        .qty = is->open,
        .orders = is->shown,
    };
}

uint64_t ry_exec_depth_group(struct ry_exec_depth *d, uint64_t group, int64_t time,
                             ry_exec_depth_emit emit, void *context)
{
    uint64_t woken = 0;
    sort(d->touched, d->touched_count);
    for (size_t i = 0; i < d->touched_count; i++) {
        const uint64_t place = d->touched[i];
        if (i && place == d->touched[i - 1])
            continue;
        const uint16_t instrument = place_instrument(place);
        struct ry_arena_depth is;
        ry_arena_level(d->arena, instrument, place_side(place), place_price(place), &is);
        struct ry_told_level level = level_of(instrument, place_side(place), time, &is);
        level.group = group;
        emit(context, &level, d->book[instrument].levels);
        woken |= d->book[instrument].levels_wake;
    }
    d->touched_count = 0;
    return woken;
}

/* ---- TOP ------------------------------------------------------------------------------------- */

/* One side: the levels that were told, or those that stand, and who is to be told of each. */
struct first {
    struct ry_arena_depth *level;
    unsigned count;
    uint64_t agents[RY_TOP_MAX];
};

/* Agents with more than i levels had, or have, the level at i. */
static void compare(unsigned side, const uint64_t *more, struct first *was, struct first *now)
{
    unsigned i = 0, j = 0;
    while (i < was->count || j < now->count) {
        const int64_t gone = i < was->count ? key_of(side, was->level[i].price) : INT64_MAX;
        const int64_t here = j < now->count ? key_of(side, now->level[j].price) : INT64_MAX;
        if (gone < here) {
            was->agents[i] = more[i];
            i++;
        } else if (here < gone) {
            now->agents[j] = more[j];
            j++;
        } else {
            const bool same = was->level[i].open == now->level[j].open &&
                              was->level[i].shown == now->level[j].shown;
            was->agents[i] = more[i] & ~more[j];
            now->agents[j] = same ? more[j] & ~more[i] : more[j];
            i++;
            j++;
        }
    }
}

static uint64_t tell(const struct first *first, uint16_t instrument, unsigned side, int64_t time,
                     ry_exec_depth_emit emit, void *context)
{
    uint64_t told = 0;
    for (unsigned i = 0; i < first->count; i++) {
        if (!first->agents[i])
            continue;
        const struct ry_told_level level = level_of(instrument, side, time, &first->level[i]);
        emit(context, &level, first->agents[i]);
        told |= first->agents[i];
    }
    return told;
}

/* One side of the TOPs of an instrument; who was told something. */
static uint64_t close_side(struct ry_exec_depth *d, uint16_t instrument, unsigned side,
                           int64_t time, ry_exec_depth_emit emit, void *context)
{
    struct ry_exec_depth_top *top = &d->top[instrument];
    struct ry_arena_depth level[RY_TOP_MAX];
    struct first was = {.level = top->told[side - 1], .count = top->count[side - 1]};
    struct first now = {.level = level};
    now.count =
        ry_arena_top(d->arena, instrument, (enum ry_side)side, level, d->book[instrument].depth);
    compare(side, top->more, &was, &now);
    for (unsigned i = 0; i < was.count; i++)
        was.level[i] = (struct ry_arena_depth){.price = was.level[i].price};
    uint64_t told = tell(&was, instrument, side, time, emit, context);
    told |= tell(&now, instrument, side, time, emit, context);
    memcpy(top->told[side - 1], level, now.count * sizeof level[0]);
    top->count[side - 1] = now.count;
    return told;
}

uint64_t ry_exec_depth_close(struct ry_exec_depth *d, int64_t time, ry_exec_depth_emit emit,
                             void *context)
{
    uint64_t woken = 0;
    for (size_t i = 0; i < d->changed_count; i++) {
        const uint16_t instrument = d->changed[i];
        struct ry_exec_depth_book *book = &d->book[instrument];
        uint64_t told = 0;
        for (unsigned side = RY_BUY; side <= RY_SELL; side++)
            if (book->changed >> (side - 1) & 1)
                told |= close_side(d, instrument, side, time, emit, context);
        book->changed = 0;
        reach(d, instrument);
        woken |= told & book->top_wake;
    }
    d->changed_count = 0;
    return woken;
}
