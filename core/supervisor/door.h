/*
 * The supervisor's side of the observers' door (core/role/door.h): the socket DIR/observe.sock.
 *
 * Who is let in, looked at when a peer has connected:
 *   - its user (SO_PEERCRED: the effective one when it connected) is the supervisor's or root, or
 *   - the group of the socket is its group (SO_PEERCRED) or one of its supplementary groups
 *     (SO_PEERGROUPS; of more than 1024 none counts).
 * The socket's group is the supervisor's, or the directory's if that has the set-group-id bit; its
 * mode is 0660, and a peer must be able to reach DIR, which `royale run` makes for its owner alone
 * (a directory made before, with mode 2750 and a group, is open to that group).
 *
 * Who is refused, whatever is said above:
 *   - the users that agents get (core/role/secret.h);
 *   - every process that this supervisor started, and whatever those started: looked up in /proc by
 *     the peer's process number; a peer that cannot be seen there is refused as well.
 * The last rule is all that keeps an agent of a supervisor without root away, because it has the
 * owner's user. It may start no process (agents/sandbox.c), so it cannot hide behind one. What
 * cannot be excluded: a process that the same user started elsewhere, beforehand, connects and
 * passes on what it reads. It could read the journal's file too; whoever runs other people's
 * strategies starts royale as root.
 *
 * What a client can cost: nothing is read from it, the packet is sent at once or never, and the
 * connection is closed, which takes 5 ms at most, whatever descriptors the client has sent; at most
 * RY_SUPERVISOR_DOOR_ANSWERS clients are answered a tick, the others wait in the kernel's queue. A
 * refusal is said once, by a line.
 *
 * The socket is removed at the end. One that a killed supervisor left is recognised, because nobody
 * listens, and replaced.
 */
#ifndef RY_CORE_SUPERVISOR_DOOR_H
#define RY_CORE_SUPERVISOR_DOOR_H

#include <sys/types.h>

#include "core/role/door.h"

#define RY_SUPERVISOR_DOOR_ANSWERS 16 /* clients a tick */

struct ry_supervisor_door {
    int listener;  /* -1: there is no door */
    int directory; /* the battle's, open; -1: none */
    dev_t device;  /* of the socket file, */
    ino_t inode;   /* so that another's is not removed */
    uid_t owner;
    gid_t group;
    unsigned left; /* answers in this tick */
    bool refused;  /* somebody was, and a line said so */
};

enum ry_supervisor_door_result {
    RY_SUPERVISOR_DOOR_OPEN = 0,
    RY_SUPERVISOR_DOOR_TAKEN = -1, /* another battle runs in the directory */
    RY_SUPERVISOR_DOOR_NONE = -2,  /* the socket cannot be made; a battle can do without */
};

/* The reason for anything but OPEN in `why`. */
enum ry_supervisor_door_result ry_supervisor_door_open(struct ry_supervisor_door *door,
                                                       const char *directory,
                                                       char why[RY_ROLE_DOOR_WHY_BYTES]);

/* Removes the socket if there is a door. */
void ry_supervisor_door_close(struct ry_supervisor_door *door);

#endif
