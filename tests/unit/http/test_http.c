/* The HTTP client against a server that answers well, badly, too much, late, never, or is not
 * there.
 */
#include "tools/http/http.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/collector_rig.h"
#include "tests/support/test.h"

static struct ry_http_request request_to(const char *url)
{
    return (struct ry_http_request){
        .url = url,
        .header = {"Content-Type: application/json", "X-Test: yes"},
        .body = "{\"a\":1}",
        .bytes = strlen("{\"a\":1}"),
        .limits = {.connect_ms = 2000, .whole_ms = 20000, .answer_bytes = 64},
    };
}

/* A server that answers so, a client, and what it asks. */
static struct ry_test_collector *server;
static struct ry_http *http;
static struct ry_http_request request;
static struct ry_http_answer answer;

static void begin(unsigned status, const char *body)
{
    server = ry_test_collector_open(status, body);
    http = ry_http_open();
    request = request_to(ry_test_collector_url(server));
}

static void end(void)
{
    ry_http_close(http);
    ry_test_collector_close(server);
}

static const struct {
    unsigned status;
    const char *body;
} answers[] = {{200, "{}"}, {204, ""}, {302, "elsewhere"}, {400, "no"}, {503, "later"}};

START_TEST(test_each_status_is_an_answer)
{
    static char head[RY_TEST_COLLECTOR_HEAD], body[RY_TEST_COLLECTOR_BODY];
    begin(answers[_i].status, answers[_i].body);
    for (unsigned i = 1; i <= 3; i++) { /* one handle, again and again */
        ck_assert_int_eq(ry_http_post(http, &request, &answer), 0);
        ck_assert_uint_eq(answer.status, answers[_i].status);
        ck_assert_str_eq(answer.body, answers[_i].body);
        ck_assert_uint_eq(answer.bytes, strlen(answers[_i].body));
        ck_assert_str_eq(answer.why, "");
        ck_assert_uint_eq(ry_test_collector_requests(server, head, body), i);
        ck_assert_str_eq(body, "{\"a\":1}");
        ck_assert_ptr_nonnull(strstr(head, "POST /v1/traces HTTP/1.1\r\n"));
        ck_assert_ptr_nonnull(strstr(head, "\r\nContent-Type: application/json\r\n"));
        ck_assert_ptr_nonnull(strstr(head, "\r\nX-Test: yes\r\n"));
        ck_assert_ptr_null(strstr(head, "\r\nExpect:"));
    }
    end();
}
END_TEST

START_TEST(test_without_a_body_it_is_a_get)
{
    static char head[RY_TEST_COLLECTOR_HEAD], body[RY_TEST_COLLECTOR_BODY];
    begin(200, "here");
    request.body = NULL;
    ck_assert_int_eq(ry_http_post(http, &request, &answer), 0);
    ck_assert_str_eq(answer.body, "here");
    ck_assert_uint_eq(ry_test_collector_requests(server, head, body), 1);
    ck_assert_ptr_nonnull(strstr(head, "GET /v1/traces HTTP/1.1\r\n"));
    ck_assert_str_eq(body, "");
    end();
}
END_TEST

START_TEST(test_too_long_an_answer_is_none)
{
    begin(200, "12345678");
    request.limits.answer_bytes = 8;
    ck_assert_int_eq(ry_http_post(http, &request, &answer), 0);
    request.limits.answer_bytes = 7;
    ck_assert_int_eq(ry_http_post(http, &request, &answer), -1);
    ck_assert_uint_eq(answer.status, 0);
    ck_assert_str_eq(answer.why, "the answer is longer than 7 bytes");
    end();
}
END_TEST

START_TEST(test_a_server_that_hangs_ends_by_the_limit)
{
    begin(0, "");
    request.limits.whole_ms = 50;
    ck_assert_int_eq(ry_http_post(http, &request, &answer), -1);
    ck_assert_uint_eq(answer.status, 0);
    ck_assert_ptr_nonnull(strstr(answer.why, "timed out"));
    ry_test_collector_answers(server, 200, "now");
    request.limits.whole_ms = 20000;
    ck_assert_int_eq(ry_http_post(http, &request, &answer), 0);
    ck_assert_str_eq(answer.body, "now");
    end();
}
END_TEST

/* Looks return at once, whatever the server does; a request may be given up in its middle. */
START_TEST(test_looking_does_not_wait)
{
    begin(0, "");
    ck_assert_int_eq(ry_http_begin(http, &request, &answer), 0);
    while (ry_test_collector_requests(server, NULL, NULL) == 0)
        ck_assert(!ry_http_look(http, 0, &answer));
    for (unsigned i = 0; i < 1000; i++)
        ck_assert(!ry_http_look(http, 0, &answer));
    end();
}
END_TEST

static const struct {
    const char *url, *says;
} nobody[] = {
    {"http://127.0.0.1:1/", "onnect"},
    {"file:///etc/passwd", "rotocol"},
    {"ftp://127.0.0.1/", "rotocol"},
    {"http://", "URL"},
    {"", "URL"},
};

START_TEST(test_nobody_there)
{
    http = ry_http_open();
    request = request_to(nobody[_i].url);
    ck_assert_int_eq(ry_http_post(http, &request, &answer), -1);
    ck_assert_uint_eq(answer.status, 0);
    ck_assert_msg(strstr(answer.why, nobody[_i].says) != NULL, "%s", answer.why);
    ry_http_close(http);
}
END_TEST

/* What the environment says of proxies is for others. */
START_TEST(test_this_machine_needs_no_proxy)
{
    static const char *const without[] = {NULL, "", "example.org"};
    server = ry_test_collector_open(200, "straight");
    request = request_to(ry_test_collector_url(server));
    setenv("http_proxy", "http://127.0.0.1:1/", 1);
    if (without[_i] != NULL)
        setenv("no_proxy", without[_i], 1);
    http = ry_http_open();
    ck_assert_int_eq(ry_http_post(http, &request, &answer), 0);
    ck_assert_str_eq(answer.body, "straight");
    end();
}
END_TEST

static Suite *http_suite(void)
{
    Suite *suite = suite_create("http");
    TCase *tcase = tcase_create("client");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, test_each_status_is_an_answer, 0, sizeof answers / sizeof *answers);
    tcase_add_test(tcase, test_without_a_body_it_is_a_get);
    tcase_add_test(tcase, test_too_long_an_answer_is_none);
    tcase_add_test(tcase, test_a_server_that_hangs_ends_by_the_limit);
    tcase_add_test(tcase, test_looking_does_not_wait);
    tcase_add_loop_test(tcase, test_nobody_there, 0, sizeof nobody / sizeof *nobody);
    tcase_add_loop_test(tcase, test_this_machine_needs_no_proxy, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(http_suite)
