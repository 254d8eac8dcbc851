#include "tools/api/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/api/internal.h"
#include "tools/api/pasts.h"

static int open_worker(struct ry_api *api, struct ry_api_worker *w, bool (*idle)(struct ry_api *))
{
    w->idle = idle;
    w->pasts = ry_api_pasts_open(&api->options);
    if (w->pasts != NULL && ry_api_worker_start(w, api) == 0)
        return 0;
    ry_api_pasts_close(w->pasts);
    return -1;
}

static void close_worker(struct ry_api_worker *w)
{
    ry_api_worker_stop(w);
    ry_api_pasts_close(w->pasts);
}

struct ry_api *ry_api_open(const struct ry_api_options *options)
{
    struct ry_api *api = calloc(1, sizeof *api);
    if (api == NULL)
        return NULL;
    api->options = *options;
    (void)pthread_mutex_init(&api->lock, NULL);
    if (open_worker(api, &api->worker, ry_api_pasts_idle) == 0) {
        if (open_worker(api, &api->writer, NULL) == 0)
            return api;
        close_worker(&api->worker);
    }
    (void)pthread_mutex_destroy(&api->lock);
    free(api);
    return NULL;
}

void ry_api_close(struct ry_api *api)
{
    close_worker(&api->worker);
    close_worker(&api->writer);
    json_decref(api->picture);
    (void)pthread_mutex_destroy(&api->lock);
    free(api);
}

/* ---- the battle in focus --------------------------------------------------------------------- */

void ry_api_show(struct ry_api *api, const char *directory, json_t *picture)
{
    pthread_mutex_lock(&api->lock);
    json_t *before = api->picture;
    api->picture = picture;
    snprintf(api->focus, sizeof api->focus, "%s", directory != NULL ? directory : "");
    pthread_mutex_unlock(&api->lock);
    json_decref(before);
}

json_t *ry_api_shown(struct ry_api *api, const char *directory)
{
    pthread_mutex_lock(&api->lock);
    const bool same = strcmp(api->focus, directory) == 0;
    json_t *picture = same && api->picture != NULL ? json_incref(api->picture) : NULL;
    pthread_mutex_unlock(&api->lock);
    return picture;
}

bool ry_api_focused(struct ry_api *api, char directory[RY_API_DIRECTORY_BYTES])
{
    pthread_mutex_lock(&api->lock);
    memcpy(directory, api->focus, sizeof api->focus);
    pthread_mutex_unlock(&api->lock);
    return directory[0] != 0;
}

/* ---- answers --------------------------------------------------------------------------------- */

void ry_api_header(struct ry_api_answer *answer, const char *name, const char *value)
{
    if (answer->headers == RY_API_HEADERS_MAX)
        return;
    struct ry_api_header *header = &answer->header[answer->headers++];
    header->name = name;
    snprintf(header->value, sizeof header->value, "%s", value);
}

void ry_api_bytes(struct ry_api_call *call, const char *content_type, char *body, size_t bytes)
{
    call->answer->status = 200;
    call->answer->content_type = content_type;
    call->answer->body = body;
    call->answer->bytes = bytes;
}

void ry_api_json(struct ry_api_call *call, unsigned status, json_t *document)
{
    char *text = json_dumps(document, JSON_COMPACT);
    if (text == NULL)
        (void)ry_text_json_whole(NULL);
    json_decref(document);
    ry_api_bytes(call, RY_API_JSON, text, strlen(text));
    call->answer->status = status;
}

void ry_api_run(struct ry_api *api, struct ry_api_pasts *pasts, const struct ry_api_job *job)
{
    struct ry_api_call call = {.api = api,
                               .pasts = pasts,
                               .route = job->route,
                               .match = job->match,
                               .request = job->request,
                               .answer = job->answer};
    *job->answer = (struct ry_api_answer){.status = 0};
    if (!ry_api_params(&call))
        return;
    job->route->handler(&call);
    if (job->request->gzip && !job->answer->gzipped && job->route->who == RY_API_WORKER &&
        job->answer->bytes >= RY_API_GZIP_BYTES)
        ry_api_gzip(job->answer);
}

void ry_api_handle(struct ry_api *api, const struct ry_api_route *route,
                   const struct ry_api_match *match, const struct ry_api_request *request,
                   struct ry_api_answer *answer)
{
    const struct ry_api_job job = {
        .route = route, .match = match, .request = request, .answer = answer};
    ry_api_run(api, NULL, &job);
}
