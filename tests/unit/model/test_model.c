/*
 * What no day can say of the second implementation: what it counts of the recorded market, and that
 * bytes nobody meant do it no harm. The rules: tests/days, which run against it as well.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/model/flow.h"
#include "tests/model/model.h"
#include "tests/support/test.h"

static void apply(struct ry_model *model, union ry_input_any input)
{
    input.head.slots = input.head.slots == 0 ? 1 : input.head.slots;
    ck_assert_int_eq(ry_model_apply(model, &input, NULL), RY_ARENA_APPLIED);
}

static void feed(struct ry_model *model, enum ry_input_kind kind, uint16_t flags, int64_t price,
                 uint32_t qty)
{
    apply(model, (union ry_input_any){.event = {.head = {.kind = (uint8_t)kind, .flags = flags},
                                                .ref = 1,
                                                .price = price,
                                                .qty = qty,
                                                .side = RY_SELL}});
}

/* Volume and turnover of recorded trades: LAST, PRINT, and what is PRINTED, as the input says. */
START_TEST(recorded_volume)
{
    struct ry_model *model = ry_model_create();
    apply(model, (union ry_input_any){.battle = {.head = {.kind = RY_IN_BATTLE, .slots = 3},
                                                 .orders_max = 8,
                                                 .instruments = 1}});
    apply(model, (union ry_input_any){.instrument = {.head = {.kind = RY_IN_INSTRUMENT, .slots = 3},
                                                     .tick_size = 1,
                                                     .money_per_unit = 100}});
    int64_t price;
    ck_assert(!ry_model_last_price(model, 0, &price));
    feed(model, RY_IN_LAST, 0, 100, 1);
    feed(model, RY_IN_ADD, 0, 103, 9);
    feed(model, RY_IN_EXEC, 0, 0, 2);
    ck_assert_uint_eq(ry_model_volume(model, 0), 1);
    feed(model, RY_IN_PRINT, 0, 102, 5);
    feed(model, RY_IN_EXEC, RY_INF_PRINTED, 0, 3);
    feed(model, RY_IN_EXEC, RY_INF_PRINTED | RY_INF_PRICED, -7, 20); /* 4 were left */
    ck_assert_uint_eq(ry_model_volume(model, 0), 1 + 5 + 3 + 20);
    ck_assert_int_eq((int64_t)ry_model_turnover(model, 0), 100 + 5 * 102 + 3 * 103 - 20 * 7);
    ck_assert(ry_model_last_price(model, 0, &price));
    ck_assert_int_eq(price, -7);
    ry_model_destroy(model);
}
END_TEST

START_TEST(random_bytes)
{
    struct ry_model_flow *flow = malloc(sizeof *flow);
    uint64_t random = 1;
    for (unsigned day = 0; day < 40; day++) {
        struct ry_model *model = ry_model_create();
        union ry_input_any in;
        ry_model_flow_init(flow, day, (enum ry_model_flow_profile)(day % RY_MODEL_FLOW_PROFILES));
        flow->steps_end = 400;
        while (ry_model_flow_next(flow, model, &in)) {
            ry_model_apply(model, &in, NULL);
            union ry_input_any noise = in;
            unsigned char bytes[sizeof noise];
            memcpy(bytes, &noise, sizeof bytes);
            for (unsigned k = 0; k < 1 + day; k++) {
                random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
                bytes[(random >> 33) % sizeof bytes] = (unsigned char)(random >> 56);
            }
            memcpy(&noise, bytes, sizeof noise);
            if (day % 4 == 0) {
                noise.head.kind = (uint8_t)(16 + noise.head.kind % 20);
                noise.head.slots = 1;
                noise.head.time = in.head.time;
            }
            ry_model_apply(model, &noise, NULL);
            if (!ry_model_conserves(model))
                ck_abort_msg("cash or shares are lost");
        }
        ry_model_destroy(model);
    }
    free(flow);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("model");
    TCase *cases = tcase_create("model");
    tcase_add_test(cases, recorded_volume);
    tcase_add_test(cases, random_bytes);
    tcase_set_timeout(cases, 60);
    suite_add_tcase(s, cases);
    return s;
}

RY_TEST_MAIN(suite)
