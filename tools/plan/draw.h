/*
 * A machine as a picture, with the roles of a plan in it: sockets, memory nodes, last-level caches,
 * cores, and in each core its hardware threads, each with what is on it. Pure functions of what
 * they are given: the same plan gives the same bytes.
 *
 * What is on a thread, in words (RY_PLAN_ON_..):
 *
 *     exec, feed0, ..   the processes that are bound to it
 *     idle              sibling of a thread on which somebody runs: left alone, so that the core is
 *                       one's own
 *     house             the kernel's work, observers, all that is not bound
 *     free              isolated, and the plan has no use for it
 *     wasted            isolated, and the plan has too few cores: who is not bound never gets there
 *     barred            of this machine, but not for us: affinity or cgroup
 *     offline
 */
#ifndef RY_TOOLS_PLAN_DRAW_H
#define RY_TOOLS_PLAN_DRAW_H

#include <stdio.h>

#include "tuning/machine.h"
#include "tuning/placement.h"

#define RY_PLAN_TITLE_BYTES 256

struct ry_plan_picture {
    const struct ry_tuning_machine *machine;
    const struct ry_tuning_placement *placement; /* NULL: the machine alone */
};

/* "2 sockets, 2 memory nodes, 24 last-level caches of 32 MiB, 192 cores of 2 threads" */
void ry_plan_summary(char summary[RY_PLAN_TITLE_BYTES], const struct ry_tuning_machine *machine);

/* In ASCII, at most `columns` wide (60 at least are used); caches on which nobody of the plan runs
 * are one line where there are many alike. */
void ry_plan_draw_text(FILE *out, const struct ry_plan_picture *picture, unsigned columns);

/* One <svg> element, complete in itself (no XML declaration, no fonts, scripts or files of
 * elsewhere), to be written into an HTML page or, alone, into a file. It has a width, a height and
 * a viewBox, is 800 units wide, and follows the reader's light or dark. Each hardware thread is a
 * <g class="cpu" data-cpu="N"> with a <title>: a page can mark it. All its names of classes begin
 * with "ry-machine" or stand below that class. */
void ry_plan_draw_svg(FILE *out, const struct ry_plan_picture *picture);

#endif
