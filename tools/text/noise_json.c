#include "tools/text/noise_json.h"

#include "tools/text/json.h"

#define SET(object, key, value) ry_text_json_set(object, key, value)

static json_t *object(void)
{
    return ry_text_json_whole(json_object());
}

static json_t *list(void)
{
    return ry_text_json_whole(json_array());
}

static json_t *known(bool is_known, uint64_t count)
{
    return is_known ? ry_text_json_count(count) : json_null();
}

static json_t *rows_of(const struct ry_tuning_noise_rows *rows)
{
    json_t *array = list();
    for (unsigned i = 0; i < rows->count; i++) {
        const struct ry_tuning_noise_row *from = &rows->row[i];
        json_t *row = object();
        SET(row, "id", ry_text_json_string(from->id, sizeof from->id));
        SET(row, "name", ry_text_json_string(from->name, sizeof from->name));
        SET(row, "count", ry_text_json_count(from->times));
        ry_text_json_add(array, row);
    }
    return array;
}

static json_t *threads_of(const struct ry_tuning_noise_core *core)
{
    json_t *array = list();
    for (unsigned i = 0; i < core->threads; i++) {
        const struct ry_tuning_noise_thread *thread = &core->thread[i];
        json_t *row = object();
        SET(row, "name", ry_text_json_string(thread->name, sizeof thread->name));
        SET(row, "pid", ry_text_json_integer(thread->pid));
        SET(row, "kernel", json_boolean(thread->kernel));
        SET(row, "bound", json_boolean(thread->bound));
        SET(row, "moved", json_boolean(thread->moved));
        SET(row, "switches", ry_text_json_count(thread->switches));
        SET(row, "ran_ms", ry_text_json_count(thread->ran_ms));
        ry_text_json_add(array, row);
    }
    return array;
}

static json_t *processes_of(const struct ry_tuning_noise *noise, unsigned core)
{
    json_t *array = list();
    for (unsigned i = 0; i < noise->processes; i++) {
        const struct ry_tuning_noise_switches *switches = &noise->process[i];
        if (switches->process.core != (int)core)
            continue;
        json_t *row = object();
        SET(row, "name",
            ry_text_json_string(switches->process.name, sizeof switches->process.name));
        SET(row, "switches", known(switches->known, switches->given_up + switches->forced));
        SET(row, "forced", known(switches->known, switches->forced));
        ry_text_json_add(array, row);
    }
    return array;
}

static json_t *core_of(const struct ry_tuning_noise *noise, const struct ry_tuning_noise_core *core)
{
    json_t *row = object();
    SET(row, "cpu", ry_text_json_integer(core->core));
    SET(row, "online", json_boolean(core->online));
    SET(row, "processes", processes_of(noise, core->core));
    SET(row, "interrupts", known(core->interrupts.known, core->interrupts.times));
    SET(row, "interrupts_by", rows_of(&core->interrupts));
    SET(row, "interrupts_more", ry_text_json_integer(core->interrupts.more));
    SET(row, "softirqs", known(core->softirqs.known, core->softirqs.times));
    SET(row, "softirqs_by", rows_of(&core->softirqs));
    SET(row, "arrivals", known(core->arrivals_known, core->arrivals));
    SET(row, "stolen_ms", known(core->stolen_known, core->stolen_ms));
    SET(row, "threads", core->threads_known ? threads_of(core) : json_null());
    SET(row, "threads_more", ry_text_json_integer(core->threads_more));
    return row;
}

json_t *ry_text_noise_json(const struct ry_tuning_noise *noise)
{
    json_t *whole = object(), *cores = list();
    SET(whole, "lasted_ns", ry_text_json_i64(noise->time_ns));
    SET(whole, "why",
        noise->why[0] == '\0' ? json_null() : ry_text_json_string(noise->why, sizeof noise->why));
    for (unsigned i = 0; i < noise->cores; i++)
        ry_text_json_add(cores, core_of(noise, &noise->core[i]));
    SET(whole, "cores", cores);
    return whole;
}
