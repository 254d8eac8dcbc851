/* What the API says of a small battle, from its journal. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/api_rig.h"
#include "tests/support/results_rig.h"
#include "tests/support/test.h"

static struct stage stage;
static struct journal_folder folder;
static struct api_rig rig;

static void open_battle(bool ends)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    if (ends)
        stage_end(&stage);
    folder = stage_journal(&stage, stage.inputs);
    api_open(&rig, folder.path, false);
}

static void close_battle(void)
{
    api_close(&rig);
    journal_folder_remove(&folder);
    stage_close(&stage);
}

/* Every row of the pages, one behind the other. */
static json_t *all_rows(unsigned limit, unsigned *pages)
{
    char query[256], next[64] = "";
    json_t *rows = json_array();
    for (*pages = 1;; ++*pages) {
        snprintf(query, sizeof query, "limit=%u%s%s", limit, next[0] != 0 ? "&after=" : "", next);
        api_get(&rig, "/v1/battles/current/rows", query);
        ck_assert_uint_eq(rig.answer.status, 200);
        ck_assert_uint_le(json_array_size(api_member(&rig, "rows")), limit);
        json_array_extend(rows, api_member(&rig, "rows"));
        if (json_is_null(api_member(&rig, "next")))
            return rows;
        ck_assert_str_ne(api_text(&rig, "next"), next);
        snprintf(next, sizeof next, "%s", api_text(&rig, "next"));
        ck_assert_uint_lt(*pages, 1000);
    }
}

/* Whatever a page's size, the rows are the same. */
START_TEST(test_pages)
{
    unsigned pages, more;
    open_battle(true);
    json_t *whole = all_rows(1000, &pages);
    ck_assert_uint_le(pages, 2);
    ck_assert_uint_gt(json_array_size(whole), 20);
    for (unsigned limit = 1; limit < 8; limit++) {
        json_t *rows = all_rows(limit, &more);
        ck_assert(json_equal(rows, whole));
        ck_assert_uint_ge(more, json_array_size(whole) / limit);
        json_decref(rows);
    }
    json_decref(whole);
    close_battle();
}
END_TEST

/* More than one request may read: it is told to come again, until all is read. */
START_TEST(test_read_in_parts)
{
    unsigned times = 0;
    open_battle(true);
    api_get(&rig, "/v1/battles/current/leaderboard", "");
    json_t *whole = json_incref(rig.document);
    api_close(&rig);
    rig = (struct api_rig){.options = {.directory = folder.path, .read_inputs = 4}};
    rig.api = ry_api_open(&rig.options);
    ck_assert_ptr_nonnull(rig.api);
    for (;; times++) {
        api_get(&rig, "/v1/battles/current/leaderboard", "");
        if (rig.answer.status == 200)
            break;
        ck_assert_str_eq(api_text(&rig, "code"), "busy");
        ck_assert_str_eq(rig.answer.header[0].name, "Retry-After");
        const json_t *details = api_member(&rig, "details");
        ck_assert_int_gt(json_integer_value(json_object_get(details, "inputs")), 0);
        ck_assert_int_eq(json_integer_value(json_object_get(details, "inputs_all")),
                         (json_int_t)stage.inputs);
    }
    ck_assert_uint_ge(times, 1);
    ck_assert(json_equal(rig.document, whole));
    json_decref(whole);
    close_battle();
}
END_TEST

/* A battle without its end may have more rows. */
START_TEST(test_no_end)
{
    open_battle(false);
    api_get(&rig, "/v1/battles/current/rows", "limit=1000");
    ck_assert(json_is_string(api_member(&rig, "next")));
    ck_assert(json_is_false(api_member(&rig, "complete")));
    api_get(&rig, "/v1/battles/current", "");
    ck_assert_str_eq(api_text(&rig, "state"), "broke off");
    close_battle();
}
END_TEST

/* Each moment by its number, forwards and backwards. */
START_TEST(test_moments)
{
    char query[64];
    open_battle(true);
    for (uint64_t turn = 0; turn < 2 * stage.inputs; turn++) {
        const uint64_t input = turn < stage.inputs ? turn + 1 : 2 * stage.inputs - turn;
        snprintf(query, sizeof query, "input=%" PRIu64, input);
        api_get(&rig, "/v1/battles/current/leaderboard", query);
        /* Before its agents are described a battle has no moments. */
        if (rig.answer.status == 404) {
            ck_assert_str_eq(api_text(&rig, "code"), "no_moment");
            ck_assert_uint_lt(input, 8);
            continue;
        }
        ck_assert_uint_eq(rig.answer.status, 200);
        ck_assert_uint_eq((uint64_t)json_integer_value(api_member(&rig, "input")), input);
    }
    snprintf(query, sizeof query, "input=%" PRIu64, stage.inputs + 1);
    api_get(&rig, "/v1/battles/current/state", query);
    ck_assert_str_eq(api_text(&rig, "code"), "no_moment");
    ck_assert_ptr_nonnull(strstr(api_text(&rig, "message"), "so far"));
    api_get(&rig, "/v1/battles/current/state", "time_ns=-1");
    ck_assert_str_eq(api_text(&rig, "code"), "no_moment");
    ck_assert_ptr_nonnull(strstr(api_text(&rig, "message"), "so early"));
    close_battle();
}
END_TEST

