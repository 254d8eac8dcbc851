/* Stages of a few files: idle, machine-checks, console, aslr, limits, clocksource, mitigations. */
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"

#define CPUS    "/sys/devices/system/cpu"
#define CHECKS  "/sys/devices/system/machinecheck/machinecheck0/check_interval"
#define PRINTK  "/proc/sys/kernel/printk"
#define BLINK   "/sys/class/graphics/fbcon/cursor_blink"
#define SOURCE  "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define FAULTS  CPUS "/vulnerabilities"
#define PAM     "/etc/security/limits.d/90-royale-tune.conf"
#define SYSTEMD "/etc/systemd/system.conf.d/90-royale-tune.conf"

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

/* Looks at the machine as it is after the tree has come to it (NULL: none comes). */
static void look(const char *tree, const char *stage)
{
    if (tree != NULL)
        ry_test_host_tree(&fake, tree);
    ry_test_host_look(&fake, &target, stage, &findings);
}

static const struct ry_tuning_setting *want(const char *path, enum ry_tuning_state state,
                                            const char *now, const char *wanted)
{
    const struct ry_tuning_setting *told = ry_test_finding(&findings, path);
    ck_assert_int_eq(told->state, state);
    ck_assert_str_eq(told->now, now);
    ck_assert_str_eq(told->want, wanted);
    return told;
}

START_TEST(deep_states_of_hot_cores_are_switched_off)
{
    look("xeon", "idle");
    /* C1E (4 us) and C6 of six hot threads; C1 takes 1 us. */
    ck_assert_uint_eq(findings.count, 6 * 2 + 1);
    want(CPUS "/cpu1/cpuidle/state2/disable", RY_TUNING_MISSING, "0", "1");
    want(CPUS "/cpu7/cpuidle/state3/disable", RY_TUNING_MISSING, "0", "1");
    want("/dev/cpu_dma_latency", RY_TUNING_REPORTED, "absent", "");
    ry_test_host_file(&fake, "/dev/cpu_dma_latency", "");
    ry_test_host_file(&fake, CPUS "/cpu1/cpuidle/state2/disable", "1\n");
    look(NULL, "idle");
    want(CPUS "/cpu1/cpuidle/state2/disable", RY_TUNING_OK, "1", "1");
    ck_assert_ptr_nonnull(
        strstr(want("/dev/cpu_dma_latency", RY_TUNING_REPORTED, "there", "")->why, "2 us"));
}
END_TEST

START_TEST(where_no_state_is_deep_nothing_is_missing)
{
    look("guest", "idle");
    want(CPUS "/cpuidle", RY_TUNING_CANNOT, "", "");
    ry_test_host_file(&fake, CPUS "/cpu1/cpuidle/state0/latency", "0\n");
    ry_test_host_file(&fake, CPUS "/cpu1/cpuidle/state1/latency", "2\n");
    look(NULL, "idle");
    want(CPUS "/cpuidle", RY_TUNING_OK, "", "");
}
END_TEST

START_TEST(machine_checks_are_not_polled_for)
{
    look("xeon", "machine-checks");
    want(CHECKS, RY_TUNING_MISSING, "300", "0");
    ck_assert_uint_eq(findings.count, 1); /* the file of one CPU is that of all */
    ry_test_host_remove(&fake, "/sys/devices/system/machinecheck");
    target.machine.guest = true;
    look(NULL, "machine-checks");
    ck_assert_ptr_nonnull(strstr(want(CHECKS, RY_TUNING_CANNOT, "", "0")->why, "guest"));
}
END_TEST

START_TEST(the_console_is_quiet)
{
    look("xeon", "console");
    want(PRINTK, RY_TUNING_MISSING, "4\t4\t1\t7", "1");
    want(BLINK, RY_TUNING_MISSING, "1", "0");
    ry_test_host_file(&fake, PRINTK, "1\t4\t1\t7\n");
    ry_test_host_file(&fake, BLINK, "-1\n"); /* a console without a screen */
    look(NULL, "console");
    want(PRINTK, RY_TUNING_OK, "1\t4\t1\t7", "1");
    want(BLINK, RY_TUNING_OK, "", "");
    ry_test_host_remove(&fake, BLINK);
    look(NULL, "console");
    want(BLINK, RY_TUNING_OK, "", "");
}
END_TEST

START_TEST(randomisation_is_reported)
{
    look("xeon", "aslr");
    const char *path = "/proc/sys/kernel/randomize_va_space";
    ck_assert_ptr_nonnull(strstr(want(path, RY_TUNING_REPORTED, "2", "")->why, "setarch -R"));
    ry_test_host_file(&fake, path, "0\n");
    look(NULL, "aslr");
    ck_assert_ptr_nonnull(strstr(want(path, RY_TUNING_REPORTED, "0", "")->why, "alike"));
}
END_TEST

