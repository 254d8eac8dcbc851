#include "core/supervisor/topology.h"

#include <assert.h>
#include <string.h>

/* Thousandths of the machine's memory that count as used by a process beside its own. */
#define OOM_AGENT  500
#define OOM_VIEW   250
#define OOM_MARKET (-500)

static int16_t core_of_exec(const struct ry_battle *battle, unsigned index)
{
    (void)index;
    return battle->core_exec;
}

static int16_t core_of_feed(const struct ry_battle *battle, unsigned index)
{
    return battle->core_feed[index];
}

static int16_t core_of_journal(const struct ry_battle *battle, unsigned index)
{
    (void)index;
    return battle->core_journal;
}

static int16_t core_of_agent(const struct ry_battle *battle, unsigned index)
{
    return battle->agent[index].core;
}

static uint32_t end_s_of_export(const struct ry_battle *battle)
{
    return battle->export.end_s;
}

static int16_t core_of_supervisor(const struct ry_battle *battle, unsigned index)
{
    (void)index;
    return battle->core_supervisor;
}

static const struct ry_supervisor_role roles[] = {
    {
        .name = "exec",
        .way = RY_SUPERVISOR_WAY_EACH,
        .binary = "royale-exec",
        .offers = {"exec.positions", "exec.inputs", "exec.link*"},
        .wants = {"feed*.events", "journal.positions", RY_SUPERVISOR_CONTROL_NAME,
                  "agent*.commands"},
        .death = RY_SUPERVISOR_DEATH_ENDS,
        .end = RY_SUPERVISOR_END_LEADS,
        .oom_score_adj = OOM_MARKET,
        .place = RY_TUNING_EXEC,
        .core = core_of_exec,
    },
    {
        .name = "exec",
        .way = RY_SUPERVISOR_WAY_ONE,
        .binary = "royale-fast",
        .offers = {"exec.inputs", RY_SUPERVISOR_PARTS_NAME, "journal.positions"},
        .wants = {RY_SUPERVISOR_CONTROL_NAME},
        .death = RY_SUPERVISOR_DEATH_ENDS,
        .end = RY_SUPERVISOR_END_LEADS,
        .oom_score_adj = OOM_MARKET,
        .place = RY_TUNING_EXEC,
        .core = core_of_exec,
    },
    {
        .name = "feed",
        .way = RY_SUPERVISOR_WAY_EACH,
        .binary = "royale-feed",
        .number = RY_ROLE_EACH_FEED,
        .offers = {"feed#.events"},
        .wants = {"exec.positions"},
        .death = RY_SUPERVISOR_DEATH_IN_ORDER,
        .end = RY_SUPERVISOR_END_STOPPED,
        .told = RY_CONTROL_FEED_DIED,
        .oom_score_adj = OOM_MARKET,
        .place = RY_TUNING_FEED,
        .core = core_of_feed,
    },
    {
        .name = "journal",
        .way = RY_SUPERVISOR_WAY_EACH,
        .binary = "royale-journal",
        .offers = {"journal.positions"},
        .wants = {"exec.inputs", "exec.positions"},
        .death = RY_SUPERVISOR_DEATH_ENDS,
        .end = RY_SUPERVISOR_END_FOLLOWS,
        .oom_score_adj = OOM_MARKET,
        .place = RY_TUNING_JOURNAL,
        .core = core_of_journal,
    },
    {
        .name = "agent",
        .way = RY_SUPERVISOR_WAY_EACH,
        .binary = "royale-agent",
        .number = RY_ROLE_EACH_AGENT,
        .offers = {"agent#.commands"},
        .wants = {"exec.link#"},
        .death = RY_SUPERVISOR_DEATH_OWN,
        .end = RY_SUPERVISOR_END_IN_TIME,
        .told = RY_CONTROL_AGENT_DIED,
        .still_s = 3,
        .end_s = 5,
        .place = RY_TUNING_AGENT,
        .core = core_of_agent,
        .stranger = true,
        .oom_score_adj = OOM_AGENT,
    },
    {
        .name = "view",
        .way = RY_SUPERVISOR_WAY_EACH,
        .binary = "royale-view",
        .place = RY_TUNING_OBSERVER,
        .wants = {"exec.inputs", "journal.positions"},
        .death = RY_SUPERVISOR_DEATH_TOLD,
        .end = RY_SUPERVISOR_END_IN_TIME,
        .still_s = 10,
        .speaks = true,
        .oom_score_adj = OOM_VIEW,
        .optional = true,
    },
    {
        .name = "export",
        .binary = "royale-export",
        .place = RY_TUNING_OBSERVER,
        .number = RY_ROLE_IF_EXPORT,
        .wants = {"exec.inputs", "journal.positions"},
        .death = RY_SUPERVISOR_DEATH_RESTARTED,
        .end = RY_SUPERVISOR_END_IN_TIME,
        .still_s = 10,
        .end_s_of = end_s_of_export,
        .secrets = true,
        .oom_score_adj = OOM_VIEW,
    },
    {
        .name = "top",
        .binary = "royale-top",
        .place = RY_TUNING_OBSERVER,
        .number = RY_ROLE_IF_SCREEN,
        .wants = {"exec.inputs", "journal.positions", "ROLE.watch"},
        .death = RY_SUPERVISOR_DEATH_TOLD,
        .end = RY_SUPERVISOR_END_IN_TIME,
        .still_s = 10,
        .speaks = true,
        .tidies = true,
        .oom_score_adj = OOM_VIEW,
    },
    {
        .name = "web",
        .binary = "royale-web",
        .place = RY_TUNING_OBSERVER,
        .number = RY_ROLE_IF_WEB,
        .wants = {"exec.inputs", "journal.positions", "ROLE.watch"},
        .death = RY_SUPERVISOR_DEATH_TOLD,
        .end = RY_SUPERVISOR_END_IN_TIME,
        .still_s = 10,
        .oom_score_adj = OOM_VIEW,
    },
};

