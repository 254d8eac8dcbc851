/*
 * A follower of a running battle, from outside: it asks at the observers' door (core/role/door.h)
 * and from there on reads the journal, then the input ring. Example:
 *
 *     ry_follow_open(&f, "DIR", error, sizeof error);
 *     if (ry_follow_observe(&f, &live, "DIR", why) == 0) ...    live; else the journal alone
 *     while (ry_follow_step(&f, 4096, sink) > 0) ...
 *     ry_follow_close(&f);
 *     ry_follow_unobserve(&live);
 */
#ifndef RY_CORE_FOLLOW_OBSERVE_H
#define RY_CORE_FOLLOW_OBSERVE_H

#include "core/follow/follow.h"
#include "core/role/door.h"

/* The two regions; mapped until ry_follow_unobserve, also when the battle has ended. */
struct ry_follow_observed {
    struct ry_role_link inputs, journal;
};

/* After ry_follow_open, before the first step. 0, or -1 with the reason in `why`: the follower is
 * as it was. */
int ry_follow_observe(struct ry_follow *follow, struct ry_follow_observed *observed,
                      const char *directory, char why[RY_ROLE_DOOR_WHY_BYTES]);

/* The same by a door that was entered, which stays the caller's to leave. */
int ry_follow_observe_by(struct ry_follow *follow, struct ry_follow_observed *observed,
                         struct ry_role_door *door, char why[RY_ROLE_DOOR_WHY_BYTES]);

/* Whether the door of a battle in that directory is answered: it runs. */
bool ry_follow_runs(const char *directory);

/* After ry_follow_close; nothing for one that was never let in, or is zero. */
void ry_follow_unobserve(struct ry_follow_observed *observed);

#endif
