#include "tuning/engine.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuning/change.h"
#include "tuning/kept.h"
#include "tuning/value.h"

/* A stage is asked until nothing new is missing: what it tells may come to be by what was set. */
#define ROUNDS_MAX 4
#define ROOM_FIRST 64

/* What a stage told. */
struct list {
    unsigned count, room;
    struct ry_tuning_setting *setting;
};

static void take(void *context, const struct ry_tuning_setting *setting)
{
    struct list *list = context;
    if (list->count == list->room) {
        unsigned room = list->room == 0 ? ROOM_FIRST : 2 * list->room;
        void *grown = realloc(list->setting, room * sizeof *list->setting);
        assert(grown != NULL);
        list->setting = grown;
        list->room = room;
    }
    list->setting[list->count] = *setting;
    list->setting[list->count].state = ry_tuning_judge(setting);
    list->count++;
}

static void ask(const struct ry_tuning_stage *stage, const struct ry_tuning_host *host,
                const struct ry_tuning_target *target, struct list *list)
{
    struct ry_tuning_findings findings = {.take = take, .context = list};
    list->count = 0;
    stage->look(host, target, &findings);
}

static bool among(ry_tuning_mask stages, unsigned i)
{
    return (stages >> i & 1) != 0;
}

static bool in_mask(ry_tuning_mask stages, const char *stage)
{
    for (unsigned i = 0; i < ry_tuning_stages_count; i++)
        if (strcmp(ry_tuning_stages[i].name, stage) == 0)
            return among(stages, i);
    return stages == RY_TUNING_ALL; /* kept, or of a stage that was once */
}

static void looked(const struct ry_tuning_told *told, const char *stage,
                   const struct ry_tuning_setting *setting)
{
    told->tell(told->context, stage, setting, RY_TUNING_LOOKED, setting->now);
}

void ry_tuning_check(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                     ry_tuning_mask stages, const struct ry_tuning_told *told)
{
    struct list list = {.count = 0};
    for (unsigned i = 0; i < ry_tuning_stages_count; i++) {
        if (!among(stages, i))
            continue;
        ask(&ry_tuning_stages[i], host, target, &list);
        for (unsigned j = 0; j < list.count; j++)
            looked(told, ry_tuning_stages[i].name, &list.setting[j]);
    }
    free(list.setting);
}

/* ---- apply ----------------------------------------------------------------------------------- */

/* Of what a boot has undone nothing is left to put back. */
static int strike_forgotten(struct ry_tuning_saved *saved)
{
    int error = 0;
    for (unsigned i = 0; i < saved->count && error == 0; i++)
        if (!saved->change[i].undone && !ry_tuning_saved_stands(saved, &saved->change[i]))
            error = ry_tuning_saved_undo(saved, &saved->change[i]);
    return error;
}

/* A value may take two steps (a partition that is invalid is a member first): each is one. */
static const struct ry_tuning_setting *find(const struct list *list,
                                            const struct ry_tuning_setting *setting)
{
    for (unsigned i = 0; i < list->count; i++)
        if (list->setting[i].kind == setting->kind &&
            strcmp(list->setting[i].path, setting->path) == 0 &&
            strcmp(list->setting[i].want, setting->want) == 0)
            return &list->setting[i];
    return NULL;
}

/* Whoever listens, and which settings failed. */
struct failures {
    const struct ry_tuning_told *told;
    struct list list;
};

static void note(void *context, const char *stage, const struct ry_tuning_setting *setting,
                 enum ry_tuning_deed deed, const char *was)
{
    struct failures *failures = context;
    if (deed == RY_TUNING_FAILED)
        take(&failures->list, setting);
    failures->told->tell(failures->told->context, stage, setting, deed, was);
}

static void did_not_stay(const struct ry_tuning_told *told, const char *stage,
                         const struct ry_tuning_setting *setting)
{
    struct ry_tuning_setting failed = *setting;
    failed.state = RY_TUNING_CANNOT;
    snprintf(failed.why, sizeof failed.why, "it was set and did not stay");
    told->tell(told->context, stage, &failed, RY_TUNING_FAILED, setting->now);
}

/* One stage, asked anew until all that it misses was tried. */
static int apply_stage(struct ry_tuning_saved *saved, const struct ry_tuning_stage *stage,
                       const struct ry_tuning_target *target, const struct ry_tuning_told *told)
{
    struct list list = {.count = 0}, tried = {.count = 0};
    struct failures failures = {.told = told};
    const struct ry_tuning_told noting = {.tell = note, .context = &failures};
    int error = 0;
    bool again = true;
    for (unsigned round = 0; round < ROUNDS_MAX && again && error == 0; round++) {
        again = false;
        ask(stage, saved->host, target, &list);
        for (unsigned i = 0; i < list.count && error == 0; i++) {
            const struct ry_tuning_setting *setting = &list.setting[i];
            if (find(&tried, setting) != NULL) {
                if (setting->state == RY_TUNING_MISSING && find(&failures.list, setting) == NULL)
                    did_not_stay(&noting, stage->name, setting);
            } else if (setting->state == RY_TUNING_MISSING) {
                take(&tried, setting);
                again = true;
                error = ry_tuning_change_make(saved, stage->name, setting, &noting);
            } else if (round == 0) {
                looked(told, stage->name, setting);
            }
        }
    }
    free(list.setting);
    free(tried.setting);
    free(failures.list.setting);
    return error;
}

