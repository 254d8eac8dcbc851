/*
 * A second reader of ITCH days: a slow, obvious book from the encoded bytes alone, decoded by the
 * offsets of the published layouts. It holds every promise of tools/generate/generate.h against
 * them and stops at the first message that breaks one.
 */
#ifndef RY_TESTS_SUPPORT_ITCH_H
#define RY_TESTS_SUPPORT_ITCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/generate/generate.h"

struct ry_test_itch_order {
    uint64_t arrival; /* counts; the queue's order */
    uint32_t price;
    uint32_t left; /* 0: not living */
    uint16_t locate;
    char side;
    uint64_t after, before; /* the instrument's list of living orders, by reference */
};

struct ry_test_itch_instrument {
    uint8_t symbol[8];
    uint64_t first; /* reference of the first living order */
    bool halted;
    uint64_t trades, volume, turnover, cross_volume, live;
    uint32_t cross_price;     /* of the C 'N' since the last Q; 0: none */
    uint64_t cross_shares[2]; /* by side */
    uint64_t crosses;
};

struct ry_test_itch {
    struct ry_test_itch_order *order; /* by reference */
    size_t orders;
    struct ry_test_itch_instrument *instrument; /* by locate */
    uint32_t instruments;
    uint64_t arrivals, time, ref, match, messages, live, live_peak;
    uint64_t count[128], improved, partial, sweeps, ticks_one, ticks_more, swept_time;
    uint64_t crossed_while_halted, cross_messages, halted_actions;
    char session;          /* the last S */
    uint32_t close_minute; /* since midnight: when the regular session must end; 16:00 */
    char why[256];
};

/* Room for a day of so many messages; `stop` frees it. */
void ry_test_itch_start(struct ry_test_itch *c, uint32_t instruments, uint64_t messages);
void ry_test_itch_stop(struct ry_test_itch *c);

/* One message. False: it breaks a promise; `why` says which. */
bool ry_test_itch_message(struct ry_test_itch *c, const uint8_t *m, size_t length);

/* Reads a BinaryFILE to its end mark, which must be the last of the file; a fault fails the test.
 */
void ry_test_itch_file(struct ry_test_itch *c, const uint8_t *bytes, size_t size);

/* What the generator said of the day that was read. */
void ry_test_itch_report(const struct ry_test_itch *c, const struct ry_generate_report *report);

/* A big-endian number of so many bytes. */
uint64_t ry_test_itch_number(const uint8_t *at, int bytes);

#endif
