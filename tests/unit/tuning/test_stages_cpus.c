/*
 * Stages that keep the kernel's work away from hot cores: interrupts, packets, workqueues,
 * watchdogs. On the fake target CPUs 0 and 4 keep house, 1-3 and 5-7 are hot.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"

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

/* Another machine in place of the first. */
static void tree(const char *name)
{
    close_fake();
    open_fake();
    ry_test_host_tree(&fake, name);
}

static void look(const char *stage)
{
    ry_test_host_look(&fake, &target, stage, &findings);
}

static void is(const char *path, enum ry_tuning_state state, const char *want)
{
    ry_test_finding_is(&findings, path, state, want);
}

static bool told(const char *path)
{
    return ry_test_finding_told(&findings, path);
}

/* What apply writes; then nothing is missing. */
static void set_and_look_again(const char *stage)
{
    look(stage);
    for (unsigned i = 0; i < findings.count; i++)
        if (findings.setting[i].state == RY_TUNING_MISSING)
            ck_assert_int_eq(fake.host.calls->write(&fake.host, findings.setting[i].path,
                                                    findings.setting[i].want),
                             0);
    look(stage);
    for (unsigned i = 0; i < findings.count; i++)
        ck_assert_msg(findings.setting[i].state != RY_TUNING_MISSING, "%s",
                      findings.setting[i].path);
}

START_TEST(interrupts_of_6_1)
{
    tree("kernel_6_1");
    look("irqs");
    is("/proc/irq/default_smp_affinity", RY_TUNING_MISSING, "11");
    is("/proc/irq/0/smp_affinity_list", RY_TUNING_CANNOT, NULL);
    ck_assert(!told("/proc/irq/2/smp_affinity_list")); /* nobody handles it */
    is("/proc/irq/9/smp_affinity_list", RY_TUNING_MISSING, "0,4");
    is("/proc/irq/16/smp_affinity_list", RY_TUNING_OK, NULL);
    is("/proc/irq/17/smp_affinity_list", RY_TUNING_MISSING, "0,4");
    is("/proc/irq/120/smp_affinity_list", RY_TUNING_MISSING, "0,4");
    is("/proc/irq/121/smp_affinity_list", RY_TUNING_CANNOT, NULL);
    is("/proc/irq/128/smp_affinity_list", RY_TUNING_CANNOT, NULL);
    is("/proc/irq/130/smp_affinity_list", RY_TUNING_MISSING, "0,4"); /* CPU 2 alone: all */
    const struct ry_tuning_setting *card =
        ry_test_finding(&findings, "/proc/irq/133/smp_affinity_list");
    ck_assert(card->quiet && card->gone_with_boot);
    ck_assert_str_eq(card->why, "interrupt of mlx5_comp0@pci:0000:3b:00.0");
    ck_assert(!ry_test_finding(&findings, "/proc/irq/default_smp_affinity")->quiet);
    set_and_look_again("irqs");
}
END_TEST

START_TEST(interrupts_of_6_12_whose_files_say_that_they_cannot_be_moved)
{
    static const char *path = "/proc/irq/36/smp_affinity_list";
    char full[2 * RY_TUNING_PATH_BYTES];
    tree("kernel_6_12");
    ck_assert(ry_tuning_host_path(&fake.host, path, full));
    look("irqs");
    is(path, RY_TUNING_MISSING, "0,4"); /* no name that is known */
    ck_assert_int_eq(chmod(full, 0444), 0);
    look("irqs");
    is(path, RY_TUNING_CANNOT, NULL);
    ck_assert_ptr_nonnull(
        strstr(ry_test_finding(&findings, path)->why, "interrupt of newdisk-queue-1: the kernel"));
    is("/proc/irq/default_smp_affinity", RY_TUNING_OK, NULL);
    set_and_look_again("irqs");
}
END_TEST

START_TEST(interrupts_that_irqbalance_moves)
{
    static const char *path = "/proc/irq/17/smp_affinity_list";
    tree("kernel_6_1");
    ry_test_host_file(&fake, path, "0-3\n"); /* a cache that four cores share */
    look("irqs");
    is(path, RY_TUNING_MISSING, "0,4"); /* it may move to the other */
    ck_assert_int_eq(ry_test_finding(&findings, path)->form, RY_TUNING_PART);
    ry_test_host_remove(&fake, "/fake/irqbalance");
    look("irqs");
    is(path, RY_TUNING_MISSING, "0");
}
END_TEST

