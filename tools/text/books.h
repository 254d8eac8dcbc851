/*
 * The books of a machine, for people and for programs.
 *
 * `price_scale` is by instrument, as struct ry_follow keeps it; no scale above 9.
 */
#ifndef RY_TOOLS_TEXT_BOOKS_H
#define RY_TOOLS_TEXT_BOOKS_H

#include <jansson.h>
#include <stdio.h>

#include "core/arena/arena.h"

#define RY_TEXT_LEVELS_MAX 1000u

/* For each instrument last, volume and VWAP of recorded trades, live orders, and its first `levels`
 * levels. */
void ry_text_books(FILE *out, const struct ry_arena *arena, const uint8_t *price_scale,
                   unsigned levels);

/* The same as an array with an object for each instrument. */
json_t *ry_text_books_json(const struct ry_arena *arena, const uint8_t *price_scale,
                           unsigned levels);

#endif
