/*
 * Who cites which rule of docs/MATCHING.md: prints the matrix rule x day, clause and line of
 * core/arena, and fails on a rule that one of them leaves out and on a citation of no rule. A day
 * that cites a rule must make the second implementation count a clause of that rule.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/model.h"
#include "tests/support/day.h"
#include "tests/support/rules.h"
#include "tests/support/test.h"

static glob_t days, code;

static struct ry_test_rules *read_page(void)
{
    struct ry_test_rules *rules = calloc(1, sizeof *rules);
    char *page = ry_test_file_text("docs/MATCHING.md");
    ck_assert_ptr_nonnull(page);
    ry_test_rules_read(rules, page);
    free(page);
    return rules;
}

/* What stands behind `rules:` in a day; "" if no such line does. */
static const char *rules_of_day(const char *path)
{
    static char line[RY_TEST_RULE_WHO_BYTES];
    const char *head = "rules:";
    char *text = ry_test_file_text(path);
    ck_assert_ptr_nonnull(text);
    const char *at = strncmp(text, head, strlen(head)) == 0 ? text : strstr(text, "\nrules:");
    line[0] = '\0';
    if (at != NULL)
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at + 1, "\n"), at + 1);
    free(text);
    return line;
}

static void name_of(const char *path, char *name, size_t bytes)
{
    const char *base = strrchr(path, '/') + 1;
    snprintf(name, bytes, "%.*s", (int)strcspn(base, "."), base);
}

static void cite_days(struct ry_test_rules *rules)
{
    char name[64];
    for (size_t i = 0; i < days.gl_pathc; i++) {
        name_of(days.gl_pathv[i], name, sizeof name);
        ry_test_rules_cite(rules, rules_of_day(days.gl_pathv[i]), RY_TEST_CITER_DAY, name);
    }
}

static void cite_clauses(struct ry_test_rules *rules)
{
    for (unsigned i = 0; i < RY_MODEL_CLAUSES; i++)
        ry_test_rules_cite(rules, ry_model_clause_texts[i].rules, RY_TEST_CITER_CLAUSE,
                           ry_model_clause_texts[i].name);
}

static void cite_file(struct ry_test_rules *rules, const char *path)
{
    char who[128];
    unsigned number = 0;
    char *text = ry_test_file_text(path);
    ck_assert_ptr_nonnull(text);
    for (char *at = text, *line; (line = strsep(&at, "\n")) != NULL;) {
        snprintf(who, sizeof who, "%s:%u", strrchr(path, '/') + 1, ++number);
        ry_test_rules_cite(rules, line, RY_TEST_CITER_CODE, who);
    }
    free(text);
}

START_TEST(every_rule_has_a_day_a_clause_and_its_code)
{
    struct ry_test_rules *rules = read_page();
    ck_assert_uint_gt(rules->count, 100);
    cite_days(rules);
    cite_clauses(rules);
    for (size_t i = 0; i < code.gl_pathc; i++)
        cite_file(rules, code.gl_pathv[i]);
    ry_test_rules_finish(rules, true);
    ck_assert_msg(rules->wrong[0] == '\0', "%s", rules->wrong);
    free(rules);
}
END_TEST

/* --- A day and what it makes the second implementation do. --- */

static uint64_t counted[RY_MODEL_CLAUSES];

static void destroy_counted(void *machine)
{
    memcpy(counted, ry_model_clauses(machine), sizeof counted);
    ry_model_destroy(machine);
}

static struct ry_test_day_machine counting_model(void)
{
    const struct ry_test_day_machine *machine = ry_test_day_machines;
    while (strcmp(machine->name, "tests/model") != 0)
        machine++;
    struct ry_test_day_machine model = *machine;
    model.destroy = destroy_counted;
    return model;
}

static bool is_shown(const char *rule)
{
    char id[RY_TEST_RULE_BYTES];
    for (unsigned i = 0; i < RY_MODEL_CLAUSES; i++) {
        const char *text = ry_model_clause_texts[i].rules;
        while (counted[i] > 0 && ry_test_rule_next(&text, id))
            if (strcmp(id, rule) == 0)
                return true;
    }
    return false;
}

