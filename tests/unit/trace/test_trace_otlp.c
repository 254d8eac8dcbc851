/* OTLP/JSON as its rules want it: names in lowerCamelCase, ids in hexadecimal, 64-bit integers as
 * decimal strings, enums as numbers; and nothing else in it. */
#include "tools/trace/otlp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tools/trace/tree.h"

static struct ry_trace_names names = {
    .id = {{0xab, 0xcd}},
    .battle = "demo",
    .agents = 2,
    .instruments = 1,
    .agent = {"maker", "ta\"k\\er\xe9"},
    .symbol = {"RYA"},
};

static const char *const processes[] = {"feed0", "exec", "agent1"};

static const char *process_of(const void *context, unsigned ring)
{
    (void)context;
    return processes[ring];
}

static struct ry_trace_item item(unsigned ring, enum ry_hop hop, uint16_t agent, uint64_t number)
{
    return (struct ry_trace_item){
        .ring = ring,
        .span = {.hop = (uint8_t)hop,
                 .source = RY_SOURCE_FEED,
                 .agent = agent,
                 .instrument = hop == RY_HOP_CALLBACK ? RY_SPAN_NOBODY : 0,
                 .source_seq = UINT64_MAX,
                 .input = hop == RY_HOP_FEED || hop == RY_HOP_CALLBACK ? 0 : 77,
                 .begin_ns = 1000,
                 .end_ns = 2500,
                 .number = number,
                 .wake = hop == RY_HOP_COMMAND ? 5 : 0}};
}

static bool is_hex(const char *text, size_t length)
{
    return strlen(text) == length && strspn(text, "0123456789abcdef") == length &&
           strspn(text, "0") != length;
}

static bool is_decimal(const json_t *value)
{
    const char *text = json_string_value(value);
    return text != NULL && text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* The value of an attribute, as it stands in the JSON; NULL: there is none. */
static const char *attribute(const json_t *owner, const char *key, const char *kind)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(owner, "attributes"), i, one)
    {
        ck_assert_uint_eq(json_object_size(one), 2);
        ck_assert_uint_eq(json_object_size(json_object_get(one, "value")), 1);
        if (strcmp(json_string_value(json_object_get(one, "key")), key) == 0)
            return json_string_value(json_object_get(json_object_get(one, "value"), kind));
    }
    return NULL;
}

static void check_span(const json_t *span)
{
    static const char *const members[] = {
        "traceId",           "spanId",          "parentSpanId", "name", "kind",
        "startTimeUnixNano", "endTimeUnixNano", "attributes"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)span, key, value)
    {
        bool known = false;
        for (unsigned i = 0; i < sizeof members / sizeof *members; i++)
            known |= strcmp(key, members[i]) == 0;
        ck_assert_msg(known, "%s", key);
    }
    ck_assert(is_hex(json_string_value(json_object_get(span, "traceId")), 32));
    ck_assert(is_hex(json_string_value(json_object_get(span, "spanId")), 16));
    const json_t *parent = json_object_get(span, "parentSpanId");
    const bool first = strcmp(json_string_value(json_object_get(span, "name")), "feed") == 0;
    ck_assert(first ? parent == NULL : is_hex(json_string_value(parent), 16));
    ck_assert(json_is_integer(json_object_get(span, "kind")));
    ck_assert_int_eq(json_integer_value(json_object_get(span, "kind")), 1);
    ck_assert(is_decimal(json_object_get(span, "startTimeUnixNano")));
    ck_assert(is_decimal(json_object_get(span, "endTimeUnixNano")));
    ck_assert_str_eq(attribute(span, "royale.source_seq", "intValue"), "18446744073709551615");
    ck_assert_str_eq(attribute(span, "royale.source", "stringValue"), "feed0");
}

/* What a collector would read. */
static json_t *read_back(json_t *request)
{
    char *text = json_dumps(request, JSON_COMPACT);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_null(strchr(text, '\n'));
    json_t *back = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(back);
    free(text);
    json_decref(request);
    return back;
}

static const struct ry_trace_scene scene = {
    .names = &names, .process = process_of, .unix_ns = INT64_C(1796054678000000000)};

