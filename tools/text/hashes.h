/*
 * The machine's four hashes, for people and for programs.
 */
#ifndef RY_TOOLS_TEXT_HASHES_H
#define RY_TOOLS_TEXT_HASHES_H

#include <jansson.h>
#include <stdio.h>

#include "core/arena/arena.h"

/* Input, output, book and state hash, a line each: "state hash  0123456789abcdef". */
void ry_text_hashes(FILE *out, const struct ry_arena *arena);

/* In one line, without its end: "input 0123456789abcdef, output .., book .., state ..". */
void ry_text_hashes_line(FILE *out, const struct ry_arena *arena);

/* As an object of hexadecimal strings: input, output, book, state. */
json_t *ry_text_hashes_json(const struct ry_arena *arena);

#endif
