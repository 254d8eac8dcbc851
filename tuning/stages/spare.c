#include "tuning/stages/spare.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tuning/value.h"

static bool read_set(struct ry_tuning_cpus *set, enum ry_tuning_form form, const char *text)
{
    return form == RY_TUNING_MASK ? ry_tuning_cpus_read_mask(set, text)
                                  : ry_tuning_cpus_read_list(set, text);
}

/* What is wanted instead of `now`, which has hot CPUs. */
static void want(struct ry_tuning_setting *setting, const struct ry_tuning_target *target,
                 const struct ry_tuning_spare *spare, const struct ry_tuning_cpus *now)
{
    struct ry_tuning_cpus left;
    ry_tuning_cpus_without(&left, now, &target->hot);
    /* Only CPUs that are off: the kernel refuses such a set. */
    if (spare->whole || !ry_tuning_cpus_meet(&left, &target->house))
        left = *spare->rest;
    if (spare->form == RY_TUNING_MASK)
        ry_tuning_cpus_mask(&left, target->machine.possible, setting->want);
    else
        ry_tuning_cpus_list(&left, setting->want);
    setting->state = RY_TUNING_MISSING;
}

static void cannot(struct ry_tuning_setting *setting, const char *why)
{
    setting->state = RY_TUNING_CANNOT;
    snprintf(setting->why, sizeof setting->why, "%s", why);
}

void ry_tuning_stages_spare(const struct ry_tuning_host *host,
                            const struct ry_tuning_target *target,
                            const struct ry_tuning_findings *findings,
                            const struct ry_tuning_spare *spare)
{
    struct ry_tuning_setting setting = {.kind = RY_TUNING_FILE,
                                        .state = RY_TUNING_OK,
                                        .form = spare->form,
                                        .quiet = spare->quiet,
                                        .gone_with_boot = spare->gone_with_boot};
    struct ry_tuning_cpus now;
    snprintf(setting.path, sizeof setting.path, "%s", spare->path);
    snprintf(setting.why, sizeof setting.why, "%s", spare->why != NULL ? spare->why : "");
    int error = ry_tuning_value_look(host, &setting);
    if (error == -ENOENT && spare->absent == NULL)
        return;
    if (error == -ENOENT)
        cannot(&setting, spare->absent);
    else if (error != 0)
        cannot(&setting, strerror(-error));
    else if (!read_set(&now, spare->form, setting.now))
        cannot(&setting, "what stands there is no set of CPUs");
    else if (!ry_tuning_cpus_meet(&now, &target->hot))
        memcpy(setting.want, setting.now, sizeof setting.want);
    else if (spare->cannot != NULL)
        cannot(&setting, spare->cannot);
    else if (ry_tuning_cpus_count(&target->house) == 0)
        cannot(&setting, "every CPU is hot: none is left to do it");
    else
        want(&setting, target, spare, &now);
    findings->take(findings->context, &setting);
}
