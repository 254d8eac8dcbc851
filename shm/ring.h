/*
 * The ring: one producer, any number of readers, records of 1 to 8 slots.
 *
 * A slot is 64 bytes: an 8-byte sequence that never wraps, then 56 bytes of payload. The sequence
 * word of slot number i (from 0) is (i + 1) << 4 | n, where n is the record's length in its first
 * slot, 0 in the others and 15 while the slot is in work; so readers see lengths, a slot's word
 * only ever rises, and the next record can be found after an overrun. A record's first slot is
 * released last.
 *
 * Writer: mark the slots as in work, release fence, relaxed word stores, release the sequences.
 * Reader: acquire the sequence, copy, fence, look again; changed means overrun. Looking at the
 * first slot alone is enough: the writer marks in order, so it marks the first slot again before it
 * touches the payload of any slot of the record.
 *
 * Memory order:
 *   R0 ry_ring_write releases the sequences    A0 ry_ring_read acquires the first slot's
 *   R1 ry_ring_write fences after marking      A1 ry_ring_read fences before it looks again
 *   R2 the reader releases its position        A2 ry_ring_has_room acquires it
 *
 * The writer of a ring is not trusted: a read touches nothing outside the ring, ends after a
 * bounded number of steps and returns 1..8 or an enum ry_ring_result, whatever the words say. So is
 * a reader's position: a false one can lap its own reader only.
 *
 * The ring itself may lap. A link that may not lose gives the writer its readers' positions
 * (struct ry_ring_position, in the readers' own regions) and asks for room before it writes.
 */
#ifndef RY_SHM_RING_H
#define RY_SHM_RING_H

#include <assert.h>
#include <string.h>

#include "shm/atomic.h"
#include "shm/base.h"

#define RY_RING_SLOT_BYTES       64
#define RY_RING_PAYLOAD          56
#define RY_RING_RECORD_SLOTS_MAX 8
#define RY_RING_RECORD_BYTES_MAX (RY_RING_RECORD_SLOTS_MAX * RY_RING_PAYLOAD)
#define RY_RING_SLOTS_MIN        16
#define RY_RING_SLOTS_MAX        (UINT64_C(1) << 32)
#define RY_RING_MAGIC            UINT64_C(0x31474e4952595952) /* "RYYRING1" */

#define RY_RING_SLOT_WORDS (RY_RING_PAYLOAD / 8)
#define RY_RING_IN_WORK    15u
_Static_assert(RY_RING_SLOT_WORDS == 7,
               "ry_ring_store_payload and ry_ring_load_payload move seven words");

struct ry_ring_slot {
    ry_atomic_u64 sequence;
    ry_atomic_u64 word[RY_RING_SLOT_WORDS];
};
RY_SIZE(struct ry_ring_slot, RY_RING_SLOT_BYTES);
RY_OFFSET(struct ry_ring_slot, word, 8);

/* What lies in shared memory: this, then the slots. Constant once the region is published. */
struct ry_ring_header {
    uint64_t magic; /* RY_RING_MAGIC */
    uint64_t slots; /* a power of two */
    uint8_t zero[RY_ISOLATION - 16];
};
RY_SIZE(struct ry_ring_header, RY_ISOLATION);
RY_OFFSET(struct ry_ring_header, slots, 8);

/* What a reader has read: the number of the next slot that it will look at. Lies in the reader's
 * region. */
struct ry_ring_position {
    _Alignas(RY_ISOLATION) ry_atomic_u64 next;
    uint8_t pad[RY_ISOLATION - 8];
};
RY_SIZE(struct ry_ring_position, RY_ISOLATION);

static inline void ry_ring_position_store(struct ry_ring_position *position, uint64_t next)
{
    /* R2: pairs with A2 in shm/ring.h, ry_ring_has_room: what was read before may be written over.
     */
    ry_store_release(&position->next, next);
}

/* Process-private handles; the ring in shared memory is ry_ring_footprint(slots) bytes, aligned to
 * RY_CACHE_LINE at least. */
