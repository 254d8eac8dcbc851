/* agents/agent.h stands alone, so it says again what shm/ says: here the two are compared. */
#include "tests/support/test.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "shm/records/codes.h"
#include "shm/records/command.h"

_Static_assert(RY_INTEREST_EVERY == UINT16_MAX, "as the header says");

#define HEADER_BYTES (64u << 10)

/* What the house's files leave out of the header, on one line: white space is one space, and the
 * stars that begin a comment's lines are none. */
static char header[HEADER_BYTES];

static bool is_space(char c)
{
    return isspace((unsigned char)c);
}

static void read_header(void)
{
    FILE *file = fopen("agents/agent.h", "r");
    ck_assert_ptr_nonnull(file);
    char line[512];
    size_t n = 0;
    bool inside = false;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "#ifndef RY_AGENT_HOUSE", 22) == 0)
            inside = true;
        if (strncmp(line, "#endif", 6) == 0)
            inside = false;
        for (const char *at = line; inside && *at != '\0'; at++) {
            if (!is_space(*at))
                header[n++] = *at;
            else if (n > 0 && header[n - 1] != ' ')
                header[n++] = ' ';
            ck_assert_uint_lt(n, sizeof header);
        }
    }
    header[n] = '\0';
    fclose(file);
}

static unsigned count_of(const char *text)
{
    unsigned count = 0;
    for (const char *at = header; (at = strstr(at, text)) != NULL; at++)
        count++;
    return count;
}

/* "RY_REJECT_PRICE = 8, / * the sentence * /": number and comment are the table's. */
static unsigned compare_set(enum ry_codes which)
{
    const struct ry_code_set *set = ry_code_set(which);
    for (unsigned i = 0; i < set->count; i++) {
        char text[512];
        const struct ry_code *code = &set->code[i];
        snprintf(text, sizeof text, " %s = %u, /* %s */", code->enumerator, code->number,
                 code->sentence);
        ck_assert_msg(count_of(text) == 1, "agent.h has not once: %s", text);
    }
    return set->count;
}

/* What shm says of interests, from the file itself: white space as in `header`. */
static void read_interests(char *text, size_t bytes)
{
    char line[512];
    size_t n = 0;
    bool inside = false;
    FILE *file = fopen("shm/records/command.h", "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        inside = inside || strncmp(line, "enum ry_interest {", 18) == 0;
        for (const char *at = line; inside && *at != '\0'; at++) {
            if (!is_space(*at))
                text[n++] = *at;
            else if (n > 0 && text[n - 1] != ' ')
                text[n++] = ' ';
            ck_assert_uint_lt(n, bytes);
        }
        if (strncmp(line, "#define RY_TOP_MAX", 18) == 0)
            inside = false;
    }
    text[n] = '\0';
    fclose(file);
}

/* The enum and the two words behind it, comments too. */
static unsigned compare_interests(void)
{
    static char text[8192];
    unsigned words = 0;
    read_interests(text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "RY_INTEREST_ALL = "));
    ck_assert_ptr_nonnull(strstr(text, "#define RY_INTEREST_TOP(k) "));
    ck_assert_ptr_nonnull(strstr(text, "#define RY_TOP_MAX "));
    ck_assert_msg(count_of(text) == 1, "agent.h has not once: %s", text);
    for (const char *at = text; (at = strstr(at, " = ")) != NULL; at++)
        words++;
    return words;
}

START_TEST(the_headers_words_are_shms)
{
    static const enum ry_codes sets[] = {RY_CODES_REJECT, RY_CODES_CANCEL, RY_CODES_OUT,
                                         RY_CODES_CAUSE, RY_CODES_SIDE};
    unsigned words = 0;
    read_header();
    for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++)
        words += compare_set(sets[i]);
    words += compare_interests();
    ck_assert_uint_eq(count_of("#define RY_INTEREST_EVERY UINT16_MAX "), 1);
    ck_assert_uint_eq(count_of(" = "), words); /* and no others */
}
END_TEST

/* "#define RY_WORD 8" of the header, likewise; a parameter of INT64_C counts as the number. */
START_TEST(the_headers_limits_are_shms)
{
    static const struct {
        const char *word;
        long long value;
    } limit[] = {{"RY_FEATURES_MAX", RY_FEATURES_MAX}, {"RY_TIMER_NS_MIN", RY_TIMER_NS_MIN}};
    char line[512], word[64];
    long long value;
    unsigned found = 0;
    FILE *file = fopen("agents/agent.h", "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "#define %63[A-Z_0-9] INT64_C(%lld)", word, &value) != 2 &&
            sscanf(line, "#define %63[A-Z_0-9] %lld", word, &value) != 2)
            continue;
        for (unsigned i = 0; i < sizeof limit / sizeof *limit; i++) {
            if (strcmp(limit[i].word, word) != 0)
                continue;
            ck_assert_msg(limit[i].value == value, "%s is %lld in agent.h and %lld in shm", word,
                          value, limit[i].value);
            found++;
        }
    }
    fclose(file);
    ck_assert_uint_eq(found, sizeof limit / sizeof *limit);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_header");
    TCase *t = tcase_create("header");
    tcase_add_test(t, the_headers_words_are_shms);
    tcase_add_test(t, the_headers_limits_are_shms);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
