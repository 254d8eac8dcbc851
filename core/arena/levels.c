#include "core/arena/levels.h"

#define RY_SLIDE_VOTES 64u /* at least so many new levels outside the window before it moves */
#define RY_SLIDE_PART  8u  /* and one for so many levels that may have to move */

_Static_assert(RY_ARENA_WINDOW_WORDS == 64, "one summary word covers the window");

void ry_arena_book_init(struct ry_arena_book *book, uint16_t instrument, enum ry_side side,
                        int64_t tick_size)
{
    int64_t tick = tick_size > RY_PRICE_ABS_MAX ? RY_PRICE_ABS_MAX + 1 : tick_size;
    /* 31 + floor(log2(tick)): the inverse has 31 bits, its product with any distance 63. */
    unsigned shift = 31u + 63u - (unsigned)__builtin_clzll((uint64_t)tick);
    *book = (struct ry_arena_book){
        .inverse = (uint32_t)(((UINT64_C(1) << shift) + (uint64_t)tick - 1) / (uint64_t)tick),
        .shift = (uint8_t)shift,
        .best_key = RY_ARENA_KEY_NONE,
        .rec_best_key = RY_ARENA_KEY_NONE,
        .tick = (int32_t)tick,
        .instrument = instrument,
        .side = (uint8_t)side,
    };
}

static void window_put(struct ry_arena *a, struct ry_arena_book *book, uint32_t id, uint32_t slot)
{
    struct ry_arena_window *window = ry_arena_window_of(a, book);
    assert(window->slot[slot] == 0);
    window->slot[slot] = id;
    window->word[slot / 64] |= UINT64_C(1) << slot % 64;
    book->summary |= UINT64_C(1) << slot / 64;
    ry_arena_level_at(a, id)->in_window = true;
}

