/*
 * Stages of memory and of timers: huge pages, transparent ones, NUMA balancing, swap, statistics,
 * timer migration.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"

#define NODE "/sys/devices/system/node/node"
#define POOL "/hugepages/hugepages-2048kB/nr_hugepages"
#define THP  "/sys/kernel/mm/transparent_hugepage/"

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

START_TEST(huge_pages_of_one_node)
{
    tree("kernel_6_1");
    target.huge_bytes[0] = ((size_t)1 << 30) + 1;
    look("huge-pages");
    is(NODE "0" POOL, RY_TUNING_MISSING, "513"); /* the page that was begun too */
    is("/dev/hugepages", RY_TUNING_OK, NULL);
    ck_assert_int_eq(ry_test_finding(&findings, "/dev/hugepages")->kind, RY_TUNING_MOUNT);
    ck_assert_uint_eq(findings.count, 2);
    ry_test_host_file(&fake, NODE "0" POOL, "4096\n");
    look("huge-pages");
    is(NODE "0" POOL, RY_TUNING_OK, NULL); /* more is as good */
    target.huge_bytes[0] = (size_t)65 << 30;
    look("huge-pages");
    is(NODE "0" POOL, RY_TUNING_CANNOT, NULL); /* of 64 GiB */
    ry_test_host_remove(&fake, NODE "0" POOL);
    target.huge_bytes[0] = (size_t)1 << 30;
    look("huge-pages");
    is(NODE "0" POOL, RY_TUNING_CANNOT, NULL);
}
END_TEST

START_TEST(huge_pages_of_each_node)
{
    tree("kernel_6_1");
    ry_test_host_file(&fake, NODE "2" POOL, "0\n"); /* their numbers may have gaps */
    target.huge_bytes[0] = (size_t)6 << 20;
    target.huge_bytes[2] = (size_t)4 << 20;
    look("huge-pages");
    is(NODE "0" POOL, RY_TUNING_MISSING, "3");
    is(NODE "2" POOL, RY_TUNING_MISSING, "2");
}
END_TEST

