#include "feeds/wire/moldudp64.h"

#include "feeds/wire/bytes.h"

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
    out->payload = payload;
    out->length = length;
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
