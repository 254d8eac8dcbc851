/*
 * The journal, read in sequence: one verified block at a time, its inputs one by one with their
 * numbers. Of a finished battle it may be compressed (core/journal/packed.h), which a caller does
 * not notice: bytes and places are those of inputs.ryj.
 *
 * What can be at the end of what is there (enum ry_journal_next):
 *   END      the block with the END input, and nothing after it
 *   TAIL     no whole block, and none further on: more to come, or the file was cut here. `text`
 *            says "cut: last whole block N ends with input M at byte B", the state of things if
 *            nothing comes. Asking again looks again. Whole blocks further on change nothing if
 *            none of them knew what is missing to be durable (core/journal/block.h): a loss of
 *            power; `text` names the first of them.
 *   ERROR    a block is not whole, yet a later one is and knew inputs of it to be durable, or
 *            ry_journal_limit said that they are written; a block is out of sequence; or bytes
 *            after the end. `text` names the place. Nothing after it is given out.
 *
 * A journal that is still written has blocks in flight in any order: give the number of inputs
 * written (struct ry_journal_positions) to ry_journal_limit before each read, so that only finished
 * ones are looked at.
 *
 * Read by pread into memory of its own: a file that shrinks meanwhile is a short read, never a
 * fault.
 */
#ifndef RY_CORE_JOURNAL_READ_H
#define RY_CORE_JOURNAL_READ_H

#include "core/journal/block.h"
#include "core/journal/packed.h"

#define RY_JOURNAL_TEXT_BYTES 256

enum ry_journal_next {
    RY_JOURNAL_INPUT = 1,
    RY_JOURNAL_TAIL = 0,
    RY_JOURNAL_END = 2,
    RY_JOURNAL_ERROR = -1, /* damaged, or a system error: `text` */
};

struct ry_journal_reader {
    int fd;
    bool is_packed;
    struct ry_journal_packed packed;
    uint8_t *memory; /* RY_JOURNAL_BLOCK_BYTES_MAX, mapped */
    struct ry_journal_file file;
    struct ry_journal_block block; /* the one at hand; count 0: none yet */
    uint64_t byte;                 /* where the next block starts */
    uint64_t limit;                /* inputs that may be looked at */
    uint64_t blocks;               /* whole ones so far */
    uint64_t inputs;          /* number of the last input given out or in whole blocks before */
    uint32_t given, at;       /* of the block at hand: records and payload bytes given out */
    uint32_t shown, shown_at; /* the same for ry_journal_coming */
    uint64_t slot;            /* input-ring slot behind the last input given out */
    bool ended, failed;
    char text[RY_JOURNAL_TEXT_BYTES];
};

/* Opens DIR/inputs.ryj, or where that is not DIR/inputs.ryj.zst, and verifies its header. 0, or -1
 * with `text` set; then there is nothing to close. */
int ry_journal_open(struct ry_journal_reader *reader, const char *directory);

/* The same for an open file of either kind; takes the descriptor over in every case. */
int ry_journal_open_fd(struct ry_journal_reader *reader, int fd, const char *name);

void ry_journal_limit(struct ry_journal_reader *reader, uint64_t inputs_written);

/* Where the block at hand has no more. */
enum ry_journal_next ry_journal_next_block(struct ry_journal_reader *reader);

static inline const union ry_input_any *ry_journal_record_at(const struct ry_journal_reader *reader,
                                                             uint32_t at)
{
    return (const union ry_input_any *)(const void *)(reader->memory + sizeof reader->block + at);
}

/* INPUT: `*input` stands until the next call, `reader->inputs` is its number. */
static inline enum ry_journal_next ry_journal_next(struct ry_journal_reader *reader,
                                                   const union ry_input_any **input)
{
    if (reader->given == reader->block.count) {
        const enum ry_journal_next next = ry_journal_next_block(reader);
        if (next != RY_JOURNAL_INPUT)
            return next;
    }
    *input = ry_journal_record_at(reader, reader->at);
    const uint32_t slots = (*input)->head.slots;
    reader->at += slots * (uint32_t)RY_SLOT_PAYLOAD;
    reader->slot += slots;
    reader->given++;
    reader->inputs++;
    return RY_JOURNAL_INPUT;
}

/* The next input of the block at hand that was not shown yet, at most `ahead` behind the one given
 * out last; NULL: there is none. For who fetches what inputs will touch. */
static inline const union ry_input_any *ry_journal_coming(struct ry_journal_reader *reader,
                                                          unsigned ahead)
{
    if (reader->shown < reader->given) {
        reader->shown = reader->given;
        reader->shown_at = reader->at;
    }
    if (reader->shown == reader->block.count || reader->shown - reader->given >= ahead)
        return NULL;
    const union ry_input_any *input = ry_journal_record_at(reader, reader->shown_at);
    reader->shown_at += input->head.slots * (uint32_t)RY_SLOT_PAYLOAD;
    reader->shown++;
    return input;
}

/* A place to come back to: where the block at hand starts, or the next one. */
struct ry_journal_place {
    uint64_t byte, blocks, inputs; /* before it */
};

struct ry_journal_place ry_journal_place(const struct ry_journal_reader *reader);

/* Reads on from there, in the same file, whatever the reader had come to; the inputs of that block
 * that were given out before come again. */
void ry_journal_return(struct ry_journal_reader *reader, const struct ry_journal_place *place);

void ry_journal_close(struct ry_journal_reader *reader);

/* ---- which file it is ------------------------------------------------------------------------ */

/* The name of the journal's file in a directory: inputs.ryj where both are there. 0, or -1 with
 * errno: neither is, or `directory` is too long. */
int ry_journal_find(const char *directory, char *path, size_t path_bytes);

enum ry_journal_there {
    RY_JOURNAL_GONE,
    RY_JOURNAL_SAME,    /* the file that is read, or it compressed */
    RY_JOURNAL_ANOTHER, /* of another battle, or anew */
};

/* What the directory has now for who reads the journal of it. */
enum ry_journal_there ry_journal_look(const struct ry_journal_reader *reader,
                                      const char *directory);

#endif
