/*
 * Wire bytes for tests: ITCH messages, BinaryFILE, MoldUDP64 frames, DBN. Written from the same
 * tables of facts as the decoders, but the other way round.
 */
#ifndef RY_TESTS_SUPPORT_WIRE_RIG_H
#define RY_TESTS_SUPPORT_WIRE_RIG_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_MAX (1u << 20)

struct wire {
    uint8_t bytes[WIRE_MAX];
    size_t length;
};

/* Exactly so many bytes: the address sanitizer sees a read behind them. */
uint8_t *wire_room(size_t length);

void wire_raw(struct wire *w, const void *bytes, size_t length);

/* n bytes of a number, most significant first. */
void wire_be(struct wire *w, uint64_t value, unsigned n);

void wire_zeros(struct wire *w, unsigned n);

/* ---- ITCH 5.0: each call appends one bare message -------------------------------------------- */

#define ITCH_MATCH 99 /* the match number where a call names none */

void itch_system(struct wire *w, uint64_t ns, char code);

void itch_directory(struct wire *w, unsigned locate, uint64_t ns, const char *symbol);

void itch_action(struct wire *w, unsigned locate, uint64_t ns, const char *symbol, char state);

void itch_add(struct wire *w, char type, unsigned locate, uint64_t ns, uint64_t ref, char side,
              uint32_t shares, const char *symbol, uint32_t price);

void itch_executed(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref, uint32_t shares);

void itch_executed_price(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref,
                         uint32_t shares, char printable, uint32_t price);

void itch_cancel(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref, uint32_t shares);

void itch_delete(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref);

void itch_replace(struct wire *w, unsigned locate, uint64_t ns, uint64_t ref, uint64_t ref_new,
                  uint32_t shares, uint32_t price);

void itch_cross(struct wire *w, unsigned locate, uint64_t ns, uint64_t shares, const char *symbol,
                uint32_t price);

/* Of this venue: halted 'H', resumed 'T'. */
void itch_operational_halt(struct wire *w, unsigned locate, uint64_t ns, const char *symbol,
                           char action);

/* P (it buys) and B of a match number. */
void itch_trade(struct wire *w, unsigned locate, uint64_t ns, uint32_t shares, const char *symbol,
                uint32_t price, uint64_t match);
void itch_broken_trade(struct wire *w, unsigned locate, uint64_t ns, uint64_t match);

void itch_breaker(struct wire *w, uint64_t ns, char level);
void itch_collar(struct wire *w, unsigned locate, uint64_t ns, const char *symbol, uint32_t price,
                 uint32_t low, uint32_t high);
void itch_ipo(struct wire *w, unsigned locate, uint64_t ns, const char *symbol, uint32_t release_s,
              char qualifier, uint32_t price);

/* A message of that type that says nothing a book needs: zeros behind the head. */
void itch_other(struct wire *w, char type, unsigned length);

/* ---- BinaryFILE ------------------------------------------------------------------------------ */

void wire_binaryfile(struct wire *w, const struct wire *message);

/* ---- MoldUDP64 in Ethernet, IPv4, UDP -------------------------------------------------------- */

/* blocks: `count` times {length, message}; count 0xffff is the end of the session. */
void wire_mold_payload(struct wire *w, const char *session, uint64_t sequence, unsigned count,
                       const struct wire *blocks);

#define WIRE_GROUP 0xe9360c6fu /* 233.54.12.111: where frames go that name no group */

enum wire_link { WIRE_ETHERNET = 0, WIRE_COOKED, WIRE_COOKED2, WIRE_IP };

struct wire_frame_shape {
    enum wire_link link;
    unsigned tags;     /* VLAN tags */
    unsigned options;  /* 4-byte words of IPv4 options */
    unsigned port;     /* destination */
    uint32_t group;    /* the same; 0: WIRE_GROUP */
    uint16_t fragment; /* flags and offset as on the wire */
    unsigned padding;  /* bytes behind the datagram */
};

void wire_frame(struct wire *w, struct wire_frame_shape shape, const struct wire *payload);

/* ---- captures -------------------------------------------------------------------------------- */

enum wire_capture { WIRE_PCAP_US = 0, WIRE_PCAP_NS, WIRE_PCAP_SWAPPED, WIRE_PCAPNG, WIRE_CAPTURES };

/* link_type: as libpcap numbers them in files; 1 is Ethernet. */
void wire_capture_head(struct wire *w, enum wire_capture kind, unsigned link_type);

/* captured: bytes of the frame that the capture kept. */
void wire_capture_frame(struct wire *w, enum wire_capture kind, const struct wire *frame,
                        size_t captured);

/* ---- DBN ------------------------------------------------------------------------------------- */

struct dbn_symbol {
    const char *in, *out;
    uint32_t first_day, end_day;
};

/* Prelude and metadata; one mapping with one interval for each symbol. */
void dbn_header(struct wire *w, unsigned version, unsigned schema, unsigned stype_in,
                unsigned stype_out, unsigned ts_out, const struct dbn_symbol *symbols,
                unsigned count);

struct dbn_record {
    char action, side;
    uint64_t order;
    int64_t price; /* 1e-9 */
    uint32_t size;
    uint64_t ts_recv, ts_event;
    uint8_t flags;
    uint32_t instrument_id;
    uint16_t publisher; /* 0: 1, of a futures' book */
    uint32_t sequence;  /* 0: 1 */
};

void dbn_mbo(struct wire *w, struct dbn_record r, unsigned ts_out);

/* Version 1: symbols of 22 and 4 bytes of filler; later: a stype before each symbol of 71. */
void dbn_symbol_mapping(struct wire *w, unsigned version, uint32_t id, const char *in,
                        const char *out, unsigned ts_out);

/* A status record; trading: 'Y', 'N' or '~'. */
void dbn_status(struct wire *w, struct dbn_record r, unsigned action, char trading);

/* An error (rtype 0x15) or a system record (0x17). */
void dbn_notice(struct wire *w, unsigned version, unsigned rtype, const char *text, unsigned code);

#endif
