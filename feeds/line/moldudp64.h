/*
 * The line of a MoldUDP64 session. Messages are numbered from 1; a packet says the number of its
 * first one, so that the line knows what came before and what is missing:
 *
 *   expected 13,  packet 13..15              TAKE 3, expected 16
 *   expected 16,  packet 14..17              TAKE 2 (14 and 15 came before), expected 18
 *   expected 18,  packet 13..15              OLD
 *   expected 18,  heartbeat, next is 18      HEARTBEAT
 *   expected 18,  packet 20..21              GAP: 18 and 19 are missing
 *   expected 18,  heartbeat, next is 19      GAP: 18 is missing
 *   expected 18,  end of session, next is 18 END
 *
 * From the published specification "MoldUDP64 Protocol 1.00": heartbeats and the end of the session
 * carry the number of the next message, as a packet with messages would.
 */
#ifndef RY_FEEDS_LINE_MOLDUDP64_H
#define RY_FEEDS_LINE_MOLDUDP64_H

#include "feeds/line/line.h"
#include "feeds/wire/moldudp64.h"

struct ry_line_moldudp64 {
    struct ry_feed_counters *counters;
    bool from_first; /* the first packet must begin the session */
    bool begun;      /* the first packet has set session and expected */
    uint8_t session[RY_WIRE_MOLDUDP64_SESSION_BYTES];
    uint64_t expected; /* number of the next new message */
};

/* from_first: true for a record of a whole session, false for a device that can be joined late.
 * Counts late_start, heartbeats, duplicates and gaps in `counters`. */
void ry_line_moldudp64_init(struct ry_line_moldudp64 *line, bool from_first,
                            struct ry_feed_counters *counters);

/* Judges a packet as it was parsed. TAKE: the packet gives its new messages from now on. Otherwise
 * it gives none, and the line stays where it was. */
enum ry_line_result ry_line_moldudp64_take(struct ry_line_moldudp64 *line,
                                           struct ry_wire_moldudp64 *packet);

/* Why GAP, SESSION, LATE or CUT ends the feed, in a sentence without the feed's name; empty for the
 * others. The packet is the one that was judged; CUT needs none. */
void ry_line_moldudp64_explain(const struct ry_line_moldudp64 *line,
                               const struct ry_wire_moldudp64 *packet, enum ry_line_result result,
                               char text[RY_LINE_TEXT_BYTES]);

#endif
