/*
 * What agents are told in random days, against a slow model: a plain list of all that was made for
 * an agent, from which what is due is looked up from its beginning, by the rules of docs/TIME.md.
 *
 * Agents ask for different things, links are small, hosts read and answer at random, and some are
 * out, or die. Records and wakes must come in the model's order, as soon as there is room. What is
 * told of TOPs is applied to a book, which at each wake must be the machine's as of the wake's T.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/told_model.h"

#define NEVER    RY_TIME_NEVER
#define AGENTS   4u
#define LIVE_MAX 60u /* orders */

struct place {
    uint16_t instrument;
    uint8_t side;
    int64_t price;
};

struct day {
    struct told_rig *rig;
    struct ry_arena_sink sink; /* the rig's own */
    struct told_model *model;  /* by agent */
    uint64_t random, ref;
    int64_t closed;
    bool time_closed; /* the rig's time is, in the model */
    uint64_t live[LIVE_MAX];
    unsigned lives;
    struct place touched[512];
    unsigned touches, begun_again;
    unsigned woken; /* by the records of the group in work; a bit each agent */
    unsigned count[RY_WAKE_TIMER + 1], full, waits, skipped;
};

static unsigned below(struct day *day, unsigned n)
{
    return (unsigned)(rig_random(&day->random) % n);
}

/* ---- what is made ---------------------------------------------------------------------------- */

static void see_market(void *context, const struct ry_market *market)
{
    struct day *day = context;
    const unsigned told = market->kind == RY_MK_TRADE   ? RY_INTEREST_TRADES
                          : market->kind == RY_MK_STATE ? RY_INTEREST_STATES
                                                        : 0;
    const unsigned wakes = market->kind == RY_MK_TRADE   ? RY_INTEREST_BIT_WAKE_TRADES
                           : market->kind == RY_MK_STATE ? RY_INTEREST_BIT_WAKE_STATES
                                                         : RY_INTEREST_WAKE_BOOK;
    for (unsigned i = 0; i < AGENTS; i++) {
        struct told_model *m = &day->model[i];
        const unsigned interest = m->interest[market->instrument];
        const bool orders = (interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_ORDERS;
        if (market->kind == RY_MK_CHANGE ? !orders : market->kind < RY_MK_END && !(interest & told))
            continue;
        told_model_add(m, &(struct told_item){.time = market->time, .record.market = *market});
        if (market->kind == RY_MK_END && !m->dead && !m->out)
            told_model_leave(m);
        else if (interest & wakes)
            day->woken |= 1u << i;
    }
    if (market->kind == RY_MK_CHANGE)
        day->touched[day->touches++] =
            (struct place){market->instrument, market->side, market->price};
    day->sink.market(day->sink.context, market);
}

static void see_report(void *context, const struct ry_report *report)
{
    struct day *day = context;
    struct told_model *m = &day->model[report->agent];
    const bool out = report->kind == RY_RP_OUT, wakes = m->listens && !out;
    told_model_add(
        m, &(struct told_item){.time = report->time, .held = wakes, .record.report = *report});
    if (out && !m->dead && !m->out)
        told_model_leave(m);
    else if (wakes)
        told_model_add(m, &(struct told_item){.time = report->time, .wake = RY_WAKE_REPORT});
    day->sink.report(day->sink.context, report);
}

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->instrument != y->instrument)
        return x->instrument < y->instrument ? -1 : 1;
    if (x->side != y->side)
        return x->side < y->side ? -1 : 1;
    if (x->price != y->price)
        return (x->price < y->price) == (x->side == RY_BUY) ? 1 : -1;
    return 0;
}

