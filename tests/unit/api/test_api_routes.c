/* Which route a request means, what its parameters may be, and how errors are answered. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/api_rig.h"
#include "tests/support/test.h"

/* ---- paths ----------------------------------------------------------------------------------- */

static const struct {
    const char *method, *path, *route; /* NULL: none */
    enum ry_api_error error;
    const char *allow;
} paths[] = {
    {"GET", "/v1", "/v1", RY_API_E_none, ""},
    {"HEAD", "/v1", "/v1", RY_API_E_none, ""},
    {"GET", "/v1/battles", "/v1/battles", RY_API_E_none, ""},
    {"GET", "/v1/battles/x", "/v1/battles/{battle}", RY_API_E_none, ""},
    {"GET", "/v1/battles/x/books/A B", "/v1/battles/{battle}/books/{instrument}", RY_API_E_none,
     ""},
    {"GET", "/v1/", NULL, RY_API_E_not_found, ""},
    {"GET", "/v1/battles/", NULL, RY_API_E_not_found, ""},
    {"GET", "/v1/battles//state", NULL, RY_API_E_not_found, ""},
    {"GET", "/v1/battles/x/states", NULL, RY_API_E_not_found, ""},
    {"GET", "/v1/battles/x/state/", NULL, RY_API_E_not_found, ""},
    {"GET", "/v2", NULL, RY_API_E_not_found, ""},
    {"GET", "", NULL, RY_API_E_not_found, ""},
    {"GET", "v1", NULL, RY_API_E_not_found, ""},
    {"DELETE", "/v1/battles/x/state", NULL, RY_API_E_method_not_allowed, "GET, HEAD"},
    {"BREW", "/v1", NULL, RY_API_E_method_not_allowed, "GET, HEAD"},
};

START_TEST(test_paths)
{
    struct ry_api_match match;
    const struct ry_api_route *route = ry_api_route(paths[_i].method, paths[_i].path, &match);
    if (paths[_i].route != NULL) {
        ck_assert_ptr_nonnull(route);
        ck_assert_str_eq(route->path, paths[_i].route);
    } else {
        ck_assert_ptr_null(route);
    }
    ck_assert_int_eq(match.error, paths[_i].error);
    ck_assert_str_eq(match.allow, paths[_i].allow);
}
END_TEST

START_TEST(test_parts)
{
    struct ry_api_match match;
    ck_assert_ptr_nonnull(ry_api_route("GET", "/v1/battles/es-hour/books/ESH6", &match));
    ck_assert_uint_eq(match.parts, 2);
    ck_assert_int_eq(strncmp(match.part[0].name, "battle}", match.part[0].name_bytes + 1), 0);
    ck_assert_str_eq(match.part[0].value, "es-hour");
    ck_assert_str_eq(match.part[1].value, "ESH6");
}
END_TEST

/* A part as long as may be, and one longer. */
START_TEST(test_long_part)
{
    char path[RY_API_NAME_BYTES + 64] = "/v1/battles/";
    struct ry_api_match match;
    memset(path + strlen(path), 'x', RY_API_NAME_BYTES - 1);
    ck_assert_ptr_nonnull(ry_api_route("GET", path, &match));
    strcat(path, "x");
    ck_assert_ptr_null(ry_api_route("GET", path, &match));
    ck_assert_int_eq(match.error, RY_API_E_not_found);
}
END_TEST

/* Each row of the table is found by its own path, and no two are the same. */
START_TEST(test_table)
{
    const struct ry_api_route *route;
    const unsigned count = ry_api_routes(&route);
    ck_assert_uint_gt(count, 0);
    for (unsigned i = 0; i < count; i++) {
        struct ry_api_match match;
        ck_assert_ptr_eq(ry_api_route(route[i].method, route[i].path, &match), &route[i]);
        ck_assert_uint_le(route[i].params, RY_API_QUERY_MAX);
        for (unsigned p = 0; p < route[i].params; p++)
            for (unsigned other = 0; other < p; other++)
                ck_assert_str_ne(route[i].param[p].name, route[i].param[other].name);
    }
}
END_TEST

/* ---- parameters ------------------------------------------------------------------------------ */

