/* The agent's view against the machine's own book: the same random inputs, compared again and
 * again. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "agents/book.h"
#include "core/arena/arena.h"
#include "tests/support/test.h"

#define ORDERS_MAX  400
#define INSTRUMENTS 2
#define AGENTS      3
#define OWN         1 /* whose view it is */
#define TICK        100
#define LEVELS_MAX  ORDERS_MAX

struct rig {
    struct ry_arena *arena;
    size_t bytes;
    struct ry_host_book view;
    struct ry_arena_sink sink;
    uint64_t random, seq;
    uint64_t cl_ord_id[AGENTS];
    unsigned owns_seen, aheads_seen, deepest;
};

static uint64_t draw(struct rig *rig, uint64_t below)
{
    uint64_t z = rig->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return ((z ^ z >> 27) * UINT64_C(0x94d049bb133111eb) >> 33) % below;
}

static void on_market(void *context, const struct ry_market *record)
{
    struct rig *rig = context;
    if (record->kind == RY_MK_START || record->kind == RY_MK_TRADE) /* neither is of the book */
        return;
    ck_assert_msg(ry_host_book_market(&rig->view, &(union ry_told_any){.market = *record}),
                  "kind %u order %u qty %u flags %u", record->kind, record->order, record->qty,
                  record->flags);
}

static void on_report(void *context, const struct ry_report *report)
{
    struct rig *rig = context;
    if (report->agent == OWN)
        ck_assert_msg(ry_host_book_report(&rig->view, report), "kind %u order %llu", report->kind,
                      (unsigned long long)report->cl_ord_id);
}

static void on_game(void *context, const struct ry_game *game)
{
    (void)context;
    (void)game;
}

static enum ry_arena_applied put(struct rig *rig, union ry_input_any input)
{
    input.head.source_seq = ++rig->seq;
    return ry_arena_apply(rig->arena, &input, &rig->sink);
}

