#include "tools/watch/watch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shm/clock.h"
#include "shm/printable.h"
#include "tools/watch/internal.h"

#define WATCH_SUFFIX ".watch"
#define INPUTS       "exec.inputs"
/* How often the door is asked for the region of a process that came anew, and how long an answer is
 * waited for. */
#define KNOCK_NS  INT64_C(5000000000)
#define ANSWER_NS (RY_ROLE_DOOR_SECONDS * RY_NS_PER_SECOND)

/* A journal that has not changed for so long is none that a battle begins. */
#define WRITTEN_NS RY_NS_PER_SECOND

/* ---- rows ------------------------------------------------------------------------------------ */

static void keep(struct ry_watch_rows *rows, const struct ry_results_row *row)
{
    rows->row[rows->count++ % RY_WATCH_ROWS] = *row;
}

static void keep_agents(struct ry_watch *w, uint16_t agent, const struct ry_results_row *row)
{
    if (w->agent != NULL && agent < w->results.agents)
        keep(&w->agent[agent], row);
}

static void keep_instruments(struct ry_watch *w, uint16_t instrument,
                             const struct ry_results_row *row)
{
    if (w->instrument != NULL && instrument < w->results.instruments)
        keep(&w->instrument[instrument], row);
}

static void make_room(struct ry_watch *w)
{
    if (w->agent != NULL || w->results.battle.instruments == 0)
        return;
    /* Mapped lazily: of a large battle most instruments never trade. */
    w->agent = calloc((size_t)w->results.agents + 1, sizeof *w->agent);
    w->instrument = calloc(w->results.instruments, sizeof *w->instrument);
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_watch *w = context;
    if (w->row != NULL)
        w->row(w->row_context, row);
    if (!w->keeps_rows)
        return;
    make_room(w);
    switch (row->kind) {
    case RY_RESULTS_ROW_MARKET_TRADE: keep_instruments(w, row->market_trade.instrument, row); break;
    case RY_RESULTS_ROW_STATE: keep_instruments(w, row->state.instrument, row); break;
    case RY_RESULTS_ROW_ORDER: keep_agents(w, row->order.agent, row); break;
    case RY_RESULTS_ROW_CANCEL_REQUEST: keep_agents(w, row->cancel_request.agent, row); break;
    case RY_RESULTS_ROW_DECISION: keep_agents(w, row->decision.agent, row); break;
    case RY_RESULTS_ROW_ACK: keep_agents(w, row->ack.agent, row); break;
    case RY_RESULTS_ROW_REJECT: keep_agents(w, row->reject.agent, row); break;
    case RY_RESULTS_ROW_RESTED: keep_agents(w, row->rested.agent, row); break;
    case RY_RESULTS_ROW_FILL: keep_agents(w, row->fill.agent, row); break;
    case RY_RESULTS_ROW_CANCEL: keep_agents(w, row->cancel.agent, row); break;
    case RY_RESULTS_ROW_HANDED_OVER: keep_agents(w, row->handed_over.agent, row); break;
    case RY_RESULTS_ROW_ROUND:
    case RY_RESULTS_ROW_RANK:
    case RY_RESULTS_ROW_OUT:
    case RY_RESULTS_ROW_STAMP:
    case RY_RESULTS_ROW_INCOMPLETE:
    case RY_RESULTS_ROW_END: keep(&w->game, row); break;
    case RY_RESULTS_ROW_TRADE: /* its fills say the same */
    case RY_RESULTS_ROW_STANDING:
    case RY_RESULTS_ROWS: break;
    }
}

/* ---- its life -------------------------------------------------------------------------------- */

static void open_results(struct ry_watch *w)
{
    ry_results_open(&w->results, &w->follow.reader.file.battle_id, NULL);
    w->results.isolated = (enum ry_isolated)w->follow.reader.file.isolated;
    w->results.row = w->keeps_rows || w->row != NULL ? on_row : NULL;
    w->results.context = w;
}

void ry_watch_tell(struct ry_watch *w, void (*row)(void *context, const struct ry_results_row *row),
                   void *context)
{
    w->row = row;
    w->row_context = context;
    w->results.row = w->keeps_rows || row != NULL ? on_row : NULL;
}

static void close_results(struct ry_watch *w)
{
    ry_results_close(&w->results);
    ry_follow_close(&w->follow);
    free(w->agent);
    free(w->instrument);
    w->agent = w->instrument = NULL;
    w->game.count = 0;
}

int ry_watch_open(struct ry_watch *w, const char *directory, bool keeps_rows, char *error,
                  size_t error_bytes)
{
    memset(w, 0, sizeof *w);
    w->directory = directory;
    w->keeps_rows = keeps_rows;
    if (ry_follow_open(&w->follow, directory, error, error_bytes) != 0)
        return -1;
    w->processes.process = calloc(RY_WATCH_PROCESSES_MAX, sizeof *w->processes.process);
    if (w->processes.process == NULL) {
        snprintf(error, error_bytes, "no memory for the processes of a battle");
        ry_follow_close(&w->follow);
        return -1;
    }
    open_results(w);
    ry_watch_names_read(&w->names, w->directory);
    return 0;
}

