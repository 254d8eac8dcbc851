/*
 * What strategies print with stdio, where all are one process: standard output and standard error
 * become streams of this room's, and what is printed in an agent's callback goes into that agent's
 * log. (What a strategy writes to descriptor 1 or 2 itself lands in the log of the process.)
 *
 * One in a process: there is one stdout.
 */
#ifndef RY_TOOLS_FAST_PRINTS_H
#define RY_TOOLS_FAST_PRINTS_H

#include <stdio.h>
#include <stdio_ext.h>

#include "tools/one/log.h"

/* 0, or -1 with errno: they stay as they were. */
int ry_fast_prints_open(void);
void ry_fast_prints_close(void);

/* Whose callbacks are called next; NULL: nobody's, and what is printed goes nowhere. */
void ry_fast_prints_of(struct ry_one_log *log);

/* What that agent has printed is in its log. */
static inline void ry_fast_prints_take(void)
{
    if (__fpending(stdout) != 0)
        (void)fflush(stdout);
    if (__fpending(stderr) != 0)
        (void)fflush(stderr);
}

#endif