START_TEST(interrupts_of_a_device_go_to_its_memory_node)
{
    tree("kernel_6_1");
    ry_test_host_remove(&fake, "/fake/irqbalance");
    for (unsigned i = 0; i < target.machine.cpus; i++)
        target.machine.cpu[i].node = target.machine.cpu[i].cpu / 4;
    look("irqs");
    is("/proc/irq/130/smp_affinity_list", RY_TUNING_MISSING, "0");
    ry_test_host_file(&fake, "/proc/irq/130/node", "1\n");
    look("irqs");
    is("/proc/irq/130/smp_affinity_list", RY_TUNING_MISSING, "4");
    ry_test_host_file(&fake, "/proc/irq/130/node", "2\n"); /* no housekeeping core there */
    look("irqs");
    is("/proc/irq/130/smp_affinity_list", RY_TUNING_MISSING, "0,4");
}
END_TEST

START_TEST(odd_sets)
{
    static const char *path = "/proc/irq/9/smp_affinity_list";
    static const struct {
        const char *now;
        enum ry_tuning_state state;
        const char *want;
    } cases[] = {
        {"0-63\n", RY_TUNING_MISSING, "0,4,8-63"},  /* CPUs that are off stay */
        {"1-3,5-7,12\n", RY_TUNING_MISSING, "0,4"}, /* one that is off alone would be refused */
        {"4", RY_TUNING_OK, NULL},
        {"\n", RY_TUNING_OK, NULL},
        {"all\n", RY_TUNING_CANNOT, NULL},
        {"0-4096\n", RY_TUNING_CANNOT, NULL},
        {"1-\n", RY_TUNING_CANNOT, NULL},
    };
    tree("kernel_6_1");
    ry_test_host_remove(&fake, "/fake/irqbalance");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ry_test_host_file(&fake, path, cases[i].now);
        look("irqs");
        is(path, cases[i].state, cases[i].want);
    }
    target.hot = (struct ry_tuning_cpus){.word = {0xff}};
    target.house = (struct ry_tuning_cpus){.word = {0}};
    ry_test_host_file(&fake, path, "0-7\n");
    look("irqs");
    is(path, RY_TUNING_CANNOT, NULL);
}
END_TEST

START_TEST(masks_of_more_than_one_word)
{
    tree("kernel_6_1");
    target.machine.possible = 72;
    ry_tuning_cpus_add(&target.hot, 40);
    ry_tuning_cpus_add(&target.house, 70);
    ry_test_host_file(&fake, "/proc/irq/default_smp_affinity", "ff,ffffffff,ffffffff\n");
    look("irqs");
    is("/proc/irq/default_smp_affinity", RY_TUNING_MISSING, "ff,fffffeff,ffffff11");
    set_and_look_again("irqs");
}
END_TEST

START_TEST(packets_of_6_1)
{
    tree("kernel_6_1");
    look("packets");
    ck_assert(!told("/proc/sys/net/core/rps_default_mask"));          /* from 6.3 on */
    is("/sys/class/net/lo/queues/rx-0/rps_cpus", RY_TUNING_OK, NULL); /* off */
    is("/sys/class/net/eth1/queues/rx-0/rps_cpus", RY_TUNING_MISSING, "11");
    is("/sys/class/net/eth0/queues/tx-0/xps_cpus", RY_TUNING_OK, NULL);
    is("/sys/class/net/eth0/queues/tx-3/xps_cpus", RY_TUNING_MISSING, "00");
    ck_assert_uint_eq(findings.count, 10);
    set_and_look_again("packets");
}
END_TEST

START_TEST(packets_of_6_12)
{
    tree("kernel_6_12");
    look("packets");
    is("/proc/sys/net/core/rps_default_mask", RY_TUNING_MISSING, "10");
    is("/sys/class/net/eth0/queues/rx-0/rps_cpus", RY_TUNING_MISSING, "00"); /* hot ones alone */
    ck_assert(!told("/sys/class/net/eth0/queues/tx-0/xps_cpus"));
    set_and_look_again("packets");
}
END_TEST

START_TEST(workqueues)
{
    static const char *path = "/sys/devices/virtual/workqueue/cpumask";
    tree("kernel_6_1");
    look("workqueues");
    ck_assert_uint_eq(findings.count, 1);
    is(path, RY_TUNING_MISSING, "11");
    ck_assert(!ry_test_finding(&findings, path)->gone_with_boot);
    set_and_look_again("workqueues");
    ry_test_host_file(&fake, path, "0e\n"); /* hot ones alone */
    look("workqueues");
    is(path, RY_TUNING_MISSING, "11");
    tree("kernel_bare");
    look("workqueues");
    is(path, RY_TUNING_CANNOT, NULL);
}
END_TEST

