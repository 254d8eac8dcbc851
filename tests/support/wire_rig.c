#include "tests/support/wire_rig.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

uint8_t *wire_room(size_t length)
{
    uint8_t *room = malloc(length);
    assert(room != NULL);
    return room;
}

void wire_raw(struct wire *w, const void *bytes, size_t length)
{
    assert(w->length + length <= WIRE_MAX);
    memcpy(w->bytes + w->length, bytes, length);
    w->length += length;
}

void wire_be(struct wire *w, uint64_t value, unsigned n)
{
    for (unsigned i = n; i-- > 0;)
        wire_raw(w, &(uint8_t){(uint8_t)(value >> (8 * i))}, 1);
}

static void wire_le(struct wire *w, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        wire_raw(w, &(uint8_t){(uint8_t)(value >> (8 * i))}, 1);
}

static void wire_text(struct wire *w, const char *text, unsigned n, char pad)
{
    const size_t length = strlen(text);
    for (unsigned i = 0; i < n; i++)
        wire_raw(w, i < length ? &text[i] : &pad, 1);
}

void wire_zeros(struct wire *w, unsigned n)
{
    while (n-- > 0)
        wire_be(w, 0, 1);
}

/* ---- ITCH 5.0: each call appends one bare message -------------------------------------------- */

static void itch_head(struct wire *w, char type, unsigned locate, uint64_t ns)
{
    wire_be(w, (uint8_t)type, 1);
    wire_be(w, locate, 2);
    wire_be(w, 7, 2); /* tracking number */
    wire_be(w, ns, 6);
}

void itch_system(struct wire *w, uint64_t ns, char code)
{
    itch_head(w, 'S', 0, ns);
    wire_be(w, (uint8_t)code, 1);
}

void itch_directory(struct wire *w, unsigned locate, uint64_t ns, const char *symbol)
{
    itch_head(w, 'R', locate, ns);
    wire_text(w, symbol, 8, ' ');
    wire_raw(w, "QN", 2);
    wire_be(w, 100, 4);
    wire_raw(w, "NCZ PNN1N", 9);
    wire_be(w, 0, 4);
    wire_raw(w, "N", 1);
}

void itch_action(struct wire *w, unsigned locate, uint64_t ns, const char *symbol, char state)
{
    itch_head(w, 'H', locate, ns);
    wire_text(w, symbol, 8, ' ');
    wire_be(w, (uint8_t)state, 1);
    wire_raw(w, " T1  ", 5);
}

void itch_add(struct wire *w, char type, unsigned locate, uint64_t ns, uint64_t ref, char side,
              uint32_t shares, const char *symbol, uint32_t price)
{
    itch_head(w, type, locate, ns); /* 'A', 'F' or 'P' */
    wire_be(w, ref, 8);
    wire_be(w, (uint8_t)side, 1);
    wire_be(w, shares, 4);
    wire_text(w, symbol, 8, ' ');
    wire_be(w, price, 4);
    if (type == 'F')
        wire_raw(w, "MPID", 4);
    if (type == 'P')
        wire_be(w, ITCH_MATCH, 8);
}

void itch_executed(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref, uint32_t shares)
{
    itch_head(w, 'E', locate, ns);
    wire_be(w, ref, 8);
    wire_be(w, shares, 4);
    wire_be(w, ITCH_MATCH, 8);
}

void itch_executed_price(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref,
                         uint32_t shares, char printable, uint32_t price)
{
    itch_head(w, 'C', locate, ns);
    wire_be(w, ref, 8);
    wire_be(w, shares, 4);
    wire_be(w, ITCH_MATCH, 8);
    wire_be(w, (uint8_t)printable, 1);
    wire_be(w, price, 4);
}

void itch_cancel(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref, uint32_t shares)
{
    itch_head(w, 'X', locate, ns);
    wire_be(w, ref, 8);
    wire_be(w, shares, 4);
}

void itch_delete(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref)
{
    itch_head(w, 'D', locate, ns);
    wire_be(w, ref, 8);
}

void itch_replace(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref, uint64_t ref_new,
                  uint32_t shares, uint32_t price)
{
    itch_head(w, 'U', locate, ns);
    wire_be(w, ref, 8);
    wire_be(w, ref_new, 8);
    wire_be(w, shares, 4);
    wire_be(w, price, 4);
}

