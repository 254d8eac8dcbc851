#include "tools/api/pasts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"

#define STEP_INPUTS      65536 /* between two looks at the queue */
#define LIBRARY_EVERY_NS INT64_C(500000000)

struct ry_api_pasts *ry_api_pasts_open(const struct ry_api_options *options)
{
    struct ry_api_pasts *pasts = calloc(1, sizeof *pasts);
    if (pasts == NULL)
        return NULL;
    pasts->read_inputs = options->read_inputs > 0 ? options->read_inputs : RY_API_READ_INPUTS;
    if (options->inside)
        (void)ry_library_open_inside(&pasts->library, options->directory);
    else
        (void)ry_library_open(&pasts->library, options->directory, options->library);
    return pasts;
}

static void close_one(struct ry_api_past *past)
{
    if (past->past != NULL)
        ry_past_close(past->past);
    *past = (struct ry_api_past){.past = NULL};
}

void ry_api_pasts_close(struct ry_api_pasts *pasts)
{
    for (unsigned i = 0; pasts != NULL && i < RY_API_PASTS_MAX; i++)
        close_one(&pasts->past[i]);
    if (pasts != NULL) {
        ry_api_explained_close(&pasts->explained);
        ry_library_close(&pasts->library);
    }
    free(pasts);
}

/* ---- the library ----------------------------------------------------------------------------- */

const struct ry_library *ry_api_library(struct ry_api_call *call)
{
    struct ry_api_pasts *pasts = call->pasts;
    const int64_t now_ns = ry_clock_ns();
    if (pasts->looked_ns == 0 || now_ns - pasts->looked_ns >= LIBRARY_EVERY_NS) {
        (void)ry_library_look(&pasts->library); /* a folder that went has no battles */
        pasts->looked_ns = now_ns;
    }
    return &pasts->library;
}

const struct ry_library_battle *ry_api_battle(struct ry_api_call *call)
{
    const char *name = ry_api_part(call, "battle");
    const struct ry_library *library = ry_api_library(call);
    const struct ry_library_battle *battle = ry_library_find(library, name);
    if (battle == NULL) { /* it may be younger than the last look */
        call->pasts->looked_ns = 0;
        battle = ry_library_find(ry_api_library(call), name);
    }
    if (battle == NULL && strcmp(name, "current") == 0)
        ry_api_refuse(call->answer, RY_API_E_no_battle, NULL, "no battle has begun here");
    else if (battle == NULL)
        ry_api_refuse(call->answer, RY_API_E_no_battle, NULL, "no battle %.100s here", name);
    return battle;
}

/* ---- pasts ----------------------------------------------------------------------------------- */

/* That of the directory; else a free place, or the one that was used the longest ago. */
static struct ry_api_past *place_of(struct ry_api_pasts *pasts, const char *directory)
{
    struct ry_api_past *place = &pasts->past[0];
    for (unsigned i = 0; i < RY_API_PASTS_MAX; i++) {
        struct ry_api_past *past = &pasts->past[i];
        if (past->past != NULL && strcmp(past->directory, directory) == 0)
            return past;
        if (past->used < place->used)
            place = past;
    }
    return place;
}

/* NULL with the reason in `error`: its journal cannot be opened. */
static struct ry_api_past *open_past(struct ry_api_pasts *pasts, const char *directory,
                                     char error[RY_PAST_TEXT_BYTES])
{
    static const struct ry_past_options options = {.copies_bytes_max =
                                                       RY_API_COPIES_BYTES / RY_API_PASTS_MAX};
    struct ry_api_past *past = place_of(pasts, directory);
    const bool ours = past->past != NULL && strcmp(past->directory, directory) == 0;
    if (!ours || ry_past_replaced(past->past)) {
        close_one(past);
        if (pasts->reads == past)
            pasts->reads = NULL;
        past->past = ry_past_open(directory, &options, error, RY_PAST_TEXT_BYTES);
        if (past->past == NULL)
            return NULL;
        snprintf(past->directory, sizeof past->directory, "%s", directory);
        ry_watch_names_read(&past->names, directory);
    }
    past->used = ++pasts->uses;
    return past;
}

/* The library looks at the heads of blocks alone, and lists what a reading has found. */
static void list_damage(struct ry_api_pasts *pasts, const struct ry_api_past *past)
{
    struct ry_past_progress progress;
    ry_past_progress(past->past, &progress);
    if (progress.state == RY_PAST_DAMAGED)
        ry_library_damaged(&pasts->library, past->directory);
}

/* Up to that input and a little behind it, or to what there is; false: that is more than one
 * request may read. */
static bool read_on(struct ry_api_pasts *pasts, struct ry_api_past *past, uint64_t input)
{
    struct ry_past_progress progress;
    uint64_t left = pasts->read_inputs;
    ry_past_progress(past->past, &progress);
    while (progress.inputs < input) {
        const uint64_t step = left < STEP_INPUTS ? left : STEP_INPUTS;
        if (step == 0)
            return false;
        if (ry_past_advance(past->past, step) < step) {
            list_damage(pasts, past);
            return true;
        }
        left -= step;
        ry_past_progress(past->past, &progress);
    }
    return true;
}

