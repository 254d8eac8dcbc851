/* Stage vfio: what a card needs before vfio-pci may have it. */
#include <errno.h>
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/test.h"
#include "tuning/effect.h"
#include "tuning/value.h"

#define DEVICES  "/sys/bus/pci/devices"
#define CARD     DEVICES "/0000:5e:00.0"
#define GROUP    CARD "/iommu_group"
#define MODULES  "/etc/modules-load.d/royale-tune.conf"
#define TMPFILES "/etc/tmpfiles.d/royale-tune-vfio.conf"

static struct ry_test_host fake;
static struct ry_tuning_target target;
static struct ry_test_findings findings;

static void begin(void)
{
    ry_test_host_open(&fake);
    ry_test_target(&target);
    ry_test_host_tree(&fake, "xeon");
}

static void end(void)
{
    ry_test_host_close(&fake);
}

static void look(void)
{
    ry_test_host_look(&fake, &target, "vfio", &findings);
}

static bool told(const char *path)
{
    for (unsigned i = 0; i < findings.count; i++)
        if (strcmp(findings.setting[i].path, path) == 0)
            return true;
    return false;
}

static const struct ry_tuning_setting *want(const char *path, enum ry_tuning_state state)
{
    const struct ry_tuning_setting *setting = ry_test_finding(&findings, path);
    ck_assert_msg(setting->state == state, "%s: state %d, why %s", path, setting->state,
                  setting->why);
    return setting;
}

/* Nothing is written for a card that is not to be bound. */
static void want_nothing_kept(void)
{
    ck_assert(!told(MODULES));
    ck_assert(!told(TMPFILES));
}

START_TEST(a_card_in_a_group_of_its_own_is_bound)
{
    look();
    ck_assert_str_eq(want(GROUP, RY_TUNING_OK)->now, "71");
    const struct ry_tuning_setting *driver = want(CARD, RY_TUNING_MISSING);
    ck_assert_int_eq(driver->kind, RY_TUNING_DRIVER);
    ck_assert_str_eq(driver->now, "ice");
    ck_assert_str_eq(driver->want, "vfio-pci");
    ck_assert_ptr_nonnull(strstr(want(MODULES, RY_TUNING_MISSING)->want, "\nvfio-pci\n"));
    const char *kept = want(TMPFILES, RY_TUNING_MISSING)->want;
    ck_assert_ptr_nonnull(strstr(kept, "\nw " CARD "/driver_override - - - - vfio-pci\n"));
    ck_assert_ptr_nonnull(strstr(kept, "\nw " CARD "/driver/unbind - - - - 0000:5e:00.0\n"));
    ck_assert_ptr_nonnull(strstr(kept, "\nw+ /sys/bus/pci/drivers_probe - - - - 0000:5e:00.0\n"));
    ck_assert_uint_eq(findings.count, 4);
}
END_TEST

START_TEST(a_bound_card_is_right)
{
    ry_test_host_remove(&fake, CARD "/driver");
    ry_test_host_link(&fake, CARD "/driver", "../../../../bus/pci/drivers/vfio-pci");
    look();
    ck_assert_str_eq(want(CARD, RY_TUNING_OK)->now, "vfio-pci");
}
END_TEST

