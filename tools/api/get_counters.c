/* What the processes of a battle and its machine have counted. */
#include <inttypes.h>
#include <stdlib.h>

#include "shm/clock.h"
#include "tools/api/pasts.h"
#include "tools/text/machine_counters.h"
#include "tools/watch/watch.h"

#define HASH_BYTES 17

static json_t *process_of(const struct ry_watch_process *process)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < process->counters && i < process->description->count; i++) {
        const struct ry_counter counter = ry_counters_described(process->description, i);
        char hash[HASH_BYTES];
        snprintf(hash, sizeof hash, "%016" PRIx64, process->value[i]);
        ry_text_json_set(object, counter.name,
                         counter.kind == RY_COUNTER_KIND_HASH
                             ? json_string(hash)
                             : ry_text_json_count(process->value[i]));
    }
    return object;
}

/* Of one that runs from its watch regions, of one that is over from what its folder kept. */
static json_t *processes_of(const char *directory)
{
    char error[RY_WATCH_ERROR_BYTES], why[RY_ROLE_DOOR_WHY_BYTES];
    json_t *object = ry_text_json_whole(json_object());
    struct ry_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        (void)ry_text_json_whole(NULL);
    if (ry_watch_open(watch, directory, false, error, sizeof error) == 0) {
        (void)ry_watch_enter(watch, why);
        ry_watch_look(watch, ry_clock_ns());
        for (unsigned i = 0; i < watch->processes.count; i++) {
            const struct ry_watch_process *process = &watch->processes.process[i];
            json_t *name = ry_text_json_string(process->name, sizeof process->name);
            ry_text_json_set(object, json_string_value(name), process_of(process));
            json_decref(name);
        }
        ry_watch_close(watch);
    }
    free(watch);
    return object;
}

void ry_api_do_counters(struct ry_api_call *call)
{
    struct ry_past_view view;
    struct ry_past_progress progress;
    const struct ry_library_battle *battle = ry_api_battle(call);
    struct ry_api_past *past = battle != NULL ? ry_api_past_of(call, battle) : NULL;
    if (past == NULL)
        return;
    ry_past_progress(past->past, &progress);
    const enum ry_past_code code = ry_past_seek_input(past->past, progress.inputs, &view);
    if (code != RY_PAST_OK) {
        ry_api_past_refuse(call, past, code);
        return;
    }
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "input", ry_text_json_count(view.input));
    ry_text_json_set(object, "machine", ry_text_machine_counters_json(view.arena, true));
    ry_text_json_set(object, "processes", processes_of(battle->directory));
    ry_api_json(call, 200, object);
}
