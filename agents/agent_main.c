/*
 * royale-agent: the role around agents/host.h and agents/api.h. One process an agent: it makes
 * agentN.commands, maps exec.linkN, loads one strategy into the sandbox and calls it.
 *
 * The socket to the supervisor is closed before the strategy is loaded; the process's own region
 * says the rest (core/role/words.h).
 *
 * A crash of the strategy is the end of this process and of nothing else: the supervisor tells
 * exec.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agents/api.h"
#include "agents/fault.h"
#include "agents/load.h"
#include "agents/sandbox.h"
#include "core/role/role.h"
#include "shm/clock.h"
#include "shm/records/links.h"
#include "shm/records/span.h"

#define STEP_TURNS 256 /* turns of the host in one step: then the run loop has its say */
#define SLEEP_NS   INT64_C(100000000) /* the longest: exec rings for all that there is to do */

struct role {
    struct ry_role_link commands; /* written here */
    struct ry_role_link link;     /* read here */
    uint64_t written, read;       /* in both rings, when exec was rung for last */
    struct ry_host_parts parts;
    struct ry_host host;
    struct ry_host_api api;
    struct ry_host_sandbox sandbox;
    void *memory;
    size_t bytes;
    int library;           /* descriptor of the strategy, until it is loaded */
    struct ry_span answer; /* of a traced wake, its answer not yet written; hop 0: none */
};

/* The leak checker stops threads by ptrace, which this process forbids. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static int make_commands(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_make(process, &role->commands, "commands") != 0)
        return -1;
    struct ry_agent_commands *head = role->commands.own_head;
    role->parts.commands = role->commands.writer;
    role->parts.link_read = &head->link;
    return 0;
}

static int agent_open(struct ry_role_process *process)
{
    struct role *role = process->role;
    char why[RY_HOST_LOAD_WHY_BYTES];
    role->library = -1;
    if (process->index >= process->battle->agents || process->index >= RY_AGENTS_MAX)
        return ry_role_fail(process, "the battle has no agent %u", process->index);
    role->library = ry_host_load_open(process->battle->agent[process->index].strategy, why);
    if (role->library < 0)
        return ry_role_fail(process, "%s", why);
    return make_commands(process);
}

static int agent_sandbox(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_host_sandbox_drop(&role->sandbox, process->user) != 0)
        return ry_role_fail(process, "the supervisor is gone");
    return 0;
}

/* exec and all agents at work at once: an agent that waits keeps nobody from its core. */
static bool has_core(const struct ry_role_process *process)
{
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0 &&
           (unsigned)CPU_COUNT(&cores) > process->battle->agents;
}

static int join_regions(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (ry_role_join(process, &role->link, "exec.link%u", process->index) != 0)
        return -1;
    const struct ry_exec_link *head = role->link.head;
    role->parts.link = role->link.reader;
    role->parts.commands_read = &head->commands;
    struct ry_agent_commands *own = role->commands.own_head;
    ry_wait_at(&process->wait, &own->exec, &head->agent, SLEEP_NS);
    process->wait.patience_ns = has_core(process) ? RY_WAIT_ANSWER_NS : 0;
    return 0;
}

