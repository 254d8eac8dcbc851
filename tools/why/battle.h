/*
 * What only the battle file knows and a journal does not: the zone of the market, and how long
 * agents' commands take. And when the agent was woken that issued a command: arrival less latency.
 */
#ifndef RY_TOOLS_WHY_BATTLE_H
#define RY_TOOLS_WHY_BATTLE_H

#include "core/battle/battle.h"
#include "core/journal/read.h"

#define RY_WHY_UNKNOWN_BYTES 640

struct ry_why_battle {
    char zone[RY_BATTLE_ZONE_BYTES]; /* "UTC" if the file cannot be read */
    bool known;                      /* false: no latencies; `unknown` says why */
    char unknown[RY_WHY_UNKNOWN_BYTES];
    int64_t latency[RY_AGENTS_MAX], jitter[RY_AGENTS_MAX]; /* ns, by agent */
};

/* From DIR/battle.yaml, where `royale run` puts it. */
void ry_why_battle_read(struct ry_why_battle *battle, const char *directory);

/* L(k) of an agent; -1: not known. */
int64_t ry_why_latency(const struct ry_why_battle *battle, uint64_t seed, uint16_t agent,
                       uint64_t k);

/* When its last command's wake was: at `latest`, or, if `earliest` is another, between the two. */
struct ry_why_wake {
    int64_t earliest, latest; /* INT64_MIN: not known */
    int64_t arrival;          /* of the command; INT64_MIN: none yet */
};

/* The agent's next command, number k, has arrived. Its arrival is max(the one before's, wake +
 * L(k)): if it is later than the one before's, the wake follows from it; else it was held back,
 * and the wake lies at or before arrival - L(k), and not before the last command's wake. */
void ry_why_wake_next(struct ry_why_wake *wake, int64_t arrival, int64_t latency);

#endif