struct ry_ring_writer {
    struct ry_ring_slot *slot;
    uint64_t mask;
    uint64_t next; /* the number of the next slot */
    /* The last position that ry_ring_has_room looked at, and the slot number that it lets the
     * writer reach. */
    const struct ry_ring_position *room_of;
    uint64_t room_end;
};

struct ry_ring_reader {
    const struct ry_ring_slot *slot;
    uint64_t mask;
    uint64_t next;     /* the number of the next slot */
    uint64_t lost;     /* slots that were passed over, in all */
    uint64_t overruns; /* times that it happened */
};

/* slots: a power of two, RY_RING_SLOTS_MIN..RY_RING_SLOTS_MAX. */
size_t ry_ring_footprint(uint64_t slots);

/* Makes an empty ring in the body of a region that is not published yet. */
void ry_ring_create(struct ry_ring_writer *writer, void *memory, uint64_t slots);

/* 0, or -1 if `bytes` holds no ring. Reads begin at slot 0, or with ry_ring_seek anywhere. */
int ry_ring_join(struct ry_ring_reader *reader, const void *memory, size_t bytes);

/* The next read looks at `slot`. In the middle of a record it moves on to the next one, as after an
 * overrun. */
void ry_ring_seek(struct ry_ring_reader *reader, uint64_t slot);

enum ry_ring_result {
    RY_RING_EMPTY = 0,
    /* 1..8: that many slots were copied to `payload` (room for RY_RING_RECORD_BYTES_MAX) */
    RY_RING_OVERRUN =
        -1, /* lapped: the reader moved on to a later record; reader->lost tells by how much */
};

/* The slow end of ry_ring_read: `sequence` was found at reader->next and is no record's. */
int ry_ring_recover(struct ry_ring_reader *reader, uint64_t sequence);

/* Written out, because gcc leaves a loop of seven atomic moves as a loop, at half the speed. */
static inline uint64_t ry_ring_word(const unsigned char *payload, unsigned i)
{
    uint64_t word;
    memcpy(&word, payload + i * sizeof word, sizeof word);
    return word;
}

/* Word by word: a record was mostly written a moment ago, and a wider read than its writes waits
 * until they have left the core. */
static inline void ry_ring_store_payload(struct ry_ring_slot *slot, const unsigned char *payload)
{
    ry_store_relaxed(&slot->word[0], ry_ring_word(payload, 0));
    ry_store_relaxed(&slot->word[1], ry_ring_word(payload, 1));
    ry_store_relaxed(&slot->word[2], ry_ring_word(payload, 2));
    ry_store_relaxed(&slot->word[3], ry_ring_word(payload, 3));
    ry_store_relaxed(&slot->word[4], ry_ring_word(payload, 4));
    ry_store_relaxed(&slot->word[5], ry_ring_word(payload, 5));
    ry_store_relaxed(&slot->word[6], ry_ring_word(payload, 6));
}

static inline void ry_ring_load_payload(const struct ry_ring_slot *slot, unsigned char *payload)
{
    const uint64_t word[RY_RING_SLOT_WORDS] = {
        ry_load_relaxed(&slot->word[0]), ry_load_relaxed(&slot->word[1]),
        ry_load_relaxed(&slot->word[2]), ry_load_relaxed(&slot->word[3]),
        ry_load_relaxed(&slot->word[4]), ry_load_relaxed(&slot->word[5]),
        ry_load_relaxed(&slot->word[6]),
    };
    memcpy(payload, word, sizeof word);
}

/* Appends a record of n slots (1..8) from n * 56 bytes. Never waits; laps readers that are too
 * slow. */
