/*
 * Questions to the API, in this process: what a page would ask a server.
 */
#ifndef RY_TOOLS_PAGE_ASK_H
#define RY_TOOLS_PAGE_ASK_H

#include <semaphore.h>

#include "tools/api/api.h"

#define RY_PAGE_ASKED_MAX 6
#define RY_PAGE_WHY_BYTES 1024

struct ry_page_asker {
    struct ry_api *api;
    sem_t answered;
    char battle[RY_API_NAME_BYTES];
    char why[RY_PAGE_WHY_BYTES]; /* the last question had no answer: the reason */
};

/* Of the battle in DIR. False: `why`. The options stand until it is closed. */
bool ry_page_ask_open(struct ry_page_asker *asker, const struct ry_api_options *options);
void ry_page_ask_close(struct ry_page_asker *asker);

/* GET /v1/battles/{battle}/`of`; `query` ends with a name that is NULL. False: `why`. The answer's
 * body is the caller's to free. */
bool ry_page_ask(struct ry_page_asker *asker, const char *of, const struct ry_api_pair *query,
                 struct ry_api_answer *answer);

/* The same of an answer that is JSON; NULL: `why`. A new reference. */
json_t *ry_page_ask_json(struct ry_page_asker *asker, const char *of,
                         const struct ry_api_pair *query);

#endif
