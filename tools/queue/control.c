/* Holding and releasing. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/queue/busy.h"
#include "tools/queue/hold.h"
#include "tools/queue/record.h"
#include "tools/queue/units.h"
#include "tools/text/exit.h"
#include "tools/text/stop.h"

static int wait_for_quiet(const struct ry_queue *queue, long wait_s)
{
    char what[RY_QUEUE_WHY_BYTES];
    const int64_t until = ry_clock_ns() + wait_s * RY_NS_PER_SECOND;
    ry_text_stop_by_signals();
    for (bool said = false;; said = true) {
        const int busy = ry_queue_busy(queue, what);
        if (busy < 0)
            return ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: cannot tell what runs: %s", what);
        if (busy == 0)
            return RY_EXIT_OK;
        if (ry_text_stopped())
            return ry_text_fail(RY_EXIT_SIGNAL + SIGINT,
                                "queue: stopped, and still runs: %s; it is held all the same",
                                what);
        if (ry_clock_ns() >= until)
            return ry_text_fail(RY_EXIT_LATE,
                                "queue: still runs after %ld s: %s; it is held all the same, and "
                                "`royale queue release` lets battles begin again",
                                wait_s, what);
        if (!said) {
            printf("waiting for %s\n", what);
            fflush(stdout);
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = RY_QUEUE_LOOK_MS * 1000000L}, NULL);
    }
}

int ry_queue_hold(const struct ry_queue *queue, const char *why, long wait_s)
{
    const bool before = ry_queue_hold_there(queue);
    int code = ry_queue_hold_make(queue, why);
    if (code != RY_EXIT_OK)
        return code;
    puts(before ? "held already: no battle begins" : "held: no battle begins");
    fflush(stdout);
    (void)ry_clock_init();
    code = wait_s < 0 ? RY_EXIT_OK : wait_for_quiet(queue, wait_s);
    if (wait_s >= 0 && code == RY_EXIT_OK)
        puts("no battle runs");
    return code;
}

/* The queue, as a unit, was kept from going on by the hold. */
static bool is_interrupted(const struct ry_queue *queue, bool *unit)
{
    json_t *record = ry_queue_record_read(queue);
    const char *state = json_string_value(json_object_get(record, "state"));
    const bool held = state != NULL && strcmp(state, "held") == 0;
    *unit = json_is_true(json_object_get(record, "unit"));
    json_decref(record);
    return held;
}

int ry_queue_release(const struct ry_queue *queue)
{
    bool unit;
    const bool before = ry_queue_hold_there(queue);
    const int code = ry_queue_hold_drop(queue);
    if (code != RY_EXIT_OK)
        return code;
    puts(before ? "released: battles begin again" : "not held");
    if (!is_interrupted(queue, &unit))
        return RY_EXIT_OK;
    if (!unit || !ry_queue_units_there()) {
        puts(
            "a queue was interrupted by the hold: `royale queue run` goes on with the battles that "
            "are left");
        return RY_EXIT_OK;
    }
    if (ry_queue_units_start_queue() != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: systemctl start royale-queue has failed");
    puts("royale-queue.service goes on with the battles that are left");
    return RY_EXIT_OK;
}
