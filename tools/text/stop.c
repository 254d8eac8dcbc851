#include "tools/text/stop.h"

#include <signal.h>
#include <stddef.h>

#include "shm/atomic.h"

static ry_atomic_u32 stop; /* a signal asked for it */

static void on_stop(int signal_number)
{
    (void)signal_number;
    ry_store_relaxed(&stop, 1);
}

bool ry_text_stopped(void)
{
    return ry_load_relaxed(&stop) != 0;
}

void ry_text_stop_by_signals(void)
{
    const struct sigaction action = {.sa_handler = on_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}
