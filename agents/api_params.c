/* Parameters of an agent: "key=value" lines of the battle file, asked for by key. */
#include "agents/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shm/log.h"

int ry_host_api_params_open(struct ry_host_api *api, const char *params)
{
    if (memccpy(api->params, params, '\0', sizeof api->params) == NULL) {
        ry_host_api_fail(api, "the parameters have no end");
        return -1;
    }
    char *rest = api->params, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (*line == '\0')
            continue;
        char *equals = strchr(line, '=');
        if (equals == NULL || equals == line) {
            ry_host_api_fail(api, "parameter \"%s\" is not key=value", line);
            return -1;
        }
        if (api->param_count == RY_HOST_API_PARAMS_MAX) {
            ry_host_api_fail(api, "more than %d parameters", RY_HOST_API_PARAMS_MAX);
            return -1;
        }
        *equals = '\0';
        api->param[api->param_count++] =
            (struct ry_host_api_param){.key = line, .value = equals + 1};
    }
    return 0;
}

void ry_host_api_params_warn(const struct ry_host_api *api)
{
    for (unsigned i = 0; i < api->param_count; i++)
        if (!api->param[i].asked)
            ry_log(api->log, RY_LOG_WARN, "parameter %s=%s: the strategy does not know it",
                   api->param[i].key, api->param[i].value);
}

const char *ry_param(struct ry_agent *agent, const char *key, const char *otherwise)
{
    struct ry_host_api *api = (struct ry_host_api *)agent;
    for (unsigned i = 0; i < api->param_count; i++) {
        if (strcmp(api->param[i].key, key) == 0) {
            api->param[i].asked = true;
            return api->param[i].value;
        }
    }
    return otherwise;
}

int64_t ry_param_int(struct ry_agent *agent, const char *key, int64_t otherwise)
{
    const char *text = ry_param(agent, key, NULL);
    if (text == NULL)
        return otherwise;
    char *end;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') {
        ry_host_api_fail((struct ry_host_api *)agent, "parameter %s=%s is not a whole number", key,
                         text);
        return otherwise;
    }
    return value;
}
