#include "tools/one/agent.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/copy.h"
#include "core/supervisor/cause.h"
#include "core/supervisor/own_battle.h"
#include "shm/log.h"

#define TURN_WAKES 256 /* then others have their turn */

/* Rings of one core's: what is written into them is read soon, out of its cache. */
#define LINK_SLOTS     256
#define COMMANDS_SLOTS 64

static int fail(struct ry_one_agent *agent, const char *what)
{
    snprintf(agent->death, sizeof agent->death, "%s", what);
    return -1;
}

static int make_rings(struct ry_one_agent *agent, const char *directory)
{
    char role[RY_NAME_BYTES], name[RY_SUPERVISOR_ROLE_LOG_NAME_BYTES];
    snprintf(role, sizeof role, "agent%u", agent->index);
    ry_supervisor_role_log_name(name, role, agent->whole->agent[agent->index].name);
    if (ry_one_log_open(&agent->log, directory, name, true) != 0 ||
        ry_one_ring_make(&agent->link, LINK_SLOTS) != 0 ||
        ry_one_ring_make(&agent->commands, COMMANDS_SLOTS) != 0)
        return fail(agent, strerror(errno));
    agent->parts.link = agent->link.reader;
    agent->parts.commands = agent->commands.writer;
    agent->parts.commands_read = &agent->link_head.commands;
    agent->parts.link_read = &agent->commands_head.link;
    return 0;
}

static int make_host(struct ry_one_agent *agent)
{
    agent->parts.instruments = agent->battle->instruments;
    agent->parts.commands_max = agent->battle->commands_max;
    agent->parts.see = ry_host_api_see;
    agent->parts.see_report = ry_host_api_see_report;
    agent->parts.context = &agent->api;
    agent->bytes = ry_host_footprint(&agent->parts);
    agent->parts.memory = agent->memory = ry_one_reserve(agent->bytes);
    if (agent->memory == NULL)
        return fail(agent, "no memory for the host");
    if (ry_host_api_open(&agent->api, agent->battle, agent->index, &agent->host,
                         &agent->log.ring.writer) != 0)
        return fail(agent, agent->api.reason);
    agent->api.words = &agent->words;
    return 0;
}

/* ---- loading --------------------------------------------------------------------------------- */

struct loading {
    struct ry_one_agent *agent;
    const struct ry_strategy *strategy;
    char why[RY_HOST_LOAD_WHY_BYTES];
};

static void load_now(void *context)
{
    struct loading *loading = context;
    struct ry_one_agent *agent = loading->agent;
    agent->house->enter(&agent->words, &agent->host.counters.callbacks, &agent->log);
    ry_role_words_enter(&agent->words, RY_ROLE_CALLBACK_LOAD, 0);
    loading->strategy = ry_host_load_library(
        agent->library, agent->whole->agent[agent->index].strategy, loading->why);
    ry_role_words_leave(&agent->words);
    agent->house->leave();
}

/* Constructors are a callback that may crash, and hang, like others. */
static int load_copy(struct ry_one_agent *agent)
{
    struct loading loading = {.agent = agent};
    const enum ry_one_left left = agent->house->run(load_now, &loading);
    if (left == RY_ONE_STALLED)
        return fail(agent, "has not been loaded within game.load_s");
    if (left == RY_ONE_CRASHED)
        return fail(agent, "crashed while its library was loaded");
    if (left == RY_ONE_LEFT)
        return fail(agent, "called exit() while its library was loaded");
    if (loading.strategy == NULL)
        return fail(agent, loading.why);
    if (ry_host_api_attach(&agent->api, loading.strategy) != 0)
        return fail(agent, agent->api.reason);
    agent->parts.deaf = loading.strategy->report == NULL;
    return 0;
}

static int load(struct ry_one_agent *agent)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    const char *path = agent->whole->agent[agent->index].strategy;
    const int fd = ry_host_load_open(path, why);
    if (fd < 0)
        return fail(agent, why);
    agent->library = ry_host_copy(fd, path, why);
    close(fd);
    return agent->library < 0 ? fail(agent, why) : load_copy(agent);
}

/* ---- the caller's own ------------------------------------------------------------------------ */

/* Whose callback it is: the strategy's view of an agent lies in that. */
static struct ry_one_called *called_of(struct ry_agent *agent, enum ry_role_callback kind)
{
    struct ry_host_api *api = (struct ry_host_api *)(void *)agent;
    struct ry_one_agent *whole =
        (struct ry_one_agent *)(void *)((char *)api - offsetof(struct ry_one_agent, api));
    whole->called.kind = kind;
    return &whole->called;
}
_Static_assert(offsetof(struct ry_host_api, agent) == 0, "an agent is the beginning of its api");

