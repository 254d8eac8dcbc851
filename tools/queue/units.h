/*
 * Battles as units of systemd, royale@NAME.service, through systemctl(1): its words are a stable
 * interface (`systemctl show`), and no library of D-Bus is needed for a question a battle.
 */
#ifndef RY_TOOLS_QUEUE_UNITS_H
#define RY_TOOLS_QUEUE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define RY_QUEUE_UNIT_WORD  32
#define RY_QUEUE_UNITS_TEXT 65536

/* Of `systemctl show`; systemd's own words. */
struct ry_queue_unit {
    char active[RY_QUEUE_UNIT_WORD]; /* "active", "inactive", "failed", .. */
    char sub[RY_QUEUE_UNIT_WORD];    /* "running", "auto-restart", .. */
};

/* How a unit has ended, as royale@.service leaves it behind (ExecStopPost=), for systemd forgets a
 * unit that has ended well. systemd.exec(5), $SERVICE_RESULT and its like. */
#define RY_QUEUE_ENDED_FOLDER "/run/royale"
struct ry_queue_unit_end {
    char result[RY_QUEUE_UNIT_WORD]; /* "success", "exit-code", "watchdog", ..; empty: it never ran
                                      */
    char code[RY_QUEUE_UNIT_WORD];   /* "exited", "killed", "dumped" */
    char status[RY_QUEUE_UNIT_WORD]; /* of its process: exit code, or name of the signal */
};

/* systemd is this machine's first process. */
bool ry_queue_units_there(void);

/* False: systemctl cannot be asked. */
bool ry_queue_unit_ask(const char *battle, struct ry_queue_unit *unit);

/* It runs, begins, ends, or will be started again. */
bool ry_queue_unit_goes_on(const struct ry_queue_unit *unit);

/* Starts it, or joins one that runs, and waits for its end. 1: it has ended, or systemd has not
 * started it; 0: the queue is asked to stop, and the battle goes on; -1: systemctl cannot be asked,
 * or the end of a battle before cannot be forgotten, which is said. */
int ry_queue_unit_run(const char *battle, struct ry_queue_unit_end *end);

/* The battles whose units go on, each with a blank before it, into `text`; how many. -1: systemctl
 * cannot be asked. */
int ry_queue_units_running(char *text, size_t bytes);

/* The queue's own unit, to be started and not waited for. 0, or -1. */
int ry_queue_units_start_queue(void);

#endif
