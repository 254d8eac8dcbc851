#include "feeds/wire/frame.h"

#include "feeds/wire/bytes.h"

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_QINQ 0x88a8
#define VLAN_TAGS_MAX  2
#define VLAN_TAG_BYTES 4
#define IPV4_HEAD_MIN  20
#define IPV4_FRAGMENT  0x3fff /* more fragments, or an offset */
#define IPV4_OFFSET    0x1fff
#define PROTOCOL_UDP   17
#define UDP_HEAD       8

static const struct {
    size_t head, protocol; /* its bytes, and where it says what follows */
} links[] = {
    [RY_WIRE_LINK_ETHERNET] = {14, 12},
    [RY_WIRE_LINK_COOKED] = {16, 14},
    [RY_WIRE_LINK_COOKED2] = {20, 0},
};

/* Sets where the IP header begins. */
static enum ry_wire_packet_result find_ip(enum ry_wire_link link, const uint8_t *frame,
                                          size_t length, size_t *ip)
{
    *ip = 0;
    if (length == 0)
        return RY_WIRE_PACKET_SHORT;
    if (link == RY_WIRE_LINK_IP)
        return frame[0] >> 4 == 4 ? RY_WIRE_PACKET_OK : RY_WIRE_PACKET_OTHER;
    size_t at = links[link].head;
    if (length < at)
        return RY_WIRE_PACKET_SHORT;
    uint16_t ethertype = ry_wire_be16(frame + links[link].protocol);
    for (int tags = 0; ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_QINQ; tags++) {
        if (tags == VLAN_TAGS_MAX)
            return RY_WIRE_PACKET_OTHER;
        if (length < at + VLAN_TAG_BYTES)
            return RY_WIRE_PACKET_SHORT;
        ethertype = ry_wire_be16(frame + at + 2);
        at += VLAN_TAG_BYTES;
    }
    *ip = at;
    return ethertype == ETHERTYPE_IPV4 ? RY_WIRE_PACKET_OK : RY_WIRE_PACKET_OTHER;
}

/* udp: the datagram behind the IP header. total: its bytes as IP says; have: those in the frame. */
static enum ry_wire_packet_result take_udp(const uint8_t *udp, size_t total, size_t have,
                                           struct ry_wire_datagram *out)
{
    if (total < UDP_HEAD || have < UDP_HEAD)
        return RY_WIRE_PACKET_SHORT;
    const size_t udp_total = ry_wire_be16(udp + 4);
    out->port = ry_wire_be16(udp + 2);
    if (udp_total < UDP_HEAD || udp_total > total)
        return RY_WIRE_PACKET_BAD_LENGTH;
    if (total > have)
        return RY_WIRE_PACKET_CUT;
    out->payload = udp + UDP_HEAD;
    out->length = udp_total - UDP_HEAD;
    return RY_WIRE_PACKET_OK;
}

enum ry_wire_packet_result ry_wire_datagram(enum ry_wire_link link, const uint8_t *frame,
                                            size_t length, struct ry_wire_datagram *out)
{
    size_t at;
    *out = (struct ry_wire_datagram){0};
    const enum ry_wire_packet_result found = find_ip(link, frame, length, &at);
    if (found != RY_WIRE_PACKET_OK)
        return found;

    const uint8_t *ip = frame + at;
    const size_t left = length - at; /* may end with the frame's padding */
    if (left < IPV4_HEAD_MIN)
        return RY_WIRE_PACKET_SHORT;
    const size_t ip_head = (size_t)(ip[0] & 15) * 4;
    const size_t ip_total = ry_wire_be16(ip + 2);
    const uint16_t fragment = ry_wire_be16(ip + 6) & IPV4_FRAGMENT;
    if (ip[0] >> 4 != 4 || ip_head < IPV4_HEAD_MIN || ip_total < ip_head)
        return RY_WIRE_PACKET_BAD_LENGTH;
    if (ip[9] != PROTOCOL_UDP)
        return RY_WIRE_PACKET_OTHER;
    out->group = ry_wire_be32(ip + 16);
    if (left < ip_head)
        return RY_WIRE_PACKET_SHORT;

    const size_t total = ip_total - ip_head, have = left - ip_head;
    if (fragment == 0)
        return take_udp(ip + ip_head, total, have, out);
    if ((fragment & IPV4_OFFSET) == 0 && have >= UDP_HEAD)
        out->port = ry_wire_be16(ip + ip_head + 2);
    return RY_WIRE_PACKET_FRAGMENT;
}
