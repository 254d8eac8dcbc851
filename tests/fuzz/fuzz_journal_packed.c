/*
 * The bytes are a compressed journal, and somebody reads it: whatever facts, table and frames say,
 * no byte is read or written where none is, and what is given out are whole records.
 *
 * Checksums keep blind mutations out, so the mutator makes most of its files anew: from a plain
 * journal that it changes, cut into frames of any size, with facts and a table that may lie but are
 * sealed. It also makes the first one, so no seed file is needed.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "core/journal/read.h"
#include "tests/support/fuzz_limit.h"

#define BLOCKS      4
#define RECORDS     40 /* a block */
#define PLAIN_BYTES ((BLOCKS + 1) * RY_JOURNAL_ALIGN)
#define FRAMES_MAX  16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

static uint32_t draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)*state * below >> 32);
}

/* ---- the plain journal ----------------------------------------------------------------------- */

static void put_block(uint8_t *at, uint64_t number)
{
    struct ry_journal_block head = {.number = number,
                                    .first_input = number * RECORDS + 1,
                                    .count = RECORDS,
                                    .payload_bytes = RECORDS * RY_SLOT_PAYLOAD,
                                    .flags = number == BLOCKS - 1 ? RY_JOURNAL_LAST : 0};
    for (unsigned i = 0; i < RECORDS; i++) {
        const union ry_input_any record = {
            .event.head = {.kind = RY_IN_ADD, .slots = 1, .time = (int64_t)i}};
        memcpy(at + sizeof head + i * RY_SLOT_PAYLOAD, &record, RY_SLOT_PAYLOAD);
    }
    (void)ry_journal_block_encode(at, &head);
}

static void make_plain(uint8_t plain[PLAIN_BYTES])
{
    const struct ry_battle_id id = {.byte = {1, 2, 3}};
    ry_journal_file_encode(plain, &id, "fuzz", 1, RY_ISOLATED_UNKNOWN);
    for (unsigned i = 0; i < BLOCKS; i++)
        put_block(plain + (i + 1) * RY_JOURNAL_ALIGN, i);
}

/* One block is another, and has its checksum. */
static void change_plain(uint8_t plain[PLAIN_BYTES], uint32_t *state)
{
    uint8_t *block = plain + (1 + draw(state, BLOCKS)) * RY_JOURNAL_ALIGN;
    struct ry_journal_block head;
    const uint32_t at =
        draw(state, 3) == 0 ? draw(state, RY_JOURNAL_ALIGN - 8) : draw(state, sizeof head - 8);
    (void)LLVMFuzzerMutate(block + at, 8, 8);
    memcpy(&head, block, sizeof head);
    if (draw(state, 4) > 0 && head.payload_bytes <= RY_JOURNAL_ALIGN - sizeof head)
        (void)ry_journal_block_encode(block, &head);
}

/* ---- the compressed one ---------------------------------------------------------------------- */

static void lie(struct ry_journal_facts *facts, struct ry_journal_table_entry *entry,
                uint32_t *state)
{
    const uint32_t frame = draw(state, facts->frames);
    switch (draw(state, 5)) {
    case 0: entry[frame].plain += draw(state, 9) - 4; break;
    case 1: entry[frame].packed += draw(state, 9) - 4; break;
    case 2: (void)LLVMFuzzerMutate((uint8_t *)&entry[frame], sizeof *entry, sizeof *entry); break;
    case 3: (void)LLVMFuzzerMutate((uint8_t *)facts, 40, 40); break;
    default: /* two that change places in the sums */
        entry[frame].plain++;
        entry[draw(state, facts->frames)].plain--;
        break;
    }
    if (facts->frames == 0 || facts->frames > FRAMES_MAX)
        facts->frames = 1;
}

static size_t make_packed(uint8_t *data, size_t max_size, const uint8_t plain[PLAIN_BYTES],
                          uint32_t *state)
{
    struct ry_journal_facts facts = {.version = RY_JOURNAL_PACKED_VERSION};
    struct ry_journal_table_entry entry[FRAMES_MAX];
    size_t at = 0, used = 0;
    FILE *file = fmemopen(data, max_size, "wb");
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    assert(file != NULL && zstd != NULL);
    (void)ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    while (at < PLAIN_BYTES) {
        static uint8_t packed[ZSTD_COMPRESSBOUND(PLAIN_BYTES)];
        size_t count = 1 + draw(state, PLAIN_BYTES);
        if (count > PLAIN_BYTES - at || facts.frames == FRAMES_MAX - 1)
            count = PLAIN_BYTES - at;
        const size_t n = ZSTD_compress2(zstd, packed, sizeof packed, plain + at, count);
        assert(!ZSTD_isError(n));
        (void)fwrite(packed, 1, n, file);
        entry[facts.frames++] = (struct ry_journal_table_entry){(uint32_t)n, (uint32_t)count};
        at += count;
        used += n;
    }
    facts.bytes = PLAIN_BYTES;
    facts.packed_bytes = used;
    facts.inputs = BLOCKS * RECORDS;
    facts.blocks = BLOCKS;
    memcpy(&facts.file, plain, sizeof facts.file);
    if (draw(state, 2) == 0)
        lie(&facts, entry, state);
    (void)ry_journal_tail_write(file, &facts, entry);
    const long end = fflush(file) == 0 ? ftell(file) : 0;
    fclose(file);
    ZSTD_freeCCtx(zstd);
    return end > 0 ? (size_t)end : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static uint8_t plain[PLAIN_BYTES];
    uint32_t state = seed;
    if (size > 100 && draw(&state, 4) == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    make_plain(plain);
    for (uint32_t i = draw(&state, 3); i > 0; i--)
        change_plain(plain, &state);
    return make_packed(data, max_size, plain, &state);
}

/* ---- reading it ------------------------------------------------------------------------------ */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ry_journal_reader reader;
    const union ry_input_any *input;
    enum ry_journal_next next;
    uint64_t records = 0;
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    const int fd = memfd_create("journal", MFD_CLOEXEC);
    assert(fd >= 0);
    if (write(fd, data, size) != (ssize_t)size)
        abort();
    if (ry_journal_open_fd(&reader, fd, "journal") != 0) {
        assert(reader.text[0] != 0);
        return 0;
    }
    while ((next = ry_journal_next(&reader, &input)) == RY_JOURNAL_INPUT) {
        const struct ry_journal_place place = ry_journal_place(&reader);
        records++;
        assert(reader.inputs == records);
        assert(input->head.slots >= 1 && input->head.slots <= RY_INPUT_SLOTS_MAX);
        assert(place.inputs < records && place.byte < reader.byte);
        if (records % 64 == 0) { /* back to where its block starts, which comes again */
            const uint64_t given = reader.given;
            ry_journal_return(&reader, &place);
            for (uint64_t i = 0; i < given; i++)
                assert(ry_journal_next(&reader, &input) == RY_JOURNAL_INPUT);
        }
    }
    assert(next == RY_JOURNAL_END || reader.text[0] != 0);
    assert(!reader.is_packed || reader.byte <= reader.packed.facts.bytes);
    ry_journal_close(&reader);
    return 0;
}
