#include "tests/support/arena_rig.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <xxhash.h>

#include "core/arena/machine.h"

struct ry_input_battle ry_test_arena_battle(uint32_t orders_max, uint16_t instruments,
                                            uint16_t agents)
{
    return (struct ry_input_battle){
        .head = {.kind = RY_IN_BATTLE, .slots = 3, .source = RY_SOURCE_CONTROL},
        .seed = 42,
        .trade_from = 1000,
        .trade_to = RY_TIME_NEVER,
        .orders_max = orders_max,
        .instruments = instruments,
        .agents = agents,
        .fee_maker_ppm = -20,
        .fee_taker_ppm = 30,
        .name = "test",
    };
}

static void fold(void *hash, const void *record, size_t bytes)
{
    ck_assert_int_eq(XXH3_64bits_update(hash, record, bytes), XXH_OK);
}

static void *begin_hash(void)
{
    XXH3_state_t *hash = XXH3_createState();
    ck_assert_ptr_nonnull(hash);
    XXH3_64bits_reset_withSeed(hash, 1);
    return hash;
}

uint64_t ry_test_arena_kept_hash(const struct ry_test_kept *kept)
{
    const uint64_t both[2] = {XXH3_64bits_digest(kept->said), XXH3_64bits_digest(kept->shown)};
    return XXH3_64bits_withSeed(both, sizeof both, 1);
}

static void keep_report(void *context, const struct ry_report *report)
{
    struct ry_test_kept *kept = context;
    ck_assert_uint_lt(kept->reports, RY_TEST_KEPT_MAX);
    ck_assert_uint_eq(kept->markets, 0); /* reports come before the group */
    kept->report[kept->reports++] = *report;
    fold(kept->said, report, sizeof *report);
}

static void keep_market(void *context, const struct ry_market *market)
{
    struct ry_test_kept *kept = context;
    ck_assert_uint_lt(kept->markets, RY_TEST_KEPT_MAX);
    kept->market[kept->markets++] = *market;
    fold(kept->shown, market, sizeof *market);
}

static void keep_game(void *context, const struct ry_game *game)
{
    struct ry_test_kept *kept = context;
    ck_assert_uint_lt(kept->games, RY_TEST_KEPT_MAX);
    ck_assert_uint_eq(kept->markets, 0);
    kept->game[kept->games++] = *game;
    fold(kept->said, game, sizeof *game);
}

