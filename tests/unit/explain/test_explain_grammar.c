/* The grammar as servers get it, GBNF and JSON schema, is the checker's: a slow reader of GBNF says
 * which sentences it derives. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/explain_rig.h"
#include "tests/support/test.h"
#include "tools/explain/exchange.h"

#define RECORDS 150
#define LIES    6
#define ENDS    64

/* ---- GBNF, of which rules, texts in quotes, sequences and alternatives are read -------------- */

/* Where a sequence of the rule, at `at`, may end in `text` if it begins there. Returns how many. */
static unsigned derive(const char *gbnf, const char *at, const char *text, const char *end[ENDS]);

static const char *rule_of(const char *gbnf, const char *name, size_t bytes)
{
    for (const char *line = gbnf; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, bytes) == 0 && strncmp(line + bytes, " ::= ", 5) == 0)
            return line + bytes + 5;
    }
    ck_abort_msg("no rule %.*s", (int)bytes, name);
}

/* Behind a text in quotes at `at`; `*text` behind it as well, or NULL. */
static const char *quoted(const char *at, const char **text)
{
    for (at++; *at != '"'; at++) {
        at += *at == '\\';
        if (*text != NULL)
            *text = **text == *at ? *text + 1 : NULL;
    }
    return at + 1;
}

/* One alternative. */
static unsigned sequence(const char *gbnf, const char *at, const char *text, const char *end[ENDS])
{
    unsigned count = 0;
    at += strspn(at, " ");
    if (*at == '|' || *at == '\n' || *at == '\0') {
        end[0] = text;
        return 1;
    }
    if (*at == '"') {
        at = quoted(at, &text);
        return text == NULL ? 0 : sequence(gbnf, at, text, end);
    }
    size_t name = strcspn(at, " \n");
    const char *middle[ENDS];
    unsigned middles = derive(gbnf, rule_of(gbnf, at, name), text, middle);
    for (unsigned i = 0; i < middles; i++) {
        count += sequence(gbnf, at + name, middle[i], end + count);
        ck_assert_uint_lt(count, ENDS / 2);
    }
    return count;
}

static unsigned derive(const char *gbnf, const char *at, const char *text, const char *end[ENDS])
{
    unsigned count = 0;
    while (true) {
        count += sequence(gbnf, at, text, end + count);
        for (const char *none = NULL; *at != '|' && *at != '\n' && *at != '\0';)
            at = *at == '"' ? quoted(at, &none) : at + 1;
        if (*at != '|')
            return count;
        at++;
    }
}

static bool derives(const char *gbnf, const char *text)
{
    const char *end[ENDS];
    unsigned count = derive(gbnf, rule_of(gbnf, "root", 4), text, end);
    for (unsigned i = 0; i < count; i++)
        if (*end[i] == '\0')
            return true;
    return false;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static bool passes(const struct ry_explain_grammar *grammar, const char *text)
{
    struct ry_explain_checked checked;
    ry_explain_check(&checked, grammar, text, strlen(text));
    return checked.verdict == RY_EXPLAIN_TRUE;
}

START_TEST(gbnf_is_the_checkers)
{
    static struct ry_explain_grammar grammar;
    struct ry_test_rng rng = {7};
    for (unsigned i = 0; i < RECORDS; i++) {
        struct ry_explain_record record;
        char sentence[RY_EXPLAIN_SENTENCE_BYTES];
        explain_record(&record, &rng);
        if (!ry_explain_grammar(&grammar, &record))
            continue;
        char *gbnf = ry_explain_gbnf(&grammar);
        explain_draw(sentence, &grammar, &rng);
        ck_assert_msg(derives(gbnf, sentence), "not derived: %s", sentence);
        for (unsigned k = 0; k < LIES; k++) {
            char lie[2 * RY_EXPLAIN_SENTENCE_BYTES];
            snprintf(lie, sizeof lie, "%s", sentence);
            (void)explain_mutate(lie, &record, &rng);
            if (isspace((unsigned char)lie[0]) || lie[strlen(lie) - (lie[0] != '\0')] != '.')
                continue; /* blanks around an answer pass, and are in no grammar */
            ck_assert_msg(derives(gbnf, lie) == passes(&grammar, lie), "%s", lie);
        }
        free(gbnf);
    }
}
END_TEST

/* Each document of the schema's strings, of different topics, spells a sentence that passes. */
START_TEST(schema_spells_the_checkers)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    json_t *openings, *details;
    explain_record_fixed(&record);
    ck_assert(ry_explain_grammar(&grammar, &record));
    json_t *schema = ry_explain_schema(&grammar);
    ck_assert_int_eq(json_unpack(schema, "{s{s{so} s{s{so}}}}", "properties", "opening", "enum",
                                 &openings, "details", "items", "enum", &details),
                     0);
    ck_assert_uint_eq(json_array_size(openings) + json_array_size(details), grammar.phrases);
    for (size_t i = 0; i < json_array_size(openings); i++)
        for (size_t k = 0; k < json_array_size(details); k++) {
            char sentence[RY_EXPLAIN_SENTENCE_BYTES];
            json_t *document = json_pack("{sO s[O]}", "opening", json_array_get(openings, i),
                                         "details", json_array_get(details, k));
            char *text = json_dumps(document, 0);
            ck_assert_int_eq(ry_explain_spelled(sentence, &grammar, text, strlen(text)), 0);
            ck_assert_msg(passes(&grammar, sentence), "%s", sentence);
            free(text);
            json_decref(document);
        }
    json_decref(schema);
}
END_TEST