/* The input is applied: levels, then the wake. */
static void see_group(struct day *day)
{
    const int64_t time = TOLD_T0 + day->rig->time;
    qsort(day->touched, day->touches, sizeof *day->touched, by_place);
    for (unsigned n = 0; n < day->touches; n++) {
        const struct place *at = &day->touched[n];
        struct ry_arena_depth is;
        if (n > 0 && by_place(at, at - 1) == 0)
            continue;
        ry_arena_level(day->rig->arena, at->instrument, at->side, at->price, &is);
        struct told_item item = {.time = time,
                                 .record.level = {.kind = RY_TOLD_LEVEL,
                                                  .slots = 1,
                                                  .instrument = at->instrument,
                                                  .side = at->side,
                                                  .group = day->rig->group,
                                                  .time = time,
                                                  .price = at->price,
                                                  .qty = is.open,
                                                  .orders = is.shown}};
        for (unsigned i = 0; i < AGENTS; i++) {
            const unsigned interest = day->model[i].interest[at->instrument];
            if ((interest & RY_INTEREST_BOOK_MASK) != RY_INTEREST_LEVELS)
                continue;
            told_model_add(&day->model[i], &item);
            if (interest & RY_INTEREST_WAKE_BOOK)
                day->woken |= 1u << i;
        }
    }
    for (unsigned i = 0; i < AGENTS; i++)
        if (day->woken >> i & 1)
            told_model_add(&day->model[i], &(struct told_item){.time = time,
                                                               .wake = RY_WAKE_MARKET,
                                                               .group = day->rig->group});
    day->touches = day->woken = 0;
}

/* A TOP as it stands, if it is another than before. */
static bool look_at_top(struct day *day, struct told_model *m, uint16_t instrument)
{
    const struct told_top *last = told_model_top_at(m, instrument, NEVER);
    struct told_top now = {.time = TOLD_T0 + day->rig->time, .instrument = instrument};
    for (unsigned side = 0; side < 2; side++)
        now.side[side].count =
            ry_arena_top(day->rig->arena, instrument, RY_BUY + side, now.side[side].level,
                         ry_interest_top(m->interest[instrument]));
    if (last != NULL && told_model_same(&last->side[0], &now.side[0]) &&
        told_model_same(&last->side[1], &now.side[1]))
        return false;
    ck_assert_uint_lt(m->tops, TOLD_STEPS);
    m->top[m->tops++] = now;
    return true;
}

/* The rig's time is closed, if it is not yet. */
static void close_time(struct day *day)
{
    if (day->time_closed)
        return;
    day->time_closed = true;
    for (unsigned n = 0; n < AGENTS; n++) {
        struct told_model *m = &day->model[n];
        bool woken = false;
        for (uint16_t i = 0; i < TOLD_INSTRUMENTS && !m->out; i++)
            if ((m->interest[i] & RY_INTEREST_BOOK_MASK) == RY_INTEREST_BOOK_TOP &&
                look_at_top(day, m, i) && m->interest[i] & RY_INTEREST_WAKE_BOOK)
                woken = true;
        if (woken)
            told_model_add(
                m, &(struct told_item){.time = TOLD_T0 + day->rig->time, .wake = RY_WAKE_TOP});
    }
}

/* ---- what is written ------------------------------------------------------------------------- */

static uint64_t room(const struct day *day, unsigned agent)
{
    const struct ry_ring_writer *ring = &day->rig->told.link[agent].ring;
    return ring->mask + 1 -
           (ring->next - ry_load_relaxed(&day->rig->agent[agent].words->link.next));
}

/* It held the stream up: the rest, for which there was no room, is skipped. */
static void ck_skipped(struct day *day, unsigned agent)
{
    struct told_model *m = &day->model[agent];
    const struct told_item *next = &m->due[m->seen];
    ck_assert_uint_lt(room(day, agent) + next->record.market.slots, 2 + 2 * RY_EXEC_LINK_RESERVE);
    m->seen = m->due_count - 1;
    day->skipped++;
}

static void ck_item(struct day *day, unsigned agent, const union ry_told_any *record)
{
    struct told_model *m = &day->model[agent];
    if (rig_told_letter(record) == 'O' && m->seen + 1 < m->due_count)
        ck_skipped(day, agent);
    ck_assert_uint_lt(m->seen, m->due_count);
    const struct told_item *want = &m->due[m->seen++];
    if (want->wake == 0) {
        ck_assert_mem_eq(record, &want->record, record->market.slots * RY_RING_PAYLOAD);
        return;
    }
    ck_assert_int_eq(record->wake.kind, RY_TOLD_WAKE);
    ck_assert_int_eq(record->wake.by, want->wake);
    ck_assert_int_eq(record->wake.time, want->time);
    ck_assert_uint_eq(record->wake.group, want->group);
    ck_assert_uint_eq(record->wake.number, ++m->given + 1);
    told_model_ck_top(m, want->time);
    day->count[want->wake]++;
}

