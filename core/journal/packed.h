/*
 * A finished journal, compressed: DIR/inputs.ryj.zst. It is Zstandard's seekable format (frames,
 * then a table of them in a frame that decoders pass over), so `zstd -d` gives inputs.ryj again,
 * byte for byte, without this program. Little endian.
 *
 *     frame 0 | frame 1 | ... | facts | seek table
 *
 * Frame 0 holds the journal's file header and its first blocks, each other frame whole blocks:
 * about RY_JOURNAL_FRAME_BYTES, so whoever jumps decompresses that much. Each frame says its size
 * and has Zstandard's checksum of its content; the blocks inside have their own. (A few bits of a
 * frame no decoder looks at; what comes out of it is what counts.)
 *
 *     facts   u32 0x184d2a5a, u32 bytes, struct ry_journal_facts
 *     table   u32 0x184d2a5e, u32 bytes, {u32 packed, u32 plain} of each frame and of facts
 *             (plain 0), u32 entries, u8 0, u32 0x8f92eab1
 *
 * The checksum of the facts covers the table's entries too. Only a journal with its END is ever
 * compressed (core/journal/pack.h), so what is not whole here is damage.
 *
 * Nothing that stands in the file is trusted: sizes are bounded and compared before memory is
 * got or written. Memory: the table, 16 bytes a frame, and two buffers of a frame.
 */
#ifndef RY_CORE_JOURNAL_PACKED_H
#define RY_CORE_JOURNAL_PACKED_H

#include <stdio.h>
#include <sys/types.h>

#include "core/journal/block.h"

#define RY_JOURNAL_PACKED_FILE    RY_JOURNAL_FILE ".zst"
#define RY_JOURNAL_PACKED_VERSION 1

/* Content of a frame: it ends with the block that makes it so large. */
#define RY_JOURNAL_FRAME_BYTES     (1u << 20)
#define RY_JOURNAL_FRAME_BYTES_MAX (RY_JOURNAL_FRAME_BYTES + RY_JOURNAL_BLOCK_BYTES_MAX)
#define RY_JOURNAL_FRAMES_MAX      (1u << 24)

#define RY_JOURNAL_ZSTD_MAGIC  0xfd2fb528u
#define RY_JOURNAL_FACTS_MAGIC 0x184d2a5au
#define RY_JOURNAL_TABLE_MAGIC 0x184d2a5eu
#define RY_JOURNAL_SEEK_MAGIC  0x8f92eab1u

/* What is known of the journal without decompressing anything of it. */
struct ry_journal_facts {
    uint32_t version; /* RY_JOURNAL_PACKED_VERSION */
    uint32_t frames;
    uint64_t bytes;        /* of inputs.ryj */
    uint64_t packed_bytes; /* of the frames: where the facts start */
    uint64_t inputs, blocks;
    int64_t begun_ns, changed_ns; /* wall time: inputs.ryj's birth and last change */
    struct ry_journal_file file;  /* its header */
    uint32_t zero;
    uint32_t crc; /* CRC32C of this struct with crc = 0, then the table's entries */
};

struct ry_journal_table_entry {
    uint32_t packed, plain; /* bytes */
};

RY_SIZE(struct ry_journal_facts, 136);
RY_OFFSET(struct ry_journal_facts, bytes, 8);
RY_OFFSET(struct ry_journal_facts, begun_ns, 40);
RY_OFFSET(struct ry_journal_facts, file, 56);
RY_OFFSET(struct ry_journal_facts, crc, 132);
RY_SIZE(struct ry_journal_table_entry, 8);

/* Facts and table as they stand in the file, for frames as in `entry`; `facts->crc` and the entry
 * of the facts are made here. 0, or -1 with errno. */
int ry_journal_tail_write(FILE *file, struct ry_journal_facts *facts,
                          const struct ry_journal_table_entry *entry);

#define RY_JOURNAL_PACKED_TEXT_BYTES 128

struct ry_journal_packed {
    struct ry_journal_facts facts;
    uint64_t *packed_at, *plain_at;          /* where each frame starts, and behind the last */
    uint8_t *content, *packed;               /* of the frame at hand; mapped */
    uint64_t held;                           /* its number; facts.frames: none */
    void *context;                           /* a ZSTD_DCtx */
    char text[RY_JOURNAL_PACKED_TEXT_BYTES]; /* what is wrong with it */
};

/* Does the file begin as one? */
bool ry_journal_is_packed(int fd);

/* The facts alone, by reading and verifying the file's tail. 0, or -1: it is none, or damaged. */
int ry_journal_facts_read(int fd, struct ry_journal_facts *facts);

/* `fd` stays the caller's. 0, or -1 with `text`; then there is nothing to close. */
int ry_journal_packed_open(struct ry_journal_packed *packed, int fd);

/* Bytes of inputs.ryj from `at` on: `count`, fewer at its end; or -1 with `text`. */
ssize_t ry_journal_packed_read(struct ry_journal_packed *packed, int fd, uint64_t at,
                               uint8_t *bytes, size_t count);

void ry_journal_packed_close(struct ry_journal_packed *packed);

#endif
