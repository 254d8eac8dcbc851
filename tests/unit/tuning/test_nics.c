/* Stage nics: rings and coalescing of cards that the kernel drives. */
#include <string.h>

#include "tests/support/fake_host.h"
#include "tests/support/test.h"

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

static void look(void)
{
    ry_test_host_look(&fake, &target, "nics", &findings);
}

static void want(const char *path, enum ry_tuning_state state, const char *wanted)
{
    const struct ry_tuning_setting *setting = ry_test_finding(&findings, path);
    ck_assert_msg(setting->state == state, "%s: state %d, why %s", path, setting->state,
                  setting->why);
    ck_assert_str_eq(setting->want, wanted);
}

START_TEST(rings_as_long_as_can_be_and_interrupts_at_once)
{
    ry_test_host_tree(&fake, "xeon");
    look();
    want("eth0 ring", RY_TUNING_MISSING, "rx 4096 tx 512");
    want("eth0 coalesce", RY_TUNING_MISSING,
         "rx-usecs 0 rx-frames 0 tx-usecs 50 tx-frames 0 adaptive-rx 0 adaptive-tx 1");
    ck_assert_uint_eq(findings.count, 2);
    ck_assert(ry_test_finding(&findings, "eth0 ring")->gone_with_boot);
}
END_TEST

START_TEST(a_battle_may_ask_for_another_length)
{
    ry_test_host_tree(&fake, "xeon");
    target.nic[0].rx_ring = 1024;
    look();
    want("eth0 ring", RY_TUNING_MISSING, "rx 1024 tx 512");
    target.nic[0].rx_ring = 100; /* a longer one is as good */
    look();
    want("eth0 ring", RY_TUNING_OK, "rx 512 tx 512");
    target.nic[0].rx_ring = 9999; /* as long as can be */
    look();
    want("eth0 ring", RY_TUNING_MISSING, "rx 4096 tx 512");
}
END_TEST

/* mlx5: 128 frames or 8 us; with 0 and 0 it would never interrupt. */
START_TEST(a_driver_that_counts_frames_waits_for_one)
{
    ry_test_host_file(&fake, "/fake/nic/eth0/coalesce",
                      "rx-usecs 8 rx-frames 128 tx-usecs 8 tx-frames 128 adaptive-rx 1 "
                      "adaptive-tx 1\n");
    look();
    want("eth0 coalesce", RY_TUNING_MISSING,
         "rx-usecs 0 rx-frames 1 tx-usecs 8 tx-frames 128 adaptive-rx 0 adaptive-tx 1");
    ry_test_host_file(&fake, "/fake/nic/eth0/coalesce",
                      "rx-usecs 0 rx-frames 1 tx-usecs 0 tx-frames 1 adaptive-rx 0 "
                      "adaptive-tx 0\n");
    look();
    want("eth0 coalesce", RY_TUNING_OK,
         "rx-usecs 0 rx-frames 1 tx-usecs 0 tx-frames 1 adaptive-rx 0 adaptive-tx 0");
}
END_TEST

START_TEST(what_a_driver_does_not_have_is_said)
{
    look(); /* the fake card has neither: EOPNOTSUPP */
    want("eth0 ring", RY_TUNING_CANNOT, "");
    want("eth0 coalesce", RY_TUNING_CANNOT, "");
    ck_assert_ptr_nonnull(
        strstr(ry_test_finding(&findings, "eth0 ring")->why, "its driver has no such thing"));
    /* A driver with rings that it does not let anybody change. */
    ry_test_host_file(&fake, "/fake/nic/eth0/ring", "rx 256 tx 256\n");
    ry_test_host_file(&fake, "/fake/nic/eth0/ring-max", "rx 0 tx 0\n");
    look();
    want("eth0 ring", RY_TUNING_CANNOT, "");
}
END_TEST

START_TEST(cards_for_vfio_have_their_own_stage)
{
    target.nic[0] = target.nic[1];
    look();
    want("/sys/class/net", RY_TUNING_OK, "");
    ck_assert_uint_eq(findings.count, 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_nics");
    TCase *c = tcase_create("nics");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, rings_as_long_as_can_be_and_interrupts_at_once);
    tcase_add_test(c, a_battle_may_ask_for_another_length);
    tcase_add_test(c, a_driver_that_counts_frames_waits_for_one);
    tcase_add_test(c, what_a_driver_does_not_have_is_said);
    tcase_add_test(c, cards_for_vfio_have_their_own_stage);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
