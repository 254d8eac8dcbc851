/*
 * What the key `keep` says: how many finished battles of one name stay.
 *
 *     keep: 20                 the last 20
 *     keep: 30 days            those whose last input is not 30 days old
 *     keep: 20, 200 GiB        the last 20, as long as they take 200 GiB: each limit counts
 */
#ifndef RY_CORE_BATTLE_KEEP_H
#define RY_CORE_BATTLE_KEEP_H

#include <stdbool.h>

#include "core/battle/battle.h"

#define RY_BATTLE_KEEP_BATTLES_MAX 1000000u
#define RY_BATTLE_KEEP_DAYS_MAX    36500u
#define RY_BATTLE_KEEP_GIB_MAX     1048576u

/* False: it says no such thing, a limit twice, or one that is out of range. */
bool ry_battle_keep_read(const char *text, struct ry_battle_keep *keep);

#endif
