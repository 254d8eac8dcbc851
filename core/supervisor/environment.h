/*
 * What each process of a battle is given of the supervisor's environment. Example: kafka.conf says
 * sasl.password=${env:KAFKA_PASSWORD}. The exporter has that variable; exec, feeds, journal and
 * view do not: a feed reads what strangers send, and what it does not know nobody takes from it.
 *
 *     an agent         LANG=C and what its libraries must know: no token, no path of a home
 *     the exporter     everything but NOTIFY_SOCKET and its like, which are the supervisor's alone
 *     all others       the same but what the export's settings name as ${env:NAME}
 */
#ifndef RY_CORE_SUPERVISOR_ENVIRONMENT_H
#define RY_CORE_SUPERVISOR_ENVIRONMENT_H

#include "core/battle/battle.h"
#include "core/supervisor/topology.h"

/* "NAME=value" ..., NULL: the list is the caller's to free, its strings are not. */
char **ry_supervisor_environment(const struct ry_supervisor_role *role,
                                 const struct ry_battle *battle);

#endif
