#include "core/supervisor/topology.h"

#include <string.h>

const struct ry_supervisor_topology_role ry_supervisor_topology[RY_SUPERVISOR_ROLE_KINDS] = {
    [RY_SUPERVISOR_ROLE_EXEC] =
        {
            .name = "exec",
            .binary = "royale-exec",
            .offers = {"NAME.base", "NAME.watch", "NAME.positions", "NAME.inputs", "NAME.market",
                       "NAME.reports*"},
            .wants = {"feed*.events", "feed*.base", "journal.positions", "journal.base",
                      "supervisor.control", "agent*.commands", "agent*.base"},
            .done = RY_SUPERVISOR_DONE_STOPS_FEEDS,
        },
    [RY_SUPERVISOR_ROLE_FEED] =
        {
            .name = "feed",
            .binary = "royale-feed",
            .numbered = true,
            .offers = {"NAME.base", "NAME.watch", "NAME.events"},
            .wants = {"exec.positions", "exec.base"},
        },
    [RY_SUPERVISOR_ROLE_JOURNAL] =
        {
            .name = "journal",
            .binary = "royale-journal",
            .offers = {"NAME.base", "NAME.watch", "NAME.positions"},
            .wants = {"exec.inputs", "exec.base"},
        },
    [RY_SUPERVISOR_ROLE_AGENT] =
        {
            .name = "agent",
            .binary = "royale-agent",
            .numbered = true,
            .offers = {"NAME.base", "NAME.watch", "NAME.commands"},
            .wants = {"exec.market", "exec.reports#", "exec.base"},
            .death = RY_SUPERVISOR_DEATH_AGENT,
        },
    [RY_SUPERVISOR_ROLE_VIEW] =
        {
            .name = "view",
            .binary = "royale-view",
            .offers = {"NAME.base", "NAME.watch"},
            .wants = {"exec.inputs", "journal.positions"},
            .death = RY_SUPERVISOR_DEATH_TOLD,
        },
};

/* A number below `limit` at *at as one would print it, moving it on; -1: there is none. */
static int read_index(const char **at, unsigned limit)
{
    unsigned value = 0, digits = 0;
    bool zero = **at == '0';
    for (; **at >= '0' && **at <= '9' && digits < 4; (*at)++, digits++)
        value = value * 10 + (unsigned)(**at - '0');
    return digits == 0 || (zero && digits > 1) || value >= limit ? -1 : (int)value;
}

/* "*" is any number below `limit`, "#" the number `index`. */
static bool fits(const char *pattern, const char *process_name, unsigned index, unsigned limit,
                 const char *name)
{
    if (strncmp(pattern, "NAME.", 5) == 0) {
        size_t length = strlen(process_name);
        if (strncmp(name, process_name, length) != 0)
            return false;
        name += length;
        pattern += 4;
    }
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '*' || *pattern == '#') {
            int number = read_index(&name, limit);
            if (number < 0 || (*pattern == '#' && (unsigned)number != index))
                return false;
        } else if (*pattern != *name++) {
            return false;
        }
    }
    return *name == '\0';
}

bool ry_supervisor_topology_wants(const struct ry_supervisor_topology_role *role, unsigned index,
                                  const char *region_name)
{
    for (unsigned i = 0; role->wants[i] != NULL; i++) {
        unsigned limit = strncmp(role->wants[i], "feed", 4) == 0 ? RY_FEEDS_MAX : RY_AGENTS_MAX;
        if (fits(role->wants[i], "", index, limit, region_name))
            return true;
    }
    return false;
}

bool ry_supervisor_topology_offers(const struct ry_supervisor_topology_role *role,
                                   const char *process_name, unsigned agents,
                                   const char *region_name)
{
    for (unsigned i = 0; role->offers[i] != NULL; i++)
        if (fits(role->offers[i], process_name, 0, agents, region_name))
            return true;
    return false;
}

unsigned ry_supervisor_topology_offered(const struct ry_supervisor_topology_role *role,
                                        unsigned agents)
{
    unsigned count = 0;
    for (unsigned i = 0; role->offers[i] != NULL; i++)
        count += strchr(role->offers[i], '*') != NULL ? agents : 1;
    return count;
}
