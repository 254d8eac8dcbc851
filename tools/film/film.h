/*
 * The film of a battle: what a time line shows of it, column by column of market time. Two views of
 * the same columns:
 *
 *   course   of each column its last input, each agent's gain and rank, of each instrument filmed
 *            the best bid and offer, last price, candle, volume and largest trades; and events
 *   depth    of one instrument the open lots at each of RY_FILM_LEVELS ticks from the best bid
 *            down and from the best offer up
 *
 * Column i is of the market time from + i x step up to, not with, from + (i + 1) x step; the last
 * one takes all that follows as well. Prices, ranks and depth are as they stand when a column ends;
 * one that no input fell into is like the one before it. Where the end of trading is not known, the
 * step doubles as soon as the columns are full, and two columns become one.
 *
 * At most RY_FILM_INSTRUMENTS_MAX instruments are filmed: the battle's first, but one that an
 * agent's order was accepted for takes the place of the last one without any. Of such a one the
 * columns before are null.
 *
 * tools/past records it; who shows it asks for JSON or bytes. Both are exact: integers alone.
 * Memory: RY_FILM_BYTES_MAX at most, taken when the battle is described and mapped lazily.
 */
#ifndef RY_TOOLS_FILM_FILM_H
#define RY_TOOLS_FILM_FILM_H

#include "core/results/results.h"

#define RY_FILM_COLUMNS_MIN     64u
#define RY_FILM_COLUMNS         512u /* where nobody says how many */
#define RY_FILM_COLUMNS_MAX     2048u
#define RY_FILM_INSTRUMENTS_MAX 16u
#define RY_FILM_LEVELS          64u
#define RY_FILM_BUBBLES_MAX     4u    /* a column and instrument */
#define RY_FILM_EVENTS_MAX      4096u /* more are counted: "events_left_out" */
#define RY_FILM_BYTES_MAX       ((size_t)48 << 20)

enum ry_film_code {
    RY_FILM_OK = 0,
    RY_FILM_COLUMNS_RANGE, /* columns not in RY_FILM_COLUMNS_MIN .. RY_FILM_COLUMNS_MAX */
    RY_FILM_NO_INSTRUMENT, /* the battle has none of that symbol */
    RY_FILM_NOT_FILMED,    /* it has, but others are filmed */
    RY_FILM_NO_MEMORY,
};

struct ry_film;

/* What a program says of the code: a sentence without a full stop. */
const char *ry_film_code_text(enum ry_film_code code);

/* The course as one JSON object, resampled to at most `columns`. `*body` is malloc'ed, the
 * caller's to free. */
enum ry_film_code ry_film_course_json(const struct ry_film *film, unsigned columns, char **body,
                                      size_t *bytes);

/* The depth of an instrument, little endian, resampled likewise:
 *
 *     "RYDEPTH1" | u32 columns | u32 levels | i64 from_ns | i64 step_ns | i64 tick | u32
 * price_scale | u32 0 then each column: i64 input | i64 bid | i64 ask | u32 bid_qty[levels] | u32
 * ask_qty[levels]
 *
 * tick, bid and ask in price units, INT64_MIN: the side is empty, or the column is null. Lots at
 * bid - i x tick and ask + i x tick, UINT32_MAX: as many or more. */
enum ry_film_code ry_film_depth(const struct ry_film *film, const char *symbol, unsigned columns,
                                uint8_t **body, size_t *bytes);

#endif
