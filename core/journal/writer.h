/*
 * The journal's writer: records into blocks, blocks to disk, several in flight.
 *
 * Writes with io_uring, made in the process that uses it; where the kernel refuses that, with
 * pwrite, and `refused` says why. Both give the same blocks, but for `durable`. Memory is got at
 * open, none after. The times that decide when something is due are passed in, so that a test can
 * make its own.
 *
 * A short write is resumed where it stopped. A failed write or fdatasync is final: the kernel may
 * have marked the page clean, so nothing is tried again: `error` says what failed, every later call
 * fails, and the battle has to end.
 *
 * How far the journal is (struct ry_journal_positions says the same to other processes):
 *   inputs   in a block's memory: the input ring may be written over up to there
 *   written  the kernel has them: they survive the death of every process here
 *   durable  an fdatasync that started after they were written has succeeded
 */
#ifndef RY_CORE_JOURNAL_WRITER_H
#define RY_CORE_JOURNAL_WRITER_H

#include <liburing.h>

#include "core/journal/block.h"
#include "core/journal/counters.h"
#include "shm/ring.h"

#define RY_JOURNAL_FLIGHTS 8
/* An open block is closed so long after its first record. */
#define RY_JOURNAL_BLOCK_NS_MAX INT64_C(10000000)
/* And what is written made durable so often. */
#define RY_JOURNAL_SYNC_EVERY_NS INT64_C(1000000000)
#define RY_JOURNAL_ERROR_BYTES   256

struct ry_journal_flight {
    uint8_t *bytes; /* the block; room for a longest ring record behind block_bytes */
    size_t padded, done;
    uint64_t byte; /* where in the file */
    uint64_t last_input;
    int64_t closed_ns;
    bool whole; /* all of it is written */
};

struct ry_journal_writer {
    int fd;
    bool uring_used, syncing, ended;
    struct io_uring uring;
    uint8_t *memory;
    size_t memory_bytes, block_bytes;
    struct ry_journal_flight
        flight[RY_JOURNAL_FLIGHTS]; /* block n lies in n % RY_JOURNAL_FLIGHTS; by pwrite in 0 */
    uint64_t oldest;                /* first block that is not written */
    uint64_t current;               /* the block that is being filled */
    struct ry_journal_block head;   /* of it */
    int64_t first_ns;               /* when its first record came */
    uint64_t byte;                  /* where it will stand */
    uint64_t inputs, written, durable, syncing_to;
    int64_t synced_ns;
    struct ry_journal_counters counters;
    struct ry_histogram block_ns;         /* from closing a block to its last byte written */
    char refused[RY_JOURNAL_ERROR_BYTES]; /* why io_uring is not used; empty: it is, or was not
                                             wanted */
    char error[RY_JOURNAL_ERROR_BYTES];
};

struct ry_journal_options {
    struct ry_battle_id battle_id;
    const char *name; /* of the battle */
    uint64_t seed;
    uint64_t epoch; /* of the input ring's region */
    enum ry_isolated isolated;
    uint32_t block_bytes; /* RY_JOURNAL_BLOCK_BYTES_MIN..MAX; rounded down to RY_JOURNAL_ALIGN */
    bool uring;
    int64_t now_ns;
};

/* Makes DIR/inputs.ryj, which must not exist yet, with its header. 0, or -1 with `error`; then
 * there is nothing to close. */
int ry_journal_writer_open(struct ry_journal_writer *writer, const char *directory,
                           const struct ry_journal_options *options);

/* Where the next record goes: RY_RING_RECORD_BYTES_MAX bytes. NULL: all blocks are in flight, poll.
 */
void *ry_journal_writer_room(struct ry_journal_writer *writer);

/* A record of `slots` slots, read from `slot` of the input ring, was put there. Closes the block
 * when it is full, or this was the END and all blocks before are durable; else poll does that. 0,
 * or -1 with `error`. */
int ry_journal_writer_took(struct ry_journal_writer *writer, unsigned slots, uint64_t slot,
                           int64_t now_ns);

/* Completions, blocks that are due, fdatasync that is due. Returns how much happened, or -1 with
 * `error`. */
int ry_journal_writer_poll(struct ry_journal_writer *writer, int64_t now_ns);

/* Writes and syncs all that was taken, waiting for it. 0, or -1 with `error`. */
int ry_journal_writer_flush(struct ry_journal_writer *writer, int64_t now_ns);

/* The END was taken and is durable. */
static inline bool ry_journal_writer_finished(const struct ry_journal_writer *writer)
{
    return writer->ended && writer->durable == writer->inputs;
}

/* Lets go of memory and descriptors; does not flush. */
void ry_journal_writer_close(struct ry_journal_writer *writer);

#endif
