/*
 * Rings and coalescing by the real kernel: a tap of our own, which knows frames of receiving alone,
 * and what has nothing of the kind.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tuning/calls.h"

static const struct ry_tuning_calls *const calls = &ry_tuning_calls_of_linux;
static struct ry_tuning_host host;
static char text[256];

static int get(const char *interface, const char *what)
{
    return calls->nic_get(&host, interface, what, text, sizeof text);
}

static int set(const char *interface, const char *what, const char *to)
{
    return calls->nic_set(&host, interface, what, to);
}

/* A tap that goes with its descriptor; -1: skipped. */
static int make_tap(char name[IFNAMSIZ])
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    strcpy(request.ifr_name, "ryt%d");
    if (tap >= 0 && ioctl(tap, TUNSETIFF, &request) == 0) {
        strcpy(name, request.ifr_name);
        return tap;
    }
    ry_test_skip(strcat(strcpy(text, "no tap can be made: "), strerror(errno)));
    if (tap >= 0)
        close(tap);
    return -1;
}

START_TEST(coalescing_is_set_and_put_back)
{
    char name[IFNAMSIZ], found[256];
    int tap = make_tap(name);
    if (tap < 0)
        return;
    ck_assert_int_eq(get(name, "coalesce"), 0);
    ck_assert_str_eq(text,
                     "rx-usecs 0 rx-frames 0 tx-usecs 0 tx-frames 0 adaptive-rx 0 adaptive-tx 0");
    strcpy(found, text);
    /* What is not named stays as it is. */
    ck_assert_int_eq(set(name, "coalesce", "rx-frames 16"), 0);
    ck_assert_int_eq(get(name, "coalesce"), 0);
    ck_assert_str_eq(text,
                     "rx-usecs 0 rx-frames 16 tx-usecs 0 tx-frames 0 adaptive-rx 0 adaptive-tx 0");
    ck_assert_int_eq(set(name, "coalesce", found), 0);
    ck_assert_int_eq(get(name, "coalesce"), 0);
    ck_assert_str_eq(text, found);
    close(tap);
}
END_TEST

START_TEST(what_the_driver_does_not_know_is_refused)
{
    char name[IFNAMSIZ];
    int tap = make_tap(name);
    if (tap < 0)
        return;
    ck_assert_int_eq(set(name, "coalesce", "tx-usecs 5"), -EOPNOTSUPP);
    ck_assert_int_eq(set(name, "coalesce", "adaptive-rx 1"), -EOPNOTSUPP);
    ck_assert_int_eq(get(name, "ring"), -EOPNOTSUPP);
    ck_assert_int_eq(set(name, "ring", "rx 4096"), -EOPNOTSUPP);
    close(tap);
}
END_TEST

START_TEST(texts_that_are_none)
{
    char name[IFNAMSIZ];
    int tap = make_tap(name);
    if (tap < 0)
        return;
    static const char *const bad[] = {"rx-frames", "rx-frames x", "rx-frames 1 nonsense 2",
                                      "rx-frames 1 tx", "rx-frames 99999999999"};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(set(name, "coalesce", bad[i]), -EINVAL);
    ck_assert_int_eq(get(name, "nonsense"), -EINVAL);
    ck_assert_int_eq(set(name, "ring-max", "rx 1"), -EINVAL); /* only read */
    close(tap);
}
END_TEST

START_TEST(no_such_interface)
{
    ck_assert_int_eq(get("nosuch0", "ring"), -ENODEV);
    ck_assert_int_eq(set("nosuch0", "ring", "rx 1"), -ENODEV);
    ck_assert_int_eq(get("an-interface-with-a-long-name", "ring"), -ENODEV);
    ck_assert_int_eq(get("lo", "ring"), -EOPNOTSUPP);
}
END_TEST

START_TEST(a_text_that_does_not_fit)
{
    char name[IFNAMSIZ], small[16];
    int tap = make_tap(name);
    if (tap < 0)
        return;
    ck_assert_int_eq(calls->nic_get(&host, name, "coalesce", small, sizeof small), -EFBIG);
    close(tap);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_ethtool");
    TCase *c = tcase_create("ethtool");
    tcase_add_test(c, coalescing_is_set_and_put_back);
    tcase_add_test(c, what_the_driver_does_not_know_is_refused);
    tcase_add_test(c, texts_that_are_none);
    tcase_add_test(c, no_such_interface);
    tcase_add_test(c, a_text_that_does_not_fit);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
