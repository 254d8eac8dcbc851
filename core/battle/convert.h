/*
 * From values to the battle: what goes beyond one key. Each part says what is wrong with it.
 */
#ifndef RY_CORE_BATTLE_CONVERT_H
#define RY_CORE_BATTLE_CONVERT_H

#include "core/battle/values.h"

/* Values of each section; instruments and feeds are read one at a time, each over the last. */
struct ry_sections {
    struct ry_value value[RY_KEYS];
};

/* A value's text, or nothing if there is none. */
void ry_convert_text(char *to, size_t bytes, const struct ry_value *value);

/* The items of a list of mappings; 0, with errors said, if one is none or they are too many or too
 * few. */
uint32_t ry_convert_count(struct ry_reader *reader, const struct ry_node *list, enum ry_key_id id,
                          const char *name);

void ry_convert_hours(struct ry_reader *reader, const struct ry_sections *sections,
                      struct ry_battle *battle);
void ry_convert_feeds(struct ry_reader *reader, struct ry_sections *sections,
                      struct ry_battle *battle);
/* After the feeds, whose names instruments have. */
void ry_convert_placement(struct ry_reader *reader, const struct ry_sections *sections,
                          struct ry_battle *battle);
void ry_convert_instruments(struct ry_reader *reader, struct ry_sections *sections,
                            struct ry_battle *battle);

#endif
