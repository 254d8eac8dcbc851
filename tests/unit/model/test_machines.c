/*
 * The machine against its second implementation, output by output, over random days.
 *
 * 200,000 inputs in `make test`, ten million in `make long-test`. Prints how often each clause of
 * docs/MATCHING.md was exercised; one that never was fails the test.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/model/compare.h"
#include "tests/model/flow.h"
#include "tests/support/test.h"

#define INPUTS_SHORT UINT64_C(200000)
#define INPUTS_LONG  UINT64_C(10000000)
#define DAY_INPUTS   UINT64_C(4000)
#define SEED_FIRST   4600u /* of seeds that make every clause happen within INPUTS_SHORT */
#define LOOK_EVERY   64

static uint64_t clauses[RY_MODEL_CLAUSES];

static void count_clauses(const struct ry_model *model)
{
    const uint64_t *seen = ry_model_clauses(model);
    for (unsigned i = 0; i < RY_MODEL_CLAUSES; i++)
        clauses[i] += seen[i];
}

/* One day of one profile; returns how many inputs it had. */
static uint64_t compare_day(uint64_t seed, enum ry_model_flow_profile profile)
{
    struct ry_model_flow flow;
    ry_model_flow_init(&flow, seed, profile);
    flow.steps_end = DAY_INPUTS;
    union ry_input_any input;
    struct ry_model *nothing = ry_model_create();
    ck_assert(ry_model_flow_next(&flow, nothing, &input));
    ry_model_destroy(nothing);
    /* The arena is sized by the first BATTLE that is in range; a hostile day may begin with
     * another. */
    struct ry_model_flow ahead = flow;
    union ry_input_any battle = input;
    struct ry_model *probe = ry_model_create();
    while (ry_arena_footprint(&battle.battle) == 0 || battle.head.kind != RY_IN_BATTLE)
        ck_assert(ry_model_flow_next(&ahead, probe, &battle));
    ry_model_destroy(probe);
    struct ry_compare *compare = ry_model_compare_create(&battle.battle);
    ck_assert_ptr_nonnull(compare);
    uint64_t inputs = 0;
    do {
        bool same = ry_model_compare_apply(compare, &input);
        inputs++;
        if (same && inputs % LOOK_EVERY == 0)
            same = ry_model_compare_look(compare);
        ck_assert_msg(same, "seed %llu, %s: %s", (unsigned long long)seed,
                      ry_model_flow_profile_name(profile), ry_model_compare_error(compare));
    } while (ry_model_flow_next(&flow, ry_model_compare_model(compare), &input));
    ck_assert_msg(ry_model_compare_look(compare), "seed %llu, %s: %s", (unsigned long long)seed,
                  ry_model_flow_profile_name(profile), ry_model_compare_error(compare));
    count_clauses(ry_model_compare_model(compare));
    ry_model_compare_destroy(compare);
    return inputs;
}

START_TEST(both_machines_say_the_same)
{
    uint64_t wanted = ry_test_long() ? INPUTS_LONG : INPUTS_SHORT;
    uint64_t inputs = 0, days = 0;
    while (inputs < wanted) {
        inputs += compare_day(SEED_FIRST + days,
                              (enum ry_model_flow_profile)(days % RY_MODEL_FLOW_PROFILES));
        days++;
    }
    printf(
        "# %llu inputs of %llu random days, compared record by record; clauses of docs/MATCHING.md:\n",
        (unsigned long long)inputs, (unsigned long long)days);
    unsigned never = 0;
    for (unsigned i = 0; i < RY_MODEL_CLAUSES; i++) {
        printf("# %10llu %s\n", (unsigned long long)clauses[i], ry_model_clause_texts[i].name);
        if (clauses[i] == 0 && !ry_model_clause_texts[i].never)
            never++;
    }
    fflush(stdout);
    ck_assert_msg(never == 0, "%u clauses were never exercised", never);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("machines");
    TCase *t = tcase_create("compare");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, both_machines_say_the_same);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
