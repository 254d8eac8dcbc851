/* The worker: in turn, at most so many, and nobody is left when it ends. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/api_rig.h"
#include "tests/support/test.h"

#define MANY (3 * RY_API_QUEUE_MAX)

static struct asked {
    struct ry_api_match match;
    struct ry_api_request request;
    struct ry_api_answer answer;
    bool taken;
} asked[MANY];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t was_read = PTHREAD_COND_INITIALIZER;
static pthread_cond_t began = PTHREAD_COND_INITIALIZER;
static bool writes;
static unsigned done;

static void on_done(void *context)
{
    (void)context;
    pthread_mutex_lock(&lock);
    done++;
    pthread_mutex_unlock(&lock);
}

/* More than it takes at once: each is answered, the last ones at once. */
START_TEST(test_queue)
{
    struct api_rig rig;
    unsigned taken = 0, busy = 0, none = 0;
    api_open(&rig, "/nonexistent", true);
    for (unsigned i = 0; i < MANY; i++) {
        const struct ry_api_route *route =
            ry_api_route("GET", "/v1/battles/x/rows", &asked[i].match);
        asked[i].request =
            (struct ry_api_request){.method = "GET", .path = "/v1/battles/x/rows", .actor = ""};
        asked[i].taken = ry_api_submit(rig.api, route, &asked[i].match, &asked[i].request,
                                       &asked[i].answer, on_done, NULL);
        taken += asked[i].taken;
    }
    api_close(&rig);
    ck_assert_uint_eq(done, taken);
    ck_assert_uint_ge(taken, RY_API_QUEUE_MAX);
    for (unsigned i = 0; i < MANY; i++) {
        busy += asked[i].answer.status == 503;
        none += asked[i].answer.status == 404;
        if (asked[i].answer.status == 503)
            ck_assert_str_eq(asked[i].answer.header[0].name, "Retry-After");
        if (!asked[i].taken)
            ck_assert_uint_eq(asked[i].answer.status, 503);
        free(asked[i].answer.body);
    }
    ck_assert_uint_eq(busy + none, MANY);
}
END_TEST

/* One write is on its way until somebody has read. */
static void wait_for_reader(void *context)
{
    (void)context;
    pthread_mutex_lock(&lock);
    writes = true;
    pthread_cond_signal(&began);
    while (done == 0)
        (void)pthread_cond_wait(&was_read, &lock);
    pthread_mutex_unlock(&lock);
}

/* A write that takes long keeps no reader waiting. */
START_TEST(test_reads_beside_a_write)
{
    struct api_rig rig;
    struct asked *write = &asked[0];
    done = 0;
    api_open(&rig, "/nonexistent", true);
    const struct ry_api_route *route = ry_api_route("GET", "/v1/agents", &write->match);
    write->request = (struct ry_api_request){.method = "GET", .path = "/v1/agents", .actor = ""};
    ck_assert(ry_api_submit(rig.api, route, &write->match, &write->request, &write->answer,
                            wait_for_reader, NULL));
    pthread_mutex_lock(&lock);
    while (!writes)
        (void)pthread_cond_wait(&began, &lock);
    pthread_mutex_unlock(&lock);
    api_get(&rig, "/v1/battles/x/rows", "");
    ck_assert_str_eq(api_text(&rig, "code"), "no_battle");
    pthread_mutex_lock(&lock);
    done = 1;
    pthread_cond_signal(&was_read);
    pthread_mutex_unlock(&lock);
    api_close(&rig);
    ck_assert_uint_eq(write->answer.status, 409);
    free(write->answer.body);
}
END_TEST

static void *show(void *context)
{
    struct ry_api *api = context;
    for (unsigned i = 0; i < 1000; i++)
        ry_api_show(api, "/nonexistent", json_pack("{s:i}", "shown", i));
    return NULL;
}

/* The watcher shows while others ask. */
START_TEST(test_shown_meanwhile)
{
    struct api_rig rig;
    pthread_t watcher;
    api_open(&rig, "/nonexistent", false);
    ck_assert_int_eq(pthread_create(&watcher, NULL, show, rig.api), 0);
    for (unsigned i = 0; i < 100; i++) {
        api_get(&rig, "/v1/battles/current/state", "");
        ck_assert_str_eq(api_text(&rig, "code"), "no_battle");
        api_get(&rig, "/v1", "");
        ck_assert_str_eq(api_text(&rig, "api"), "v1");
    }
    (void)pthread_join(watcher, NULL);
    api_close(&rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api_worker");
    TCase *c = tcase_create("api_worker");
    tcase_add_test(c, test_queue);
    tcase_add_test(c, test_reads_beside_a_write);
    tcase_add_test(c, test_shown_meanwhile);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
