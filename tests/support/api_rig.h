/*
 * What the tests of the API share: an API over a folder, without a server, and what it answers.
 */
#ifndef RY_TESTS_SUPPORT_API_RIG_H
#define RY_TESTS_SUPPORT_API_RIG_H

#include "tools/api/api.h"

struct api_rig {
    struct ry_api_options options;
    struct ry_api *api;
    struct ry_api_answer answer; /* the last one */
    json_t *document;            /* its body, if it is JSON; else NULL */
};

void api_open(struct api_rig *rig, const char *directory, bool library);
void api_close(struct api_rig *rig);

/* Asks as the server would, "a=1&b=2" as the query, nothing decoded, and waits for the answer. */
void api_get(struct api_rig *rig, const char *path, const char *query);

/* A member of the answer, its text; "": there is none. */
const char *api_text(const struct api_rig *rig, const char *member);
json_t *api_member(const struct api_rig *rig, const char *member);

#endif
