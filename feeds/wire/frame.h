/*
 * A frame to the payload of its UDP datagram, every length checked before a field behind it is
 * read. Pure: no state, no allocation; the payload lies in the frame.
 *
 * Taken: Ethernet II (IEEE 802.3), Linux cooked captures (LINKTYPE_LINUX_SLL and _SLL2, as "tcpdump
 * -i any" makes them) and bare IP; up to two VLAN tags (802.1Q, 802.1ad), IPv4 (RFC 791) with
 * options but unfragmented, UDP (RFC 768). Numbers are big-endian. Padding behind the datagram is
 * passed over. Checksums are the network card's affair and are not looked at (captures often have
 * them unfilled).
 */
#ifndef RY_FEEDS_WIRE_FRAME_H
#define RY_FEEDS_WIRE_FRAME_H

#include "shm/base.h"

/* What a frame begins with. */
enum ry_wire_link {
    RY_WIRE_LINK_ETHERNET = 0,
    RY_WIRE_LINK_COOKED,  /* 16 bytes, the protocol last */
    RY_WIRE_LINK_COOKED2, /* 20 bytes, the protocol first */
    RY_WIRE_LINK_IP,
};

/* What became of a frame, or of the protocol in its payload. */
enum ry_wire_packet_result {
    RY_WIRE_PACKET_OK = 0,
    RY_WIRE_PACKET_OTHER,    /* well-formed as far as looked at, but not for us: no IPv4, no UDP */
    RY_WIRE_PACKET_FRAGMENT, /* of a larger datagram: exchanges send none */
    RY_WIRE_PACKET_SHORT,    /* ends within a header */
    RY_WIRE_PACKET_CUT, /* its datagram goes on behind the frame: a capture's snapshot length */
    RY_WIRE_PACKET_BAD_LENGTH, /* lengths disagree with each other */
};

struct ry_wire_datagram {
    uint32_t group; /* IPv4 destination; 0: not known */
    uint16_t port;  /* UDP destination; 0: not known */
    const uint8_t *payload;
    size_t length; /* may be 0 */
};

/* frame: as it came from the wire, without the frame check sequence. Fills the payload if the
 * answer is OK; group and port as far as they could be read, whatever the answer. */
enum ry_wire_packet_result ry_wire_datagram(enum ry_wire_link link, const uint8_t *frame,
                                            size_t length, struct ry_wire_datagram *out);

#endif
