#include "tuning/probe/ipi.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shm/atomic.h"
#include "shm/base.h"
#include "shm/clock.h"

struct shared {
    _Alignas(RY_ISOLATION) ry_atomic_u64 turns; /* of the one that runs there */
    _Alignas(RY_ISOLATION) ry_atomic_u32 stop;
    _Alignas(RY_ISOLATION) int64_t time_ns;
    uint64_t calls_max;
    int error; /* of membarrier; 0: none */
    struct ry_probe_ipi_result *result;
};

/* Whoever runs here with our memory gets the interrupt. */
static void run_there(void *context)
{
    struct shared *shared = context;
    for (uint64_t turns = 1; ry_load_relaxed(&shared->stop) == 0; turns++)
        ry_store_relaxed(&shared->turns, turns);
}

/* Where the other one does not run (somebody else has its core) nobody is interrupted, and the call
 * takes no time: it counts if the other one has turned meanwhile. */
static void send(void *context)
{
    struct shared *shared = context;
    struct ry_probe_ipi_result *result = shared->result;
    int64_t now_ns = ry_clock_ns(), end_ns = now_ns + shared->time_ns;
    while (now_ns < end_ns && result->calls.count < shared->calls_max) {
        uint64_t turns = ry_load_relaxed(&shared->turns);
        int64_t before_ns = ry_clock_ns();
        if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0) {
            shared->error = errno;
            break;
        }
        now_ns = ry_clock_ns();
        if (ry_load_relaxed(&shared->turns) != turns)
            ry_probe_times_add(&result->calls, now_ns - before_ns);
    }
    ry_store_relaxed(&shared->stop, 1);
}

int ry_probe_ipi(const struct ry_probe_ipi_asked *asked, struct ry_probe_ipi_result *result)
{
    struct shared shared = {.time_ns = asked->time_ns,
                            .calls_max = asked->calls_max > 0 ? asked->calls_max : UINT64_MAX,
                            .result = result};
    const struct ry_probe_work work[] = {
        {.core = asked->to, .body = run_there, .context = &shared},
        {.core = asked->from, .body = send, .context = &shared},
    };
    *result = (struct ry_probe_ipi_result){.ran = false};
    if (asked->from == asked->to)
        return ry_probe_same_core(result->why);
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0)
        shared.error = errno;
    else if (ry_probe_together(work, 2, result->why) != 0)
        return -1;
    result->ran = shared.error == 0 && result->calls.count > 0;
    if (shared.error != 0)
        snprintf(result->why, sizeof result->why, "membarrier: %s", strerror(shared.error));
    else if (!result->ran)
        snprintf(result->why, sizeof result->why, "somebody else had core %u all the time",
                 asked->to);
    return result->ran ? 0 : -1;
}
