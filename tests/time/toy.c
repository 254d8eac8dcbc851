#include "tests/time/toy.h"

#include <string.h>

#include "core/exec/source.h"

void ry_time_fold(uint64_t *hash, uint64_t word)
{
    *hash = ry_exec_mix64(*hash * UINT64_C(0x9e3779b97f4a7c15) + word);
}

static void fold_bytes(uint64_t *hash, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 8) {
        uint64_t word;
        memcpy(&word, (const unsigned char *)bytes + i, sizeof word);
        ry_time_fold(hash, word);
    }
}

/* ---- what it is told ------------------------------------------------------------------------- */

static struct ry_time_toy_level *toy_level(struct ry_time_toy *toy, unsigned instrument,
                                           unsigned side, int64_t price)
{
    for (unsigned i = 0; i < toy->levels; i++) {
        struct ry_time_toy_level *level = &toy->level[i];
        if (level->instrument == instrument && level->side == side && level->price == price)
            return level;
    }
    assert(toy->levels < RY_TIME_TOY_LEVELS);
    toy->level[toy->levels] = (struct ry_time_toy_level){
        .instrument = (uint16_t)instrument, .side = (uint8_t)side, .price = price};
    return &toy->level[toy->levels++];
}

static void see_level(struct ry_time_toy *toy, const struct ry_told_level *told)
{
    struct ry_time_toy_level *level = toy_level(toy, told->instrument, told->side, told->price);
    uint64_t hash = 0;
    fold_bytes(&hash, told, sizeof *told);
    toy->levels_told += hash;
    level->qty = told->qty;
    level->orders = told->orders;
    if (told->qty == 0)
        *level = toy->level[--toy->levels];
}

/* START's book, and who trades: what is in it counts, whatever its records say of where it came
 * from. */
static void see_start(struct ry_time_toy *toy, const struct ry_market *record)
{
    if (record->kind == RY_MK_CHANGE) {
        struct ry_time_toy_level *level =
            toy_level(toy, record->instrument, record->side, record->price);
        level->qty += record->qty;
        level->orders++;
    }
    ry_time_fold(&toy->view,
                 record->kind | (uint64_t)record->side << 8 | (uint64_t)record->instrument << 16);
    ry_time_fold(&toy->view, (uint64_t)record->price);
    ry_time_fold(&toy->view, record->order | (uint64_t)record->qty << 32);
}

void ry_time_toy_see(struct ry_time_toy *toy, const union ry_told_any *record)
{
    if (record->market.kind == RY_TOLD_LEVEL)
        see_level(toy, &record->level);
    else if (toy->callbacks == 0)
        see_start(toy, &record->market);
    else
        fold_bytes(&toy->view, &record->market, sizeof record->market);
}

void ry_time_toy_see_report(struct ry_time_toy *toy, const struct ry_report *report)
{
    fold_bytes(&toy->view, report, sizeof *report);
}

/* ---- what it asks for ------------------------------------------------------------------------ */

#define NATURES 12

/* Of even and of odd instruments. The first says nothing, so it is told everything. */
static const unsigned natures[NATURES][2] = {
    {RY_INTEREST_ALL, RY_INTEREST_ALL},
    {RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK},
    {RY_INTEREST_LEVELS | RY_INTEREST_WAKE_BOOK, RY_INTEREST_LEVELS | RY_INTEREST_WAKE_BOOK},
    {RY_INTEREST_NONE, RY_INTEREST_NONE},
    {RY_INTEREST_ORDERS, RY_INTEREST_ORDERS | RY_INTEREST_WAKE_TRADES},
    {RY_INTEREST_TOP(3) | RY_INTEREST_WAKE_BOOK | RY_INTEREST_TRADES, RY_INTEREST_NONE},
    {RY_INTEREST_ORDERS | RY_INTEREST_WAKE_BOOK, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK},
    {RY_INTEREST_LEVELS | RY_INTEREST_TRADES, RY_INTEREST_LEVELS | RY_INTEREST_STATES},
    {RY_INTEREST_TOP(3) | RY_INTEREST_WAKE_STATES, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_TRADES},
    {RY_INTEREST_ALL, RY_INTEREST_NONE},
    {RY_INTEREST_WAKE_TRADES, RY_INTEREST_LEVELS | RY_INTEREST_WAKE_BOOK},
    {RY_INTEREST_TOP(3), RY_INTEREST_TOP(RY_TOP_MAX) | RY_INTEREST_WAKE_BOOK},
};

