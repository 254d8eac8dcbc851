/*
 * The handler: one feed, from bytes to events. It chooses the pipeline for the battle's words
 * `format` and `port` (feeds/pipeline.h) and carries what is alike for all: counters, lines for
 * people, the reason of a failure, the numbering of events and the end.
 *
 * No process, no ring: feed_main.c runs it, tests pull events from it. One thread.
 *
 * A file that cannot be read on, a hole in the sequence, a capture that lacks its beginning or its
 * end and a foreign session end the feed: a book that misses messages is no market. Damaged
 * messages are dropped and counted. A file that may lack its end (no system event 'C') is told of:
 * samples are made that way.
 */
#ifndef RY_FEEDS_HANDLER_H
#define RY_FEEDS_HANDLER_H

#include "core/battle/battle.h"
#include "feeds/counters/counters.h"
#include "feeds/hours.h"
#include "feeds/port/port.h"
#include "shm/log.h"

#define RY_FEED_HANDLER_LOOK        4096 /* messages and packets, about, that one take looks at */
#define RY_FEED_HANDLER_ERROR_BYTES (RY_PORT_ERROR_BYTES + 256)

enum ry_feed_handler_result {
    RY_FEED_HANDLER_FAILED = -1, /* the feed is over; ry_feed_handler.error says why */
    RY_FEED_HANDLER_IDLE = 0,    /* nothing there at the moment */
    RY_FEED_HANDLER_QUIET = 1,   /* a message or packet was taken that made no event */
    RY_FEED_HANDLER_EVENT = 2,
    RY_FEED_HANDLER_END = 3, /* FEED_END has been given */
};

struct ry_feed_pipeline;

/* Counters and error may be read at any time, also after close; the rest is the pipeline's. */
struct ry_feed_handler {
    const struct ry_battle *battle; /* the caller's */
    const struct ry_battle_feed *feed;
    unsigned index; /* of the feed in the battle */
    struct ry_feed_counters counters;
    struct ry_log_sink log;
    const struct ry_feed_pipeline *pipeline;
    struct ry_port_frames frames; /* of a caller who brings them; without `next` otherwise */
    void *state;                  /* the pipeline's own, from its open to its close */
    uint64_t source_seq;          /* of the last event, FEED_END included */
    /* For traces; set after open, NULL: nobody wants to know. taken_ns is then when the packet was
     * pulled that was pulled last: the one that the event is from, unless that one had to wait for
     * an earlier one. 0: of a file. */
    int64_t (*clock)(void);
    int64_t taken_ns;
    struct ry_feed_hours hours;
    bool ended;
    uint32_t incomplete; /* bit 1 << enum ry_incomplete: an INCOMPLETE has been given for it */
    bool failed;         /* error is written; the event before it has been given */
    bool opened;
    char error[RY_FEED_HANDLER_ERROR_BYTES];
};

/* Opens the feed number `index`. frames: for a feed of packets, frames from elsewhere than the port
 * that the battle names (tests have them in memory); NULL: from that port. log: NULL: nowhere. 0,
 * or -1 with the reason in handler->error; close it in either case. Never waits; what a pipe holds
 * is judged when it has come. */
int ry_feed_handler_open(struct ry_feed_handler *handler, const struct ry_battle *battle,
                         unsigned index, const struct ry_port_frames *frames,
                         const struct ry_log_sink *log);

/* Tells what was dropped, and closes the port. */
void ry_feed_handler_close(struct ry_feed_handler *handler);

/* Takes messages until `room` events are made, or fewer where they are long in coming. Events count
 * from 1 in head.source_seq; the last is FEED_END. *made of them stand in `events`, whatever it
 * answers: EVENT or QUIET (there are some, or none), or what the message behind them was. */
enum ry_feed_handler_result ry_feed_handler_take(struct ry_feed_handler *handler,
                                                 struct ry_input *events, unsigned room,
                                                 unsigned *made);

/* Takes one message or packet, which makes one event or none. */
enum ry_feed_handler_result ry_feed_handler_next(struct ry_feed_handler *handler,
                                                 struct ry_input *event);

#endif