START_TEST(test_request)
{
    const struct ry_trace_item items[] = {
        item(1, RY_HOP_MERGE, RY_SPAN_NOBODY, 0), item(0, RY_HOP_FEED, RY_SPAN_NOBODY, 0),
        item(1, RY_HOP_COMMAND, 1, 9), item(2, RY_HOP_CALLBACK, 1, 5)};
    static const unsigned spans[] = {2, 1, 1};
    json_t *request = read_back(ry_trace_otlp(&scene, items, 4));
    ck_assert_uint_eq(json_object_size(request), 1);
    const json_t *resources = json_object_get(request, "resourceSpans");
    ck_assert_uint_eq(json_array_size(resources), 3);
    size_t i, k;
    json_t *one, *span;
    json_array_foreach(resources, i, one)
    {
        const json_t *scopes = json_object_get(one, "scopeSpans");
        ck_assert_uint_eq(json_object_size(one), 2);
        ck_assert_uint_eq(json_array_size(scopes), 1);
        const json_t *scope = json_array_get(scopes, 0);
        ck_assert_uint_eq(json_array_size(json_object_get(scope, "spans")), spans[i]);
        ck_assert_str_eq(
            json_string_value(json_object_get(json_object_get(scope, "scope"), "name")),
            "royale-trace");
        json_array_foreach(json_object_get(scope, "spans"), k, span) check_span(span);
    }
    const json_t *resource = json_object_get(json_array_get(resources, 0), "resource");
    ck_assert_str_eq(attribute(resource, "service.name", "stringValue"), "exec");
    ck_assert_str_eq(attribute(resource, "service.namespace", "stringValue"), "royale");
    ck_assert_str_eq(attribute(resource, "service.instance.id", "stringValue"),
                     "abcd0000000000000000000000000000-exec");
    ck_assert_str_eq(attribute(resource, "royale.battle", "stringValue"), "demo");
    json_decref(request);
}
END_TEST

/* One span of each hop says what it has, and no more. */
static const struct {
    enum ry_hop hop;
    uint16_t agent;
    uint64_t number;
    const char *input, *wake, *command, *who, *instrument;
} rows[] = {
    {RY_HOP_FEED, RY_SPAN_NOBODY, 0, NULL, NULL, NULL, NULL, "RYA"},
    {RY_HOP_MERGE, RY_SPAN_NOBODY, 0, "77", NULL, NULL, NULL, "RYA"},
    {RY_HOP_APPLY, RY_SPAN_NOBODY, 0, "77", NULL, NULL, NULL, "RYA"},
    {RY_HOP_APPLY, 0, 9, "77", NULL, "9", "maker", "RYA"},
    {RY_HOP_CALLBACK, 0, 5, NULL, "5", NULL, "maker", NULL},
    {RY_HOP_COMMAND, 0, 9, "77", "5", "9", "maker", "RYA"},
    {RY_HOP_REPORT, 1, 4, "77", NULL, NULL, "ta\"k\\er\xc3\xa9", "RYA"},
};

static void same(const char *is, const char *wanted)
{
    if (wanted == NULL)
        ck_assert_ptr_null(is);
    else
        ck_assert_str_eq(is, wanted);
}

START_TEST(test_attributes)
{
    const struct ry_trace_item one = item(1, rows[_i].hop, rows[_i].agent, rows[_i].number);
    json_t *request = read_back(ry_trace_otlp(&scene, &one, 1));
    const json_t *resource = json_array_get(json_object_get(request, "resourceSpans"), 0);
    const json_t *span = json_array_get(
        json_object_get(json_array_get(json_object_get(resource, "scopeSpans"), 0), "spans"), 0);
    check_span(span);
    ck_assert_str_eq(json_string_value(json_object_get(span, "name")),
                     ry_trace_hops[rows[_i].hop].name);
    ck_assert_str_eq(json_string_value(json_object_get(span, "startTimeUnixNano")),
                     "1796054678000001000");
    ck_assert_str_eq(json_string_value(json_object_get(span, "endTimeUnixNano")),
                     "1796054678000002500");
    same(attribute(span, "royale.input", "intValue"), rows[_i].input);
    same(attribute(span, "royale.wake", "intValue"), rows[_i].wake);
    same(attribute(span, "royale.command", "intValue"), rows[_i].command);
    same(attribute(span, "royale.agent", "stringValue"), rows[_i].who);
    same(attribute(span, "royale.instrument", "stringValue"), rows[_i].instrument);
    json_decref(request);
}
END_TEST

START_TEST(test_a_whole_batch)
{
    static struct ry_trace_item items[RY_TRACE_BATCH];
    size_t i, spans = 0;
    json_t *one;
    for (unsigned k = 0; k < RY_TRACE_BATCH; k++)
        items[k] = item(k % 3, RY_HOP_REPORT, 0, k);
    json_t *request = read_back(ry_trace_otlp(&scene, items, RY_TRACE_BATCH));
    json_array_foreach(json_object_get(request, "resourceSpans"), i, one)
    {
        spans += json_array_size(
            json_object_get(json_array_get(json_object_get(one, "scopeSpans"), 0), "spans"));
    }
    ck_assert_uint_eq(spans, RY_TRACE_BATCH);
    json_decref(request);
}
END_TEST

static Suite *otlp_suite(void)
{
    Suite *suite = suite_create("otlp");
    TCase *tcase = tcase_create("json");
    tcase_add_test(tcase, test_request);
    tcase_add_loop_test(tcase, test_attributes, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tcase, test_a_whole_batch);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(otlp_suite)
