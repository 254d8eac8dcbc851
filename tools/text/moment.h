/*
 * Market time for people: what the clock on the wall of the battle's zone shows, exact to the last
 * digit that is not zero: "09:30:01.25 EST"; on another day than the battle's "2026-01-06
 * 09:30:01.25 EST".
 *
 * One struct for one reader of one thread; asks tzdata once a quarter of an hour of market time
 * (no zone changes its offset in between).
 */
#ifndef RY_TOOLS_TEXT_MOMENT_H
#define RY_TOOLS_TEXT_MOMENT_H

#include "core/battle/battle.h"
#include "core/battle/wall.h"

#define RY_TEXT_MOMENT_BYTES 64

struct ry_text_moments {
    char zone[RY_BATTLE_ZONE_BYTES];
    char name[RY_BATTLE_WALL_NAME_BYTES]; /* of its time in `quarter` */
    int64_t quarter;                      /* of an hour since the epoch; INT64_MIN: none yet */
    int64_t offset;                       /* seconds to be added to UTC in it */
    int64_t day;                          /* whose date is not said; INT64_MIN: all are */
};

/* `zone` of tzdata; `start` lies on the battle's day. */
void ry_text_moments_open(struct ry_text_moments *m, const char *zone, int64_t start);

/* Into `text`; returns it. */
const char *ry_text_moment(char text[RY_TEXT_MOMENT_BYTES], struct ry_text_moments *m, int64_t ns);

/* The same for a column, with all nine digits: "09:30:01.250000000 EST". */
const char *ry_text_moment_column(char text[RY_TEXT_MOMENT_BYTES], struct ry_text_moments *m,
                                  int64_t ns);

#define RY_TEXT_DURATION_BYTES 48

/* 200000 as "200 us", 1250000 as "1.25 ms", 0 as "0 s": exact, in the largest unit of ns, us, ms
 * and s that it has one of. */
const char *ry_text_duration(char text[RY_TEXT_DURATION_BYTES], int64_t ns);

#endif
