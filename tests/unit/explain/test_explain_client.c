/* The client against a server that lies: no false sentence comes through, each failure is counted
 * as what it is, and it ends in time. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shm/base.h"
#include "shm/clock.h"
#include "tests/support/explain_model.h"
#include "tests/support/explain_rig.h"
#include "tests/support/liar_rig.h"
#include "tests/support/test.h"
#include "tools/explain/client.h"
#include "tools/explain/key.h"

/* So long must nobody wait for a server that does not answer; a test that hangs is ended later. */
#define TIMEOUT_MS 300

static struct ry_explain_client client;
static struct ry_explain_record record;
static bool stop;

static bool stopped(void)
{
    return stop;
}

static void open_client(const struct explain_liar *liar, enum ry_explain_dialect dialect,
                        uint32_t timeout_ms)
{
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/v1/", (unsigned)liar->port);
    const struct ry_explain_settings settings = {.url = url,
                                                 .key = "sesame",
                                                 .dialect = dialect,
                                                 .timeout_ms = timeout_ms,
                                                 .stopped = stopped};
    (void)ry_clock_init();
    ck_assert_int_eq(ry_explain_client_open(&client, &settings), 0);
    client.settings.url = NULL;
    explain_record_fixed(&record);
}

/* A sentence that comes through is true, and clean text. */
static enum ry_explain_outcome ask(void)
{
    char sentence[RY_EXPLAIN_SENTENCE_BYTES] = "";
    enum ry_explain_outcome outcome =
        ry_explain_ask(&client, &record, ry_clock_ns() + 60 * RY_NS_PER_SECOND, sentence);
    if (outcome == RY_EXPLAIN_MODEL)
        ck_assert_msg(ry_test_explain_true(&record, sentence, strlen(sentence)), "%s", sentence);
    return outcome;
}

#define SOLD "maker-1 sold 15 lots of RYA at 100.2500"
/* The start of an answer, up to the model's words. */
#define WORDS "{\"choices\":[{\"message\":{\"content\":\""
#define END   "\"}}]}"

