/* The threads that answer what takes time. */
#include <time.h>

#include "tools/api/internal.h"
#include "tools/api/pasts.h"

#define IDLE_NS INT64_C(200000000) /* between two looks whether there is something to do */

enum taken { TAKEN_JOB, TAKEN_NOTHING, TAKEN_STOP };

static void wait_a_little(struct ry_api_worker *w)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += IDLE_NS;
    until.tv_sec += until.tv_nsec / RY_NS_PER_SECOND;
    until.tv_nsec %= RY_NS_PER_SECOND;
    (void)pthread_cond_timedwait(&w->came, &w->lock, &until);
}

/* `waits`: for one that comes, a while if there may be something else to do. `late`: nobody works
 * any more. */
static enum taken take_job(struct ry_api_worker *w, struct ry_api_job *job, bool waits, bool *late)
{
    pthread_mutex_lock(&w->lock);
    while (w->idle == NULL && w->count == 0 && !w->stops)
        (void)pthread_cond_wait(&w->came, &w->lock);
    if (w->count == 0 && !w->stops && waits)
        wait_a_little(w);
    const bool any = w->count > 0;
    if (any) {
        *job = w->job[w->first];
        w->first = (w->first + 1) % RY_API_QUEUE_MAX;
        w->count--;
    }
    *late = w->stops;
    pthread_mutex_unlock(&w->lock);
    return any ? TAKEN_JOB : *late ? TAKEN_STOP : TAKEN_NOTHING;
}

static void *work(void *context)
{
    struct ry_api_worker *w = context;
    struct ry_api_job job;
    bool late, idle = true;
    for (;;) {
        switch (take_job(w, &job, idle, &late)) {
        case TAKEN_STOP: return NULL;
        case TAKEN_NOTHING: idle = !w->idle(w->api); break;
        case TAKEN_JOB:
            if (late)
                ry_api_refuse(job.answer, RY_API_E_busy, NULL, "the server ends");
            else
                ry_api_run(w->api, w->pasts, &job);
            job.done(job.context);
            idle = true;
            break;
        }
    }
}

int ry_api_worker_start(struct ry_api_worker *w, struct ry_api *api)
{
    w->api = api;
    (void)pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&w->came, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    return pthread_create(&w->thread, NULL, work, w) == 0 ? 0 : -1;
}

void ry_api_worker_stop(struct ry_api_worker *w)
{
    pthread_mutex_lock(&w->lock);
    w->stops = true;
    pthread_cond_signal(&w->came);
    pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    (void)pthread_cond_destroy(&w->came);
    (void)pthread_mutex_destroy(&w->lock);
}

bool ry_api_submit(struct ry_api *api, const struct ry_api_route *route,
                   const struct ry_api_match *match, const struct ry_api_request *request,
                   struct ry_api_answer *answer, void (*done)(void *context), void *context)
{
    struct ry_api_worker *w = route->who == RY_API_WRITER ? &api->writer : &api->worker;
    pthread_mutex_lock(&w->lock);
    const bool room = w->count < RY_API_QUEUE_MAX && !w->stops;
    if (room) {
        w->job[(w->first + w->count++) % RY_API_QUEUE_MAX] =
            (struct ry_api_job){route, match, request, answer, done, context};
        pthread_cond_signal(&w->came);
    }
    pthread_mutex_unlock(&w->lock);
    if (!room) {
        *answer = (struct ry_api_answer){.status = 0};
        ry_api_refuse(answer, RY_API_E_busy, NULL, NULL);
    }
    return room;
}
