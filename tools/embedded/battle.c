/* A battle of the caller's: opening, stepping, the end. */
#include "tools/embedded/internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/arena/arena.h"

#define INPUTS_SLOTS  (UINT64_C(1) << 16) /* all instruments of a largest battle, twice */
#define CONTROL_SLOTS 64                  /* nobody says anything there */
_Static_assert(2 * (1 + RY_INSTRUMENTS_MAX) <= INPUTS_SLOTS, "the first inputs fit");

int ry_embedded_fail(struct ry_embedded *e, const char *format, ...)
{
    if (e->error[0] != '\0')
        return -1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(e->error, sizeof e->error, format, arguments);
    va_end(arguments);
    return -1;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int make_rings(struct ry_embedded *e, const char *directory)
{
    if (ry_one_log_open(&e->log, directory, "exec", false) != 0 ||
        ry_one_ring_make(&e->inputs, INPUTS_SLOTS) != 0 ||
        ry_one_ring_make(&e->control, CONTROL_SLOTS) != 0)
        return ry_embedded_fail(e, "its rings or its log in %s: %s",
                                directory == NULL ? "no folder" : directory, strerror(errno));
    return 0;
}

static int open_battle(struct ry_embedded *e, const char *file,
                       const struct ry_embedded_options *options)
{
    uint64_t callers;
    if (ry_embedded_read(e, file, options) != 0 ||
        ry_embedded_callers(e, file, options->agents, &callers) != 0)
        return -1;
    const char *directory = e->directory[0] == '\0' ? NULL : e->directory;
    if (make_rings(e, directory) != 0)
        return -1;
    const struct ry_one_options one = {
        .battle = e->battle,
        .directory = directory,
        .log = &e->log.ring.writer,
        .control = e->control.reader,
        .inputs = e->inputs.writer,
        .inputs_read = e->inputs.reader,
        .isolated = RY_ISOLATED_ONE,
        .journal = &e->positions,
        .house = &ry_one_house_none,
        .callers = callers,
    };
    e->opened = true;
    const int opened = ry_one_open(&e->one, &one);
    ry_one_log_drain(&e->log);
    return opened == 0 ? 0 : ry_embedded_fail(e, "%s: %s", file, e->one.error);
}

struct ry_embedded *ry_embedded_open(const char *file, const struct ry_embedded_options *options,
                                     char error[RY_EMBEDDED_ERROR_BYTES])
{
    const struct ry_embedded_options nothing = {.directory = NULL};
    struct ry_embedded *e = ry_one_reserve(sizeof *e);
    if (e == NULL) {
        snprintf(error, RY_EMBEDDED_ERROR_BYTES, "no memory for a battle: %s", strerror(errno));
        return NULL;
    }
    e->lock = -1;
    if (open_battle(e, file, options == NULL ? &nothing : options) == 0)
        return e;
    memcpy(error, e->error, sizeof e->error);
    ry_embedded_close(e);
    return NULL;
}

/* ---- agents ---------------------------------------------------------------------------------- */

unsigned ry_embedded_agents(const struct ry_embedded *e)
{
    return e->battle->agents;
}

int ry_embedded_find(const struct ry_embedded *e, const char *name)
{
    for (unsigned i = 0; i < e->battle->agents; i++)
        if (strcmp(e->battle->agent[i].name, name) == 0)
            return (int)i;
    return -1;
}

static struct ry_one_agent *own_agent(struct ry_embedded *e, unsigned index)
{
    return index < e->battle->agents && e->one.agent[index].callers ? &e->one.agent[index] : NULL;
}

struct ry_agent *ry_embedded_agent(struct ry_embedded *e, unsigned index)
{
    struct ry_one_agent *agent = own_agent(e, index);
    return agent == NULL ? NULL : &agent->api.agent;
}

bool ry_embedded_listen(struct ry_embedded *e, unsigned index, unsigned ears)
{
    struct ry_one_agent *agent = own_agent(e, index);
    if (agent == NULL || e->phase != RY_EMBEDDED_NEW)
        return false;
    ry_one_agent_listen(agent, (ears & RY_EMBEDDED_HEARS_MARKET) != 0,
                        (ears & RY_EMBEDDED_HEARS_REPORT) != 0,
                        (ears & RY_EMBEDDED_HEARS_TIMER) != 0);
    return true;
}

bool ry_embedded_use(struct ry_embedded *e, unsigned index, const struct ry_strategy *strategy)
{
    const unsigned ears = (strategy->market != NULL ? (unsigned)RY_EMBEDDED_HEARS_MARKET : 0) |
                          (strategy->report != NULL ? (unsigned)RY_EMBEDDED_HEARS_REPORT : 0) |
                          (strategy->timer != NULL ? (unsigned)RY_EMBEDDED_HEARS_TIMER : 0);
    struct ry_one_agent *agent = own_agent(e, index);
    if (agent == NULL || agent->api.state != NULL || !ry_embedded_listen(e, index, ears))
        return false;
    agent->puts_down.state_bytes = strategy->state_bytes;
    return ry_host_api_attach(&agent->api, &agent->puts_down) == 0;
}

static int64_t clamped(__int128 money)
{
    return money > INT64_MAX ? INT64_MAX : money < INT64_MIN ? INT64_MIN : (int64_t)money;
}

bool ry_embedded_account(const struct ry_embedded *e, unsigned index,
                         struct ry_embedded_figures *account)
{
    struct ry_arena_account from;
    if (index >= e->battle->agents)
        return false;
    ry_arena_account(e->one.exec.arena, (uint16_t)index, &from);
    *account = (struct ry_embedded_figures){
        .cash = clamped(from.cash),
        .equity = clamped(from.equity),
        .value = clamped(from.value),
        .fills = from.fills,
        .rejects = from.rejects,
        .open_orders = from.open_orders,
        .out = from.out,
    };
    return true;
}

/* ---- stepping -------------------------------------------------------------------------------- */

static const enum ry_embedded_kind kinds[RY_ROLE_CALLBACKS] = {
    [RY_ROLE_CALLBACK_START] = RY_EMBEDDED_START,   [RY_ROLE_CALLBACK_MARKET] = RY_EMBEDDED_MARKET,
    [RY_ROLE_CALLBACK_REPORT] = RY_EMBEDDED_REPORT, [RY_ROLE_CALLBACK_TIMER] = RY_EMBEDDED_TIMER,
    [RY_ROLE_CALLBACK_STOP] = RY_EMBEDDED_STOP,
};

static enum ry_embedded_next called(struct ry_embedded *e, struct ry_embedded_wake *wake)
{
    struct ry_one_agent *agent = &e->one.agent[e->one.called];
    const struct ry_one_called *what = &agent->called;
    *wake = (struct ry_embedded_wake){
        .agent = &agent->api.agent,
        .index = e->one.called,
        .kind = kinds[what->kind],
        .event = what->event,
        .count = what->count,
        .report = what->has_report ? &what->report : NULL,
    };
    return RY_EMBEDDED_WAKE;
}

static enum ry_embedded_next broken(struct ry_embedded *e)
{
    (void)ry_embedded_fail(e, "%s", e->one.error);
    e->phase = RY_EMBEDDED_BROKEN;
    return RY_EMBEDDED_FAILED;
}

/* A feed that is a pipe has nothing yet. */
static void wait_for_feed(void)
{
    const struct timespec pause = {.tv_nsec = RY_NS_PER_SECOND / 1000};
    (void)nanosleep(&pause, NULL);
}

enum ry_embedded_next ry_embedded_step(struct ry_embedded *e, struct ry_embedded_wake *wake)
{
    *wake = (struct ry_embedded_wake){.agent = NULL};
    if (e->phase == RY_EMBEDDED_BROKEN)
        return RY_EMBEDDED_FAILED;
    if (e->phase > RY_EMBEDDED_RUNS)
        return RY_EMBEDDED_END;
    e->phase = RY_EMBEDDED_RUNS;
    for (;;) {
        const enum ry_one_result result = ry_one_step(&e->one);
        ry_one_log_drain(&e->log);
        switch (result) {
        case RY_ONE_IDLE: wait_for_feed(); break;
        case RY_ONE_WORKED: break;
        case RY_ONE_CALLED: return called(e, wake);
        case RY_ONE_DONE: e->phase = RY_EMBEDDED_ENDED; return RY_EMBEDDED_END;
        case RY_ONE_FAILED:
        case RY_ONE_BROKEN: return broken(e);
        }
    }
}

const char *ry_embedded_error(const struct ry_embedded *e)
{
    return e->error;
}

/* ---- the end --------------------------------------------------------------------------------- */

bool ry_embedded_finish(struct ry_embedded *e, struct ry_embedded_result *result)
{
    const struct ry_arena *arena = e->one.exec.arena;
    if (e->phase != RY_EMBEDDED_ENDED) {
        (void)ry_embedded_fail(e, "the battle is not over: call ry_embedded_step until it says "
                                  "RY_EMBEDDED_END, then ry_embedded_finish once");
        return false;
    }
    *result = (struct ry_embedded_result){
        .inputs = e->one.exec.counters.machine.inputs,
        .input_hash = ry_arena_input_hash(arena),
        .output_hash = ry_arena_output_hash(arena),
        .book_hash = ry_arena_book_hash(arena),
        .state_hash = ry_arena_state_hash(arena),
    };
    e->phase = RY_EMBEDDED_FINISHED;
    return e->directory[0] == '\0' || ry_embedded_write(e, result) == 0;
}

void ry_embedded_close(struct ry_embedded *e)
{
    if (e == NULL)
        return;
    if (e->opened) {
        if (e->phase == RY_EMBEDDED_RUNS || e->phase == RY_EMBEDDED_NEW)
            (void)ry_one_save(&e->one);
        ry_one_close(&e->one);
    }
    ry_one_log_close(&e->log);
    ry_one_ring_free(&e->inputs);
    ry_one_ring_free(&e->control);
    if (e->lock >= 0)
        close(e->lock);
    free(e->battle);
    ry_one_release(e, sizeof *e);
}
