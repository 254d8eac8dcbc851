/*
 * The isolated partition: what is told of it in the order in which it is made, and where there can
 * be none.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"
#include "tuning/engine.h"

#define KEEPER "/etc/systemd/system/init.scope.d/90-royale-tune.conf"

static struct ry_test_host fake;
static struct ry_tuning_target target;
static struct ry_test_findings findings;

static void open_fake(void)
{
    ry_test_host_open(&fake);
    ry_test_target(&target);
}

static void close_fake(void)
{
    ry_test_host_close(&fake);
}

static void look(void)
{
    ry_test_host_look(&fake, &target, "partition", &findings);
}

struct step {
    enum ry_tuning_kind kind;
    const char *path, *want;
    enum ry_tuning_state state;
};

static void are(const struct step *steps, unsigned count)
{
    for (unsigned i = 0; i < count && i < findings.count; i++) {
        const struct ry_tuning_setting *found = &findings.setting[i];
        ck_assert_str_eq(found->path, steps[i].path);
        ck_assert_int_eq(found->kind, steps[i].kind);
        ck_assert_str_eq(found->want, steps[i].want);
        ck_assert_msg(found->state == steps[i].state, "%s: state %d, now %s, %s", found->path,
                      (int)found->state, found->now, found->why);
        ck_assert(!found->quiet && !found->gone_with_boot);
    }
    ck_assert_uint_eq(findings.count, count);
}

/* Sets the step that was told. */
static void set(unsigned i)
{
    const struct ry_tuning_setting *step = &findings.setting[i];
    if (step->kind == RY_TUNING_DIRECTORY)
        ck_assert_int_eq(fake.host.calls->make_folder(&fake.host, step->path), 0);
    else if (step->kind == RY_TUNING_OWN_FILE)
        ry_test_host_file(&fake, step->path, step->want);
    else
        ck_assert_int_eq(fake.host.calls->write(&fake.host, step->path, step->want), 0);
}

static const char keeper_text[] =
    "# Made by royale tune: keeps systemd from taking the cpuset controller away from the isolated "
    "partition.\n[Scope]\nAllowedCPUs=0,4\n";

START_TEST(made_in_one_piece)
{
    static const struct step steps[] = {
        {RY_TUNING_FILE, "/sys/fs/cgroup/cgroup.subtree_control", "+cpuset", RY_TUNING_MISSING},
        {RY_TUNING_DIRECTORY, RY_TUNING_PARTITION, "folder", RY_TUNING_MISSING},
        {RY_TUNING_FILE, RY_TUNING_PARTITION "/cpuset.cpus", "1-3,5-7", RY_TUNING_MISSING},
        {RY_TUNING_FILE, RY_TUNING_PARTITION "/cpuset.mems", "0", RY_TUNING_MISSING},
        {RY_TUNING_FILE, RY_TUNING_PARTITION "/cpuset.cpus.partition", "isolated",
         RY_TUNING_MISSING},
        {RY_TUNING_OWN_FILE, KEEPER, keeper_text, RY_TUNING_MISSING},
    };
    unsigned count = sizeof steps / sizeof *steps;
    struct step done[sizeof steps / sizeof *steps];
    ry_test_host_tree(&fake, "kernel_6_1");
    memcpy(done, steps, sizeof done);
    for (unsigned i = 0; i <= count; i++) { /* after each, the rest is still to do */
        look();
        are(done, count);
        if (i == count)
            break;
        set(i);
        done[i].state = RY_TUNING_OK;
    }
    ck_assert_str_eq(ry_test_host_text(&fake, "/sys/fs/cgroup/cgroup.subtree_control"),
                     "cpu io memory pids cpuset\n");
}
END_TEST

START_TEST(as_it_should_be_it_is_left_alone)
{
    ry_test_host_tree(&fake, "kernel_6_12");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.cpus", "1,2,3,5-7\n");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.mems", "0\n");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.cpus.partition", "isolated\n");
    look();
    for (unsigned i = 0; i < findings.count; i++)
        if (findings.setting[i].kind != RY_TUNING_OWN_FILE)
            ck_assert_int_eq(findings.setting[i].state, RY_TUNING_OK);
}
END_TEST

