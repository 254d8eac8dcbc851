#include "feeds/wire/moldudp64.h"

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

enum ry_wire_packet_result ry_wire_moldudp64_parse(const uint8_t *payload, size_t length,
                                                   struct ry_wire_moldudp64 *out)
{
    if (length < RY_WIRE_MOLDUDP64_HEAD_BYTES)
        return RY_WIRE_PACKET_SHORT;
    const uint16_t count = ry_wire_be16(payload + 18);
    memcpy(out->session, payload, RY_WIRE_MOLDUDP64_SESSION_BYTES);
    out->sequence = ry_wire_be64(payload + 10);
    out->end = count == RY_WIRE_MOLDUDP64_END;
    out->count = out->end ? 0 : count;
    out->left = out->count;
    out->next = payload + RY_WIRE_MOLDUDP64_HEAD_BYTES;
    if (out->sequence > UINT64_MAX - count)
        return RY_WIRE_PACKET_BAD_LENGTH;
    size_t at = RY_WIRE_MOLDUDP64_HEAD_BYTES;
    for (unsigned i = 0; i < out->count; i++) {
        if (length - at < 2)
            return RY_WIRE_PACKET_BAD_LENGTH;
        const size_t message = ry_wire_be16(payload + at);
        at += 2;
        if (length - at < message)
            return RY_WIRE_PACKET_BAD_LENGTH;
        at += message;
    }
    return at == length ? RY_WIRE_PACKET_OK : RY_WIRE_PACKET_BAD_LENGTH;
}

bool ry_wire_moldudp64_next(struct ry_wire_moldudp64 *packet, const uint8_t **message,
                            size_t *length)
{
    if (packet->left == 0)
        return false;
    *length = ry_wire_be16(packet->next);
    *message = packet->next + 2;
    packet->next += 2 + *length;
    packet->left--;
    return true;
}

enum ry_line_result ry_line_moldudp64(struct ry_line_moldudp64 *line,
                                      const struct ry_wire_moldudp64 *packet,
                                      struct ry_line_verdict *verdict)
{
    if (!line->begun) {
        line->begun = true;
        memcpy(line->session, packet->session, sizeof line->session);
        line->expected = packet->sequence;
    }
    if (memcmp(line->session, packet->session, sizeof line->session) != 0)
        return RY_LINE_SESSION;
    if (packet->sequence > line->expected) {
        verdict->expected = line->expected;
        verdict->got = packet->sequence;
        return RY_LINE_GAP;
    }
    if (packet->end)
        return RY_LINE_END;
    const uint64_t after = packet->sequence + packet->count;
    if (after <= line->expected)
        return RY_LINE_OLD;
    verdict->skip = (uint16_t)(line->expected - packet->sequence);
    line->expected = after;
    return RY_LINE_TAKE;
}
