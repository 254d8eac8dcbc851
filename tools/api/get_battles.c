/* The battles of the library, and one of them. */
#include <stdio.h>
#include <string.h>

#include "tools/api/pasts.h"

#define PATH_BYTES 512

void ry_api_do_battles(struct ry_api_call *call)
{
    const struct ry_library *library = ry_api_library(call);
    const struct ry_library_battle *focus = ry_library_focus(library);
    json_t *object = ry_text_json_whole(json_object()), *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < library->count; i++) {
        json_t *battle = ry_library_json(&library->battle[i]);
        ry_text_json_set(battle, "focus", json_boolean(&library->battle[i] == focus));
        ry_text_json_add(array, battle);
    }
    ry_text_json_set(object, "battles", array);
    ry_text_json_set(object, "battles_more", ry_text_json_count(library->more));
    ry_api_json(call, 200, object);
}

/* ---- one ------------------------------------------------------------------------------------- */

static json_t *instruments_of(const struct ry_results *r)
{
    json_t *array = ry_text_json_whole(json_array());
    for (uint16_t i = 0; i < r->instruments; i++)
        ry_text_json_add(array, ry_text_json_string(r->instrument[i].symbol, RY_SYMBOL_BYTES));
    return array;
}

static json_t *agents_of(const struct ry_results *r)
{
    json_t *array = ry_text_json_whole(json_array());
    for (uint16_t i = 0; i < r->agents; i++)
        ry_text_json_add(array, ry_text_json_string(r->agent[i].name, RY_NAME_BYTES));
    return array;
}

static json_t *settings_of(const struct ry_results *r)
{
    const struct ry_input_battle *battle = &r->battle;
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "seed", ry_text_json_u64(battle->seed));
    ry_text_json_set_time(object, "warmup_from", battle->warmup_from);
    ry_text_json_set_time(object, "trade_from", battle->trade_from);
    ry_text_json_set_time(object, "trade_to", battle->trade_to);
    ry_text_json_set(object, "round_ns", ry_text_json_i64(battle->round_ns));
    ry_text_json_set(object, "min_fills", ry_text_json_count(battle->min_fills));
    ry_text_json_set(object, "fee_maker_ppm", ry_text_json_integer(battle->fee_maker_ppm));
    ry_text_json_set(object, "fee_taker_ppm", ry_text_json_integer(battle->fee_taker_ppm));
    ry_text_json_set(object, "haircut_ppm", ry_text_json_count(battle->haircut_ppm));
    ry_text_json_set(object, "haircut_ticks", ry_text_json_count(battle->haircut_ticks));
    ry_text_json_set(object, "instruments", instruments_of(r));
    ry_text_json_set(object, "agents", agents_of(r));
    return object;
}

/* Every GET of one battle that names nothing else of it. */
static json_t *links_of(const char *folder)
{
    static const char battle[] = "/v1/battles/{battle}";
    const struct ry_api_route *route;
    const unsigned count = ry_api_routes(&route);
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < count; i++) {
        char path[PATH_BYTES];
        const size_t length = sizeof battle - 1;
        const char *rest = route[i].path + length;
        if (strcmp(route[i].method, "GET") != 0 || strncmp(route[i].path, battle, length) != 0 ||
            rest[0] != '/' || strchr(rest, '{') != NULL)
            continue;
        snprintf(path, sizeof path, "/v1/battles/%s%s", folder, rest);
        ry_text_json_set(object, rest + 1, ry_text_json_string(path, sizeof path));
    }
    return object;
}

void ry_api_do_battle(struct ry_api_call *call)
{
    const struct ry_library_battle *battle = ry_api_battle(call);
    if (battle == NULL)
        return;
    json_t *object = ry_library_json(battle), *links = links_of(battle->folder);
    struct ry_api_past *past = ry_api_past_of(call, battle);
    const struct ry_results *r = past != NULL ? ry_past_results(past->past) : NULL;
    if (past == NULL) {
        json_decref(object);
        json_decref(links);
        return;
    }
    struct ry_past_progress progress;
    ry_past_progress(past->past, &progress);
    ry_text_json_set(object, "state", json_string(ry_api_past_state(past, battle)));
    ry_text_json_set(object, "inputs", ry_text_json_count(progress.inputs));
    if (progress.inputs > 0)
        ry_text_json_set_time(object, "time", progress.time);
    ry_text_json_set(object, "zone", json_string(past->names.zone));
    ry_text_json_set(object, "trouble",
                     progress.state == RY_PAST_DAMAGED
                         ? ry_text_json_string(ry_past_text(past->past), RY_PAST_TEXT_BYTES)
                         : json_null());
    ry_text_json_set(object, "settings",
                     r != NULL && r->agent != NULL ? settings_of(r) : json_null());
    ry_text_json_set(object, "links", links);
    ry_api_json(call, 200, object);
}

/* The stream is the server's own. Here comes who asks for it of a battle that is not in focus. */
void ry_api_do_stream(struct ry_api_call *call)
{
    ry_api_refuse(call->answer, RY_API_E_not_followed, NULL,
                  "%.100s is not the battle in focus, which alone has a stream",
                  ry_api_part(call, "battle"));
}
