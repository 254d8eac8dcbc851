/* What the key `keep` may say. */
#include <string.h>

#include "core/battle/keep.h"
#include "tests/support/test.h"

START_TEST(test_what_it_says)
{
    static const struct {
        const char *text;
        struct ry_battle_keep keep;
    } cases[] = {
        {"1", {1, 0, 0}},
        {"20 battles", {20, 0, 0}},
        {"1 battle", {1, 0, 0}},
        {"1 day", {0, 1, 0}},
        {"30 days", {0, 30, 0}},
        {"200 GiB", {0, 0, 200}},
        {"200GiB", {0, 0, 200}},
        {" 20 , 30 days,200 GiB ", {20, 30, 200}},
        {"1000000, 36500 days, 1048576 GiB", {1000000, 36500, 1048576}},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ry_battle_keep keep = {7, 7, 7};
        ck_assert_msg(ry_battle_keep_read(cases[i].text, &keep), "%s", cases[i].text);
        ck_assert_msg(memcmp(&keep, &cases[i].keep, sizeof keep) == 0, "%s", cases[i].text);
    }
}
END_TEST

START_TEST(test_what_it_does_not)
{
    static const char *const wrong[] = {"",
                                        "0",
                                        "00",
                                        "-1",
                                        "1.5 days",
                                        "days",
                                        "20 weeks",
                                        "20, 30",
                                        "20,",
                                        ",20",
                                        "20 30 days",
                                        "1000001",
                                        "36501 days",
                                        "1048577 GiB",
                                        "20 gib",
                                        "20 GB",
                                        "1 day days",
                                        "0x10",
                                        "+3",
                                        "4294967297",
                                        "18446744073709551617",
                                        "99999999999999999999999 days"};
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ry_battle_keep keep;
        ck_assert_msg(!ry_battle_keep_read(wrong[i], &keep), "%s", wrong[i]);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("battle_keep");
    TCase *c = tcase_create("battle_keep");
    tcase_add_test(c, test_what_it_says);
    tcase_add_test(c, test_what_it_does_not);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
