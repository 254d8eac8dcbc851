/*
 * The market as one agent sees it: of each instrument what its interest brings (shm/records/
 * command.h), and the agent's own orders. Fed with the records of its link, in their order
 * (agents/host.h).
 *
 * Up to the end of START's callback each instrument is kept as ORDERS: the whole book comes in that
 * form. From then on, as ry_host_book_keep says:
 *
 *   ORDERS   orders and levels; CHANGE records
 *   LEVELS   levels alone; LEVEL records with a group, each a level as a whole
 *   TOP(k)   k levels of each side; LEVEL records without a group. Within one T a side may have up
 *            to k more, until those that left are taken away
 *   NONE     nothing
 *
 * Ids of orders are dense, so orders lie in one array by id, which is given back when no instrument
 * has ORDERS. A side's levels are an array too, the best one last: most that happens, happens at
 * its end. Level arrays double when they are full, which the warm-up's book does for most of them;
 * everything else is reserved at the start and backed when it is touched.
 *
 * The records come from another process: what does not fit, or what the interest cannot bring, is
 * refused (false), and changes nothing.
 */
#ifndef RY_AGENTS_BOOK_H
#define RY_AGENTS_BOOK_H

#include "shm/records/command.h"
#include "shm/records/told.h"

struct ry_host_book_order {
    int64_t price;
    uint32_t qty;           /* 0: there is no such order */
    uint32_t before, after; /* ids at the same price, in order of arrival; 0: none */
    uint16_t instrument;
    uint8_t side;
    uint8_t zero;
    uint64_t zero2;
};
RY_SIZE(struct ry_host_book_order, 32);

struct ry_host_book_level {
    int64_t price;
    uint64_t qty;
    uint32_t orders;
    uint32_t first, last; /* ids, with ORDERS; else 0 */
    uint32_t zero;
};
RY_SIZE(struct ry_host_book_level, 32);

struct ry_host_book_side {
    struct ry_host_book_level *level; /* worst first, best last */
    uint32_t levels, room;
};

struct ry_host_book_instrument {
    struct ry_host_book_side side[2]; /* by enum ry_side - 1 */
    uint16_t interest;                /* enum ry_interest */
    bool trading;
};

/* An order of the agent's own that rests. */
struct ry_host_book_own {
    uint64_t cl_ord_id;
    uint64_t group; /* the last group before it rested: the next one puts it into the book */
    int64_t price;
    uint32_t order;
    uint32_t leaves;
    uint16_t instrument;
    uint8_t side;
    uint8_t zero[5];
};

struct ry_host_book {
    struct ry_host_book_order *order; /* by id, from 1; NULL: given back */
    struct ry_host_book_instrument *instrument;
    struct ry_host_book_own *own; /* by ClOrdID, which is by age */
    uint64_t group;               /* of the last CHANGE, TRADE or STATE */
    int64_t top_time;             /* T of the last record of a TOP */
    uint32_t over;                /* sides with more than their k levels: not between two T */
    uint32_t orders_max;
    uint32_t instruments;
    uint32_t ordered; /* instruments with ORDERS */
    uint32_t own_count, own_max;
};

/* own_max: orders that the agent can have in the book. 0, or -1: no memory (errno). */
int ry_host_book_open(struct ry_host_book *view, uint32_t orders_max, uint32_t instruments,
                      uint32_t own_max);
void ry_host_book_close(struct ry_host_book *view);

/* START's callback is over: keeps of this instrument from now on what `interest` brings (once
 * each).
 */
void ry_host_book_keep(struct ry_host_book *view, unsigned instrument, unsigned interest);

/* A CHANGE, TRADE, STATE or LEVEL. False: the record breaks its writer's word, or a level array
 * could not grow. */
bool ry_host_book_market(struct ry_host_book *view, const union ry_told_any *record);
bool ry_host_book_report(struct ry_host_book *view, const struct ry_report *report);

/* At a wake: each TOP has no more levels than were asked for; false: a broken word. */
static inline bool ry_host_book_complete(const struct ry_host_book *view)
{
    return view->over == 0;
}

/* The at-th level of a side, 0 the best; NULL: there is none, or no such instrument or side. */
const struct ry_host_book_level *ry_host_book_level(const struct ry_host_book *view,
                                                    unsigned instrument, enum ry_side side,
                                                    unsigned at);

/* NULL: no order of that number rests. */
const struct ry_host_book_own *ry_host_book_own(const struct ry_host_book *view,
                                                uint64_t cl_ord_id);

/* Lots before it at its price; -1: the market record that puts it there has not come yet, or never
 * does without ORDERS. */
int64_t ry_host_book_ahead(const struct ry_host_book *view, const struct ry_host_book_own *own);

#endif