static void put_start(struct ry_agent *agent)
{
    (void)called_of(agent, RY_ROLE_CALLBACK_START);
}

static void put_market(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    struct ry_one_called *called = called_of(agent, RY_ROLE_CALLBACK_MARKET);
    called->event = event;
    called->count = count;
}

static void put_report(struct ry_agent *agent, const struct ry_report_event *report)
{
    struct ry_one_called *called = called_of(agent, RY_ROLE_CALLBACK_REPORT);
    called->has_report = true;
    called->report = *report;
}

static void put_timer(struct ry_agent *agent)
{
    (void)called_of(agent, RY_ROLE_CALLBACK_TIMER);
}

/* The report of its OUT came before. */
static void put_stop(struct ry_agent *agent)
{
    (void)called_of(agent, RY_ROLE_CALLBACK_STOP);
}

void ry_one_agent_listen(struct ry_one_agent *agent, bool market, bool report, bool timer)
{
    agent->puts_down = (struct ry_strategy){
        .abi = RY_AGENT_ABI,
        .bytes = sizeof agent->puts_down,
        .start = put_start,
        .market = market ? put_market : NULL,
        .report = report ? put_report : NULL,
        .timer = timer ? put_timer : NULL,
        .stop = put_stop,
    };
    agent->parts.deaf = agent->host.parts.deaf = !report;
}

static int attach_caller(struct ry_one_agent *agent)
{
    ry_one_agent_listen(agent, true, true, true);
    agent->api.starts_later = true;
    return ry_host_api_attach(&agent->api, &agent->puts_down) == 0 ? 0
                                                                   : fail(agent, agent->api.reason);
}

void ry_one_agent_answer(struct ry_one_agent *agent)
{
    const enum ry_role_callback kind = agent->called.kind;
    agent->called = (struct ry_one_called){.kind = RY_ROLE_CALLBACK_NONE};
    if (kind == RY_ROLE_CALLBACK_STOP)
        return;
    if (kind == RY_ROLE_CALLBACK_START)
        ry_host_api_started(&agent->api);
    if (!agent->api.failed)
        ry_host_done(&agent->host);
}

/* ---- opening --------------------------------------------------------------------------------- */

int ry_one_agent_open(struct ry_one_agent *agent, const struct ry_one_agent_options *options)
{
    const struct ry_battle *battle = options->battle;
    const unsigned index = options->index;
    struct ry_role_part *part = options->part;
    agent->house = options->house;
    agent->callers = options->callers;
    agent->whole = battle;
    agent->index = index;
    agent->library = -1;
    agent->part = part;
    agent->by_default = ry_one_floats_word();
    agent->battle = ry_supervisor_own_battle(battle, index);
    if (make_rings(agent, options->directory) != 0 || make_host(agent) != 0 ||
        (agent->callers ? attach_caller(agent) : load(agent)) != 0)
        return -1;
    ry_host_start(&agent->host, &agent->parts);
    if (part != NULL)
        ry_counters_create(&part->counters, &ry_host_counter_table, NULL);
    ry_log(&agent->log.ring.writer, RY_LOG_INFO, "%s: strategy %s", battle->agent[index].name,
           agent->callers ? "of the program" : battle->agent[index].strategy);
    ry_one_log_drain(&agent->log);
    return 0;
}

void ry_one_agent_parts(struct ry_one_agent *agent, struct ry_exec_parts_agent *parts)
{
    *parts = (struct ry_exec_parts_agent){
        .link = agent->link.writer,
        .link_head = &agent->link_head,
        .commands = agent->commands.reader,
        .commands_head = &agent->commands_head,
    };
}

/* ---- its turn -------------------------------------------------------------------------------- */

static enum ry_one_turn over(struct ry_one_agent *agent, const struct ry_report *out)
{
    ry_host_api_stop(&agent->api, out);
    return RY_ONE_TURN_OVER;
}

