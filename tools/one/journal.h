/*
 * The journal of a battle in one process: core/journal/writer.h without io_uring. A block is
 * written (pwrite) when it is full, and made durable when the battle is over: what a crash of the
 * machine takes away is a battle that can be run again.
 */
#ifndef RY_TOOLS_ONE_JOURNAL_H
#define RY_TOOLS_ONE_JOURNAL_H

#include "core/journal/writer.h"
#include "core/role/parts.h"
#include "shm/records/links.h"
#include "tools/one/log.h"

struct ry_one_journal {
    struct ry_journal_writer writer;
    struct ry_ring_reader inputs;
    struct ry_journal_positions *positions; /* written here, for exec and for followers */
    struct ry_one_log log;
    struct ry_role_part *part; /* NULL: nobody wants to know */
    bool opened;
};

struct ry_one_journal_options {
    const struct ry_battle *battle;
    const char *directory;
    struct ry_ring_reader inputs; /* exec's, at its beginning */
    uint64_t epoch;               /* of its region */
    enum ry_isolated isolated;
    struct ry_journal_positions *positions;
    struct ry_role_part *part;
};

/* -1 with the reason in journal->writer.error; close it in either case. */
int ry_one_journal_open(struct ry_one_journal *journal,
                        const struct ry_one_journal_options *options);

/* Takes all inputs that are there. -1 with the reason in journal->writer.error. */
int ry_one_journal_take(struct ry_one_journal *journal);

/* After the last input: all of it whole and durable, whether or not it was an END. -1 likewise. */
int ry_one_journal_finish(struct ry_one_journal *journal);
void ry_one_journal_close(struct ry_one_journal *journal);

#endif