static void window_drop(struct ry_arena *a, struct ry_arena_book *book, uint32_t id, uint32_t slot)
{
    struct ry_arena_window *window = ry_arena_window_of(a, book);
    assert(window->slot[slot] == id);
    window->slot[slot] = 0;
    window->word[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    if (window->word[slot / 64] == 0)
        book->summary &= ~(UINT64_C(1) << slot / 64);
    ry_arena_level_at(a, id)->in_window = false;
}

/* The first used slot at or after `from`, going round; the window must not be empty. */
static uint32_t window_scan(const struct ry_arena_window *window, uint64_t summary, uint32_t from)
{
    uint32_t at = from / 64;
    uint64_t word = window->word[at] & ~UINT64_C(0) << from % 64;
    if (word)
        return at * 64 + (uint32_t)__builtin_ctzll(word);
    uint64_t later = at == 63 ? 0 : summary & ~UINT64_C(0) << (at + 1);
    at = (uint32_t)__builtin_ctzll(later ? later : summary);
    return at * 64 + (uint32_t)__builtin_ctzll(window->word[at]);
}

static uint32_t window_after(const struct ry_arena *a, const struct ry_arena_book *book,
                             int64_t key)
{
    if (!book->summary)
        return 0;
    int64_t offset = ry_arena_floor_div(key, book->tick) + 1 - book->base;
    if (offset < 0)
        offset = 0;
    if (offset >= RY_ARENA_WINDOW_TICKS)
        return 0;
    const struct ry_arena_window *window = ry_arena_window_of(a, book);
    uint32_t base = (uint32_t)book->base;
    uint32_t slot =
        window_scan(window, book->summary, (base + (uint32_t)offset) & RY_ARENA_WINDOW_MASK);
    return ((slot - base) & RY_ARENA_WINDOW_MASK) >= offset ? window->slot[slot] : 0;
}

uint32_t ry_arena_level_after(const struct ry_arena *a, const struct ry_arena_book *book,
                              int64_t key)
{
    uint32_t near = window_after(a, book, key);
    if (!book->root)
        return near;
    uint32_t far = ry_arena_tree_after(a, book->root, key);
    if (!near || !far)
        return near ? near : far;
    return ry_arena_level_at(a, near)->key < ry_arena_level_at(a, far)->key ? near : far;
}

/* Levels that the window at `base` does not cover go to the tree. */
static void slide_out(struct ry_arena *a, struct ry_arena_book *book, int32_t base)
{
    struct ry_arena_window *window = ry_arena_window_of(a, book);
    for (uint32_t slot = 0; slot < RY_ARENA_WINDOW_TICKS; slot++) {
        if (slot % 64 == 0 && window->word[slot / 64] == 0) {
            slot += 63;
            continue;
        }
        uint32_t id = window->slot[slot];
        if (!id)
            continue;
        int32_t tick = ry_arena_level_at(a, id)->key / book->tick;
        if ((uint32_t)tick - (uint32_t)base < RY_ARENA_WINDOW_TICKS)
            continue;
        window_drop(a, book, id, slot);
        ry_arena_tree_insert(a, &book->root, id);
    }
}

/* Moves the window so that `tick` is in its middle, or near it at the end of the range. */
static void slide(struct ry_arena *a, struct ry_arena_book *book, int32_t tick)
{
    /* No further than the lowest key, so that distances from there fit 32 bits. */
    int32_t lowest = (int32_t)-RY_PRICE_ABS_MAX / book->tick;
    int32_t base = tick - (int32_t)(RY_ARENA_WINDOW_TICKS / 2);
    if (base < lowest)
        base = lowest;
    slide_out(a, book, base);
    book->base = base;
    book->misses = 0;
    int64_t first = (int64_t)base * book->tick;
    int64_t last = first + (int64_t)(RY_ARENA_WINDOW_TICKS - 1) * book->tick;
    uint32_t next;
    for (uint32_t id = ry_arena_tree_after(a, book->root, first - 1); id; id = next) {
        struct ry_arena_level *level = ry_arena_level_at(a, id);
        if (level->key > last)
            break;
        next = ry_arena_tree_after(a, book->root, level->key);
        uint32_t slot;
        if (!ry_arena_window_place(book, level->key, &slot))
            continue;
        ry_arena_tree_remove(a, &book->root, id);
        window_put(a, book, id, slot);
    }
}

/* Puts a new level into the window if that can hold it or is to move there, else into the tree. */
static void place(struct ry_arena *a, struct ry_arena_book *book, uint32_t id, int32_t key)
{
    uint32_t slot;
    if (ry_arena_window_place(book, key, &slot)) {
        if (book->misses)
            book->misses--;
        window_put(a, book, id, slot);
        return;
    }
    if (key % book->tick == 0) {
        bool empty = !book->summary && !book->root;
        if (empty || ++book->misses > RY_SLIDE_VOTES + book->levels / RY_SLIDE_PART) {
            slide(a, book, key / book->tick);
            bool inside = ry_arena_window_place(book, key, &slot);
            assert(inside);
            window_put(a, book, id, slot);
            return;
        }
    }
    ry_arena_tree_insert(a, &book->root, id);
}

uint32_t ry_arena_level_create(struct ry_arena *a, struct ry_arena_book *book, int32_t key)
{
    uint32_t id = a->level_free;
    if (id) {
        a->level_free = ry_arena_level_at(a, id)->left;
    } else {
        id = ++a->level_used;
        assert(id <= a->orders_max);
    }
    struct ry_arena_level *level = ry_arena_level_at(a, id);
    *level =
        (struct ry_arena_level){.key = key, .instrument = book->instrument, .side = book->side};
    place(a, book, id, key);
    book->levels++;
    if (key < book->best_key) {
        book->best = id;
        book->best_key = key;
    }
    return id;
}

/* Makes the best level with rec from `id` on the recorded best. */
static void rec_best_from(const struct ry_arena *a, struct ry_arena_book *book, uint32_t id)
{
    while (id && !ry_arena_level_at(a, id)->rec)
        id = ry_arena_level_after(a, book, ry_arena_level_at(a, id)->key);
    book->rec_best = id;
    book->rec_best_key = id ? ry_arena_level_at(a, id)->key : RY_ARENA_KEY_NONE;
}

void ry_arena_level_remove(struct ry_arena *a, struct ry_arena_book *book, uint32_t id)
{
    struct ry_arena_level *level = ry_arena_level_at(a, id);
    assert(!level->orders && !level->open && !level->rec && !level->agents && !level->surplus &&
           !level->shown);
    uint32_t slot;
    if (level->in_window) {
        bool inside = ry_arena_window_place(book, level->key, &slot);
        assert(inside);
        window_drop(a, book, id, slot);
    } else {
        ry_arena_tree_remove(a, &book->root, id);
    }
    book->levels--;
    book->rec_levels -= level->has_rec;
    if (book->best == id || book->rec_best == id) {
        uint32_t next = ry_arena_level_after(a, book, level->key);
        if (book->best == id) {
            book->best = next;
            book->best_key = next ? ry_arena_level_at(a, next)->key : RY_ARENA_KEY_NONE;
        }
        if (book->rec_best == id)
            rec_best_from(a, book, next);
    }
    level->left = a->level_free;
    a->level_free = id;
}

void ry_arena_level_rec_came(struct ry_arena *a, struct ry_arena_book *book, uint32_t id)
{
    struct ry_arena_level *level = ry_arena_level_at(a, id);
    assert(level->rec && !level->has_rec);
    level->has_rec = true;
    book->rec_levels++;
    if (level->key < book->rec_best_key) {
        book->rec_best = id;
        book->rec_best_key = level->key;
    }
}

void ry_arena_level_rec_went(struct ry_arena *a, struct ry_arena_book *book, uint32_t id)
{
    struct ry_arena_level *level = ry_arena_level_at(a, id);
    assert(!level->rec && level->has_rec);
    level->has_rec = false;
    book->rec_levels--;
    if (book->rec_best == id)
        rec_best_from(a, book, ry_arena_level_after(a, book, level->key));
}
