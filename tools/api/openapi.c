#include "tools/api/openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tools/api/errors.h"
#include "tools/api/internal.h"
#include "tools/api/schemas.h"
#include "tools/text/version.h"

#define TEXT_BYTES 512
#define REFERENCE  "#/components/schemas/"

static const char *const scopes[] = {[RY_API_FREE] = "none",
                                     [RY_API_READ] = "read",
                                     [RY_API_OPERATE] = "operate",
                                     [RY_API_ADMIN] = "admin"};

const char *ry_api_scope_name(enum ry_api_scope scope)
{
    return scopes[scope];
}

/* ---- parameters ------------------------------------------------------------------------------ */

static json_t *schema_of(const struct ry_api_param *param)
{
    json_t *schema = ry_text_json_whole(json_object());
    switch (param->kind) {
    case RY_API_INTEGER:
        ry_text_json_set(schema, "type", json_string("integer"));
        ry_text_json_set(schema, "minimum", json_integer(param->least));
        ry_text_json_set(schema, "maximum", json_integer(param->most));
        break;
    case RY_API_FLAG: ry_text_json_set(schema, "type", json_string("boolean")); break;
    case RY_API_WORD:
    case RY_API_WORDS:
        ry_text_json_set(schema, "type", json_string("string"));
        ry_text_json_set(schema, "minLength", json_integer(1));
        ry_text_json_set(schema, "maxLength", json_integer(RY_API_NAME_BYTES - 1));
        break;
    }
    if (param->fallback != NULL)
        ry_text_json_set(schema, "default",
                         param->kind == RY_API_WORD || param->kind == RY_API_WORDS
                             ? json_string(param->fallback)
                             : json_loads(param->fallback, JSON_DECODE_ANY, NULL));
    return schema;
}

static void add_parameter(json_t *array, const char *name, const char *in, bool needed,
                          const char *sentence, json_t *schema)
{
    ry_text_json_add(array,
                     json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", in, "required",
                               needed, "description", sentence, "schema", schema));
}

static const char *part_sentence(const char *name)
{
    if (strcmp(name, "battle") == 0)
        return "the name of its folder, its battle_id, or `current`: the battle in focus";
    if (strcmp(name, "instrument") == 0)
        return "its symbol";
    return "its name";
}

static json_t *parameters_of(const struct ry_api_route *route)
{
    json_t *array = ry_text_json_whole(json_array());
    for (const char *at = strchr(route->path, '{'); at != NULL; at = strchr(at + 1, '{')) {
        char name[TEXT_BYTES];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1, "}"), at + 1);
        add_parameter(array, name, "path", true, part_sentence(name),
                      json_pack("{s:s}", "type", "string"));
    }
    for (unsigned i = 0; i < route->params; i++)
        add_parameter(array, route->param[i].name, "query", route->param[i].needed,
                      route->param[i].sentence, schema_of(&route->param[i]));
    return array;
}

/* ---- answers --------------------------------------------------------------------------------- */

static json_t *content_of(const struct ry_api_route *route)
{
    char reference[TEXT_BYTES];
    const bool stream = route->who == RY_API_STREAM;
    if (strcmp(route->schema, "OpenApi") == 0)
        return json_pack("{s:{s:{s:s}}}", "application/json", "schema", "type", "object");
    if (strcmp(route->schema, "Depth") == 0)
        return json_pack("{s:{s:{s:s,s:s}}}", "application/octet-stream", "schema", "type",
                         "string", "format", "binary");
    snprintf(reference, sizeof reference, REFERENCE "%s", route->schema);
    return json_pack("{s:{s:{s:s}}}", stream ? "text/event-stream" : "application/json", "schema",
                     "$ref", reference);
}

static json_t *responses_of(const struct ry_api_route *route)
{
    const char *status = strcmp(route->method, "GET") == 0 ? "200" : "2XX";
    return ry_text_json_whole(json_pack("{s:{s:s, s:o}, s:{s:s}}", status, "description",
                                        route->sentence, "content", content_of(route), "default",
                                        "$ref", "#/components/responses/Error"));
}

