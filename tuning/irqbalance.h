/*
 * irqbalance by its own socket, /run/irqbalance/irqbalancePID.sock, the one that irqbalance-ui
 * uses: a connection a request, root's alone (irqbalance.c, sock_handle, of 1.9.2 to 1.9.5).
 *
 *     setup               "SLEEP 10 IRQ 44 LOAD 0 DIFF 0 CLASS 0 BANNED 00000000,000000ee"
 *     settings cpus 1-3   no answer. The list replaces what it had; NULL: what it finds itself
 *                         (its environment, isolcpus=, nohz_full=)
 *
 * It answers between two looks at the interrupts (before 1.9.4 it may be asleep for one of SLEEP
 * seconds), and "setup" shows a new list only after the next: what is set here has been seen
 * there, or -ETIMEDOUT.
 */
#ifndef RY_TUNING_IRQBALANCE_H
#define RY_TUNING_IRQBALANCE_H

#include "tuning/host.h"

/* calls->irqbalance of Linux. 0; -ENOENT: it does not run; -EACCES: not root; another -errno. */
int ry_tuning_irqbalance_ask(const struct ry_tuning_host *host, const char *ask, char *text,
                             size_t bytes);

#endif
