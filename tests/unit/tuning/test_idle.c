/* The promise of a core's time to wake: on a plain file, and on this machine's own. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tuning/idle.h"

static int32_t read_us(const char *path)
{
    int32_t us = -1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(read(file, &us, sizeof us), sizeof us);
    close(file);
    return us;
}

START_TEST(it_is_written_and_held)
{
    char path[] = "/tmp/royale-idle-XXXXXX";
    close(mkstemp(path));
    int held = ry_tuning_idle_hold(path);
    ck_assert_int_ge(held, 0);
    ck_assert_int_eq(fcntl(held, F_GETFD), FD_CLOEXEC);
    ck_assert_int_eq(read_us(path), RY_TUNING_IDLE_US_MAX);
    close(held);
    unlink(path);
}
END_TEST

START_TEST(who_may_not_is_told_why)
{
    ck_assert_int_eq(ry_tuning_idle_hold("/nowhere/at/all"), -ENOENT);
    ck_assert_int_eq(ry_tuning_idle_hold("/dev/full"), -ENOSPC);
    ck_assert_int_eq(ry_tuning_idle_hold("/proc"), -EISDIR);
}
END_TEST

/* A reader of the file is told what the kernel keeps to. */
START_TEST(the_kernel_keeps_to_it)
{
    int held = ry_tuning_idle_hold(RY_TUNING_IDLE_PROMISE);
    if (held < 0) {
        char why[128];
        snprintf(why, sizeof why, RY_TUNING_IDLE_PROMISE ": %s", strerror(-held));
        ry_test_skip(why);
        return;
    }
    ck_assert_int_le(read_us(RY_TUNING_IDLE_PROMISE), RY_TUNING_IDLE_US_MAX);
    close(held);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_idle");
    TCase *c = tcase_create("promise");
    tcase_add_test(c, it_is_written_and_held);
    tcase_add_test(c, who_may_not_is_told_why);
    tcase_add_test(c, the_kernel_keeps_to_it);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
