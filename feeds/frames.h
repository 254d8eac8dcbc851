/*
 * What every pipeline of packets begins with: the frames of the feed's port, the UDP datagrams in
 * them that are this feed's (`udp_port`, `group`), and what became of all others, for people.
 */
#ifndef RY_FEEDS_FRAMES_H
#define RY_FEEDS_FRAMES_H

#include "feeds/pipeline.h"
#include "feeds/wire/frame.h"

/* Part of a pipeline's state; counts in the handler's counters. */
struct ry_feed_frames {
    struct ry_port_frames port;
    struct ry_wire_datagram other; /* the first one that was not this feed's: where it went */
};

/* Opens the port that the battle names, or takes the handler's own frames. 0, or -1, noted. A
 * zeroed struct may be closed, too. */
int ry_feed_frames_open(struct ry_feed_frames *frames, struct ry_feed_handler *handler);
/* Counts and tells what the device lost. */
void ry_feed_frames_close(struct ry_feed_frames *frames, struct ry_feed_handler *handler);

/* The next frame, as its port says. FRAME: `ours` if a datagram for this feed is in it; others are
 * counted. */
enum ry_port_frames_result ry_feed_frames_next(struct ry_feed_frames *frames,
                                               struct ry_feed_handler *handler,
                                               struct ry_wire_datagram *datagram, bool *ours);

/* Counts a packet for this feed that is not what its protocol says. */
void ry_feed_frames_drop(struct ry_feed_handler *handler, enum ry_wire_packet_result result);

/* What may be missing in a line because its packets could not be used: clauses, each behind "; ";
 * empty if there are none. */
void ry_feed_frames_lost(const struct ry_feed_handler *handler, char *text, size_t room);

/* A sentence about frames of which none was for this feed: what they were. */
void ry_feed_frames_in_vain(const struct ry_feed_frames *frames,
                            const struct ry_feed_handler *handler, char *text, size_t room);

/* "233.54.12.111": room for the longest, with the final NUL. */
#define RY_FEED_ADDRESS_BYTES 16
const char *ry_feed_address(uint32_t address, char text[RY_FEED_ADDRESS_BYTES]);

#endif
