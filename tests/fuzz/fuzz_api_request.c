/*
 * The bytes are a request as the server hands it to the API, its parts ended by newlines: method,
 * decoded path, then names and values of parameters in turn; asked of a small battle. Whatever they
 * are: a route that matches is made of the path's own parts, the answer is whole JSON (or the bytes
 * of a depth), a refusal has a code of the table with its status and a remedy, and parameters that
 * the route does not have are refused.
 */
#include <assert.h>
#include <check.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/results_rig.h"
#include "tools/api/api.h"

#define PAIRS_MAX (RY_API_QUERY_MAX + 4)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct stage stage;
static struct journal_folder folder;
static struct ry_api *api;

static void remove_folder(void)
{
    ry_api_close(api);
    journal_folder_remove(&folder);
}

/* The rigs assert as tests do, so they want to be called from one. */
START_TEST(play)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_end(&stage);
    folder = stage_journal(&stage, stage.inputs);
}
END_TEST

static void play_once(void)
{
    TCase *c = tcase_create("battle");
    Suite *suite = suite_create("battle");
    tcase_add_test(c, play);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_SILENT);
    assert(srunner_ntests_failed(runner) == 0);
    srunner_free(runner);
}

/* One battle for all inputs: requests only read it. */
static void open_once(void)
{
    static struct ry_api_options options;
    if (api != NULL)
        return;
    play_once();
    options.directory = folder.path;
    api = ry_api_open(&options);
    assert(api != NULL);
    atexit(remove_folder);
}

/* The path is the pattern with its parts put in. */
static void check_match(const struct ry_api_route *route, const struct ry_api_match *match,
                        const char *path)
{
    unsigned part = 0;
    for (const char *at = route->path; *at != 0;) {
        if (*at != '{') {
            assert(*path++ == *at++);
            continue;
        }
        assert(part < match->parts);
        const size_t bytes = strlen(match->part[part].value);
        assert(bytes > 0 && strncmp(path, match->part[part].value, bytes) == 0);
        path += bytes;
        at += match->part[part++].name_bytes + 2;
    }
    assert(*path == 0 && part == match->parts);
}

static bool has_parameter(const struct ry_api_route *route, const char *name)
{
    for (unsigned i = 0; i < route->params; i++)
        if (strcmp(route->param[i].name, name) == 0)
            return true;
    return false;
}

static void check_answer(const struct ry_api_answer *answer)
{
    assert(answer->status >= 200 && answer->status < 600);
    if (strcmp(answer->content_type, RY_API_JSON) != 0) {
        assert(answer->status == 200);
        return;
    }
    json_t *document = json_loadb(answer->body, answer->bytes, 0, NULL);
    assert(json_is_object(document));
    if (answer->status >= 400) {
        const char *code = json_string_value(json_object_get(document, "code"));
        json_t *details = json_object_get(document, "details");
        bool known = false;
        for (unsigned i = RY_API_E_none + 1; i < RY_API_ERRORS; i++)
            known |= strcmp(code, ry_api_error_code((enum ry_api_error)i)) == 0 &&
                     answer->status == ry_api_error_status((enum ry_api_error)i);
        assert(known && json_is_string(json_object_get(details, "remedy")));
    }
    json_decref(document);
}

static void on_done(void *context)
{
    assert(sem_post(context) == 0);
}

static void ask(const struct ry_api_route *route, const struct ry_api_match *match,
                const struct ry_api_request *request)
{
    struct ry_api_answer answer = {.status = 0};
    bool unknown = false;
    sem_t done;
    assert(sem_init(&done, 0, 0) == 0);
    if (route->who != RY_API_WORKER)
        ry_api_handle(api, route, match, request, &answer);
    else if (ry_api_submit(api, route, match, request, &answer, on_done, &done))
        while (sem_wait(&done) != 0)
            ;
    check_answer(&answer);
    for (unsigned i = 0; i < request->queries; i++)
        unknown |= !has_parameter(route, request->query[i].name);
    assert(!unknown || answer.status == 400);
    free(answer.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ry_api_pair pair[PAIRS_MAX];
    struct ry_api_match match;
    open_once();
    char *text = malloc(size + 1), *rest = text;
    memcpy(text, data, size);
    text[size] = 0;
    const char *method = strsep(&rest, "\n"), *path = rest != NULL ? strsep(&rest, "\n") : "";
    struct ry_api_request request = {.method = "GET", .path = path, .query = pair, .actor = ""};
    while (rest != NULL && request.queries < PAIRS_MAX) {
        pair[request.queries].name = strsep(&rest, "\n");
        pair[request.queries++].value = rest != NULL ? strsep(&rest, "\n") : "";
    }
    const struct ry_api_route *route = ry_api_route(method, path, &match);
    if (route == NULL)
        assert(match.error == RY_API_E_not_found || match.allow[0] != 0);
    else
        check_match(route, &match, path);
    if (route != NULL && strcmp(route->method, "GET") == 0)
        ask(route, &match, &request);
    free(text);
    return 0;
}
