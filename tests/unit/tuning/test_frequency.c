/* Stage frequency, on machines whose drivers differ. */
#include <stdio.h>
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"

#define CPUFREQ "/sys/devices/system/cpu/cpufreq"
#define PSTATE  "/sys/devices/system/cpu/intel_pstate"

static struct ry_test_host fake;
static struct ry_tuning_target target;
static struct ry_test_findings findings;

static void begin(void)
{
    ry_test_host_open(&fake);
    ry_test_target(&target);
}

static void end(void)
{
    ry_test_host_close(&fake);
}

static void look(const char *tree)
{
    if (tree != NULL)
        ry_test_host_tree(&fake, tree);
    ry_test_host_look(&fake, &target, "frequency", &findings);
}

static const struct ry_tuning_setting *of_policy(unsigned policy, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, CPUFREQ "/policy%u/%s", policy, name);
    for (unsigned i = 0; i < findings.count; i++)
        if (strcmp(findings.setting[i].path, path) == 0)
            return &findings.setting[i];
    return NULL;
}

static void want(const struct ry_tuning_setting *told, enum ry_tuning_state state, const char *now,
                 const char *wanted)
{
    ck_assert_ptr_nonnull(told);
    ck_assert_int_eq(told->state, state);
    ck_assert_str_eq(told->now, now);
    ck_assert_str_eq(told->want, wanted);
}

static unsigned missing(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < findings.count; i++)
        count += findings.setting[i].state == RY_TUNING_MISSING;
    return count;
}

START_TEST(intel_pstate_is_held_at_the_top)
{
    look("xeon");
    want(ry_test_finding(&findings, PSTATE "/no_turbo"), RY_TUNING_MISSING, "1", "0");
    want(ry_test_finding(&findings, PSTATE "/max_perf_pct"), RY_TUNING_MISSING, "80", "100");
    want(of_policy(1, "scaling_governor"), RY_TUNING_MISSING, "powersave", "performance");
    want(of_policy(7, "energy_performance_preference"), RY_TUNING_MISSING, "balance_performance",
         "performance");
    want(of_policy(3, "scaling_max_freq"), RY_TUNING_OK, "3500000", "3500000");
    want(of_policy(1, "scaling_driver"), RY_TUNING_REPORTED, "intel_pstate", "");
    ck_assert_uint_eq(missing(), 2 + 6 * 2);
    /* Once, however many policies it has. */
    ck_assert_ptr_null(of_policy(2, "scaling_driver"));
}
END_TEST

START_TEST(housekeeping_cores_are_left_alone)
{
    look("xeon");
    ck_assert_ptr_null(of_policy(0, "scaling_governor"));
    ck_assert_ptr_null(of_policy(4, "scaling_governor"));
    ck_assert_ptr_nonnull(of_policy(5, "scaling_governor"));
}
END_TEST

/* Revert goes from the last to the first: the kernel refuses a preference under the governor. */
START_TEST(the_preference_comes_before_the_governor)
{
    look("xeon");
    ck_assert(of_policy(1, "energy_performance_preference") < of_policy(1, "scaling_governor"));
}
END_TEST

START_TEST(amd_pstate_boosts_by_policy)
{
    look("epyc");
    want(ry_test_finding(&findings, CPUFREQ "/boost"), RY_TUNING_MISSING, "0", "1");
    want(of_policy(2, "boost"), RY_TUNING_MISSING, "0", "1");
    want(of_policy(2, "scaling_max_freq"), RY_TUNING_MISSING, "2400000", "3710000");
    want(of_policy(1, "scaling_driver"), RY_TUNING_REPORTED, "amd-pstate-epp", "");
}
END_TEST

START_TEST(acpi_has_steps_and_the_firmware_a_limit)
{
    look("old");
    want(ry_test_finding(&findings, CPUFREQ "/boost"), RY_TUNING_OK, "1", "1");
    want(of_policy(1, "scaling_governor"), RY_TUNING_MISSING, "ondemand", "performance");
    ck_assert_ptr_null(of_policy(1, "energy_performance_preference"));
    want(of_policy(1, "bios_limit"), RY_TUNING_YOURS, "2800000", "3400000");
    ck_assert_ptr_null(of_policy(2, "bios_limit")); /* as high as the CPU can go */
    /* A policy of a hot thread and a housekeeping one does not exist here: 0 and 4 keep house. */
    ck_assert_ptr_null(of_policy(0, "scaling_governor"));
    want(of_policy(3, "scaling_governor"), RY_TUNING_CANNOT, "ondemand", "performance");
    ck_assert_ptr_nonnull(
        strstr(of_policy(3, "scaling_governor")->why, "offers only: conservative ondemand"));
    ck_assert_uint_eq(missing(), 2);
}
END_TEST

START_TEST(without_a_driver_it_says_who_sets_the_clock)
{
    look("guest");
    const struct ry_tuning_setting *told = ry_test_finding(&findings, CPUFREQ);
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_int_eq(told->state, RY_TUNING_CANNOT);
    ck_assert_ptr_nonnull(strstr(told->why, "firmware"));
    target.machine.guest = true;
    look(NULL);
    ck_assert_ptr_nonnull(strstr(ry_test_finding(&findings, CPUFREQ)->why, "on the host"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_frequency");
    TCase *c = tcase_create("frequency");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, intel_pstate_is_held_at_the_top);
    tcase_add_test(c, housekeeping_cores_are_left_alone);
    tcase_add_test(c, the_preference_comes_before_the_governor);
    tcase_add_test(c, amd_pstate_boosts_by_policy);
    tcase_add_test(c, acpi_has_steps_and_the_firmware_a_limit);
    tcase_add_test(c, without_a_driver_it_says_who_sets_the_clock);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
