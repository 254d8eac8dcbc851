/*
 * JSON by jansson: how a value of each sort stands in every JSON that royale writes.
 *
 *   money, prices      strings of exact decimals, made by integer code
 *   moments            NAME_ns, a decimal string, and NAME, RFC 3339; both null for RY_TIME_NEVER
 *   other durations    NAME_ns, a decimal string
 *   counts and lots    integers; beyond 2^53 - 1, which no battle has had, a decimal string
 *   numbers of others  (cl_ord_id, seeds) decimal strings, whatever their size
 *   names              any bytes: what is not ASCII goes out byte by byte as Latin-1
 *
 * Each function returns a new reference, and never NULL: a process that has no memory for a line
 * ends.
 */
#ifndef RY_TOOLS_TEXT_JSON_H
#define RY_TOOLS_TEXT_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

json_t *ry_text_json_whole(json_t *value); /* itself; ends the process if there is none */
void ry_text_json_set(json_t *object, const char *key, json_t *value);
void ry_text_json_add(json_t *array, json_t *value);

json_t *ry_text_json_integer(int64_t value);
json_t *ry_text_json_count(uint64_t count);
json_t *ry_text_json_i64(int64_t value); /* a decimal string, always */
json_t *ry_text_json_u64(uint64_t value);
json_t *ry_text_json_decimal(__int128 value, unsigned scale);
json_t *ry_text_json_money(__int128 money);

/* Text of at most `max` bytes, or up to its NUL. */
json_t *ry_text_json_string(const char *text, size_t max);

/* Sets NAME_ns and NAME. */
void ry_text_json_set_time(json_t *object, const char *name, int64_t time);

/* Writes `value` in one line with its newline and lets go of it. 0, or -1 with errno set. */
int ry_text_json_line(FILE *out, json_t *value);

#endif