START_TEST(workqueues_after_the_partition)
{
    tree("kernel_6_12");
    look("workqueues");
    is("/sys/devices/virtual/workqueue/cpumask", RY_TUNING_OK, NULL);
}
END_TEST

START_TEST(watchdogs)
{
    tree("kernel_6_1");
    look("watchdogs");
    is("/proc/sys/kernel/nmi_watchdog", RY_TUNING_MISSING, "0");
    is("/proc/sys/kernel/watchdog_cpumask", RY_TUNING_MISSING, "0,4");
    ck_assert_uint_eq(findings.count, 2);
    set_and_look_again("watchdogs");
    tree("kernel_6_12");
    look("watchdogs");
    is("/proc/sys/kernel/nmi_watchdog", RY_TUNING_OK, NULL);
    is("/proc/sys/kernel/watchdog_cpumask", RY_TUNING_OK, NULL);
}
END_TEST

START_TEST(a_kernel_without_any)
{
    tree("kernel_bare");
    look("irqs");
    is("/proc/irq/default_smp_affinity", RY_TUNING_CANNOT, NULL);
    ck_assert_uint_eq(findings.count, 1);
    look("packets");
    ck_assert_uint_eq(findings.count, 0);
    look("watchdogs");
    is("/proc/sys/kernel/nmi_watchdog", RY_TUNING_CANNOT, NULL);
    is("/proc/sys/kernel/watchdog_cpumask", RY_TUNING_CANNOT, NULL);
}
END_TEST

START_TEST(irqbalance_keeps_what_it_was_told)
{
    static const char *drop_in = "/etc/systemd/system/irqbalance.service.d/90-royale-tune.conf";
    tree("kernel_6_1");
    look("irqbalance");
    is("irqbalance", RY_TUNING_MISSING, "1-3,5-7");
    is(drop_in, RY_TUNING_MISSING,
       "# Made by royale tune: no interrupts for hot cores.\n[Service]\n"
       "Environment=IRQBALANCE_BANNED_CPULIST=1-3,5-7\n");
    ck_assert_int_eq(ry_test_finding(&findings, drop_in)->kind, RY_TUNING_OWN_FILE);
    ry_test_host_file(&fake, "/fake/irqbalance", "SLEEP 10 BANNED 00000010\n");
    look("irqbalance");
    is("irqbalance", RY_TUNING_MISSING, "1-7"); /* 4 was banned by somebody */
    ry_test_host_file(&fake, "/fake/irqbalance",
                      "SLEEP 1 IRQ 9 LOAD 0 DIFF 0 CLASS 0 BANNED 00000000,000000ee\n");
    look("irqbalance");
    is("irqbalance", RY_TUNING_OK, NULL);
    ry_test_host_file(&fake, "/fake/irqbalance", "SLEEP 10\n");
    look("irqbalance");
    is("irqbalance", RY_TUNING_CANNOT, NULL);
    ry_test_host_remove(&fake, "/fake/irqbalance");
    look("irqbalance");
    is("irqbalance", RY_TUNING_REPORTED, NULL);
    is(drop_in, RY_TUNING_MISSING, ry_test_finding(&findings, drop_in)->want);
}
END_TEST

START_TEST(irqbalance_that_is_not_installed)
{
    tree("kernel_bare");
    look("irqbalance");
    is("irqbalance", RY_TUNING_REPORTED, NULL);
    ck_assert_uint_eq(findings.count, 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("tuning_stages_cpus");
    TCase *tests = tcase_create("stages");
    tcase_add_checked_fixture(tests, open_fake, close_fake);
    tcase_add_test(tests, interrupts_of_6_1);
    tcase_add_test(tests, interrupts_of_6_12_whose_files_say_that_they_cannot_be_moved);
    tcase_add_test(tests, interrupts_that_irqbalance_moves);
    tcase_add_test(tests, interrupts_of_a_device_go_to_its_memory_node);
    tcase_add_test(tests, odd_sets);
    tcase_add_test(tests, masks_of_more_than_one_word);
    tcase_add_test(tests, packets_of_6_1);
    tcase_add_test(tests, packets_of_6_12);
    tcase_add_test(tests, workqueues);
    tcase_add_test(tests, workqueues_after_the_partition);
    tcase_add_test(tests, watchdogs);
    tcase_add_test(tests, a_kernel_without_any);
    tcase_add_test(tests, irqbalance_keeps_what_it_was_told);
    tcase_add_test(tests, irqbalance_that_is_not_installed);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(suite)