static const struct {
    const char *path, *query, *message; /* NULL: it passes the check */
} queries[] = {
    {"/v1", "x=1", "/v1 has no parameter x"},
    {"/v1/battles/none/rows", "limt=5", "has no parameter limt, perhaps limit"},
    {"/v1/battles/none/rows", "limit=0", "limit=0: allowed is an integer from 1 to 1000"},
    {"/v1/battles/none/rows", "limit=1001", "limit=1001: allowed is an integer from 1 to 1000"},
    {"/v1/battles/none/rows", "limit=", "limit=: allowed is an integer from 1 to 1000"},
    {"/v1/battles/none/rows", "limit=5x", "limit=5x: allowed is"},
    {"/v1/battles/none/rows", "limit=+5", "limit=+5: allowed is"},
    {"/v1/battles/none/rows", "limit= 5", "limit= 5: allowed is"},
    {"/v1/battles/none/rows", "limit=99999999999999999999", "allowed is"},
    {"/v1/battles/none/rows", "limit=5&limit=6", "limit is given twice"},
    {"/v1/battles/none/rows", "agent=", "agent=: allowed is a word"},
    {"/v1/battles/none/rows", "type=fill,bids", "type: "},
    {"/v1/battles/none/rows", "after=x", "after=x: allowed is INPUT.N"},
    {"/v1/battles/none/books/A", "orders=yes", "orders=yes: allowed is true or false"},
    {"/v1/battles/none/depth", "columns=64", "needs the parameter instrument"},
    {"/v1/battles/none/state", "input=-1", "input=-1: allowed is an integer from 0"},
    {"/v1/battles/none/why", "", "agent with cl_ord_id, or input alone"},
    {"/v1/battles/none/why", "agent=a&input=4", "agent with cl_ord_id, or input alone"},
    {"/v1/battles/none/why", "agent=a&cl_ord_id=0", "cl_ord_id=0: allowed is a number from 1"},
    {"/v1/battles/none/rows", "limit=1000", NULL},
    {"/v1/battles/none/state", "time_ns=-9223372036854775808", NULL},
    {"/v1/battles/none/books/A", "orders=true&levels=1", NULL},
};

START_TEST(test_queries)
{
    struct api_rig rig;
    api_open(&rig, "/nonexistent", true);
    api_get(&rig, queries[_i].path, queries[_i].query);
    if (queries[_i].message != NULL) {
        ck_assert_uint_eq(rig.answer.status, 400);
        ck_assert_str_eq(api_text(&rig, "code"), "bad_parameter");
        ck_assert_msg(strstr(api_text(&rig, "message"), queries[_i].message) != NULL, "%s",
                      api_text(&rig, "message"));
    } else {
        ck_assert_str_eq(api_text(&rig, "code"), "no_battle");
        ck_assert_uint_eq(rig.answer.status, 404);
    }
    api_close(&rig);
}
END_TEST

/* ---- errors ---------------------------------------------------------------------------------- */

/* Whatever was asked for, the answer is JSON. */
START_TEST(test_any_bytes)
{
    struct api_rig rig;
    api_open(&rig, "/nonexistent", true);
    api_get(&rig, "/v1/battles/\xff\xfe\x01\"/state", "");
    ck_assert_str_eq(api_text(&rig, "code"), "no_battle");
    api_get(&rig, "/v1/battles/x/state", "\xff\xfe=\x80");
    ck_assert_str_eq(api_text(&rig, "code"), "bad_parameter");
    api_close(&rig);
}
END_TEST

START_TEST(test_errors)
{
    for (unsigned i = RY_API_E_none + 1; i < RY_API_ERRORS; i++) {
        struct ry_api_answer answer = {.status = 0};
        ry_api_refuse(&answer, (enum ry_api_error)i, NULL, NULL);
        ck_assert_uint_eq(answer.status, ry_api_error_status((enum ry_api_error)i));
        ck_assert_uint_ge(answer.status, 400);
        json_t *object = json_loadb(answer.body, answer.bytes, 0, NULL);
        ck_assert_str_eq(json_string_value(json_object_get(object, "code")),
                         ry_api_error_code((enum ry_api_error)i));
        ck_assert_str_ne(
            json_string_value(json_object_get(json_object_get(object, "details"), "remedy")), "");
        json_decref(object);
        free(answer.body);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api_routes");
    TCase *c = tcase_create("api_routes");
    tcase_add_loop_test(c, test_paths, 0, sizeof paths / sizeof *paths);
    tcase_add_test(c, test_parts);
    tcase_add_test(c, test_long_part);
    tcase_add_test(c, test_table);
    tcase_add_loop_test(c, test_queries, 0, sizeof queries / sizeof *queries);
    tcase_add_test(c, test_any_bytes);
    tcase_add_test(c, test_errors);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
