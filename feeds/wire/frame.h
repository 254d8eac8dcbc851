/*
 * An Ethernet frame to the payload of its UDP datagram, every length checked before a field behind
 * it is read. Pure: no state, no allocation; the payload lies in the frame.
 *
 * Taken: Ethernet II (IEEE 802.3) with up to two VLAN tags (802.1Q, 802.1ad), IPv4 (RFC 791) with
 * options but unfragmented, UDP (RFC 768). Numbers are big-endian. Padding behind the datagram is
 * passed over. Checksums are the network card's affair and are not looked at (captures often have
 * them unfilled).
 */
#ifndef RY_FEEDS_WIRE_FRAME_H
#define RY_FEEDS_WIRE_FRAME_H

#include "shm/base.h"

/* What became of a frame, or of the protocol in its payload. */
enum ry_wire_packet_result {
    RY_WIRE_PACKET_OK = 0,
    RY_WIRE_PACKET_OTHER, /* well-formed as far as looked at, but not for us: no IPv4, no UDP */
    RY_WIRE_PACKET_OTHER_PORT, /* UDP, to another port */
    RY_WIRE_PACKET_FRAGMENT,   /* of a larger datagram: exchanges send none */
    RY_WIRE_PACKET_SHORT,      /* ends within a header */
    RY_WIRE_PACKET_BAD_LENGTH, /* lengths disagree with each other or with the bytes there are */
};

/* frame: whole, as it came from the wire, without the frame check sequence. udp_port: destination,
 * 0 for any. Sets the payload if the answer is OK; it may be empty. */
enum ry_wire_packet_result ry_wire_udp_payload(const uint8_t *frame, size_t length,
                                               uint16_t udp_port, const uint8_t **payload,
                                               size_t *payload_length);

#endif
