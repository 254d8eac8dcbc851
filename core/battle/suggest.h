/*
 * What a wrong value may have been meant to be, from what this machine knows: its time zones, the
 * calendar, the strategies that are installed.
 */
#ifndef RY_CORE_BATTLE_SUGGEST_H
#define RY_CORE_BATTLE_SUGGEST_H

#include "core/battle/battle.h"
#include "core/battle/nearest.h"

/* The zone that is spelt most like it; a city alone is that of its continent. Empty: none. */
void ry_battle_suggest_zone(const char *text, char zone[RY_BATTLE_ZONE_BYTES]);

/* The day that a date in another order or with other marks means, or the last day of a month that
 * has no such day. Empty: what it means is not clear. */
void ry_battle_suggest_date(const char *text, char date[RY_BATTLE_DATE_BYTES]);

/* The names of the strategies in the folders (NULL at the end), "maker, noise, twap", each offered
 * to `nearest`; what has no room is "...". Empty: there are none. */
void ry_battle_suggest_strategies(const char *const *folders, struct ry_battle_nearest *nearest,
                                  char *names, size_t bytes);

#endif
