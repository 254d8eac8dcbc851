/*
 * Rows, moments and amounts in words, as the pages say them.
 *
 * Text is put into the caller's buffer and returned. What comes from others (names, symbols) is
 * printable in it.
 */
#ifndef RY_TOOLS_TOP_WORDS_H
#define RY_TOOLS_TOP_WORDS_H

#include "core/results/results.h"
#include "tools/picture/words.h"
#include "tools/text/amount.h"

/* Wall time of a zone: its offset is asked for once a quarter of an hour of market time, since
 * asking costs a look at tzdata. Zero but the zone at first. */
struct ry_top_clock {
    const char *zone;
    bool known;
    int64_t quarter; /* that the rest holds for */
    int64_t offset_s;
    char name[16]; /* "EST" */
};

#define RY_TOP_WORD_BYTES RY_TEXT_AMOUNT_BYTES

/* "10:17:12.345" */
const char *ry_top_time(char text[RY_TOP_WORD_BYTES], struct ry_top_clock *clock, int64_t ns);

/* "2026-01-05 10:17:12 EST" */
const char *ry_top_moment(char text[RY_TOP_WORD_BYTES], struct ry_top_clock *clock, int64_t ns);

/* "42:48", "1:02:03": of market time. */
const char *ry_top_lasting(char text[RY_TOP_WORD_BYTES], int64_t ns);

/* "840 us", "3.2 s": of machine time. */
const char *ry_top_age(char text[RY_TOP_WORD_BYTES], int64_t ns);

#endif