void ry_watch_close(struct ry_watch *w)
{
    if (w->knocks)
        close(w->knocked_fd);
    w->knocks = false;
    close_results(w);
    ry_watch_processes_close(&w->processes);
    ry_follow_unobserve(&w->observed);
}

/* ---- a battle that runs ---------------------------------------------------------------------- */

/* "exec" of "exec.watch"; false: that is another region. */
static bool role_of(char role[RY_NAME_BYTES], const char *region)
{
    const char *dot = strchr(region, '.');
    if (dot == NULL || strcmp(dot, WATCH_SUFFIX) != 0 || dot - region >= RY_NAME_BYTES)
        return false;
    snprintf(role, RY_NAME_BYTES, "%.*s", (int)(dot - region), region);
    ry_make_printable(role, strlen(role), '?');
    return true;
}

static struct ry_watch_process *find(struct ry_watch *w, const char *name)
{
    for (unsigned i = 0; i < w->processes.count; i++)
        if (strcmp(w->processes.process[i].name, name) == 0)
            return &w->processes.process[i];
    return NULL;
}

static bool is_same(const struct ry_role_link *one, const struct ry_role_link *other)
{
    const struct ry_region_header *old = one->region.base, *new = other->region.base;
    return ry_role_link_there(one) && old->creator == new->creator &&
           old->created_wall_ns == new->created_wall_ns;
}

/* Takes the watch regions that it does not have. A region that cannot be mapped is not looked at:
 * its process is shown as nothing. */
static void take_regions(struct ry_watch *w, struct ry_role_door *door)
{
    char why[RY_ROLE_DOOR_WHY_BYTES];
    for (unsigned i = 0; i < door->regions; i++) {
        struct ry_role_link link;
        char name[RY_NAME_BYTES];
        if (!role_of(name, door->name[i]) ||
            ry_role_door_join(door, &link, door->name[i], why) != 0)
            continue;
        struct ry_watch_process *process = find(w, name);
        if (process != NULL && is_same(&process->link, &link)) {
            ry_role_link_leave(&link);
            continue;
        }
        if (process == NULL)
            process = ry_watch_process_new(&w->processes, name);
        if (process != NULL)
            ry_watch_process_take(process, &link, false);
        else
            ry_role_link_leave(&link);
    }
}

/* The first answer: a door, or NULL and the reason why there is none. */
static int heard(struct ry_watch *w, struct ry_role_door *door, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    int result = door == NULL ? -1 : ry_follow_observe_by(&w->follow, &w->observed, door, why);
    if (result == 0)
        take_regions(w, door);
    if (door != NULL)
        ry_role_door_leave(door);
    w->running = result == 0;
    w->why[0] = 0;
    w->closed = result != 0 && strcmp(why, RY_ROLE_DOOR_NOBODY) != 0;
    if (result != 0) {
        snprintf(w->why, sizeof w->why, "%s", why);
        if (w->processes.count == 0)
            ry_watch_kept_processes(w);
    }
    return result;
}

int ry_watch_enter(struct ry_watch *w, char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct ry_role_door door;
    if (ry_role_link_there(&w->observed.inputs)) { /* looks go on knocking */
        snprintf(why, RY_ROLE_DOOR_WHY_BYTES, "%s", w->why);
        return w->running ? 0 : -1;
    }
    int result = ry_role_door_enter(&door, w->directory, why);
    result = heard(w, result == 0 ? &door : NULL, why);
    w->knocked_ns = ry_clock_ns();
    return result;
}

void ry_watch_join(struct ry_watch *w, const struct ry_role_link *inputs,
                   const struct ry_role_link *journal)
{
    ry_follow_join(&w->follow, inputs, journal);
    w->running = true;
}

int ry_watch_add(struct ry_watch *w, const struct ry_role_link *watch)
{
    char name[RY_NAME_BYTES];
    char region[RY_REGION_NAME_BYTES];
    if (!ry_role_link_there(watch))
        return -1;
    memcpy(region, ((const struct ry_region_header *)watch->region.base)->name, sizeof region);
    region[sizeof region - 1] = 0;
    if (!role_of(name, region))
        return -1;
    struct ry_watch_process *process = find(w, name);
    if (process == NULL)
        process = ry_watch_process_new(&w->processes, name);
    if (process == NULL)
        return -1;
    ry_watch_process_take(process, watch, true);
    return 0;
}

/* The inputs that are handed out there are those that are followed. */
static bool is_same_battle(const struct ry_watch *w, struct ry_role_door *door)
{
    char why[RY_ROLE_DOOR_WHY_BYTES];
    struct ry_role_link inputs;
    if (ry_role_door_join(door, &inputs, INPUTS, why) != 0)
        return false;
    const bool same = is_same(&w->observed.inputs, &inputs);
    ry_role_link_leave(&inputs);
    return same;
}