START_TEST(huge_pages_of_a_kernel_without_numa)
{
    ry_test_host_file(&fake, "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "0\n");
    look("huge-pages");
    is("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", RY_TUNING_MISSING, "512");
    target.huge_bytes[0] = 0;
    target.huge_bytes[1] = (size_t)1 << 30; /* a node that it does not have */
    look("huge-pages");
    ck_assert(!told("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"));
}
END_TEST

START_TEST(no_huge_pages_are_asked_for)
{
    tree("kernel_6_1");
    target.huge_bytes[0] = 0;
    look("huge-pages");
    ck_assert_uint_eq(findings.count, 1);
    ck_assert_int_eq(findings.setting[0].state, RY_TUNING_REPORTED);
}
END_TEST

START_TEST(a_mount_of_the_wrong_pages_and_pages_of_1_gib)
{
    static const char *giants = NODE "0/hugepages/hugepages-1048576kB/nr_hugepages";
    tree("kernel_6_12");
    look("huge-pages");
    is(NODE "0" POOL, RY_TUNING_OK, NULL);
    is(giants, RY_TUNING_REPORTED, NULL);
    ck_assert_str_eq(ry_test_finding(&findings, giants)->now, "2");
    /* The folder first, then the mount. */
    ck_assert_int_eq(findings.setting[2].kind, RY_TUNING_DIRECTORY);
    ck_assert_int_eq(findings.setting[3].kind, RY_TUNING_MOUNT);
    for (unsigned i = 2; i < 4; i++) {
        ck_assert_str_eq(findings.setting[i].path, "/dev/hugepages");
        ck_assert_int_eq(findings.setting[i].state, RY_TUNING_MISSING);
        ck_assert(findings.setting[i].gone_with_boot);
    }
    ck_assert_str_eq(findings.setting[3].want, "hugetlbfs pagesize=2M");
    ck_assert_int_eq(fake.host.calls->make_folder(&fake.host, "/dev/hugepages"), -2); /* no /dev */
    ry_test_host_file(&fake, "/dev/null", "");
    ck_assert_int_eq(fake.host.calls->make_folder(&fake.host, "/dev/hugepages"), 0);
    ck_assert_int_eq(
        fake.host.calls->mount(&fake.host, "hugetlbfs", "/dev/hugepages", "pagesize=2M"), 0);
    look("huge-pages");
    is("/dev/hugepages", RY_TUNING_OK, NULL);
}
END_TEST

START_TEST(a_mount_elsewhere_is_as_good)
{
    tree("kernel_6_12");
    ry_test_host_file(&fake, "/proc/self/mounts",
                      "x /a b\nnodev /mnt/huge hugetlbfs rw,relatime,pagesize=2M 0 0\n");
    look("huge-pages");
    is("/mnt/huge", RY_TUNING_OK, NULL);
    ck_assert(!told("/dev/hugepages"));
}
END_TEST

START_TEST(transparent_huge_pages)
{
    tree("kernel_6_1");
    look("thp");
    is(THP "enabled", RY_TUNING_MISSING, "madvise");
    is(THP "defrag", RY_TUNING_OK, NULL);
    is(THP "khugepaged/defrag", RY_TUNING_MISSING, "0");
    is("/proc/sys/vm/compaction_proactiveness", RY_TUNING_MISSING, "0");
    is("/proc/sys/vm/compact_unevictable_allowed", RY_TUNING_MISSING, "0");
    ck_assert_uint_eq(findings.count, 5);
    tree("kernel_6_12");
    look("thp");
    is(THP "enabled", RY_TUNING_MISSING, "madvise"); /* exec asks for its arena */
    is(THP "hugepages-16kB/enabled", RY_TUNING_OK, NULL);
    is(THP "hugepages-64kB/enabled", RY_TUNING_MISSING, "madvise");
    is(THP "hugepages-2048kB/enabled", RY_TUNING_OK, NULL);
    ck_assert(ry_test_finding(&findings, THP "hugepages-64kB/enabled")->quiet);
}
END_TEST

START_TEST(a_kernel_without_any)
{
    tree("kernel_bare");
    look("thp");
    is(THP "enabled", RY_TUNING_CANNOT, NULL);
    ck_assert_uint_eq(findings.count, 1);
    look("numa-balancing");
    is("/proc/sys/kernel/numa_balancing", RY_TUNING_CANNOT, NULL);
    look("swap");
    is("/proc/sys/vm/swappiness", RY_TUNING_CANNOT, NULL);
    ck_assert_uint_eq(findings.count, 1);
    look("statistics");
    is("/proc/sys/vm/stat_interval", RY_TUNING_CANNOT, NULL);
    look("timers");
    is("/proc/sys/kernel/timer_migration", RY_TUNING_CANNOT, NULL);
}
END_TEST

START_TEST(swap)
{
    tree("kernel_6_1");
    look("swap");
    is("/proc/sys/vm/swappiness", RY_TUNING_MISSING, "0");
    is("/proc/swaps", RY_TUNING_REPORTED, NULL);
    ck_assert_str_eq(ry_test_finding(&findings, "/proc/swaps")->now, "/dev/nvme0n1p3, /swapfile");
    tree("kernel_6_12");
    look("swap");
    is("/proc/sys/vm/swappiness", RY_TUNING_OK, NULL);
    ck_assert(!told("/proc/swaps"));
}
END_TEST

START_TEST(single_numbers)
{
    tree("kernel_6_1");
    look("statistics");
    is("/proc/sys/vm/stat_interval", RY_TUNING_MISSING, "3600");
    look("numa-balancing");
    is("/proc/sys/kernel/numa_balancing", RY_TUNING_MISSING, "0");
    tree("kernel_6_12");
    look("statistics");
    is("/proc/sys/vm/stat_interval", RY_TUNING_OK, NULL); /* more seldom is as good */
    look("numa-balancing");
    is("/proc/sys/kernel/numa_balancing", RY_TUNING_MISSING, "0"); /* 2: tiers of memory */
}
END_TEST

START_TEST(timers_move_where_hot_cores_keep_no_house)
{
    static const char *path = "/proc/sys/kernel/timer_migration";
    static const char *const without[] = {"\n", "(null)\n", "  (null)\n", "1-3\n", "0,4\n"};
    tree("kernel_6_12");
    look("timers");
    is(path, RY_TUNING_MISSING, "1");
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        ry_test_host_file(&fake, "/sys/devices/system/cpu/nohz_full", without[i]);
        look("timers");
        is(path, RY_TUNING_OK, NULL); /* 0, as it stands there */
    }
    ry_test_host_file(&fake, path, "1\n");
    look("timers");
    is(path, RY_TUNING_MISSING, "0");
    target.hot = (struct ry_tuning_cpus){.word = {0}}; /* nobody to spare */
    ry_test_host_file(&fake, "/sys/devices/system/cpu/nohz_full", "1-3,5-7\n");
    look("timers");
    is(path, RY_TUNING_MISSING, "0");
    ry_test_host_remove(&fake, "/sys/devices/system/cpu/nohz_full"); /* no CONFIG_NO_HZ_FULL */
    look("timers");
    is(path, RY_TUNING_MISSING, "0");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("tuning_stages_memory");
    TCase *tests = tcase_create("stages");
    tcase_add_checked_fixture(tests, open_fake, close_fake);
    tcase_add_test(tests, huge_pages_of_one_node);
    tcase_add_test(tests, huge_pages_of_each_node);
    tcase_add_test(tests, huge_pages_of_a_kernel_without_numa);
    tcase_add_test(tests, no_huge_pages_are_asked_for);
    tcase_add_test(tests, a_mount_of_the_wrong_pages_and_pages_of_1_gib);
    tcase_add_test(tests, a_mount_elsewhere_is_as_good);
    tcase_add_test(tests, transparent_huge_pages);
    tcase_add_test(tests, a_kernel_without_any);
    tcase_add_test(tests, swap);
    tcase_add_test(tests, single_numbers);
    tcase_add_test(tests, timers_move_where_hot_cores_keep_no_house);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(suite)
