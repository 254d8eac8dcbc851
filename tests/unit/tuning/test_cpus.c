/* Sets of CPUs, and the kernel's texts of them. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tuning/cpus.h"

static char text[RY_TUNING_CPUS_TEXT_BYTES];

static struct ry_tuning_cpus of(const char *list)
{
    struct ry_tuning_cpus set;
    ck_assert_msg(ry_tuning_cpus_read_list(&set, list), "%s", list);
    return set;
}

static void is(const struct ry_tuning_cpus *set, const char *list)
{
    ck_assert_str_eq(ry_tuning_cpus_list(set, text), list);
}

START_TEST(one_by_one)
{
    struct ry_tuning_cpus set = of("");
    ck_assert_int_eq(ry_tuning_cpus_next(&set, 0), -1);
    ry_tuning_cpus_add(&set, 63);
    ry_tuning_cpus_add(&set, 64);
    ry_tuning_cpus_add(&set, RY_TUNING_CPUS_MAX - 1);
    ry_tuning_cpus_add(&set, RY_TUNING_CPUS_MAX); /* there is no such CPU */
    ck_assert_uint_eq(ry_tuning_cpus_count(&set), 3);
    is(&set, "63-64,1023");
    ck_assert_int_eq(ry_tuning_cpus_next(&set, 0), 63);
    ck_assert_int_eq(ry_tuning_cpus_next(&set, 65), 1023);
    ck_assert_int_eq(ry_tuning_cpus_next(&set, 1024), -1);
    ry_tuning_cpus_drop(&set, 64);
    ry_tuning_cpus_drop(&set, RY_TUNING_CPUS_MAX);
    ck_assert(ry_tuning_cpus_has(&set, 63) && !ry_tuning_cpus_has(&set, 64));
    ck_assert(!ry_tuning_cpus_has(&set, RY_TUNING_CPUS_MAX));
    is(&set, "63,1023");
}
END_TEST

START_TEST(two_sets)
{
    struct ry_tuning_cpus a = of("0-3,70"), b = of("2-5,70"), out;
    ry_tuning_cpus_without(&out, &a, &b);
    is(&out, "0-1");
    ry_tuning_cpus_both(&out, &a, &b);
    is(&out, "2-3,70");
    ry_tuning_cpus_with(&out, &a, &b);
    is(&out, "0-5,70");
    ck_assert(ry_tuning_cpus_meet(&a, &b) && !ry_tuning_cpus_same(&a, &b));
    ry_tuning_cpus_without(&a, &a, &b); /* into itself */
    is(&a, "0-1");
    ck_assert(!ry_tuning_cpus_meet(&a, &b));
    b = of("1,0");
    ck_assert(ry_tuning_cpus_same(&a, &b));
}
END_TEST

