#include "tools/picture/picture.h"

#include <limits.h>

#include "tools/picture/internal.h"
#include "tools/picture/said.h"
#include "tools/text/row_value.h"

void ry_picture_set_named(json_t *object, const char *name, size_t max, json_t *value)
{
    json_t *key = ry_text_json_string(name, max);
    ry_text_json_set(object, json_string_value(key), value);
    json_decref(key);
}

/* How many rounds there will be at most; null: the end is not known. */
static json_t *rounds_of(const struct ry_input_battle *battle)
{
    if (battle->round_ns <= 0 || battle->trade_to == RY_TIME_NEVER)
        return json_null();
    const __int128 span = (__int128)battle->trade_to - battle->trade_from;
    return ry_text_json_integer((int64_t)((span + battle->round_ns - 1) / battle->round_ns));
}

static json_t *known(int64_t value)
{
    return value < 0 ? json_null() : ry_text_json_integer(value);
}

static json_t *lasting(int64_t ns)
{
    return ns < 0 ? json_null() : ry_text_json_i64(ns);
}

static json_t *agent_or_null(const struct ry_results *r, uint16_t agent)
{
    return agent == RY_RESULTS_NONE
               ? json_null()
               : ry_text_json_string(r->agent[agent].name, sizeof r->agent[agent].name);
}

static void set_round(json_t *object, const struct ry_picture_of *of,
                      const struct ry_results_board *board)
{
    const struct ry_results *r = of->results;
    ry_text_json_set(object, "permille", known(board->permille));
    ry_text_json_set(object, "round", ry_text_json_count(board->round));
    ry_text_json_set(object, "rounds", rounds_of(&r->battle));
    ry_text_json_set(object, "round_left_ns", lasting(board->left_ns));
    ry_text_json_set(object, "round_ns", ry_text_json_i64(r->battle.round_ns));
    ry_text_json_set(object, "min_fills", ry_text_json_count(r->battle.min_fills));
    ry_text_json_set(object, "winner", agent_or_null(r, ry_results_winner(r, of->arena)));
    ry_text_json_set(object, "earned_most", agent_or_null(r, ry_results_earned_most(r)));
}

static json_t *battle_of(const struct ry_picture_of *of, const struct ry_results_board *board)
{
    const struct ry_results *r = of->results;
    char id[RY_TEXT_ID_BYTES];
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "name", ry_text_json_string(r->battle.name, sizeof r->battle.name));
    ry_text_json_set(object, "folder",
                     of->folder == NULL || of->folder[0] == 0
                         ? json_null()
                         : ry_text_json_string(of->folder, NAME_MAX + 1));
    ry_text_json_set(object, "battle_id", json_string(ry_text_row_id(id, &r->battle_id)));
    ry_text_json_set(object, "state", json_string(of->state));
    ry_text_json_set(object, "zone", json_string(of->names->zone));
    ry_text_json_set(object, "input", ry_text_json_count(of->input));
    ry_text_json_set(object, "isolation",
                     json_string(ry_code_name(RY_CODES_ISOLATION, r->isolated)));
    ry_text_json_set(object, "speed_permille", known(of->speed_permille));
    if (of->arena == NULL)
        return object;
    ry_text_json_set_time(object, "time", r->time);
    ry_text_json_set_time(object, "trade_from", r->battle.trade_from);
    ry_text_json_set_time(object, "trade_to", r->battle.trade_to);
    ry_text_json_set(object, "stamp",
                     board->stamp[0] == 0 ? json_null()
                                          : ry_text_json_string(board->stamp, sizeof board->stamp));
    set_round(object, of, board);
    return object;
}

static json_t *sentence(const struct ry_picture_said *said)
{
    return ry_text_json_whole(json_string(said->text));
}

static json_t *said_of(const struct ry_picture_of *of, const struct ry_results_board *board)
{
    const struct ry_results *r = of->results;
    json_t *object = ry_text_json_whole(json_object());
    struct ry_picture_said leads = {.cells = 0}, last = {.cells = 0}, earned = {.cells = 0},
                           box = {.cells = 0};
    if (board->count > 0) {
        ry_picture_say_leads(&leads, r, board);
        ry_text_json_set(object, "leads", sentence(&leads));
        if (!board->ended)
            ry_picture_say_next_out(&last, r, board, of->arena);
        else
            ry_picture_say_earned(&earned, r, board);
    }
    ry_text_json_set(object, "next_out", last.bytes > 0 ? sentence(&last) : json_null());
    ry_text_json_set(object, "earned", earned.bytes > 0 ? sentence(&earned) : json_null());
    if (of->watch != NULL)
        ry_picture_say_box(&box, of->watch, board->ended);
    ry_text_json_set(object, "box", box.bytes > 0 ? sentence(&box) : json_null());
    return object;
}

json_t *ry_picture_make(const struct ry_picture_of *of)
{
    struct ry_results_board board = {.permille = -1, .left_ns = -1};
    unsigned more = 0;
    const bool begun = of->arena != NULL && of->results->agent != NULL;
    if (begun)
        ry_results_board_make(&board, of->results, of->arena);
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "battle", battle_of(of, &board));
    ry_text_json_set(object, "said", said_of(of, &board));
    ry_text_json_set(object, "agents",
                     begun ? ry_picture_agents(of, &board) : ry_text_json_whole(json_object()));
    ry_text_json_set(object, "instruments",
                     begun ? ry_picture_instruments(of, &more) : ry_text_json_whole(json_object()));
    ry_text_json_set(object, "instruments_more", ry_text_json_count(more));
    if (of->watch == NULL)
        return object;
    ry_text_json_set(object, "processes", ry_picture_processes(of->watch));
    ry_text_json_set(object, "machine", ry_picture_machine(of->watch));
    ry_text_json_set(object, "alarms", ry_picture_alarms(of->watch));
    ry_text_json_set(object, "alarms_more", ry_text_json_count(of->watch->alarms.more));
    return object;
}