int ry_tuning_apply(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                    ry_tuning_mask stages, const struct ry_tuning_told *told)
{
    struct ry_tuning_saved saved;
    int error = ry_tuning_saved_open(&saved, host);
    if (error != 0)
        return error;
    error = saved.damaged > 0 ? -EBADMSG : strike_forgotten(&saved);
    for (unsigned i = 0; i < ry_tuning_stages_count && error == 0; i++)
        if (among(stages, i))
            error = apply_stage(&saved, &ry_tuning_stages[i], target, told);
    if (error == 0)
        error = ry_tuning_kept_write(&saved, 0, told);
    if (error == 0)
        error = ry_tuning_saved_finish(&saved);
    ry_tuning_saved_close(&saved);
    return error;
}

/* ---- verify, revert -------------------------------------------------------------------------- */

/* The newest of a path counts: what was wanted before is no more. */
static bool is_wanted(const struct ry_tuning_saved *saved, unsigned index)
{
    const struct ry_tuning_change *change = &saved->change[index];
    for (unsigned i = index + 1; i < saved->count; i++)
        if (!saved->change[i].undone && saved->change[i].kind == change->kind &&
            strcmp(saved->change[i].path, change->path) == 0)
            return false;
    return !change->undone && strcmp(change->stage, RY_TUNING_KEPT) != 0;
}

/* Without the newline at the end. */
static bool is_as_found(const struct ry_tuning_setting *setting,
                        const struct ry_tuning_change *change)
{
    size_t n = strcspn(change->found, "\n");
    return !change->absent && strlen(setting->now) == n &&
           strncmp(setting->now, change->found, n) == 0;
}

static void verify_one(const struct ry_tuning_saved *saved, const struct ry_tuning_change *change,
                       const struct ry_tuning_told *told)
{
    struct ry_tuning_setting setting = {.kind = change->kind, .form = change->form};
    memcpy(setting.path, change->path, sizeof setting.path);
    snprintf(setting.want, sizeof setting.want, "%.*s", RY_TUNING_VALUE_BYTES - 1, change->want);
    int error = ry_tuning_value_look(saved->host, &setting);
    setting.state = ry_tuning_judge(&setting);
    if (error != 0 && error != -ENOENT)
        setting.state = RY_TUNING_MISSING;
    if (setting.state == RY_TUNING_MISSING)
        snprintf(setting.why, sizeof setting.why,
                 ry_tuning_saved_stands(saved, change)
                     ? is_as_found(&setting, change)
                           ? "it is as apply found it: apply was ended before it set it, or it was "
                             "set back since; apply again, or revert"
                           : "apply set it, and it was changed since"
                     : "apply set it, and the boot since has undone it: apply again");
    looked(told, change->stage, &setting);
}

int ry_tuning_verify(const struct ry_tuning_host *host, ry_tuning_mask stages,
                     const struct ry_tuning_told *told)
{
    struct ry_tuning_saved saved;
    int error = ry_tuning_saved_read(&saved, host);
    if (error == 0 && saved.damaged > 0)
        error = -EBADMSG;
    for (unsigned i = 0; i < saved.count; i++)
        if (is_wanted(&saved, i) && in_mask(stages, saved.change[i].stage))
            verify_one(&saved, &saved.change[i], told);
    if (stages == RY_TUNING_ALL)
        ry_tuning_kept_verify(&saved, told);
    ry_tuning_saved_close(&saved);
    return error;
}

int ry_tuning_revert(const struct ry_tuning_host *host, ry_tuning_mask stages,
                     const struct ry_tuning_told *told)
{
    struct ry_tuning_saved saved;
    if (!ry_tuning_host_exists(host, RY_TUNING_STATE_FOLDER))
        return 0; /* nor is there to be one because we looked */
    int error = ry_tuning_saved_open(&saved, host);
    if (error != 0)
        return error;
    bool damaged = saved.damaged > 0;
    /* First what a boot would set again: never more than the journal knows how to take back. */
    error = ry_tuning_kept_write(&saved, stages, told);
    /* Where the journal takes no more (a full disk), all is put back nevertheless. */
    for (unsigned i = saved.count; i-- > 0;) {
        int failed = 0;
        if (!saved.change[i].undone && in_mask(stages, saved.change[i].stage))
            failed = ry_tuning_change_back(&saved, &saved.change[i], told);
        error = error == 0 ? failed : error;
    }
    if (error == 0)
        error = ry_tuning_saved_finish(&saved);
    ry_tuning_saved_close(&saved);
    return error == 0 && damaged ? -EBADMSG : error;
}
