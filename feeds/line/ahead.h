/*
 * Packets that came before their turn. Two lines of one session arrive in any order, and a network
 * swaps packets: what is ahead of the sequence is kept here until what is missing has come.
 *
 *   expected 22,  packet 29..35 comes    kept
 *                 packet 22..28 comes    it is due; then 29..35 is
 *
 * Bounded: RY_LINE_AHEAD_PACKETS places, made at the start; the line (feeds/line/moldudp64.h) also
 * waits for no more than so many packets. One owner, one thread.
 */
#ifndef RY_FEEDS_LINE_AHEAD_H
#define RY_FEEDS_LINE_AHEAD_H

#include "shm/base.h"

#define RY_LINE_AHEAD_PACKETS 64
#define RY_LINE_AHEAD_BYTES   65536 /* a place; a UDP payload is shorter */

struct ry_line_ahead {
    uint8_t *bytes; /* a place after the other */
    unsigned kept;
    struct {
        uint64_t sequence; /* of its first message */
        uint32_t count;    /* of its messages */
        uint32_t length;   /* of its payload; 0: a free place */
    } place[RY_LINE_AHEAD_PACKETS];
};

/* 0, or -1 without memory. A zeroed struct may be freed, too. */
int ry_line_ahead_init(struct ry_line_ahead *ahead);
void ry_line_ahead_free(struct ry_line_ahead *ahead);

/* Copies a payload of 1 to RY_LINE_AHEAD_BYTES bytes. False: no place is free. */
bool ry_line_ahead_keep(struct ry_line_ahead *ahead, uint64_t sequence, uint32_t count,
                        const uint8_t *payload, size_t length);

/* True if a kept packet begins there and has at least so many messages. */
bool ry_line_ahead_has(const struct ry_line_ahead *ahead, uint64_t sequence, uint32_t count);

/* The sequence of the first kept packet; UINT64_MAX: none is kept. */
uint64_t ry_line_ahead_first(const struct ry_line_ahead *ahead);

/* Gives up the first kept packet, of which there must be one. Its bytes are good until the next
 * keep. */
const uint8_t *ry_line_ahead_take(struct ry_line_ahead *ahead, size_t *length);

#endif