void itch_cross(struct wire *w, unsigned locate, uint64_t ns, uint64_t shares, const char *symbol,
                uint32_t price)
{
    itch_head(w, 'Q', locate, ns);
    wire_be(w, shares, 8);
    wire_text(w, symbol, 8, ' ');
    wire_be(w, price, 4);
    wire_be(w, ITCH_MATCH, 8);
    wire_raw(w, "O", 1);
}

void itch_operational_halt(struct wire *w, unsigned locate, uint64_t ns, const char *symbol,
                           char action)
{
    itch_head(w, 'h', locate, ns);
    wire_text(w, symbol, 8, ' ');
    wire_raw(w, "Q", 1);
    wire_be(w, (uint8_t)action, 1);
}

void itch_trade(struct wire *w, unsigned locate, uint64_t ns, uint32_t shares, const char *symbol,
                uint32_t price, uint64_t match)
{
    itch_add(w, 'P', locate, ns, 0, 'B', shares, symbol, price);
    w->length -= 8;
    wire_be(w, match, 8);
}

void itch_broken_trade(struct wire *w, unsigned locate, uint64_t ns, uint64_t match)
{
    itch_head(w, 'B', locate, ns);
    wire_be(w, match, 8);
}

void itch_breaker(struct wire *w, uint64_t ns, char level)
{
    itch_head(w, 'W', 0, ns);
    wire_be(w, (uint8_t)level, 1);
}

void itch_collar(struct wire *w, unsigned locate, uint64_t ns, const char *symbol, uint32_t price,
                 uint32_t low, uint32_t high)
{
    itch_head(w, 'J', locate, ns);
    wire_text(w, symbol, 8, ' ');
    wire_be(w, price, 4);
    wire_be(w, high, 4);
    wire_be(w, low, 4);
    wire_be(w, 0, 4); /* extensions of the auction */
}

void itch_ipo(struct wire *w, unsigned locate, uint64_t ns, const char *symbol, uint32_t release_s,
              char qualifier, uint32_t price)
{
    itch_head(w, 'K', locate, ns);
    wire_text(w, symbol, 8, ' ');
    wire_be(w, release_s, 4);
    wire_be(w, (uint8_t)qualifier, 1);
    wire_be(w, price, 4);
}

void itch_other(struct wire *w, char type, unsigned length)
{
    itch_head(w, type, 1, 1000);
    wire_zeros(w, length - 11);
}

/* ---- BinaryFILE ------------------------------------------------------------------------------ */

void wire_binaryfile(struct wire *w, const struct wire *message)
{
    wire_be(w, message->length, 2);
    wire_raw(w, message->bytes, message->length);
}

/* ---- MoldUDP64 in Ethernet, IPv4, UDP -------------------------------------------------------- */

void wire_mold_payload(struct wire *w, const char *session, uint64_t sequence, unsigned count,
                       const struct wire *blocks)
{
    wire_text(w, session, 10, ' ');
    wire_be(w, sequence, 8);
    wire_be(w, count, 2);
    if (blocks != NULL)
        wire_raw(w, blocks->bytes, blocks->length);
}

/* What stands before the protocol of the first header, and before IP behind it. */
static void wire_link_head(struct wire *w, struct wire_frame_shape shape)
{
    static const uint8_t macs[12] = {1, 0, 0x5e, 0, 0, 1, 2, 2, 2, 2, 2, 2};
    static const uint8_t cooked[14] = {0, 2, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0};
    static const uint8_t cooked2[18] = {0, 0, 0, 0, 0, 3, 0, 1, 2, 6, 2, 2, 2, 2, 2, 2, 0, 0};
    if (shape.link == WIRE_IP)
        return;
    if (shape.link == WIRE_ETHERNET)
        wire_raw(w, macs, sizeof macs);
    if (shape.link == WIRE_COOKED)
        wire_raw(w, cooked, sizeof cooked);
    const unsigned outer = shape.tags > 1 ? 0x88a8 : shape.tags == 1 ? 0x8100 : 0x0800;
    wire_be(w, outer, 2);
    if (shape.link == WIRE_COOKED2)
        wire_raw(w, cooked2, sizeof cooked2);
    for (unsigned left = shape.tags; left > 0; left--) {
        wire_be(w, 5, 2);
        wire_be(w, left > 2 ? 0x88a8 : left == 2 ? 0x8100 : 0x0800, 2);
    }
}

