#include "tools/queue/record.h"

#include <stdio.h>
#include <string.h>

#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/whole.h"

#define FORMAT 1

json_t *ry_queue_record_read(const struct ry_queue *queue)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/" RY_QUEUE_RECORD, queue->state);
    json_t *record = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    if (json_integer_value(json_object_get(record, "format")) == FORMAT &&
        json_is_array(json_object_get(record, "battles")) &&
        json_is_string(json_object_get(record, "state")))
        return record;
    json_decref(record);
    return NULL;
}

static int keep(const struct ry_queue *queue, const json_t *record)
{
    struct ry_text_whole whole;
    if (ry_text_whole_open(&whole, queue->state, RY_QUEUE_RECORD, 0) == 0) {
        (void)json_dumpf(record, whole.file, JSON_INDENT(2) | JSON_ENSURE_ASCII);
        fputc('\n', whole.file);
        if (ry_text_whole_keep(&whole) == 0)
            return RY_EXIT_OK;
    }
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s", whole.error);
}

static bool is_left(const json_t *record)
{
    const char *state = json_string_value(json_object_get(record, "state"));
    return state != NULL && strcmp(state, "complete") != 0;
}

json_t *ry_queue_record_begin(const struct ry_queue *queue, bool anew, bool unit)
{
    json_t *record = anew ? NULL : ry_queue_record_read(queue);
    if (!is_left(record)) {
        json_decref(record);
        record = ry_text_json_whole(json_object());
        ry_text_json_set(record, "format", json_integer(FORMAT));
        ry_text_json_set_time(record, "began", ry_clock_wall_ns());
        ry_text_json_set(record, "battles", json_array());
    }
    ry_text_json_set(record, "state", json_string("running"));
    ry_text_json_set(record, "unit", json_boolean(unit));
    ry_text_json_set(record, "running", json_null());
    return record;
}

bool ry_queue_record_has(const json_t *record, const char *battle)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(record, "battles"), i, one)
    {
        const char *name = json_string_value(json_object_get(one, "battle"));
        if (name != NULL && strcmp(name, battle) == 0)
            return true;
    }
    return false;
}

int ry_queue_record_running(const struct ry_queue *queue, json_t *record, const char *battle,
                            int64_t now_ns)
{
    ry_text_json_set(record, "running", json_string(battle));
    ry_text_json_set_time(record, "since", now_ns);
    return keep(queue, record);
}

int ry_queue_record_ended(const struct ry_queue *queue, json_t *record, const char *battle,
                          const struct ry_queue_outcome *outcome)
{
    json_t *one = ry_text_json_whole(json_object());
    ry_text_json_set(one, "battle", json_string(battle));
    ry_text_json_set(one, "outcome", json_string(outcome->failed ? "failed" : "ok"));
    ry_text_json_set(one, "exit_code",
                     outcome->exit_code >= 0 ? json_integer(outcome->exit_code) : json_null());
    ry_text_json_set(one, "why",
                     outcome->why[0] != '\0'
                         ? ry_text_json_string(outcome->why, sizeof outcome->why)
                         : json_null());
    ry_text_json_set_time(one, "began", outcome->began_ns);
    ry_text_json_set_time(one, "ended", outcome->ended_ns);
    ry_text_json_add(json_object_get(record, "battles"), one);
    ry_text_json_set(record, "running", json_null());
    return keep(queue, record);
}

int ry_queue_record_state(const struct ry_queue *queue, json_t *record, const char *state)
{
    ry_text_json_set(record, "state", json_string(state));
    return keep(queue, record);
}
