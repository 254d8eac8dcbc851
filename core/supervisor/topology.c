#include "core/supervisor/topology.h"

#include <string.h>

const struct ry_topology_role ry_topology[RY_ROLE_KINDS] = {
    [RY_ROLE_EXEC] =
        {
            .name = "exec",
            .binary = "royale-exec",
            .offers = {"NAME.base", "NAME.positions", "NAME.inputs", "NAME.market"},
            .wants = {"feed*.events", "feed*.base", "journal.positions", "journal.base",
                      "supervisor.control"},
            .done = RY_DONE_STOPS_FEEDS,
        },
    [RY_ROLE_FEED] =
        {
            .name = "feed",
            .binary = "royale-feed",
            .numbered = true,
            .offers = {"NAME.base", "NAME.events"},
            .wants = {"exec.positions", "exec.base"},
        },
    [RY_ROLE_JOURNAL] =
        {
            .name = "journal",
            .binary = "royale-journal",
            .offers = {"NAME.base", "NAME.positions"},
            .wants = {"exec.inputs", "exec.base"},
        },
};

/* "feed*.events" fits "feed2.events", "NAME.base" fits `process_name`.base. */
static bool fits(const char *pattern, const char *process_name, const char *region_name)
{
    const char *dot = strchr(pattern, '.'), *region_dot = strchr(region_name, '.');
    if (region_dot == NULL || strcmp(dot, region_dot) != 0) {
        return false;
    }
    size_t head = (size_t)(dot - pattern), region_head = (size_t)(region_dot - region_name);
    if (pattern[head - 1] == '*') {
        return region_head == head && memcmp(pattern, region_name, head - 1) == 0 &&
               region_name[head - 1] >= '0' && region_name[head - 1] < '0' + RY_FEEDS_MAX;
    }
    if (head == 4 && memcmp(pattern, "NAME", 4) == 0) {
        return strlen(process_name) == region_head &&
               memcmp(process_name, region_name, region_head) == 0;
    }
    return region_head == head && memcmp(pattern, region_name, head) == 0;
}

bool ry_topology_wants(const struct ry_topology_role *role, const char *region_name)
{
    for (unsigned i = 0; role->wants[i] != NULL; i++) {
        if (fits(role->wants[i], "", region_name)) {
            return true;
        }
    }
    return false;
}

bool ry_topology_offers(const struct ry_topology_role *role, const char *process_name,
                        const char *region_name)
{
    for (unsigned i = 0; role->offers[i] != NULL; i++) {
        if (fits(role->offers[i], process_name, region_name)) {
            return true;
        }
    }
    return false;
}

unsigned ry_topology_offered(const struct ry_topology_role *role)
{
    unsigned count = 0;
    while (role->offers[count] != NULL) {
        count++;
    }
    return count;
}
