#include "tools/proof/switches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/proof/measure.h"
#include "tools/text/stop.h"
#include "tuning/engine.h"
#include "tuning/standing.h"

struct switching {
    struct ry_proof_aim *aim;
    struct ry_tuning_machine *seen; /* large */
    int64_t time_ns;
    void (*say)(const char *line);
    struct ry_tuning_standing standing;     /* of the stage that is off */
    char failed[RY_PROOF_ABLATE_WHY_BYTES]; /* the first setting that did not follow; "": all did */
};

static void take(void *context, const char *stage, const struct ry_tuning_setting *setting,
                 enum ry_tuning_deed deed, const char *was)
{
    struct switching *switching = context;
    (void)stage;
    (void)was;
    if (deed == RY_TUNING_FAILED && switching->failed[0] == '\0')
        snprintf(switching->failed, sizeof switching->failed, "%.256s: %.200s", setting->path,
                 setting->why);
}

static ry_tuning_mask mask_of(const char *stage)
{
    const struct ry_tuning_stage *found = ry_tuning_stage_named(stage);
    return found != NULL ? (ry_tuning_mask)1 << (found - ry_tuning_stages) : 0;
}

static bool judge(struct switching *switching, int code, char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    if (code == 0 && switching->failed[0] == '\0')
        return true;
    if (switching->failed[0] != '\0')
        snprintf(why, RY_PROOF_ABLATE_WHY_BYTES, "%s", switching->failed);
    else
        snprintf(why, RY_PROOF_ABLATE_WHY_BYTES, "%s", strerror(-code));
    return false;
}

static void say(const struct switching *switching, const char *does, const char *stage)
{
    char line[128];
    snprintf(line, sizeof line, "%s: %s", stage, does);
    switching->say(line);
}

static bool off(void *context, const char *stage, char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    struct switching *switching = context;
    const struct ry_tuning_told told = {.tell = take, .context = switching};
    switching->failed[0] = '\0';
    say(switching, "set back alone", stage);
    ry_tuning_standing_forget(&switching->standing);
    int code = ry_tuning_standing_read(&switching->standing, &switching->aim->host, stage);
    if (code == 0)
        code = ry_tuning_revert(&switching->aim->host, mask_of(stage), &told);
    return judge(switching, code, why);
}

static bool on(void *context, const char *stage, char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    struct switching *switching = context;
    const struct ry_tuning_told told = {.tell = take, .context = switching};
    switching->failed[0] = '\0';
    say(switching, "set again", stage);
    return judge(switching,
                 ry_tuning_standing_set(&switching->standing, &switching->aim->host, &told), why);
}

static json_t *measure(void *context)
{
    struct switching *switching = context;
    char error[RY_TUNING_MACHINE_ERROR_BYTES];
    const struct ry_proof_asked asked = {.host = &switching->aim->host,
                                         .target = &switching->aim->target,
                                         .time_ns = switching->time_ns,
                                         .brief = true,
                                         .say = switching->say};
    if (ry_tuning_machine_look(switching->seen, NULL, error) == 0)
        switching->aim->target.machine = *switching->seen;
    return ry_proof_measure(&asked);
}

static bool stopped(void *context)
{
    (void)context;
    return ry_text_stopped();
}

bool ry_proof_switches_run(json_t *report, struct ry_proof_aim *aim, int64_t time_ns,
                           void (*say_line)(const char *line), char why[RY_PROOF_ABLATE_WHY_BYTES])
{
    struct switching switching = {
        .aim = aim, .seen = calloc(1, sizeof *switching.seen), .time_ns = time_ns, .say = say_line};
    const struct ry_proof_switches switches = {
        .context = &switching, .off = off, .on = on, .measure = measure, .stopped = stopped};
    if (switching.seen == NULL) {
        snprintf(why, RY_PROOF_ABLATE_WHY_BYTES, "no memory");
        return false;
    }
    ry_text_stop_by_signals();
    const bool whole = ry_proof_ablate(report, &switches, why);
    ry_tuning_standing_forget(&switching.standing);
    free(switching.seen);
    return whole;
}
