/*
 * The observers' door: how a process that no supervisor started joins a running battle, read-only.
 *
 * The supervisor of a battle in DIR listens on the Unix socket DIR/observe.sock (SEQPACKET, mode
 * 0660; core/supervisor/door.h says who is let in). Whoever connects sends nothing; it gets one
 * packet, struct ry_role_door_packet, with a read-only descriptor beside it (SCM_RIGHTS) for each
 * region that observers get, or with the reason why it gets none, and the connection is closed.
 * Example, for a follower:
 *
 *     struct ry_role_door door;
 *     if (ry_role_door_enter(&door, "DIR", why) == 0) {
 *         ry_role_door_join(&door, &inputs, "exec.inputs", why);
 *         ry_role_door_join(&door, &journal, "journal.positions", why);
 *         ry_role_door_leave(&door);           closes what was not joined; the links stay
 *     }
 *
 * Observers get exec.inputs, journal.positions and the ROLE.watch of every process: its counters
 * and, in the same region, its log; in a battle with traces its ROLE.spans as well. Whoever may see
 * the inputs sees all that any process did, so the log goes with the counters.
 *
 * The battle does not see its observers: a link has no word of theirs, and one that is slow, stops
 * or dies costs nobody anything. What is mapped outlives the battle.
 */
#ifndef RY_CORE_ROLE_DOOR_H
#define RY_CORE_ROLE_DOOR_H

#include <sys/socket.h>
#include <sys/un.h>

#include "core/role/link.h"

#define RY_ROLE_DOOR_NAME        "observe.sock"
#define RY_ROLE_DOOR_MAGIC       UINT64_C(0x31524f4f44595952) /* "RYYDOOR1" */
#define RY_ROLE_DOOR_REGIONS_MAX 168 /* the kernel takes 253 descriptors a packet */
#define RY_ROLE_DOOR_WHY_BYTES   256
/* Why there is no entering: nobody listens. Any other reason leaves open whether a battle runs. */
#define RY_ROLE_DOOR_NOBODY "no battle runs there"
/* Somebody listens, and does not answer in time. */
#define RY_ROLE_DOOR_SILENT "no answer: is royale stopped (Ctrl-Z)?"
/* A client waits so long to be heard and for the packet; the supervisor answers within a tick. */
#define RY_ROLE_DOOR_SECONDS 5

struct ry_role_door_packet {
    uint64_t magic;
    uint32_t regions; /* as many names, and descriptors in their order; 0: refused */
    uint32_t zero;
    char why[RY_ROLE_DOOR_WHY_BYTES]; /* refused: the reason */
    char name[RY_ROLE_DOOR_REGIONS_MAX][RY_REGION_NAME_BYTES];
};
RY_OFFSET(struct ry_role_door_packet, name, 16 + RY_ROLE_DOOR_WHY_BYTES);

/* The socket's address in the directory that is open as `directory`, whatever the length of its
 * path. */
void ry_role_door_address(int directory, struct sockaddr_un *address);

/* What the supervisor handed out. */
struct ry_role_door {
    unsigned regions;
    int fd[RY_ROLE_DOOR_REGIONS_MAX]; /* -1: joined */
    char name[RY_ROLE_DOOR_REGIONS_MAX][RY_REGION_NAME_BYTES];
};

/* Asks at the door of DIR: RY_ROLE_DOOR_SECONDS at most to be heard, as many for the packet. 0, or
 * -1 with the reason in `why`: no battle runs there, the supervisor's reason, or what came is no
 * packet. Then there is nothing to leave. */
int ry_role_door_enter(struct ry_role_door *door, const char *directory,
                       char why[RY_ROLE_DOOR_WHY_BYTES]);

/* The same for who must not wait: knocks, and looks for the answer again and again. The first gives
 * a descriptor to look with, or -1 with the reason. The second: 1, there is no answer yet; else as
 * ry_role_door_enter, and the descriptor is closed. Who gives up closes it. */
int ry_role_door_knock(const char *directory, char why[RY_ROLE_DOOR_WHY_BYTES]);
int ry_role_door_answer(struct ry_role_door *door, int knocked, char why[RY_ROLE_DOOR_WHY_BYTES]);

/* Maps the region of that name. 0, or -1 with the reason; a second time is "not handed out". */
int ry_role_door_join(struct ry_role_door *door, struct ry_role_link *link, const char *name,
                      char why[RY_ROLE_DOOR_WHY_BYTES]);

/* Closes the descriptors that were not joined. */
void ry_role_door_leave(struct ry_role_door *door);

#endif
