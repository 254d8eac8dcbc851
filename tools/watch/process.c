#include "tools/watch/process.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "shm/log.h"
#include "shm/printable.h"
#include "tools/watch/internal.h"

#define LINES_A_LOOK 8192 /* of one process: who writes on and on does not keep the display */

const char *ry_watch_state_name(enum ry_watch_state state)
{
    switch (state) {
    case RY_WATCH_STARTS: return "starts";
    case RY_WATCH_RUNS: return "runs";
    case RY_WATCH_STANDS: return "stands";
    case RY_WATCH_ENDED: return "ended";
    }
    return "?";
}

/* ---- counters by name ------------------------------------------------------------------------ */

static int index_of(const struct ry_watch_process *process, const char *name)
{
    const struct ry_counters_description *are = process->description;
    for (unsigned i = 0; i < process->counters && i < are->count; i++)
        if (strcmp(are->labels.text + are->labels.label[i].name, name) == 0)
            return (int)i;
    return -1;
}

bool ry_watch_counter(const struct ry_watch_process *process, const char *name, uint64_t *value)
{
    int at = index_of(process, name);
    if (at >= 0)
        *value = process->value[at];
    return at >= 0;
}

static uint64_t counter_or_0(const struct ry_watch_process *process, const char *name)
{
    uint64_t value = 0;
    return process != NULL && ry_watch_counter(process, name, &value) ? value : 0;
}

const struct ry_watch_process *ry_watch_process_find(const struct ry_watch_processes *processes,
                                                     const char *name)
{
    for (unsigned i = 0; i < processes->count; i++)
        if (strcmp(processes->process[i].name, name) == 0)
            return &processes->process[i];
    return NULL;
}

bool ry_watch_is_feed(const struct ry_watch_process *process)
{
    return strncmp(process->name, "feed", strlen("feed")) == 0;
}

/* ---- coming and going ------------------------------------------------------------------------ */

struct ry_watch_process *ry_watch_process_new(struct ry_watch_processes *processes,
                                              const char *name)
{
    if (processes->count == RY_WATCH_PROCESSES_MAX)
        return NULL;
    struct ry_watch_process *process = &processes->process[processes->count];
    *process = (struct ry_watch_process){
        .state = RY_WATCH_STARTS, .core = -1, .beat_age_ns = -1, .busy_permille = -1};
    process->quiet_ns = -1;
    process->lag_unit = process->rate_unit = process->waits_for = "";
    process->description = calloc(1, sizeof *process->description);
    if (process->description == NULL)
        return NULL;
    snprintf(process->name, sizeof process->name, "%s", name);
    processes->count++;
    return process;
}

static void let_go(struct ry_watch_process *process)
{
    if (!process->borrowed)
        ry_role_link_leave(&process->link);
    process->link = (struct ry_role_link){.region.fd = -1};
}

void ry_watch_process_take(struct ry_watch_process *process, const struct ry_role_link *link,
                           bool borrowed)
{
    let_go(process);
    process->link = *link;
    process->link.next = NULL;
    process->borrowed = borrowed;
    process->description->count = 0;
    process->counters = 0;
    process->looks = 0;
}

void ry_watch_processes_close(struct ry_watch_processes *processes)
{
    for (unsigned i = 0; i < processes->count; i++) {
        let_go(&processes->process[i]);
        free(processes->process[i].description);
    }
    free(processes->process);
    *processes = (struct ry_watch_processes){.count = 0};
}

/* ---- one look at one process ----------------------------------------------------------------- */

static void read_log(struct ry_watch_process *process)
{
    union {
        struct ry_log_record record;
        unsigned char room[RY_RING_RECORD_BYTES_MAX];
    } line;
    int got = 1;
    for (unsigned taken = 0; taken < LINES_A_LOOK && got != 0; taken++) {
        got = ry_log_next(&process->link.reader, &line.record);
        if (got <= 0 || line.record.level > RY_LOG_WARN)
            continue;
        struct ry_watch_line *kept = &process->line[process->lines++ % RY_WATCH_LINES];
        kept->level = (enum ry_log_level)line.record.level;
        kept->wall_ns = line.record.wall_ns;
        snprintf(kept->text, sizeof kept->text, "%.*s", (int)line.record.length, line.record.text);
        ry_make_printable(kept->text, strlen(kept->text), '?'); /* a letter may have been cut */
    }
}

