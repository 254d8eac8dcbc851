/* What disturbs the cores of a battle, with real processes: counted from GO to the end of exec. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/supervised.h"
#include "tests/support/test.h"

static struct ry_test_supervised *const t = &ry_test_supervised;
static struct ry_supervisor_result *const result = &ry_test_supervised.result;
static struct ry_tuning_noise noise;

/* The first core of this process: for exec, and for feed1 too. */
static int bind_exec(bool feed)
{
    cpu_set_t cores;
    int first = 0;
    ck_assert_int_eq(sched_getaffinity(0, sizeof cores, &cores), 0);
    while (!CPU_ISSET((size_t)first, &cores))
        first++;
    t->placement.process[0] = (struct ry_tuning_placed){.name = "exec", .core = first};
    t->placement.process[1] = (struct ry_tuning_placed){.name = "feed1", .core = first};
    t->placement.count = feed ? 2 : 1;
    t->plan.noise = &noise;
    return first;
}

/* Its switches during the battle, of those in its whole life. */
static void switches_hold(unsigned i, const char *name, unsigned role)
{
    const struct ry_tuning_noise_switches *switches = &noise.process[i];
    const struct rusage *life = &result->role[role].child.usage;
    ck_assert_str_eq(switches->process.name, name);
    ck_assert_str_eq(result->role[role].name, name);
    ck_assert_int_eq(switches->process.pid, result->role[role].pid);
    ck_assert(switches->known);
    /* Until it was told its place it has slept. */
    ck_assert_uint_lt(switches->given_up, (uint64_t)life->ru_nvcsw);
    ck_assert_uint_le(switches->forced, (uint64_t)life->ru_nivcsw);
}

START_TEST(a_battle_with_cores)
{
    int core = bind_exec(true);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert_uint_eq(noise.cores, 1); /* both are on it */
    ck_assert_uint_eq(noise.core[0].core, (unsigned)core);
    ck_assert_uint_eq(noise.processes, 2);
    switches_hold(0, "exec", 0);
    switches_hold(1, "feed1", 2);
    ck_assert_int_ge(noise.time_ns, result->run_ns);
    ry_tuning_noise_free(&noise);
}
END_TEST

/* Whoever stays on behind exec takes no part in it. */
START_TEST(it_ends_with_exec)
{
    const int64_t stays_ns = 8 * RY_NS_PER_SECOND;
    (void)bind_exec(false);
    t->battle.export.sink = RY_BATTLE_SINK_JSONL;
    t->battle.export.end_s = (uint32_t)(stays_ns / RY_NS_PER_SECOND);
    setenv("EXPORT", "hang", 1);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert_uint_eq(result->count, 5);
    ck_assert_int_ge(noise.time_ns, result->run_ns);
    ck_assert_int_lt(noise.time_ns, result->run_ns + stays_ns);
    ry_tuning_noise_free(&noise);
}
END_TEST

/* What wait4 says of one that has died counts. */
START_TEST(a_battle_whose_exec_dies)
{
    (void)bind_exec(false);
    setenv("EXEC", "die-step", 1);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_uint_eq(noise.cores, 1);
    ck_assert_uint_eq(noise.processes, 1);
    switches_hold(0, "exec", 0);
    ry_tuning_noise_free(&noise);
}
END_TEST

START_TEST(a_battle_without_cores)
{
    t->plan.noise = &noise;
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DONE);
    ck_assert_uint_eq(noise.cores + noise.processes, 0);
    ck_assert_int_eq(noise.time_ns, 0);
}
END_TEST

START_TEST(a_battle_that_does_not_come_to_run)
{
    (void)bind_exec(false);
    setenv("EXEC", "die-open", 1);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_uint_eq(noise.cores + noise.processes, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("noise of a battle");
    TCase *c = tcase_create("noise of a battle");
    tcase_add_checked_fixture(c, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_test(c, a_battle_with_cores);
    tcase_add_test(c, it_ends_with_exec);
    tcase_add_test(c, a_battle_whose_exec_dies);
    tcase_add_test(c, a_battle_without_cores);
    tcase_add_test(c, a_battle_that_does_not_come_to_run);
    tcase_set_timeout(c, 120);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
