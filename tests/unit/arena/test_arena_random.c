/* Random flows: the self-check holds all the way, the same inputs twice give the same hashes, hints
 * change nothing, and random bytes do no harm. */
#include <stdlib.h>

#include "core/arena/machine.h"
#include "tests/support/arena_flow.h"

struct hashes {
    uint64_t in, out, book, state;
};

static struct hashes hashes_of(const struct ry_arena *a)
{
    return (struct hashes){ry_arena_input_hash(a), ry_arena_output_hash(a), ry_arena_book_hash(a),
                           ry_arena_state_hash(a)};
}

struct run {
    uint32_t orders_max;
    uint16_t instruments, agents;
    int64_t tick;
    uint32_t refs, prices, inputs, check_every;
    uint32_t stand; /* recorded orders that the flow does not know */
    uint64_t seed;
    bool hint;
    bool corrupt; /* now and then a byte of an input is random */
    bool die;
    int64_t step; /* ns between inputs; 0: 1 */
    int64_t round_ns;
    int64_t cash, loss_max; /* 0: plenty */
};

/* What the game did, over all runs. */
static struct {
    unsigned out[RY_OUT_STALLED + 1];
    unsigned ranks, several, most;
} seen;

static void see_games(const struct ry_test_kept *kept)
{
    unsigned outs = 0;
    for (unsigned i = 0; i < kept->games; i++) {
        const struct ry_game *game = &kept->game[i];
        outs += game->kind == RY_GM_OUT;
        seen.ranks += game->kind == RY_GM_RANK;
        seen.out[game->code] += game->kind == RY_GM_OUT;
    }
    seen.several += outs > 1;
    seen.most = outs > seen.most ? outs : seen.most;
}

static struct hashes run_flow(const struct run *run, struct ry_arena_counters *counters)
{
    struct ry_input_battle battle =
        ry_test_arena_battle(run->orders_max, run->instruments, run->agents);
    battle.round_ns = run->round_ns;
    battle.min_fills = 3;
    battle.haircut_ppm = 12345;
    struct ry_test_arena b = ry_test_arena_open(&battle);
    b.cash = run->cash ? run->cash : b.cash;
    b.loss_max = run->loss_max ? run->loss_max : b.loss_max;
    ry_test_arena_configure(&b, &battle, run->tick);
    for (uint32_t i = 0; i < run->stand; i++)
        ry_test_arena_add(&b, UINT64_C(1) << 32 | i, RY_SELL, (2000 + i % 5000) * run->tick, 1);
    struct ry_test_flow flow = {.rng = {run->seed},
                                .refs = run->refs,
                                .prices = run->prices,
                                .instruments = run->instruments,
                                .agents = run->agents,
                                .tick = run->tick};
    union ry_input_any *inputs = calloc(run->inputs, sizeof *inputs);
    for (uint32_t i = 0; i < run->inputs; i++) {
        int64_t time = i * (run->step ? run->step : 1);
        inputs[i] = ry_test_flow_next(&flow, time);
        if (run->corrupt && ry_test_rng_below(&flow.rng, 4) == 0)
            ((unsigned char *)&inputs[i])[ry_test_rng_below(&flow.rng, 56)] =
                (unsigned char)ry_test_rng_next(&flow.rng);
        if (run->die && i == run->inputs / 2)
            inputs[i].event = (struct ry_input){
                .head = {.kind = RY_IN_AGENT_DIED, .slots = 1, .time = time}, .qty = 1};
    }
    for (uint32_t i = 0; i < run->inputs; i++) {
        if (run->hint && i + 24 < run->inputs)
            ry_arena_hint(b.arena, &inputs[i + 24]);
        ry_test_arena_put(&b, &inputs[i]);
        see_games(b.kept);
        if (run->check_every && i % run->check_every == 0)
            ry_arena_check(b.arena);
    }
    ry_arena_check(b.arena);
    ck_assert(ry_arena_conserves(b.arena));
    ck_assert_uint_eq(ry_arena_output_hash(b.arena), ry_test_arena_kept_hash(b.kept));
    struct hashes h = hashes_of(b.arena);
    if (counters)
        *counters = *ry_arena_counters(b.arena);
    free(inputs);
    ry_test_arena_close(&b);
    return h;
}

static const struct run small = {.orders_max = 200,
                                 .instruments = 2,
                                 .agents = 4,
                                 .tick = 100,
                                 .refs = 150,
                                 .prices = 12,
                                 .inputs = 30000,
                                 .check_every = 7,
                                 .seed = 1,
                                 .die = true};

START_TEST(self_check_holds)
{
    struct run run = small;
    struct ry_arena_counters sum = {0};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct ry_arena_counters c;
        run.seed = seed;
        run.refs = seed % 2 ? 150 : 1000;
        run_flow(&run, &c);
        for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
            sum.value[i] += c.value[i];
    }
    /* The flow reaches every rule: a counter at zero would mean that a rule was not tried. */
    sum.malformed = 1;
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
        ck_assert_msg(sum.value[i] > 0, "%s stayed zero", ry_arena_counter_table.counter[i].name);
    /* Where recorded demand went adds up. */
    ck_assert_uint_eq(sum.demand, sum.demand_agents + sum.demand_surplus + sum.demand_target +
                                      sum.demand_displaced + sum.unmet);
}
END_TEST

