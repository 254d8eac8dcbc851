/*
 * Wall clock times of a time zone, as exact moments: ns since the epoch, UTC. Needs tzdata; changes
 * TZ of the process while it asks, so only for processes with one thread.
 *
 * A wall time that comes twice (clocks go back) is its first moment; ry_battle_wall_twice tells.
 * One that never comes (clocks go forward) is RY_BATTLE_WALL_SKIPPED.
 */
#ifndef RY_CORE_BATTLE_WALL_H
#define RY_CORE_BATTLE_WALL_H

#include "shm/base.h"

#define RY_BATTLE_WALL_YEAR_MIN  1970
#define RY_BATTLE_WALL_YEAR_MAX  2199
#define RY_BATTLE_WALL_HOURS_MAX 47

/* A wall time without its zone: seconds since 1970-01-01 00:00 on that wall, and ns beyond them. */
struct ry_battle_wall {
    int64_t seconds;
    int64_t ns; /* 0..999,999,999 */
};

enum ry_battle_wall_result {
    RY_BATTLE_WALL_OK = 0,
    RY_BATTLE_WALL_SKIPPED = -1,
};

/* The folder of tzdata. */
const char *ry_battle_wall_zones(void);

/* True if tzdata has the zone. */
bool ry_battle_wall_zone_exists(const char *zone);

/* "YYYY-MM-DD", a day that exists. */
bool ry_battle_wall_read_date(const char *text, struct ry_battle_wall *midnight);

/* "HH:MM[:SS[.fraction]]" of the day that begins at `midnight`, or
 * "YYYY-MM-DDTHH:MM[:SS[.fraction]]". An hour below ten may have one digit; at most nine digits of
 * fraction. */
bool ry_battle_wall_read_time(const char *text, struct ry_battle_wall midnight,
                              struct ry_battle_wall *time);

/* True if clocks go back over that time. */
bool ry_battle_wall_twice(struct ry_battle_wall wall, const char *zone);

enum ry_battle_wall_result ry_battle_wall_to_utc(struct ry_battle_wall wall, const char *zone,
                                                 int64_t *ns);

/* "2026-01-05 09:30:00.5 EST (14:30:00.5 UTC)"; fractions without trailing zeros. */
void ry_battle_wall_print(int64_t ns, const char *zone, char *text, size_t bytes);

/* What has to be added to UTC at that moment, in seconds, and what the zone calls its time then:
 * -18000 and "EST". */
#define RY_BATTLE_WALL_NAME_BYTES 16
int64_t ry_battle_wall_offset(int64_t ns, const char *zone, char name[RY_BATTLE_WALL_NAME_BYTES]);

#endif
