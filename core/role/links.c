/*
 * The table of links: which region holds what. Who writes and who reads each stands in the table of
 * roles (core/supervisor/topology.c); `royale topology` prints both, docs/ARCHITECTURE.md shows
 * them. A new link is one row here and its head in shm/records/links.h.
 */
#include "core/role/link.h"

#include "core/role/parts.h"
#include "core/role/role.h"
#include "shm/records/links.h"
#include "shm/records/span.h"

const struct ry_role_link_row ry_role_links[] = {
    {
        .name = "ROLE.base",
        .number = RY_ROLE_EACH_ROLE,
        .layout = UINT64_C(0x5259426173650004),
        .head_bytes = sizeof(struct ry_role_base),
        .holds = "heartbeat, phase; an agent's last words",
        .slow = "words: the last value counts",
    },
    {
        .name = "ROLE.watch",
        .number = RY_ROLE_EACH_ROLE,
        .layout = UINT64_C(0x5259577463680002),
        .head_bytes = sizeof(struct ry_role_watch),
        .slots = RY_LOG_SLOTS,
        .holds = "counters; log ring",
        .slow = "lapped: lost lines are counted",
    },
    {
        .name = "ROLE.spans",
        .number = RY_ROLE_EACH_ROLE,
        .layout = UINT64_C(0x52595370616e0001),
        .slots = RY_SPANS_SLOTS,
        .holds = "only with `trace` in the battle file: ring of the spans of traced events",
        .slow = "lapped: lost spans are counted by who reads them",
    },
    {
        .name = "feed*.events",
        .number = RY_ROLE_EACH_FEED,
        .layout = UINT64_C(0x5259457674730002),
        .head_bytes = sizeof(struct ry_feed_events),
        .slots = RY_EVENTS_SLOTS,
        .holds = "bell for exec; ring of normalised events (`struct ry_input`)",
        .slow = "the feed waits, and with it the file or the driver",
    },
    {
        .name = "exec.positions",
        .layout = UINT64_C(0x5259506f73730003),
        .head_bytes = sizeof(struct ry_exec_positions),
        .holds =
            "how far exec has read each feed's ring and the control ring; who is out; bells for feeds "
            "and journal",
        .slow = "words: the last value counts",
    },
    {
        .name = "exec.inputs",
        .layout = UINT64_C(0x5259496e70730001),
        .slots = RY_INPUTS_SLOTS,
        .holds = "ring of the sequenced inputs",
        .slow = "exec waits for the journal; followers are lapped and read on from the journal",
    },
    {
        .name = "exec.link*",
        .number = RY_ROLE_EACH_AGENT,
        .layout = UINT64_C(0x52594c6e6b730001),
        .head_bytes = sizeof(struct ry_exec_link),
        .slots = RY_LINK_SLOTS,
        .holds =
            "how far exec has read the agent's commands; bell for the agent; ring of what it is "
            "told: market, reports, wakes",
        .slow = "exec writes on later; while nothing is owed it waits, up to the stall limit",
    },
    {
        .name = "agent*.commands",
        .number = RY_ROLE_EACH_AGENT,
        .layout = UINT64_C(0x5259436d64730002),
        .head_bytes = sizeof(struct ry_agent_commands),
        .slots = RY_COMMANDS_SLOTS,
        .holds = "how far the agent has read its link; bell for exec; ring of its commands and "
                 "acknowledgements",
        .slow = "the agent waits",
    },
    {
        .name = "exec.parts",
        .layout = UINT64_C(0x5259506172740001),
        .head_bytes = sizeof(struct ry_role_parts),
        .holds = "only where the battle is one process: counters and deaths of the roles in it",
        .slow = "words: the last value counts",
    },
    {
        .name = "journal.positions",
        .layout = UINT64_C(0x52594a6f75720002),
        .head_bytes = sizeof(struct ry_journal_positions),
        .holds = "how far the journal has read; inputs written, inputs durable; bell for exec",
        .slow = "words: the last value counts",
    },
    {
        .name = "supervisor.control",
        .layout = UINT64_C(0x525943746c730002),
        .slots = RY_CONTROL_SLOTS,
        .holds = "ring of control records: stop, feed died, agent died",
        .slow = "never full by size",
    },
};

const unsigned ry_role_links_count = sizeof ry_role_links / sizeof ry_role_links[0];