static void rig_open(struct rig *rig, uint64_t seed)
{
    const struct ry_input_battle battle = {
        .head = {.kind = RY_IN_BATTLE, .slots = 3, .source = RY_SOURCE_CONTROL},
        .seed = seed,
        .trade_to = RY_TIME_NEVER,
        .orders_max = ORDERS_MAX,
        .instruments = INSTRUMENTS,
        .agents = AGENTS,
        .name = "view",
    };
    *rig = (struct rig){.random = seed, .bytes = ry_arena_footprint(&battle)};
    void *memory = mmap(NULL, rig->bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    rig->arena = ry_arena_create(memory, rig->bytes, &battle);
    rig->sink = (struct ry_arena_sink){
        .context = rig, .report = on_report, .market = on_market, .game = on_game};
    ck_assert_int_eq(ry_host_book_open(&rig->view, ORDERS_MAX, INSTRUMENTS, 60), 0);
    ck_assert_int_eq(put(rig, (union ry_input_any){.battle = battle}), RY_ARENA_APPLIED);
    for (uint16_t i = 0; i < INSTRUMENTS; i++)
        ck_assert_int_eq(
            put(rig, (union ry_input_any){.instrument = {.head = {.kind = RY_IN_INSTRUMENT,
                                                                  .slots = 3,
                                                                  .instrument = i,
                                                                  .source = RY_SOURCE_FEED},
                                                         .symbol = "X",
                                                         .tick_size = TICK,
                                                         .money_per_unit = 1}}),
            RY_ARENA_APPLIED);
    for (uint16_t i = 0; i < AGENTS; i++)
        ck_assert_int_eq(
            put(rig,
                (union ry_input_any){.agent = {.head = {.kind = RY_IN_AGENT,
                                                        .slots = 2,
                                                        .source = (uint16_t)(RY_SOURCE_AGENT + i)},
                                               .cash = INT64_C(1000000000000000),
                                               .notional_max = INT64_MAX,
                                               .position_max = 1000000000,
                                               .quantity_max = 10000,
                                               .open_orders_max = 60,
                                               .rate_max = UINT32_MAX,
                                               .collar_ppm = 900000,
                                               .loss_max = INT64_MAX}}),
            RY_ARENA_APPLIED);
    ck_assert_int_eq(put(rig, (union ry_input_any){.head = {.kind = RY_IN_TIME, .slots = 1}}),
                     RY_ARENA_APPLIED);
}

static void rig_close(struct rig *rig)
{
    ry_host_book_close(&rig->view);
    munmap(rig->arena, rig->bytes);
}

/* A recorded event or a command; many fail, which is as good as any. */
static struct ry_input random_input(struct rig *rig, int64_t time, uint32_t prices)
{
    struct ry_input in = {
        .head = {.slots = 1,
                 .instrument = (uint16_t)draw(rig, INSTRUMENTS),
                 .source = RY_SOURCE_FEED,
                 .time = time},
        .ref = draw(rig, 150),
        .qty = 1 + (uint32_t)draw(rig, 20),
    };
    const uint64_t dice = draw(rig, 100);
    const uint64_t agent = draw(rig, AGENTS);
    const int64_t price = (int64_t)(1000 + draw(rig, prices)) * TICK;
    if (dice < 30) {
        in.head.kind = RY_IN_ADD;
        in.side = draw(rig, 2) ? RY_BUY : RY_SELL;
        /* Mostly on its own side of the middle. */
        in.price = price + (in.side == RY_BUY ? -(int64_t)draw(rig, prices) * TICK / 2
                                              : (int64_t)draw(rig, prices) * TICK / 2);
    } else if (dice < 42) {
        in.head.kind = RY_IN_EXEC;
        in.head.flags = RY_INF_PRINTED;
    } else if (dice < 52) {
        in.head.kind = RY_IN_CANCEL;
    } else if (dice < 60) {
        in.head.kind = RY_IN_REPLACE;
        in.ref_new = draw(rig, 3) ? in.ref : draw(rig, 150);
        in.price = price;
    } else if (dice < 62) {
        in.head.kind = RY_IN_PRINT;
        in.price = price;
    } else if (dice < 63) {
        in.head.kind = RY_IN_STATE;
        in.qty = (uint32_t)draw(rig, 2);
        in.ref = 0;
    } else if (dice == 63 && draw(rig, 20) == 0) {
        in.head.kind = RY_IN_CLEAR;
        in.ref = 0;
        in.qty = 0;
    } else if (dice < 90) {
        in.head.kind = RY_IN_ORDER;
        in.head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
        in.head.flags = draw(rig, 5) ? 0 : RY_INF_IOC;
        in.ref = ++rig->cl_ord_id[agent];
        in.side = draw(rig, 2) ? RY_BUY : RY_SELL;
        in.price = price;
    } else {
        in.head.kind = RY_IN_ORDER_CANCEL;
        in.head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
        in.ref = 1 + draw(rig, rig->cl_ord_id[agent] + 1);
        in.qty = 0;
    }
    return in;
}

/* One side of the book as the slow model has it: what a walk over the machine's orders shows. */
struct model {
    struct rig *rig;
    struct ry_host_book_level level[LEVELS_MAX];
    unsigned levels, own;
};

static bool walk(void *context, const struct ry_arena_book_order *order)
{
    struct model *model = context;
    if (order->open == 0)
        return true;
    struct ry_host_book_level *level = model->levels > 0 ? &model->level[model->levels - 1] : NULL;
    if (level == NULL || level->price != order->price) {
        level = &model->level[model->levels++];
        *level = (struct ry_host_book_level){.price = order->price};
    }
    if (order->owner == OWN) {
        const struct ry_host_book_own *own = ry_host_book_own(&model->rig->view, order->ref);
        ck_assert_ptr_nonnull(own);
        ck_assert_uint_eq(own->order, order->order);
        ck_assert_uint_eq(own->leaves, order->open);
        ck_assert_int_eq(own->price, order->price);
        ck_assert_uint_eq(own->side, order->side);
        ck_assert_int_eq(ry_host_book_ahead(&model->rig->view, own), (int64_t)level->qty);
        model->own++;
        model->rig->aheads_seen += level->qty > 0;
    }
    level->qty += order->open;
    level->orders++;
    return true;
}

static unsigned compare_side(struct rig *rig, uint16_t instrument, enum ry_side side)
{
    struct model model = {.rig = rig};
    ry_arena_walk(rig->arena, instrument, side, walk, &model);
    for (unsigned i = 0; i < model.levels; i++) {
        const struct ry_host_book_level *level =
            ry_host_book_level(&rig->view, instrument, side, i);
        ck_assert_ptr_nonnull(level);
        ck_assert_int_eq(level->price, model.level[i].price);
        ck_assert_uint_eq(level->qty, model.level[i].qty);
        ck_assert_uint_eq(level->orders, model.level[i].orders);
    }
    ck_assert_ptr_null(ry_host_book_level(&rig->view, instrument, side, model.levels));
    rig->deepest = model.levels > rig->deepest ? model.levels : rig->deepest;
    return model.own;
}

/* Also against what the machine says of its levels. */
static void compare_levels(struct rig *rig, uint16_t instrument, enum ry_side side)
{
    struct ry_arena_depth level[LEVELS_MAX];
    const unsigned levels = ry_arena_levels(rig->arena, instrument, side, level, LEVELS_MAX);
    unsigned shown = 0;
    for (unsigned i = 0; i < levels; i++) {
        if (level[i].open == 0)
            continue;
        const struct ry_host_book_level *seen =
            ry_host_book_level(&rig->view, instrument, side, shown++);
        ck_assert(seen != NULL && seen->price == level[i].price && seen->qty == level[i].open);
    }
    ck_assert_ptr_null(ry_host_book_level(&rig->view, instrument, side, shown));
}

static void compare(struct rig *rig)
{
    unsigned own = 0;
    for (uint16_t i = 0; i < INSTRUMENTS; i++) {
        struct ry_arena_market state;
        ry_arena_instrument(rig->arena, i, &state);
        ck_assert_int_eq(rig->view.instrument[i].trading, state.trading);
        for (unsigned side = RY_BUY; side <= RY_SELL; side++) {
            own += compare_side(rig, i, (enum ry_side)side);
            compare_levels(rig, i, (enum ry_side)side);
        }
    }
    ck_assert_uint_eq(rig->view.own_count, own);
    rig->owns_seen += own;
}

static void run(uint64_t seed, unsigned inputs, uint32_t prices, unsigned every)
{
    struct rig rig;
    rig_open(&rig, seed);
    for (unsigned i = 0; i < inputs; i++) {
        put(&rig, (union ry_input_any){.event = random_input(&rig, i, prices)});
        if (i % every == 0)
            compare(&rig);
    }
    put(&rig, (union ry_input_any){.event = {.head = {.kind = RY_IN_AGENT_DIED,
                                                      .slots = 1,
                                                      .source = RY_SOURCE_CONTROL,
                                                      .time = inputs},
                                             .qty = OWN}});
    compare(&rig);
    ck_assert_uint_eq(rig.view.own_count, 0);
    ck_assert_uint_gt(rig.owns_seen, 100);
    ck_assert_uint_gt(rig.aheads_seen, 50);
    ck_assert_uint_gt(rig.deepest, 3);
    rig_close(&rig);
}

START_TEST(narrow_books)
{
    for (uint64_t seed = 1; seed <= 4; seed++)
        run(seed, 20000, 12, 17);
}
END_TEST

START_TEST(wide_books)
{
    for (uint64_t seed = 11; seed <= 13; seed++)
        run(seed, 20000, 400, 101);
}
END_TEST

/* What exec would never write: refused, and nothing outside the arrays is touched (ASan looks). */
START_TEST(false_records)
{
    struct ry_host_book view;
    ck_assert_int_eq(ry_host_book_open(&view, 10, 2, 3), 0);
    const union ry_told_any good = {.market = {.kind = RY_MK_CHANGE,
                                               .side = RY_BUY,
                                               .flags = RY_MKF_NEW,
                                               .price = 5,
                                               .order = 10,
                                               .qty = 1}};
    union ry_told_any bad[] = {good, good, good, good, good, good, good, good, good};
    bad[0].market.instrument = 2;
    bad[1].market.side = 3;
    bad[2].market.order = 11;
    bad[3].market.order = 0;
    bad[4].market.kind = 77;
    bad[5].market.flags = 0; /* a change of an order that is not there */
    bad[6].market.price = RY_PRICE_ABS_MAX + 1;
    bad[7].market.kind = RY_MK_START;
    bad[8].market.kind = RY_MK_TRADE; /* not with the book of START */
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!ry_host_book_market(&view, &bad[i]), "record %u was taken", i);
    ck_assert_ptr_null(ry_host_book_level(&view, 0, RY_BUY, 0));
    ck_assert(ry_host_book_market(&view, &good));
    ck_assert(!ry_host_book_market(&view, &good)); /* stands already */
    ck_assert_uint_eq(ry_host_book_level(&view, 0, RY_BUY, 0)->qty, 1);
    ck_assert_ptr_null(ry_host_book_level(&view, 2, RY_BUY, 0));
    ck_assert_ptr_null(ry_host_book_level(&view, 0, RY_SIDE_NONE, 0));
    const struct ry_report rests = {.kind = RY_RP_RESTED, .order = 3, .cl_ord_id = 1, .leaves = 1};
    struct ry_report report = rests;
    report.order = 11;
    ck_assert(!ry_host_book_report(&view, &report));
    report = rests;
    report.instrument = 2;
    ck_assert(!ry_host_book_report(&view, &report));
    for (report = rests; report.cl_ord_id <= 4; report.cl_ord_id++)
        ck_assert(ry_host_book_report(&view, &report));
    ck_assert(!ry_host_book_report(&view, &report)); /* more than it can have */
    ry_host_book_close(&view);
}
END_TEST