/* All that a host needs but the strategy. */
static int prepare_host(struct ry_role_process *process)
{
    struct role *role = process->role;
    role->parts.instruments = process->battle->instruments;
    role->parts.commands_max = process->battle->commands_max;
    role->parts.see = ry_host_api_see;
    role->parts.see_report = ry_host_api_see_report;
    role->parts.context = &role->api;
    role->bytes = ry_host_footprint(&role->parts);
    role->memory =
        mmap(NULL, role->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (role->memory == MAP_FAILED) {
        role->memory = NULL;
        return ry_role_fail(process, "no memory for the host (%zu bytes): %s", role->bytes,
                            strerror(errno));
    }
    role->parts.memory = role->memory;
    if (ry_host_api_open(&role->api, process->battle, process->index, &role->host, process->log) !=
        0)
        return ry_role_fail(process, "%s", role->api.reason);
    role->api.words = &process->base->words;
    return 0;
}

/* What is closed here no line of the strategy ever has: the socket above all. */
static void lock(struct ry_role_process *process)
{
    struct role *role = process->role;
    ry_role_close_descriptors(process);
    ry_role_hang_up(process);
    ry_host_sandbox_lock(&role->sandbox, RY_ROLE_FD_BATTLE, role->library);
    ry_role_log(process, RY_LOG_INFO, "sandbox: partial: %s; see ISOLATION in royale(1)",
                role->sandbox.missing);
}

static int load(struct ry_role_process *process)
{
    struct role *role = process->role;
    char why[RY_HOST_LOAD_WHY_BYTES];
    const char *path = process->battle->agent[process->index].strategy;
    ry_role_words_enter(&process->base->words, RY_ROLE_CALLBACK_LOAD, 0);
    const struct ry_strategy *strategy = ry_host_load_library(role->library, path, why);
    ry_role_words_leave(&process->base->words);
    close(role->library);
    role->library = -1;
    if (strategy == NULL)
        return ry_role_fail(process, "%s", why);
    if (ry_host_api_attach(&role->api, strategy) != 0)
        return ry_role_fail(process, "%s", role->api.reason);
    role->parts.deaf = strategy->report == NULL;
    ry_host_start(&role->host, &role->parts);
    ry_role_log(process, RY_LOG_INFO, "%s: strategy %s",
                process->battle->agent[process->index].name, path);
    return 0;
}

static int agent_join(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (join_regions(process) != 0 || prepare_host(process) != 0)
        return -1;
    if (ry_host_fault_open(&process->base->words) != 0)
        return ry_role_fail(process, "cannot handle signals: %s", strerror(errno));
    lock(process);
    process->counters = role->host.counters.value;
    process->counter_table = &ry_host_counter_table;
    return load(process);
}

static int failed(struct ry_role_process *process)
{
    struct role *role = process->role;
    ry_role_fail(process, "%s", role->api.reason);
    return RY_ROLE_FAILED;
}

/* Of the answer that was begun, once all of it is written. */
static void trace_answer(struct ry_role_process *process)
{
    struct role *role = process->role;
    if (!ry_host_answered(&role->host))
        return;
    role->answer.end_ns = ry_clock_machine_ns();
    ry_ring_write(process->spans, &role->answer, 1);
    role->answer.hop = 0;
}

/* The callback of a wake that a traced event caused. */
static void wake_traced(struct ry_role_process *process, const struct ry_host_wake *wake)
{
    struct role *role = process->role;
    struct ry_span span = {
        .hop = RY_HOP_CALLBACK,
        .source = wake->traced_source,
        .agent = (uint16_t)process->index,
        .instrument = RY_SPAN_NOBODY,
        .source_seq = wake->traced,
        .begin_ns = ry_clock_machine_ns(),
        .number = wake->number,
    };
    ry_host_api_wake(&role->api, wake);
    span.end_ns = ry_clock_machine_ns();
    ry_ring_write(process->spans, &span, 1);
    role->answer = span;
    role->answer.hop = RY_HOP_ANSWER;
    role->answer.begin_ns = span.end_ns;
}

/* One turn of the host: 1, or 0 when there is nothing to do now, or how the run ends. */
static int turn(struct ry_role_process *process)
{
    struct role *role = process->role;
    struct ry_host_wake wake;
    const enum ry_host_result next = ry_host_next(&role->host, &wake);
    if (role->answer.hop != 0)
        trace_answer(process);
    switch (next) {
    case RY_HOST_WAKE:
        if (wake.traced != 0 && process->spans != NULL)
            wake_traced(process, &wake);
        else
            ry_host_api_wake(&role->api, &wake);
        if (role->api.failed)
            return failed(process);
        ry_host_done(&role->host);
        if (role->answer.hop != 0)
            trace_answer(process);
        return 1;
    case RY_HOST_SEEN: return role->api.failed ? failed(process) : 1;
    case RY_HOST_NONE:
    case RY_HOST_BLOCKED: return 0;
    case RY_HOST_OUT:
        ry_host_api_stop(&role->api, &wake.report);
        return role->api.failed ? failed(process) : RY_ROLE_DONE;
    case RY_HOST_END:
        ry_host_api_stop(&role->api, NULL);
        return role->api.failed ? failed(process) : RY_ROLE_DONE;
    case RY_HOST_LOST: break;
    }
    ry_role_fail(process, "market data was lost: exec has given this agent up");
    return RY_ROLE_FAILED;
}

/* exec may sleep until it has an answer, or until a link that was full has room: rung for an answer
 * when all that was due is answered, of room by the half link. */
static void ring_for_exec(struct ry_role_process *process, bool at_rest)
{
    struct role *role = process->role;
    struct ry_agent_commands *own = role->commands.own_head;
    const struct ry_exec_link *exec = role->link.head;
    const uint64_t written = ry_ring_written(&role->host.parts.commands),
                   read = ry_ring_next(&role->host.parts.link);
    if (read - role->read < RY_LINK_SLOTS / 2 && !(at_rest && written != role->written))
        return;
    role->written = written;
    role->read = read;
    ry_role_ring(process, &own->exec, &exec->agent);
}

static int agent_step(struct ry_role_process *process)
{
    struct role *role = process->role;
    int work = 0, result;
    do {
        result = turn(process);
        work += result > 0;
        ring_for_exec(process, result <= 0);
    } while (result > 0 && work < STEP_TURNS && !ry_load_relaxed(&process->stop));
    role->host.counters.invalid = role->api.invalid;
    role->host.counters.events_cut = role->api.events_cut;
    return result < 0 ? result : work;
}

static void agent_close(struct ry_role_process *process)
{
    struct role *role = process->role;
    ry_host_fault_close();
    if (role->memory != NULL)
        munmap(role->memory, role->bytes);
    if (role->api.battle != NULL)
        ry_host_api_close(&role->api);
    if (role->library >= 0)
        close(role->library);
}

int main(int argc, char **argv)
{
    static const struct ry_role agent_role = {
        .bytes = sizeof(struct role),
        .open = agent_open,
        .sandbox = agent_sandbox,
        .join = agent_join,
        .step = agent_step,
        .close = agent_close,
    };
    return ry_role_main(&agent_role, argc, argv);
}