static enum ry_one_turn take_wakes(struct ry_one_agent *agent)
{
    struct ry_host_wake wake;
    for (unsigned i = 0; i < TURN_WAKES && !agent->api.failed; i++) {
        switch (ry_host_next(&agent->host, &wake)) {
        case RY_HOST_WAKE:
            ry_host_api_wake(&agent->api, &wake);
            if (agent->called.kind != RY_ROLE_CALLBACK_NONE)
                return RY_ONE_TURN_MORE;
            if (!agent->api.failed)
                ry_host_done(&agent->host);
            break;
        case RY_HOST_SEEN: break;
        case RY_HOST_NONE: return RY_ONE_TURN_IDLE;
        case RY_HOST_BLOCKED: return RY_ONE_TURN_MORE;
        case RY_HOST_OUT: return over(agent, &wake.report);
        case RY_HOST_END: return over(agent, NULL);
        case RY_HOST_LOST: ry_host_api_fail(&agent->api, "market data was lost"); break;
        }
    }
    return RY_ONE_TURN_MORE;
}

/* As the supervisor would put it of a process that has ended so. */
static enum ry_one_turn died(struct ry_one_agent *agent, int status, const char *failed)
{
    struct ry_supervisor_evidence evidence = {
        .status = status,
        .pid = getpid(),
        .own_user = true, /* no other process has anything to do with it */
        .failed = failed,
        .battle = agent->whole,
    };
    char text[RY_SUPERVISOR_CAUSE_TEXT_BYTES];
    ry_role_words_read(&agent->words, &evidence.noted);
    agent->outside = ry_supervisor_cause(&evidence, text) == RY_DIED_OUTSIDE;
    snprintf(agent->death, sizeof agent->death, "died: %.*s; the battle goes on",
             RY_ROLE_MESSAGE_TEXT_BYTES, text);
    return agent->end = RY_ONE_TURN_DIED;
}

static enum ry_one_turn stalled(struct ry_one_agent *agent)
{
    struct ry_role_testimony noted;
    char where[RY_SUPERVISOR_CAUSE_WHERE_BYTES];
    ry_role_words_read(&agent->words, &noted);
    ry_supervisor_cause_where(agent->whole, &noted, where);
    snprintf(agent->death, sizeof agent->death, "has not come back, %s: left there", where);
    return agent->end = RY_ONE_TURN_STALLED;
}

static enum ry_one_turn crashed(struct ry_one_agent *agent)
{
    return died(agent, (int)ry_load_relaxed(&agent->words.signal), NULL);
}

static enum ry_one_turn failed(struct ry_one_agent *agent)
{
    ry_log(&agent->log.ring.writer, RY_LOG_ERROR, "%s", agent->api.reason);
    return died(agent, EXIT_FAILURE << 8, agent->api.reason);
}

/* Nothing of the turn is left in what is everybody's. */
static void leave(struct ry_one_agent *agent)
{
    ry_one_floats_leave(&agent->floats, agent->by_default);
    agent->house->leave();
    ry_one_log_drain(&agent->log);
}

enum ry_one_turn ry_one_agent_turn(struct ry_one_agent *agent)
{
    agent->house->enter(&agent->words, &agent->host.counters.callbacks, &agent->log);
    ry_one_floats_enter(&agent->floats);
    agent->turn = take_wakes(agent);
    if (agent->api.failed)
        agent->turn = failed(agent);
    else if (agent->turn == RY_ONE_TURN_OVER)
        agent->end = RY_ONE_TURN_OVER;
    leave(agent);
    return agent->turn;
}

enum ry_one_turn ry_one_agent_left(struct ry_one_agent *agent, enum ry_one_left left)
{
    if (left == RY_ONE_CRASHED)
        agent->turn = crashed(agent);
    else if (left == RY_ONE_LEFT)
        agent->turn = died(agent, (agent->house->code() & UINT8_MAX) << 8, NULL);
    else
        agent->turn = stalled(agent);
    leave(agent);
    return agent->turn;
}

void ry_one_agent_close(struct ry_one_agent *agent)
{
    agent->host.counters.invalid = agent->api.invalid;
    agent->host.counters.events_cut = agent->api.events_cut;
    if (agent->part != NULL && agent->memory != NULL)
        ry_counters_publish(&agent->part->counters, 0, agent->host.counters.value,
                            RY_HOST_COUNTERS);
    if (agent->api.battle != NULL)
        ry_host_api_close(&agent->api);
    ry_one_release(agent->memory, agent->bytes);
    if (agent->library >= 0)
        close(agent->library);
    ry_one_log_close(&agent->log);
    ry_one_ring_free(&agent->link);
    ry_one_ring_free(&agent->commands);
    free(agent->battle);
}