/* All that is new on a link; it is all that is due, or there is no room for the next. */
static void look_at_link(struct day *day, unsigned agent)
{
    struct told_model *m = &day->model[agent];
    union ry_told_any record[4];
    int slots;
    while ((slots = ry_ring_read(&m->reader, record)) > 0)
        if (record->market.kind == RY_TOLD_LEVEL && slots == 1 && record->level.group == 0)
            told_model_level(m, &record->level);
        else
            ck_item(day, agent, record);
    ck_assert_int_eq(slots, 0);
    if (m->dead)
        return;
    if (m->seen < m->due_count) {
        /* the last has a place of its own: then levels of a TOP are before it */
        const bool last = m->out && m->seen + 1 == m->due_count;
        const struct told_item *next = &m->due[m->seen];
        const unsigned long_as = last || next->wake != 0 ? 1 : next->record.market.slots;
        ck_assert_uint_lt(room(day, agent), long_as + RY_EXEC_LINK_RESERVE);
    } else if (!told_model_busy(m) && room(day, agent) > RY_EXEC_LINK_RESERVE) {
        const int64_t waits = told_model_pending(m);
        told_model_ck_top(m, waits < m->timer ? waits : m->timer);
    }
}

/* Who has to be waited for, if anybody. */
static int deliver(struct day *day, int64_t closed)
{
    struct told_rig *rig = day->rig;
    if (closed > rig->time)
        close_time(day);
    if (closed > day->closed)
        day->closed = closed;
    const uint64_t end = rig->told.source.outputs.end;
    for (unsigned i = 0; i < AGENTS; i++)
        told_model_due(&day->model[i], TOLD_T0 + closed);
    const int waits_for = told_deliver(rig, closed);
    for (unsigned i = 0; i < AGENTS; i++) {
        look_at_link(day, i);
        if (waits_for == RY_EXEC_TOLD_NOBODY && !told_model_busy(&day->model[i]))
            ck_assert_uint_eq(day->model[i].seen, day->model[i].due_count);
    }
    if (waits_for != RY_EXEC_TOLD_NOBODY) {
        ck_assert(!told_model_busy(&day->model[waits_for]));
        ck_assert_uint_lt(room(day, (unsigned)waits_for), 2 + RY_EXEC_LINK_RESERVE);
        day->waits++;
    }
    day->begun_again += end > 0 && rig->told.source.outputs.end == 0;
    return waits_for;
}

/* ---- what happens ---------------------------------------------------------------------------- */

static struct ry_input random_event(struct day *day)
{
    static const enum ry_input_kind kinds[] = {RY_IN_ADD,    RY_IN_ADD,  RY_IN_ADD,  RY_IN_CANCEL,
                                               RY_IN_CANCEL, RY_IN_EXEC, RY_IN_STATE};
    enum ry_input_kind kind = kinds[below(day, sizeof kinds / sizeof *kinds)];
    if (kind == RY_IN_ADD && day->lives == LIVE_MAX)
        kind = RY_IN_CANCEL;
    struct ry_input event = rig_event(kind, (uint16_t)below(day, TOLD_INSTRUMENTS), 0);
    event.head.source = RY_SOURCE_FEED;
    event.qty = 1 + below(day, 3);
    if (kind == RY_IN_STATE) {
        event.qty = below(day, 2) ? RY_STATE_TRADING : RY_STATE_HALTED;
    } else if (kind == RY_IN_ADD || day->lives == 0) {
        event.head.kind = RY_IN_ADD;
        event.side = below(day, 2) ? RY_BUY : RY_SELL;
        event.price = 10000 + (event.side == RY_BUY ? -100 : 100) * (1 + (int64_t)below(day, 9));
        event.ref = ++day->ref * TOLD_INSTRUMENTS + event.head.instrument;
        day->live[day->lives++] = event.ref;
    } else {
        const unsigned which = below(day, day->lives);
        event.ref = day->live[which];
        event.head.instrument = (uint16_t)(event.ref % TOLD_INSTRUMENTS);
        event.head.flags = kind == RY_IN_EXEC ? RY_INF_PRINTED : 0;
        if (kind == RY_IN_CANCEL && below(day, 2)) {
            event.head.flags = RY_INF_ALL;
            event.qty = 0;
            day->live[which] = day->live[--day->lives];
        }
    }
    return event;
}

