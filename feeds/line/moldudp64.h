/*
 * The line of a MoldUDP64 session. Messages are numbered from 1; a packet says the number of its
 * first one, so that the line knows what came before and what is missing:
 *
 *   expected 13,  packet 13..15              TAKE 3, expected 16
 *   expected 16,  packet 14..17              TAKE 2 (14 and 15 came before), expected 18
 *   expected 18,  packet 13..15              OLD
 *   expected 18,  heartbeat, next is 18      HEARTBEAT
 *   expected 18,  packet 20..21              AHEAD: kept; 18 and 19 may still come
 *   expected 18,  packet 18..19              TAKE 2, expected 20; then the kept one is due
 *   expected 22,  end of session, next is 5  OLD: no end, something that was sent late
 *   expected 22,  end of session, next is 22 END
 *
 * Two lines (A and B) of one session, on two groups, are one line here: what comes second is OLD,
 * what one of them lacks the other brings. Packets in the wrong order are put in order. The line
 * waits for what is missing until RY_LINE_AHEAD_PACKETS packets have come that did not bring it;
 * then it is a GAP.
 *
 * The line begins with the first packet that has messages. What has none (heartbeats, the repeated
 * end of yesterday's session) begins nothing, and of another session it means nothing.
 *
 * From the published specification "MoldUDP64 Protocol 1.00": heartbeats and the end of the session
 * carry the number of the next message, as a packet with messages would.
 */
#ifndef RY_FEEDS_LINE_MOLDUDP64_H
#define RY_FEEDS_LINE_MOLDUDP64_H

#include "feeds/line/ahead.h"
#include "feeds/line/line.h"
#include "feeds/wire/moldudp64.h"

struct ry_line_moldudp64 {
    struct ry_feed_counters *counters;
    bool from_first; /* the first packet must begin the session */
    bool begun;      /* the first packet has set session and expected */
    bool ended;
    uint8_t session[RY_WIRE_MOLDUDP64_SESSION_BYTES];
    uint64_t expected; /* number of the next new message */
    uint64_t known;    /* messages before this number are known to exist; else 0 */
    unsigned waited;   /* packets since a message was found to be missing, without it */
    struct ry_line_ahead ahead;
};

/* from_first: the first message must be the session's first. Counts late_start, heartbeats,
 * duplicates, reordered, gaps, old_ends, foreign_ends and after_end in `counters`. 0, or -1 without
 * memory. A zeroed line may be closed, too. */
int ry_line_moldudp64_open(struct ry_line_moldudp64 *line, bool from_first,
                           struct ry_feed_counters *counters);
void ry_line_moldudp64_close(struct ry_line_moldudp64 *line);

/* Judges a packet as it was parsed. TAKE: the packet gives its new messages from now on. Otherwise
 * it gives none, and the line stays where it was. */
enum ry_line_result ry_line_moldudp64_take(struct ry_line_moldudp64 *line,
                                           struct ry_wire_moldudp64 *packet);

/* The next kept packet whose turn has come, to be judged as if it came now; false: there is none.
 * To be asked before each new packet. */
bool ry_line_moldudp64_due(struct ry_line_moldudp64 *line, struct ry_wire_moldudp64 *packet);

/* Nothing more will come: END, GAP, CUT or EMPTY. */
enum ry_line_result ry_line_moldudp64_finish(struct ry_line_moldudp64 *line);

/* After a GAP: goes on behind it. */
void ry_line_moldudp64_skip(struct ry_line_moldudp64 *line);

/* Why GAP, SESSION, LATE, CUT or EMPTY ends the feed, in a sentence without the feed's name; empty
 * for the others. The packet is the one that was judged; SESSION and LATE need it. */
void ry_line_moldudp64_explain(const struct ry_line_moldudp64 *line,
                               const struct ry_wire_moldudp64 *packet, enum ry_line_result result,
                               char text[RY_LINE_TEXT_BYTES]);

#endif
