#include "agents/book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LEVELS_FIRST 32

/* Zeroed, backed when touched. NULL: none. */
static void *reserve(size_t count, size_t bytes)
{
    void *memory = mmap(NULL, count * bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static void give_back(void *memory, size_t count, size_t bytes)
{
    if (memory != NULL)
        munmap(memory, count * bytes);
}

int ry_host_book_open(struct ry_host_book *view, uint32_t orders_max, uint32_t instruments,
                      uint32_t own_max)
{
    *view = (struct ry_host_book){
        .orders_max = orders_max,
        .instruments = instruments,
        .own_max = own_max < orders_max ? own_max : orders_max,
        .top_time = INT64_MIN,
        .ordered = instruments,
    };
    view->order = reserve((size_t)orders_max + 1, sizeof *view->order);
    view->instrument = reserve(instruments, sizeof *view->instrument);
    view->own = reserve((size_t)view->own_max + 1, sizeof *view->own);
    if (view->order == NULL || view->instrument == NULL || view->own == NULL) {
        ry_host_book_close(view);
        return -1;
    }
    for (uint32_t i = 0; i < instruments; i++)
        view->instrument[i].interest = RY_INTEREST_ORDERS | RY_INTEREST_STATES;
    return 0;
}

void ry_host_book_close(struct ry_host_book *view)
{
    for (uint32_t i = 0; view->instrument != NULL && i < view->instruments; i++) {
        free(view->instrument[i].side[0].level);
        free(view->instrument[i].side[1].level);
    }
    give_back(view->order, (size_t)view->orders_max + 1, sizeof *view->order);
    give_back(view->instrument, view->instruments, sizeof *view->instrument);
    give_back(view->own, (size_t)view->own_max + 1, sizeof *view->own);
    *view = (struct ry_host_book){0};
}

/* How many of the side's levels are worse than `price`: where it stands, or belongs. Looks from the
 * best end: near it most changes happen. */
static uint32_t place_of(const struct ry_host_book_side *side, enum ry_side which, int64_t price)
{
    const int64_t sign = which == RY_BUY ? 1 : -1;
    uint32_t low = 0, high = side->levels;
    for (uint32_t step = 1; step <= side->levels; step *= 2) {
        const uint32_t at = side->levels - step;
        if (sign * side->level[at].price < sign * price) {
            low = at + 1;
            break;
        }
        high = at;
    }
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (sign * side->level[middle].price < sign * price)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct ry_host_book_level *find_level(const struct ry_host_book_side *side,
                                             enum ry_side which, int64_t price)
{
    const uint32_t at = place_of(side, which, price);
    return at < side->levels && side->level[at].price == price ? &side->level[at] : NULL;
}

/* The level of that price, made if need be. NULL: no memory. */
static struct ry_host_book_level *make_level(struct ry_host_book_side *side, enum ry_side which,
                                             int64_t price)
{
    const uint32_t at = place_of(side, which, price);
    if (at < side->levels && side->level[at].price == price)
        return &side->level[at];
    if (side->levels == side->room) {
        const uint32_t room = side->room == 0 ? LEVELS_FIRST : side->room * 2;
        struct ry_host_book_level *level = realloc(side->level, room * sizeof *level);
        if (level == NULL)
            return NULL;
        side->level = level;
        side->room = room;
    }
    memmove(&side->level[at + 1], &side->level[at], (side->levels - at) * sizeof *side->level);
    side->level[at] = (struct ry_host_book_level){.price = price};
    side->levels++;
    return &side->level[at];
}

static void drop_level(struct ry_host_book_side *side, struct ry_host_book_level *level)
{
    const uint32_t at = (uint32_t)(level - side->level);
    side->levels--;
    memmove(level, level + 1, (side->levels - at) * sizeof *level);
}

static struct ry_host_book_side *side_of(const struct ry_host_book *view,
                                         const struct ry_host_book_order *order)
{
    return &view->instrument[order->instrument].side[order->side - 1];
}

static void remove_order(struct ry_host_book *view, struct ry_host_book_order *order)
{
    struct ry_host_book_side *side = side_of(view, order);
    struct ry_host_book_level *level = find_level(side, (enum ry_side)order->side, order->price);
    if (order->before != 0)
        view->order[order->before].after = order->after;
    else
        level->first = order->after;
    if (order->after != 0)
        view->order[order->after].before = order->before;
    else
        level->last = order->before;
    level->qty -= order->qty;
    if (--level->orders == 0)
        drop_level(side, level);
    *order = (struct ry_host_book_order){0};
}

static bool add_order(struct ry_host_book *view, const struct ry_market *record)
{
    struct ry_host_book_order *order = &view->order[record->order];
    struct ry_host_book_side *side = &view->instrument[record->instrument].side[record->side - 1];
    struct ry_host_book_level *level = make_level(side, (enum ry_side)record->side, record->price);
    if (level == NULL)
        return false;
    *order = (struct ry_host_book_order){
        .price = record->price,
        .qty = record->qty,
        .before = level->last,
        .instrument = record->instrument,
        .side = record->side,
    };
    if (level->last != 0)
        view->order[level->last].after = record->order;
    else
        level->first = record->order;
    level->last = record->order;
    level->qty += record->qty;
    level->orders++;
    return true;
}

static bool is_place(uint8_t side, int64_t price)
{
    return (side == RY_BUY || side == RY_SELL) && price <= RY_PRICE_ABS_MAX &&
           price >= -RY_PRICE_ABS_MAX;
}

static bool change(struct ry_host_book *view, const struct ry_market *record)
{
    if (!is_place(record->side, record->price) || record->order == 0 ||
        record->order > view->orders_max)
        return false;
    struct ry_host_book_order *order = &view->order[record->order];
    if (record->flags & RY_MKF_NEW)
        return record->qty > 0 && order->qty == 0 && add_order(view, record);
    if (order->qty == 0 || order->instrument != record->instrument || order->side != record->side ||
        order->price != record->price)
        return false;
    if (record->qty == 0) {
        remove_order(view, order);
        return true;
    }
    struct ry_host_book_level *level =
        find_level(side_of(view, order), (enum ry_side)order->side, order->price);
    assert(level != NULL); /* each order of the book has its level */
    level->qty = level->qty - order->qty + record->qty;
    order->qty = record->qty;
    return true;
}

static bool is_over(const struct ry_host_book_side *side, uint32_t top)
{
    return top != 0 && side->levels > top;
}

/* top: the k of TOP(k), 0 with LEVELS. */
static bool set_level(struct ry_host_book *view, struct ry_host_book_side *side, uint32_t top,
                      const struct ry_told_level *record)
{
    const enum ry_side which = (enum ry_side)record->side;
    const uint32_t levels_max = top != 0 ? 2 * top : view->orders_max;
    struct ry_host_book_level *level = find_level(side, which, record->price);
    if (level == NULL && (record->qty == 0 || side->levels == levels_max))
        return false;
    view->over -= is_over(side, top);
    if (record->qty == 0)
        drop_level(side, level);
    else if ((level = make_level(side, which, record->price)) != NULL) {
        level->qty = record->qty;
        level->orders = record->orders;
    }
    view->over += is_over(side, top);
    return record->qty == 0 || level != NULL;
}

/* With TOP, all records of one T together make the levels of that T. */
static bool take_level(struct ry_host_book *view, const struct ry_told_level *record)
{
    struct ry_host_book_instrument *kept = &view->instrument[record->instrument];
    const unsigned book = kept->interest & RY_INTEREST_BOOK_MASK;
    const bool top = book == RY_INTEREST_BOOK_TOP;
    if ((!top && book != RY_INTEREST_LEVELS) || top != (record->group == 0) ||
        !is_place(record->side, record->price) || (record->qty == 0) != (record->orders == 0) ||
        record->qty < record->orders || record->orders > view->orders_max)
        return false;
    if (top && record->time != view->top_time) {
        if (record->time < view->top_time || view->over != 0)
            return false;
        view->top_time = record->time;
    }
    return set_level(view, &kept->side[record->side - 1], ry_interest_top(kept->interest), record);
}

static bool take_market(struct ry_host_book *view, const struct ry_market *record)
{
    struct ry_host_book_instrument *kept = &view->instrument[record->instrument];
    switch (record->kind) {
    case RY_MK_CHANGE:
        return (kept->interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_ORDERS &&
               change(view, record);
    case RY_MK_STATE:
        if (!(kept->interest & RY_INTEREST_STATES) || record->qty > 1)
            return false;
        kept->trading = record->qty != 0;
        return true;
    case RY_MK_TRADE: return (kept->interest & RY_INTEREST_TRADES) != 0;
    default: return false;
    }
}

bool ry_host_book_market(struct ry_host_book *view, const union ry_told_any *record)
{
    if (record->market.instrument >= view->instruments)
        return false;
    if (record->market.kind == RY_TOLD_LEVEL)
        return take_level(view, &record->level);
    if (!take_market(view, &record->market))
        return false;
    view->group = record->market.group;
    return true;
}

/* ---- START is over --------------------------------------------------------------------------- */

/* Ids are all instruments' together: another may use them next. */
static void forget_orders(struct ry_host_book *view, struct ry_host_book_side *side)
{
    for (uint32_t at = 0; at < side->levels; at++) {
        struct ry_host_book_level *level = &side->level[at];
        for (uint32_t id = level->first, after; id != 0; id = after) {
            after = view->order[id].after;
            view->order[id] = (struct ry_host_book_order){0};
        }
        level->first = level->last = 0;
    }
}

/* Room for what one T may add is all that a TOP needs. */
static void keep_best(struct ry_host_book_side *side, uint32_t top)
{
    if (side->levels > top) {
        memmove(side->level, &side->level[side->levels - top], top * sizeof *side->level);
        side->levels = top;
    }
    if (side->room <= 2 * top)
        return;
    struct ry_host_book_level *level = realloc(side->level, 2 * top * sizeof *level);
    if (level == NULL)
        return;
    side->level = level;
    side->room = 2 * top;
}

static void forget_levels(struct ry_host_book_side *side)
{
    free(side->level);
    *side = (struct ry_host_book_side){0};
}

void ry_host_book_keep(struct ry_host_book *view, unsigned instrument, unsigned interest)
{
    struct ry_host_book_instrument *kept = &view->instrument[instrument];
    const unsigned book = interest & RY_INTEREST_BOOK_MASK;
    kept->interest = (uint16_t)interest;
    if (book == RY_INTEREST_ORDERS)
        return;
    for (unsigned i = 0; i < 2; i++) {
        forget_orders(view, &kept->side[i]);
        if (book == RY_INTEREST_NONE)
            forget_levels(&kept->side[i]);
        else if (book == RY_INTEREST_BOOK_TOP)
            keep_best(&kept->side[i], ry_interest_top(interest));
    }
    if (--view->ordered > 0)
        return;
    give_back(view->order, (size_t)view->orders_max + 1, sizeof *view->order);
    view->order = NULL;
}

/* ---- what is asked --------------------------------------------------------------------------- */

const struct ry_host_book_level *ry_host_book_level(const struct ry_host_book *view,
                                                    unsigned instrument, enum ry_side side,
                                                    unsigned at)
{
    if (instrument >= view->instruments || (side != RY_BUY && side != RY_SELL))
        return NULL;
    const struct ry_host_book_side *levels = &view->instrument[instrument].side[side - 1];
    return at < levels->levels ? &levels->level[levels->levels - 1 - at] : NULL;
}

/* The first that is not older than `cl_ord_id`. */
static uint32_t own_place(const struct ry_host_book *view, uint64_t cl_ord_id)
{
    uint32_t low = 0, high = view->own_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (view->own[middle].cl_ord_id < cl_ord_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool own_rests(struct ry_host_book *view, const struct ry_report *report)
{
    const uint32_t at = own_place(view, report->cl_ord_id);
    if (at != view->own_count || view->own_count > view->own_max ||
        report->instrument >= view->instruments || report->order == 0 ||
        report->order > view->orders_max)
        return false; /* the machine takes an agent's orders by rising ClOrdID */
    view->own[view->own_count++] = (struct ry_host_book_own){
        .cl_ord_id = report->cl_ord_id,
        .group = report->group,
        .price = report->price,
        .order = report->order,
        .leaves = report->leaves,
        .instrument = report->instrument,
        .side = report->side,
    };
    return true;
}

bool ry_host_book_report(struct ry_host_book *view, const struct ry_report *report)
{
    if (report->kind == RY_RP_RESTED)
        return own_rests(view, report);
    if (report->kind != RY_RP_FILL && report->kind != RY_RP_CANCELED)
        return true;
    const uint32_t at = own_place(view, report->cl_ord_id);
    if (at == view->own_count || view->own[at].cl_ord_id != report->cl_ord_id)
        return true; /* it never rested */
    view->own[at].leaves = report->leaves;
    if (report->leaves == 0) {
        view->own_count--;
        memmove(&view->own[at], &view->own[at + 1], (view->own_count - at) * sizeof *view->own);
    }
    return true;
}

const struct ry_host_book_own *ry_host_book_own(const struct ry_host_book *view, uint64_t cl_ord_id)
{
    const uint32_t at = own_place(view, cl_ord_id);
    return at < view->own_count && view->own[at].cl_ord_id == cl_ord_id ? &view->own[at] : NULL;
}

int64_t ry_host_book_ahead(const struct ry_host_book *view, const struct ry_host_book_own *own)
{
    const unsigned interest = view->instrument[own->instrument].interest;
    if (view->group <= own->group || (interest & RY_INTEREST_BOOK_MASK) != RY_INTEREST_ORDERS)
        return -1;
    int64_t ahead = 0;
    for (uint32_t id = view->order[own->order].before; id != 0; id = view->order[id].before)
        ahead += view->order[id].qty;
    return ahead;
}
