#include "tuning/probe/probe.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/atomic.h"

#define STACK_BYTES ((size_t)256 << 10)

void ry_probe_times_add(struct ry_probe_times *times, int64_t ns)
{
    ns = ns > 0 ? ns : 0;
    if (times->count == 0 || ns < times->shortest_ns)
        times->shortest_ns = ns;
    times->count++;
    ry_histogram_add(&times->ns, (uint64_t)ns);
}

/* ---- cores ----------------------------------------------------------------------------------- */

static void one_core(cpu_set_t *set, size_t bytes, unsigned core)
{
    CPU_ZERO_S(bytes, set);
    CPU_SET_S(core, bytes, set);
}

/* Sets as large as the kernel's may be. */
static cpu_set_t *make_set(size_t *bytes)
{
    *bytes = CPU_ALLOC_SIZE(RY_TUNING_CPUS_MAX);
    return CPU_ALLOC(RY_TUNING_CPUS_MAX);
}

static void say_unusable(char why[RY_PROBE_WHY_BYTES], unsigned core, int error)
{
    if (error == EINVAL)
        snprintf(why, RY_PROBE_WHY_BYTES,
                 "core %u is offline, or not of those that this process may use", core);
    else
        snprintf(why, RY_PROBE_WHY_BYTES, "core %u cannot be used: %s", core, strerror(error));
}

bool ry_probe_usable(unsigned core, char why[RY_PROBE_WHY_BYTES])
{
    size_t bytes;
    cpu_set_t *before = make_set(&bytes), *set = make_set(&bytes);
    int error = before == NULL || set == NULL ? ENOMEM : core >= RY_TUNING_CPUS_MAX ? EINVAL : 0;
    if (error == 0 && sched_getaffinity(0, bytes, before) != 0)
        error = errno;
    if (error == 0) {
        one_core(set, bytes, core);
        if (sched_setaffinity(0, bytes, set) != 0)
            error = errno;
        else
            (void)sched_setaffinity(0, bytes, before);
    }
    CPU_FREE(before);
    CPU_FREE(set);
    if (error != 0)
        say_unusable(why, core, error);
    return error == 0;
}

void ry_probe_allowed(struct ry_tuning_cpus *cores)
{
    size_t bytes;
    cpu_set_t *set = make_set(&bytes);
    *cores = (struct ry_tuning_cpus){.word = {0}};
    if (set != NULL && sched_getaffinity(0, bytes, set) == 0)
        for (unsigned core = 0; core < RY_TUNING_CPUS_MAX; core++)
            if (CPU_ISSET_S(core, bytes, set))
                ry_tuning_cpus_add(cores, core);
    CPU_FREE(set);
}

int ry_probe_same_core(char why[RY_PROBE_WHY_BYTES])
{
    snprintf(why, RY_PROBE_WHY_BYTES, "it takes two cores, and was given one");
    return -1;
}

/* ---- threads --------------------------------------------------------------------------------- */

enum go { WAIT, GO, GO_HOME };

struct worker {
    pthread_t thread;
    struct ry_probe_work work;
    ry_atomic_u32 *go; /* what a worker reads besides was there before its thread */
};

static void *run(void *context)
{
    struct worker *worker = context;
    uint32_t go;
    while ((go = ry_load_relaxed(worker->go)) == WAIT)
        (void)sched_yield();
    if (go == GO)
        worker->work.body(worker->work.context);
    return NULL;
}

/* A thread that is on its core from the first. 0, or an errno. */
static int start(struct worker *worker)
{
    size_t bytes;
    cpu_set_t *set = make_set(&bytes);
    pthread_attr_t attributes;
    if (set == NULL)
        return ENOMEM;
    one_core(set, bytes, worker->work.core);
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
        error = pthread_attr_setaffinity_np(&attributes, bytes, set);
        if (error == 0)
            error = pthread_create(&worker->thread, &attributes, run, worker);
        (void)pthread_attr_destroy(&attributes);
    }
    CPU_FREE(set);
    return error;
}

int ry_probe_together(const struct ry_probe_work *work, unsigned count,
                      char why[RY_PROBE_WHY_BYTES])
{
    ry_atomic_u32 go;
    struct worker *worker = calloc(count + 1, sizeof *worker);
    unsigned started = 0;
    int error = worker == NULL ? ENOMEM : 0;
    ry_store_relaxed(&go, WAIT);
    while (error == 0 && started < count) {
        worker[started] = (struct worker){.work = work[started], .go = &go};
        error = work[started].core < RY_TUNING_CPUS_MAX ? start(&worker[started]) : EINVAL;
        if (error == 0)
            started++;
    }
    ry_store_relaxed(&go, error == 0 ? GO : GO_HOME);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(worker[i].thread, NULL);
    if (error != 0)
        say_unusable(why, count > 0 ? work[started].core : 0, error);
    free(worker);
    return error == 0 ? 0 : -1;
}
