/* `royale tune --json`: royale-tune(8) lists the fields. */
#include <string.h>

#include "tools/plan/json.h"
#include "tools/text/json.h"
#include "tools/tune/told.h"

static const char *deed_word(enum ry_tuning_deed deed)
{
    switch (deed) {
    case RY_TUNING_SET: return "set";
    case RY_TUNING_RESTORED: return "restored";
    case RY_TUNING_FORGOTTEN: return "forgotten";
    case RY_TUNING_FAILED: return "failed";
    case RY_TUNING_LOOKED: break;
    }
    return "none";
}

static void set_text(json_t *object, const char *key, const char *text)
{
    ry_text_json_set(object, key, ry_text_json_string(text, RY_TUNING_VALUE_BYTES));
}

static json_t *setting_of(const struct ry_tune_line *line)
{
    json_t *object = ry_text_json_whole(json_object());
    set_text(object, "kind", ry_tuning_kind_name(line->setting.kind));
    set_text(object, "form", ry_tuning_form_name(line->setting.form));
    set_text(object, "path", line->setting.path);
    set_text(object, "state", ry_tuning_state_name(line->setting.state));
    set_text(object, "deed", deed_word(line->deed));
    set_text(object, "was", line->was);
    set_text(object, "now", line->setting.now);
    set_text(object, "want", line->setting.want);
    set_text(object, "why", line->setting.why);
    ry_text_json_set(object, "gone_with_boot", json_boolean(line->setting.gone_with_boot));
    return object;
}

static json_t *stages_of(const struct ry_tune_told *told)
{
    json_t *stages = ry_text_json_whole(json_array());
    struct ry_tune_sum sum;
    for (unsigned next = 0, from = 0; ry_tune_sum(told, &next, &sum); from = next) {
        json_t *stage = ry_text_json_whole(json_object());
        json_t *settings = ry_text_json_whole(json_array());
        for (unsigned i = from; i < next; i++)
            ry_text_json_add(settings, setting_of(&told->line[i]));
        set_text(stage, "name", sum.stage);
        set_text(stage, "title", sum.title);
        set_text(stage, "state", ry_tuning_state_name(sum.state));
        ry_text_json_set(stage, "settings", settings);
        ry_text_json_add(stages, stage);
    }
    return stages;
}

void ry_tune_json(FILE *out, const struct ry_tune_asked *asked, const struct ry_tune_told *told,
                  const struct ry_tune_told *changes)
{
    json_t *object = ry_text_json_whole(json_object());
    char hot[RY_TUNING_CPUS_TEXT_BYTES];
    const struct ry_tuning_target *target = asked->target;
    set_text(object, "command", ry_tune_word(asked->command));
    ry_text_json_set(object, "battle",
                     target == NULL || target->battle[0] == 0
                         ? json_null()
                         : ry_text_json_string(target->battle, sizeof target->battle));
    ry_text_json_set(object, "hot",
                     target == NULL ? json_null()
                                    : json_string(ry_tuning_cpus_list(&target->hot, hot)));
    ry_text_json_set(object, "machine",
                     target == NULL ? json_null() : ry_plan_json_machine(&target->machine));
    ry_text_json_set(object, "stages", stages_of(told));
    ry_text_json_set(object, "changes", stages_of(changes));
    ry_text_json_set(object, "missing",
                     ry_text_json_count(ry_tune_count_state(told, RY_TUNING_MISSING) +
                                        ry_tune_count_state(changes, RY_TUNING_MISSING)));
    ry_text_json_set(object, "yours",
                     ry_text_json_count(ry_tune_count_state(told, RY_TUNING_YOURS)));
    ry_text_json_set(object, "cannot",
                     ry_text_json_count(ry_tune_count_state(told, RY_TUNING_CANNOT)));
    ry_text_json_set(object, "set", ry_text_json_count(ry_tune_count_deed(told, RY_TUNING_SET)));
    ry_text_json_set(object, "failed",
                     ry_text_json_count(ry_tune_count_deed(told, RY_TUNING_FAILED) +
                                        ry_tune_count_deed(changes, RY_TUNING_FAILED)));
    (void)ry_text_json_line(out, object);
}