/* The worker goes on with it. */
static void refuse_unread(struct ry_api_call *call, struct ry_api_past *past,
                          const struct ry_library_battle *battle)
{
    struct ry_past_progress progress;
    json_t *details = ry_text_json_whole(json_object());
    ry_past_progress(past->past, &progress);
    call->pasts->reads = past;
    ry_text_json_set(details, "inputs", ry_text_json_count(progress.inputs));
    ry_text_json_set(details, "inputs_all", ry_text_json_count(battle->inputs));
    ry_api_refuse(call->answer, RY_API_E_busy, details,
                  "the battle's past is being read: %" PRIu64 " of its %" PRIu64 " inputs so far",
                  progress.inputs, battle->inputs);
}

struct ry_api_past *ry_api_past_of(struct ry_api_call *call, const struct ry_library_battle *battle)
{
    char error[RY_PAST_TEXT_BYTES] = "";
    struct ry_api_past *past = open_past(call->pasts, battle->directory, error);
    if (past == NULL) {
        ry_api_refuse(call->answer, RY_API_E_damaged, NULL, "%s", error);
        return NULL;
    }
    if (read_on(call->pasts, past,
                ry_api_given(call, "input") ? (uint64_t)ry_api_number(call, "input") : UINT64_MAX))
        return past;
    refuse_unread(call, past, battle);
    return NULL;
}

struct ry_api_past *ry_api_past(struct ry_api_call *call)
{
    const struct ry_library_battle *battle = ry_api_battle(call);
    return battle != NULL ? ry_api_past_of(call, battle) : NULL;
}

const char *ry_api_past_state(const struct ry_api_past *past,
                              const struct ry_library_battle *battle)
{
    struct ry_past_progress progress;
    ry_past_progress(past->past, &progress);
    /* Of one that runs a block may be on its way. */
    return progress.state == RY_PAST_DAMAGED && !battle->runs ? "damaged" : battle->state;
}

void ry_api_past_refuse(struct ry_api_call *call, const struct ry_api_past *past,
                        enum ry_past_code code)
{
    const char *text = ry_past_text(past->past);
    const char *said = text[0] != 0 ? text : NULL;
    struct ry_past_progress progress;
    ry_past_progress(past->past, &progress);
    json_t *details = ry_text_json_whole(json_object());
    ry_text_json_set(details, "inputs", ry_text_json_count(progress.inputs));
    switch (code) {
    case RY_PAST_OK: break;
    case RY_PAST_EMPTY:
        ry_api_refuse(call->answer, RY_API_E_no_moment, details,
                      "the battle has no such moment: %s", text);
        return;
    case RY_PAST_NOT_YET:
    case RY_PAST_BEYOND:
        ry_api_refuse(call->answer, RY_API_E_no_moment, details,
                      "the battle has no such moment: it has the inputs 1 to %" PRIu64 " so far",
                      progress.inputs);
        return;
    case RY_PAST_TOO_WIDE:
        ry_api_refuse(call->answer, RY_API_E_too_wide, details, said != NULL ? "%s" : NULL, said);
        return;
    case RY_PAST_BAD_ASKED:
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, details, said != NULL ? "%s" : NULL,
                      said);
        return;
    case RY_PAST_BROKEN:
        ry_api_refuse(call->answer, RY_API_E_damaged, details, said != NULL ? "%s" : NULL, said);
        return;
    case RY_PAST_NO_MEMORY: break;
    }
    ry_api_refuse(call->answer, RY_API_E_failed, details, "no memory for the past of this battle");
}

bool ry_api_moment(struct ry_api_call *call, struct ry_api_past *past, struct ry_past_view *view)
{
    struct ry_past_progress progress;
    const bool by_input = ry_api_given(call, "input"), by_time = ry_api_given(call, "time_ns");
    if (by_input && by_time) {
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL,
                      "input and time_ns: one of them is enough");
        return false;
    }
    ry_past_progress(past->past, &progress);
    const enum ry_past_code code =
        by_time ? ry_past_seek_time(past->past, ry_api_number(call, "time_ns"), view)
                : ry_past_seek_input(
                      past->past,
                      by_input ? (uint64_t)ry_api_number(call, "input") : progress.inputs, view);
    if (code == RY_PAST_OK)
        return true;
    ry_api_past_refuse(call, past, code);
    return false;
}

bool ry_api_pasts_idle(struct ry_api *api)
{
    char directory[RY_API_DIRECTORY_BYTES], error[RY_PAST_TEXT_BYTES];
    struct ry_api_pasts *pasts = api->worker.pasts;
    if (pasts->reads != NULL) {
        if (ry_past_advance(pasts->reads->past, STEP_INPUTS) < STEP_INPUTS) {
            list_damage(pasts, pasts->reads);
            pasts->reads = NULL;
        }
        return true;
    }
    if (!ry_api_focused(api, directory))
        return false;
    struct ry_api_past *past = open_past(pasts, directory, error);
    if (past == NULL || ry_past_advance(past->past, STEP_INPUTS) == STEP_INPUTS)
        return past != NULL;
    list_damage(pasts, past);
    return false;
}
