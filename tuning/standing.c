#include "tuning/standing.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuning/change.h"
#include "tuning/kept.h"
#include "tuning/value.h"

static void take(struct ry_tuning_standing *standing, const struct ry_tuning_change *change)
{
    struct ry_tuning_setting *setting = &standing->setting[standing->count++];
    *setting = (struct ry_tuning_setting){
        .kind = change->kind, .form = change->form, .gone_with_boot = change->gone_with_boot};
    memcpy(setting->path, change->path, sizeof setting->path);
    snprintf(setting->want, sizeof setting->want, "%.*s", RY_TUNING_VALUE_BYTES - 1, change->want);
}

int ry_tuning_standing_read(struct ry_tuning_standing *standing, const struct ry_tuning_host *host,
                            const char *stage)
{
    struct ry_tuning_saved saved;
    int error = ry_tuning_saved_read(&saved, host);
    *standing = (struct ry_tuning_standing){.count = 0};
    snprintf(standing->stage, sizeof standing->stage, "%s", stage);
    if (error == 0 && saved.count > 0) {
        standing->setting = calloc(saved.count, sizeof *standing->setting);
        assert(standing->setting != NULL);
    }
    for (unsigned i = 0; error == 0 && i < saved.count; i++)
        if (!saved.change[i].undone && strcmp(saved.change[i].stage, stage) == 0 &&
            ry_tuning_saved_stands(&saved, &saved.change[i]))
            take(standing, &saved.change[i]);
    ry_tuning_saved_close(&saved);
    return error;
}

static int set(struct ry_tuning_saved *saved, const char *stage, struct ry_tuning_setting setting,
               const struct ry_tuning_told *told)
{
    (void)ry_tuning_value_look(saved->host, &setting); /* what cannot be read is missing */
    if (ry_tuning_judge(&setting) == RY_TUNING_OK)
        return 0;
    return ry_tuning_change_make(saved, stage, &setting, told);
}

int ry_tuning_standing_set(const struct ry_tuning_standing *standing,
                           const struct ry_tuning_host *host, const struct ry_tuning_told *told)
{
    struct ry_tuning_saved saved;
    int error = ry_tuning_saved_open(&saved, host);
    if (error != 0)
        return error;
    if (saved.damaged > 0)
        error = -EBADMSG;
    for (unsigned i = 0; error == 0 && i < standing->count; i++)
        error = set(&saved, standing->stage, standing->setting[i], told);
    if (error == 0)
        error = ry_tuning_kept_write(&saved, 0, told);
    if (error == 0)
        error = ry_tuning_saved_finish(&saved);
    ry_tuning_saved_close(&saved);
    return error;
}

void ry_tuning_standing_forget(struct ry_tuning_standing *standing)
{
    free(standing->setting);
    *standing = (struct ry_tuning_standing){.count = 0};
}