void wire_frame(struct wire *w, struct wire_frame_shape shape, const struct wire *payload)
{
    const size_t udp = 8 + payload->length, ip_head = 20 + 4 * shape.options;
    wire_link_head(w, shape);
    wire_be(w, 0x40 | ip_head / 4, 1);
    wire_be(w, 0, 1);
    wire_be(w, ip_head + udp, 2);
    wire_be(w, 1, 2);
    wire_be(w, shape.fragment, 2);
    wire_be(w, 64, 1);
    wire_be(w, 17, 1);
    wire_be(w, 0, 2);
    wire_be(w, 0x0a000001, 4);
    wire_be(w, shape.group != 0 ? shape.group : WIRE_GROUP, 4);
    wire_zeros(w, 4 * shape.options);
    wire_be(w, 18000, 2);
    wire_be(w, shape.port, 2);
    wire_be(w, udp, 2);
    wire_be(w, 0, 2);
    wire_raw(w, payload->bytes, payload->length);
    wire_zeros(w, shape.padding);
}

/* ---- captures -------------------------------------------------------------------------------- */

/* A number of a capture, in the byte order of its kind. */
static void wire_number(struct wire *w, enum wire_capture kind, uint64_t value, unsigned n)
{
    if (kind == WIRE_PCAP_SWAPPED)
        wire_be(w, value, n);
    else
        wire_le(w, value, n);
}

void wire_capture_head(struct wire *w, enum wire_capture kind, unsigned link_type)
{
    if (kind == WIRE_PCAPNG) {
        wire_le(w, 0x0a0d0d0a, 4); /* the section: 28 bytes, of unknown length */
        wire_le(w, 28, 4);
        wire_le(w, 0x1a2b3c4d, 4);
        wire_le(w, 1, 4);
        wire_le(w, UINT64_MAX, 8);
        wire_le(w, 28, 4);
        wire_le(w, 1, 4); /* its one interface: 20 bytes */
        wire_le(w, 20, 4);
        wire_le(w, link_type, 4);
        wire_le(w, 65535, 4);
        wire_le(w, 20, 4);
        return;
    }
    wire_number(w, kind, kind == WIRE_PCAP_NS ? 0xa1b23c4d : 0xa1b2c3d4, 4);
    wire_number(w, kind, 2, 2);
    wire_number(w, kind, 4, 2);
    wire_zeros(w, 8);
    wire_number(w, kind, 65535, 4);
    wire_number(w, kind, link_type, 4);
}

void wire_capture_frame(struct wire *w, enum wire_capture kind, const struct wire *frame,
                        size_t captured)
{
    const unsigned filler = kind == WIRE_PCAPNG ? (4 - captured % 4) % 4 : 0;
    const size_t block = 32 + captured + filler;
    if (kind == WIRE_PCAPNG) {
        wire_le(w, 6, 4); /* a packet of interface 0 */
        wire_le(w, block, 4);
        wire_le(w, 0, 4);
    }
    wire_number(w, kind, 5, 4);
    wire_number(w, kind, 6, 4);
    wire_number(w, kind, captured, 4);
    wire_number(w, kind, frame->length, 4);
    wire_raw(w, frame->bytes, captured);
    wire_zeros(w, filler);
    if (kind == WIRE_PCAPNG)
        wire_le(w, block, 4);
}

/* ---- DBN ------------------------------------------------------------------------------------- */