static const struct {
    struct explain_liar_answer answer;
    enum ry_explain_dialect dialect;
    enum ry_explain_outcome outcome;
} cases[] = {
    {{EXPLAIN_LIAR_GRAMMAR, NULL}, RY_EXPLAIN_GBNF, RY_EXPLAIN_MODEL},
    {{EXPLAIN_LIAR_SCHEMA, NULL}, RY_EXPLAIN_SCHEMA, RY_EXPLAIN_MODEL},
    {{EXPLAIN_LIAR_CUT, NULL}, RY_EXPLAIN_GBNF, RY_EXPLAIN_TRUNCATED},
    /* True, of its own accord. */
    {{EXPLAIN_LIAR_SAYS, SOLD "; the order's limit was 100.2000."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_MODEL},
    /* Lies: swapped, turned, denied, made up, looked alike. */
    {{EXPLAIN_LIAR_SAYS, SOLD "; the order's limit was 100.2500."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, "maker-1 sold 40 lots of RYA at 100.2500; the order was for 15 lots."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS,
      "maker-1 bought 15 lots of RYA at 100.2500; maker-1 was the maker of the trade."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, SOLD "; maker-1 was the taker of the trade."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, SOLD "; the price was below the order's limit of 100.2000."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS,
      "maker-1's sell order 12 was not filled for 15 lots of RYA at 100.2500; the order was for 40 lots."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, SOLD "; the order was for 40 lots. The market fell."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, SOLD " because the market fell; the order was for 40 lots."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, SOLD "; the order was for forty lots."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, SOLD "; the order was for 4\xd0\x9e lots."},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, SOLD "; the order was for 40 lots.\x1b[2J"},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, "Sure! Here is a sentence."}, RY_EXPLAIN_GBNF, RY_EXPLAIN_GRAMMAR},
    /* As a document that is none of the schema, or is one and lies. */
    {{EXPLAIN_LIAR_SAYS, SOLD "; the order was for 40 lots."},
     RY_EXPLAIN_SCHEMA,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, "{\"opening\":\"" SOLD "\",\"details\":[]}"},
     RY_EXPLAIN_SCHEMA,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, "{\"opening\":\"" SOLD "\",\"details\":[\"the order was for 15 lots\"]}"},
     RY_EXPLAIN_SCHEMA,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS,
      "{\"opening\":\"" SOLD
      "\",\"details\":[\"the order was for 40 lots\",\"the order was for 40 lots\"]}"},
     RY_EXPLAIN_SCHEMA,
     RY_EXPLAIN_MODEL}, /* which says it twice: once will do */
    {{EXPLAIN_LIAR_SAYS, "{\"opening\":\"" SOLD "; the order was for 40 lots\",\"details\":[1]}"},
     RY_EXPLAIN_SCHEMA,
     RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, "```json\n{}\n```"}, RY_EXPLAIN_SCHEMA, RY_EXPLAIN_GRAMMAR},
    {{EXPLAIN_LIAR_SAYS, "[[[["}, RY_EXPLAIN_SCHEMA, RY_EXPLAIN_GRAMMAR},
    /* No answer at all. */
    {{EXPLAIN_LIAR_SAYS, ""}, RY_EXPLAIN_GBNF, RY_EXPLAIN_NO_ANSWER},
    {{EXPLAIN_LIAR_BODY, ""}, RY_EXPLAIN_GBNF, RY_EXPLAIN_NO_ANSWER},
    {{EXPLAIN_LIAR_BODY, "{}"}, RY_EXPLAIN_GBNF, RY_EXPLAIN_NO_ANSWER},
    {{EXPLAIN_LIAR_BODY, "<html>\xff\xfe</html>"}, RY_EXPLAIN_GBNF, RY_EXPLAIN_NO_ANSWER},
    {{EXPLAIN_LIAR_BODY, "{\"choices\":{\"message\":1}}"}, RY_EXPLAIN_GBNF, RY_EXPLAIN_NO_ANSWER},
    {{EXPLAIN_LIAR_BODY, "{\"choices\":[{\"message\":{\"content\":[\"" SOLD "\"]}}]}"},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_NO_ANSWER},
    {{EXPLAIN_LIAR_BODY, WORDS SOLD "; the order was for 40 lots.\\u0000" END},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_NO_ANSWER},
    {{EXPLAIN_LIAR_BODY, WORDS SOLD "; the order was for 40 lots." END " and more"},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_NO_ANSWER},
    /* Not HTTP's 200. */
    {{EXPLAIN_LIAR_STATUS, "500 Oh"}, RY_EXPLAIN_GBNF, RY_EXPLAIN_HTTP},
    {{EXPLAIN_LIAR_STATUS, "401 No"}, RY_EXPLAIN_GBNF, RY_EXPLAIN_HTTP},
    {{EXPLAIN_LIAR_STATUS, "204 Nothing"}, RY_EXPLAIN_GBNF, RY_EXPLAIN_HTTP},
    {{EXPLAIN_LIAR_STATUS, "302 Found\r\nLocation: http://127.0.0.1:1/"},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_HTTP},
    {{EXPLAIN_LIAR_STATUS, "307 There\r\nLocation: file:///etc/passwd"},
     RY_EXPLAIN_GBNF,
     RY_EXPLAIN_HTTP},
    {{EXPLAIN_LIAR_REFUSES, NULL}, RY_EXPLAIN_GBNF, RY_EXPLAIN_HTTP},
    /* A connection that is none. */
    {{EXPLAIN_LIAR_RAW, ""}, RY_EXPLAIN_GBNF, RY_EXPLAIN_UNREACHABLE},
    {{EXPLAIN_LIAR_RAW, "garbage\r\n\r\n"}, RY_EXPLAIN_GBNF, RY_EXPLAIN_UNREACHABLE},
    {{EXPLAIN_LIAR_HUGE, NULL}, RY_EXPLAIN_GBNF, RY_EXPLAIN_UNREACHABLE},
    {{EXPLAIN_LIAR_SHORT, NULL}, RY_EXPLAIN_GBNF, RY_EXPLAIN_UNREACHABLE},
};

#define CASES (sizeof cases / sizeof *cases)

START_TEST(each_way_of_answering)
{
    struct explain_liar liar = explain_liar_start(&cases[_i].answer, 1);
    open_client(&liar, cases[_i].dialect, 60000);
    enum ry_explain_outcome outcome = ask();
    ck_assert_msg(outcome == cases[_i].outcome, "case %d: %s, not %s (%s)", _i,
                  ry_explain_outcome_name(outcome), ry_explain_outcome_name(cases[_i].outcome),
                  client.why);
    ck_assert_ptr_null(strstr(client.why, "sesame"));
    ry_explain_client_close(&client);
    explain_liar_end(&liar);
}
END_TEST

/* Servers that let one wait, and one that has gone: several times, then no more. */
START_TEST(gives_up)
{
    static const struct explain_liar_answer ways[] = {
        {EXPLAIN_LIAR_SLOW, NULL}, {EXPLAIN_LIAR_SILENT, NULL}, {EXPLAIN_LIAR_RAW, ""}};
    struct explain_liar liar = explain_liar_start(&ways[_i], 1);
    open_client(&liar, RY_EXPLAIN_AUTO, TIMEOUT_MS);
    for (unsigned i = 0; i < RY_EXPLAIN_FAILURES_MAX; i++)
        ck_assert_int_eq(ask(), _i < 2 ? RY_EXPLAIN_TIMEOUT : RY_EXPLAIN_UNREACHABLE);
    ck_assert_int_eq(ask(), RY_EXPLAIN_GIVEN_UP);
    ry_explain_client_close(&client);
    explain_liar_end(&liar);
}
END_TEST

