/*
 * What a time of the machine's shared clock (ry_clock_machine_ns) is in wall time: one pair of
 * both, taken once, so that spans keep their distances whatever somebody does to the wall clock
 * later.
 */
#ifndef RY_TOOLS_TRACE_ANCHOR_H
#define RY_TOOLS_TRACE_ANCHOR_H

#include <stdint.h>

struct ry_trace_anchor {
    int64_t unix_ns;  /* wall time less shared clock */
    int64_t exact_ns; /* it is so much more or less at most */
};

struct ry_trace_anchor ry_trace_anchor_take(void);

#endif