static struct ry_time_wish *toy_add(struct ry_time_wishes *wishes, enum ry_time_what what)
{
    struct ry_time_wish *wish = &wishes->wish[wishes->count++];
    *wish = (struct ry_time_wish){.what = what};
    return wish;
}

static void toy_interest(const struct ry_time_toy *toy, struct ry_time_wishes *wishes)
{
    if (toy->nature == 0)
        return;
    struct ry_time_wish *wish = toy_add(wishes, RY_TIME_TOY_INTEREST);
    wish->instrument = RY_INTEREST_EVERY;
    wish->flags = natures[toy->nature][0];
    for (uint16_t s = 1; s < RY_TIME_INSTRUMENTS; s += 2) {
        wish = toy_add(wishes, RY_TIME_TOY_INTEREST);
        wish->instrument = s;
        wish->flags = natures[toy->nature][1];
    }
}

/* How many levels of the same book and side are better. */
static unsigned toy_rank(const struct ry_time_toy *toy, const struct ry_time_toy_level *level)
{
    unsigned rank = 0;
    for (unsigned i = 0; i < toy->levels; i++) {
        const struct ry_time_toy_level *other = &toy->level[i];
        rank += other->instrument == level->instrument && other->side == level->side &&
                (level->side == RY_BUY ? other->price > level->price : other->price < level->price);
    }
    return rank;
}

/* Of START's book stays what levels will go on to tell of. */
static void toy_forget(struct ry_time_toy *toy)
{
    struct ry_time_toy_level kept[RY_TIME_TOY_LEVELS];
    unsigned count = 0;
    for (unsigned i = 0; i < toy->levels; i++) {
        const struct ry_time_toy_level *level = &toy->level[i];
        const unsigned interest = toy->interest[level->instrument];
        const unsigned book = interest & RY_INTEREST_BOOK_MASK;
        if (book == RY_INTEREST_LEVELS ||
            (book == RY_INTEREST_BOOK_TOP && toy_rank(toy, level) < ry_interest_top(interest)))
            kept[count++] = *level;
    }
    memcpy(toy->level, kept, count * sizeof *kept);
    toy->levels = count;
}

/* ---- what it does ---------------------------------------------------------------------------- */

static uint64_t toy_random(struct ry_time_toy *toy, uint64_t below)
{
    toy->state += UINT64_C(0x9e3779b97f4a7c15);
    return ry_exec_mix64(toy->state) % below;
}

static void toy_order(struct ry_time_toy *toy, struct ry_time_wishes *wishes)
{
    struct ry_time_wish *wish = toy_add(wishes, RY_TIME_TOY_ORDER);
    uint64_t kind = toy_random(toy, 8);
    wish->instrument = (uint16_t)toy_random(toy, RY_TIME_INSTRUMENTS);
    wish->side = toy_random(toy, 2) ? RY_BUY : RY_SELL;
    wish->qty = 1 + (uint32_t)toy_random(toy, 6);
    wish->cl_ord_id = ++toy->cl_ord_id;
    wish->flags = kind == 0 ? RY_INF_MARKET : kind == 1 ? RY_INF_IOC : 0;
    if (kind != 0)
        wish->price = RY_TIME_TOY_PRICE + ((int64_t)toy_random(toy, 9) - 4) * RY_TIME_TOY_TICK;
    toy->orders++;
}

