/* docs/TUNING.md has a row for each stage of the table, in its order, and for nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/rules.h"
#include "tests/support/test.h"
#include "tuning/stage.h"

#define PAGE "docs/TUNING.md"
#define HEAD "## The stages\n"

START_TEST(a_row_for_each_stage)
{
    char *page = ry_test_file_text(PAGE);
    ck_assert_ptr_nonnull(page);
    const char *at = strstr(page, HEAD);
    ck_assert_msg(at != NULL, PAGE " has no section %s", HEAD);
    at = strstr(at, "|---|");
    ck_assert_ptr_nonnull(at);
    for (unsigned i = 0; i < ry_tuning_stages_count; i++) {
        const struct ry_tuning_stage *stage = &ry_tuning_stages[i];
        char row[512];
        snprintf(row, sizeof row, "| `%s` | %s | %s |\n", stage->name, stage->title, stage->about);
        at = strchr(at, '\n') + 1;
        ck_assert_msg(strncmp(at, row, strlen(row)) == 0,
                      PAGE ": the row should be\n%sand is\n%.*s", row, (int)strcspn(at, "\n"), at);
    }
    at = strchr(at, '\n') + 1;
    ck_assert_msg(at[0] == '\n', PAGE ": a row too many: %.*s", (int)strcspn(at, "\n"), at);
    free(page);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tuning_page");
    TCase *t = tcase_create("tuning_page");
    tcase_add_test(t, a_row_for_each_stage);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