const struct ry_supervisor_topology ry_supervisor_topology = {
    .role = roles, .count = sizeof roles / sizeof roles[0]};

const struct ry_supervisor_role ry_supervisor_self = {
    .name = "supervisor",
    .binary = "royale",
    .offers = {RY_SUPERVISOR_CONTROL_NAME},
    .wants = {"ROLE.base", "ROLE.watch", RY_SUPERVISOR_POSITIONS_NAME, RY_SUPERVISOR_PARTS_NAME},
    .place = RY_TUNING_OBSERVER,
    .core = core_of_supervisor,
};

const struct ry_supervisor_role ry_supervisor_observers = {
    .name = "observers",
    .wants = {"exec.inputs", "journal.positions", "ROLE.watch", "ROLE.spans"},
};

/* The last one only in a battle with traces. */
static const char *const of_each_role[] = {"ROLE.base", "ROLE.watch", "ROLE.spans"};
#define OF_EACH_ROLE (sizeof of_each_role / sizeof of_each_role[0])
_Static_assert(OF_EACH_ROLE + RY_SUPERVISOR_LINKS_MAX - 2 + RY_AGENTS_MAX <=
                   RY_SUPERVISOR_OFFERED_MAX,
               "one pattern of a row may stand for each agent's region");

static unsigned count_of(enum ry_role_number number, const struct ry_battle *battle)
{
    switch (number) {
    case RY_ROLE_EACH_FEED: return battle->feeds;
    case RY_ROLE_EACH_AGENT: return battle->agents;
    case RY_ROLE_IF_EXPORT: return battle->export.sink != RY_BATTLE_SINK_NONE;
    case RY_ROLE_IF_SCREEN: return battle->screen != 0;
    case RY_ROLE_IF_WEB: return battle->web[0] != '\0';
    case RY_ROLE_ONE:
    case RY_ROLE_EACH_ROLE: break;
    }
    return 1;
}

bool ry_supervisor_topology_single(const struct ry_supervisor_role *role)
{
    return role->number == RY_ROLE_ONE || role->number == RY_ROLE_IF_EXPORT ||
           role->number == RY_ROLE_IF_SCREEN || role->number == RY_ROLE_IF_WEB;
}

unsigned ry_supervisor_topology_processes(const struct ry_supervisor_role *role,
                                          const struct ry_battle *battle)
{
    const bool one = battle->processes == RY_BATTLE_PROCESSES_ONE;
    const enum ry_supervisor_way other = one ? RY_SUPERVISOR_WAY_EACH : RY_SUPERVISOR_WAY_ONE;
    return role->way == other ? 0 : count_of(role->number, battle);
}