/* Copies the counters in; false: they have none yet, or they are damaged. */
static bool read_counters(struct ry_watch_process *process)
{
    const struct ry_role_watch *watch = process->link.head;
    if (process->description->count == 0 &&
        !ry_counters_describe(&watch->counters, process->description))
        return false;
    memcpy(process->before, process->value, sizeof process->before);
    process->counters =
        ry_counters_read(&watch->counters, process->value, process->description->count);
    return true;
}

/* What it does most, by the name of the counter: of each process the first that it has. */
static const struct {
    const char *name, *unit;
} does[] = {
    {"events", "events"}, {"inputs", "inputs"},    {"records", "records"},
    {"rows", "rows"},     {"loops_busy", "loops"},
};

static int index_of_doing(const struct ry_watch_process *process, const char **unit)
{
    for (unsigned i = 0; i < sizeof does / sizeof does[0]; i++) {
        int at = index_of(process, does[i].name);
        *unit = does[i].unit;
        if (at >= 0)
            return at;
    }
    return -1;
}

static uint64_t grown(const struct ry_watch_process *process, int at)
{
    return at >= 0 && process->value[at] > process->before[at]
               ? process->value[at] - process->before[at]
               : 0;
}

/* Rates are over the time between the two copies, which the process itself has stamped. */
static void make_rates(struct ry_watch_process *process, int64_t now_ns)
{
    const int at = index_of_doing(process, &process->rate_unit);
    const uint64_t passed = grown(process, index_of(process, "copied_ns")),
                   did = grown(process, at);
    const uint64_t busy = grown(process, index_of(process, "busy_ns"));
    const bool again = process->looks > 0;
    if (!again || did > 0)
        process->moved_ns = now_ns;
    process->quiet_ns = again ? now_ns - process->moved_ns : -1;
    process->rate =
        again && passed > 0 ? (uint64_t)((unsigned __int128)did * RY_NS_PER_SECOND / passed) : 0;
    process->busy_permille = !again           ? -1
                             : passed == 0    ? 0
                             : busy >= passed ? 1000
                                              : (int)((unsigned __int128)busy * 1000 / passed);
}

static void make_losses(struct ry_watch_process *process)
{
    static const char *const losses[] = {
        "gaps",        "lapped",     "device_missed",   "device_no_memory",
        "orders_full", "events_cut", "outputs_skipped", "overruns",
    };
    process->lost = 0;
    for (unsigned i = 0; i < sizeof losses / sizeof losses[0]; i++)
        process->lost += counter_or_0(process, losses[i]);
}

static bool is_out(const struct ry_watch *w, const struct ry_watch_process *process)
{
    unsigned number;
    return sscanf(process->name, "agent%u", &number) == 1 && number < w->results.agents &&
           w->results.agent[number].out != RY_OUT_NONE;
}

/* An agent that is out may end; everybody, when the battle is over or runs no more. */
static enum ry_watch_state state_of(const struct ry_watch *w,
                                    const struct ry_watch_process *process)
{
    const uint64_t phase = counter_or_0(process, "phase");
    const bool stands = process->beat_age_ns >= RY_WATCH_STALE_NS;
    if (phase >= RY_ROLE_PHASE_CLOSED)
        return RY_WATCH_ENDED;
    if (stands && (w->results.ended || (!w->running && !w->closed) || is_out(w, process)))
        return RY_WATCH_ENDED;
    if (phase < RY_ROLE_PHASE_RUN)
        return RY_WATCH_STARTS;
    return stands ? RY_WATCH_STANDS : RY_WATCH_RUNS;
}

