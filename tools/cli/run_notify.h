/*
 * What a battle that runs as a unit of systemd says to it (sd_notify(3)); nothing where no unit
 * asks for it (Type=notify sets NOTIFY_SOCKET).
 *
 *     READY=1                all roles have joined and the battle runs
 *     STATUS=                once a second, for `systemctl status`: market time, inputs, round,
 *                            who leads, trouble
 *     WATCHDOG=1             as often, but only if exec's heartbeat has moved since, or exec is
 *                            done; the supervisor's loop calls this, and one that stands still
 *                            says nothing
 *     STOPPING=1             a signal has come, or the battle is over
 *     EXTEND_TIMEOUT_USEC=   from then on as often, while roles come to their end, which the
 *                            supervisor's own deadlines bound; then while the journal is read for
 *                            the result, and compressed, which takes as long as it is
 *
 * Example of STATUS: "09:47:12 America/New_York, 1204551 inputs, round 2, alpha leads, 7 of 8
 * agents in; trouble: export does not move".
 */
#ifndef RY_TOOLS_CLI_RUN_NOTIFY_H
#define RY_TOOLS_CLI_RUN_NOTIFY_H

#include "core/supervisor/supervisor.h"

struct ry_cli_run_notify {
    const struct ry_battle *battle;
    const struct ry_supervisor_result *result; /* the supervisor's, while it runs: the signal */
    bool on;
    bool ready, stopping; /* said */
    int64_t said_ns;      /* machine time */
    uint64_t beat;        /* exec's, when the watchdog was told last */
    const char *doing;    /* behind the battle: said last */
};

/* Before the supervisor starts anybody. */
void ry_cli_run_notify_init(struct ry_cli_run_notify *notify, const struct ry_battle *battle,
                            const struct ry_supervisor_result *result);

/* From the supervisor's hook `progress`. */
void ry_cli_run_notify_show(struct ry_cli_run_notify *notify,
                            const struct ry_supervisor_member *roles, unsigned count);

/* All processes are gone; the result is about to be computed and written. */
void ry_cli_run_notify_end(struct ry_cli_run_notify *notify);

/* After it, a tools/cli/pulse.h: `doing` stands in STATUS, and is one address for one thing. */
void ry_cli_run_notify_after(void *notify, const char *doing);

/* The text of STATUS; returns `text`. */
#define RY_CLI_RUN_STATUS_BYTES 512
const char *ry_cli_run_notify_status(char text[RY_CLI_RUN_STATUS_BYTES],
                                     const struct ry_battle *battle,
                                     const struct ry_supervisor_member *roles, unsigned count);

#endif
