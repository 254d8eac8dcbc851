/*
 * The rules of docs/MATCHING.md and who cites them: scripted days, the second implementation's
 * clauses, the code.
 *
 * A rule is an id in bold in the page, `**ADD-3**`: capital letters, a hyphen, a number. The text
 * up to the next one is its text. A text that says "(No day" excuses the rule from having a day,
 * one that says "(No day and no clause" from a clause too. An id that is not in bold cites a rule.
 */
#ifndef RY_TESTS_SUPPORT_RULES_H
#define RY_TESTS_SUPPORT_RULES_H

#include <stdbool.h>
#include <stddef.h>

#define RY_TEST_RULES_MAX      256
#define RY_TEST_RULE_BYTES     24
#define RY_TEST_RULE_WHO_BYTES 1024

enum ry_test_citer { RY_TEST_CITER_DAY, RY_TEST_CITER_CLAUSE, RY_TEST_CITER_CODE, RY_TEST_CITERS };

struct ry_test_rule {
    char id[RY_TEST_RULE_BYTES];
    bool excused[RY_TEST_CITERS];
    char who[RY_TEST_CITERS][RY_TEST_RULE_WHO_BYTES]; /* who cites it, with blanks between */
};

struct ry_test_rules {
    struct ry_test_rule rule[RY_TEST_RULES_MAX];
    unsigned count;
    char wrong[3000]; /* lines: what was wrong with page and citations so far; "" if nothing */
};

/* The whole file in memory of its own, with a zero behind it; NULL: it cannot be read. */
char *ry_test_file_text(const char *path);

/* The next id in a text, from *text on, which moves behind it; false: there is none. */
bool ry_test_rule_next(const char **text, char id[RY_TEST_RULE_BYTES]);

/* Reads the rules of a page. */
void ry_test_rules_read(struct ry_test_rules *rules, const char *page);

/* `who` cites every id in `text`; one that is no rule goes to `wrong`. */
void ry_test_rules_cite(struct ry_test_rules *rules, const char *text, enum ry_test_citer citer,
                        const char *who);

/* The matrix, a line a rule, to standard output; rules that somebody leaves out, and excuses that
 * nothing needs, go to `wrong`. */
void ry_test_rules_finish(struct ry_test_rules *rules, bool print);

#endif