/* Who holds the stream up; not asked while there is room for sure, as exec does not. */
static int look_at_stream(struct day *day, bool later)
{
    struct ry_exec_told *told = &day->rig->told;
    if (ry_exec_told_may_be_full(told))
        return ry_exec_told_full(told, later, 0);
    for (unsigned i = 0; i < AGENTS; i++)
        ck_assert(told->link[i].phase == RY_EXEC_LINK_GONE ||
                  told->source.outputs.end - told->link[i].next < told->stream_max);
    return RY_EXEC_TOLD_NOBODY;
}

static void random_outputs(struct day *day)
{
    struct told_rig *rig = day->rig;
    const int64_t first = day->closed > rig->time ? day->closed : rig->time;
    const int64_t time = first + (below(day, 3) == 0 ? 1 + below(day, 900) : 0);
    const bool run = below(day, 3) == 0; /* of inputs, between which nothing is written */
    if (run && time > rig->time)
        close_time(day);
    if (!run && deliver(day, time) != RY_EXEC_TOLD_NOBODY)
        return;
    const int full = look_at_stream(day, time > rig->time);
    if (!run && full != RY_EXEC_TOLD_NOBODY) {
        ck_assert(told_model_busy(&day->model[full]));
        day->full++;
        return;
    }
    day->time_closed = day->time_closed && time == rig->time;
    if (below(day, 6) == 0)
        told_report(rig, (uint16_t)below(day, AGENTS), time);
    told_input(rig, random_event(day), time);
    see_group(day);
}

static void ck_horizon(struct day *day, unsigned agent)
{
    const struct told_model *m = &day->model[agent];
    int64_t first = m->acked < m->wakes_due ? m->wake[m->acked] : told_model_pending(m);
    first = m->timer < first ? m->timer : first;
    if (m->out || m->dead)
        return;
    const int64_t want = first == NEVER ? NEVER : first + TOLD_LATENCY;
    ck_assert_int_eq(day->rig->source[agent].source.key.time, want);
}

static void random_answer(struct day *day, unsigned agent)
{
    struct told_model *m = &day->model[agent];
    if (m->given == m->acked || m->out || m->dead)
        return;
    const int64_t wake = m->wake[m->acked], nearest = wake + RY_TIMER_NS_MIN;
    int64_t timer = below(day, 3) ? m->timer : NEVER;
    if (below(day, 3) == 0)
        timer = wake + (int64_t)below(day, 4000);
    told_ack(day->rig, agent, timer == NEVER ? NEVER : timer - TOLD_T0);
    m->acked++;
    m->timer = timer == m->timer || timer > nearest ? timer : nearest;
    ck_horizon(day, agent);
}

/* Its host reads some of what is there, or all. */
static void random_read(struct day *day, unsigned agent)
{
    struct ry_ring_position *position = &day->rig->agent[agent].words->link;
    const uint64_t read = ry_load_relaxed(&position->next), all = day->model[agent].reader.next;
    if (all > read)
        ry_ring_position_store(position,
                               below(day, 2) ? all : read + 1 + below(day, (unsigned)(all - read)));
}

/* Late in a day: one is out, one dies. */
static void random_end(struct day *day, unsigned agent)
{
    struct told_rig *rig = day->rig;
    struct told_model *m = &day->model[agent];
    if (m->out || m->dead)
        return;
    if (agent % 2) {
        ry_exec_told_forget(&rig->told, (uint16_t)agent);
        ry_exec_horizon_out(&rig->horizon, (uint16_t)agent);
        m->dead = true;
    } else if (deliver(day, rig->time > day->closed ? rig->time : day->closed) ==
               RY_EXEC_TOLD_NOBODY) {
        const int64_t time = rig->time > day->closed ? rig->time : day->closed;
        day->time_closed = day->time_closed && time == rig->time;
        told_out(rig, (uint16_t)agent, time);
    }
}

/* ---- a day ----------------------------------------------------------------------------------- */

static unsigned random_interest(struct day *day)
{
    static const unsigned books[] = {RY_INTEREST_NONE, RY_INTEREST_LEVELS, RY_INTEREST_ORDERS};
    static const unsigned others[] = {0, RY_INTEREST_TRADES, RY_INTEREST_WAKE_TRADES,
                                      RY_INTEREST_STATES, RY_INTEREST_WAKE_STATES};
    unsigned interest = books[below(day, 3)];
    if (below(day, 2))
        interest = RY_INTEREST_TOP(1 + below(day, 4));
    if (interest != 0 && below(day, 3) == 0)
        interest |= RY_INTEREST_WAKE_BOOK;
    return interest | others[below(day, 5)] | others[below(day, 5)];
}

