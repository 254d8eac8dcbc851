/* Values of settings: judged by their form, and turned back into what has to be written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"
#include "tuning/value.h"

static struct ry_test_host fake;

static void open_fake(void)
{
    ry_test_host_open(&fake);
}

static void close_fake(void)
{
    ry_test_host_close(&fake);
}

static const struct {
    enum ry_tuning_kind kind;
    enum ry_tuning_form form;
    const char *now, *want;
    bool ok;
} judged[] = {
    {RY_TUNING_FILE, RY_TUNING_PLAIN, "performance", "performance", true},
    {RY_TUNING_FILE, RY_TUNING_PLAIN, "powersave", "performance", false},
    {RY_TUNING_OWN_FILE, RY_TUNING_PLAIN, "a\nb", "a\nb\n", true},
    {RY_TUNING_OWN_FILE, RY_TUNING_PLAIN, "a", "a\nb\n", false},
    {RY_TUNING_FILE, RY_TUNING_CHOICE, "always [madvise] never", "madvise", true},
    {RY_TUNING_FILE, RY_TUNING_CHOICE, "always [madvise] never", "never", false},
    {RY_TUNING_FILE, RY_TUNING_CHOICE, "never", "never", true},
    {RY_TUNING_FILE, RY_TUNING_NUMBER, "010", "10", true},
    {RY_TUNING_FILE, RY_TUNING_NUMBER, "11", "10", false},
    {RY_TUNING_FILE, RY_TUNING_NUMBER, "", "0", false},
    {RY_TUNING_FILE, RY_TUNING_NUMBER, "10 ms", "10", false},
    {RY_TUNING_FILE, RY_TUNING_AT_LEAST, "11", "10", true},
    {RY_TUNING_FILE, RY_TUNING_AT_LEAST, "9", "10", false},
    {RY_TUNING_FILE, RY_TUNING_LIST, "0,4", "0,4", true},
    {RY_TUNING_FILE, RY_TUNING_LIST, "0-1,2", "0-2", true},
    {RY_TUNING_FILE, RY_TUNING_LIST, "0-7", "0,4", false},
    {RY_TUNING_FILE, RY_TUNING_PART, "4", "0,4", true},
    {RY_TUNING_FILE, RY_TUNING_PART, "0,4", "0,4", true},
    {RY_TUNING_FILE, RY_TUNING_PART, "4-5", "0,4", false},
    {RY_TUNING_FILE, RY_TUNING_PART, "", "0,4", false},
    {RY_TUNING_FILE, RY_TUNING_PART, "all", "0,4", false},
    {RY_TUNING_FILE, RY_TUNING_MASK, "00000000,00000011", "11", true},
    {RY_TUNING_FILE, RY_TUNING_MASK, "ff", "11", false},
    {RY_TUNING_FILE, RY_TUNING_FIRST, "4 4 1 7", "4", true},
    {RY_TUNING_FILE, RY_TUNING_FIRST, "40 4 1 7", "4", false},
    {RY_TUNING_FILE, RY_TUNING_FIRST, "isolated", "isolated", true},
    {RY_TUNING_FILE, RY_TUNING_FIRST, "isolated invalid (no cpus)", "isolated", false},
    {RY_TUNING_FILE, RY_TUNING_WORD, "cpu cpuset io", "+cpuset", true},
    {RY_TUNING_FILE, RY_TUNING_WORD, "cpu cpusets", "+cpuset", false},
    {RY_TUNING_FILE, RY_TUNING_WORD, "", "+cpuset", false},
    {RY_TUNING_MOUNT, RY_TUNING_PLAIN, "hugetlbfs rw,relatime,pagesize=2M", "hugetlbfs", true},
    {RY_TUNING_MOUNT, RY_TUNING_PLAIN, "hugetlbfs rw,pagesize=2M", "hugetlbfs pagesize=2M", true},
    {RY_TUNING_MOUNT, RY_TUNING_PLAIN, "hugetlbfs rw,pagesize=2M", "hugetlbfs pagesize=1024M",
     false},
    {RY_TUNING_MOUNT, RY_TUNING_PLAIN, "tmpfs rw", "hugetlbfs", false},
    {RY_TUNING_DRIVER, RY_TUNING_PLAIN, "vfio-pci vfio-pci", "vfio-pci", true},
    {RY_TUNING_DRIVER, RY_TUNING_PLAIN, "ice vfio-pci", "vfio-pci", false},
    {RY_TUNING_DRIVER, RY_TUNING_PLAIN, "-", "vfio-pci", false},
    {RY_TUNING_IRQBALANCE, RY_TUNING_PLAIN, "1-3,5-7", "1,2,3,5,6,7", true},
    {RY_TUNING_IRQBALANCE, RY_TUNING_PLAIN, "", "1", false},
};

START_TEST(test_judged)
{
    struct ry_tuning_setting setting = {.kind = judged[_i].kind, .form = judged[_i].form};
    snprintf(setting.now, sizeof setting.now, "%s", judged[_i].now);
    snprintf(setting.want, sizeof setting.want, "%s", judged[_i].want);
    ck_assert_msg(ry_tuning_judge(&setting) == (judged[_i].ok ? RY_TUNING_OK : RY_TUNING_MISSING),
                  "%s, wanted %s", setting.now, setting.want);
}
END_TEST

/* What a stage says of facts, of what cannot be and of what is the user's stays. */
START_TEST(test_stays)
{
    struct ry_tuning_setting setting = {
        .kind = RY_TUNING_FACT, .state = RY_TUNING_REPORTED, .now = "2", .want = "0"};
    ck_assert_int_eq(ry_tuning_judge(&setting), RY_TUNING_REPORTED);
    setting.state = RY_TUNING_YOURS;
    ck_assert_int_eq(ry_tuning_judge(&setting), RY_TUNING_YOURS);
    setting.kind = RY_TUNING_FILE;
    setting.state = RY_TUNING_CANNOT;
    ck_assert_int_eq(ry_tuning_judge(&setting), RY_TUNING_CANNOT);
}
END_TEST

