#include "tools/trace/anchor.h"

#include "shm/clock.h"

#define TRIES 64

/* The wall clock between two looks at the shared one: of some tries the narrowest. */
struct ry_trace_anchor ry_trace_anchor_take(void)
{
    struct ry_trace_anchor anchor = {.exact_ns = INT64_MAX};
    for (unsigned i = 0; i < TRIES; i++) {
        const int64_t before = ry_clock_machine_ns();
        const int64_t wall = ry_clock_wall_ns();
        const int64_t width = ry_clock_machine_ns() - before;
        if (width / 2 + 1 < anchor.exact_ns) {
            anchor.exact_ns = width / 2 + 1;
            anchor.unix_ns = wall - (before + width / 2);
        }
    }
    return anchor;
}
