/*
 * What keeps the agents of a battle from each other: each is a user of its own where the supervisor
 * has numbers for them (core/supervisor/users.h), which it has as root alone; otherwise all are the
 * user nobody, or the user who started royale.
 */
#ifndef RY_CORE_ROLE_ISOLATED_H
#define RY_CORE_ROLE_ISOLATED_H

#include "core/role/role.h"

/* Of the battle that this process belongs to; no agent's. */
enum ry_isolated ry_role_isolated(const struct ry_role_process *process);

#endif
