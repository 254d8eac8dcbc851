#include "tests/support/bench_flow.h"

#include <string.h>
#include <sys/mman.h>

#define TICK       RY_BENCH_TICK
#define MIDDLE     1000000 /* lowest of the instruments' prices */
#define AGENTS     RY_BENCH_FLOW_AGENTS
#define COMMANDS   400u /* in 10,000 inputs, where there are agents */
#define AGENT_REFS 16u
#define YOUNG      2048u

static uint64_t random_state;

static uint32_t below(uint32_t n)
{
    return ry_bench_below(&random_state, n);
}

struct ry_bench_arena ry_bench_flow_open(const struct ry_bench_world *w)
{
    const struct ry_bench_shape shape = {w->instruments, w->agents, 2 * w->live + YOUNG, 10000};
    return ry_bench_arena_open(&shape);
}

struct standing {
    uint64_t ref;
    uint16_t instrument;
    uint8_t side;
    uint32_t qty;
};

struct maker {
    const struct ry_bench_world *w;
    struct ry_arena *arena; /* generates along, so that prices and targets make sense */
    struct ry_input *out;
    uint32_t made;
    struct standing *live; /* old to young */
    uint32_t live_count;
    uint64_t ref;
    uint64_t cl_ord_id[AGENTS];
};

/* Instruments have prices of their own. */
static int64_t middle(uint16_t instrument)
{
    return MIDDLE + (int64_t)instrument % 997 * 37 * TICK;
}

static int64_t best(const struct maker *m, uint16_t instrument, enum ry_side side)
{
    struct ry_arena_depth level;
    if (ry_arena_levels(m->arena, instrument, side, &level, 1) == 0)
        return middle(instrument) + (side == RY_BUY ? -TICK : TICK);
    return level.price;
}

/* Mostly near the best price, and never across the other side's. */
static int64_t price_for(const struct maker *m, uint16_t instrument, enum ry_side side)
{
    int64_t other = best(m, instrument, ry_side_opposite(side));
    uint32_t x = below(100);
    uint32_t ticks = x < 60 ? 1 + below(4) : x < 95 ? 1 + below(40) : 1 + below(400);
    return side == RY_BUY ? other - (int64_t)ticks * TICK : other + (int64_t)ticks * TICK;
}

static void emit(struct maker *m, struct ry_input in)
{
    in.head.slots = 1;
    in.head.time = (int64_t)m->made * 1000;
    in.head.source_seq = m->made + 1;
    if (!in.head.source)
        in.head.source = RY_SOURCE_FEED;
    m->out[m->made++] = in;
    union ry_input_any any = {.event = in};
    ry_bench_must(m->arena, &any);
}

static void make_add(struct maker *m)
{
    struct standing s = {
        .ref = m->ref++,
        .instrument = (uint16_t)below(m->w->instruments),
        .side = (uint8_t)(1 + below(2)),
        .qty = 1 + below(500),
    };
    emit(m, (struct ry_input){.head = {.kind = RY_IN_ADD, .instrument = s.instrument},
                              .ref = s.ref,
                              .side = s.side,
                              .price = price_for(m, s.instrument, (enum ry_side)s.side),
                              .qty = s.qty});
    m->live[m->live_count++] = s;
}

/* Mostly young orders go; a hole is filled by the one that is just out of reach, so that age is
 * kept roughly. */
static uint32_t pick(struct maker *m)
{
    if (m->live_count > YOUNG && below(100) < 80)
        return m->live_count - 1 - below(YOUNG);
    return below(m->live_count);
}

static void forget(struct maker *m, uint32_t at)
{
    uint32_t last = m->live_count - 1;
    if (last - at < YOUNG)
        memmove(&m->live[at], &m->live[at + 1], (last - at) * sizeof m->live[0]);
    else
        m->live[at] = m->live[last];
    m->live_count--;
}

static void make_delete(struct maker *m)
{
    uint32_t at = pick(m);
    struct standing s = m->live[at];
    forget(m, at);
    emit(m, (struct ry_input){
                .head = {.kind = RY_IN_CANCEL, .instrument = s.instrument, .flags = RY_INF_ALL},
                .ref = s.ref});
}

