/* The box: what runs on it, where, and what is wrong. Of a live moment alone. */
#include <string.h>
#include <unistd.h>

#include "shm/records/links.h"
#include "tools/picture/internal.h"
#include "tools/picture/process.h"

#define CORE_BYTES 16

static unsigned feeds_of(const struct ry_watch_processes *all)
{
    unsigned feeds = 0;
    for (unsigned i = 0; i < all->count; i++)
        feeds += ry_watch_is_feed(&all->process[i]);
    return feeds;
}

/* Of the ring that the process reads: what it has not read, each at least a slot. -1: not known. */
static int64_t fill_permille(const struct ry_watch *w, const struct ry_watch_process *process)
{
    const bool exec = strcmp(process->name, "exec") == 0;
    const unsigned feeds = feeds_of(&w->processes);
    uint64_t slots = exec ? feeds * RY_EVENTS_SLOTS : RY_INPUTS_SLOTS;
    if (process->lag_unit == NULL || process->lag_unit[0] == 0 || slots == 0)
        return -1;
    return process->lag >= slots ? 1000 : (int64_t)(process->lag * 1000 / slots);
}

static json_t *process_of(const struct ry_watch *w, const struct ry_watch_process *process)
{
    const int64_t fill = process->state == RY_WATCH_ENDED ? -1 : fill_permille(w, process);
    json_t *object = ry_text_json_whole(json_object());
    ry_picture_set_process(object, process);
    ry_text_json_set(object, "waits_for",
                     process->waits_for == NULL || process->waits_for[0] == 0
                         ? json_null()
                         : json_string(process->waits_for));
    ry_text_json_set(object, "ring_fill_permille", ry_picture_known(fill));
    return object;
}

json_t *ry_picture_processes(const struct ry_watch *w)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < w->processes.count; i++)
        ry_picture_set_named(object, w->processes.process[i].name, RY_NAME_BYTES,
                             process_of(w, &w->processes.process[i]));
    return object;
}

/* Which processes run on which core. */
static json_t *placement_of(const struct ry_watch_processes *all)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < all->count; i++) {
        const struct ry_watch_process *process = &all->process[i];
        char core[CORE_BYTES];
        if (process->core < 0 || process->state == RY_WATCH_ENDED)
            continue;
        snprintf(core, sizeof core, "%d", process->core);
        json_t *names = json_object_get(object, core);
        if (names == NULL) {
            names = ry_text_json_whole(json_array());
            ry_text_json_set(object, core, names);
        }
        ry_text_json_add(names, ry_text_json_string(process->name, sizeof process->name));
    }
    return object;
}

json_t *ry_picture_machine(const struct ry_watch *w)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "cores", ry_text_json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
    ry_text_json_set(object, "placement", placement_of(&w->processes));
    return object;
}

json_t *ry_picture_alarms(const struct ry_watch *w)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < w->alarms.count; i++) {
        const struct ry_watch_alarm *alarm = &w->alarms.alarm[i];
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(object, "severity", json_string(ry_watch_severity_name(alarm->severity)));
        ry_text_json_set(object, "text", ry_text_json_whole(json_string(alarm->text)));
        ry_text_json_add(array, object);
    }
    return array;
}