void ry_supervisor_topology_name(const struct ry_supervisor_role *role, unsigned index,
                                 char name[RY_NAME_BYTES])
{
    if (ry_supervisor_topology_single(role))
        snprintf(name, RY_NAME_BYTES, "%s", role->name);
    else
        snprintf(name, RY_NAME_BYTES, "%s%u", role->name, index);
}

bool ry_supervisor_topology_wants(const struct ry_supervisor_role *role, unsigned index,
                                  const char *region)
{
    for (unsigned i = 0; role->wants[i] != NULL; i++)
        if (ry_role_link_is(role->wants[i], region, index, RY_ROLE_NO_NUMBER))
            return true;
    return false;
}

static unsigned offered_by_each(const struct ry_battle *battle)
{
    return OF_EACH_ROLE - (battle->trace_every == 0);
}

/* Regions that `pattern` of a row stands for: one, or with "*" one of each of what the link counts.
 */
static unsigned stands_for(const char *pattern, const struct ry_battle *battle)
{
    const struct ry_role_link_row *row = ry_role_link_row(pattern);
    assert(row != NULL); /* tests/unit/supervisor/test_topology.c */
    return strchr(pattern, '*') != NULL ? count_of(row->number, battle) : 1;
}

bool ry_supervisor_topology_offers(const struct ry_supervisor_role *role, unsigned index,
                                   const struct ry_battle *battle, const char *region)
{
    char name[RY_NAME_BYTES];
    ry_supervisor_topology_name(role, index, name);
    size_t length = strlen(name);
    const bool its_own = strncmp(region, name, length) == 0 && region[length] == '.';
    for (unsigned i = 0; its_own && i < offered_by_each(battle); i++)
        if (ry_role_link_is(of_each_role[i], region, index, 0))
            return true;
    for (unsigned i = 0; role->offers[i] != NULL; i++) {
        bool each = strchr(role->offers[i], '*') != NULL;
        unsigned limit = each ? stands_for(role->offers[i], battle) : RY_ROLE_NO_NUMBER;
        if (ry_role_link_is(role->offers[i], region, index, limit))
            return true;
    }
    return false;
}

unsigned ry_supervisor_topology_offered(const struct ry_supervisor_role *role,
                                        const struct ry_battle *battle)
{
    unsigned count = offered_by_each(battle);
    for (unsigned i = 0; role->offers[i] != NULL; i++)
        count += stands_for(role->offers[i], battle);
    return count;
}

/* "0000:3b:00.0" of a PCI address, "ens1f0" of "net_af_xdp0,iface=ens1f0,...". */
static void card_of(const struct ry_battle_feed *feed, char *card, size_t bytes)
{
    static const char key[] = "iface=";
    const char *name = strstr(feed->device, key);
    if (name != NULL)
        name += sizeof key - 1;
    else
        name = strchr(feed->device, ':') != NULL ? feed->device : "";
    snprintf(card, bytes, "%.*s", (int)strcspn(name, ","), name);
}

static void place(const struct ry_supervisor_role *role, const struct ry_battle *battle,
                  struct ry_tuning_placement *placement)
{
    for (unsigned i = 0; i < ry_supervisor_topology_processes(role, battle); i++) {
        assert(placement->count < RY_TUNING_PLACEMENT_MAX);
        struct ry_tuning_placed *process = &placement->process[placement->count++];
        *process =
            (struct ry_tuning_placed){.role = role->place, .wanted = RY_TUNING_PLACEMENT_NONE};
        if (role->core != NULL)
            process->wanted = role->core(battle, i);
        if (role->place == RY_TUNING_FEED && battle->feed[i].port == RY_BATTLE_PORT_DPDK)
            card_of(&battle->feed[i], process->card, sizeof process->card);
        ry_supervisor_topology_name(role, i, process->name);
    }
}

void ry_supervisor_topology_place(const struct ry_supervisor_topology *topology,
                                  const struct ry_battle *battle,
                                  struct ry_tuning_placement *placement)
{
    for (unsigned i = 0; i < topology->count; i++)
        if (!topology->role[i].optional || battle->agents > 0)
            place(&topology->role[i], battle, placement);
    place(&ry_supervisor_self, battle, placement);
}
