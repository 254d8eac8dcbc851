/* Rows as JSON: byte for byte what a tree of jansson gives, whatever stands in them. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/row_model.h"
#include "tests/support/test.h"
#include "tools/text/row_codes.h"
#include "tools/text/row_json.h"

#define ROWS_OF_A_KIND 2000

static size_t compare(const struct ry_results *r, const struct ry_results_row *row)
{
    char text[RY_TEXT_ROW_BYTES];
    size_t bytes = ry_text_row_json(text, r, row);
    json_t *value = ry_test_row_model(r, row);
    char *model = json_dumps(value, JSON_COMPACT);
    ck_assert_msg(strlen(model) == bytes && memcmp(model, text, bytes) == 0, "%s\n%.*s", model,
                  (int)bytes, text);
    free(model);
    json_decref(value);
    return bytes;
}

START_TEST(test_random)
{
    const struct ry_results *r = ry_test_row_results();
    struct ry_test_rng rng = {(uint64_t)_i + 1};
    for (unsigned i = 0; i < ROWS_OF_A_KIND; i++) {
        struct ry_results_row row = ry_test_row_random(&rng, (enum ry_results_row_kind)_i);
        compare(r, &row);
    }
}
END_TEST

/* ---- the longest row ------------------------------------------------------------------------- */

static unsigned longest_word(enum ry_results_type type)
{
    unsigned longest = 1;
    for (unsigned i = 1; i < ry_text_row_words(type); i++)
        if (strlen(ry_text_row_word(type, i)) > strlen(ry_text_row_word(type, longest)))
            longest = i;
    return longest;
}

static void fill_longest(struct ry_results_row *row, const struct ry_results_column *column,
                         const char *appliance)
{
    void *at = (char *)row + column->offset;
    if (ry_text_row_words(column->type) > 0)
        *(uint8_t *)at = (uint8_t)longest_word(column->type);
    else if (column->type == RY_RESULTS_TYPE_TEXT)
        *(const char **)at = appliance;
    else if (column->type == RY_RESULTS_TYPE_I64S)
        *(struct ry_results_i64s *)at = (struct ry_results_i64s){.count = RY_FEATURES_MAX};
    else if (column->type == RY_RESULTS_TYPE_MONEY)
        *(__int128 *)at = (__int128)((unsigned __int128)1 << 127);
    else if (column->type == RY_RESULTS_TYPE_AGENT || column->type == RY_RESULTS_TYPE_INSTRUMENT)
        *(uint16_t *)at = column->type == RY_RESULTS_TYPE_AGENT ? 7 : 19; /* all controls */
    else if (column->type == RY_RESULTS_TYPE_COUNT || column->type == RY_RESULTS_TYPE_U64)
        *(uint64_t *)at = UINT64_MAX;
    else if (column->type == RY_RESULTS_TYPE_TIME || column->type == RY_RESULTS_TYPE_LOTS)
        *(int64_t *)at = INT64_MIN;
    else if (column->type == RY_RESULTS_TYPE_PRICE)
        *(int64_t *)at = INT64_MIN + 1;
    if (column->type == RY_RESULTS_TYPE_I64S)
        for (unsigned i = 0; i < RY_FEATURES_MAX; i++)
            ((struct ry_results_i64s *)at)->value[i] = INT64_MIN;
}

/* Each kind with the longest value in every column. */
START_TEST(test_longest)
{
    const struct ry_results *r = ry_test_row_results();
    char appliance[RY_RESULTS_TEXT_BYTES];
    size_t longest = 0;
    memset(appliance, '\x1f', sizeof appliance - 1);
    appliance[sizeof appliance - 1] = 0;
    for (unsigned kind = 0; kind < RY_RESULTS_ROWS; kind++) {
        const struct ry_results_row_about *about = &ry_results_rows[kind];
        struct ry_results_row row = {.kind = (enum ry_results_row_kind)kind};
        for (unsigned i = 0; i < ry_results_key_about.columns; i++)
            fill_longest(&row, &ry_results_key_about.column[i], appliance);
        for (unsigned i = 0; i < about->columns; i++)
            fill_longest(&row, &about->column[i], appliance);
        size_t bytes = compare(r, &row);
        ck_assert_uint_le(bytes, RY_TEXT_ROW_BYTES);
        longest = bytes > longest ? bytes : longest;
    }
    ck_assert_uint_gt(longest, RY_TEXT_ROW_BYTES / 2); /* the limit is not out of the air */
}
END_TEST

/* What row_json.c counts for a word is enough. */
START_TEST(test_words)
{
    for (unsigned type = 0; type < RY_RESULTS_TYPES; type++)
        for (unsigned i = 1; i < ry_text_row_words((enum ry_results_type)type); i++)
            ck_assert_uint_le(strlen(ry_text_row_word((enum ry_results_type)type, i)), 64);
}
END_TEST

#define TEN   "123456789 "
#define SIXTY TEN TEN TEN TEN TEN TEN

/* Of text longer than a row may hold whole characters stay; what is no UTF-8 is read byte by byte,
 * so a line is always JSON. */
START_TEST(test_appliance)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {NULL, NULL},
        {"", ""},
        {SIXTY "1234", SIXTY "123"},
        {SIXTY "12\xc3\xb6", SIXTY "12"},
        {SIXTY "1\xc3\xb6", SIXTY "1\xc3\xb6"},
        {"\xe2\x82\xac\xf0\x9f\x98\x80", "\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"K\xf6ln", "K\xc3\xb6ln"},
        {"\xc3", "\xc3\x83"},
        {"\xe2\x82", "\xc3\xa2\xc2\x82"},
        {"\xc0\x80", "\xc3\x80\xc2\x80"},
        {"\xe0\x80\x80", "\xc3\xa0\xc2\x80\xc2\x80"},
        {"\xed\xa0\x80", "\xc3\xad\xc2\xa0\xc2\x80"},
        {"\xf4\x90\x80\x80", "\xc3\xb4\xc2\x90\xc2\x80\xc2\x80"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ry_results_row row = {.kind = RY_RESULTS_ROW_END,
                                           .key = {.appliance = cases[i].text}};
        json_t *value = ry_test_row_read(ry_test_row_results(), &row);
        json_t *said = json_object_get(value, "appliance");
        ck_assert_pstr_eq(json_string_value(said), cases[i].said);
        json_decref(value);
    }
}
END_TEST

/* ---- a line ---------------------------------------------------------------------------------- */

START_TEST(test_line)
{
    const struct ry_results *r = ry_test_row_results();
    const struct ry_results_row row = {.kind = RY_RESULTS_ROW_ROUND, .round = {.round = 2}};
    char text[RY_TEXT_ROW_BYTES], line[2 * RY_TEXT_ROW_BYTES] = {0};
    size_t bytes = ry_text_row_json(text, r, &row);
    FILE *out = fmemopen(line, sizeof line, "w");
    ck_assert_int_eq(ry_text_row_line(out, r, &row), 0);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_uint_eq(strlen(line), bytes + 1);
    ck_assert_int_eq(strncmp(line, text, bytes), 0);
    ck_assert_int_eq(line[bytes], '\n');
    out = fopen("/dev/full", "w");
    setbuf(out, NULL);
    ck_assert_int_eq(ry_text_row_line(out, r, &row), -1);
    fclose(out);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("row_json");
    TCase *c = tcase_create("row_json");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, test_random, 0, RY_RESULTS_ROWS);
    tcase_add_test(c, test_longest);
    tcase_add_test(c, test_words);
    tcase_add_test(c, test_appliance);
    tcase_add_test(c, test_line);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
