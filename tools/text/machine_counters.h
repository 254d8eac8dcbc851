/*
 * What the machine counted, for people and for programs.
 */
#ifndef RY_TOOLS_TEXT_MACHINE_COUNTERS_H
#define RY_TOOLS_TEXT_MACHINE_COUNTERS_H

#include <jansson.h>
#include <stdio.h>

#include "core/arena/arena.h"

/* Those that are not zero. */
void ry_text_machine_counters(FILE *out, const struct ry_arena *arena);

/* Those of them that say that something was refused, dropped or odd, with what each means and what
 * to do about it (shm/counter.h). */
void ry_text_machine_odd(FILE *out, const struct ry_arena *arena);

/* As an object by name; `all`, or those that are not zero. */
json_t *ry_text_machine_counters_json(const struct ry_arena *arena, bool all);

#endif
