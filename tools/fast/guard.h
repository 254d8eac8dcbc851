/*
 * What a strategy's code does to the process that it is called in, where that is everybody's: a
 * fault or an abort() in a callback, and a callback that does not return, end the agent, not the
 * battle.
 *
 * ry_fast_guard_run makes a call out of which such a callback can be left. A signal's handler, on a
 * stack of its own, notes the fault in the agent's words (as agents/fault.h does in a process of
 * the agent's) and jumps out. What the callback had locked or half done in the C library stays so:
 * that is what a process of its own is for. Faults outside of callbacks are the house's own and end
 * the process.
 *
 * A clock ticks RY_FAST_GUARD_TICKS times a second; a callback that has seen so many ticks as the
 * limit has is left. It counts ticks that this process got, so a battle that was stopped (Ctrl-Z)
 * loses no agent.
 *
 * One in a process: signal handlers have no other context.
 */
#ifndef RY_TOOLS_FAST_GUARD_H
#define RY_TOOLS_FAST_GUARD_H

#include "tools/one/house.h"

#define RY_FAST_GUARD_TICKS 4

/* 0, or -1 with errno. */
int ry_fast_guard_open(void);
void ry_fast_guard_close(void);

/* A callback may take so long from now on; 0: as long as it wants. */
void ry_fast_guard_limit(uint32_t seconds);

/* Calls call(context), in which callbacks of those are called that are named by
 * ry_fast_guard_whose. */
enum ry_one_left ry_fast_guard_run(void (*call)(void *context), void *context);

/* Whose callbacks are called next: the words say which of them runs (ry_role_words_enter),
 * `callbacks` counts them. */
void ry_fast_guard_whose(struct ry_role_words *words, const uint64_t *callbacks);

/* Within a callback: leaves it as if it had called exit(code), which a strategy's process would
 * have done. Otherwise it returns. */
void ry_fast_guard_leave(int code);
int ry_fast_guard_code(void);

/* A callback runs at this moment: for who is called at the end of the process. */
bool ry_fast_guard_inside(void);

#endif
