#include "tools/counters/tables.h"

#include <string.h>

#include "agents/counters.h"
#include "core/arena/arena.h"
#include "core/exec/counters.h"
#include "core/journal/counters.h"
#include "core/role/counters.h"
#include "feeds/counters/counters.h"
#include "tools/export/counters.h"
#include "tools/view/counters.h"

const struct ry_counters_of ry_counters_all[] = {
    {"feed", "feed", "royale-feed, one process for each feed", &ry_feed_counter_table,
     RY_FEED_COUNTERS},
    {"exec", "exec", "royale-exec, the market itself", &ry_exec_counter_table,
     RY_EXEC_COUNTERS_OWN},
    {"machine", "exec", "the machine in royale-exec, by the rules of MATCHING.md",
     &ry_arena_counter_table, RY_ARENA_COUNTERS},
    {"journal", "journal", "royale-journal", &ry_journal_counter_table, RY_JOURNAL_COUNTERS},
    {"agent", "agent", "royale-agent, one process for each agent", &ry_host_counter_table,
     RY_HOST_COUNTERS},
    {"export", "export", "royale-export, to Kafka or to files", &ry_export_counter_table,
     RY_EXPORT_COUNTERS},
    {"view", "view", "royale-view, how the battle stands", &ry_view_counter_table,
     RY_VIEW_COUNTERS},
    {"loop", "process", "the run loop, in each of these processes and royale-view",
     &ry_role_counter_table, RY_ROLE_COUNTERS},
    {NULL, NULL, NULL, NULL, 0},
};

/* "feed0" is a feed, "exec" exec; the run loop is in every process. */
static bool is_of(const struct ry_counters_of *of, const char *process)
{
    const size_t length = strlen(of->role);
    return of->table == &ry_role_counter_table ||
           (strncmp(process, of->role, length) == 0 &&
            process[length + strspn(process + length, "0123456789")] == '\0');
}

const struct ry_counter *ry_counters_known(const char *process, const char *name)
{
    for (const struct ry_counters_of *of = ry_counters_all; of->name != NULL; of++)
        for (unsigned i = 0; i < of->count && is_of(of, process); i++)
            if (strcmp(of->table->counter[i].name, name) == 0)
                return &of->table->counter[i];
    return NULL;
}
