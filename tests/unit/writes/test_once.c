/* Writes that are done once: answers that are given again, also by the next process. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/writes/once.h"

#define BEGIN_NS INT64_C(1767605400000000000)

static char folder[] = "/tmp/royale-once-XXXXXX";
static char path[64];
static struct ry_writes_once once; /* large */
static struct ry_writes_once_answer answer;

static void open_once(int64_t now_ns)
{
    ck_assert_int_eq(ry_writes_once_open(&once, path, now_ns), 0);
}

static void again(int64_t now_ns)
{
    ry_writes_once_close(&once);
    open_once(now_ns);
}

static void set_up(void)
{
    ck_assert_int_ge(sodium_init(), 0);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/once.jsonl", folder);
    open_once(BEGIN_NS);
}

static void tear_down(void)
{
    ry_writes_once_close(&once);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static struct ry_writes_once_asked request(const char *key, const char *body)
{
    return (struct ry_writes_once_asked){.actor = "0123abcd",
                                         .key = key,
                                         .method = "POST",
                                         .path = "/v1/battles",
                                         .content_type = "application/json",
                                         .body = body,
                                         .bytes = strlen(body)};
}

static enum ry_writes_once_said begin(const struct ry_writes_once_asked *asked, int64_t now_ns)
{
    free(answer.body);
    free(answer.location);
    return ry_writes_once_begin(&once, asked, &answer, now_ns);
}

/* Is done, and answered so. */
static void done(const char *key, const char *body, unsigned status, const char *said)
{
    char text[RY_WRITES_ONCE_BODY_BYTES + 16], location[] = "/v1/battles/x";
    const struct ry_writes_once_asked asked = request(key, body);
    snprintf(text, sizeof text, "%s", said);
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_NEW);
    ry_writes_once_end(&once, &asked, &(struct ry_writes_once_answer){status, text, location});
}

START_TEST(the_same_request_is_told_the_first_answer)
{
    const struct ry_writes_once_asked asked = request("a", "{}");
    done("a", "{}", 202, "{\"battle\": \"x\\n\"}");
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(begin(&asked, BEGIN_NS + 1), RY_WRITES_ONCE_AGAIN);
        ck_assert_uint_eq(answer.status, 202);
        ck_assert_str_eq(answer.body, "{\"battle\": \"x\\n\"}");
        ck_assert_str_eq(answer.location, "/v1/battles/x");
        again(BEGIN_NS + 1);
    }
}
END_TEST

START_TEST(another_request_is_not)
{
    struct ry_writes_once_asked asked = request("a", "{}");
    done("a", "{}", 202, "x");
    asked.body = "[]";
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_OTHER);
    asked = request("a", "{}");
    asked.path = "/v1/other";
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_OTHER);
    asked = request("a", "{}");
    asked.method = "PUT";
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_OTHER);
    asked = request("a", "{}");
    asked.content_type = NULL;
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_OTHER);
    asked = request("a", "{}");
    asked.actor = "other";
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_NEW);
}
END_TEST

/* The parts of a request are not run together. */
START_TEST(parts_are_told_apart)
{
    struct ry_writes_once_asked asked = request("a", "bc");
    asked.path = "a";
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_NEW);
    asked.path = "ab";
    asked.body = "c";
    asked.bytes = 1;
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_OTHER);
}
END_TEST

START_TEST(what_was_begun_and_not_ended_is_not_known)
{
    const struct ry_writes_once_asked asked = request("a", "{}");
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_NEW);
    again(BEGIN_NS); /* it died in between */
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_UNKNOWN);
}
END_TEST

START_TEST(failures_of_the_server_may_be_tried_again)
{
    const struct ry_writes_once_asked asked = request("a", "{}");
    done("a", "{}", 503, "busy");
    again(BEGIN_NS);
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_NEW);
}
END_TEST

START_TEST(a_day_later_it_is_forgotten)
{
    const struct ry_writes_once_asked asked = request("a", "{}");
    done("a", "{}", 202, "x");
    ck_assert_int_eq(begin(&asked, BEGIN_NS + RY_WRITES_ONCE_NS - 1), RY_WRITES_ONCE_AGAIN);
    if (_i == 1)
        again(BEGIN_NS + RY_WRITES_ONCE_NS);
    ck_assert_int_eq(begin(&asked, BEGIN_NS + RY_WRITES_ONCE_NS), RY_WRITES_ONCE_NEW);
}
END_TEST

/* Three times as many as there is room for: the youngest are known, in memory and by the file,
 * which does not grow without end. */