/* Agents go by every reason, several in one input too, and the books stay right. */
START_TEST(games_hold)
{
    struct run run = small;
    run.agents = 12;
    run.instruments = 3;
    run.inputs = 6000;
    run.step = 1000;
    run.round_ns = 1000000;
    for (uint64_t seed = 100; seed < 160; seed++) {
        run.seed = seed;
        run.cash = seed % 3 ? 0 : 100000000;
        run.loss_max = seed % 2 ? 0 : 30000000;
        run.check_every = seed % 10 ? 101 : 1;
        run_flow(&run, NULL);
    }
    ck_assert_uint_gt(seen.ranks, 100);
    ck_assert_uint_gt(seen.several, 20);
    ck_assert_uint_gt(seen.most, 3);
    for (unsigned reason = RY_OUT_LAST; reason <= RY_OUT_DIED; reason++)
        ck_assert_msg(seen.out[reason] > 5, "reason %u: %u", reason, seen.out[reason]);
}
END_TEST

START_TEST(same_inputs_same_hashes)
{
    struct run run = small;
    run.check_every = 0;
    run.step = 1000;
    run.round_ns = 10000000;
    run.loss_max = 900000000;
    struct hashes one = run_flow(&run, NULL);
    struct hashes two = run_flow(&run, NULL);
    ck_assert_mem_eq(&one, &two, sizeof one);
    run.seed++;
    struct hashes other = run_flow(&run, NULL);
    ck_assert_uint_ne(one.in, other.in);
    ck_assert_uint_ne(one.out, other.out);
}
END_TEST

/* Few orders and many are hinted at in different ways (core/arena/hint.c). */
START_TEST(hints_change_nothing)
{
    struct run run = small;
    run.check_every = 0;
    run.corrupt = true;
    run.stand = _i == 0 ? 0 : 20000;
    run.orders_max += run.stand;
    struct hashes without = run_flow(&run, NULL);
    run.hint = true;
    struct hashes with = run_flow(&run, NULL);
    ck_assert_mem_eq(&without, &with, sizeof with);
}
END_TEST

/* The first hints look at a book that is full already: the first bits of its window are set. */
START_TEST(hints_begin_late)
{
    enum { FIRST = 3600, LEVELS = 1024, ORDERS = 20000, HINTED = 64 };
    struct ry_input_battle battle = ry_test_arena_battle(ORDERS + HINTED, 1, 1);
    struct ry_test_arena b = ry_test_arena_open(&battle);
    ry_test_arena_configure(&b, &battle, 1);
    for (uint64_t ref = 1; ref <= ORDERS; ref++)
        ry_test_arena_add(&b, ref, RY_BUY, FIRST + (int64_t)(ref % LEVELS), 5);
    for (uint64_t ref = ORDERS + 1; ref <= ORDERS + HINTED; ref++) {
        const union ry_input_any add = {
            .event = {.head = {.kind = RY_IN_ADD, .slots = 1, .source = RY_SOURCE_FEED},
                      .ref = ref,
                      .side = RY_BUY,
                      .price = FIRST + (int64_t)(ref % LEVELS),
                      .qty = 5}};
        ry_arena_hint(b.arena, &add);
        ry_test_arena_add(&b, ref, RY_BUY, add.event.price, 5);
    }
    ry_arena_check(b.arena);
    ry_test_arena_close(&b);
}
END_TEST

START_TEST(wide_prices)
{
    struct run run = small;
    run.prices = 6000; /* wider than the window */
    run.refs = 3000;
    run.orders_max = 4000;
    run.check_every = 501;
    for (uint64_t seed = 10; seed < 13; seed++) {
        run.seed = seed;
        run_flow(&run, NULL);
    }
}
END_TEST

START_TEST(corrupt_inputs)
{
    struct run run = small;
    run.corrupt = true;
    run.check_every = 97;
    struct ry_arena_counters c;
    run_flow(&run, &c);
    ck_assert_uint_gt(c.malformed, 100);
    ck_assert_uint_eq(c.inputs, run.inputs + 1 + run.instruments + run.agents);
}
END_TEST

START_TEST(random_bytes)
{
    struct ry_input_battle battle = ry_test_arena_battle(64, 1, 1);
    struct ry_test_arena b = ry_test_arena_open(&battle);
    struct ry_test_rng rng = {7};
    for (int i = 0; i < 50000; i++) {
        union ry_input_any any;
        for (size_t w = 0; w < sizeof any / 8; w++)
            any.word[w] = ry_test_rng_next(&rng);
        any.head.kind = (uint8_t)(any.head.kind % 50);
        any.head.slots = (uint8_t)(any.head.slots % 4);
        any.head.instrument = any.head.instrument % 2;
        any.head.time = any.head.time % 1000000;
        if (i == 100) {
            b.time = INT64_MIN / 2;
            ry_test_arena_configure(&b, &battle, 5);
        }
        ry_arena_hint(b.arena, &any);
        ry_test_arena_put(&b, &any);
    }
    ry_arena_check(b.arena);
    ry_test_arena_close(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_random");
    TCase *c = tcase_create("flow");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, self_check_holds);
    tcase_add_test(c, games_hold);
    tcase_add_test(c, same_inputs_same_hashes);
    tcase_add_loop_test(c, hints_change_nothing, 0, 2);
    tcase_add_test(c, hints_begin_late);
    tcase_add_test(c, wide_prices);
    tcase_add_test(c, corrupt_inputs);
    tcase_add_test(c, random_bytes);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
