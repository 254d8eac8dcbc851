/*
 * The generator's order book of one instrument: price-time priority, displayed orders only.
 *
 * Levels lie in a ring of RY_GENERATE_WINDOW ticks for each side; the caller keeps all live orders
 * of a book within fewer ticks than that, so a tick's slot is its own. Room for orders is fixed at
 * the start. Ticks are prices in units of the tick size. An order is named by its index, valid
 * while it lives.
 */
#ifndef RY_TOOLS_GENERATE_BOOK_H
#define RY_TOOLS_GENERATE_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#define RY_GENERATE_WINDOW 256u
#define RY_GENERATE_NONE   UINT32_MAX

enum ry_generate_side {
    RY_GENERATE_BUY = 0,
    RY_GENERATE_SELL = 1,
};

struct ry_generate_order {
    uint64_t ref;
    uint32_t shares;
    uint32_t tick;
    uint32_t before; /* in the level's queue */
    uint32_t after;
    uint32_t place; /* in the book's `live` */
    uint32_t side;
};

struct ry_generate_level {
    uint32_t head;
    uint32_t tail;
};

struct ry_generate_book_side {
    uint32_t orders;
    uint32_t best; /* tick; only while orders > 0 */
    struct ry_generate_level level[RY_GENERATE_WINDOW];
};

struct ry_generate_book {
    struct ry_generate_order *order;
    uint32_t *live; /* a permutation of all indices: the first `orders` live, the others are free */
    uint32_t orders;
    uint32_t capacity;
    struct ry_generate_book_side side[2];
};

/* `order` and `live` have room for `capacity` and are the caller's. */
void ry_generate_book_start(struct ry_generate_book *book, struct ry_generate_order *order,
                            uint32_t *live, uint32_t capacity);

/* The new order stands last at its price. The book must have room. */
void ry_generate_book_add(struct ry_generate_book *book, uint64_t ref, enum ry_generate_side side,
                          uint32_t tick, uint32_t shares);
void ry_generate_book_remove(struct ry_generate_book *book, uint32_t index);

/* The first in book order, RY_GENERATE_NONE on an empty side; and the one after `index`. */
uint32_t ry_generate_book_front(const struct ry_generate_book *book, enum ry_generate_side side);
uint32_t ry_generate_book_after(const struct ry_generate_book *book, uint32_t index);

/* The first of a level, RY_GENERATE_NONE if it is empty. */
uint32_t ry_generate_book_head(const struct ry_generate_book *book, enum ry_generate_side side,
                               uint32_t tick);

uint64_t ry_generate_book_shares(const struct ry_generate_book *book, enum ry_generate_side side,
                                 uint32_t tick);

static inline enum ry_generate_side ry_generate_other(enum ry_generate_side side)
{
    return side == RY_GENERATE_BUY ? RY_GENERATE_SELL : RY_GENERATE_BUY;
}

/* True where tick a has priority over tick b. */
static inline bool ry_generate_better(enum ry_generate_side side, uint32_t a, uint32_t b)
{
    return side == RY_GENERATE_BUY ? a > b : a < b;
}

#endif
