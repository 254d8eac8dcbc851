#include "tools/generate/book.h"

#include <assert.h>

void ry_generate_book_start(struct ry_generate_book *book, struct ry_generate_order *order,
                            uint32_t *live, uint32_t capacity)
{
    book->order = order;
    book->live = live;
    book->orders = 0;
    book->capacity = capacity;
    for (uint32_t i = 0; i < capacity; i++)
        live[i] = i;
    for (int s = 0; s < 2; s++) {
        book->side[s].orders = 0;
        book->side[s].best = 0;
        for (uint32_t t = 0; t < RY_GENERATE_WINDOW; t++)
            book->side[s].level[t] = (struct ry_generate_level){RY_GENERATE_NONE, RY_GENERATE_NONE};
    }
}

void ry_generate_book_add(struct ry_generate_book *book, uint64_t ref, enum ry_generate_side side,
                          uint32_t tick, uint32_t shares)
{
    assert(book->orders < book->capacity && shares > 0);
    uint32_t place = book->orders++;
    uint32_t index = book->live[place];
    struct ry_generate_book_side *s = &book->side[side];
    struct ry_generate_level *level = &s->level[tick % RY_GENERATE_WINDOW];
    book->order[index] = (struct ry_generate_order){.ref = ref,
                                                    .shares = shares,
                                                    .tick = tick,
                                                    .before = level->tail,
                                                    .after = RY_GENERATE_NONE,
                                                    .place = place,
                                                    .side = side};
    if (level->tail == RY_GENERATE_NONE) {
        level->head = index;
    } else {
        assert(book->order[level->tail].tick == tick);
        book->order[level->tail].after = index;
    }
    level->tail = index;
    if (s->orders++ == 0 || ry_generate_better(side, tick, s->best))
        s->best = tick;
}

/* The next tick that holds orders behind `tick`; the side must have one. */
static uint32_t next_level(const struct ry_generate_book_side *s, enum ry_generate_side side,
                           uint32_t tick)
{
    for (uint32_t step = 1; step < RY_GENERATE_WINDOW; step++) {
        uint32_t at = side == RY_GENERATE_BUY ? tick - step : tick + step;
        if (s->level[at % RY_GENERATE_WINDOW].head != RY_GENERATE_NONE)
            return at;
    }
    assert(false && "an order outside the window");
    return tick;
}

void ry_generate_book_remove(struct ry_generate_book *book, uint32_t index)
{
    struct ry_generate_order *order = &book->order[index];
    enum ry_generate_side side = order->side;
    struct ry_generate_book_side *s = &book->side[side];
    struct ry_generate_level *level = &s->level[order->tick % RY_GENERATE_WINDOW];
    if (order->before == RY_GENERATE_NONE)
        level->head = order->after;
    else
        book->order[order->before].after = order->after;
    if (order->after == RY_GENERATE_NONE)
        level->tail = order->before;
    else
        book->order[order->after].before = order->before;

    uint32_t last = book->live[--book->orders];
    book->live[order->place] = last;
    book->order[last].place = order->place;
    book->live[book->orders] = index;

    s->orders--;
    if (s->orders > 0 && level->head == RY_GENERATE_NONE && order->tick == s->best)
        s->best = next_level(s, side, order->tick);
}

uint32_t ry_generate_book_front(const struct ry_generate_book *book, enum ry_generate_side side)
{
    const struct ry_generate_book_side *s = &book->side[side];
    return s->orders == 0 ? RY_GENERATE_NONE : s->level[s->best % RY_GENERATE_WINDOW].head;
}

uint32_t ry_generate_book_after(const struct ry_generate_book *book, uint32_t index)
{
    const struct ry_generate_order *order = &book->order[index];
    if (order->after != RY_GENERATE_NONE)
        return order->after;
    const struct ry_generate_book_side *s = &book->side[order->side];
    for (uint32_t step = 1; step < RY_GENERATE_WINDOW; step++) {
        uint32_t at = order->side == RY_GENERATE_BUY ? order->tick - step : order->tick + step;
        uint32_t head = s->level[at % RY_GENERATE_WINDOW].head;
        if (head == RY_GENERATE_NONE)
            continue;
        /* Past the window's end the ring comes round to better prices. */
        bool behind = ry_generate_better(order->side, order->tick, book->order[head].tick);
        return behind ? head : RY_GENERATE_NONE;
    }
    return RY_GENERATE_NONE;
}

uint32_t ry_generate_book_head(const struct ry_generate_book *book, enum ry_generate_side side,
                               uint32_t tick)
{
    uint32_t head = book->side[side].level[tick % RY_GENERATE_WINDOW].head;
    return head != RY_GENERATE_NONE && book->order[head].tick == tick ? head : RY_GENERATE_NONE;
}

uint64_t ry_generate_book_shares(const struct ry_generate_book *book, enum ry_generate_side side,
                                 uint32_t tick)
{
    uint64_t shares = 0;
    for (uint32_t i = ry_generate_book_head(book, side, tick); i != RY_GENERATE_NONE;
         i = book->order[i].after)
        shares += book->order[i].shares;
    return shares;
}