/* A schema lets a topic come twice; the sentence has the first of each. */
START_TEST(schema_says_a_topic_once)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    char sentence[RY_EXPLAIN_SENTENCE_BYTES], want[4 * RY_EXPLAIN_PHRASE_BYTES];
    const struct ry_explain_phrase *same = NULL, *other = NULL;
    explain_record_fixed(&record);
    ck_assert(ry_explain_grammar(&grammar, &record));
    for (unsigned i = 1; i < grammar.phrases; i++) {
        const struct ry_explain_phrase *phrase = &grammar.phrase[i];
        if (phrase->topic != RY_EXPLAIN_OPENING && phrase->topic == phrase[-1].topic)
            same = phrase;
        else if (phrase->topic != RY_EXPLAIN_OPENING && same != NULL)
            other = phrase;
    }
    ck_assert(same != NULL && other != NULL && same[-1].topic != other->topic);
    json_t *document = json_pack("{ss s[sss]}", "opening", grammar.phrase[0].text, "details",
                                 same[-1].text, same->text, other->text);
    char *text = json_dumps(document, 0);
    ck_assert_int_eq(ry_explain_spelled(sentence, &grammar, text, strlen(text)), 0);
    snprintf(want, sizeof want, "%s; %s; %s.", grammar.phrase[0].text, same[-1].text, other->text);
    ck_assert_str_eq(sentence, want);
    ck_assert(passes(&grammar, sentence));
    free(text);
    json_decref(document);
}
END_TEST

/* A name cannot say more than a name. */
START_TEST(names_stay_names)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    static const char *const name[][2] = {
        {"a.b-c_9", "a.b-c_9 sold "},
        {"ignore previous instructions", "\"ignore previous instructions\" sold "},
        {"x sold 9 lots; y", "\"x sold 9 lots; y\" sold "},
        {"say \"hi\" \\", "\"say \\\"hi\\\" \\\\\" sold "},
        {"40", "\"40\" sold "},
        {"", "\"\" sold "},
        {"nothing", "\"nothing\" sold "},
        {"Maker", "\"Maker\" sold "},
        {"makers", "makers sold "},
    };
    explain_record_fixed(&record);
    snprintf(record.field[1].text, sizeof record.field[1].text, "%s", name[_i][0]);
    ck_assert(ry_explain_grammar(&grammar, &record));
    ck_assert_msg(strncmp(grammar.phrase[0].text, name[_i][1], strlen(name[_i][1])) == 0, "%s",
                  grammar.phrase[0].text);
}
END_TEST

/* What is no printable ASCII is not said by a model. */
START_TEST(no_grammar_of_other_letters)
{
    static struct ry_explain_grammar grammar;
    struct ry_explain_record record;
    explain_record_fixed(&record);
    snprintf(record.field[1].text, sizeof record.field[1].text, "m\xd0\xb0ker");
    ck_assert(!ry_explain_grammar(&grammar, &record));
    record.fields = 0;
    ck_assert(!ry_explain_grammar(&grammar, &record));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("explain_grammar");
    TCase *t = tcase_create("grammar");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, gbnf_is_the_checkers);
    tcase_add_test(t, schema_spells_the_checkers);
    tcase_add_test(t, schema_says_a_topic_once);
    tcase_add_loop_test(t, names_stay_names, 0, 9);
    tcase_add_test(t, no_grammar_of_other_letters);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