struct ry_test_arena ry_test_arena_open(const struct ry_input_battle *battle)
{
    struct ry_test_arena b = {
        .bytes = ry_arena_footprint(battle), .cash = 1000000000000, .loss_max = INT64_MAX};
    ck_assert_uint_ne(b.bytes, 0);
    void *memory = mmap(NULL, b.bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    b.arena = ry_arena_create(memory, b.bytes, battle);
    ck_assert_ptr_nonnull(b.arena);
    b.kept = calloc(1, sizeof *b.kept);
    b.kept->said = begin_hash();
    b.kept->shown = begin_hash();
    b.sink = (struct ry_arena_sink){
        .context = b.kept, .report = keep_report, .market = keep_market, .game = keep_game};
    return b;
}

void ry_test_arena_close(struct ry_test_arena *b)
{
    munmap(b->arena, b->bytes);
    XXH3_freeState(b->kept->said);
    XXH3_freeState(b->kept->shown);
    free(b->kept);
}

enum ry_arena_applied ry_test_arena_put(struct ry_test_arena *b, const union ry_input_any *input)
{
    b->kept->reports = 0;
    b->kept->markets = 0;
    b->kept->games = 0;
    return ry_arena_apply(b->arena, input, &b->sink);
}

void ry_test_arena_configure(struct ry_test_arena *b, const struct ry_input_battle *battle,
                             int64_t tick)
{
    ck_assert_int_eq(ry_test_arena_put(b, &(union ry_input_any){.battle = *battle}),
                     RY_ARENA_APPLIED);
    for (uint16_t i = 0; i < battle->instruments; i++)
        ck_assert_int_eq(
            ry_test_arena_put(b, &(union ry_input_any){.instrument =
                                                           {
                                                               .head = {.kind = RY_IN_INSTRUMENT,
                                                                        .slots = 3,
                                                                        .instrument = i,
                                                                        .source = RY_SOURCE_FEED},
                                                               .symbol = "XYZ",
                                                               .tick_size = tick,
                                                               .money_per_unit = 100,
                                                           }}),
            RY_ARENA_APPLIED);
    for (uint16_t i = 0; i < battle->agents; i++)
        ck_assert_int_eq(
            ry_test_arena_put(
                b,
                &(union ry_input_any){.agent =
                                          {
                                              .head = {.kind = RY_IN_AGENT,
                                                       .slots = 2,
                                                       .source = (uint16_t)(RY_SOURCE_AGENT + i)},
                                              .cash = b->cash,
                                              .notional_max = INT64_MAX,
                                              .position_max = 1000000,
                                              .quantity_max = 10000,
                                              .open_orders_max = 50,
                                              .rate_max = 1000000,
                                              .collar_ppm = 500000,
                                              .loss_max = b->loss_max,
                                          }}),
            RY_ARENA_APPLIED);
}

enum ry_arena_applied ry_test_arena_event(struct ry_test_arena *b, struct ry_input in)
{
    union ry_input_any any = {.event = in};
    any.head.slots = 1;
    any.head.time = b->time;
    any.head.source_seq = ++b->seq;
    return ry_test_arena_put(b, &any);
}

void ry_test_arena_start(struct ry_test_arena *b)
{
    b->time = b->time < 1000 ? 1000 : b->time;
    ck_assert_int_eq(ry_test_arena_event(b, (struct ry_input){.head = {.kind = RY_IN_TIME}}),
                     RY_ARENA_APPLIED);
}

void ry_test_arena_add(struct ry_test_arena *b, uint64_t ref, uint8_t side, int64_t price,
                       uint32_t qty)
{
    ck_assert_int_eq(ry_test_arena_event(b, (struct ry_input){.head = {.kind = RY_IN_ADD},
                                                              .ref = ref,
                                                              .side = side,
                                                              .price = price,
                                                              .qty = qty}),
                     RY_ARENA_APPLIED);
}

void ry_test_arena_order(struct ry_test_arena *b, uint16_t agent, uint64_t ref, uint8_t side,
                         int64_t price, uint32_t qty, uint16_t flags)
{
    ck_assert_int_eq(
        ry_test_arena_event(
            b, (struct ry_input){.head = {.kind = RY_IN_ORDER,
                                          .source = (uint16_t)(RY_SOURCE_AGENT + agent),
                                          .flags = flags},
                                 .ref = ref,
                                 .side = side,
                                 .price = price,
                                 .qty = qty}),
        RY_ARENA_APPLIED);
}

void ry_test_arena_last(struct ry_test_arena *b, int64_t price)
{
    ck_assert_int_eq(
        ry_test_arena_event(
            b, (struct ry_input){.head = {.kind = RY_IN_LAST}, .price = price, .qty = 1}),
        RY_ARENA_APPLIED);
}

void ry_test_arena_time(struct ry_test_arena *b, int64_t time)
{
    b->time = time;
    ck_assert_int_eq(ry_test_arena_event(b, (struct ry_input){.head = {.kind = RY_IN_TIME}}),
                     RY_ARENA_APPLIED);
}

void ry_test_arena_died(struct ry_test_arena *b, uint16_t agent, uint16_t flags)
{
    ck_assert_int_eq(ry_test_arena_event(b, (struct ry_input){.head = {.kind = RY_IN_AGENT_DIED,
                                                                       .source = RY_SOURCE_CONTROL,
                                                                       .flags = flags},
                                                              .qty = agent}),
                     RY_ARENA_APPLIED);
}

void ry_test_arena_want_report(const struct ry_test_arena *b, unsigned at, uint8_t kind,
                               uint16_t agent, uint32_t qty, uint8_t code)
{
    ck_assert_uint_lt(at, b->kept->reports);
    const struct ry_report *r = &b->kept->report[at];
    ck_assert_uint_eq(r->kind, kind);
    ck_assert_uint_eq(r->agent, agent);
    ck_assert_uint_eq(r->qty, qty);
    ck_assert_uint_eq(r->code, code);
}

void ry_test_arena_end(struct ry_test_arena *b)
{
    ry_arena_check(b->arena);
    ck_assert(ry_arena_conserves(b->arena));
    ck_assert_uint_eq(ry_arena_output_hash(b->arena), ry_test_arena_kept_hash(b->kept));
    ry_test_arena_close(b);
}

uint64_t ry_test_rng_next(struct ry_test_rng *r)
{
    uint64_t z = r->x += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t ry_test_rng_below(struct ry_test_rng *r, uint32_t n)
{
    return (uint32_t)((ry_test_rng_next(r) >> 32) * n >> 32);
}