/* A later answer. */
static void heard_again(struct ry_watch *w, struct ry_role_door *door, const char *why)
{
    w->running = door != NULL && is_same_battle(w, door);
    w->closed = door == NULL && strcmp(why, RY_ROLE_DOOR_NOBODY) != 0;
    snprintf(w->why, sizeof w->why, "%s",
             w->running     ? ""
             : door == NULL ? why
                            : "another battle runs there: look at it anew");
    if (w->running)
        take_regions(w, door);
    if (door != NULL)
        ry_role_door_leave(door);
}

/* Something stands still. A process that died and was started again has a region of its own anew,
 * which only the door has; and where nobody answers, or it is another battle's, this one does not
 * run. Asked again and again: a supervisor that was stopped may go on. */
static bool should_knock(const struct ry_watch *w, int64_t now_ns)
{
    bool stands = false;
    for (unsigned i = 0; i < w->processes.count; i++)
        stands |= w->processes.process[i].state == RY_WATCH_STANDS;
    return (stands || !w->running) && !w->results.ended && now_ns - w->knocked_ns >= KNOCK_NS &&
           (ry_role_link_there(&w->observed.inputs) || w->closed);
}

/* Without waiting: the answer is looked for at each look. */
static void knock(struct ry_watch *w, int64_t now_ns)
{
    struct ry_role_door door;
    char why[RY_ROLE_DOOR_WHY_BYTES];
    int came = 1;
    if (w->knocks) {
        came = ry_role_door_answer(&door, w->knocked_fd, why);
        if (came == 1 && now_ns - w->knocked_ns >= ANSWER_NS) {
            close(w->knocked_fd);
            snprintf(why, sizeof why, RY_ROLE_DOOR_SILENT);
            came = -1;
        }
    } else if (should_knock(w, now_ns)) {
        w->knocked_fd = ry_role_door_knock(w->directory, why);
        w->knocks = w->knocked_fd >= 0;
        w->knocked_ns = now_ns;
        came = w->knocks ? 1 : -1;
    }
    if (came == 1)
        return;
    w->knocks = false;
    if (ry_role_link_there(&w->observed.inputs))
        heard_again(w, came == 0 ? &door : NULL, why);
    else
        (void)heard(w, came == 0 ? &door : NULL, why);
}

/* ---- steps ----------------------------------------------------------------------------------- */

unsigned ry_watch_step(struct ry_watch *w, unsigned n)
{
    return ry_results_step(&w->results, &w->follow, n);
}

/* May a block come that is not there yet? Of a battle that begins the journal is there before its
 * door. */
static bool is_written(const struct ry_watch *w)
{
    struct stat now;
    if (w->running || w->closed || fstat(w->follow.reader.fd, &now) != 0)
        return true;
    return ry_clock_wall_ns() - (now.st_mtim.tv_sec * RY_NS_PER_SECOND + now.st_mtim.tv_nsec) <
           WRITTEN_NS;
}

enum ry_results_next ry_watch_next(struct ry_watch *w, bool waits)
{
    char error[RY_WATCH_ERROR_BYTES];
    enum ry_results_next next = ry_results_patience(&w->patience, &w->follow, waits);
    if (next != RY_RESULTS_AGAIN)
        return next;
    if (!is_written(w))
        return RY_RESULTS_DAMAGED;
    close_results(w);
    if (ry_follow_open(&w->follow, w->directory, error, sizeof error) != 0) {
        w->follow.status = RY_FOLLOW_DAMAGED;
        snprintf(w->follow.text, sizeof w->follow.text, "%.*s", RY_JOURNAL_TEXT_BYTES - 1, error);
        open_results(w);
        return RY_RESULTS_DAMAGED;
    }
    open_results(w);
    if (ry_role_link_there(&w->observed.inputs))
        ry_follow_join(&w->follow, &w->observed.inputs, &w->observed.journal);
    return RY_RESULTS_WAIT;
}

void ry_watch_look(struct ry_watch *w, int64_t now_ns)
{
    ry_watch_processes_look(w, now_ns, ry_clock_machine_ns());
    if (!ry_watch_broke_off(w))
        w->broke[0] = 0;
    else if (w->broke[0] == 0)
        ry_watch_broke_why(w);
    ry_watch_alarms_make(w, now_ns);
    w->processes.looked_ns = now_ns;
    knock(w, now_ns);
}

void ry_watch_value(struct ry_watch *w)
{
    if (ry_follow_arena(&w->follow) != NULL)
        ry_results_value(&w->results, ry_follow_arena(&w->follow));
}

const char *ry_watch_battle_state(const struct ry_watch *w)
{
    if (w->follow.status == RY_FOLLOW_DAMAGED)
        return "damaged";
    if (w->results.ended)
        return w->results.stopped ? "stopped" : "ended";
    return w->running ? "runs" : w->closed ? "not known" : "broke off";
}