START_TEST(random_records)
{
    struct rig rig = {.random = 99};
    ck_assert_int_eq(ry_host_book_open(&rig.view, 20, 2, 5), 0);
    unsigned taken = 0;
    for (unsigned i = 0; i < 200000; i++) {
        const union ry_told_any record = {.market = {
                                              .kind = (uint8_t)(1 + draw(&rig, 4)),
                                              .instrument = (uint16_t)draw(&rig, 3),
                                              .side = (uint8_t)draw(&rig, 4),
                                              .flags = (uint8_t)draw(&rig, 4),
                                              .group = i,
                                              .price = (int64_t)draw(&rig, 5),
                                              .order = (uint32_t)draw(&rig, 22),
                                              .qty = (uint32_t)draw(&rig, 3),
                                          }};
        taken += ry_host_book_market(&rig.view, &record);
        const struct ry_report report = {
            .kind = (uint8_t)(1 + draw(&rig, 6)),
            .instrument = (uint16_t)draw(&rig, 3),
            .side = (uint8_t)draw(&rig, 4),
            .cl_ord_id = draw(&rig, i + 2),
            .order = (uint32_t)draw(&rig, 22),
            .leaves = (uint32_t)draw(&rig, 2),
        };
        (void)ry_host_book_report(&rig.view, &report);
    }
    ck_assert_uint_gt(taken, 1000);
    ry_host_book_close(&rig.view);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_view");
    TCase *c = tcase_create("view");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, narrow_books);
    tcase_add_test(c, wide_books);
    tcase_add_test(c, false_records);
    tcase_add_test(c, random_records);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