static void look(const struct ry_watch *w, struct ry_watch_process *process, int64_t now_ns,
                 int64_t machine_ns)
{
    read_log(process);
    if (!read_counters(process))
        return;
    const int64_t copied = (int64_t)counter_or_0(process, "copied_ns");
    process->core = (int)(counter_or_0(process, "core") & INT16_MAX);
    process->beat_age_ns = copied > 0 && copied <= machine_ns ? machine_ns - copied : 0;
    process->state = state_of(w, process);
    if (process->state == RY_WATCH_ENDED)
        process->beat_age_ns = -1;
    make_rates(process, now_ns);
    make_losses(process);
    process->looks++;
}

/* ---- what follows from several --------------------------------------------------------------- */

static uint64_t behind(uint64_t ahead, uint64_t read)
{
    return ahead > read ? ahead - read : 0;
}

/* "agent3" is the battle file's agent 3, "feed0" its feed 0. */
static void name_own(const struct ry_watch *w, struct ry_watch_process *process)
{
    unsigned number;
    if (process->own[0] != 0)
        return;
    if (sscanf(process->name, "agent%u", &number) == 1 && number < w->results.agents)
        (void)ry_printable(process->own, w->results.agent[number].name, sizeof process->own);
    else if (sscanf(process->name, "feed%u", &number) == 1 && number < RY_FEEDS_MAX)
        snprintf(process->own, sizeof process->own, "%s", w->names.feed[number]);
}

/* What all feeds have published and exec has not taken. */
static uint64_t not_taken(const struct ry_watch *w, const struct ry_watch_process *exec)
{
    char taken[RY_COUNTER_NAME_MAX];
    uint64_t sum = 0;
    for (unsigned i = 0; i < w->processes.count; i++) {
        const struct ry_watch_process *feed = &w->processes.process[i];
        snprintf(taken, sizeof taken, "%.16s_events", feed->name);
        if (ry_watch_is_feed(feed))
            sum += behind(counter_or_0(feed, "events"), counter_or_0(exec, taken));
    }
    return sum;
}

static void make_lag(const struct ry_watch *w, struct ry_watch_process *process)
{
    const struct ry_watch_process *exec = ry_watch_process_find(&w->processes, "exec");
    uint64_t value;
    process->lag = 0;
    process->lag_unit = "";
    if (process->state == RY_WATCH_ENDED)
        return;
    if (process == exec) {
        process->lag = not_taken(w, exec);
        process->lag_unit = "events";
    } else if (ry_watch_counter(process, "lag_inputs", &value)) {
        process->lag = value;
        process->lag_unit = "inputs";
    } else if (ry_watch_counter(process, "inputs_written", &value)) {
        process->lag = behind(counter_or_0(exec, "inputs"), value);
        process->lag_unit = "inputs";
    }
}

/* Who holds exec up: while feeds have more for it than it has taken, whom it stood still for most
 * often since the last look. */
static void make_waits(struct ry_watch_process *exec)
{
    static const struct {
        const char *counter, *whom;
    } waits[] = {
        {"agent_waits", "agents"},
        {"room_waits", "agents"},
        {"stream_waits", "agents"},
        {"input_waits", "the journal"},
    };
    uint64_t most = 0;
    exec->waits_for = "";
    if (exec->state != RY_WATCH_RUNS || exec->busy_permille < 0 || exec->busy_permille >= 500)
        return;
    if (exec->lag == 0)
        exec->waits_for = "feeds";
    for (unsigned i = 0; i < sizeof waits / sizeof waits[0] && exec->lag > 0; i++) {
        const uint64_t times = grown(exec, index_of(exec, waits[i].counter));
        if (times > most)
            exec->waits_for = waits[i].whom;
        most = times > most ? times : most;
    }
}

void ry_watch_processes_look(struct ry_watch *w, int64_t now_ns, int64_t machine_ns)
{
    for (unsigned i = 0; i < w->processes.count; i++) {
        struct ry_watch_process *process = &w->processes.process[i];
        if (ry_role_link_there(&process->link))
            look(w, process, now_ns, machine_ns);
        name_own(w, process);
    }
    for (unsigned i = 0; i < w->processes.count; i++) {
        make_lag(w, &w->processes.process[i]);
        if (strcmp(w->processes.process[i].name, "exec") == 0)
            make_waits(&w->processes.process[i]);
    }
}
