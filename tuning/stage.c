#include "tuning/stage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tuning/value.h"

const struct ry_tuning_stage *ry_tuning_stage_named(const char *name)
{
    for (unsigned i = 0; i < ry_tuning_stages_count; i++)
        if (strcmp(ry_tuning_stages[i].name, name) == 0)
            return &ry_tuning_stages[i];
    return NULL;
}

void ry_tuning_tell_setting(const struct ry_tuning_host *host,
                            const struct ry_tuning_findings *findings,
                            const struct ry_tuning_setting *setting)
{
    struct ry_tuning_setting told = *setting;
    int error = ry_tuning_value_look(host, &told);
    if (error == -ENOENT || error == 0) {
        told.state = ry_tuning_judge(&told);
    } else {
        told.state = RY_TUNING_CANNOT;
        snprintf(told.why, sizeof told.why, "it cannot be read: %s", ry_tuning_value_reason(error));
    }
    findings->take(findings->context, &told);
}

void ry_tuning_tell(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings,
                    enum ry_tuning_form form, const char *path, const char *want,
                    const char *absent)
{
    struct ry_tuning_setting told = {.kind = RY_TUNING_FILE, .form = form};
    snprintf(told.path, sizeof told.path, "%s", path);
    snprintf(told.want, sizeof told.want, "%s", want);
    if (ry_tuning_host_exists(host, path)) {
        ry_tuning_tell_setting(host, findings, &told);
    } else if (absent != NULL) {
        told.state = RY_TUNING_CANNOT;
        snprintf(told.why, sizeof told.why, "%s", absent);
        findings->take(findings->context, &told);
    }
}

void ry_tuning_tell_fact(const struct ry_tuning_findings *findings, enum ry_tuning_state state,
                         const char *path, const char *now, const char *want, const char *why)
{
    struct ry_tuning_setting told = {.kind = RY_TUNING_FACT, .state = state};
    snprintf(told.path, sizeof told.path, "%s", path);
    snprintf(told.now, sizeof told.now, "%s", now);
    snprintf(told.want, sizeof told.want, "%s", want);
    snprintf(told.why, sizeof told.why, "%s", why);
    findings->take(findings->context, &told);
}
