/*
 * A battle that is one process: what it says of the roles in it becomes members of the result, each
 * with the row that it has where it is a process of its own. Without a process: nobody waits for
 * them or asks them to stop.
 */
#include <assert.h>
#include <string.h>

#include "core/supervisor/state.h"

static const struct ry_supervisor_role *row_of(enum ry_role_number number, const char *name)
{
    const struct ry_supervisor_topology *house = &ry_supervisor_topology;
    for (unsigned i = 0; i < house->count; i++)
        if (house->role[i].number == number && strcmp(house->role[i].name, name) == 0)
            return &house->role[i];
    return NULL;
}

static void take_part(struct ry_supervisor *s, const struct ry_supervisor_role *row, unsigned index,
                      const struct ry_role_part *part)
{
    assert(row != NULL && s->result->count < RY_SUPERVISOR_MEMBERS_MAX);
    struct ry_supervisor_member *role = &s->result->role[s->result->count++];
    char death[RY_ROLE_PART_DEATH_BYTES];
    *role = (struct ry_supervisor_member){.row = row,
                                          .index = index,
                                          .core = RY_TUNING_PLACEMENT_NONE,
                                          .node = RY_TUNING_PLACEMENT_NONE,
                                          .log = RY_SUPERVISOR_ROLE_LOG_NONE,
                                          .opened = true,
                                          .joined = true};
    role->child = (struct ry_supervisor_child){.pidfd = -1, .socket = -1};
    char name[RY_NAME_BYTES], log[RY_SUPERVISOR_ROLE_LOG_NAME_BYTES];
    ry_supervisor_topology_name(row, index, name);
    memcpy(role->name, name, sizeof role->name);
    ry_supervisor_role_log_name(log, name,
                                row->stranger ? s->plan->battle->agent[index].name : NULL);
    snprintf(role->log.path, sizeof role->log.path, "%s/log/%s.log", s->plan->directory, log);
    role->counters_count = ry_counters_read(&part->counters, role->counters, RY_COUNTERS_MAX);
    if (role->counters_count > 0)
        (void)ry_counters_describe(&part->counters, &role->counters_are);
    role->done = !ry_role_part_death(part, death);
    if (!role->done)
        ry_supervisor_tell(s, role, "%s", death);
}

void ry_supervisor_take_parts(struct ry_supervisor *s)
{
    const struct ry_role_parts *parts = s->parts.head;
    if (parts == NULL)
        return;
    const int64_t run_ns = ry_load_relaxed(&parts->run_ns);
    if (run_ns > 0 && run_ns < s->result->run_ns)
        s->result->run_ns = run_ns;
    for (unsigned i = 0; i < s->plan->battle->feeds; i++)
        take_part(s, row_of(RY_ROLE_EACH_FEED, "feed"), i, &parts->feed[i]);
    take_part(s, row_of(RY_ROLE_ONE, "journal"), 0, &parts->journal);
    for (unsigned i = 0; i < s->plan->battle->agents; i++)
        take_part(s, row_of(RY_ROLE_EACH_AGENT, "agent"), i, &parts->agent[i]);
    ry_role_link_leave(&s->parts);
}
