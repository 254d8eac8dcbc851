/* The picture of a moment, whole and in parts. */
#include <stdlib.h>
#include <string.h>

#include "tools/api/pasts.h"
#include "tools/picture/picture.h"

/* A new reference; NULL: answered. Of now, and of the battle in focus: what the stream shows. */
static json_t *picture_of(struct ry_api_call *call)
{
    const struct ry_library_battle *battle = ry_api_battle(call);
    struct ry_past_view view;
    if (battle == NULL)
        return NULL;
    if (!ry_api_given(call, "input") && !ry_api_given(call, "time_ns")) {
        json_t *shown = ry_api_shown(call->api, battle->directory);
        if (shown != NULL)
            return shown;
    }
    struct ry_api_past *past = ry_api_past_of(call, battle);
    if (past == NULL || !ry_api_moment(call, past, &view))
        return NULL;
    const struct ry_picture_of of = {.results = view.results,
                                     .arena = view.arena,
                                     .names = &past->names,
                                     .folder = battle->folder,
                                     .state = ry_api_past_state(past, battle),
                                     .input = view.input,
                                     .speed_permille = -1};
    return ry_picture_make(&of);
}

void ry_api_do_state(struct ry_api_call *call)
{
    json_t *picture = picture_of(call);
    if (picture != NULL)
        ry_api_json(call, 200, picture);
}

/* ---- its agents ------------------------------------------------------------------------------ */

static int by_id(const void *x, const void *y)
{
    json_t *const *a = x, *const *b = y;
    return (int)(json_integer_value(json_object_get(*a, "id")) -
                 json_integer_value(json_object_get(*b, "id")));
}

static int by_rank(const void *x, const void *y)
{
    json_t *const *a = x, *const *b = y;
    return (int)(json_integer_value(json_object_get(*a, "rank")) -
                 json_integer_value(json_object_get(*b, "rank")));
}

/* An object of its own, its name first; `only`, ended by NULL: these members alone. */
static json_t *named(const char *name, json_t *agent, const char *const *only)
{
    const char *key;
    json_t *value, *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "name", json_string(name));
    if (only == NULL) {
        json_object_foreach(agent, key, value) ry_text_json_set(object, key, json_incref(value));
        return object;
    }
    for (; *only != NULL; only++)
        ry_text_json_set(object, *only, json_incref(json_object_get(agent, *only)));
    return object;
}

static json_t *agents_of(json_t *picture, int (*order)(const void *, const void *),
                         const char *const *only)
{
    json_t *agents = json_object_get(picture, "agents"), *agent,
           *array = ry_text_json_whole(json_array()), *sorted[RY_AGENTS_MAX];
    const char *names[RY_AGENTS_MAX], *name;
    size_t count = 0;
    json_object_foreach(agents, name, agent)
    {
        if (count < RY_AGENTS_MAX)
            sorted[count++] = agent;
    }
    qsort(sorted, count, sizeof sorted[0], order);
    for (size_t i = 0; i < count; i++) {
        json_object_foreach(agents, name, agent) if (agent == sorted[i]) names[i] = name;
        ry_text_json_add(array, named(names[i], sorted[i], only));
    }
    return array;
}

/* What is said of the moment itself. */
static json_t *moment_of(json_t *picture)
{
    static const char *const members[] = {"battle_id", "input", "time_ns", "time", "round"};
    json_t *battle = json_object_get(picture, "battle");
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(battle, members[i]);
        ry_text_json_set(object, members[i], value != NULL ? json_incref(value) : json_null());
    }
    return object;
}

void ry_api_do_agents(struct ry_api_call *call)
{
    json_t *picture = picture_of(call);
    if (picture == NULL)
        return;
    json_t *object = moment_of(picture);
    ry_text_json_set(object, "agents", agents_of(picture, by_id, NULL));
    json_decref(picture);
    ry_api_json(call, 200, object);
}

void ry_api_do_leaderboard(struct ry_api_call *call)
{
    static const char *const only[] = {
        "rank",    "earned",      "round_gain", "gain", "equity",    "drawdown", "fills",
        "rejects", "reject_most", "goes_next",  "out",  "out_round", "strategy", NULL};
    json_t *picture = picture_of(call);
    if (picture == NULL)
        return;
    json_t *object = moment_of(picture);
    ry_text_json_set(object, "said", json_incref(json_object_get(picture, "said")));
    ry_text_json_set(object, "agents", agents_of(picture, by_rank, only));
    json_decref(picture);
    ry_api_json(call, 200, object);
}
