#include "tools/page/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES (RY_API_NAME_BYTES + 64)

bool ry_page_ask_open(struct ry_page_asker *asker, const struct ry_api_options *options)
{
    *asker = (struct ry_page_asker){.battle = "current"};
    if (sem_init(&asker->answered, 0, 0) != 0)
        return false;
    asker->api = ry_api_open(options);
    if (asker->api == NULL)
        snprintf(asker->why, sizeof asker->why, "no memory, or no thread");
    return asker->api != NULL;
}

void ry_page_ask_close(struct ry_page_asker *asker)
{
    ry_api_close(asker->api);
    (void)sem_destroy(&asker->answered);
}

static void answered(void *context)
{
    (void)sem_post(context);
}

/* The message of an error that the API answers. */
static void take_why(struct ry_page_asker *asker, const struct ry_api_answer *answer)
{
    json_t *error = answer->body != NULL ? json_loadb(answer->body, answer->bytes, 0, NULL) : NULL;
    const char *message = json_string_value(json_object_get(error, "message"));
    snprintf(asker->why, sizeof asker->why, "%s", message != NULL ? message : "no answer");
    json_decref(error);
}

bool ry_page_ask(struct ry_page_asker *asker, const char *of, const struct ry_api_pair *query,
                 struct ry_api_answer *answer)
{
    char path[PATH_BYTES];
    struct ry_api_match match;
    struct ry_api_request request = {.method = "GET", .path = path, .query = query, .actor = ""};
    snprintf(path, sizeof path, "/v1/battles/%s/%s", asker->battle, of);
    while (query[request.queries].name != NULL)
        request.queries++;
    *answer = (struct ry_api_answer){.status = 0};
    const struct ry_api_route *route = ry_api_route(request.method, path, &match);
    if (route == NULL) {
        snprintf(asker->why, sizeof asker->why, "the API has no path %s", path);
        return false;
    }
    if (ry_api_submit(asker->api, route, &match, &request, answer, answered, &asker->answered))
        while (sem_wait(&asker->answered) != 0 && errno == EINTR)
            ;
    if (answer->status == 200)
        return true;
    take_why(asker, answer);
    free(answer->body);
    answer->body = NULL;
    return false;
}

json_t *ry_page_ask_json(struct ry_page_asker *asker, const char *of,
                         const struct ry_api_pair *query)
{
    struct ry_api_answer answer;
    json_error_t error;
    if (!ry_page_ask(asker, of, query, &answer))
        return NULL;
    json_t *json = json_loadb(answer.body, answer.bytes, 0, &error);
    if (json == NULL)
        snprintf(asker->why, sizeof asker->why, "the answer is no JSON: %s", error.text);
    free(answer.body);
    return json;
}
