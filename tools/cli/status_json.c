/* `royale status --json`: docs/WATCHING.md lists the fields. */
#include <inttypes.h>
#include <string.h>

#include "tools/cli/status.h"
#include "tools/picture/process.h"
#include "tools/text/json.h"
#include "tools/text/row_value.h"

static json_t *agent_of(const struct ry_results_board_row *row)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "rank", ry_text_json_count(row->rank));
    ry_text_json_set(object, "name", ry_text_json_string(row->name, sizeof row->name));
    ry_text_json_set(object, "round_gain", ry_text_json_money(row->score));
    ry_text_json_set(object, "gain", ry_text_json_money(row->profit));
    ry_text_json_set(object, "drawdown", ry_text_json_money(row->drawdown));
    ry_text_json_set(object, "fills", ry_text_json_count(row->fills));
    ry_text_json_set(object, "rejects", ry_text_json_count(row->rejects));
    ry_text_json_set(object, "reject_most",
                     row->reject_most == RY_REJECT_NONE
                         ? json_null()
                         : json_string(ry_code_name(RY_CODES_REJECT, row->reject_most)));
    ry_text_json_set(object, "positions", ry_text_json_count(row->positions));
    ry_text_json_set(object, "goes_next", json_boolean(row->goes_next));
    ry_text_json_set(object, "out",
                     row->out == RY_OUT_NONE ? json_null()
                                             : json_string(ry_code_name(RY_CODES_OUT, row->out)));
    ry_text_json_set(object, "out_round",
                     row->out == RY_OUT_NONE ? json_null() : ry_text_json_count(row->out_round));
    return object;
}

static json_t *counters_of(const struct ry_watch_process *process)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < process->counters && i < process->description->count; i++) {
        const struct ry_counter counter = ry_counters_described(process->description, i);
        char hash[17];
        snprintf(hash, sizeof hash, "%016" PRIx64, process->value[i]);
        if (process->value[i] != 0)
            ry_text_json_set(object, counter.name,
                             counter.kind == RY_COUNTER_KIND_HASH
                                 ? json_string(hash)
                                 : ry_text_json_count(process->value[i]));
    }
    return object;
}

static json_t *process_of(const struct ry_watch_process *process)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "name", ry_text_json_string(process->name, sizeof process->name));
    ry_picture_set_process(object, process);
    ry_text_json_set(object, "counters", counters_of(process));
    return object;
}

static json_t *alarms_of(const struct ry_watch_alarms *alarms)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < alarms->count; i++) {
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(object, "severity",
                         json_string(ry_watch_severity_name(alarms->alarm[i].severity)));
        ry_text_json_set(object, "text", json_string(alarms->alarm[i].text));
        ry_text_json_add(array, object);
    }
    return array;
}

static json_t *processes_of(const struct ry_watch_processes *processes)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < processes->count; i++)
        ry_text_json_add(array, process_of(&processes->process[i]));
    return array;
}

static json_t *agents_of(const struct ry_results_board *board)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < board->count; i++)
        ry_text_json_add(array, agent_of(&board->row[i]));
    return array;
}

void ry_cli_status_json(FILE *out, const struct ry_cli_status *status)
{
    const struct ry_watch *w = &status->watch;
    const struct ry_results_board *board = &status->board;
    char id[RY_TEXT_ID_BYTES];
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "format", ry_text_json_count(RY_CLI_STATUS_FORMAT));
    ry_text_json_set(object, "battle", ry_text_json_string(board->name, sizeof board->name));
    ry_text_json_set(object, "battle_id", json_string(ry_text_row_id(id, &w->results.battle_id)));
    ry_text_json_set(object, "state", json_string(status->state));
    ry_text_json_set(object, "inputs", ry_text_json_count(w->follow.inputs));
    ry_text_json_set_time(object, "time", board->time);
    ry_text_json_set(object, "zone", json_string(w->names.zone));
    ry_text_json_set(object, "permille", ry_picture_known(board->permille));
    ry_text_json_set(object, "round", ry_text_json_count(board->round));
    ry_text_json_set(object, "round_left_ns",
                     board->left_ns < 0 ? json_null() : ry_text_json_i64(board->left_ns));
    ry_text_json_set(object, "stamp",
                     board->stamp[0] == 0 ? json_null()
                                          : ry_text_json_string(board->stamp, sizeof board->stamp));
    ry_text_json_set(object, "agents", agents_of(board));
    ry_text_json_set(object, "processes", processes_of(&w->processes));
    ry_text_json_set(object, "alarms", alarms_of(&w->alarms));
    ry_text_json_set(object, "alarms_more", ry_text_json_count(w->alarms.more));
    (void)json_dumpf(object, out, JSON_INDENT(2) | JSON_ENSURE_ASCII); /* ry_text_written sees */
    fputc('\n', out);
    json_decref(object);
}
