#include "tests/support/test.h"

#include <ctype.h>
#include <string.h>

#include "shm/records/codes.h"

/* Journals and compiled strategies hold the numbers, programs read the names. */
START_TEST(numbers_and_names_are_stable)
{
    ck_assert_int_eq(RY_REJECT_CAPACITY, 15);
    ck_assert_int_eq(RY_REJECTS, 16);
    ck_assert_int_eq(RY_CANCELS, 5);
    ck_assert_str_eq(ry_code_name(RY_CODES_REJECT, 7), "no_reference");
    ck_assert_str_eq(ry_code_name(RY_CODES_REJECT, 14), "unknown_order");
    ck_assert_str_eq(ry_code_name(RY_CODES_CANCEL, 3), "self_trade");
    ck_assert_str_eq(ry_code_name(RY_CODES_OUT, 2), "insolvent");
    ck_assert_str_eq(ry_code_name(RY_CODES_CAUSE, 3), "hidden");
    ck_assert_str_eq(ry_code_name(RY_CODES_STATE, 1), "halted");
    ck_assert_str_eq(ry_code_name(RY_CODES_SESSION, 1), "closed");
    ck_assert_str_eq(ry_code_name(RY_CODES_SIDE, 2), "sell");
}
END_TEST

static bool is_name(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!islower((unsigned char)*at) && *at != '_')
            return false;
    return *text != '\0';
}

/* Fits into a cell of a Markdown table and into a comment; does not end like a sentence, because
 * what prints it goes on. */
static bool is_text(const char *text)
{
    size_t n = strlen(text);
    return n > 0 && text[n - 1] != '.' && strchr(text, '\n') == NULL && strstr(text, "*/") == NULL;
}

START_TEST(every_code_says_what_it_is)
{
    const struct ry_code_set *set = ry_code_set((enum ry_codes)_i);
    const bool wrong = _i == RY_CODES_REJECT || _i == RY_CODES_CANCEL || _i == RY_CODES_OUT;
    ck_assert(is_name(set->name) && is_text(set->says));
    ck_assert_uint_gt(set->count, 1);
    for (unsigned number = 0; number < set->count; number++) {
        const struct ry_code *code = ry_code((enum ry_codes)_i, number);
        ck_assert_ptr_nonnull(code->name); /* NULL: the numbers have a gap */
        ck_assert_uint_eq(code->number, number);
        ck_assert_msg(is_name(code->name), "%s: name", code->enumerator);
        ck_assert_msg(is_text(code->sentence), "%s: sentence", code->enumerator);
        if (wrong && number > 0)
            ck_assert_msg(is_text(code->remedy), "%s: remedy", code->enumerator);
        for (unsigned other = 0; other < number; other++)
            ck_assert_str_ne(code->name, set->code[other].name);
    }
}
END_TEST

START_TEST(what_is_no_code)
{
    for (unsigned set = 0; set < RY_CODES_COUNT; set++) {
        unsigned count = ry_code_set((enum ry_codes)set)->count;
        ck_assert_ptr_null(ry_code((enum ry_codes)set, count));
        ck_assert_str_eq(ry_code_name((enum ry_codes)set, count), "?");
        ck_assert_str_eq(ry_code_name((enum ry_codes)set, ~0u), "?");
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_codes");
    TCase *t = tcase_create("codes");
    tcase_add_test(t, numbers_and_names_are_stable);
    tcase_add_loop_test(t, every_code_says_what_it_is, 0, RY_CODES_COUNT);
    tcase_add_test(t, what_is_no_code);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
