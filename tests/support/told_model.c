#include "tests/support/told_model.h"

#include <string.h>

void told_model_add(struct told_model *m, const struct told_item *item)
{
    ck_assert_uint_lt(m->count, TOLD_ITEMS_MAX);
    if (!m->dead && !m->out)
        m->log[m->count++] = *item;
}

static void add_due(struct told_model *m, const struct told_item *item)
{
    ck_assert_uint_lt(m->due_count, TOLD_ITEMS_MAX);
    m->due[m->due_count++] = *item;
    if (item->wake != 0)
        m->wake[m->wakes_due++] = item->time;
}

/* The first that wakes and is not due yet; m->count: there is none. */
static unsigned first_wake(const struct told_model *m)
{
    unsigned i = 0;
    while (i < m->count && (i < m->put || m->log[i].wake == 0))
        i++;
    return i;
}

int64_t told_model_pending(const struct told_model *m)
{
    const unsigned first = first_wake(m);
    return first < m->count ? m->log[first].time : RY_TIME_NEVER;
}

void told_model_leave(struct told_model *m)
{
    unsigned kept = m->seen;
    for (unsigned i = m->seen; i < m->due_count; i++)
        if (m->due[i].wake == 0)
            m->due[kept++] = m->due[i];
    m->due_count = kept;
    for (; m->put < m->count; m->put++)
        if (m->log[m->put].wake == 0)
            add_due(m, &m->log[m->put]);
    m->out = true;
}

void told_model_due(struct told_model *m, int64_t closed)
{
    while (!m->out && m->wakes_due == m->acked) {
        const int64_t waits = told_model_pending(m);
        m->go_first = m->wakes_due;
        if (m->timer < waits && m->timer < closed) {
            while (m->put < m->count && m->log[m->put].time <= m->timer)
                add_due(m, &m->log[m->put++]);
            add_due(m, &(struct told_item){.time = m->timer, .wake = RY_WAKE_TIMER});
            m->timer = RY_TIME_NEVER;
        } else if (waits <= m->timer && waits < closed) {
            unsigned last = 0;
            for (unsigned i = m->put; i < m->count; i++)
                if (m->log[i].wake != 0 && m->log[i].time == waits)
                    last = i;
            while (m->put <= last)
                add_due(m, &m->log[m->put++]);
        } else {
            while (m->put < m->count && m->log[m->put].wake == 0 && !m->log[m->put].held &&
                   m->log[m->put].time <= m->timer)
                add_due(m, &m->log[m->put++]);
            return;
        }
    }
}

bool told_model_busy(const struct told_model *m)
{
    const bool in_go = m->wakes_due > m->given && m->given > m->go_first;
    return m->given != m->acked || in_go || m->out || m->dead;
}

bool told_model_same(const struct told_side *a, const struct told_side *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->level[i].price != b->level[i].price || a->level[i].open != b->level[i].open ||
            a->level[i].shown != b->level[i].shown)
            return false;
    return true;
}

const struct told_top *told_model_top_at(const struct told_model *m, uint16_t instrument,
                                         int64_t time)
{
    const struct told_top *last = NULL;
    for (unsigned i = 0; i < m->tops; i++)
        if (m->top[i].instrument == instrument && m->top[i].time <= time)
            last = &m->top[i];
    return last;
}

void told_model_level(struct told_model *m, const struct ry_told_level *level)
{
    struct told_side *side = &m->told[level->instrument][level->side - RY_BUY];
    unsigned at = 0;
    while (at < side->count && (level->side == RY_BUY ? side->level[at].price > level->price
                                                      : side->level[at].price < level->price))
        at++;
    const bool there = at < side->count && side->level[at].price == level->price;
    struct ry_arena_depth *level_at = &side->level[at];
    if (level->qty == 0) {
        ck_assert(there);
        memmove(level_at, level_at + 1, (--side->count - at) * sizeof *level_at);
        return;
    }
    if (!there) {
        ck_assert_uint_lt(side->count, ry_interest_top(m->interest[level->instrument]));
        memmove(level_at + 1, level_at, (side->count++ - at) * sizeof *level_at);
    }
    *level_at =
        (struct ry_arena_depth){.price = level->price, .open = level->qty, .shown = level->orders};
}

void told_model_ck_top(const struct told_model *m, int64_t time)
{
    for (uint16_t i = 0; i < TOLD_INSTRUMENTS; i++) {
        const struct told_top *top = told_model_top_at(m, i, time);
        for (unsigned side = 0; top != NULL && side < 2; side++)
            ck_assert(told_model_same(&m->told[i][side], &top->side[side]));
    }
}
