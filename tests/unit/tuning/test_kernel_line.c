/* Stage kernel-line: which words are there, which are lacking, how they get there. */
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"

#define LINE "/proc/cmdline"
#define GRUB "/etc/default/grub.d/royale.cfg"

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
    ry_test_host_look(&fake, &target, "kernel-line", &findings);
}

static const struct ry_tuning_setting *want(const char *path, enum ry_tuning_state state,
                                            const char *now, const char *wanted)
{
    const struct ry_tuning_setting *setting = ry_test_finding(&findings, path);
    ck_assert_msg(setting->state == state, "%s: state %d, why %s", path, setting->state,
                  setting->why);
    ck_assert_str_eq(setting->now, now);
    ck_assert_str_eq(setting->want, wanted);
    ck_assert_int_eq(setting->kind, RY_TUNING_FACT); /* never written */
    return setting;
}

/* The state of one word, when the kernel's line is this. */
static enum ry_tuning_state state_of(const char *name, const char *line)
{
    char path[128] = LINE " ";
    strcat(path, name);
    ry_test_host_file(&fake, LINE, line);
    look(NULL);
    return ry_test_finding(&findings, path)->state;
}

static const char suggested[] =
    "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT isolcpus=managed_irq,domain,1-3,5-7 "
    "nohz_full=1-3,5-7 rcu_nocbs=1-3,5-7 irqaffinity=0,4 intel_iommu=on iommu=pt "
    "hugepagesz=1G hugepages=1\"";

START_TEST(a_new_machine_lacks_all)
{
    look("xeon");
    want(LINE " isolcpus", RY_TUNING_YOURS, "", "isolcpus=managed_irq,domain,1-3,5-7");
    want(LINE " nohz_full", RY_TUNING_YOURS, "", "nohz_full=1-3,5-7");
    want(LINE " rcu_nocbs", RY_TUNING_YOURS, "", "rcu_nocbs=1-3,5-7");
    want(LINE " irqaffinity", RY_TUNING_YOURS, "", "irqaffinity=0,4");
    const struct ry_tuning_setting *file = want(GRUB, RY_TUNING_YOURS, "", suggested);
    ck_assert_ptr_nonnull(strstr(file->why, "run update-grub"));
    /* Written, and the machine not yet booted with it. */
    ry_test_host_file(&fake, GRUB, suggested);
    look(NULL);
    file = want(GRUB, RY_TUNING_YOURS, suggested, suggested);
    ck_assert_ptr_nonnull(strstr(file->why, "boot again"));
    ck_assert_ptr_nonnull(strstr(file->why, "is in the file"));
}
END_TEST

START_TEST(what_was_suggested_is_enough)
{
    char line[1024];
    look("xeon");
    strcpy(line, strchr(suggested + 30, ' ') + 1);
    strcpy(line + strlen(line) - 1, "\n");
    ry_test_host_file(&fake, LINE, line);
    ry_test_host_file(
        &fake, "/sys/devices/system/node/node0/hugepages/hugepages-1048576kB/nr_hugepages", "1\n");
    look(NULL);
    for (unsigned i = 0; i < findings.count; i++)
        ck_assert_msg(findings.setting[i].state == RY_TUNING_OK, "%s", findings.setting[i].path);
    ck_assert_ptr_nonnull(strstr(ry_test_finding(&findings, LINE)->why, "every word"));
}
END_TEST

/* isolcpus of two cores alone; the rest is right: more is as good, "all", '-' for '_'. */
START_TEST(what_is_there_and_wrong_has_to_go)
{
    look("epyc");
    const struct ry_tuning_setting *told = want(LINE " isolcpus", RY_TUNING_YOURS, "isolcpus=2-3",
                                                "isolcpus=managed_irq,domain,1-3,5-7");
    ck_assert_ptr_nonnull(strstr(told->why, "take what is there out"));
    want(LINE " nohz_full", RY_TUNING_OK, "nohz_full=1-3,5-7", "nohz_full=1-3,5-7");
    want(LINE " rcu_nocbs", RY_TUNING_OK, "rcu_nocbs=all", "rcu_nocbs=1-3,5-7");
    want(LINE " irqaffinity", RY_TUNING_OK, "irqaffinity=0,4", "irqaffinity=0,4");
    /* AMD: the kernel has IOMMU on by itself. No grub there. */
    want("/etc/kernel/cmdline", RY_TUNING_YOURS, "root=/dev/nvme0n1p2 ro",
         ".. isolcpus=managed_irq,domain,1-3,5-7 iommu=pt");
}
END_TEST

