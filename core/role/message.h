/*
 * What a role and the supervisor say to each other, over a SEQPACKET socket pair: one struct a
 * packet, descriptors beside it (SCM_RIGHTS).
 *
 * | role -> supervisor | carries     |   | supervisor -> role | carries     |
 * |--------------------|-------------|---|--------------------|-------------|
 * | OFFER              | name, fd    |   | PLACE, first       | name, core, policy, number, user |
 * | OPENED             |             |   | REGION             | name, fd, number |
 * | JOINED             |             |   | JOIN: that was all |             |
 * | FAILED             | text        |   | GO                 |             |
 * | DONE               |             |   |                    |             |
 *
 * Order: PLACE, OFFERs, OPENED of all roles; REGIONs, JOIN, JOINED of all roles; GO; REGIONs of
 * processes that were started again. To stop a role
 * is SIGTERM's job, so that it works in every phase. A closed socket means that the other side is
 * gone; an agent's is closed before its strategy is loaded, and what is said from then on stands in
 * its base (core/role/words.h).
 */
#ifndef RY_CORE_ROLE_MESSAGE_H
#define RY_CORE_ROLE_MESSAGE_H

#include "shm/base.h"
#include "shm/region.h"

enum ry_role_message_kind {
    RY_ROLE_TELL_OFFER = 1,
    RY_ROLE_TELL_OPENED = 2,
    RY_ROLE_TELL_JOINED = 3,
    RY_ROLE_TELL_FAILED = 4,
    RY_ROLE_TELL_DONE = 5,
    RY_ROLE_TELL_PLACE = 16,
    RY_ROLE_TELL_REGION = 17,
    RY_ROLE_TELL_JOIN = 18,
    RY_ROLE_TELL_GO = 19,
};

#define RY_ROLE_MESSAGE_TEXT_BYTES 512

struct ry_role_message {
    uint8_t kind;   /* enum ry_role_message_kind */
    uint8_t policy; /* PLACE: enum ry_wait_policy */
    int16_t core;   /* PLACE: the core that the process must be bound to, RY_BATTLE_CORE_NONE: not
                       bound */
    int32_t number; /* PLACE: the oom_score_adj that it shall have; REGION: the process that offered
                       it; others: 0 */
    uint32_t user;  /* PLACE: the user that an agent's process shall be; to others, the first of
                       all agents' users. 0: agents get no users of their own */
    char name[RY_REGION_NAME_BYTES];       /* OFFER, REGION: of the region; PLACE: of the role */
    char text[RY_ROLE_MESSAGE_TEXT_BYTES]; /* FAILED */
};

/* Sends one message, with `fd` beside it unless it is -1. 0, or -1 with errno. */
int ry_role_message_send(int socket, const struct ry_role_message *message, int fd);

enum ry_role_message_result {
    RY_ROLE_MESSAGE_GOT = 1,
    RY_ROLE_MESSAGE_NONE = 0,    /* nothing there, or a signal came */
    RY_ROLE_MESSAGE_CLOSED = -1, /* the other side is gone */
    RY_ROLE_MESSAGE_BAD = -2,    /* no message of ours; dropped */
};

/* Takes one message if there is one, without waiting. `fd` gets the descriptor beside it, or -1; it
 * is the caller's. Texts come out terminated and printable whatever was sent; more than one
 * descriptor is BAD. */
enum ry_role_message_result ry_role_message_receive(int socket, struct ry_role_message *message,
                                                    int *fd);

struct msghdr;

/* The descriptors beside a packet that recvmsg filled `header` for: the first `max` are kept in
 * `fd`, the others closed. How many came, those closed too. */
unsigned ry_role_message_descriptors(struct msghdr *header, int *fd, unsigned max);

#endif
