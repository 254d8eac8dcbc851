#include "tuning/noise.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tuning/noise_files.h"

#define FIELD_STOLEN   8 /* of a line of /proc/stat */
#define FIELD_ARRIVALS 9 /* of a line of /proc/schedstat, since its version 15 */

enum part { INTERRUPTS, SOFTIRQS, ARRIVALS, STOLEN, TASKS, PARTS };
static const char *const part_path[PARTS] = {"/proc/interrupts", "/proc/softirqs",
                                             "/proc/schedstat", "/proc/stat", "/proc"};

/* What could be asked of one watched process. */
struct watched {
    struct ry_tuning_noise_process process;
    bool there;                /* it has not ended */
    bool ended;                /* and this is what it did in all: */
    uint64_t given_up, forced; /* of all threads */
    unsigned first, threads;   /* of `thread` */
};

struct ry_tuning_noise_look {
    const struct ry_tuning_host *host;
    int64_t time_ns;
    struct ry_tuning_noise_cpus cpus;
    int error[PARTS]; /* 0: it is known */
    struct ry_tuning_noise_table table[2];
    uint64_t *arrivals, *stolen;
    unsigned tasks, tasks_room;
    struct ry_tuning_noise_task *task; /* by number; of everybody but the watched */
    unsigned threads, threads_room;
    struct ry_tuning_noise_task *thread; /* of the watched */
    unsigned watched_count;
    struct watched *watched;
};

/* ---- a look ---------------------------------------------------------------------------------- */

/* Room for one more. */
static struct ry_tuning_noise_task *more(struct ry_tuning_noise_task **array, unsigned count,
                                         unsigned *room)
{
    if (count == *room) {
        unsigned larger = *room == 0 ? 64 : 2 * *room;
        void *moved = realloc(*array, larger * sizeof **array);
        if (moved == NULL)
            return NULL;
        *array = moved;
        *room = larger;
    }
    return &(*array)[count];
}

static bool is_number(const char *name)
{
    return name[0] != '\0' && name[strspn(name, "0123456789")] == '\0' && strlen(name) < 10;
}

static bool is_watched(const struct ry_tuning_noise_look *look, pid_t pid)
{
    for (unsigned i = 0; i < look->watched_count; i++)
        if (look->watched[i].process.pid == pid)
            return true;
    return false;
}

/* Who has gone meanwhile is none. */
static void take_task(void *context, const char *name)
{
    struct ry_tuning_noise_look *look = context;
    char path[64];
    struct ry_tuning_noise_task found;
    if (!is_number(name) || look->error[TASKS] == -ENOMEM)
        return;
    pid_t pid = (pid_t)strtol(name, NULL, 10);
    if (is_watched(look, pid) || ry_tuning_noise_read_stat(look->host, pid, &found) != 0)
        return;
    snprintf(path, sizeof path, "/proc/%d", (int)pid);
    (void)ry_tuning_noise_read_status(look->host, path, &found);
    struct ry_tuning_noise_task *task = more(&look->task, look->tasks, &look->tasks_room);
    if (task == NULL) {
        look->error[TASKS] = -ENOMEM;
        return;
    }
    *task = found;
    look->tasks++;
}

static int by_pid(const void *a, const void *b)
{
    pid_t left = ((const struct ry_tuning_noise_task *)a)->pid,
          right = ((const struct ry_tuning_noise_task *)b)->pid;
    return (left > right) - (left < right);
}

/* Where no kernel thread is to be seen they are hidden: a container, or hidepid. */
static void look_at_tasks(struct ry_tuning_noise_look *look)
{
    bool kernel = false;
    if (!ry_tuning_host_list(look->host, "/proc", take_task, look) && look->error[TASKS] == 0)
        look->error[TASKS] = -ENOENT;
    if (look->tasks > 1)
        qsort(look->task, look->tasks, sizeof *look->task, by_pid);
    for (unsigned i = 0; i < look->tasks; i++)
        kernel |= look->task[i].kernel;
    if (!kernel && look->error[TASKS] == 0)
        look->error[TASKS] = -EPERM;
}

struct listing {
    struct ry_tuning_noise_look *look;
    struct watched *of;
    char folder[64];
};

