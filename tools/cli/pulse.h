/*
 * A sign of life from what takes long after a battle: reading its journal for the result,
 * compressing it, removing others. Whoever waits for the process, and would end one that says
 * nothing, hears it (tools/cli/run_notify.h).
 */
#ifndef RY_TOOLS_CLI_PULSE_H
#define RY_TOOLS_CLI_PULSE_H

#include <stddef.h>

struct ry_cli_pulse {
    /* `doing`: "compressing the journal"; as often as one likes. NULL: nobody waits. */
    void (*beat)(void *context, const char *doing);
    void *context;
};

static inline void ry_cli_pulse_beat(const struct ry_cli_pulse *pulse, const char *doing)
{
    if (pulse->beat != NULL)
        pulse->beat(pulse->context, doing);
}

#endif
