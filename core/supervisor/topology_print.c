/*
 * The tables of roles and links for people. docs/ARCHITECTURE.md has them from `royale topology`
 * (tools/docs.sh).
 */
#include <string.h>

#include "core/supervisor/topology.h"

#define CELL_BYTES 256

static void add(char cell[CELL_BYTES], const char *between, const char *what)
{
    size_t length = strlen(cell);
    snprintf(cell + length, CELL_BYTES - length, "%s%s", length > 0 ? between : "", what);
}

/* "feedN", "exec". */
static const char *people_name(const struct ry_supervisor_role *role, char name[RY_NAME_BYTES])
{
    bool one = ry_supervisor_topology_single(role);
    snprintf(name, RY_NAME_BYTES, "%s%s", role->name, one ? "" : "N");
    return name;
}

/* A pattern as people read it: "feed*.events" is feedN.events. */
static void people_pattern(const char *pattern, char name[RY_REGION_NAME_BYTES + 1])
{
    snprintf(name, RY_REGION_NAME_BYTES + 1, "%s", pattern);
    for (char *c = name; *c != '\0'; c++)
        *c = (char)(*c == '*' || *c == '#' ? 'N' : *c);
}

static bool has(const char *const *patterns, const struct ry_role_link_row *link)
{
    for (unsigned i = 0; patterns[i] != NULL; i++)
        if (ry_role_link_row(patterns[i]) == link)
            return true;
    return false;
}

/* Who writes it, or who is handed it. The supervisor and the observers are the last. */
static void parties(char cell[CELL_BYTES], const struct ry_supervisor_topology *topology,
                    const struct ry_role_link_row *link, bool writers)
{
    char name[RY_NAME_BYTES];
    cell[0] = '\0';
    if (writers && link->number == RY_ROLE_EACH_ROLE) {
        add(cell, ", ", "each role");
        return;
    }
    const struct ry_supervisor_role *const last[] = {&ry_supervisor_self, &ry_supervisor_observers};
    for (unsigned i = 0; i < topology->count + 2; i++) {
        const struct ry_supervisor_role *role =
            i < topology->count ? &topology->role[i] : last[i - topology->count];
        if (role->way != RY_SUPERVISOR_WAY_ONE && has(writers ? role->offers : role->wants, link))
            add(cell, ", ", people_name(role, name));
    }
    /* What is made in place of others' stands there for them. */
    for (unsigned i = 0; cell[0] == '\0' && i < topology->count; i++)
        if (has(writers ? topology->role[i].offers : topology->role[i].wants, link))
            add(cell, ", ", people_name(&topology->role[i], name));
}

static void print_links(FILE *out, const struct ry_supervisor_topology *topology)
{
    fputs("| region | written by | read by | holds | bytes | when a reader is slow |\n"
          "|---|---|---|---|---|---|\n",
          out);
    for (unsigned i = 0; i < ry_role_links_count; i++) {
        const struct ry_role_link_row *link = &ry_role_links[i];
        char name[RY_REGION_NAME_BYTES + 1], writers[CELL_BYTES], readers[CELL_BYTES],
            bytes[CELL_BYTES] = "", part[64];
        people_pattern(link->name, name);
        parties(writers, topology, link, true);
        parties(readers, topology, link, false);
        if (link->head_bytes > 0) {
            snprintf(part, sizeof part, "head %zu", link->head_bytes);
            add(bytes, ", ", part);
        }
        if (link->slots > 0) {
            snprintf(part, sizeof part, "ring %llu x %d", (unsigned long long)link->slots,
                     RY_RING_SLOT_BYTES);
            add(bytes, ", ", part);
        }
        fprintf(out, "| `%s` | %s | %s | %s | %s | %s |\n", name, writers, readers, link->holds,
                bytes, link->slow);
    }
}

static const char *death_of(const struct ry_supervisor_role *role)
{
    switch (role->death) {
    case RY_SUPERVISOR_DEATH_ENDS: return "ends the battle";
    case RY_SUPERVISOR_DEATH_IN_ORDER: return "ends the battle, in order";
    case RY_SUPERVISOR_DEATH_OWN: return "before the start ends the battle; later exec is told";
    case RY_SUPERVISOR_DEATH_RESTARTED:
        return "before the start ends the battle; later it is started again";
    case RY_SUPERVISOR_DEATH_TOLD: break;
    }
    return "is said; the battle goes on";
}

static void end_of(const struct ry_supervisor_role *role, char cell[CELL_BYTES])
{
    switch (role->end) {
    case RY_SUPERVISOR_END_LEADS: snprintf(cell, CELL_BYTES, "first"); return;
    case RY_SUPERVISOR_END_FOLLOWS: snprintf(cell, CELL_BYTES, "by itself, after exec"); return;
    case RY_SUPERVISOR_END_STOPPED: snprintf(cell, CELL_BYTES, "stopped when exec is done"); return;
    case RY_SUPERVISOR_END_IN_TIME: break;
    }
    snprintf(cell, CELL_BYTES, "by itself; killed after %u s without a heartbeat", role->still_s);
    size_t length = strlen(cell);
    if (role->end_s_of != NULL)
        snprintf(cell + length, CELL_BYTES - length,
                 "; stopped when the battle file's time is over");
    else if (role->end_s > 0)
        snprintf(cell + length, CELL_BYTES - length, ", %u s in all", role->end_s);
}

static const char *core_of(const struct ry_supervisor_role *role)
{
    switch (role->place) {
    case RY_TUNING_EXEC:
    case RY_TUNING_FEED:
    case RY_TUNING_AGENT: return "its own";
    case RY_TUNING_JOURNAL: return "its own, if one is left";
    case RY_TUNING_OBSERVER: break;
    }
    return "those that keep house";
}

static void print_roles(FILE *out, const struct ry_supervisor_topology *topology)
{
    fputs("| role | binary | how many | core | its death | its end |\n|---|---|---|---|---|---|\n",
          out);
    for (unsigned i = 0; i < topology->count; i++) {
        const struct ry_supervisor_role *role = &topology->role[i];
        char end[CELL_BYTES], name[RY_NAME_BYTES];
        end_of(role, end);
        fprintf(out, "| %s | `%s` | %s | %s | %s | %s |\n", people_name(role, name), role->binary,
                role->way == RY_SUPERVISOR_WAY_ONE
                    ? "one, with `--fast`, for all but those who look on"
                : role->number == RY_ROLE_EACH_FEED  ? "one a feed"
                : role->number == RY_ROLE_EACH_AGENT ? "one an agent"
                : role->number == RY_ROLE_IF_EXPORT  ? "one, with an export"
                : role->number == RY_ROLE_IF_SCREEN  ? "one, on a terminal"
                : role->number == RY_ROLE_IF_WEB     ? "one, with `--web`"
                : role->optional                     ? "one, with agents"
                                                     : "one",
                core_of(role), death_of(role), end);
    }
}

void ry_supervisor_topology_print(FILE *out, const struct ry_supervisor_topology *topology)
{
    print_roles(out, topology);
    fputc('\n', out);
    print_links(out, topology);
}
