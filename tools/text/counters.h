/*
 * The machine's counters, for people and for programs.
 */
#ifndef RY_TOOLS_TEXT_COUNTERS_H
#define RY_TOOLS_TEXT_COUNTERS_H

#include <jansson.h>
#include <stdio.h>

#include "core/arena/arena.h"

/* Those that are not zero. */
void ry_text_counters(FILE *out, const struct ry_arena *arena);

/* Those of them that say that something was refused, dropped or odd, with what each means. */
void ry_text_odd(FILE *out, const struct ry_arena *arena);

/* As an object by name; `all`, or those that are not zero. */
json_t *ry_text_counters_json(const struct ry_arena *arena, bool all);

#endif
