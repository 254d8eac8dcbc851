#include "tests/support/rules.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const citers[RY_TEST_CITERS] = {"day", "clause", "code"};

__attribute__((format(printf, 2, 3))) static void wrong(struct ry_test_rules *rules,
                                                        const char *format, ...)
{
    const size_t used = strlen(rules->wrong);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(rules->wrong + used, sizeof rules->wrong - used, format, arguments);
    va_end(arguments);
}

char *ry_test_file_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t bytes = 0;
    if (file == NULL)
        return NULL;
    if (getdelim(&text, &bytes, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

bool ry_test_rule_next(const char **text, char id[RY_TEST_RULE_BYTES])
{
    const char *at = *text;
    while (*at != '\0') {
        size_t letters = 0;
        while (isupper((unsigned char)at[letters]))
            letters++;
        size_t digits = letters + 1;
        while (at[letters] == '-' && isdigit((unsigned char)at[digits]))
            digits++;
        if (letters >= 2 && digits > letters + 1 && digits < RY_TEST_RULE_BYTES &&
            !isalnum((unsigned char)at[digits])) {
            memcpy(id, at, digits);
            id[digits] = '\0';
            *text = at + digits;
            return true;
        }
        at += letters > 0 ? letters : 1;
        while (letters == 0 && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)*at))
            at++; /* capitals inside a word begin nothing */
    }
    *text = at;
    return false;
}

static struct ry_test_rule *find(struct ry_test_rules *rules, const char *id)
{
    for (unsigned i = 0; i < rules->count; i++)
        if (strcmp(rules->rule[i].id, id) == 0)
            return &rules->rule[i];
    return NULL;
}

static void excuse(struct ry_test_rule *rule, const char *text, size_t bytes)
{
    char *own = strndup(text, bytes);
    const bool both = own != NULL && strstr(own, "(No day and no clause") != NULL;
    rule->excused[RY_TEST_CITER_DAY] = both || (own != NULL && strstr(own, "(No day") != NULL);
    rule->excused[RY_TEST_CITER_CLAUSE] = both;
    free(own);
}

/* The next id in bold; NULL: none. `*at` moves behind it. */
static const char *next_bold(const char **at, char id[RY_TEST_RULE_BYTES])
{
    for (const char *bold = strstr(*at, "**"); bold != NULL; bold = strstr(*at, "**")) {
        const char *inside = *at = bold + 2;
        if (ry_test_rule_next(&inside, id) && strncmp(*at, id, strlen(id)) == 0 &&
            strncmp(inside, "**", 2) == 0) {
            *at = inside + 2;
            return bold;
        }
    }
    return NULL;
}

void ry_test_rules_read(struct ry_test_rules *rules, const char *page)
{
    char id[RY_TEST_RULE_BYTES], next_id[RY_TEST_RULE_BYTES];
    const char *at = page;
    const char *bold = next_bold(&at, id);
    while (bold != NULL && rules->count < RY_TEST_RULES_MAX) {
        const char *text = at;
        bold = next_bold(&at, next_id);
        if (find(rules, id) != NULL)
            wrong(rules, "%s stands in the page twice\n", id);
        struct ry_test_rule *rule = &rules->rule[rules->count++];
        memcpy(rule->id, id, sizeof id);
        excuse(rule, text, bold != NULL ? (size_t)(bold - text) : strlen(text));
        memcpy(id, next_id, sizeof id);
    }
    if (bold != NULL)
        wrong(rules, "more than %d rules\n", RY_TEST_RULES_MAX);
}

void ry_test_rules_cite(struct ry_test_rules *rules, const char *text, enum ry_test_citer citer,
                        const char *who)
{
    char id[RY_TEST_RULE_BYTES];
    while (ry_test_rule_next(&text, id)) {
        struct ry_test_rule *rule = find(rules, id);
        if (rule == NULL) {
            wrong(rules, "%s %s cites %s, which is no rule\n", citers[citer], who, id);
            continue;
        }
        const size_t used = strlen(rule->who[citer]);
        snprintf(rule->who[citer] + used, sizeof rule->who[citer] - used, " %s", who);
    }
}

void ry_test_rules_finish(struct ry_test_rules *rules, bool print)
{
    for (unsigned i = 0; i < rules->count; i++) {
        const struct ry_test_rule *rule = &rules->rule[i];
        if (print)
            printf("# %-12s days:%s; clauses:%s; code:%s\n", rule->id, rule->who[0], rule->who[1],
                   rule->who[2]);
        for (unsigned c = 0; c < RY_TEST_CITERS; c++) {
            const bool cited = rule->who[c][0] != '\0';
            if (!cited && !rule->excused[c])
                wrong(rules, "no %s cites %s\n", citers[c], rule->id);
            if (cited && rule->excused[c])
                wrong(rules, "%s has a %s after all\n", rule->id, citers[c]);
        }
    }
    fflush(stdout);
}