START_TEST(words_are_read_as_the_kernel_reads_them)
{
    look("xeon");
    static const struct {
        const char *name, *line;
        bool right;
    } cases[] = {
        {"isolcpus", "isolcpus=domain,managed_irq,1-7\n", true},
        {"isolcpus", "isolcpus=nohz,domain,managed_irq,1-3,5-7\n", true},
        {"isolcpus", "isolcpus=1-3,5-7\n", false}, /* domain alone */
        {"isolcpus", "isolcpus=managed_irq,1-3,5-7\n", false},
        {"isolcpus", "isolcpus=managed_irq,domain,1-3\n", false},
        {"nohz_full", "nohz-full=1-7 quiet\n", true},
        {"nohz_full", "nohz_full=1-7 nohz_full=2\n", false}, /* the last counts */
        {"nohz_full", "xnohz_full=1-7\n", false},
        {"nohz_full", "nohz=1-7\n", false},
        {"nohz_full", "nohz_full=rubbish\n", false},
        {"nohz_full", "a=\"b nohz_full=1-7 c\"\n", false}, /* a quoted value */
        {"nohz_full", "quiet -- nohz_full=1-7\n", false},  /* of init */
        {"irqaffinity", "irqaffinity=0\n", true},
        {"irqaffinity", "irqaffinity=0-1\n", false},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg((state_of(cases[i].name, cases[i].line) == RY_TUNING_OK) == cases[i].right,
                      "%s", cases[i].line);
}
END_TEST

START_TEST(a_kernel_without_nohz_full_is_not_asked_for_it)
{
    look("guest");
    ck_assert_int_eq(ry_test_finding(&findings, LINE " nohz_full")->state, RY_TUNING_CANNOT);
    /* Neither grub nor systemd-boot. */
    ck_assert_ptr_null(strstr(ry_test_finding(&findings, "the boot loader")->want, "nohz_full"));
}
END_TEST

START_TEST(the_boot_processor_keeps_its_tick)
{
    look("xeon");
    ry_tuning_cpus_add(&target.hot, 0);
    ry_tuning_cpus_drop(&target.house, 0);
    look(NULL);
    want(LINE " nohz_full", RY_TUNING_YOURS, "", "nohz_full=1-3,5-7");
    want(LINE " rcu_nocbs", RY_TUNING_YOURS, "", "rcu_nocbs=0-3,5-7");
    memset(&target.house, 0, sizeof target.house);
    look(NULL);
    ck_assert_int_eq(ry_test_finding(&findings, LINE)->state, RY_TUNING_REPORTED);
}
END_TEST

/* tsc_adjust: the kernel has no watchdog of the counter. Without it (AMD) it goes round all cores.
 */
START_TEST(the_counter_s_watchdog)
{
    look("epyc");
    ry_test_host_file(&fake, "/sys/devices/system/clocksource/clocksource0/current_clocksource",
                      "tsc\n");
    look(NULL);
    want(LINE " tsc", RY_TUNING_OK, "tsc=reliable", "tsc=nowatchdog");
    ck_assert_int_eq(state_of("tsc", "quiet\n"), RY_TUNING_YOURS);
    ck_assert_int_eq(state_of("tsc", "tsc=nowatchdog\n"), RY_TUNING_OK);
    look("xeon");
    for (unsigned i = 0; i < findings.count; i++)
        ck_assert_str_ne(findings.setting[i].path, LINE " tsc");
}
END_TEST

START_TEST(giant_pages_on_the_node_of_the_card)
{
    look("xeon");
    ry_test_host_file(
        &fake, "/sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages", "0\n");
    target.machine.nodes = 2;
    target.nic[1].node = 1;
    look(NULL);
    want(LINE " hugepagesz=1G hugepages", RY_TUNING_YOURS, "", "hugepagesz=1G hugepages=1:1");
    /* Cards on both nodes, two of them on one. */
    target.nic[target.nics++] = (struct ry_tuning_nic){.node = 0, .vfio = true};
    target.nic[target.nics++] = (struct ry_tuning_nic){.node = 1, .vfio = true};
    look(NULL);
    want(LINE " hugepagesz=1G hugepages", RY_TUNING_YOURS, "", "hugepagesz=1G hugepages=1:1,0:1");
    target.nics = 1; /* the kernel's alone */
    look(NULL);
    for (unsigned i = 0; i < findings.count; i++) {
        ck_assert_ptr_null(strstr(findings.setting[i].path, "hugepages"));
        ck_assert_ptr_null(strstr(findings.setting[i].path, "iommu"));
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_kernel_line");
    TCase *c = tcase_create("kernel_line");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, a_new_machine_lacks_all);
    tcase_add_test(c, what_was_suggested_is_enough);
    tcase_add_test(c, what_is_there_and_wrong_has_to_go);
    tcase_add_test(c, words_are_read_as_the_kernel_reads_them);
    tcase_add_test(c, a_kernel_without_nohz_full_is_not_asked_for_it);
    tcase_add_test(c, the_boot_processor_keeps_its_tick);
    tcase_add_test(c, the_counter_s_watchdog);
    tcase_add_test(c, giant_pages_on_the_node_of_the_card);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