START_TEST(test_names)
{
    char id[64], path[128];
    open_battle(true);
    api_get(&rig, "/v1/battles", "");
    json_t *battle = json_array_get(api_member(&rig, "battles"), 0);
    snprintf(id, sizeof id, "%s", json_string_value(json_object_get(battle, "battle_id")));
    ck_assert_str_eq(id, "5aa00000000000000000000000000000");
    snprintf(path, sizeof path, "/v1/battles/%s", id);
    api_get(&rig, path, "");
    ck_assert_str_eq(api_text(&rig, "battle_id"), id);
    snprintf(path, sizeof path, "/v1/battles/%s", strrchr(folder.path, '/') + 1);
    api_get(&rig, path, "");
    ck_assert_str_eq(api_text(&rig, "battle_id"), id);
    close_battle();
}
END_TEST

START_TEST(test_why)
{
    open_battle(true);
    api_get(&rig, "/v1/battles/current/why", "agent=a2&cl_ord_id=1");
    ck_assert_uint_eq(rig.answer.status, 200);
    ck_assert_ptr_nonnull(strstr(api_text(&rig, "text"), "order a2/1: buy 5 of S0"));
    api_get(&rig, "/v1/battles/current/why", "agent=a2&cl_ord_id=99");
    ck_assert_str_eq(api_text(&rig, "code"), "no_order");
    api_get(&rig, "/v1/battles/current/why", "agent=a9&cl_ord_id=1");
    ck_assert_str_eq(api_text(&rig, "code"), "no_agent");
    /* Each input that has a row says something; where agents went out, why. */
    unsigned outs = 0;
    for (uint64_t input = 1; input <= stage.inputs; input++) {
        char query[64];
        snprintf(query, sizeof query, "input=%" PRIu64, input);
        api_get(&rig, "/v1/battles/current/why", query);
        if (rig.answer.status != 200) {
            ck_assert_str_eq(api_text(&rig, "code"), "no_order");
            continue;
        }
        ck_assert_str_ne(api_text(&rig, "text"), "");
        if (strstr(api_text(&rig, "text"), " is out in round ") == NULL)
            continue;
        ck_assert_ptr_nonnull(strstr(api_text(&rig, "text"), " went out in round "));
        outs++;
    }
    ck_assert_uint_gt(outs, 0);
    close_battle();
}
END_TEST

/* A page at a time, of all and of one agent. */
static json_t *all_explanations(const char *agent, unsigned limit)
{
    char query[256], next[64] = "0.0";
    json_t *all = json_array();
    for (unsigned pages = 0; pages < 1000; pages++) {
        snprintf(query, sizeof query, "limit=%u&after=%s%s%s", limit, next,
                 agent != NULL ? "&agent=" : "", agent != NULL ? agent : "");
        api_get(&rig, "/v1/battles/current/explanations", query);
        ck_assert_uint_eq(rig.answer.status, 200);
        json_array_extend(all, api_member(&rig, "explanations"));
        if (json_is_null(api_member(&rig, "next")))
            return all;
        snprintf(next, sizeof next, "%s", api_text(&rig, "next"));
    }
    ck_abort_msg("no end");
    return all;
}

START_TEST(test_explanations)
{
    size_t of_agents = 0;
    open_battle(true);
    json_t *whole = all_explanations(NULL, 1000);
    ck_assert_uint_gt(json_array_size(whole), 5);
    for (unsigned limit = 1; limit < 4; limit++) {
        json_t *paged = all_explanations(NULL, limit);
        ck_assert(json_equal(paged, whole));
        json_decref(paged);
    }
    for (unsigned agent = 0; agent < 3; agent++) {
        char name[8];
        snprintf(name, sizeof name, "a%u", agent);
        json_t *own = all_explanations(name, 2), *one;
        size_t i;
        json_array_foreach(own, i, one)
            ck_assert_str_eq(json_string_value(json_object_get(one, "agent")), name);
        of_agents += json_array_size(own);
        json_decref(own);
    }
    ck_assert_uint_eq(of_agents, json_array_size(whole));
    api_get(&rig, "/v1/battles/current/explanations", "agent=a3");
    ck_assert_str_eq(api_text(&rig, "code"), "no_agent");
    json_decref(whole);
    close_battle();
}
END_TEST

START_TEST(test_journal)
{
    open_battle(true);
    api_get(&rig, "/v1/battles/current/journal", "limit=2");
    ck_assert_uint_eq(json_array_size(api_member(&rig, "inputs")), 2);
    ck_assert_int_eq(json_integer_value(api_member(&rig, "next")), 3);
    ck_assert(json_is_false(api_member(&rig, "complete")));
    api_get(&rig, "/v1/battles/current/journal", "limit=1000");
    ck_assert_uint_eq(json_array_size(api_member(&rig, "inputs")), stage.inputs);
    ck_assert(json_is_null(api_member(&rig, "next")));
    close_battle();
}
END_TEST

/* What the watcher shows is what is answered of now, and of now alone. */
START_TEST(test_shown)
{
    open_battle(true);
    ry_api_show(rig.api, folder.path, json_pack("{s:i}", "shown", 7));
    api_get(&rig, "/v1/battles/current/state", "");
    ck_assert_int_eq(json_integer_value(api_member(&rig, "shown")), 7);
    api_get(&rig, "/v1/battles/current/state", "input=20");
    ck_assert_ptr_null(api_member(&rig, "shown"));
    close_battle();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api_battle");
    TCase *c = tcase_create("api_battle");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_pages);
    tcase_add_test(c, test_read_in_parts);
    tcase_add_test(c, test_no_end);
    tcase_add_test(c, test_moments);
    tcase_add_test(c, test_names);
    tcase_add_test(c, test_why);
    tcase_add_test(c, test_explanations);
    tcase_add_test(c, test_journal);
    tcase_add_test(c, test_shown);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
