/*
 * MoldUDP64: a UDP payload to messages. Pure: no state, no allocation; the messages lie in the
 * payload.
 *
 * A packet, big-endian: session 0:10, sequence of its first message 10:8, count 18:2, then count
 * times {length u16, message}. Count 0 is a heartbeat, 0xffff the end of the session; both carry
 * the next sequence. From the published specification "MoldUDP64 Protocol 1.00".
 *
 * Whether a packet is the next one of its session: feeds/line/moldudp64.h.
 */
#ifndef RY_FEEDS_WIRE_MOLDUDP64_H
#define RY_FEEDS_WIRE_MOLDUDP64_H

#include "feeds/wire/frame.h"

#define RY_WIRE_MOLDUDP64_SESSION_BYTES 10 /* ASCII, padded with spaces */
#define RY_WIRE_MOLDUDP64_HEAD_BYTES    20
#define RY_WIRE_MOLDUDP64_END           0xffff

struct ry_wire_moldudp64 {
    uint8_t session[RY_WIRE_MOLDUDP64_SESSION_BYTES];
    uint16_t count;         /* of messages; 0 for heartbeat and end */
    bool end;               /* of the session */
    uint64_t sequence;      /* of the first message, or the next to come */
    const uint8_t *next;    /* where ry_wire_moldudp64_next goes on */
    uint16_t left;          /* messages that it has still to give */
    const uint8_t *payload; /* all of it, as it was parsed */
    size_t length;
};

/* Checks the whole packet: the counted messages must fill it exactly. OK, SHORT or BAD_LENGTH. */
enum ry_wire_packet_result ry_wire_moldudp64_parse(const uint8_t *payload, size_t length,
                                                   struct ry_wire_moldudp64 *out);

/* Bytes from `next` on: of the messages that are left, with their lengths. */
static inline size_t ry_wire_moldudp64_rest(const struct ry_wire_moldudp64 *packet)
{
    return packet->length - (size_t)(packet->next - packet->payload);
}

/* The next message; false when there is none left. Good as long as the payload is. */
bool ry_wire_moldudp64_next(struct ry_wire_moldudp64 *packet, const uint8_t **message,
                            size_t *length);

#endif