static void take_thread(void *context, const char *name)
{
    struct listing *listing = context;
    struct ry_tuning_noise_look *look = listing->look;
    char path[160];
    struct ry_tuning_noise_task found = {.pid = 0};
    if (!is_number(name))
        return;
    found.pid = (pid_t)strtol(name, NULL, 10);
    snprintf(path, sizeof path, "%s/%d", listing->folder, (int)found.pid);
    if (ry_tuning_noise_read_status(look->host, path, &found) != 0)
        return;
    struct ry_tuning_noise_task *thread = more(&look->thread, look->threads, &look->threads_room);
    if (thread == NULL)
        return;
    *thread = found;
    look->threads++;
    listing->of->there = true;
}

static void look_at_watched(struct ry_tuning_noise_look *look, struct watched *watched)
{
    struct listing listing = {.look = look, .of = watched};
    watched->first = look->threads;
    if (watched->process.pid > 0) {
        snprintf(listing.folder, sizeof listing.folder, "/proc/%d/task", (int)watched->process.pid);
        (void)ry_tuning_host_list(look->host, listing.folder, take_thread, &listing);
    }
    watched->threads = look->threads - watched->first;
}

static bool make_room(struct ry_tuning_noise_look *look, const struct ry_tuning_cpus *cores,
                      const struct ry_tuning_noise_process *process, unsigned processes)
{
    for (int cpu = ry_tuning_cpus_next(cores, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(cores, (unsigned)cpu + 1))
        look->cpus.cpu[look->cpus.count++] = (unsigned)cpu;
    look->arrivals = calloc(look->cpus.count + 1, sizeof *look->arrivals);
    look->stolen = calloc(look->cpus.count + 1, sizeof *look->stolen);
    look->watched = calloc(processes + 1, sizeof *look->watched);
    if (look->arrivals == NULL || look->stolen == NULL || look->watched == NULL)
        return false;
    for (unsigned i = 0; i < processes; i++)
        look->watched[i].process = process[i];
    look->watched_count = processes;
    return true;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * RY_NS_PER_SECOND + now.tv_nsec;
}

struct ry_tuning_noise_look *ry_tuning_noise_look(const struct ry_tuning_host *host,
                                                  const struct ry_tuning_cpus *cores,
                                                  const struct ry_tuning_noise_process *process,
                                                  unsigned processes)
{
    struct ry_tuning_noise_look *look = calloc(1, sizeof *look);
    if (look == NULL)
        return NULL;
    look->host = host;
    if (!make_room(look, cores, process, processes)) {
        ry_tuning_noise_forget(look);
        return NULL;
    }
    look->time_ns = now_ns();
    for (unsigned i = 0; i < processes; i++)
        look_at_watched(look, &look->watched[i]);
    for (unsigned i = INTERRUPTS; i <= SOFTIRQS; i++)
        look->error[i] =
            ry_tuning_noise_read_table(host, part_path[i], &look->cpus, &look->table[i]);
    look->error[ARRIVALS] = ry_tuning_noise_read_field(host, part_path[ARRIVALS], FIELD_ARRIVALS,
                                                       &look->cpus, look->arrivals);
    look->error[STOLEN] = ry_tuning_noise_read_field(host, part_path[STOLEN], FIELD_STOLEN,
                                                     &look->cpus, look->stolen);
    look_at_tasks(look);
    return look;
}

void ry_tuning_noise_forget(struct ry_tuning_noise_look *look)
{
    if (look == NULL)
        return;
    ry_tuning_noise_table_free(&look->table[INTERRUPTS]);
    ry_tuning_noise_table_free(&look->table[SOFTIRQS]);
    free(look->arrivals);
    free(look->stolen);
    free(look->task);
    free(look->thread);
    free(look->watched);
    free(look);
}

void ry_tuning_noise_ended(struct ry_tuning_noise_look *look, unsigned process, uint64_t given_up,
                           uint64_t forced)
{
    assert(process < look->watched_count);
    look->watched[process].ended = true;
    look->watched[process].given_up = given_up;
    look->watched[process].forced = forced;
}

/* ---- between two looks ----------------------------------------------------------------------- */

/* Into the most frequent ones, in order; of equals the first. */
static void keep(struct ry_tuning_noise_rows *rows, const struct ry_tuning_noise_label *label,
                 uint64_t times)
{
    unsigned at = rows->count;
    rows->times += times;
    while (at > 0 && rows->row[at - 1].times < times)
        at--;
    if (rows->count == RY_TUNING_NOISE_ROWS_MAX)
        rows->more++;
    else
        rows->count++;
    if (at == RY_TUNING_NOISE_ROWS_MAX)
        return;
    memmove(&rows->row[at + 1], &rows->row[at], (rows->count - 1 - at) * sizeof rows->row[0]);
    struct ry_tuning_noise_row *row = &rows->row[at];
    memcpy(row->id, label->id, sizeof row->id);
    memcpy(row->name, label->name, sizeof row->name);
    row->times = times;
}

/* Where the row was before; rows seldom move. -1: it was not there. */
static int row_before(const struct ry_tuning_noise_table *before, const char *id, unsigned guess)
{
    for (unsigned i = 0; i < before->rows; i++) {
        unsigned at = (guess + i) % before->rows;
        if (strcmp(before->label[at].id, id) == 0)
            return (int)at;
    }
    return -1;
}

static void count_rows(struct ry_tuning_noise *noise, enum part part,
                       const struct ry_tuning_noise_look *before,
                       const struct ry_tuning_noise_look *after)
{
    const struct ry_tuning_noise_table *was = &before->table[part], *is = &after->table[part];
    const unsigned cpus = after->cpus.count;
    for (unsigned row = 0; row < is->rows; row++) {
        int old = row_before(was, is->label[row].id, row);
        for (unsigned i = 0; i < cpus; i++) {
            struct ry_tuning_noise_core *core = &noise->core[i];
            uint64_t now = is->times[(size_t)row * cpus + i];
            uint64_t then = old < 0 ? 0 : was->times[(size_t)old * cpus + i];
            if (now == RY_TUNING_NOISE_MISSING)
                continue;
            if (then == RY_TUNING_NOISE_MISSING) /* it was offline, and its counts go on */
                continue;
            core->online |= part == INTERRUPTS; /* softirqs have a column of each CPU */
            uint64_t times = ry_tuning_noise_moved(then, now);
            if (times > 0)
                keep(part == INTERRUPTS ? &core->interrupts : &core->softirqs, &is->label[row],
                     times);
        }
    }
}

static bool both(const struct ry_tuning_noise_look *before,
                 const struct ry_tuning_noise_look *after, enum part part)
{
    return before->error[part] == 0 && after->error[part] == 0;
}

static bool both_have(uint64_t before, uint64_t after)
{
    return before != RY_TUNING_NOISE_MISSING && after != RY_TUNING_NOISE_MISSING;
}

static const struct ry_tuning_noise_task *task_before(const struct ry_tuning_noise_look *before,
                                                      const struct ry_tuning_noise_task *now)
{
    const struct ry_tuning_noise_task *then =
        before->tasks == 0
            ? NULL
            : bsearch(now, before->task, before->tasks, sizeof *before->task, by_pid);
    return then != NULL && then->started == now->started ? then : NULL;
}

/* By switches, the most first. */
static void keep_thread(struct ry_tuning_noise_core *core,
                        const struct ry_tuning_noise_thread *thread)
{
    unsigned at = core->threads;
    while (at > 0 && core->thread[at - 1].switches < thread->switches)
        at--;
    if (core->threads == RY_TUNING_NOISE_ROWS_MAX)
        core->threads_more++;
    else
        core->threads++;
    if (at == RY_TUNING_NOISE_ROWS_MAX)
        return;
    memmove(&core->thread[at + 1], &core->thread[at],
            (core->threads - 1 - at) * sizeof core->thread[0]);
    core->thread[at] = *thread;
}

static void count_task(struct ry_tuning_noise *noise, const struct ry_tuning_noise_task *then,
                       const struct ry_tuning_noise_task *now)
{
    static const struct ry_tuning_noise_task none = {.cpu = -1};
    const struct ry_tuning_noise_task *old = then != NULL ? then : &none;
    uint64_t switches = now->given_up + now->forced, before = old->given_up + old->forced;
    uint64_t ticks = now->ticks - (old->ticks < now->ticks ? old->ticks : now->ticks);
    if (switches == before && ticks == 0)
        return; /* it did not run */
    struct ry_tuning_noise_thread thread = {
        .pid = now->pid,
        .kernel = now->kernel,
        .bound = now->only_cpu >= 0,
        .moved = then != NULL && then->cpu != now->cpu,
        .switches = switches > before ? switches - before : 0,
        .ran_ms = ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK),
    };
    memcpy(thread.name, now->name, sizeof thread.name);
    for (unsigned i = 0; i < noise->cores; i++)
        if (now->cpu == (int)noise->core[i].core) /* there it ran last */
            keep_thread(&noise->core[i], &thread);
}