START_TEST(without_an_iommu_it_is_not_bound)
{
    ry_test_host_remove(&fake, GROUP);
    look();
    ck_assert_ptr_nonnull(strstr(want(GROUP, RY_TUNING_YOURS)->why, "VT-d"));
    want(CARD, RY_TUNING_CANNOT);
    want_nothing_kept();
    target.machine.guest = true;
    look();
    ck_assert_ptr_nonnull(strstr(want(GROUP, RY_TUNING_YOURS)->why, "its host"));
    /* Unless the machine's owner has said that it may. */
    ry_test_host_file(&fake, "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y\n");
    look();
    want(GROUP, RY_TUNING_REPORTED);
    want(CARD, RY_TUNING_MISSING);
    ry_test_host_file(&fake, "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "N\n");
    look();
    want(CARD, RY_TUNING_CANNOT);
}
END_TEST

START_TEST(who_shares_the_group_is_named)
{
    const char *other = DEVICES "/0000:5e:00.1";
    ry_test_host_file(&fake, "/sys/bus/pci/devices/0000:5e:00.1/class", "0x020000\n");
    ry_test_host_link(&fake, "/sys/kernel/iommu_groups/71/devices/0000:5e:00.1", "../0000:5e:00.1");
    look(); /* nobody drives it */
    want(GROUP, RY_TUNING_OK);
    ry_test_host_link(&fake, "/sys/bus/pci/devices/0000:5e:00.1/driver",
                      "../../../../bus/pci/drivers/ice");
    look();
    ck_assert_ptr_nonnull(strstr(want(GROUP, RY_TUNING_YOURS)->why, "0000:5e:00.1 (ice)"));
    /* It is the battle's as well, but the kernel's; then for vfio. */
    target.nic[target.nics++] = (struct ry_tuning_nic){.pci = "0000:5e:00.1"};
    look();
    want(GROUP, RY_TUNING_YOURS);
    target.nic[target.nics - 1].vfio = true;
    ry_test_host_link(&fake, "/sys/bus/pci/devices/0000:5e:00.1/iommu_group",
                      "../../../../kernel/iommu_groups/71");
    look();
    want(GROUP, RY_TUNING_OK);
    want(other, RY_TUNING_MISSING);
    ck_assert_str_eq(want(TMPFILES, RY_TUNING_MISSING)->want,
                     "# Of royale tune apply; royale tune revert takes it away.\n"
                     "w /sys/bus/pci/devices/0000:5e:00.0/driver_override - - - - vfio-pci\n"
                     "w /sys/bus/pci/devices/0000:5e:00.1/driver_override - - - - vfio-pci\n"
                     "w /sys/bus/pci/devices/0000:5e:00.0/driver/unbind - - - - 0000:5e:00.0\n"
                     "w /sys/bus/pci/devices/0000:5e:00.1/driver/unbind - - - - 0000:5e:00.1\n"
                     "w+ /sys/bus/pci/drivers_probe - - - - 0000:5e:00.0\n"
                     "w+ /sys/bus/pci/drivers_probe - - - - 0000:5e:00.1\n");
}
END_TEST

START_TEST(an_interface_with_a_route_is_not_taken_away)
{
    ry_test_host_file(&fake, "/proc/net/route", "Iface\tDestination\neth1\t00000A0A\t00000000\n");
    look();
    ck_assert_ptr_nonnull(strstr(want(CARD, RY_TUNING_YOURS)->why, "ip address flush dev eth1"));
    want_nothing_kept();
    ry_test_host_file(&fake, "/proc/net/route", "Iface\tDestination\neth10\t00000A0A\t00000000\n");
    look();
    want(CARD, RY_TUNING_MISSING);
    ry_test_host_file(&fake, "/proc/net/ipv6_route",
                      "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 "
                      "00000000000000000000000000000000 00000100 00000001 00000000 00000001     "
                      "eth1\n");
    look();
    want(CARD, RY_TUNING_YOURS);
}
END_TEST

START_TEST(a_virtio_card_s_interface_lies_deeper)
{
    ry_test_host_remove(&fake, CARD "/net");
    ry_test_host_file(&fake, CARD "/virtio3/net/eth1/address", "52:54:00:12:34:56\n");
    look();
    want(CARD, RY_TUNING_MISSING);
    ry_test_host_file(&fake, "/proc/net/route", "Iface\tDestination\neth1\t00000A0A\t00000000\n");
    look();
    want(CARD, RY_TUNING_YOURS);
}
END_TEST

START_TEST(a_kernel_has_the_driver_or_a_module_of_it)
{
    ry_test_host_remove(&fake, "/sys/bus/pci/drivers/vfio-pci");
    look();
    ck_assert_ptr_nonnull(strstr(want(CARD, RY_TUNING_CANNOT)->why, "no vfio-pci"));
    want_nothing_kept();
    ry_test_host_file(
        &fake, "/lib/modules/6.12.48+deb13-amd64/kernel/drivers/vfio/pci/vfio-pci.ko.xz", "");
    look();
    want(CARD, RY_TUNING_MISSING);
}
END_TEST

START_TEST(a_card_that_is_not_there)
{
    strcpy(target.nic[1].pci, "0000:99:00.0");
    look();
    want(DEVICES "/0000:99:00.0", RY_TUNING_CANNOT);
    ck_assert_uint_eq(findings.count, 1);
    target.nics = 1; /* the kernel's */
    look();
    want(DEVICES, RY_TUNING_OK);
}
END_TEST

static char loaded[64];

static int load(const struct ry_tuning_host *host, const char *module)
{
    (void)host;
    strcpy(loaded, module);
    ry_test_host_file(&fake, "/sys/bus/pci/drivers/vfio-pci/bind", "");
    return 0;
}

START_TEST(the_driver_s_module_is_loaded)
{
    char now[RY_TUNING_TEXT_BYTES];
    struct ry_tuning_calls calls = ry_test_kernel_calls;
    fake.host.calls = &calls;
    ry_test_host_remove(&fake, "/sys/bus/pci/drivers/vfio-pci");
    ck_assert_int_eq(ry_tuning_effect_set(&fake.host, RY_TUNING_DRIVER, CARD, "vfio-pci vfio-pci"),
                     -ENODEV);
    calls.load_module = load;
    ck_assert_int_eq(ry_tuning_effect_set(&fake.host, RY_TUNING_DRIVER, CARD, "vfio-pci vfio-pci"),
                     0);
    ck_assert_str_eq(loaded, "vfio-pci");
    ck_assert_int_eq(ry_tuning_value_read(&fake.host, RY_TUNING_DRIVER, CARD, now), 0);
    ck_assert_str_eq(now, "vfio-pci vfio-pci");
    /* Who is there is not loaded. */
    loaded[0] = 0;
    ck_assert_int_eq(ry_tuning_effect_set(&fake.host, RY_TUNING_DRIVER, CARD, "ice"), 0);
    ck_assert_str_eq(loaded, "");
    ck_assert_int_eq(ry_tuning_value_read(&fake.host, RY_TUNING_DRIVER, CARD, now), 0);
    ck_assert_str_eq(now, "ice");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_vfio");
    TCase *c = tcase_create("vfio");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, a_card_in_a_group_of_its_own_is_bound);
    tcase_add_test(c, a_bound_card_is_right);
    tcase_add_test(c, without_an_iommu_it_is_not_bound);
    tcase_add_test(c, who_shares_the_group_is_named);
    tcase_add_test(c, an_interface_with_a_route_is_not_taken_away);
    tcase_add_test(c, a_virtio_card_s_interface_lies_deeper);
    tcase_add_test(c, a_kernel_has_the_driver_or_a_module_of_it);
    tcase_add_test(c, a_card_that_is_not_there);
    tcase_add_test(c, the_driver_s_module_is_loaded);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
