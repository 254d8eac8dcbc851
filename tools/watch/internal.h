/*
 * What the files of tools/watch share.
 */
#ifndef RY_TOOLS_WATCH_INTERNAL_H
#define RY_TOOLS_WATCH_INTERNAL_H

#include <stdio.h>

#include "tools/watch/watch.h"

/* ---- process.c ------------------------------------------------------------------------------- */

/* Room for one more, with its description; NULL: there is none. */
struct ry_watch_process *ry_watch_process_new(struct ry_watch_processes *processes,
                                              const char *name);

/* `link` is its ROLE.watch. */
void ry_watch_process_take(struct ry_watch_process *process, const struct ry_role_link *link,
                           bool borrowed);

/* Looks at all of them. `machine_ns`: ry_clock_machine_ns of now. */
void ry_watch_processes_look(struct ry_watch *w, int64_t now_ns, int64_t machine_ns);

void ry_watch_processes_close(struct ry_watch_processes *processes);

/* ---- kept.c ---------------------------------------------------------------------------------- */

/* The processes out of DIR/counters.txt, if it is there. */
void ry_watch_kept_processes(struct ry_watch *w);

/* The same out of a file, whatever it holds. */
void ry_watch_kept_read(struct ry_watch *w, FILE *file);

/* ---- broke.c --------------------------------------------------------------------------------- */

/* w->broke out of the folder: what DIR/result.txt begins with, else the last ERROR in DIR/log. */
void ry_watch_broke_why(struct ry_watch *w);

/* ---- alarm.c --------------------------------------------------------------------------------- */

void ry_watch_alarms_make(struct ry_watch *w, int64_t now_ns);

#endif
