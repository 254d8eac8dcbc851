/*
 * Counters for people: one way to show a value with its label, wherever the label comes from (a
 * table of this program, or the region of a running role).
 */
#ifndef RY_TOOLS_TEXT_COUNTERS_H
#define RY_TOOLS_TEXT_COUNTERS_H

#include <stdio.h>

#include "shm/counter.h"

/* "  damaged_short                       3 messages"; nothing for zero. A hash: 16 hexadecimal
 * digits. */
void ry_text_counter(FILE *out, const struct ry_counter *counter, uint64_t value);

/* Of a counter that has a remedy and is not zero: "odd: feed0 (itch): damaged_short 3 (messages
 * shorter than their type, dropped): look at the recording ..."; without a name if `who` is "". */
void ry_text_counter_odd(FILE *out, const char *who, const struct ry_counter *counter,
                         uint64_t value);

#endif
