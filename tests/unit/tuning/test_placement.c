/* The placement plan, on machines that hwloc makes up. */
#include <string.h>

#include "tests/support/test.h"
#include "tuning/placement.h"

static struct ry_tuning_placement plan;
static unsigned missing;

static void add(const char *name, int wanted)
{
    struct ry_tuning_placed *process = &plan.process[plan.count++];
    *process = (struct ry_tuning_placed){.wanted = wanted};
    strcpy(process->name, name);
}

static void begin(int exec, int feed, int journal, int supervisor)
{
    plan = (struct ry_tuning_placement){.count = 0};
    add("exec", exec);
    add("feed0", feed);
    add("journal", journal);
    add("supervisor", supervisor);
}

static int core(unsigned i)
{
    return plan.process[i].core;
}

START_TEST(each_gets_a_core_of_its_own)
{
    begin(-1, -1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:4 pu:1", &missing), 0);
    ck_assert_uint_eq(plan.cores, 4);
    ck_assert_uint_eq(plan.nodes, 1);
    ck_assert(!plan.oversubscribed);
    ck_assert_int_eq(core(0), 1); /* exec first; the machine's first core goes last */
    ck_assert_int_eq(core(1), 2);
    ck_assert_int_eq(core(2), 3);
    ck_assert_int_eq(core(3), 0);
    for (unsigned i = 0; i < 4; i++)
        ck_assert(plan.process[i].spin);
}
END_TEST

START_TEST(siblings_are_one_core)
{
    begin(-1, -1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:4 pu:2", &missing), 0);
    ck_assert_uint_eq(plan.cores, 4);
    ck_assert_int_eq(core(0), 2);
    ck_assert_int_eq(core(1), 4);
    ck_assert_int_eq(core(2), 6);
    ck_assert_int_eq(core(3), 0);
    begin(-1, -1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:2 pu:2", &missing), 0);
    ck_assert(plan.oversubscribed); /* four threads, two cores */
}
END_TEST

START_TEST(the_others_stay_on_the_memory_node_of_the_first)
{
    begin(5, -1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:2 numa:1 core:4 pu:1", &missing), 0);
    ck_assert_uint_eq(plan.nodes, 2);
    ck_assert_int_eq(core(0), 5);
    ck_assert_int_eq(core(1), 4);
    ck_assert_int_eq(core(2), 6);
    ck_assert_int_eq(core(3), 7);
}
END_TEST

START_TEST(named_cores_are_kept)
{
    begin(0, 3, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:4 pu:1", &missing), 0);
    ck_assert_int_eq(core(0), 0);
    ck_assert_int_eq(core(1), 3);
    ck_assert_int_eq(core(2), 1);
    ck_assert_int_eq(core(3), 2);
    ck_assert(plan.process[0].spin && plan.process[1].spin);
}
END_TEST

START_TEST(who_shares_a_core_does_not_spin)
{
    begin(2, 2, 1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:4 pu:1", &missing), 0);
    ck_assert_int_eq(core(0), 2);
    ck_assert_int_eq(core(1), 2);
    ck_assert(!plan.process[0].spin && !plan.process[1].spin);
    ck_assert(plan.process[2].spin);
    begin(2, 3, 4, -1); /* 2 and 3 are siblings */
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:4 pu:2", &missing), 0);
    ck_assert(!plan.process[0].spin && !plan.process[1].spin && plan.process[2].spin);
}
END_TEST

START_TEST(oversubscribed_nobody_spins)
{
    begin(-1, 1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:2 pu:1", &missing), 0);
    ck_assert(plan.oversubscribed);
    ck_assert_int_eq(core(0), RY_TUNING_PLACEMENT_NONE);
    ck_assert_int_eq(core(1), 1);
    ck_assert_int_eq(core(2), RY_TUNING_PLACEMENT_NONE);
    for (unsigned i = 0; i < 4; i++)
        ck_assert(!plan.process[i].spin);
}
END_TEST

START_TEST(a_core_that_is_not_there)
{
    begin(-1, -1, 4, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:4 pu:1", &missing), -2);
    ck_assert_uint_eq(missing, 2);
}
END_TEST

START_TEST(a_machine_that_hwloc_does_not_understand)
{
    begin(1, -1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "nonsense", &missing), -1);
    ck_assert(plan.oversubscribed);
    ck_assert_int_eq(core(0), 1);
    ck_assert_int_eq(core(1), RY_TUNING_PLACEMENT_NONE);
}
END_TEST

START_TEST(this_machine)
{
    begin(-1, -1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, NULL, &missing), 0);
    ck_assert_uint_ge(plan.cores, 1);
    ck_assert_uint_ge(plan.nodes, 1);
}
END_TEST

START_TEST(printed)
{
    static char text[1024];
    begin(2, -1, -1, -1);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, "pack:1 numa:1 core:4 pu:1", &missing), 0);
    FILE *file = fmemopen(text, sizeof text - 1, "w");
    ry_tuning_placement_print(file, &plan);
    fclose(file);
    ck_assert_str_eq(text, "placement: 4 cores, 1 memory node\n"
                           "  exec         core 2, its own (as asked for)\n"
                           "  feed0        core 1, its own\n"
                           "  journal      core 3, its own\n"
                           "  supervisor   core 0, its own\n");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("placement");
    TCase *t = tcase_create("placement");
    tcase_add_test(t, each_gets_a_core_of_its_own);
    tcase_add_test(t, siblings_are_one_core);
    tcase_add_test(t, the_others_stay_on_the_memory_node_of_the_first);
    tcase_add_test(t, named_cores_are_kept);
    tcase_add_test(t, who_shares_a_core_does_not_spin);
    tcase_add_test(t, oversubscribed_nobody_spins);
    tcase_add_test(t, a_core_that_is_not_there);
    tcase_add_test(t, a_machine_that_hwloc_does_not_understand);
    tcase_add_test(t, this_machine);
    tcase_add_test(t, printed);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