static json_t *body_of(const struct ry_api_route *route)
{
    const bool json = strcmp(route->method, "PUT") != 0;
    return json_pack("{s:b, s:{s:{s:{s:s}}}}", "required", 0, "content",
                     json ? "application/json" : "application/octet-stream", "schema", "type",
                     json ? "object" : "string");
}

/* "get_battles_battle_state" */
static json_t *id_of(const struct ry_api_route *route)
{
    char text[TEXT_BYTES];
    int length = snprintf(text, sizeof text, "%s%s", route->method, route->path + strlen("/v1"));
    size_t kept = 0;
    for (int i = 0; i < length; i++) {
        if (text[i] == '{' || text[i] == '}')
            continue;
        text[kept++] =
            isalnum((unsigned char)text[i]) ? (char)tolower((unsigned char)text[i]) : '_';
    }
    text[kept] = 0;
    return json_string(text);
}

static json_t *operation_of(const struct ry_api_route *route)
{
    char text[TEXT_BYTES];
    const char *scope = scopes[route->scope];
    snprintf(text, sizeof text, "A key needs the scope %s.", scope);
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "operationId", id_of(route));
    ry_text_json_set(object, "summary", json_string(route->sentence));
    ry_text_json_set(object, "description",
                     json_string(route->scope == RY_API_FREE ? "No key is needed." : text));
    ry_text_json_set(object, "parameters", parameters_of(route));
    if (route->body_bytes > 0)
        ry_text_json_set(object, "requestBody", body_of(route));
    ry_text_json_set(object, "responses", responses_of(route));
    ry_text_json_set(object, "security",
                     route->scope == RY_API_FREE ? json_array()
                                                 : json_pack("[{s:[s]}]", "key", scope));
    return object;
}

static json_t *paths(void)
{
    const struct ry_api_route *route;
    const unsigned count = ry_api_routes(&route);
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < count; i++) {
        char method[TEXT_BYTES];
        size_t length = 0;
        for (; route[i].method[length] != 0 && length < sizeof method - 1; length++)
            method[length] = (char)tolower((unsigned char)route[i].method[length]);
        method[length] = 0;
        json_t *path = json_object_get(object, route[i].path);
        if (path == NULL) {
            path = ry_text_json_whole(json_object());
            ry_text_json_set(object, route[i].path, path);
        }
        ry_text_json_set(path, method, operation_of(&route[i]));
    }
    return object;
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* Their schema, its codes those of the table. */
static void set_codes(json_t *schemas)
{
    json_t *properties = json_object_get(json_object_get(schemas, "Error"), "properties");
    json_t *codes = ry_text_json_whole(json_array());
    for (unsigned i = RY_API_E_none + 1; i < RY_API_ERRORS; i++)
        ry_text_json_add(codes, json_string(ry_api_error_about((enum ry_api_error)i)->code));
    ry_text_json_set(json_object_get(properties, "code"), "enum", codes);
}

static json_t *components(void)
{
    json_t *schemas = ry_text_json_whole(json_object());
    ry_api_schemas(schemas);
    set_codes(schemas);
    return ry_text_json_whole(json_pack(
        "{s:o, s:{s:{s:s, s:{s:{s:{s:s}}}}}, s:{s:{s:s, s:s, s:s}}}", "schemas", schemas,
        "responses", "Error", "description", "refused; the table of errors is in docs/API.md",
        "content", "application/json", "schema", "$ref", REFERENCE "Error", "securitySchemes",
        "key", "type", "http", "scheme", "bearer", "description",
        "a key of `royale key create`; without one, reads from the same machine alone"));
}

json_t *ry_api_openapi(void)
{
    json_t *document = ry_text_json_whole(json_object());
    ry_text_json_set(document, "openapi", json_string("3.1.0"));
    ry_text_json_set(document, "info",
                     json_pack("{s:s, s:s, s:s, s:{s:s}}", "title", "royale", "version", "v1",
                               "description",
                               "What a battle of royale " RY_VERSION " gives to programs.",
                               "license", "name", "see LICENSE"));
    ry_text_json_set(document, "servers", json_pack("[{s:s}]", "url", "/"));
    ry_text_json_set(document, "paths", paths());
    ry_text_json_set(document, "components", components());
    return document;
}
