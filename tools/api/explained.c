#include "tools/api/explained.h"

#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"
#include "tools/text/json.h"

#define ROOM_FIRST  1024u
#define TEXTS_FIRST (256u << 10)
#define PART        20 /* of the time, at most, goes into making them again */

static void *grown(void *memory, size_t bytes)
{
    void *more = realloc(memory, bytes);
    if (more == NULL)
        (void)ry_text_json_whole(NULL);
    return more;
}

static size_t keep_text(struct ry_api_explained *e, const char *text)
{
    const size_t at = e->bytes, bytes = strlen(text) + 1;
    if (e->bytes + bytes > e->texts_room) {
        e->texts_room = e->texts_room == 0 ? TEXTS_FIRST : 2 * e->texts_room;
        e->texts = grown(e->texts, e->texts_room);
    }
    memcpy(e->texts + at, text, bytes);
    e->bytes += bytes;
    return at;
}

static bool keep(void *context, const struct ry_results *r, const struct ry_explain_record *record)
{
    struct ry_api_explained *e = context;
    char sentence[RY_EXPLAIN_SENTENCE_BYTES];
    const struct ry_explain_field *agent = ry_explain_field(record, "agent");
    if (e->count == RY_API_EXPLAINED_MAX) {
        e->whole = false;
        return false;
    }
    if (e->count == e->room) {
        e->room = e->room == 0 ? ROOM_FIRST : 2 * e->room;
        e->one = grown(e->one, e->room * sizeof *e->one);
    }
    for (; e->agents < r->agents; e->agents++)
        memcpy(e->name[e->agents], r->agent[e->agents].name, RY_NAME_BYTES);
    e->one[e->count++] = (struct ry_api_explanation){
        .at = {.input = record->input, .n = (uint32_t)record->n},
        .time = r->time,
        .kind = record->kind,
        .agent = agent != NULL ? (uint16_t)agent->value : RY_RESULTS_NONE,
        .text = keep_text(e, ry_explain_template(sentence, record))};
    return true;
}

static bool is_new_enough(const struct ry_api_explained *e, const struct ry_library_battle *battle,
                          int64_t now_ns)
{
    if (e->inputs == 0 || memcmp(&e->battle_id, &battle->file.battle_id, sizeof e->battle_id) != 0)
        return false;
    return e->inputs == battle->inputs || now_ns - e->made_ns < PART * e->took_ns;
}

int ry_api_explained_look(struct ry_api_explained *e, const struct ry_library_battle *battle,
                          char *error)
{
    const int64_t begin_ns = ry_clock_ns();
    if (is_new_enough(e, battle, begin_ns))
        return 0;
    e->count = e->bytes = 0;
    e->agents = 0;
    e->whole = true;
    e->inputs = 0;
    if (ry_why_records(battle->directory, NULL, keep, e, error) != 0)
        return -1;
    e->battle_id = battle->file.battle_id;
    e->inputs = battle->inputs;
    e->made_ns = ry_clock_ns();
    e->took_ns = e->made_ns - begin_ns;
    return 0;
}

void ry_api_explained_close(struct ry_api_explained *e)
{
    free(e->one);
    free(e->texts);
    *e = (struct ry_api_explained){.count = 0};
}