static inline void ry_ring_write(struct ry_ring_writer *writer, const void *payload, unsigned n)
{
    assert(n >= 1 && n <= RY_RING_RECORD_SLOTS_MAX);
    struct ry_ring_slot *const slot = writer->slot;
    const uint64_t mask = writer->mask, first = writer->next;
    const unsigned char *bytes = payload;

    /* The first slot by itself: most records have no other. */
    ry_store_relaxed(&slot[first & mask].sequence, (first + 1) << 4 | RY_RING_IN_WORK);
    for (unsigned i = 1; i < n; i++)
        ry_store_relaxed(&slot[(first + i) & mask].sequence,
                         (first + i + 1) << 4 | RY_RING_IN_WORK);
    /* R1: pairs with A1 in shm/ring.h: who sees a new word sees the marks. */
    ry_fence_release();
    ry_ring_store_payload(&slot[first & mask], bytes);
    for (unsigned i = 1; i < n; i++)
        ry_ring_store_payload(&slot[(first + i) & mask], bytes + i * RY_RING_PAYLOAD);
    /* R0: pairs with A0 in shm/ring.h */
    for (unsigned i = n - 1; i > 0; i--)
        ry_store_release(&slot[(first + i) & mask].sequence, (first + i + 1) << 4);
    /* R0: pairs with A0 in shm/ring.h */
    ry_store_release(&slot[first & mask].sequence, (first + 1) << 4 | n);
    writer->next = first + n;
}

/* True if n slots can be written without lapping a reader at `position` (cached; looks at it when
 * needed). */
static inline bool ry_ring_has_room(struct ry_ring_writer *writer,
                                    const struct ry_ring_position *position, unsigned n)
{
    if (position == writer->room_of && writer->next + n <= writer->room_end)
        return true;
    uint64_t next = ry_load_acquire(&position->next); /* A2: pairs with R2 in shm/ring.h */
    if (next > writer->next)
        next = writer->next; /* no reader is ahead of its writer */
    writer->room_of = position;
    writer->room_end = next + writer->mask + 1;
    return writer->next + n <= writer->room_end;
}

/* Of `most` slots, how many can be written without lapping a reader at `position`. */
static inline uint64_t ry_ring_room(struct ry_ring_writer *writer,
                                    const struct ry_ring_position *position, unsigned most)
{
    if (ry_ring_has_room(writer, position, most))
        return most;
    return writer->room_end > writer->next ? writer->room_end - writer->next : 0;
}

/* Slots written since the beginning; the number of the next slot. */
static inline uint64_t ry_ring_written(const struct ry_ring_writer *writer)
{
    return writer->next;
}

/* Slots from..end - 1 of a record; returns `end`, in a way that does not wait for it. */
static inline uint64_t ry_ring_load_rest(const struct ry_ring_slot *slot, uint64_t mask,
                                         uint64_t from, uint64_t end, unsigned char *payload)
{
    do {
        ry_ring_load_payload(&slot[from & mask], payload);
        payload += RY_RING_PAYLOAD;
        from = ry_opaque(from + 1);
    } while (from != end);
    return from;
}

/* Copies the next record to `payload`: its length in slots, or an enum ry_ring_result. */
static inline int ry_ring_read(struct ry_ring_reader *reader, void *payload)
{
    const struct ry_ring_slot *const slot = reader->slot;
    const uint64_t mask = reader->mask, first = reader->next;
    const ry_atomic_u64 *const sequence = &slot[first & mask].sequence;
    unsigned char *bytes = payload;

    const uint64_t found = ry_load_acquire(sequence); /* A0: pairs with R0 in shm/ring.h */
    const uint64_t n = found - ((first + 1) << 4);
    if (n - 1 >= RY_RING_RECORD_SLOTS_MAX) {
        if (found < (first + 1) << 4 || n == RY_RING_IN_WORK)
            return RY_RING_EMPTY;
        return ry_ring_recover(reader, found);
    }
    /* Where the next record begins follows from the branches taken, which the core predicts, not
     * from the length that it is still waiting for: so the misses of several records overlap. */
    ry_ring_load_payload(&slot[first & mask], bytes);
    uint64_t next = first + 1;
    if (n > 1)
        next = ry_ring_load_rest(slot, mask, next, first + n, bytes + RY_RING_PAYLOAD);
    ry_fence_acquire(); /* A1: pairs with R1 in shm/ring.h */
    const uint64_t again = ry_load_relaxed(sequence);
    if (again != found)
        return ry_ring_recover(reader, again);
    reader->next = next;
    return (int)n;
}

/* The number of the next slot; what a reader stores into its ry_ring_position, released. */
static inline uint64_t ry_ring_next(const struct ry_ring_reader *reader)
{
    return reader->next;
}

#endif
