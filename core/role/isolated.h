/*
 * What keeps the agents of a battle from each other: with royale started as root each agent is a
 * user of its own (agents/sandbox.h), otherwise all are the user who started it.
 */
#ifndef RY_CORE_ROLE_ISOLATED_H
#define RY_CORE_ROLE_ISOLATED_H

#include "shm/records/codes.h"

/* Of the battle that this process belongs to; an agent's own process asks before it changes its
 * user. */
enum ry_isolated ry_role_isolated(void);

#endif
