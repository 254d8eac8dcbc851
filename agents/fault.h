/*
 * What kills a strategy: a handler that sees the signal and notes it in the process's words
 * (core/role/words.h) before the process dies of it.
 *
 * The kernel says with each signal where it comes from. A strategy that writes to address 0 gets
 * SIGSEGV with si_code SEGV_MAPERR, above 0, and the address; one that somebody kills gets si_code
 * SI_USER, not above 0, and the sender's process. No process can send another one a code above 0.
 * The handler runs on a stack of its own, so a stack that has overflowed is seen too.
 *
 * It stands in the same process as the strategy, which may take its place (sigaction) or forge what
 * it notes: then nothing is known of the death but what wait says, and the death counts as one from
 * outside (core/supervisor/cause.h).
 *
 * One in a process: signal handlers have no other context.
 */
#ifndef RY_AGENTS_FAULT_H
#define RY_AGENTS_FAULT_H

#include "core/role/words.h"

/* Notes into `words` from now on. 0, or -1 with errno. */
int ry_host_fault_open(struct ry_role_words *words);

/* Notes nothing more: before the words' memory goes. */
void ry_host_fault_close(void);

#endif
