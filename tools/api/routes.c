/* The table of paths, and which of them a request means. */
#include <string.h>

#include "tools/api/internal.h"

#define RY_API_ROUTE(id, method, path, scope, who, schema, body, sentence)                         \
    static const struct ry_api_param params_##id[] = {
#define RY_API_PARAM(id, name, kind, least, most, fallback, needed, sentence)                      \
    {name, RY_API_##kind, least, most, fallback, needed, sentence},
#define RY_API_ROUTE_END(id)                                                                       \
    }                                                                                              \
    ;
#include "tools/api/routes.def"

static const struct ry_api_route table[] = {
#define RY_API_ROUTE(id, method, path, scope, who, schema, body, sentence)                         \
    {method,                                                                                       \
     path,                                                                                         \
     RY_API_##scope,                                                                               \
     RY_API_##who,                                                                                 \
     ry_api_do_##id,                                                                               \
     params_##id,                                                                                  \
     sizeof params_##id / sizeof(struct ry_api_param),                                             \
     schema,                                                                                       \
     sentence,                                                                                     \
     body},
#include "tools/api/routes.def"
};

#define ROUTES (sizeof table / sizeof *table)

unsigned ry_api_routes(const struct ry_api_route **routes)
{
    *routes = table;
    return ROUTES;
}

/* The part that begins at `path`, without its slash. */
static size_t part_bytes(const char *path)
{
    return strcspn(path, "/");
}

static bool take_part(struct ry_api_match *match, const char *name, size_t name_bytes,
                      const char *value, size_t bytes)
{
    /* Names of variable parts stand in the table for good: the route's own text names it. */
    if (bytes == 0 || bytes >= RY_API_NAME_BYTES || match->parts == RY_API_PARTS_MAX)
        return false;
    match->part[match->parts].name = name;
    match->part[match->parts].name_bytes = name_bytes;
    memcpy(match->part[match->parts].value, value, bytes);
    match->part[match->parts].value[bytes] = 0;
    match->parts++;
    return true;
}

static bool matches(const char *pattern, const char *path, struct ry_api_match *match)
{
    match->parts = 0;
    while (*pattern != 0 && *path != 0) {
        if (*pattern != '/' || *path != '/')
            return false;
        pattern++;
        path++;
        const size_t wants = part_bytes(pattern), has = part_bytes(path);
        const bool variable = wants > 2 && pattern[0] == '{';
        if (variable ? !take_part(match, pattern + 1, wants - 2, path, has)
                     : wants != has || memcmp(pattern, path, has) != 0)
            return false;
        pattern += wants;
        path += has;
    }
    return *pattern == 0 && *path == 0;
}

/* Methods of one path, as Allow has them. */
static void add_allowed(struct ry_api_match *match, const char *method)
{
    const size_t used = strlen(match->allow);
    const char *also = strcmp(method, "GET") == 0 ? ", HEAD" : "";
    if (used + strlen(method) + strlen(also) + 3 > sizeof match->allow)
        return;
    strcat(match->allow, used > 0 ? ", " : "");
    strcat(match->allow, method);
    strcat(match->allow, also);
}

const struct ry_api_route *ry_api_route(const char *method, const char *path,
                                        struct ry_api_match *match)
{
    char allow[RY_API_ALLOW_BYTES] = "";
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    *match = (struct ry_api_match){.error = RY_API_E_none};
    for (unsigned i = 0; i < ROUTES; i++) {
        if (!matches(table[i].path, path, match))
            continue;
        if (strcmp(table[i].method, wanted) == 0)
            return &table[i];
        add_allowed(match, table[i].method);
    }
    memcpy(allow, match->allow, sizeof allow);
    *match = (struct ry_api_match){.error = allow[0] != 0 ? RY_API_E_method_not_allowed
                                                          : RY_API_E_not_found};
    memcpy(match->allow, allow, sizeof allow);
    return NULL;
}