static void start_agent(struct day *day, unsigned agent)
{
    struct told_model *m = &day->model[agent];
    struct rig_agent *rings = &day->rig->agent[agent];
    const unsigned deaf = below(day, 4) == 0 ? RY_INTEREST_DEAF : 0;
    m->timer = NEVER;
    m->listens = deaf == 0;
    while (rig_told_all(rings) > 0)
        told_deliver(day->rig, 0);
    m->reader = rings->link;
    rig_interest(rings, RY_INTEREST_EVERY, deaf | RY_INTEREST_ORDERS);
    for (uint16_t i = 0; i < TOLD_INSTRUMENTS; i++) {
        m->interest[i] = random_interest(day);
        rig_interest(rings, i, m->interest[i]);
    }
    told_ack(day->rig, agent, NEVER);
    for (uint16_t i = 0; i < TOLD_INSTRUMENTS; i++) { /* it knows the book */
        look_at_top(day, m, i);
        memcpy(m->told[i], m->top[m->tops - 1].side, sizeof m->told[i]);
    }
}

static void day_open(struct day *day, unsigned seed)
{
    *day = (struct day){.random = 900 + seed};
    day->rig = told_open(AGENTS, seed % 3 ? RY_RING_SLOTS_MIN : 1024, 40);
    day->model = calloc(AGENTS, sizeof *day->model);
    for (unsigned i = 0; i < 40; i++)
        told_input(day->rig, random_event(day), -40);
    told_begin(day->rig);
    told_deliver(day->rig, 0);
    for (unsigned i = 0; i < AGENTS; i++)
        start_agent(day, i);
    day->sink = day->rig->sink;
    day->rig->sink =
        (struct ry_arena_sink){.context = day, .market = see_market, .report = see_report};
}

/* END, and all that is left. */
static void day_end(struct day *day)
{
    const int64_t time = day->closed > day->rig->time ? day->closed : day->rig->time;
    if (time > day->rig->time)
        close_time(day);
    told_end(day->rig, time);
    for (unsigned i = 0; i < AGENTS * 200 && ry_exec_told_leaving(&day->rig->told) >= 0; i++) {
        deliver(day, NEVER - TOLD_T0);
        random_read(day, i % AGENTS);
    }
    for (unsigned i = 0; i < AGENTS; i++)
        if (!day->model[i].dead)
            ck_assert_uint_eq(day->model[i].seen, day->model[i].due_count);
    ck_assert_int_eq(ry_exec_told_leaving(&day->rig->told), RY_EXEC_TOLD_NOBODY);
    told_close(day->rig);
    free(day->model);
}

START_TEST(test_random_days_are_the_models)
{
    struct day day;
    day_open(&day, (unsigned)_i);
    for (unsigned step = 0; step < TOLD_STEPS; step++) {
        const unsigned agent = below(&day, AGENTS);
        switch (below(&day, 4 + (unsigned)_i % 4)) {
        case 0:
            for (unsigned n = below(&day, 5); n > 0; n--)
                random_outputs(&day);
            break;
        case 1: random_read(&day, agent); break;
        case 2:
            deliver(&day,
                    (day.closed > day.rig->time ? day.closed : day.rig->time) + below(&day, 50));
            break;
        default: random_answer(&day, agent); break;
        }
        for (unsigned i = 0; i < AGENTS; i++)
            ck_horizon(&day, i);
        if (step > TOLD_STEPS / 2 && below(&day, 1000) == 0)
            random_end(&day, 1 + agent % 3);
    }
    /* a day in which nothing happens shows nothing */
    ck_assert_uint_gt(day.count[RY_WAKE_MARKET] + day.count[RY_WAKE_TOP], 30);
    ck_assert_uint_gt(day.count[RY_WAKE_TIMER], 10);
    ck_assert_uint_gt(day.full + day.waits + day.begun_again, 50);
    day_end(&day);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_told");
    TCase *c = tcase_create("exec_told");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_random_days_are_the_models, 0, 60);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
