/*
 * The ring: one producer, any number of readers, records of 1 to 8 slots.
 *
 * A slot is 64 bytes: an 8-byte sequence that never wraps, then 56 bytes of payload. The sequence word of
 * slot number i (from 0) is (i + 1) << 4 | n, where n is the record's length in its first slot and 0 in
 * the others; so readers see lengths and can find the next record after an overrun. A record's first slot
 * is released last.
 *
 * Writer: mark the slots as in work, release fence, relaxed word stores, release the sequences.
 * Reader: acquire the sequence, copy, fence, look again; changed means overrun.
 *
 * The ring itself may lap. A link that may not lose gives the writer its readers' positions
 * (struct ry_ring_position, in the readers' own regions) and asks for room before it writes.
 */
#ifndef RY_SHM_RING_H
#define RY_SHM_RING_H

#include "shm/atomic.h"
#include "shm/base.h"

#define RY_RING_SLOT_BYTES  64
#define RY_RING_PAYLOAD     56
#define RY_RING_RECORD_SLOTS_MAX 8
#define RY_RING_RECORD_BYTES_MAX (RY_RING_RECORD_SLOTS_MAX * RY_RING_PAYLOAD)
#define RY_RING_SLOTS_MIN 16

/* What a reader has read: the number of the next slot that it will look at. Lies in the reader's region. */
struct ry_ring_position {
    _Alignas(RY_ISOLATION) ry_atomic_u64 next;
    uint8_t pad[RY_ISOLATION - 8];
};

/* Process-private handles; the ring in shared memory is ry_ring_footprint(slots) bytes. */
struct ry_ring_writer;
struct ry_ring_reader;

/* slots: a power of two, at least RY_RING_SLOTS_MIN. */
size_t ry_ring_footprint(uint64_t slots);

/* Makes an empty ring in the body of a region that is not published yet. */
void ry_ring_create(struct ry_ring_writer *writer, void *memory, uint64_t slots);

/* Appends a record of n slots (1..8) from n * 56 bytes. Never waits; laps readers that are too slow. */
static inline void ry_ring_write(struct ry_ring_writer *writer, const void *payload, unsigned n);

/* True if n slots can be written without lapping a reader at `position` (cached; looks at it when needed). */
static inline bool ry_ring_has_room(struct ry_ring_writer *writer, const struct ry_ring_position *position,
                                    unsigned n);

/* Slots written since the beginning; the number of the next slot. */
static inline uint64_t ry_ring_written(const struct ry_ring_writer *writer);

/* 0, or -1 if `bytes` holds no ring. Reads begin at slot 0, or with ry_ring_seek anywhere. */
int ry_ring_join(struct ry_ring_reader *reader, const void *memory, size_t bytes);
void ry_ring_seek(struct ry_ring_reader *reader, uint64_t slot);

enum ry_ring_result {
    RY_RING_EMPTY = 0,
    /* 1..8: that many slots were copied to `payload` (room for RY_RING_RECORD_BYTES_MAX) */
    RY_RING_OVERRUN = -1, /* lapped: the reader moved on to a later record; reader->lost tells by how much */
};

static inline int ry_ring_read(struct ry_ring_reader *reader, void *payload);

/* The number of the next slot; what a reader stores into its ry_ring_position, released. */
static inline uint64_t ry_ring_next(const struct ry_ring_reader *reader);

#endif