START_TEST(memory_may_be_locked_and_real_time_is_not_throttled)
{
    look("xeon", "limits");
    const struct ry_tuning_setting *told = ry_test_finding(&findings, PAM);
    ck_assert_int_eq(told->kind, RY_TUNING_OWN_FILE);
    ck_assert_int_eq(told->state, RY_TUNING_MISSING);
    ck_assert_str_eq(told->now, "");
    ck_assert_ptr_nonnull(
        strstr(told->want, "\n* - memlock unlimited\nroot - memlock unlimited\n"));
    told = ry_test_finding(&findings, SYSTEMD);
    ck_assert_int_eq(told->state, RY_TUNING_MISSING);
    ck_assert_ptr_nonnull(strstr(told->want, "\n[Manager]\nDefaultLimitMEMLOCK=infinity\n"));
    want("/proc/self/limits", RY_TUNING_REPORTED, "8388608", "");
    want("/proc/sys/kernel/sched_rt_runtime_us", RY_TUNING_MISSING, "950000", "-1");
}
END_TEST

START_TEST(where_there_is_no_systemd_no_file_is_written_for_it)
{
    look("guest", "limits");
    ck_assert_int_eq(ry_test_finding(&findings, PAM)->state, RY_TUNING_CANNOT);
    ck_assert_int_eq(ry_test_finding(&findings, SYSTEMD)->state, RY_TUNING_CANNOT);
}
END_TEST

START_TEST(the_counter_is_the_clock)
{
    look("xeon", "clocksource");
    want(SOURCE, RY_TUNING_OK, "tsc", "tsc");
    ry_test_host_file(&fake, SOURCE, "hpet\n");
    look(NULL, "clocksource");
    want(SOURCE, RY_TUNING_MISSING, "hpet", "tsc");
    ry_test_host_file(&fake, "/sys/devices/system/clocksource/clocksource0/available_clocksource",
                      "hyperv_clocksource_tsc_page acpi_pm tsc-early \n");
    look(NULL, "clocksource");
    want(SOURCE, RY_TUNING_YOURS, "hpet", "tsc");
    /* A kernel that found the counter unstable does not list it. */
    look("epyc", "clocksource");
    ck_assert_ptr_nonnull(strstr(want(SOURCE, RY_TUNING_YOURS, "hpet", "tsc")->why, "dmesg"));
    ry_test_host_file(&fake, SOURCE, "hyperv_clocksource_tsc_page\n");
    look(NULL, "clocksource");
    want(SOURCE, RY_TUNING_OK, "hyperv_clocksource_tsc_page", "");
    look("guest", "clocksource");
    want(SOURCE, RY_TUNING_OK, "kvm-clock", "");
    ry_test_host_file(&fake, SOURCE, "arch_sys_counter\n");
    look(NULL, "clocksource");
    want(SOURCE, RY_TUNING_OK, "arch_sys_counter", "");
    ry_test_host_remove(&fake, SOURCE);
    look(NULL, "clocksource");
    want(SOURCE, RY_TUNING_CANNOT, "", "tsc");
}
END_TEST

START_TEST(mitigations_are_counted)
{
    look("xeon", "mitigations");
    want(FAULTS, RY_TUNING_REPORTED, "2 mitigated, 1 open, 2 not of this CPU", "");
    want(FAULTS "/meltdown", RY_TUNING_REPORTED, "Not affected", "");
    ck_assert(ry_test_finding(&findings, FAULTS "/meltdown")->quiet);
    ck_assert(!ry_test_finding(&findings, FAULTS)->quiet);
    ry_test_host_file(&fake, FAULTS "/itlb_multihit", "KVM: Mitigation: VMX disabled\n");
    ry_test_host_file(&fake, FAULTS "/mds", "KVM: Vulnerable\n");
    look(NULL, "mitigations");
    want(FAULTS, RY_TUNING_REPORTED, "3 mitigated, 2 open, 1 not of this CPU", "");
    ry_test_host_remove(&fake, FAULTS);
    look(NULL, "mitigations");
    want(FAULTS, RY_TUNING_REPORTED, "", "");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_quiet_stages");
    TCase *c = tcase_create("stages");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, deep_states_of_hot_cores_are_switched_off);
    tcase_add_test(c, where_no_state_is_deep_nothing_is_missing);
    tcase_add_test(c, machine_checks_are_not_polled_for);
    tcase_add_test(c, the_console_is_quiet);
    tcase_add_test(c, randomisation_is_reported);
    tcase_add_test(c, memory_may_be_locked_and_real_time_is_not_throttled);
    tcase_add_test(c, where_there_is_no_systemd_no_file_is_written_for_it);
    tcase_add_test(c, the_counter_is_the_clock);
    tcase_add_test(c, mitigations_are_counted);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
