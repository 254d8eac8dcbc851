#include "tests/support/api_rig.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"

#define QUERY_BYTES 2048

void api_open(struct api_rig *rig, const char *directory, bool library)
{
    *rig = (struct api_rig){.options = {.directory = directory, .library = library}};
    rig->api = ry_api_open(&rig->options);
    ck_assert_ptr_nonnull(rig->api);
}

static void forget(struct api_rig *rig)
{
    json_decref(rig->document);
    free(rig->answer.body);
    rig->document = NULL;
    rig->answer = (struct ry_api_answer){.status = 0};
}

void api_close(struct api_rig *rig)
{
    forget(rig);
    ry_api_close(rig->api);
}

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
};

static void on_done(void *context)
{
    struct waiting *waiting = context;
    pthread_mutex_lock(&waiting->lock);
    waiting->is_done = true;
    pthread_cond_signal(&waiting->done);
    pthread_mutex_unlock(&waiting->lock);
}

static void wait_for(struct waiting *waiting)
{
    pthread_mutex_lock(&waiting->lock);
    while (!waiting->is_done)
        pthread_cond_wait(&waiting->done, &waiting->lock);
    pthread_mutex_unlock(&waiting->lock);
}

/* Cuts `text` into its pairs. */
static unsigned pairs_of(char *text, struct ry_api_pair pair[RY_API_QUERY_MAX + 1])
{
    unsigned count = 0;
    char *rest = text;
    for (char *one; count <= RY_API_QUERY_MAX && (one = strsep(&rest, "&")) != NULL;) {
        char *value = strchr(one, '=');
        if (*one == 0)
            continue;
        if (value != NULL)
            *value++ = 0;
        pair[count++] = (struct ry_api_pair){.name = one, .value = value != NULL ? value : ""};
    }
    return count;
}

void api_get(struct api_rig *rig, const char *path, const char *query)
{
    struct waiting waiting = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    struct ry_api_pair pair[RY_API_QUERY_MAX + 1];
    struct ry_api_match match;
    char text[QUERY_BYTES];
    forget(rig);
    snprintf(text, sizeof text, "%s", query);
    const struct ry_api_request request = {
        .method = "GET", .path = path, .query = pair, .queries = pairs_of(text, pair), .actor = ""};
    const struct ry_api_route *route = ry_api_route("GET", path, &match);
    if (route == NULL) {
        ry_api_refuse(&rig->answer, match.error, NULL, NULL);
    } else if (route->who != RY_API_NOW) {
        if (ry_api_submit(rig->api, route, &match, &request, &rig->answer, on_done, &waiting))
            wait_for(&waiting);
    } else {
        ry_api_handle(rig->api, route, &match, &request, &rig->answer);
    }
    if (strcmp(rig->answer.content_type, RY_API_JSON) == 0) {
        rig->document = json_loadb(rig->answer.body, rig->answer.bytes, 0, NULL);
        ck_assert_ptr_nonnull(rig->document);
    }
}

json_t *api_member(const struct api_rig *rig, const char *member)
{
    return json_object_get(rig->document, member);
}

const char *api_text(const struct api_rig *rig, const char *member)
{
    const char *text = json_string_value(api_member(rig, member));
    return text != NULL ? text : "";
}
