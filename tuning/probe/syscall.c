#include "tuning/probe/syscall.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "shm/clock.h"

#define EMPTY_READINGS 1000
#define BATCH_CALLS    1000

struct context {
    int64_t time_ns;
    struct ry_probe_syscall_result *result;
};

static int64_t empty_ns(void)
{
    int64_t shortest_ns = INT64_MAX;
    for (unsigned i = 0; i < EMPTY_READINGS; i++) {
        int64_t before_ns = ry_clock_ns(), between_ns = ry_clock_ns() - before_ns;
        if (between_ns < shortest_ns)
            shortest_ns = between_ns;
    }
    return shortest_ns;
}

/* Half of the time call by call, half in batches, of which the best counts: what a call costs when
 * nobody comes between. */
static void call(void *given)
{
    const struct context *context = given;
    struct ry_probe_syscall_result *result = context->result;
    int64_t now_ns = ry_clock_ns(), half_ns = now_ns + context->time_ns / 2,
            end_ns = now_ns + context->time_ns, best_ns = INT64_MAX;
    result->empty_ns = empty_ns();
    do {
        int64_t before_ns = ry_clock_ns();
        (void)syscall(SYS_getppid);
        now_ns = ry_clock_ns();
        ry_probe_times_add(&result->calls, now_ns - before_ns);
    } while (now_ns < half_ns);
    do {
        int64_t before_ns = ry_clock_ns();
        for (unsigned i = 0; i < BATCH_CALLS; i++)
            (void)syscall(SYS_getppid);
        now_ns = ry_clock_ns();
        if (now_ns - before_ns < best_ns)
            best_ns = now_ns - before_ns;
    } while (now_ns < end_ns);
    result->best_ps = best_ns * 1000 / BATCH_CALLS;
    result->ran = true;
}

int ry_probe_syscall(const struct ry_probe_syscall_asked *asked,
                     struct ry_probe_syscall_result *result)
{
    struct context context = {.time_ns = asked->time_ns, .result = result};
    struct ry_probe_work work = {.core = asked->core, .body = call, .context = &context};
    *result = (struct ry_probe_syscall_result){.ran = false};
    return ry_probe_together(&work, 1, result->why);
}
