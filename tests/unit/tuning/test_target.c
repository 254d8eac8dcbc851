/* What is hot, what keeps house, which cards there are. */
#include "tests/support/test.h"
#include "tuning/target.h"

static struct ry_tuning_machine machine;
static struct ry_tuning_placement plan;
static struct ry_tuning_target target;
static char text[RY_TUNING_CPUS_TEXT_BYTES];

static void describe(const char *description)
{
    char error[RY_TUNING_MACHINE_ERROR_BYTES];
    ck_assert_msg(ry_tuning_machine_look(&machine, description, error) == 0, "%s", error);
}

static void is(const char *hot, const char *siblings, const char *house)
{
    ck_assert_str_eq(ry_tuning_cpus_list(&target.hot, text), hot);
    ck_assert_str_eq(ry_tuning_cpus_list(&target.siblings, text), siblings);
    ck_assert_str_eq(ry_tuning_cpus_list(&target.house, text), house);
}

static void add(const char *name, enum ry_tuning_role role)
{
    struct ry_tuning_placed *process = &plan.process[plan.count++];
    *process = (struct ry_tuning_placed){.role = role, .wanted = RY_TUNING_PLACEMENT_NONE};
    snprintf(process->name, sizeof process->name, "%s", name);
}

static void plan_battle(void)
{
    unsigned missing;
    plan = (struct ry_tuning_placement){.count = 0};
    add("exec", RY_TUNING_EXEC);
    add("feed0", RY_TUNING_FEED);
    add("agent0", RY_TUNING_AGENT);
    add("journal", RY_TUNING_JOURNAL);
    add("supervisor", RY_TUNING_OBSERVER);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
    ry_tuning_target_of(&target, &machine, &plan);
}

START_TEST(of_a_plan)
{
    describe("core:8 pu:2(indexes=0,8,1,9,2,10,3,11,4,12,5,13,6,14,7,15) [offline=9]");
    plan_battle();
    is("1-4,10-12", "10-12", "0,5-8,13-15");
    ck_assert_str_eq(target.battle, "");
    ck_assert_uint_eq(target.machine.cpus, machine.cpus);
}
END_TEST

/* A container's plan is made of what it may use; what is tuned is the whole core. */
START_TEST(siblings_that_are_not_ours)
{
    describe("core:8 pu:2 [allowed=0,2,4,6,8,10]");
    plan_battle();
    is("2-9", "3,5,7,9", "0-1,10-15");
}
END_TEST

START_TEST(oversubscribed)
{
    describe("core:2 pu:2");
    plan_battle();
    is("", "", "0-3");
}
END_TEST

START_TEST(without_a_battle)
{
    describe("pack:2 numa:1 core:2 pu:2 [offline=7]");
    ry_tuning_target_whole(&target, &machine);
    is("2-6", "3,5", "0-1");
    ck_assert_uint_eq(target.huge_bytes[0], 256u << 20);
    ck_assert_uint_eq(target.huge_bytes[1], 256u << 20);
    describe("core:2 pu:2(indexes=3,2,1,0)"); /* CPU 0 need not come first */
    ry_tuning_target_whole(&target, &machine);
    is("2-3", "3", "0-1");
    describe("pu:1");
    ry_tuning_target_whole(&target, &machine);
    is("", "", "0");
    ck_assert_uint_eq(target.huge_bytes[0], 0);
}
END_TEST

START_TEST(cores_that_are_named)
{
    struct ry_tuning_cpus cores;
    int missing = 0;
    describe("pack:2 numa:1 core:2 pu:2 [offline=7]");
    ck_assert(ry_tuning_cpus_read_list(&cores, "2,4-5"));
    ck_assert_int_eq(ry_tuning_target_cores(&target, &machine, &cores, &missing), 0);
    is("2-5", "3", "0-1,6");
    ck_assert(ry_tuning_cpus_read_list(&cores, "2,7"));
    ck_assert_int_eq(ry_tuning_target_cores(&target, &machine, &cores, &missing), -1);
    ck_assert_int_eq(missing, 7);
    ck_assert(ry_tuning_cpus_read_list(&cores, "2,8"));
    ck_assert_int_eq(ry_tuning_target_cores(&target, &machine, &cores, &missing), -1);
    ck_assert_int_eq(missing, 8);
    ck_assert(ry_tuning_cpus_read_list(&cores, "0,2,4,6"));
    ck_assert_int_eq(ry_tuning_target_cores(&target, &machine, &cores, &missing), -1);
    ck_assert_int_eq(missing, -1);
}
END_TEST

START_TEST(cards)
{
    static const struct {
        const char *name, *pci, *interface;
        int node;
    } asked[] = {
        {"3b:00.0", "0000:3b:00.0", "", 1},
        {"0000:3B:00.0", "0000:3b:00.0", "", 1},
        {"ens1f0", "", "ens1f0", 0},
        {"5e:00.0", "0000:5e:00.0", "", -1},
        {"0001:5e:00.0", "0001:5e:00.0", "", -1},
        {"eth7", "", "eth7", -1},
    };
    const unsigned count = sizeof asked / sizeof *asked;
    describe("pack:2 numa:1 core:2 pu:2 [nic=1:0000:3b:00.0 nic=0:ens1f0]");
    ry_tuning_target_whole(&target, &machine);
    for (unsigned i = 0; i < count; i++) {
        ck_assert(ry_tuning_target_card(&target, asked[i].name, i % 2 == 0));
        const struct ry_tuning_nic *nic = &target.nic[i];
        ck_assert_str_eq(nic->pci, asked[i].pci);
        ck_assert_str_eq(nic->interface, asked[i].interface);
        ck_assert_int_eq(nic->node, asked[i].node);
        ck_assert_int_eq(nic->vfio, i % 2 == 0);
    }
    for (unsigned i = count; i < RY_TUNING_NICS_MAX; i++)
        ck_assert(ry_tuning_target_card(&target, "eth8", false));
    ck_assert(!ry_tuning_target_card(&target, "eth9", false));
    ck_assert_uint_eq(target.nics, RY_TUNING_NICS_MAX);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("target");
    TCase *t = tcase_create("target");
    tcase_add_test(t, of_a_plan);
    tcase_add_test(t, siblings_that_are_not_ours);
    tcase_add_test(t, oversubscribed);
    tcase_add_test(t, without_a_battle);
    tcase_add_test(t, cores_that_are_named);
    tcase_add_test(t, cards);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
