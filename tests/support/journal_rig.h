/*
 * What the tests of the journal share: a folder of their own, inputs to write, a file changed byte
 * by byte.
 */
#ifndef RY_TESTS_SUPPORT_JOURNAL_RIG_H
#define RY_TESTS_SUPPORT_JOURNAL_RIG_H

#include "core/journal/read.h"
#include "core/journal/writer.h"
#include "tests/support/test.h"

struct journal_folder {
    char path[64];
};

struct journal_folder journal_folder_make(void);

void journal_folder_remove(const struct journal_folder *folder);

struct journal_bytes {
    uint8_t *at;
    size_t count;
};

struct journal_bytes journal_folder_read(const struct journal_folder *folder);

/* An open file that holds these bytes; 0 bytes are legal. */
int journal_file_of(const uint8_t *bytes, size_t count);

/* Input number `i`, from 1: every third is two slots long, the last of them the END. */
union ry_input_any journal_input(uint64_t i, uint64_t last);

struct ry_journal_options journal_options(bool uring);

/* Puts inputs `from`..`to` of a battle of `last` in; polls as a role does. */
int journal_put(struct ry_journal_writer *writer, uint64_t from, uint64_t to, uint64_t last,
                uint64_t *slot, int64_t now_ns);

struct journal_bytes journal_whole(uint64_t inputs, bool uring);

#endif
