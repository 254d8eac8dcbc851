/*
 * One feed of a battle in one process: feeds/handler.h, with a ring of its events for exec. No
 * process, no bell: the loop asks it for more when exec has read what is there.
 */
#ifndef RY_TOOLS_ONE_FEED_H
#define RY_TOOLS_ONE_FEED_H

#include "core/role/parts.h"
#include "feeds/handler.h"
#include "tools/one/log.h"

struct ry_one_feed {
    struct ry_feed_handler handler;
    struct ry_one_log log;
    struct ry_one_ring events;
    struct ry_role_part *part; /* NULL: nobody wants to know */
    bool opened, ended, failed;
};

/* -1 with the reason in feed->handler.error; close it in either case. */
int ry_one_feed_open(struct ry_one_feed *feed, const struct ry_battle *battle, unsigned index,
                     const char *directory, struct ry_role_part *part);

/* Messages, until the ring is full or there are none. Returns whether any was taken; `failed`: that
 * was all, handler.error says why. */
unsigned ry_one_feed_take(struct ry_one_feed *feed, const struct ry_ring_position *read);
void ry_one_feed_close(struct ry_one_feed *feed);

#endif
