/* How each stage of the host's settings stands, and which of them `royale tune apply` has set. */
#include <string.h>

#include "tools/proof/facts.h"
#include "tools/text/json.h"
#include "tuning/engine.h"
#include "tuning/saved.h"
#include "tuning/stage.h"

struct collected {
    json_t *stages;
};

static json_t *text_of(const char *text)
{
    return ry_text_json_string(text, strlen(text));
}

static json_t *stage_named(json_t *stages, const char *name)
{
    size_t i;
    json_t *each;
    json_array_foreach(stages, i, each) if (strcmp(json_string_value(json_object_get(each, "name")),
                                                   name) == 0) return each;
    return NULL;
}

/* A stage is as its most pressing setting; what the machine has not is less than what is set. */
static unsigned pressing(const char *state)
{
    static const enum ry_tuning_state order[] = {RY_TUNING_REPORTED, RY_TUNING_CANNOT, RY_TUNING_OK,
                                                 RY_TUNING_YOURS, RY_TUNING_MISSING};
    for (unsigned i = 0; i < sizeof order / sizeof *order; i++)
        if (strcmp(ry_tuning_state_name(order[i]), state) == 0)
            return i + 1;
    return 0;
}

static void take(void *context, const char *stage, const struct ry_tuning_setting *setting,
                 enum ry_tuning_deed deed, const char *was)
{
    struct collected *collected = context;
    json_t *to = stage_named(collected->stages, stage), *row = ry_text_json_whole(json_object());
    const char *state = ry_tuning_state_name(setting->state);
    (void)deed;
    (void)was;
    ry_text_json_set(row, "kind", json_string(ry_tuning_kind_name(setting->kind)));
    ry_text_json_set(row, "path", text_of(setting->path));
    ry_text_json_set(row, "state", json_string(state));
    ry_text_json_set(row, "now", text_of(setting->now));
    ry_text_json_set(row, "want", text_of(setting->want));
    ry_text_json_set(row, "why", text_of(setting->why));
    ry_text_json_add(json_object_get(to, "settings"), row);
    if (pressing(state) > pressing(json_string_value(json_object_get(to, "state"))))
        ry_text_json_set(to, "state", json_string(state));
}

static void put_applied(json_t *report, const struct ry_tuning_host *host)
{
    json_t *applied = ry_text_json_whole(json_array());
    struct ry_tuning_saved saved;
    if (ry_tuning_saved_read(&saved, host) == 0) {
        for (unsigned s = 0; s < ry_tuning_stages_count; s++)
            for (unsigned i = 0; i < saved.count; i++)
                if (!saved.change[i].undone && ry_tuning_saved_stands(&saved, &saved.change[i]) &&
                    strcmp(saved.change[i].stage, ry_tuning_stages[s].name) == 0) {
                    ry_text_json_add(applied, json_string(ry_tuning_stages[s].name));
                    break;
                }
        ry_tuning_saved_close(&saved);
    }
    ry_text_json_set(report, "applied", applied);
}

void ry_proof_facts_stages(json_t *report, const struct ry_tuning_host *host,
                           const struct ry_tuning_target *target)
{
    struct collected collected = {.stages = ry_text_json_whole(json_array())};
    for (unsigned i = 0; i < ry_tuning_stages_count; i++) {
        json_t *stage = ry_text_json_whole(json_object());
        ry_text_json_set(stage, "name", json_string(ry_tuning_stages[i].name));
        ry_text_json_set(stage, "title", json_string(ry_tuning_stages[i].title));
        ry_text_json_set(stage, "state", json_string(ry_tuning_state_name(RY_TUNING_REPORTED)));
        ry_text_json_set(stage, "settings", ry_text_json_whole(json_array()));
        ry_text_json_add(collected.stages, stage);
    }
    ry_tuning_check(host, target, RY_TUNING_ALL,
                    &(struct ry_tuning_told){.tell = take, .context = &collected});
    ry_text_json_set(report, "stages", collected.stages);
    put_applied(report, host);
}
