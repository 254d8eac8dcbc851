/*
 * royale-agent: the role around agents/host.h and agents/api.h. One process an agent: it makes
 * agentN.commands, maps exec.market and exec.reportsN, loads one strategy into the sandbox and
 * calls it.
 *
 * A crash of the strategy is the end of this process and of nothing else: the supervisor tells
 * exec.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agents/api.h"
#include "agents/load.h"
#include "agents/sandbox.h"
#include "core/role/role.h"
#include "shm/records/links.h"

#define STEP_TURNS 256 /* turns of the host in one step: then the run loop has its say */

struct role {
    struct ry_region commands;                   /* written here */
    struct ry_region market, reports, exec_base; /* read here; the last is woken */
    struct ry_host_parts parts;
    struct ry_host host;
    struct ry_host_api api;
    struct ry_host_sandbox sandbox;
    void *memory;
    size_t bytes;
    int library; /* descriptor of the strategy, until it is loaded */
};

static struct role role = {.library = -1};

/* The leak checker stops threads by ptrace, which this process forbids. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static int make_commands(struct ry_role_process *process)
{
    char name[RY_REGION_NAME_BYTES];
    snprintf(name, sizeof name, "agent%u.commands", process->index);
    const size_t bytes = sizeof(struct ry_agent_commands) + ry_ring_footprint(RY_COMMANDS_SLOTS);
    int error = ry_region_create(&role.commands, name, RY_LAYOUT_COMMANDS, 1, bytes);
    if (error != RY_REGION_OK)
        return ry_role_fail(process, "cannot make %s: %s", name, ry_region_strerror(error));
    struct ry_agent_commands *head = ry_region_body(&role.commands);
    ry_ring_create(&role.parts.commands, head + 1, RY_COMMANDS_SLOTS);
    role.parts.market_read = &head->market;
    role.parts.reports_read = &head->reports;
    ry_region_publish(&role.commands);
    return ry_role_offer(process, name, &role.commands);
}

static int agent_open(struct ry_role_process *process)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    process->role = &role;
    if (process->index >= process->battle->agents || process->index >= RY_AGENTS_MAX)
        return ry_role_fail(process, "the battle has no agent %u", process->index);
    role.library = ry_host_load_open(process->battle->agent[process->index].strategy, why);
    if (role.library < 0)
        return ry_role_fail(process, "%s", why);
    return make_commands(process);
}

static int agent_sandbox(struct ry_role_process *process)
{
    if (ry_host_sandbox_drop(&role.sandbox, process->index) != 0)
        return ry_role_fail(process, "the supervisor is gone");
    return 0;
}

/* Maps a region that begins with a head of `head_bytes` and holds a ring behind it. */
static int join_ring(struct ry_role_process *process, struct ry_region *region, const char *name,
                     uint64_t layout, size_t head_bytes, struct ry_ring_reader *reader)
{
    if (ry_role_wanted(process, name, layout, region) != 0)
        return -1;
    const size_t bytes = ry_region_body_bytes(region);
    if (bytes < head_bytes ||
        ry_ring_join(reader, (const unsigned char *)ry_region_body(region) + head_bytes,
                     bytes - head_bytes) != 0)
        return ry_role_fail(process, "%s holds no ring", name);
    return 0;
}

static int join_regions(struct ry_role_process *process)
{
    char reports[RY_REGION_NAME_BYTES];
    snprintf(reports, sizeof reports, "exec.reports%u", process->index);
    if (join_ring(process, &role.market, "exec.market", RY_LAYOUT_MARKET,
                  sizeof(struct ry_exec_market), &role.parts.market) != 0 ||
        join_ring(process, &role.reports, reports, RY_LAYOUT_REPORTS,
                  sizeof(struct ry_exec_reports), &role.parts.reports) != 0 ||
        ry_role_wanted(process, "exec.base", RY_LAYOUT_BASE, &role.exec_base) != 0)
        return -1;
    if (ry_region_body_bytes(&role.exec_base) < sizeof(struct ry_role_base))
        return ry_role_fail(process, "exec.base is too small");
    role.parts.mark = &((const struct ry_exec_market *)ry_region_body(&role.market))->mark;
    role.parts.commands_read =
        &((const struct ry_exec_reports *)ry_region_body(&role.reports))->commands;
    return 0;
}