void dbn_header(struct wire *w, unsigned version, unsigned schema, unsigned stype_in,
                unsigned stype_out, unsigned ts_out, const struct dbn_symbol *symbols,
                unsigned count)
{
    const unsigned symbol = version == 1 ? 22 : 71;
    const size_t began = w->length;
    wire_raw(w, "DBN", 3);
    wire_le(w, version, 1);
    wire_le(w, 0, 4); /* length, below */
    wire_text(w, "TEST.SET", 16, '\0');
    wire_le(w, schema, 2);
    wire_le(w, 1000, 8);
    wire_le(w, UINT64_MAX, 8);
    wire_le(w, 0, 8);
    if (version == 1)
        wire_le(w, UINT64_MAX, 8);
    wire_le(w, stype_in, 1);
    wire_le(w, stype_out, 1);
    wire_le(w, ts_out, 1);
    if (version > 1)
        wire_le(w, symbol, 2);
    wire_zeros(w, version == 1 ? 47 : 53);
    wire_le(w, 0, 4);
    wire_le(w, count, 4);
    for (unsigned i = 0; i < count; i++)
        wire_text(w, symbols[i].in, symbol, '\0');
    wire_le(w, 0, 4);
    wire_le(w, 0, 4);
    wire_le(w, count, 4);
    for (unsigned i = 0; i < count; i++) {
        wire_text(w, symbols[i].in, symbol, '\0');
        wire_le(w, 1, 4);
        wire_le(w, symbols[i].first_day, 4);
        wire_le(w, symbols[i].end_day, 4);
        wire_text(w, symbols[i].out, symbol, '\0');
    }
    struct {
        uint32_t length;
    } header = {(uint32_t)(w->length - began - 8)};
    memcpy(w->bytes + began + 4, &header, 4);
}

void dbn_mbo(struct wire *w, struct dbn_record r, unsigned ts_out)
{
    wire_le(w, ts_out ? 16 : 14, 1);
    wire_le(w, 0xa0, 1);
    wire_le(w, r.publisher != 0 ? r.publisher : 1, 2);
    wire_le(w, r.instrument_id, 4);
    wire_le(w, r.ts_event, 8);
    wire_le(w, r.order, 8);
    wire_le(w, (uint64_t)r.price, 8);
    wire_le(w, r.size, 4);
    wire_le(w, r.flags, 1);
    wire_le(w, 0, 1);
    wire_le(w, (uint8_t)r.action, 1);
    wire_le(w, (uint8_t)r.side, 1);
    wire_le(w, r.ts_recv, 8);
    wire_le(w, 17, 4);
    wire_le(w, r.sequence != 0 ? r.sequence : 1, 4);
    if (ts_out)
        wire_le(w, r.ts_recv + 5, 8);
}

void dbn_symbol_mapping(struct wire *w, unsigned version, uint32_t id, const char *in,
                        const char *out, unsigned ts_out)
{
    const unsigned symbol = version == 1 ? 22 : 71,
                   bytes = (version == 1 ? 80u : 176u) + (ts_out ? 8 : 0);
    wire_le(w, bytes / 4, 1);
    wire_le(w, 0x16, 1);
    wire_le(w, 0, 2);
    wire_le(w, id, 4);
    wire_le(w, 1000, 8);
    if (version > 1)
        wire_le(w, 1, 1);
    wire_text(w, in, symbol, '\0');
    if (version > 1)
        wire_le(w, 1, 1);
    wire_text(w, out, symbol, '\0');
    if (version == 1)
        wire_zeros(w, 4);
    wire_le(w, 0, 8);
    wire_le(w, UINT64_MAX, 8);
    if (ts_out)
        wire_le(w, 0, 8);
}

void dbn_status(struct wire *w, struct dbn_record r, unsigned action, char trading)
{
    wire_le(w, 10, 1);
    wire_le(w, 0x12, 1);
    wire_le(w, r.publisher != 0 ? r.publisher : 1, 2);
    wire_le(w, r.instrument_id, 4);
    wire_le(w, r.ts_event, 8);
    wire_le(w, r.ts_recv, 8);
    wire_le(w, action, 2);
    wire_le(w, 0, 4);
    wire_le(w, (uint8_t)trading, 1);
    wire_le(w, 'N', 1);
    wire_le(w, '~', 1);
    wire_zeros(w, 7);
}

void dbn_notice(struct wire *w, unsigned version, unsigned rtype, const char *text, unsigned code)
{
    const unsigned bytes = version == 1 ? 80 : 320, room = version == 1 ? 64 : 320 - 16 - 2;
    wire_le(w, bytes / 4, 1);
    wire_le(w, rtype, 1);
    wire_zeros(w, 6);
    wire_le(w, 1000, 8);
    wire_text(w, text, room, '\0');
    if (version == 1)
        return;
    if (rtype == 0x17)
        wire_zeros(w, 1);
    wire_le(w, code, 1);
    if (rtype == 0x15)
        wire_le(w, 1, 1);
}