static void count_cores(struct ry_tuning_noise *noise, const struct ry_tuning_noise_look *before,
                        const struct ry_tuning_noise_look *after)
{
    const uint64_t tick_ms = 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
    for (unsigned i = 0; i < noise->cores; i++) {
        struct ry_tuning_noise_core *core = &noise->core[i];
        core->core = after->cpus.cpu[i];
        core->interrupts.known = both(before, after, INTERRUPTS);
        core->online = !core->interrupts.known;
        core->softirqs.known = both(before, after, SOFTIRQS);
        core->threads_known = both(before, after, TASKS);
        core->arrivals_known = both_have(before->arrivals[i], after->arrivals[i]);
        if (core->arrivals_known)
            core->arrivals = ry_tuning_noise_moved(before->arrivals[i], after->arrivals[i]);
        core->stolen_known = both_have(before->stolen[i], after->stolen[i]);
        if (core->stolen_known)
            core->stolen_ms = ry_tuning_noise_moved(before->stolen[i], after->stolen[i]) * tick_ms;
    }
    for (enum part part = INTERRUPTS; part <= SOFTIRQS; part++)
        if (both(before, after, part))
            count_rows(noise, part, before, after);
    for (unsigned i = 0; i < after->tasks && both(before, after, TASKS); i++)
        count_task(noise, task_before(before, &after->task[i]), &after->task[i]);
}