START_TEST(goes_on_after_a_failure)
{
    static const struct explain_liar_answer ways[] = {{EXPLAIN_LIAR_SILENT, NULL},
                                                      {EXPLAIN_LIAR_STATUS, "503 Loading"},
                                                      {EXPLAIN_LIAR_SILENT, NULL},
                                                      {EXPLAIN_LIAR_GRAMMAR, NULL}};
    struct explain_liar liar = explain_liar_start(ways, 4);
    open_client(&liar, RY_EXPLAIN_GBNF, TIMEOUT_MS);
    ck_assert_int_eq(ask(), RY_EXPLAIN_TIMEOUT);
    ck_assert_int_eq(ask(), RY_EXPLAIN_HTTP);
    ck_assert_int_eq(ask(), RY_EXPLAIN_TIMEOUT);
    client.settings.timeout_ms = 60000;
    ck_assert_int_eq(ask(), RY_EXPLAIN_MODEL);
    ry_explain_client_close(&client);
    explain_liar_end(&liar);
}
END_TEST

START_TEST(a_signal_ends_waiting)
{
    static const struct explain_liar_answer silent = {EXPLAIN_LIAR_SILENT, NULL};
    struct explain_liar liar = explain_liar_start(&silent, 1);
    open_client(&liar, RY_EXPLAIN_GBNF, 600000);
    stop = true;
    ck_assert_int_eq(ask(), RY_EXPLAIN_STOPPED);
    ry_explain_client_close(&client);
    explain_liar_end(&liar);
}
END_TEST

/* AUTO: a grammar where it is taken, else a schema, and neither where the server ignores both. */
START_TEST(finds_out)
{
    static const struct {
        enum explain_liar_way way;
        enum ry_explain_dialect dialect;
        bool obeys;
    } server[] = {{EXPLAIN_LIAR_EITHER, RY_EXPLAIN_GBNF, true},
                  {EXPLAIN_LIAR_REFUSES, RY_EXPLAIN_SCHEMA, true},
                  {EXPLAIN_LIAR_SCHEMA, RY_EXPLAIN_SCHEMA, true},
                  {EXPLAIN_LIAR_SAYS, RY_EXPLAIN_SCHEMA, false}};
    const struct explain_liar_answer answer = {server[_i].way, "Sure!"};
    struct explain_liar liar = explain_liar_start(&answer, 1);
    open_client(&liar, RY_EXPLAIN_AUTO, 60000);
    for (unsigned i = 0; i < RY_EXPLAIN_PROBES_MAX; i++)
        ck_assert_int_eq(ask(), server[_i].obeys ? RY_EXPLAIN_MODEL : RY_EXPLAIN_GRAMMAR);
    ck_assert_int_eq(client.dialect, server[_i].dialect);
    ck_assert_int_eq(client.obeys, server[_i].obeys);
    ry_explain_client_close(&client);
    explain_liar_end(&liar);
}
END_TEST

START_TEST(urls)
{
    static const struct {
        const char *url, *becomes; /* NULL: refused */
    } some[] = {
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/chat/completions"},
        {"http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1/chat/completions"},
        {"http://h/v1", "http://h/v1/chat/completions"},
        {"https://h/api/v1/chat/completions", "https://h/api/v1/chat/completions"},
        {"file:///etc/passwd", NULL},
        {"127.0.0.1:8080", NULL},
        {"http://", NULL},
        {"http://key@h/", NULL},
        {"", NULL},
    };
    const struct ry_explain_settings settings = {.url = some[_i].url, .timeout_ms = 1};
    int result = ry_explain_client_open(&client, &settings);
    ck_assert_int_eq(result, some[_i].becomes != NULL ? 0 : -1);
    if (result == 0)
        ck_assert_str_eq(client.url, some[_i].becomes);
    else
        ck_assert_str_ne(client.why, "");
    ry_explain_client_close(&client);
}
END_TEST

START_TEST(keys)
{
    static const struct {
        const char *text, *key; /* NULL: refused */
    } some[] = {{"sesame\n", "sesame"},
                {"sesame\r\nmore\n", "sesame"},
                {"sesame", "sesame"},
                {"\n", NULL},
                {"", NULL},
                {"two words", NULL},
                {"s\xc3\xa9same", NULL}};
    char key[RY_EXPLAIN_KEY_BYTES], why[RY_EXPLAIN_WHY_BYTES] = "";
    char name[] = "/tmp/royale-key-XXXXXX";
    int file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, some[_i].text, strlen(some[_i].text)),
                     (ssize_t)strlen(some[_i].text));
    close(file);
    int result = ry_explain_key_read(key, name, why);
    unlink(name);
    ck_assert_int_eq(result, some[_i].key != NULL ? 0 : -1);
    if (result == 0)
        ck_assert_str_eq(key, some[_i].key);
    ck_assert_ptr_null(strstr(why, "same"));
    ck_assert_int_eq(ry_explain_key_read(key, name, why), -1); /* it is gone */
}
END_TEST

static const struct ry_test_one tests[] = {
    {&each_way_of_answering, 0, CASES},
    {&gives_up, 0, 3},
    {&goes_on_after_a_failure, 0, 1},
    {&a_signal_ends_waiting, 0, 1},
    {&finds_out, 0, 4},
    {&urls, 0, 9},
    {&keys, 0, 7},
};

RY_TEST_MAIN_SIDE_BY_SIDE("explain_client", 60, tests)
