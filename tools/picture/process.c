#include "tools/picture/process.h"

json_t *ry_picture_known(int64_t value)
{
    return value < 0 ? json_null() : ry_text_json_integer(value);
}

void ry_picture_set_process(json_t *object, const struct ry_watch_process *process)
{
    ry_text_json_set(object, "own",
                     process->own[0] == 0 ? json_null()
                                          : ry_text_json_string(process->own, sizeof process->own));
    ry_text_json_set(object, "state", json_string(ry_watch_state_name(process->state)));
    ry_text_json_set(object, "core", ry_picture_known(process->core));
    ry_text_json_set(object, "heartbeat_age_ns",
                     process->beat_age_ns < 0 ? json_null()
                                              : ry_text_json_i64(process->beat_age_ns));
    ry_text_json_set(object, "busy_permille", ry_picture_known(process->busy_permille));
    ry_text_json_set(object, "rate", ry_text_json_count(process->rate));
    ry_text_json_set(object, "rate_unit",
                     json_string(process->rate_unit != NULL ? process->rate_unit : ""));
    ry_text_json_set(object, "lag", ry_text_json_count(process->lag));
    ry_text_json_set(object, "lag_unit",
                     json_string(process->lag_unit != NULL ? process->lag_unit : ""));
    ry_text_json_set(object, "lost", ry_text_json_count(process->lost));
}