static void make_replace(struct maker *m)
{
    uint32_t at = pick(m);
    struct standing s = m->live[at];
    forget(m, at);
    uint64_t old = s.ref;
    s.ref = m->ref++;
    s.qty = 1 + below(500);
    emit(m, (struct ry_input){.head = {.kind = RY_IN_REPLACE, .instrument = s.instrument},
                              .ref = old,
                              .ref_new = s.ref,
                              .price = price_for(m, s.instrument, (enum ry_side)s.side),
                              .qty = s.qty});
    m->live[m->live_count++] = s;
}

static void make_partial(struct maker *m)
{
    struct standing *s = &m->live[pick(m)];
    if (s->qty < 2) {
        make_add(m);
        return;
    }
    uint32_t lots = 1 + below(s->qty - 1);
    s->qty -= lots;
    emit(m, (struct ry_input){.head = {.kind = RY_IN_CANCEL, .instrument = s->instrument},
                              .ref = s->ref,
                              .qty = lots});
}

static bool first_recorded(void *context, const struct ry_arena_book_order *order)
{
    struct ry_arena_book_order *out = context;
    if (order->owner != RY_OWNER_RECORDED || !order->rec)
        return true;
    *out = *order;
    return false;
}

/* Part of the first recorded order of a side. What of it is left stays in `live`, so it never goes
 * whole. */
static void make_exec(struct maker *m)
{
    struct ry_arena_book_order front = {0};
    uint16_t instrument = (uint16_t)below(m->w->instruments);
    ry_arena_walk(m->arena, instrument, below(2) ? RY_BUY : RY_SELL, first_recorded, &front);
    if (front.rec < 2) {
        make_add(m);
        return;
    }
    emit(m, (struct ry_input){
                .head = {.kind = RY_IN_EXEC, .instrument = instrument, .flags = RY_INF_PRINTED},
                .ref = front.ref,
                .qty = 1 + below(front.rec - 1)});
}

static void make_command(struct maker *m)
{
    uint16_t agent = (uint16_t)below(AGENTS);
    uint16_t source = (uint16_t)(RY_SOURCE_AGENT + agent);
    uint16_t instrument = (uint16_t)below(m->w->instruments < 16 ? m->w->instruments : 16);
    if (below(100) < 45 && m->cl_ord_id[agent] > AGENT_REFS) {
        uint64_t ref = m->cl_ord_id[agent] - below(AGENT_REFS);
        emit(m,
             (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL, .source = source}, .ref = ref});
        return;
    }
    uint8_t side = (uint8_t)(1 + below(2));
    bool taking = below(100) < 15;
    int64_t price =
        best(m, instrument, taking ? ry_side_opposite((enum ry_side)side) : (enum ry_side)side);
    price = price / TICK * TICK;
    emit(m, (struct ry_input){
                .head = {.kind = RY_IN_ORDER,
                         .instrument = instrument,
                         .source = source,
                         .flags = taking ? RY_INF_IOC : 0},
                .ref = ++m->cl_ord_id[agent],
                .side = side,
                .price = price,
                .qty = 1 + below(100),
            });
}

static void make_next(struct maker *m)
{
    uint32_t x = below(10000);
    if (m->w->agents && below(10000) < COMMANDS)
        make_command(m);
    else if (x < 8700 && (x < 4400) == (m->live_count < m->w->live + YOUNG))
        make_add(m);
    else if (x < 8700)
        make_delete(m);
    else if (x < 9600)
        make_replace(m);
    else if (x < 9800)
        make_exec(m);
    else
        make_partial(m);
}

struct ry_input *ry_bench_flow(const struct ry_bench_world *w, uint32_t count, uint32_t *total)
{
    struct maker m = {.w = w, .ref = 1000000};
    random_state = 12345;
    struct ry_bench_arena bench = ry_bench_flow_open(w);
    m.arena = bench.arena;
    m.out = ry_bench_map(((size_t)w->live + count) * sizeof *m.out);
    m.live = ry_bench_map((2 * (size_t)w->live + count) * sizeof *m.live);
    for (uint32_t i = 0; i < w->live; i++)
        make_add(&m);
    while (m.made < w->live + count)
        make_next(&m);
    *total = m.made;
    munmap(m.live, (2 * (size_t)w->live + count) * sizeof *m.live);
    ry_bench_arena_close(&bench);
    return m.out;
}
