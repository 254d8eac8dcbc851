/* /v1 and /v1/openapi.json: what there is. */
#include "shm/records/codes.h"
#include "tools/api/internal.h"
#include "tools/api/openapi.h"
#include "tools/text/version.h"

static json_t *endpoints(void)
{
    const struct ry_api_route *route;
    json_t *array = ry_text_json_whole(json_array());
    const unsigned count = ry_api_routes(&route);
    for (unsigned i = 0; i < count; i++) {
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(object, "method", json_string(route[i].method));
        ry_text_json_set(object, "path", json_string(route[i].path));
        ry_text_json_set(object, "scope", json_string(ry_api_scope_name(route[i].scope)));
        ry_text_json_set(object, "says", json_string(route[i].sentence));
        ry_text_json_add(array, object);
    }
    return array;
}

void ry_api_do_index(struct ry_api_call *call)
{
    const struct ry_api_options *options = &call->api->options;
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "royale", json_string(RY_VERSION));
    ry_text_json_set(object, "api", json_string("v1"));
    ry_text_json_set(object, "library", json_boolean(options->library));
    ry_text_json_set(object, "uploads", json_boolean(options->uploads));
    ry_text_json_set(
        object, "isolation",
        json_string(ry_code_name(RY_CODES_ISOLATION,
                                 options->isolates ? RY_ISOLATED_USERS : RY_ISOLATED_NOT)));
    ry_text_json_set(object, "openapi", json_string("/v1/openapi.json"));
    ry_text_json_set(object, "endpoints", endpoints());
    ry_api_json(call, 200, object);
}

void ry_api_do_openapi(struct ry_api_call *call)
{
    ry_api_json(call, 200, ry_api_openapi());
}
