/*
 * What a machine knows, for people and for programs: books, counters, hashes. Shared by `royale
 * run`, `royale replay` and whatever else follows.
 *
 * `price_scale` is by instrument, as struct ry_follow keeps it; no scale above 9.
 */
#ifndef RY_TOOLS_TEXT_REPORT_H
#define RY_TOOLS_TEXT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/arena/arena.h"

#define RY_TEXT_LEVELS_MAX 1000u

/* For each instrument last, volume and VWAP of recorded trades, live orders, and its first `levels`
 * levels. */
void ry_text_books(FILE *out, const struct ry_arena *arena, const uint8_t *price_scale,
                   unsigned levels);

/* The machine's counters that are not zero. */
void ry_text_counters(FILE *out, const struct ry_arena *arena);

/* Those of them that say that something was refused, dropped or odd, with what each means and what
 * to do about it (shm/counter.h). */
void ry_text_odd(FILE *out, const struct ry_arena *arena);

/* Input, output, book and state hash. */
void ry_text_hashes(FILE *out, const struct ry_arena *arena);

/* The same three as members of a JSON object that the caller has opened and closes:
 * "instruments": [...], "counters": {...}, "input_hash": "..." and so on. Prices are integers in
 * the instrument's unit, hashes hexadecimal strings. */
void ry_text_json(FILE *out, const struct ry_arena *arena, const uint8_t *price_scale,
                  unsigned levels);

/* A JSON string with its quotes; up to `max` bytes of `text` or its NUL. */
void ry_text_json_string(FILE *out, const char *text, size_t max);

/* A name or symbol that somebody else wrote, fit for a terminal: anything else becomes '?'. `out`
 * has `max` bytes. */
const char *ry_text_printable(char *out, const char *text, size_t max);

/* "1234.5600" into `text`; returns where in it. */
#define RY_TEXT_PRICE_BYTES 64
const char *ry_text_price(char text[RY_TEXT_PRICE_BYTES], __int128 price, unsigned scale);

/* "2019-01-29T14:30:00.000000000Z" into `text`; returns it. */
#define RY_TEXT_TIME_BYTES 40
const char *ry_text_time(char text[RY_TEXT_TIME_BYTES], int64_t time);

/* Nothing of what was printed so far is lost, up to where it goes. False: said on standard error.
 */
bool ry_text_written(FILE *out);

#endif
