/*
 * Rows, moments and amounts in words, as the pages say them.
 *
 * Text is put into the caller's buffer and returned. What comes from others (names, symbols) is
 * printable in it.
 */
#ifndef RY_TOOLS_TOP_WORDS_H
#define RY_TOOLS_TOP_WORDS_H

#include "core/results/results.h"

/* Wall time of a zone: its offset is asked for once a quarter of an hour of market time, since
 * asking costs a look at tzdata. Zero but the zone at first. */
struct ry_top_clock {
    const char *zone;
    bool known;
    int64_t quarter; /* that the rest holds for */
    int64_t offset_s;
    char name[16]; /* "EST" */
};

#define RY_TOP_WORD_BYTES 64
#define RY_TOP_ROW_WORDS  512

/* "10:17:12.345" */
const char *ry_top_time(char text[RY_TOP_WORD_BYTES], struct ry_top_clock *clock, int64_t ns);

/* "2026-01-05 10:17:12 EST" */
const char *ry_top_moment(char text[RY_TOP_WORD_BYTES], struct ry_top_clock *clock, int64_t ns);

/* "42:48", "1:02:03": of market time. */
const char *ry_top_lasting(char text[RY_TOP_WORD_BYTES], int64_t ns);

/* "840 us", "3.2 s": of machine time. */
const char *ry_top_age(char text[RY_TOP_WORD_BYTES], int64_t ns);

/* "9999", "41.3k", "1.36M" */
const char *ry_top_count(char text[RY_TOP_WORD_BYTES], uint64_t count);

/* "+312.40", "-5.00", "0.00"; at most `cells`. */
const char *ry_top_money(char text[RY_TOP_WORD_BYTES], __int128 money, unsigned cells);

/* What the row says, without its time: "bought 20 RYA at 100.25 (rested), 80 left". */
const char *ry_top_row_words(char text[RY_TOP_ROW_WORDS], const struct ry_results *r,
                             const struct ry_results_row *row);

/* The agent's name, the instrument's symbol, printable; "?" for none. */
const char *ry_top_agent(char text[RY_NAME_BYTES], const struct ry_results *r, uint16_t agent);
const char *ry_top_symbol(char text[RY_SYMBOL_BYTES], const struct ry_results *r,
                          uint16_t instrument);

/* "100.2500"; "market" for none. */
const char *ry_top_price(char text[RY_TOP_WORD_BYTES], const struct ry_results *r,
                         uint16_t instrument, int64_t price);

#endif