static int start_host(struct ry_role_process *process)
{
    role.parts.instruments = process->battle->instruments;
    role.parts.commands_max = process->battle->commands_max;
    role.parts.market_queue = RY_HOST_MARKET_QUEUE;
    role.parts.reports_queue = RY_HOST_REPORTS_QUEUE;
    role.parts.see = ry_host_api_see;
    role.parts.context = &role.api;
    role.bytes = ry_host_footprint(&role.parts);
    role.memory = mmap(NULL, role.bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (role.memory == MAP_FAILED) {
        role.memory = NULL;
        return ry_role_fail(process, "no memory for the host's queues (%zu bytes): %s", role.bytes,
                            strerror(errno));
    }
    role.parts.memory = role.memory;
    ry_host_start(&role.host, &role.parts);
    if (ry_host_api_open(&role.api, process->battle, process->index, &role.host, process->log) != 0)
        return ry_role_fail(process, "%s", role.api.reason);
    return 0;
}

/* The descriptors of what is mapped are not needed any more; ry_region_leave shall not close
 * others' in their place. */
static void lock(struct ry_role_process *process)
{
    struct ry_region *const mapped[] = {&role.commands, &role.market, &role.reports,
                                        &role.exec_base};
    for (unsigned i = 0; i < sizeof mapped / sizeof *mapped; i++) {
        close(mapped[i]->fd);
        mapped[i]->fd = -1;
    }
    ry_host_sandbox_lock(&role.sandbox, RY_ROLE_FD_SOCKET, role.library);
    ry_role_log(process, RY_LOG_INFO, "sandbox: partial: in force: %s; not in force: %s",
                role.sandbox.in_force, role.sandbox.missing);
}

static int load(struct ry_role_process *process)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    const char *path = process->battle->agent[process->index].strategy;
    const struct ry_strategy *strategy = ry_host_load_library(role.library, path, why);
    close(role.library);
    role.library = -1;
    if (strategy == NULL)
        return ry_role_fail(process, "%s", why);
    if (ry_host_api_attach(&role.api, strategy) != 0)
        return ry_role_fail(process, "%s", role.api.reason);
    ry_role_log(process, RY_LOG_INFO, "%s: strategy %s",
                process->battle->agent[process->index].name, path);
    return 0;
}

static int agent_join(struct ry_role_process *process)
{
    if (join_regions(process) != 0 || start_host(process) != 0)
        return -1;
    lock(process);
    process->counters = role.host.counters.value;
    process->counter_table = &ry_host_counter_table;
    return load(process);
}

static int failed(struct ry_role_process *process)
{
    ry_role_fail(process, "%s", role.api.reason);
    return RY_ROLE_FAILED;
}

/* One turn of the host: 1, or 0 when there is nothing to do now, or how the run ends. */
static int turn(struct ry_role_process *process)
{
    struct ry_host_wake wake;
    switch (ry_host_next(&role.host, &wake)) {
    case RY_HOST_WAKE:
        ry_host_api_wake(&role.api, &wake);
        if (role.api.failed)
            return failed(process);
        ry_host_done(&role.host);
        return 1;
    case RY_HOST_SEEN: return role.api.failed ? failed(process) : 1;
    case RY_HOST_NONE:
    case RY_HOST_BLOCKED: return 0;
    case RY_HOST_OUT:
        ry_host_api_stop(&role.api, &wake.report);
        return role.api.failed ? failed(process) : RY_ROLE_DONE;
    case RY_HOST_END:
        ry_host_api_stop(&role.api, NULL);
        return role.api.failed ? failed(process) : RY_ROLE_DONE;
    case RY_HOST_LOST: break;
    }
    ry_role_fail(process, "market data was lost: exec has given this agent up");
    return RY_ROLE_FAILED;
}

static int agent_step(struct ry_role_process *process)
{
    int work = 0, result;
    do {
        result = turn(process);
        work += result > 0;
    } while (result > 0 && work < STEP_TURNS && !ry_load_relaxed(&process->stop));
    role.host.counters.invalid = role.api.invalid;
    /* It may sleep until it has room, or our answer. */
    (void)ry_wake(&((const struct ry_role_base *)ry_region_body(&role.exec_base))->park);
    return result < 0 ? result : work;
}

static void agent_close(struct ry_role_process *process)
{
    (void)process;
    struct ry_region *const regions[] = {&role.commands, &role.market, &role.reports,
                                         &role.exec_base};
    for (unsigned i = 0; i < sizeof regions / sizeof *regions; i++)
        if (regions[i]->base != NULL)
            ry_region_leave(regions[i]);
    if (role.memory != NULL)
        munmap(role.memory, role.bytes);
    if (role.api.battle != NULL)
        ry_host_api_close(&role.api);
    if (role.library >= 0)
        close(role.library);
}

int main(int argc, char **argv)
{
    static const struct ry_role agent_role = {
        .name = "agent",
        .numbered = true,
        .open = agent_open,
        .sandbox = agent_sandbox,
        .join = agent_join,
        .step = agent_step,
        .close = agent_close,
    };
    return ry_role_main(&agent_role, argc, argv);
}
