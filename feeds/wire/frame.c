#include "feeds/wire/frame.h"

#include "feeds/wire/bytes.h"

#define ETHERNET_HEAD  14
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_QINQ 0x88a8
#define VLAN_TAGS_MAX  2
#define VLAN_TAG_BYTES 4
#define IPV4_HEAD_MIN  20
#define IPV4_FRAGMENT  0x3fff /* more fragments, or an offset */
#define PROTOCOL_UDP   17
#define UDP_HEAD       8

enum ry_wire_packet_result ry_wire_udp_payload(const uint8_t *frame, size_t length,
                                               uint16_t udp_port, const uint8_t **payload,
                                               size_t *payload_length)
{
    if (length < ETHERNET_HEAD)
        return RY_WIRE_PACKET_SHORT;
    size_t at = ETHERNET_HEAD;
    uint16_t ethertype = ry_wire_be16(frame + 12);
    for (int tags = 0; ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_QINQ; tags++) {
        if (tags == VLAN_TAGS_MAX)
            return RY_WIRE_PACKET_OTHER;
        if (length < at + VLAN_TAG_BYTES)
            return RY_WIRE_PACKET_SHORT;
        ethertype = ry_wire_be16(frame + at + 2);
        at += VLAN_TAG_BYTES;
    }
    if (ethertype != ETHERTYPE_IPV4)
        return RY_WIRE_PACKET_OTHER;

    const uint8_t *ip = frame + at;
    const size_t left = length - at; /* may end with the frame's padding */
    if (left < IPV4_HEAD_MIN)
        return RY_WIRE_PACKET_SHORT;
    const size_t ip_head = (size_t)(ip[0] & 15) * 4;
    const size_t ip_total = ry_wire_be16(ip + 2);
    if (ip[0] >> 4 != 4 || ip_head < IPV4_HEAD_MIN || ip_total < ip_head || ip_total > left)
        return RY_WIRE_PACKET_BAD_LENGTH;
    if (ip[9] != PROTOCOL_UDP)
        return RY_WIRE_PACKET_OTHER;
    if ((ry_wire_be16(ip + 6) & IPV4_FRAGMENT) != 0)
        return RY_WIRE_PACKET_FRAGMENT;

    const uint8_t *udp = ip + ip_head;
    if (ip_total - ip_head < UDP_HEAD)
        return RY_WIRE_PACKET_SHORT;
    const size_t udp_total = ry_wire_be16(udp + 4);
    if (udp_total < UDP_HEAD || udp_total > ip_total - ip_head)
        return RY_WIRE_PACKET_BAD_LENGTH;
    if (udp_port != 0 && ry_wire_be16(udp + 2) != udp_port)
        return RY_WIRE_PACKET_OTHER_PORT;
    *payload = udp + UDP_HEAD;
    *payload_length = udp_total - UDP_HEAD;
    return RY_WIRE_PACKET_OK;
}