static const struct {
    enum ry_tuning_form form;
    const char *found, *written, *back;
} turned[] = {
    {RY_TUNING_PLAIN, "powersave\n", "performance", "powersave\n"},
    {RY_TUNING_CHOICE, "always [madvise] never\n", "never", "madvise"},
    {RY_TUNING_WORD, "cpu io\n", "+cpuset", "-cpuset"},
    {RY_TUNING_LIST, "\n", "2-3", "\n"},
    {RY_TUNING_PLAIN, "", "x", "\n"},
};

START_TEST(test_turned_back)
{
    char text[RY_TUNING_TEXT_BYTES];
    ck_assert(ry_tuning_value_back(turned[_i].form, turned[_i].found, turned[_i].written, text,
                                   sizeof text));
    ck_assert_str_eq(text, turned[_i].back);
    ck_assert(!ry_tuning_value_back(turned[_i].form, turned[_i].found, turned[_i].written, text,
                                    strlen(turned[_i].back)));
}
END_TEST

static int look(enum ry_tuning_kind kind, const char *path, struct ry_tuning_setting *setting)
{
    *setting = (struct ry_tuning_setting){.kind = kind};
    snprintf(setting->path, sizeof setting->path, "%s", path);
    return ry_tuning_value_look(&fake.host, setting);
}

START_TEST(test_read_by_kind)
{
    struct ry_tuning_setting setting;
    ry_test_host_file(&fake, "/proc/sys/vm/swappiness", "60\n");
    ry_test_host_file(
        &fake, "/proc/self/mounts",
        "tmpfs /run tmpfs rw 0 0\nhuge /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n");
    ry_test_host_file(&fake, "/fake/nic/eth0/ring", "rx 512 tx 512\n");
    ry_test_host_file(&fake, "/sys/bus/pci/devices/0000:3b:00.0/vendor", "0x8086\n");
    ck_assert_int_eq(look(RY_TUNING_FILE, "/proc/sys/vm/swappiness", &setting), 0);
    ck_assert_str_eq(setting.now, "60");
    ck_assert_int_eq(look(RY_TUNING_FILE, "/proc/sys/vm/none", &setting), -ENOENT);
    ck_assert_int_eq(look(RY_TUNING_DIRECTORY, "/proc/sys/vm", &setting), 0);
    ck_assert_str_eq(setting.now, "folder");
    ck_assert_int_eq(look(RY_TUNING_MOUNT, "/dev/hugepages", &setting), 0);
    ck_assert_str_eq(setting.now, "hugetlbfs rw,pagesize=2M");
    ck_assert_int_eq(look(RY_TUNING_MOUNT, "/dev/huge", &setting), -ENOENT);
    ck_assert_int_eq(look(RY_TUNING_NIC, "eth0 ring", &setting), 0);
    ck_assert_str_eq(setting.now, "rx 512 tx 512");
    ck_assert_int_eq(look(RY_TUNING_NIC, "eth1 ring", &setting), -EOPNOTSUPP);
    ck_assert_int_eq(look(RY_TUNING_IRQBALANCE, "irqbalance", &setting), -ENOENT);
    ry_test_host_file(&fake, "/fake/irqbalance",
                      "SLEEP 10 IRQ 24 LOAD 0 BANNED 00000000,0000000c\n");
    ck_assert_int_eq(look(RY_TUNING_IRQBALANCE, "irqbalance", &setting), 0);
    ck_assert_str_eq(setting.now, "2-3");
    const char *device = "/sys/bus/pci/devices/0000:3b:00.0";
    ck_assert_int_eq(look(RY_TUNING_DRIVER, device, &setting), 0);
    ck_assert_str_eq(setting.now, "-");
    ry_test_host_link(&fake, "/sys/bus/pci/devices/0000:3b:00.0/driver", "../../drivers/ice");
    ck_assert_int_eq(look(RY_TUNING_DRIVER, device, &setting), 0);
    ck_assert_str_eq(setting.now, "ice");
    ry_test_host_file(&fake, "/sys/bus/pci/devices/0000:3b:00.0/driver_override", "(null)\n");
    ck_assert_int_eq(look(RY_TUNING_DRIVER, device, &setting), 0);
    ck_assert_str_eq(setting.now, "ice");
    ry_test_host_file(&fake, "/sys/bus/pci/devices/0000:3b:00.0/driver_override", "vfio-pci\n");
    ck_assert_int_eq(look(RY_TUNING_DRIVER, device, &setting), 0);
    ck_assert_str_eq(setting.now, "ice vfio-pci");
    ck_assert_int_eq(look(RY_TUNING_DRIVER, "/sys/bus/pci/devices/none", &setting), -ENODEV);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("value");
    TCase *pure = tcase_create("pure");
    tcase_add_loop_test(pure, test_judged, 0, (int)(sizeof judged / sizeof *judged));
    tcase_add_test(pure, test_stays);
    tcase_add_loop_test(pure, test_turned_back, 0, (int)(sizeof turned / sizeof *turned));
    suite_add_tcase(s, pure);
    TCase *host = tcase_create("host");
    tcase_add_checked_fixture(host, open_fake, close_fake);
    tcase_add_test(host, test_read_by_kind);
    suite_add_tcase(s, host);
    return s;
}

RY_TEST_MAIN(suite)
