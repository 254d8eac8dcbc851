/* Loading a module: the program that the kernel names is run, and what it says is believed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"
#include "tuning/module.h"

static struct ry_test_host fake;

static void begin(void)
{
    ry_test_host_open(&fake);
}

static void end(void)
{
    ry_test_host_close(&fake);
}

/* A program in place of modprobe, on the real machine: it writes its arguments down. */
static void modprobe(const char *script)
{
    char path[2 * RY_TUNING_PATH_BYTES], text[4 * RY_TUNING_PATH_BYTES];
    ck_assert(ry_tuning_host_path(&fake.host, "/modprobe", path));
    snprintf(text, sizeof text, "#!/bin/sh\necho \"$@\" > %s/said\n%s\n", fake.host.root, script);
    ry_test_host_file(&fake, "/modprobe", text);
    ck_assert_int_eq(chmod(path, 0755), 0);
    ry_test_host_file(&fake, "/proc/sys/kernel/modprobe", path);
}

START_TEST(the_kernel_s_program_is_asked)
{
    modprobe("exit 0");
    ck_assert_int_eq(ry_tuning_module_load(&fake.host, "vfio-pci"), 0);
    ck_assert_str_eq(ry_test_host_text(&fake, "/said"), "-q -- vfio-pci\n");
}
END_TEST

START_TEST(it_may_say_no)
{
    modprobe("exit 1");
    ck_assert_int_eq(ry_tuning_module_load(&fake.host, "vfio-pci"), -ENODEV);
    modprobe("kill -9 $$");
    ck_assert_int_eq(ry_tuning_module_load(&fake.host, "vfio-pci"), -ENODEV);
}
END_TEST

START_TEST(there_may_be_none)
{
    ck_assert_int_eq(ry_tuning_module_load(&fake.host, "vfio-pci"), -ENOENT);
    ry_test_host_file(&fake, "/proc/sys/kernel/modprobe", "\n");
    ck_assert_int_eq(ry_tuning_module_load(&fake.host, "vfio-pci"), -ENOENT);
    ry_test_host_file(&fake, "/proc/sys/kernel/modprobe", "/nowhere/modprobe\n");
    ck_assert_int_eq(ry_tuning_module_load(&fake.host, "vfio-pci"), -ENOENT);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_module");
    TCase *c = tcase_create("module");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, the_kernel_s_program_is_asked);
    tcase_add_test(c, it_may_say_no);
    tcase_add_test(c, there_may_be_none);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