START_TEST(an_invalid_one_is_a_member_first)
{
    ry_test_host_tree(&fake, "kernel_6_12");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.cpus", "1-3,5-7\n");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.mems", "0\n");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.cpus.partition",
                      "isolated invalid (Cpu list in cpuset.cpus not exclusive)\n");
    look();
    ck_assert_str_eq(findings.setting[4].want, "member");
    ck_assert_int_eq(findings.setting[4].state, RY_TUNING_MISSING);
    ck_assert_str_eq(findings.setting[5].want, "isolated");
    ck_assert_int_eq(findings.setting[5].state, RY_TUNING_MISSING);
    ck_assert_ptr_nonnull(
        strstr(findings.setting[5].why, "(Cpu list in cpuset.cpus not exclusive)"));
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.cpus.partition", "isolated invalid\n");
    look(); /* without a reason, as 6.12 says it of one whose CPUs were taken */
    ck_assert_ptr_nonnull(strstr(findings.setting[5].why, "no other cgroup"));
    set(4);
    set(5);
    look();
    ck_assert_str_eq(findings.setting[4].want, "isolated");
    ck_assert_int_eq(findings.setting[4].state, RY_TUNING_OK);
    ck_assert_str_eq(findings.setting[4].why, "");
}
END_TEST

static void count_failures(void *context, const char *stage,
                           const struct ry_tuning_setting *setting, enum ry_tuning_deed deed,
                           const char *was)
{
    (void)stage;
    (void)setting;
    (void)was;
    *(unsigned *)context += deed == RY_TUNING_FAILED;
}

START_TEST(an_invalid_one_is_applied_at_once)
{
    unsigned failures = 0;
    struct ry_tuning_told told = {.tell = count_failures, .context = &failures};
    ry_test_host_tree(&fake, "kernel_6_12");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.cpus", "1-3\n");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.mems", "0\n");
    ry_test_host_file(&fake, RY_TUNING_PARTITION "/cpuset.cpus.partition",
                      "isolated invalid (Parent is not a partition root)\n");
    ptrdiff_t stage = ry_tuning_stage_named("partition") - ry_tuning_stages;
    ck_assert_int_eq(ry_tuning_apply(&fake.host, &target, UINT64_C(1) << stage, &told), 0);
    ck_assert_uint_eq(failures, 0);
    ck_assert_str_eq(ry_test_host_text(&fake, RY_TUNING_PARTITION "/cpuset.cpus.partition"),
                     "isolated\n");
}
END_TEST

START_TEST(memory_of_the_nodes_of_its_cores)
{
    ry_test_host_tree(&fake, "kernel_6_1");
    for (unsigned i = 0; i < target.machine.cpus; i++)
        target.machine.cpu[i].node = target.machine.cpu[i].core; /* 0: the house alone */
    look();
    ck_assert_str_eq(ry_test_finding(&findings, RY_TUNING_PARTITION "/cpuset.mems")->want, "1-3");
}
END_TEST

START_TEST(without_systemd_nobody_has_to_be_kept_from_it)
{
    ry_test_host_tree(&fake, "kernel_6_1");
    ry_test_host_remove(&fake, "/run");
    look();
    ck_assert_uint_eq(findings.count, 5);
}
END_TEST

static void cannot(const char *why)
{
    look();
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_str_eq(findings.setting[0].path, RY_TUNING_PARTITION);
    ck_assert_int_eq(findings.setting[0].state, RY_TUNING_CANNOT);
    ck_assert_msg(strstr(findings.setting[0].why, why) != NULL, "%s", findings.setting[0].why);
}

START_TEST(where_there_can_be_none)
{
    cannot("cgroup v2 is not mounted at /sys/fs/cgroup");
    ry_test_host_tree(&fake, "kernel_bare");
    cannot("systemd.unified_cgroup_hierarchy=1");
    ry_test_host_file(&fake, "/sys/fs/cgroup/cgroup.controllers", "cpu cpusets memory\n");
    cannot("no cpusets");
    ry_test_host_file(&fake, "/sys/fs/cgroup/cgroup.controllers", "\n");
    cannot("no cpusets");
    ry_test_host_file(&fake, "/sys/fs/cgroup/cgroup.controllers", "cpu cpuset\n");
    target.house = (struct ry_tuning_cpus){.word = {0}};
    cannot("none would be left");
}
END_TEST

START_TEST(nothing_is_hot)
{
    ry_test_host_tree(&fake, "kernel_6_1");
    target.hot = (struct ry_tuning_cpus){.word = {0}};
    look();
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_int_eq(findings.setting[0].state, RY_TUNING_REPORTED);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("tuning_stages_partition");
    TCase *tests = tcase_create("partition");
    tcase_add_checked_fixture(tests, open_fake, close_fake);
    tcase_add_test(tests, made_in_one_piece);
    tcase_add_test(tests, as_it_should_be_it_is_left_alone);
    tcase_add_test(tests, an_invalid_one_is_a_member_first);
    tcase_add_test(tests, an_invalid_one_is_applied_at_once);
    tcase_add_test(tests, memory_of_the_nodes_of_its_cores);
    tcase_add_test(tests, without_systemd_nobody_has_to_be_kept_from_it);
    tcase_add_test(tests, where_there_can_be_none);
    tcase_add_test(tests, nothing_is_hot);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(suite)
