/* Money and sparklines as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tools/text/money.h"
#include "tools/text/spark.h"

#define MILLION INT64_C(1000000) /* money of 1 */

START_TEST(test_money)
{
    static const struct {
        int64_t money;
        unsigned cells;
        const char *text;
    } cases[] = {
        {0, 12, "0.00"},
        {1234567890, 12, "1234.57"},
        {-1234567890, 12, "-1234.57"},
        {4999, 12, "0.00"},
        {5000, 12, "0.01"},
        {-5000, 12, "-0.01"},
        {1234567890, 6, "1235"},
        {1234567890, 4, "1235"},
        {1234567890, 3, "1k"},
        {-1250 * MILLION, 4, "-1k"},
        {-1250 * MILLION, 5, "-1250"},
        {12345678 * MILLION, 5, "12.3M"},
        {INT64_MAX, 6, "9223G"},
        {INT64_MIN, 5, "-9T"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[RY_TEXT_MONEY_BYTES];
        ry_text_money_short(text, cases[i].money, cases[i].cells);
        ck_assert_str_eq(text, cases[i].text);
    }
    char text[RY_TEXT_MONEY_BYTES];
    ry_text_money_short(text, (__int128)INT64_MAX * 1000, 3);
    ck_assert_str_eq(text, "#");
}
END_TEST

/* ---- sparklines ------------------------------------------------------------------------------ */

static void want_levels(const int64_t *sample, unsigned samples, unsigned cells, const char *levels)
{
    uint8_t have[RY_TEXT_SPARK_CELLS_MAX];
    ck_assert_uint_eq(ry_text_spark_levels(sample, samples, cells, have), strlen(levels));
    for (unsigned i = 0; levels[i] != 0; i++)
        ck_assert_msg(have[i] == levels[i] - '0', "cell %u is %u in %s", i, have[i], levels);
}

START_TEST(test_spark)
{
    const int64_t rise[] = {-700, -600, -500, -400, -300, -200, -100, 0};
    const int64_t alike[] = {-5, -5, -5};
    const int64_t wide[] = {INT64_MIN, 0, INT64_MAX};
    want_levels(rise, 8, 8, "01234567");
    want_levels(rise, 8, 20, "01234567");
    want_levels(rise, 8, 4, "1357"); /* the last of each stretch */
    want_levels(rise, 8, 1, "7");
    want_levels(alike, 3, 8, "333");
    want_levels(wide, 3, 3, "047");
    want_levels(rise, 0, 8, "");
    want_levels(rise, 1, 8, "3");
}
END_TEST

START_TEST(test_spark_text)
{
    const int64_t sample[] = {0, 1, 2, 3, 4, 5, 6, 7};
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    ry_text_spark(out, sample, 8, 10, false);
    ry_text_spark(out, sample, 8, 8, true);
    fclose(out);
    ck_assert_str_eq(text, "_.,-=+*#  ▁▂▃▄▅▆▇█");
    free(text);
}
END_TEST

START_TEST(test_exact_money)
{
    static const struct {
        int64_t money;
        const char *exact, *plain;
    } cases[] = {{0, "0.000000", "0"},
                 {1, "0.000001", "0.000001"},
                 {-1, "-0.000001", "-0.000001"},
                 {1234500000, "1234.500000", "1234.5"},
                 {100 * MILLION, "100.000000", "100"},
                 {INT64_MIN, "-9223372036854.775808", "-9223372036854.775808"}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[RY_TEXT_MONEY_BYTES];
        ck_assert_str_eq(ry_text_money(text, cases[i].money), cases[i].exact);
        ck_assert_str_eq(ry_text_money_plain(text, cases[i].money), cases[i].plain);
        __int128 again = 7;
        ck_assert(ry_text_money_read(cases[i].exact, &again));
        ck_assert(again == cases[i].money);
    }
}
END_TEST

START_TEST(test_money_refused)
{
    static const char *const cases[] = {"",
                                        "-",
                                        "1",
                                        "1.",
                                        "1.00000",
                                        "1.0000000",
                                        ".000000",
                                        "-.000000",
                                        "+1.000000",
                                        " 1.000000",
                                        "1.000000 ",
                                        "1,000000",
                                        "1e3.000000",
                                        "--1.000000",
                                        "1.00000x",
                                        "0x1.000000",
                                        "1.-00000",
                                        "1..000000",
                                        "1000000000000000000000000000000.000000"};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        __int128 money = 7;
        ck_assert_msg(!ry_text_money_read(cases[i], &money), "%s", cases[i]);
        ck_assert(money == 7);
    }
    __int128 money = 0;
    ck_assert(ry_text_money_read("-999999999999999999999999999999.999999", &money));
    char text[RY_TEXT_MONEY_BYTES];
    ck_assert_str_eq(ry_text_money(text, money), "-999999999999999999999999999999.999999");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("text_figures");
    TCase *c = tcase_create("figures");
    tcase_add_test(c, test_money);
    tcase_add_test(c, test_exact_money);
    tcase_add_test(c, test_money_refused);
    tcase_add_test(c, test_spark);
    tcase_add_test(c, test_spark_text);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
