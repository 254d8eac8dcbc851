/*
 * Why an agent's process died, and who chose the moment: the one table of causes.
 *
 * A death is the agent's own, and comes again in every run, only where all agree: its host said how
 * it ends (DONE; FAILED, as of ry_fail), or
 *   - a handler in the process saw the kernel raise a fault (SIGSEGV, SIGBUS, SIGFPE or SIGILL,
 *     si_code above 0) in a callback of the strategy,
 *   - wait says that it died of that signal, and
 *   - no other process could have brought that about, because it has a user of its own. (One of the
 *     same user can, without any signal: prlimit of the victim's stack is enough.)
 * Everything else is from outside: signals that a process sent, be it the victim itself (raise,
 * abort, kill), exit() and _exit() in a strategy, a SIGTERM that royale did not send. Such a death
 * is flagged RY_INF_WALL, the result is stamped, and the line says what is known.
 *
 * What the process noted itself is advice, since the strategy lives in the same memory. It can make
 * a death of its own look like another death of its own; it can never make a rival's blow look like
 * the victim's fault, for that would take writing into the victim.
 *
 * | wait says | the process noted        | the line                              | |
 * |-----------|--------------------------|---------------------------------------|---------|
 * | exit 0    | DONE                     | none: its end                         | own     |
 * | exit N    | FAILED, text             | text (exit code N)                    | own     |
 * | exit 0    | STOPPED                  | stopped by a SIGTERM of somebody's    | outside |
 * | exit N    | a callback               | called exit(N) in its callback ..     | outside |
 * | exit N    | none                     | called exit(N) between its callbacks  | outside |
 * | signal S  | S by the kernel, user own    | crashed by S in its callback ..   | own     |
 * | signal S  | S by the kernel, user shared | the same, and why it is no proof  | outside |
 * | signal S  | S sent by itself         | raised S itself (abort) ..            | outside |
 * | signal S  | S sent by somebody       | the victim of S, sent by agent2 ..    | outside |
 * | signal S  | nothing of S             | killed by S in its callback ..        | outside |
 */
#ifndef RY_CORE_SUPERVISOR_CAUSE_H
#define RY_CORE_SUPERVISOR_CAUSE_H

#include <sys/types.h>

#include "core/battle/battle.h"
#include "core/role/words.h"
#include "shm/records/links.h"

#define RY_SUPERVISOR_CAUSE_TEXT_BYTES (RY_ROLE_MESSAGE_TEXT_BYTES + 384)

/* What is known of an agent's death. */
struct ry_supervisor_evidence {
    int status; /* of wait */
    pid_t pid;
    bool own_user;           /* nobody else has its user */
    bool done;               /* it said so, */
    const char *failed;      /* or that; NULL: it did not */
    const char *shared_user; /* why it has no user of its own */
    const char *sender;      /* of the noted signal, for people; NULL: nobody of the battle */
    struct ry_role_testimony noted;
    const struct ry_battle *battle; /* for market times */
};

/* Who chose the moment; why, in `text`, for a line "agent3 (noise) died: TEXT". */
enum ry_control_how ry_supervisor_cause(const struct ry_supervisor_evidence *evidence,
                                        char text[RY_SUPERVISOR_CAUSE_TEXT_BYTES]);

/* "in its callback timer, at 2026-01-05 09:30:00.5 EST (14:30:00.5 UTC)"; "between its callbacks".
 */
#define RY_SUPERVISOR_CAUSE_WHERE_BYTES 160
void ry_supervisor_cause_where(const struct ry_battle *battle,
                               const struct ry_role_testimony *noted,
                               char text[RY_SUPERVISOR_CAUSE_WHERE_BYTES]);

#endif
