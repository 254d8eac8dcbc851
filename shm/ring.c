/*
 * The parts of the ring that are not hot: making, joining, and finding the way after an overrun.
 */
#include "shm/ring.h"

static bool slots_are_valid(uint64_t slots)
{
    return slots >= RY_RING_SLOTS_MIN && slots <= RY_RING_SLOTS_MAX && (slots & (slots - 1)) == 0;
}

size_t ry_ring_footprint(uint64_t slots)
{
    assert(slots_are_valid(slots));
    return sizeof(struct ry_ring_header) + (size_t)slots * sizeof(struct ry_ring_slot);
}

void ry_ring_create(struct ry_ring_writer *writer, void *memory, uint64_t slots)
{
    assert(slots_are_valid(slots) && (uintptr_t)memory % RY_CACHE_LINE == 0);
    struct ry_ring_header *header = memory;
    *header = (struct ry_ring_header){.magic = RY_RING_MAGIC, .slots = slots};

    *writer =
        (struct ry_ring_writer){.slot = (struct ry_ring_slot *)(header + 1), .mask = slots - 1};
    for (uint64_t i = 0; i < slots; i++) {
        ry_store_relaxed(&writer->slot[i].sequence, 0);
        for (unsigned k = 0; k < RY_RING_SLOT_WORDS; k++)
            ry_store_relaxed(&writer->slot[i].word[k], 0);
    }
}

int ry_ring_join(struct ry_ring_reader *reader, const void *memory, size_t bytes)
{
    if (bytes < sizeof(struct ry_ring_header) || (uintptr_t)memory % RY_CACHE_LINE != 0)
        return -1;
    union {
        struct ry_ring_header header;
        uint64_t word[sizeof(struct ry_ring_header) / 8];
    } copy;
    ry_load_words(copy.word, memory, sizeof copy / 8);
    const struct ry_ring_header header = copy.header;
    if (header.magic != RY_RING_MAGIC || !slots_are_valid(header.slots) ||
        ry_ring_footprint(header.slots) > bytes)
        return -1;

    const struct ry_ring_header *shared = memory;
    *reader = (struct ry_ring_reader){
        .slot = (const struct ry_ring_slot *)(shared + 1),
        .mask = header.slots - 1,
    };
    return 0;
}

void ry_ring_seek(struct ry_ring_reader *reader, uint64_t slot)
{
    reader->next = slot;
}

/* The number of the slot that lies where slot `number` would, in the latest state (from 1; 0: never
 * used). */
static uint64_t number_at(const struct ry_ring_reader *reader, uint64_t number)
{
    return ry_load_relaxed(&reader->slot[number & reader->mask].sequence) >> 4;
}

/*
 * The greatest slot number known to be begun, given one: the words of a lap rise up to the writer
 * and are a lap older behind it, so the place can be found by halving. The writer may move on
 * meanwhile; what is found is then a little old, which does no harm.
 */
static uint64_t find_writer(const struct ry_ring_reader *reader, uint64_t begun)
{
    uint64_t low = begun, high = begun + reader->mask + 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (number_at(reader, middle) > middle)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int ry_ring_recover(struct ry_ring_reader *reader, uint64_t sequence)
{
    const uint64_t from = reader->next;
    uint64_t to = from + 1;

    /* Lapped: half a ring behind the writer is far enough to read on, near enough to lose little.
     * Otherwise (a seek, a false length) `from` is inside a record, and the next one begins soon.
     */
    if (sequence >> 4 > from + 1) {
        to = find_writer(reader, (sequence >> 4) - 1) - (reader->mask + 1) / 2;
        if (to <= from)
            to = from + 1; /* only a writer that lies gets here */
    }

    /* The next first slot; at most this many on, or else the next read comes here again. */
    for (unsigned i = 0; i < RY_RING_RECORD_SLOTS_MAX; i++, to++) {
        uint64_t length =
            ry_load_relaxed(&reader->slot[to & reader->mask].sequence) - ((to + 1) << 4);
        if (length != 0)
            break;
    }
    reader->lost += to - from;
    reader->overruns++;
    reader->next = to;
    return RY_RING_OVERRUN;
}