static int64_t toy_timer(struct ry_time_toy *toy, int64_t now)
{
    const int64_t grid = RY_TIME_TOY_GRID_NS;
    if (toy->timers++ >= RY_TIME_TOY_TIMERS)
        return now + 700 * grid;
    switch (toy->habit) {
    case RY_TIME_TOY_TIMERS_NEXT: return now + RY_TIMER_NS_MIN;
    case RY_TIME_TOY_TIMERS_GRID:
        return now - now % grid + (1 + (int64_t)toy_random(toy, 4)) * grid;
    case RY_TIME_TOY_TIMERS_FAR: return now + (100 + (int64_t)toy_random(toy, 900)) * grid;
    case RY_TIME_TOY_TIMERS_ANY:
    case RY_TIME_TOY_TIMERS_KINDS:
    default: return now + (int64_t)toy_random(toy, 60000);
    }
}

static void toy_answer(struct ry_time_toy *toy, const struct ry_host_wake *wake,
                       struct ry_time_wishes *wishes)
{
    const bool busy = wake->kind == RY_WAKE_TIMER || wake->kind == RY_WAKE_START;
    unsigned orders = toy_random(toy, busy ? 2 : 12) == 0 ? 1 + (unsigned)toy_random(toy, 6) : 0;
    for (unsigned i = 0; i < orders && toy->orders < RY_TIME_TOY_ORDERS; i++)
        toy_order(toy, wishes);
    if (toy_random(toy, 10) == 0)
        toy_add(wishes, RY_TIME_TOY_DECISION)->cl_ord_id = toy->cl_ord_id;
    if (toy_random(toy, 16) == 0)
        toy_add(wishes, RY_TIME_TOY_CANCEL)->cl_ord_id = 1 + toy_random(toy, toy->cl_ord_id + 1);
    wishes->sets_timer = busy ? toy_random(toy, 8) != 1 : toy_random(toy, 4) == 1;
    if (wishes->sets_timer)
        wishes->timer =
            toy_random(toy, 20) == 0 && !busy ? RY_TIME_NEVER : toy_timer(toy, wake->now);
}

void ry_time_toy_wake(struct ry_time_toy *toy, const struct ry_host_wake *wake, int64_t timer,
                      struct ry_time_wishes *wishes)
{
    uint64_t trace = 0, levels = 0;
    if (wake->kind == RY_WAKE_START)
        toy_forget(toy);
    for (unsigned i = 0; i < toy->levels; i++) {
        const struct ry_time_toy_level *level = &toy->level[i];
        uint64_t hash = level->instrument | (uint64_t)level->side << 16;
        ry_time_fold(&hash, (uint64_t)level->price);
        ry_time_fold(&hash, level->qty);
        ry_time_fold(&hash, level->orders);
        levels += hash; /* in no order */
    }
    const uint64_t word[] = {wake->kind, wake->number, wake->group,      (uint64_t)wake->now,
                             toy->view,  levels,       toy->levels_told, (uint64_t)timer};
    fold_bytes(&trace, word, sizeof word);
    assert(toy->callbacks < RY_TIME_TOY_CALLBACKS);
    toy->log[toy->callbacks++] = trace;
    ry_time_fold(&toy->state, trace);
    *wishes = (struct ry_time_wishes){.count = 0};
    if (wake->kind == RY_WAKE_START)
        toy_interest(toy, wishes);
    toy_answer(toy, wake, wishes);
}

void ry_time_toy_start(struct ry_time_toy *toy, const struct ry_battle *battle, unsigned agent)
{
    const unsigned which = 5 * agent + (unsigned)battle->seed;
    memset(toy, 0, sizeof *toy);
    toy->state = ry_exec_mix64(battle->seed + agent + 1);
    toy->nature = which % NATURES;
    toy->habit = (enum ry_time_toy_timers)((agent + battle->seed / 2) % RY_TIME_TOY_TIMERS_KINDS);
    toy->deaf = (agent + battle->seed / 3) % 3 == 0;
    for (unsigned s = 0; s < RY_TIME_INSTRUMENTS; s++)
        toy->interest[s] = natures[toy->nature][s % 2];
}