/* Threads that ended meanwhile are in what wait4 said of the whole process, or nowhere. */
static void count_switches(struct ry_tuning_noise_switches *switches,
                           const struct ry_tuning_noise_look *before,
                           const struct ry_tuning_noise_look *after, unsigned process)
{
    const struct watched *was = &before->watched[process], *is = &after->watched[process];
    uint64_t given_up = is->ended ? is->given_up : 0, forced = is->ended ? is->forced : 0;
    switches->process = is->process;
    switches->known = was->there && (is->there || is->ended);
    for (unsigned i = 0; !is->ended && i < is->threads; i++) {
        given_up += after->thread[is->first + i].given_up;
        forced += after->thread[is->first + i].forced;
    }
    for (unsigned i = 0; i < was->threads; i++) {
        const struct ry_tuning_noise_task *then = &before->thread[was->first + i];
        bool lives = is->ended;
        for (unsigned k = 0; k < is->threads && !lives; k++)
            lives = after->thread[is->first + k].pid == then->pid;
        if (lives) {
            given_up -= then->given_up;
            forced -= then->forced;
        }
    }
    if (switches->known) {
        switches->given_up = given_up;
        switches->forced = forced;
    }
}

static void say_unknown(char why[RY_TUNING_NOISE_WHY_BYTES], const char *what, const char *path,
                        int error)
{
    size_t length = strlen(why);
    snprintf(why + length, RY_TUNING_NOISE_WHY_BYTES - length, "%s%s (%s: %s)",
             length > 0 ? ", " : "", what, path,
             error == -EPROTO ? "not as the kernel writes it" : strerror(-error));
}

static void say_why(struct ry_tuning_noise *noise, const struct ry_tuning_noise_look *before,
                    const struct ry_tuning_noise_look *after)
{
    static const char *const what[PARTS] = {"interrupts", "softirqs", "arrivals", "stolen time",
                                            "kernel threads"};
    for (enum part part = INTERRUPTS; part < PARTS; part++)
        if (!both(before, after, part))
            say_unknown(noise->why, what[part], part_path[part],
                        before->error[part] != 0 ? before->error[part] : after->error[part]);
}

bool ry_tuning_noise_between(struct ry_tuning_noise *noise,
                             const struct ry_tuning_noise_look *before,
                             const struct ry_tuning_noise_look *after)
{
    assert(before->cpus.count == after->cpus.count);
    assert(before->watched_count == after->watched_count);
    *noise = (struct ry_tuning_noise){.time_ns = after->time_ns - before->time_ns,
                                      .cores = after->cpus.count,
                                      .processes = after->watched_count};
    noise->core = calloc(noise->cores + 1, sizeof *noise->core);
    noise->process = calloc(noise->processes + 1, sizeof *noise->process);
    if (noise->core == NULL || noise->process == NULL) {
        ry_tuning_noise_free(noise);
        return false;
    }
    count_cores(noise, before, after);
    for (unsigned i = 0; i < noise->processes; i++)
        count_switches(&noise->process[i], before, after, i);
    say_why(noise, before, after);
    return true;
}

void ry_tuning_noise_free(struct ry_tuning_noise *noise)
{
    free(noise->core);
    free(noise->process);
    *noise = (struct ry_tuning_noise){.cores = 0};
}