START_TEST(lists_read)
{
    static const char *const good[][2] = {
        {"0", "0"},           {"0-3,8\n", "0-3,8"}, {"", ""},     {"\n", ""},
        {"5,4,3,9", "3-5,9"}, {"0-1023", "0-1023"}, {"7-7", "7"}, {"1-4,3-6", "1-6"},
        {"0,2,4", "0,2,4"},   {"007", "7"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct ry_tuning_cpus set = of(good[i][0]);
        is(&set, good[i][1]);
    }
    static const char *const bad[] = {"x",      "0-",  "-3", "0,",   ",0",    "3-1",  "1024",
                                      "0-1024", "0 1", " 0", "0-3x", "0\n\n", "0--2", "4294967296"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ry_tuning_cpus set;
        ck_assert_msg(!ry_tuning_cpus_read_list(&set, bad[i]), "%s", bad[i]);
    }
}
END_TEST

START_TEST(masks_read)
{
    static const char *const good[][2] = {
        {"f\n", "0-3"},       {"00000000,00000000\n", ""},
        {"1,00000000", "32"}, {"ff,ffffffff", "0-39"},
        {"A5", "0,2,5,7"},    {"80000000,00000000,00000001", "0,95"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct ry_tuning_cpus set;
        ck_assert_msg(ry_tuning_cpus_read_mask(&set, good[i][0]), "%s", good[i][0]);
        is(&set, good[i][1]);
    }
    static const char *const bad[] = {"", "\n", "g", "1,", ",1", "0x1", "123456789", "1 ", "1\n1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ry_tuning_cpus set;
        ck_assert_msg(!ry_tuning_cpus_read_mask(&set, bad[i]), "%s", bad[i]);
    }
}
END_TEST

/* A kernel that was built for more CPUs than we know prints zeros in front. */
START_TEST(masks_wider_than_ours)
{
    char wide[40 * 9 + 1] = "";
    struct ry_tuning_cpus set;
    for (unsigned i = 0; i < 39; i++)
        strcat(wide, "00000000,");
    strcat(wide, "00000003");
    ck_assert(ry_tuning_cpus_read_mask(&set, wide));
    is(&set, "0-1");
    wide[7] = '1';
    ck_assert(!ry_tuning_cpus_read_mask(&set, wide));
}
END_TEST

/* The kernel's "%*pb" has as many digits as the machine has CPUs. */
START_TEST(masks_written)
{
    static const struct {
        const char *list;
        unsigned cpus;
        const char *mask;
    } masks[] = {
        {"0-1", 2, "3"},
        {"", 8, "00"},
        {"1", 12, "002"},
        {"0-31", 32, "ffffffff"},
        {"32", 33, "1,00000000"},
        {"0-39", 40, "ff,ffffffff"},
        {"0,95", 96, "80000000,00000000,00000001"},
        {"0", 0, "1"},
        {"0-7", 4, "f"},
        {"63", 64, "80000000,00000000"},
    };
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        struct ry_tuning_cpus set = of(masks[i].list);
        ck_assert_str_eq(ry_tuning_cpus_mask(&set, masks[i].cpus, text), masks[i].mask);
    }
}
END_TEST

START_TEST(what_is_written_reads_the_same)
{
    srand(20);
    for (unsigned round = 0; round < 500; round++) {
        struct ry_tuning_cpus set = of(""), again;
        for (unsigned n = (unsigned)rand() % 600; n > 0; n--)
            ry_tuning_cpus_add(&set, (unsigned)rand() % RY_TUNING_CPUS_MAX);
        ck_assert(ry_tuning_cpus_read_list(&again, ry_tuning_cpus_list(&set, text)));
        ck_assert(ry_tuning_cpus_same(&set, &again));
        ry_tuning_cpus_mask(&set, RY_TUNING_CPUS_MAX, text);
        ck_assert(ry_tuning_cpus_read_mask(&again, text));
        ck_assert(ry_tuning_cpus_same(&set, &again));
    }
}
END_TEST

/* Every second CPU is the longest list. */
START_TEST(the_longest_texts_fit)
{
    struct ry_tuning_cpus set = of("");
    for (unsigned cpu = 0; cpu < RY_TUNING_CPUS_MAX; cpu += 2)
        ry_tuning_cpus_add(&set, cpu);
    ck_assert_uint_lt(strlen(ry_tuning_cpus_list(&set, text)), RY_TUNING_CPUS_TEXT_BYTES - 1);
    ck_assert_str_eq(text + strlen(text) - 4, "1022");
    ck_assert_uint_eq(strlen(ry_tuning_cpus_mask(&set, RY_TUNING_CPUS_MAX, text)), 32 * 9 - 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("cpus");
    TCase *t = tcase_create("cpus");
    tcase_add_test(t, one_by_one);
    tcase_add_test(t, two_sets);
    tcase_add_test(t, lists_read);
    tcase_add_test(t, masks_read);
    tcase_add_test(t, masks_wider_than_ours);
    tcase_add_test(t, masks_written);
    tcase_add_test(t, what_is_written_reads_the_same);
    tcase_add_test(t, the_longest_texts_fit);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
