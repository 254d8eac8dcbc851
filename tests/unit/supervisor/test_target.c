/* What a battle needs of its machine: huge pages by node, cards. */
#include <string.h>

#include "core/supervisor/target.h"
#include "tests/support/test.h"

#define MIB ((size_t)1 << 20)

static struct ry_battle battle;
static struct ry_tuning_machine machine;
static struct ry_tuning_placement plan;
static struct ry_tuning_target target;

static void aim(const char *description)
{
    char error[RY_TUNING_MACHINE_ERROR_BYTES];
    unsigned missing;
    ck_assert_msg(ry_tuning_machine_look(&machine, description, error) == 0, "%s", error);
    plan = (struct ry_tuning_placement){.count = 0};
    ry_supervisor_topology_place(&ry_supervisor_topology, &battle, &plan);
    ck_assert_int_eq(ry_tuning_placement_plan(&plan, &machine, &missing), 0);
    ry_supervisor_target(&target, &ry_supervisor_topology, &battle, &machine, &plan);
}

static void set_up(void)
{
    battle = (struct ry_battle){.name = "duel", .feeds = 1, .agents = 2};
    battle.core_exec = battle.core_journal = battle.core_supervisor = RY_BATTLE_CORE_NONE;
    battle.core_feed[0] = battle.agent[0].core = battle.agent[1].core = RY_BATTLE_CORE_NONE;
    battle.feed[0].port = RY_BATTLE_PORT_FILE;
}

static size_t huge_of(const char *link)
{
    return ry_role_link_huge_bytes(ry_role_link_row(link));
}

START_TEST(rings_lie_where_they_are_made)
{
    aim("pack:2 numa:1 core:8 pu:1 [nic=1]");
    ck_assert_str_eq(target.battle, "duel");
    ck_assert_uint_gt(huge_of("exec.inputs"), 16 * MIB);
    ck_assert_uint_eq(huge_of("exec.link*") % (2 * MIB), 0);
    ck_assert_uint_eq(huge_of("supervisor.control"), 0);
    ck_assert_uint_eq(target.huge_bytes[1], 0);
    ck_assert_uint_eq(target.huge_bytes[0], huge_of("exec.inputs") + 2 * huge_of("exec.link*") +
                                                2 * huge_of("agent*.commands") +
                                                huge_of("feed*.events"));
    ck_assert_uint_eq(target.nics, 0);
}
END_TEST

START_TEST(a_feed_from_a_card)
{
    aim("pack:2 numa:1 core:8 pu:1 [nic=1:0000:3b:00.0]");
    size_t before = target.huge_bytes[0];
    battle.feed[0].port = RY_BATTLE_PORT_DPDK;
    strcpy(battle.feed[0].device, "3b:00.0");
    aim("pack:2 numa:1 core:8 pu:1 [nic=1:0000:3b:00.0]");
    ck_assert_uint_eq(target.huge_bytes[0], 0); /* all are at the card */
    ck_assert_uint_eq(target.huge_bytes[1], before + RY_DPDK_MIB * MIB);
    ck_assert_uint_eq(target.nics, 1);
    ck_assert_str_eq(target.nic[0].pci, "0000:3b:00.0");
    ck_assert_int_eq(target.nic[0].node, 1);
    ck_assert(target.nic[0].vfio);
    strcpy(battle.feed[0].device, "net_af_xdp0,iface=ens1f0");
    aim("pack:2 numa:1 core:8 pu:1");
    ck_assert_str_eq(target.nic[0].interface, "ens1f0");
    ck_assert(!target.nic[0].vfio);
}
END_TEST

/* Bound to no core: where the house is. */
START_TEST(oversubscribed)
{
    aim("pack:1 numa:1 core:2 pu:1");
    ck_assert_uint_gt(target.huge_bytes[0], 16 * MIB);
    ck_assert_uint_eq(ry_tuning_cpus_count(&target.hot), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("target");
    TCase *t = tcase_create("target");
    tcase_add_checked_fixture(t, set_up, NULL);
    tcase_add_test(t, rings_lie_where_they_are_made);
    tcase_add_test(t, a_feed_from_a_card);
    tcase_add_test(t, oversubscribed);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
