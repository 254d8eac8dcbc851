#include "tests/support/fuzz_limit.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static void too_slow(int signal_number)
{
    static const char text[] = "ERROR: one input took more CPU time than FUZZ_LIMIT_SECONDS\n";
    (void)signal_number;
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    abort();
}

void fuzz_limit(unsigned seconds)
{
    const struct itimerval timer = {.it_value.tv_sec = (time_t)seconds};
    static int handled;
    if (!handled) {
        const struct sigaction action = {.sa_handler = too_slow};
        int failed = sigaction(SIGPROF, &action, NULL);
        assert(failed == 0);
        handled = 1;
    }
    int failed = setitimer(ITIMER_PROF, &timer, NULL);
    assert(failed == 0);
}
