/*
 * A link: a region as two roles use it. It has a head (a struct of shm/records/links.h), a ring, or
 * first the head and behind it the ring; which of them, how large, and what its readers must agree
 * on is one row of the table in core/role/links.c. Example:
 *
 *     struct ry_role_link told;
 *     ry_role_make(process, &told, "link%u", 3)       exec: the region exec.link3
 *     ry_role_join(process, &told, "exec.link3")      agent 3
 *
 * In exec, `told.own_head` is then a struct ry_exec_link that it may write and `told.writer` the
 * ring's end; in the agent `told.head` is the same struct, mapped read-only, and `told.reader`
 * stands at the ring's first slot. Roles use ry_role_make and
 * ry_role_join (core/role/role.h); what lies below, here, needs no process around it: the
 * supervisor, observers and tests use it.
 *
 * Who joins trusts nothing: seals, size, layout number, name, that the head fits, and that the ring
 * is the one that the table promises are checked once (shm/region.h, ry_ring_join).
 */
#ifndef RY_CORE_ROLE_LINK_H
#define RY_CORE_ROLE_LINK_H

#include <sys/types.h>

#include "shm/region.h"
#include "shm/ring.h"

/* Of what there is one each: a role's process, a region. */
enum ry_role_number {
    RY_ROLE_ONE = 0, /* one in a battle; no number in its name */
    RY_ROLE_EACH_FEED,
    RY_ROLE_EACH_AGENT,
    RY_ROLE_IF_EXPORT, /* one in a battle that exports, else none; no number in its name */
    RY_ROLE_IF_SCREEN, /* one in a battle that a terminal shows, else none; likewise */
    RY_ROLE_IF_WEB,    /* one in a battle that has a page, else none; likewise */
    RY_ROLE_EACH_ROLE, /* links alone: one each process */
};

/* One row. Names: "*" stands for a number, "ROLE" for the name of any process ("feed0"). */
struct ry_role_link_row {
    const char *name;           /* "feed*.events" */
    enum ry_role_number number; /* what "*" or ROLE counts */
    uint64_t layout;            /* changes when what the region holds changes */
    size_t head_bytes;          /* 0: no head; a multiple of RY_CACHE_LINE before a ring */
    uint64_t slots;             /* of the ring; 0: none */
    const char *holds;          /* for people */
    const char *slow;           /* for people: what happens when a reader is slow */
};

extern const struct ry_role_link_row ry_role_links[];
extern const unsigned ry_role_links_count;

/* The row of the region `name` ("feed1.events"), or of a pattern ("feed*.events", "feed#.events");
 * NULL: there is none. */
const struct ry_role_link_row *ry_role_link_row(const char *name);

/* Huge pages that a region of that row is made of, in bytes; 0: it lies on normal ones. */
size_t ry_role_link_huge_bytes(const struct ry_role_link_row *row);

#define RY_ROLE_NO_NUMBER (~0u)

/* True if `name` is one of `pattern`: "*" is any number below `limit`, "#" the number `own`, as one
 * would print them; "ROLE" before the dot is anything. */
bool ry_role_link_is(const char *pattern, const char *name, unsigned own, unsigned limit);

struct ry_role_link {
    const struct ry_role_link_row *row; /* NULL: not there */
    struct ry_region region;
    const void *head;             /* NULL: the row has none */
    void *own_head;               /* likewise; NULL in who joined */
    struct ry_ring_writer writer; /* in who made it, if the row has a ring */
    struct ry_ring_reader reader; /* in who joined it, likewise; at slot 0 */
    struct ry_role_link *next;    /* of the process's list */
    pid_t pid; /* in a role that joined it: the process that offered it, as the supervisor knows */
};

#define RY_ROLE_LINK_WHY_BYTES 256

/* Makes the region `name`, its head zero and its ring empty, and publishes it. 0, or -1 with the
 * reason in `why` ("there is no such link"); then there is nothing to leave. */
int ry_role_link_make(struct ry_role_link *link, const char *name,
                      char why[RY_ROLE_LINK_WHY_BYTES]);

/* Maps the region behind `fd`, which must be `name`. 0 takes the descriptor over; -1 leaves it to
 * the caller, with the reason in `why` ("it does not hold the ring that it should"). */
int ry_role_link_join(struct ry_role_link *link, int fd, const char *name,
                      char why[RY_ROLE_LINK_WHY_BYTES]);

/* Unmaps and closes; nothing for a link that is not there. */
void ry_role_link_leave(struct ry_role_link *link);

static inline bool ry_role_link_there(const struct ry_role_link *link)
{
    return link->row != NULL;
}

#endif
