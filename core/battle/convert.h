/*
 * From values to the battle: what goes beyond one key. Each part says what is wrong with it.
 */
#ifndef RY_CORE_BATTLE_CONVERT_H
#define RY_CORE_BATTLE_CONVERT_H

#include "core/battle/values.h"

/* Values of each section; instruments and feeds are read one at a time, each over the last. */
struct ry_battle_sections {
    struct ry_battle_value value[RY_BATTLE_KEYS];
};

/* A value's text, or nothing if there is none. */
void ry_battle_convert_text(char *to, size_t bytes, const struct ry_battle_value *value);

/* The items of a list of mappings; 0, with errors said, if one is none or they are too many or too
 * few. */
uint32_t ry_battle_convert_count(struct ry_battle_reader *reader, const struct ry_battle_node *list,
                                 enum ry_battle_key_id id, const char *name);

/* A path of the file, from its own folder if it is relative; `place` for what is wrong with it. */
void ry_battle_convert_path(struct ry_battle_reader *reader, const char *name,
                            const struct ry_battle_value *value, char path[RY_BATTLE_PATH_BYTES]);

/* The key means nothing here: an error if it is given. `where` stands before its name. */
void ry_battle_convert_refuse(struct ry_battle_reader *reader, const char *where,
                              const struct ry_battle_sections *sections, enum ry_battle_key_id id,
                              const char *why);

void ry_battle_convert_hours(struct ry_battle_reader *reader,
                             const struct ry_battle_sections *sections, struct ry_battle *battle);
void ry_battle_convert_feeds(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                             struct ry_battle *battle);
/* Agents with their limits, fees and game, and that these are there if and only if agents are. */
void ry_battle_convert_agents(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                              struct ry_battle *battle);
/* After feeds and agents, whose cores it has; after the feeds, whose names instruments have. */
void ry_battle_convert_placement(struct ry_battle_reader *reader,
                                 const struct ry_battle_sections *sections,
                                 struct ry_battle *battle);
void ry_battle_convert_export(struct ry_battle_reader *reader,
                              const struct ry_battle_sections *sections, struct ry_battle *battle);
void ry_battle_convert_instruments(struct ry_battle_reader *reader,
                                   struct ry_battle_sections *sections, struct ry_battle *battle);

#endif
