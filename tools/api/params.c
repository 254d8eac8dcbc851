/* The parameters of a request, held to its route's. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "tools/api/internal.h"

#define KIND_BYTES 96

/* An empty object with the parameter's name, for an answer's details. */
static json_t *details_of(const char *name)
{
    json_t *details = ry_text_json_whole(json_object());
    ry_text_json_set(details, "parameter", ry_text_json_string(name, RY_API_NAME_BYTES));
    return details;
}

static int index_of(const struct ry_api_route *route, const char *name)
{
    for (unsigned i = 0; i < route->params; i++)
        if (strcmp(route->param[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void refuse_unknown(struct ry_api_call *call, const char *name)
{
    struct ry_battle_nearest nearest;
    json_t *details = details_of(name), *allowed = ry_text_json_whole(json_array());
    ry_battle_nearest_begin(&nearest, name);
    for (unsigned i = 0; i < call->route->params; i++) {
        (void)ry_battle_nearest_offer(&nearest, call->route->param[i].name);
        ry_text_json_add(allowed, json_string(call->route->param[i].name));
    }
    ry_text_json_set(details, "allowed", allowed);
    ry_api_refuse(call->answer, RY_API_E_bad_parameter, details, "%s has no parameter %.100s%s",
                  call->route->path, name, nearest.said);
}

/* "an integer from 1 to 1000" */
static const char *kind_of(char text[KIND_BYTES], const struct ry_api_param *param)
{
    switch (param->kind) {
    case RY_API_INTEGER:
        if (param->least == INT64_MIN)
            return "an integer of 64 bits";
        if (param->most == INT64_MAX)
            snprintf(text, KIND_BYTES, "an integer from %" PRId64, param->least);
        else
            snprintf(text, KIND_BYTES, "an integer from %" PRId64 " to %" PRId64, param->least,
                     param->most);
        return text;
    case RY_API_FLAG: return "true or false";
    case RY_API_WORDS: return "words between commas";
    case RY_API_WORD: break;
    }
    return "a word";
}

static bool read_integer(struct ry_api_value *value, const struct ry_api_param *param)
{
    char *end;
    const char *digits = value->text + (value->text[0] == '-');
    if (digits[0] < '0' || digits[0] > '9')
        return false;
    errno = 0;
    const long long number = strtoll(value->text, &end, 10);
    value->number = number;
    return errno == 0 && *end == 0 && number >= param->least && number <= param->most;
}

static bool read_value(struct ry_api_value *value, const struct ry_api_param *param)
{
    switch (param->kind) {
    case RY_API_INTEGER: return read_integer(value, param);
    case RY_API_FLAG:
        value->number = strcmp(value->text, "true") == 0;
        return value->number == 1 || strcmp(value->text, "false") == 0;
    case RY_API_WORD:
    case RY_API_WORDS: break;
    }
    return value->text[0] != 0 && strlen(value->text) < RY_API_NAME_BYTES;
}

static bool take(struct ry_api_call *call, unsigned i, const char *text)
{
    char kind[KIND_BYTES];
    const struct ry_api_param *param = &call->route->param[i];
    call->value[i] = (struct ry_api_value){.given = true, .text = text};
    if (read_value(&call->value[i], param))
        return true;
    json_t *details = details_of(param->name);
    ry_text_json_set(details, "value", ry_text_json_string(text, RY_API_NAME_BYTES));
    ry_api_refuse(call->answer, RY_API_E_bad_parameter, details, "%s=%.100s: allowed is %s",
                  param->name, text, kind_of(kind, param));
    return false;
}

/* What was not given. */
static bool fill(struct ry_api_call *call)
{
    for (unsigned i = 0; i < call->route->params; i++) {
        const struct ry_api_param *param = &call->route->param[i];
        if (call->value[i].given)
            continue;
        if (param->needed) {
            ry_api_refuse(call->answer, RY_API_E_bad_parameter, details_of(param->name),
                          "%s needs the parameter %s: %s", call->route->path, param->name,
                          param->sentence);
            return false;
        }
        if (param->fallback == NULL)
            continue;
        if (!take(call, i, param->fallback))
            return false;
        call->value[i].given = false;
    }
    return true;
}

bool ry_api_params(struct ry_api_call *call)
{
    const struct ry_api_request *request = call->request;
    for (unsigned i = 0; i < request->queries; i++) {
        const int at = index_of(call->route, request->query[i].name);
        if (at < 0) {
            refuse_unknown(call, request->query[i].name);
            return false;
        }
        if (call->value[at].given) {
            ry_api_refuse(call->answer, RY_API_E_bad_parameter, details_of(request->query[i].name),
                          "%s is given twice", request->query[i].name);
            return false;
        }
        if (!take(call, (unsigned)at, request->query[i].value))
            return false;
    }
    return fill(call);
}

const struct ry_api_value *ry_api_value(const struct ry_api_call *call, const char *name)
{
    static const struct ry_api_value none = {.given = false};
    const int at = index_of(call->route, name);
    return at < 0 ? &none : &call->value[at];
}

const char *ry_api_part(const struct ry_api_call *call, const char *name)
{
    for (unsigned i = 0; i < call->match->parts; i++)
        if (strlen(name) == call->match->part[i].name_bytes &&
            memcmp(call->match->part[i].name, name, call->match->part[i].name_bytes) == 0)
            return call->match->part[i].value;
    return NULL;
}
