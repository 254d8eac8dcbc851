/*
 * What the files of tools/api share.
 */
#ifndef RY_TOOLS_API_INTERNAL_H
#define RY_TOOLS_API_INTERNAL_H

#include <pthread.h>

#include "tools/api/api.h"
#include "tools/text/json.h"

#define RY_API_DIRECTORY_BYTES 4096
#define RY_API_GZIP_BYTES      (16u << 10) /* answers as large as this are worth it */

/* One value of a request, as its route's parameter says. */
struct ry_api_value {
    bool given;       /* or its fallback */
    const char *text; /* NULL: not given */
    int64_t number;   /* INTEGER; FLAG: 0, 1 */
};

/* A request on its way. */
struct ry_api_call {
    struct ry_api *api;
    struct ry_api_pasts *pasts; /* its worker's; NULL: of RY_API_NOW */
    const struct ry_api_route *route;
    const struct ry_api_match *match;
    const struct ry_api_request *request;
    struct ry_api_answer *answer;
    struct ry_api_value value[RY_API_QUERY_MAX]; /* by parameter of the route */
};

/* ---- params.c -------------------------------------------------------------------------------- */

/* Fills `value`; false: answered with what is wrong. */
bool ry_api_params(struct ry_api_call *call);

/* The value of a parameter that the route has. */
const struct ry_api_value *ry_api_value(const struct ry_api_call *call, const char *name);
static inline const char *ry_api_text(const struct ry_api_call *call, const char *name)
{
    return ry_api_value(call, name)->text;
}
static inline int64_t ry_api_number(const struct ry_api_call *call, const char *name)
{
    return ry_api_value(call, name)->number;
}
static inline bool ry_api_given(const struct ry_api_call *call, const char *name)
{
    return ry_api_value(call, name)->given;
}

/* A variable part of the path; NULL: the route has none of that name. */
const char *ry_api_part(const struct ry_api_call *call, const char *name);

/* ---- answers --------------------------------------------------------------------------------- */

/* Answers `status` with the document, which it takes over. */
void ry_api_json(struct ry_api_call *call, unsigned status, json_t *document);

/* Answers with bytes of malloc, which it takes over. */
void ry_api_bytes(struct ry_api_call *call, const char *content_type, char *body, size_t bytes);

/* Makes the body shorter. */
void ry_api_gzip(struct ry_api_answer *answer);

/* A header of the answer; `value` too long is cut. */
void ry_api_header(struct ry_api_answer *answer, const char *name, const char *value);

/* ---- the handlers ---------------------------------------------------------------------------- */

#define RY_API_ROUTE(id, method, path, scope, who, schema, body, sentence)                         \
    void ry_api_do_##id(struct ry_api_call *call);
#include "tools/api/routes.def"

/* ---- worker.c -------------------------------------------------------------------------------- */

struct ry_api_job {
    const struct ry_api_route *route;
    const struct ry_api_match *match;
    const struct ry_api_request *request;
    struct ry_api_answer *answer;
    void (*done)(void *context);
    void *context;
};

struct ry_api_pasts;

struct ry_api_worker {
    pthread_t thread;
    struct ry_api *api;
    struct ry_api_pasts *pasts; /* its own */
    /* What it does while nobody asks; false: nothing at the moment. NULL: it waits. */
    bool (*idle)(struct ry_api *api);
    pthread_mutex_t lock;
    pthread_cond_t came;
    bool stops;
    unsigned first, count;
    struct ry_api_job job[RY_API_QUEUE_MAX];
};

/* `idle` and `pasts` are set. 0, or -1: no thread. */
int ry_api_worker_start(struct ry_api_worker *w, struct ry_api *api);
void ry_api_worker_stop(struct ry_api_worker *w);

/* ---- api.c ----------------------------------------------------------------------------------- */

struct ry_api {
    struct ry_api_options options;
    struct ry_api_worker worker, writer;
    pthread_mutex_t lock;               /* of focus and picture */
    char focus[RY_API_DIRECTORY_BYTES]; /* of the battle in focus; "": none */
    json_t *picture;                    /* of now; NULL: none */
};

/* A new reference to the picture of now, if the battle in focus is that of the directory; NULL. */
json_t *ry_api_shown(struct ry_api *api, const char *directory);

/* The directory of the battle in focus; false: there is none. */
bool ry_api_focused(struct ry_api *api, char directory[RY_API_DIRECTORY_BYTES]);

/* Answers in the calling thread, which is that of `pasts`. */
void ry_api_run(struct ry_api *api, struct ry_api_pasts *pasts, const struct ry_api_job *job);

#endif