START_TEST(it_keeps_the_youngest)
{
    char key[32];
    struct stat status;
    for (unsigned i = 0; i < 3 * RY_WRITES_ONCE_MAX; i++) {
        snprintf(key, sizeof key, "k%u", i);
        const struct ry_writes_once_asked asked = request(key, "{}");
        ck_assert_int_eq(begin(&asked, BEGIN_NS + i), RY_WRITES_ONCE_NEW);
        ry_writes_once_end(&once, &asked, &(struct ry_writes_once_answer){.status = 204});
    }
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_lt(status.st_size, 2 * RY_WRITES_ONCE_MAX * 220);
    again(BEGIN_NS + 5000);
    for (unsigned i = 2 * RY_WRITES_ONCE_MAX; i < 3 * RY_WRITES_ONCE_MAX; i++) {
        snprintf(key, sizeof key, "k%u", i);
        const struct ry_writes_once_asked asked = request(key, "{}");
        ck_assert_int_eq(begin(&asked, BEGIN_NS + 5000), RY_WRITES_ONCE_AGAIN);
        ck_assert_uint_eq(answer.status, 204);
        ck_assert_ptr_null(answer.body);
    }
    const struct ry_writes_once_asked old = request("k0", "{}");
    ck_assert_int_eq(begin(&old, BEGIN_NS + 5000), RY_WRITES_ONCE_NEW);
}
END_TEST

#define LINE_OF_NO_TIME                                                                            \
    "{\"at_ns\":\"x\",\"actor\":\"\",\"key\":\"\",\"hash\":\"\",\"status\":1,\"body\":null,\"location\":null}\n"
static const char *const damages[] = {"{\"at_ns\": \"1", "nonsense\n", "{}\n", "\xff\xfe\n",
                                      LINE_OF_NO_TIME};

START_TEST(a_damaged_line_is_left_out)
{
    const struct ry_writes_once_asked asked = request("a", "{}");
    done("a", "{}", 202, "x");
    const int fd = open(path, O_WRONLY | O_APPEND);
    ck_assert(write(fd, damages[_i], strlen(damages[_i])) == (ssize_t)strlen(damages[_i]));
    close(fd);
    again(BEGIN_NS);
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_AGAIN);
}
END_TEST

/* The disk was full in the middle of a line: what comes behind it is kept all the same. */
START_TEST(a_line_that_does_not_fit_spoils_no_other)
{
    const struct ry_writes_once_asked first = request("a", "{}"), second = request("b", "{}");
    struct stat status;
    struct rlimit usual, small;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &usual), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    small = usual;
    small.rlim_cur = (rlim_t)status.st_size + 10;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    ck_assert_int_eq(begin(&first, BEGIN_NS), RY_WRITES_ONCE_FAILED);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &usual), 0);
    ck_assert_int_eq(begin(&second, BEGIN_NS), RY_WRITES_ONCE_NEW);
    again(BEGIN_NS);
    ck_assert_int_eq(begin(&second, BEGIN_NS), RY_WRITES_ONCE_UNKNOWN);
}
END_TEST

START_TEST(a_long_answer_is_not_kept)
{
    char *text = calloc(1, RY_WRITES_ONCE_BODY_BYTES + 1);
    memset(text, '"', RY_WRITES_ONCE_BODY_BYTES - 1);
    done("a", "{}", 200, text);
    const struct ry_writes_once_asked asked = request("a", "{}"), longer = request("b", "{}");
    again(BEGIN_NS);
    ck_assert_int_eq(begin(&asked, BEGIN_NS), RY_WRITES_ONCE_AGAIN);
    ck_assert_str_eq(answer.body, text);
    memset(text, '"', RY_WRITES_ONCE_BODY_BYTES);
    done("b", "{}", 200, text);
    ck_assert_int_eq(begin(&longer, BEGIN_NS), RY_WRITES_ONCE_NEW);
    free(text);
}
END_TEST

START_TEST(keys_are_printable_and_short)
{
    char key[RY_WRITES_ONCE_KEY_BYTES + 1];
    memset(key, 'x', sizeof key);
    key[RY_WRITES_ONCE_KEY_BYTES] = '\0';
    ck_assert(!ry_writes_once_is_key(key));
    key[RY_WRITES_ONCE_KEY_BYTES - 1] = '\0';
    ck_assert(ry_writes_once_is_key(key));
    ck_assert(!ry_writes_once_is_key("") && !ry_writes_once_is_key("a b") &&
              !ry_writes_once_is_key("\x7f") && !ry_writes_once_is_key("\xc3\xa4"));
}
END_TEST

static Suite *writes(void)
{
    Suite *suite = suite_create("once");
    TCase *tests = tcase_create("once");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, the_same_request_is_told_the_first_answer);
    tcase_add_test(tests, another_request_is_not);
    tcase_add_test(tests, parts_are_told_apart);
    tcase_add_test(tests, what_was_begun_and_not_ended_is_not_known);
    tcase_add_test(tests, failures_of_the_server_may_be_tried_again);
    tcase_add_loop_test(tests, a_day_later_it_is_forgotten, 0, 2);
    tcase_add_test(tests, it_keeps_the_youngest);
    tcase_add_loop_test(tests, a_damaged_line_is_left_out, 0,
                        (int)(sizeof damages / sizeof *damages));
    tcase_add_test(tests, a_line_that_does_not_fit_spoils_no_other);
    tcase_add_test(tests, a_long_answer_is_not_kept);
    tcase_add_test(tests, keys_are_printable_and_short);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(writes)
