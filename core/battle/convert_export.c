/* The export of a battle's rows. */
#include <string.h>

#include "core/battle/convert.h"

/* What is wrong with a key that is not of that sink. */
static void refuse_others(struct ry_battle_reader *reader,
                          const struct ry_battle_sections *sections, enum ry_battle_sink sink)
{
    static const enum ry_battle_key_id of_jsonl[] = {
        RY_BATTLE_K_EXPORT_OUT, RY_BATTLE_K_EXPORT_ROTATE_BYTES, RY_BATTLE_K_EXPORT_APPLIANCE};
    if (sink == RY_BATTLE_SINK_JSONL)
        ry_battle_convert_refuse(reader, "export.", sections, RY_BATTLE_K_EXPORT_CONFIG,
                                 "means nothing to sink jsonl; allowed: with sink kafka");
    for (unsigned i = 0; sink == RY_BATTLE_SINK_KAFKA && i < sizeof of_jsonl / sizeof *of_jsonl;
         i++)
        ry_battle_convert_refuse(
            reader, "export.", sections, of_jsonl[i],
            of_jsonl[i] == RY_BATTLE_K_EXPORT_APPLIANCE
                ? "means nothing to sink kafka; allowed: royale.appliance in the file of config"
                : "means nothing to sink kafka; allowed: with sink jsonl");
}

/* A folder's path ends in a slash. The battle's directory is new: in it there is no other folder
 * yet in which one could be made. */
static void take_folder(struct ry_battle_reader *reader, const struct ry_battle_value *out,
                        char to[RY_BATTLE_PATH_BYTES])
{
    const char *path = out->text;
    size_t length = strlen(path);
    if (path[0] != '/' && strcspn(path, "/") + 1 < length) {
        ry_battle_values_error(reader, out->node, "export.out",
                               "is a folder in a folder; allowed: one name, such as rows/, which "
                               "is made in the battle's directory, or an absolute path");
        return;
    }
    snprintf(to, RY_BATTLE_PATH_BYTES, "%s%s", path,
             length > 0 && path[length - 1] == '/' ? "" : "/");
}

void ry_battle_convert_export(struct ry_battle_reader *reader,
                              const struct ry_battle_sections *sections, struct ry_battle *battle)
{
    const struct ry_battle_value *value = sections->value;
    const struct ry_battle_value *config = &value[RY_BATTLE_K_EXPORT_CONFIG];
    struct ry_battle_export *export = &battle->export;
    if (value[RY_BATTLE_K_EXPORT].node == NULL || value[RY_BATTLE_K_EXPORT_SINK].wrong)
        return;
    const enum ry_battle_sink sink = (enum ry_battle_sink)value[RY_BATTLE_K_EXPORT_SINK].number;
    export->sink = (uint8_t)sink;
    export->end_s = (uint32_t)value[RY_BATTLE_K_EXPORT_END_S].number;
    refuse_others(reader, sections, sink);
    if (sink == RY_BATTLE_SINK_KAFKA) {
        ry_battle_convert_path(reader, "export.config", config, export->config);
        if (config->node == NULL && !config->wrong)
            ry_battle_values_error(reader, value[RY_BATTLE_K_EXPORT].node, "export.config",
                                   "is missing; allowed: a file with Kafka's settings, such as "
                                   "bootstrap.servers=HOST:9092");
        return;
    }
    export->rotate_bytes = (uint64_t)value[RY_BATTLE_K_EXPORT_ROTATE_BYTES].number;
    ry_battle_convert_text(export->appliance, sizeof export->appliance,
                           &value[RY_BATTLE_K_EXPORT_APPLIANCE]);
    if (!value[RY_BATTLE_K_EXPORT_OUT].wrong)
        take_folder(reader, &value[RY_BATTLE_K_EXPORT_OUT], export->out);
}
