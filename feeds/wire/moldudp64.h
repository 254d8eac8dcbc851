/*
 * MoldUDP64 in Ethernet frames: frame -> UDP payload -> messages, and the order of packets.
 *
 * Ethernet II with up to two VLAN tags, IPv4 with options but unfragmented, UDP. Checksums are the
 * network card's affair and are not looked at (captures often have them unfilled).
 *
 * A MoldUDP64 packet, big-endian: session 0:10, sequence of its first message 10:8, count 18:2,
 * then count times {length u16, message}. Count 0 is a heartbeat, 0xffff the end of the session;
 * both carry the next sequence. From the published specification "MoldUDP64 Protocol 1.00".
 *
 * The parsing is pure; struct ry_line_moldudp64 remembers what comes next.
 */
#ifndef RY_FEEDS_WIRE_MOLDUDP64_H
#define RY_FEEDS_WIRE_MOLDUDP64_H

#include "shm/base.h"

#define RY_WIRE_MOLDUDP64_SESSION_BYTES 10
#define RY_WIRE_MOLDUDP64_HEAD_BYTES    20
#define RY_WIRE_MOLDUDP64_END           0xffff

enum ry_wire_packet_result {
    RY_WIRE_PACKET_OK = 0,
    RY_WIRE_PACKET_OTHER, /* well-formed as far as looked at, but not for us: no IPv4, no UDP */
    RY_WIRE_PACKET_OTHER_PORT, /* UDP, to another port */
    RY_WIRE_PACKET_FRAGMENT,   /* of a larger datagram: exchanges send none */
    RY_WIRE_PACKET_SHORT,      /* ends within a header */
    RY_WIRE_PACKET_BAD_LENGTH, /* lengths inside disagree with each other or with the bytes there
                                  are */
};

/* udp_port: destination, 0 for any. */
enum ry_wire_packet_result ry_wire_udp_payload(const uint8_t *frame, size_t length,
                                               uint16_t udp_port, const uint8_t **payload,
                                               size_t *payload_length);

struct ry_wire_moldudp64 {
    uint8_t session[RY_WIRE_MOLDUDP64_SESSION_BYTES];
    uint16_t count;      /* of messages; 0 for heartbeat and end */
    bool end;            /* of the session */
    uint64_t sequence;   /* of the first message, or the next to come */
    const uint8_t *next; /* where ry_wire_moldudp64_next goes on */
    uint16_t left;       /* messages that it has still to give */
};

/* Checks the whole packet: the counted messages must fill it exactly. */
enum ry_wire_packet_result ry_wire_moldudp64_parse(const uint8_t *payload, size_t length,
                                                   struct ry_wire_moldudp64 *out);

/* The next message; false when there is none left. */
bool ry_wire_moldudp64_next(struct ry_wire_moldudp64 *packet, const uint8_t **message,
                            size_t *length);

enum ry_line_result {
    RY_LINE_TAKE = 0, /* the packet has something new: `skip` messages of it are not */
    RY_LINE_OLD,      /* all of it was there before, or it is a heartbeat */
    RY_LINE_END,      /* end of session, nothing missing */
    RY_LINE_GAP,     /* messages `expected` to `got` - 1 are missing; the line stays where it was */
    RY_LINE_SESSION, /* another session than the one that the line began with */
};

struct ry_line_moldudp64 {
    bool begun; /* the first packet sets session and sequence */
    uint8_t session[RY_WIRE_MOLDUDP64_SESSION_BYTES];
    uint64_t expected; /* the sequence of the next new message */
};

struct ry_line_verdict {
    uint16_t skip;
    uint64_t expected, got; /* GAP */
};

enum ry_line_result ry_line_moldudp64(struct ry_line_moldudp64 *line,
                                      const struct ry_wire_moldudp64 *packet,
                                      struct ry_line_verdict *verdict);

#endif