START_TEST(a_day_shows_what_it_cites)
{
    static char error[RY_TEST_DAY_ERROR_BYTES];
    const char *path = days.gl_pathv[_i];
    const struct ry_test_day_machine model = counting_model();
    char id[RY_TEST_RULE_BYTES];
    unsigned cited = 0;
    ck_assert_msg(ry_test_day_run(path, &model, error, sizeof error) == 0, "%s", error);
    for (const char *text = rules_of_day(path); ry_test_rule_next(&text, id); cited++)
        ck_assert_msg(is_shown(id), "%s cites %s, and none of its clauses happened", path, id);
    ck_assert_msg(cited > 0, "%s cites no rule", path);
}
END_TEST

/* --- The test itself can fail. --- */

static const char page[] =
    "**AB-1** One. Like AB-2.\n\n| **AB-2** | Two. (No day: why.) |\n\n"
    "**AB-3** Three, an AB-1 of UTF8 and x86-64. (No day and no clause: why.)\n";

static struct ry_test_rules *small_matrix(const char *of_day, const char *of_clause,
                                          const char *of_code)
{
    struct ry_test_rules *rules = calloc(1, sizeof *rules);
    ry_test_rules_read(rules, page);
    ck_assert_uint_eq(rules->count, 3);
    ry_test_rules_cite(rules, of_day, RY_TEST_CITER_DAY, "d");
    ry_test_rules_cite(rules, of_clause, RY_TEST_CITER_CLAUSE, "c");
    ry_test_rules_cite(rules, of_code, RY_TEST_CITER_CODE, "f.c:1");
    ry_test_rules_finish(rules, false);
    return rules;
}

START_TEST(what_is_left_out_is_told)
{
    static const struct {
        const char *day, *clause, *code, *wrong;
    } cases[] = {
        {"rules: AB-1", "AB-1 AB-2", "/* AB-1, AB-2: x */ AB-3", ""},
        {"", "AB-1 AB-2", "AB-1 AB-2 AB-3", "no day cites AB-1\n"},
        {"AB-1", "AB-1", "AB-1 AB-2 AB-3", "no clause cites AB-2\n"},
        {"AB-1", "AB-1 AB-2", "AB-1 AB-3", "no code cites AB-2\n"},
        {"AB-1 AB-2", "AB-1 AB-2", "AB-1 AB-2 AB-3", "AB-2 has a day after all\n"},
        {"AB-1", "AB-1 AB-2 AB-3", "AB-1 AB-2 AB-3", "AB-3 has a clause after all\n"},
        {"AB-1 AB-4", "AB-1 AB-2", "AB-1 AB-2 AB-3", "day d cites AB-4, which is no rule\n"},
        {"AB-1", "AB-1 AB-2 B-12", "AB-1 AB-2 AB-3", ""}, /* one letter is no id */
        {"AB-1", "AB-1 AB-2", "AB-1 AB-2 AB-3 AB-31", "code f.c:1 cites AB-31, which is no rule\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ry_test_rules *rules = small_matrix(cases[i].day, cases[i].clause, cases[i].code);
        ck_assert_msg(strcmp(rules->wrong, cases[i].wrong) == 0, "case %zu: %s", i, rules->wrong);
        free(rules);
    }
}
END_TEST

START_TEST(a_rule_that_stands_twice_is_told)
{
    struct ry_test_rules *rules = calloc(1, sizeof *rules);
    ry_test_rules_read(rules, "**AB-1** One.\n**AB-1** One.\n");
    ck_assert_str_eq(rules->wrong, "AB-1 stands in the page twice\n");
    free(rules);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("rules");
    TCase *c = tcase_create("rules");
    glob("tests/days/*.day", 0, NULL, &days);
    glob("core/arena/*.[ch]", 0, NULL, &code);
    tcase_add_test(c, what_is_left_out_is_told);
    tcase_add_test(c, a_rule_that_stands_twice_is_told);
    tcase_add_test(c, every_rule_has_a_day_a_clause_and_its_code);
    tcase_add_loop_test(c, a_day_shows_what_it_cites, 0, (int)days.gl_pathc);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
