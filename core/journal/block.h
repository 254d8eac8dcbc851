/*
 * The journal on disk: DIR/inputs.ryj, the sequenced inputs of one battle. Little endian.
 *
 *     file header | block 0 | block 1 | ...        each a multiple of RY_JOURNAL_ALIGN bytes
 *
 * A block holds whole records (shm/records/input.h), one after the other as they stand in the input
 * ring, and ends in zeros up to the next multiple of RY_JOURNAL_ALIGN, where the next block starts:
 * after damage a scan in steps of RY_JOURNAL_ALIGN finds it. Block numbers count from 0, inputs
 * from 1, both without gaps. Where blocks are cut says nothing about the battle: the hashes run
 * over the records alone.
 *
 * Several blocks are on their way to the disk at once and made durable now and then, so a loss of
 * power may leave a hole: a block that is not whole before one that is. `durable` tells it from
 * damage: a hole is damage only if a later whole block knew an input of the hole to be durable,
 * else the journal is cut at the hole. The last block is closed when all before it are durable: in
 * a journal with its END every hole is damage.
 *
 * The checksums are CRC32C (libisal's crc32_iscsi), of header and payload with the field itself
 * zero. All padding is zero and verified, so each single byte of the file counts.
 *
 * One writer (royale-journal) appends; readers trust nothing that they have not verified.
 */
#ifndef RY_CORE_JOURNAL_BLOCK_H
#define RY_CORE_JOURNAL_BLOCK_H

#include "core/battle/battle.h"
#include "shm/records/input.h"

#define RY_JOURNAL_FILE    "inputs.ryj"
#define RY_JOURNAL_VERSION 3
#define RY_JOURNAL_RECORDS 2 /* what its records mean: changes with shm/records/input.h */
#define RY_JOURNAL_ALIGN   4096u

#define RY_JOURNAL_FILE_MAGIC  UINT64_C(0x314c4e524a415952) /* "RYAJRNL1" */
#define RY_JOURNAL_BLOCK_MAGIC UINT64_C(0x314b4c424a415952) /* "RYAJBLK1" */

/* Bytes of a block with header and padding. */
#define RY_JOURNAL_BLOCK_BYTES_MIN RY_JOURNAL_ALIGN
#define RY_JOURNAL_BLOCK_BYTES_MAX (4u << 20)

struct ry_journal_file {
    uint64_t magic;
    uint32_t version;
    uint32_t records; /* RY_JOURNAL_RECORDS of the writer */
    uint64_t seed;
    char name[RY_NAME_BYTES];      /* of the battle */
    struct ry_battle_id battle_id; /* random: no two battles have the same */
    uint32_t isolated;             /* enum ry_isolated */
    uint32_t crc;                  /* of this struct with crc = 0 */
};

enum ry_journal_flag {
    RY_JOURNAL_LAST = 1u << 0, /* the block ends with the END input; nothing follows */
};

struct ry_journal_block {
    uint64_t magic;
    uint32_t version;
    uint32_t flags;       /* enum ry_journal_flag */
    uint64_t epoch;       /* of the region whose input ring these records come from */
    uint64_t number;      /* of this block, from 0 */
    uint64_t first_input; /* number of the first record, from 1 */
    uint64_t first_slot;  /* its slot in the input ring */
    uint64_t durable;     /* inputs that an fdatasync had confirmed when this block was closed; <
                             first_input */
    uint32_t count;       /* records, at least 1 */
    uint32_t payload_bytes;
    uint32_t crc; /* of this header with crc = 0, then the payload */
    uint32_t zero;
};

RY_SIZE(struct ry_journal_file, 72);
RY_OFFSET(struct ry_journal_file, version, 8);
RY_OFFSET(struct ry_journal_file, records, 12);
RY_OFFSET(struct ry_journal_file, seed, 16);
RY_OFFSET(struct ry_journal_file, name, 24);
RY_OFFSET(struct ry_journal_file, battle_id, 48);
RY_OFFSET(struct ry_journal_file, isolated, 64);
RY_OFFSET(struct ry_journal_file, crc, 68);
RY_SIZE(struct ry_journal_block, 72);
RY_OFFSET(struct ry_journal_block, flags, 12);
RY_OFFSET(struct ry_journal_block, epoch, 16);
RY_OFFSET(struct ry_journal_block, number, 24);
RY_OFFSET(struct ry_journal_block, first_input, 32);
RY_OFFSET(struct ry_journal_block, first_slot, 40);
RY_OFFSET(struct ry_journal_block, durable, 48);
RY_OFFSET(struct ry_journal_block, count, 56);
RY_OFFSET(struct ry_journal_block, payload_bytes, 60);
RY_OFFSET(struct ry_journal_block, crc, 64);

static inline size_t ry_journal_padded(size_t bytes)
{
    return (bytes + RY_JOURNAL_ALIGN - 1) / RY_JOURNAL_ALIGN * RY_JOURNAL_ALIGN;
}

/* Fills RY_JOURNAL_ALIGN bytes: the file header and its padding. */
void ry_journal_file_encode(uint8_t *bytes, const struct ry_battle_id *id, const char *name,
                            uint64_t seed, enum ry_isolated isolated);

enum ry_journal_verdict {
    RY_JOURNAL_WHOLE = 0,
    RY_JOURNAL_SHORT,   /* fewer bytes than the header says, or than a header has */
    RY_JOURNAL_FOREIGN, /* wrong magic */
    RY_JOURNAL_OTHER_VERSION,
    RY_JOURNAL_DAMAGED, /* checksum, padding, or records that do not fit together */
};

enum ry_journal_verdict ry_journal_file_verify(const uint8_t *bytes, size_t count,
                                               struct ry_journal_file *out);

/* Completes a block in place. `bytes` has room for the padded block, the payload stands behind the
 * header; of `head` magic, version, crc and zero are set here. Returns the padded size. */
size_t ry_journal_block_encode(uint8_t *bytes, const struct ry_journal_block *head);

/* Looks at the header alone; WHOLE if it could be one: then `*padded` is the size of its block. */
enum ry_journal_verdict ry_journal_block_peek(const uint8_t *bytes, size_t count, size_t *padded);

/* Looks at everything. WHOLE: `out` is the header, the records behind it can be walked by
 * head.slots. */
enum ry_journal_verdict ry_journal_block_verify(const uint8_t *bytes, size_t count,
                                                struct ry_journal_block *out);

#endif
