/*
 * A line: the one sequence of messages that an exchange sends, in whatever pieces it arrives. The
 * line layer says of each piece whether it is the next one; nothing reaches a normaliser before.
 *
 * A book that misses one message is no market. So a hole, a foreign session and a record without
 * its end end the feed, with a sentence that says what was missing; what came before is dropped
 * and counted, where it is dropped.
 *
 * One state a line, in the pipeline that reads it; one thread. Arbitration between two lines and
 * recovery of what is missing belong to this layer. It includes wire and counters, and knows
 * neither ports nor instruments.
 */
#ifndef RY_FEEDS_LINE_LINE_H
#define RY_FEEDS_LINE_LINE_H

#include "feeds/counters/counters.h"

enum ry_line_result {
    RY_LINE_TAKE = 0,  /* something new: the packet stands at its first new message */
    RY_LINE_OLD,       /* everything that it says came before, or it is no affair of this session */
    RY_LINE_HEARTBEAT, /* no message in it, and none is missing */
    RY_LINE_AHEAD,     /* before it messages are missing that may still come; it is kept */
    RY_LINE_END,       /* the session is over, and nothing of it is missing */
    RY_LINE_AFTER,     /* messages behind the end of the session */
    /* Where the feed must end; the line explains. */
    RY_LINE_GAP,     /* messages are missing and have not come in time */
    RY_LINE_SESSION, /* of another session than the one that the line began with */
    RY_LINE_LATE,    /* the first message is not the session's first, and must be */
    RY_LINE_CUT,     /* nothing more will come, and the session is not over */
    RY_LINE_EMPTY,   /* nothing more will come, and not one message came */
};

/* Room for an explanation, the final NUL included: a sentence with two sessions and numbers. */
#define RY_LINE_TEXT_BYTES 256

#endif
