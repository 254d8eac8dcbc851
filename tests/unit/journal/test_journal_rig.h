/*
 * What the tests of the journal share: a folder of their own, inputs to write, a file changed byte
 * by byte.
 */
#ifndef RY_TESTS_UNIT_JOURNAL_TEST_JOURNAL_RIG_H
#define RY_TESTS_UNIT_JOURNAL_TEST_JOURNAL_RIG_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/journal/read.h"
#include "core/journal/writer.h"
#include "tests/support/test.h"

struct folder {
    char path[64];
};

static inline struct folder folder_make(void)
{
    struct folder folder = {"/tmp/royale-test-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(folder.path));
    return folder;
}

static inline void folder_remove(const struct folder *folder)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, RY_JOURNAL_FILE);
    unlink(path);
    rmdir(folder->path);
}

struct bytes {
    uint8_t *at;
    size_t count;
};

static inline struct bytes folder_read(const struct folder *folder)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, RY_JOURNAL_FILE);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    struct bytes bytes = {.count = (size_t)lseek(fd, 0, SEEK_END)};
    bytes.at = malloc(bytes.count + 1);
    ck_assert_ptr_nonnull(bytes.at);
    ck_assert_int_eq(pread(fd, bytes.at, bytes.count, 0), (ssize_t)bytes.count);
    close(fd);
    return bytes;
}

/* An open file that holds these bytes; 0 bytes are legal. */
static inline int file_of(const uint8_t *bytes, size_t count)
{
    int fd = memfd_create("journal", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes, count, 0), (ssize_t)count);
    return fd;
}

/* Input number `i`, from 1: every third is two slots long, the last of them the END. */
static inline union ry_input_any input_number(uint64_t i, uint64_t last)
{
    union ry_input_any input = {
        .event = {.head = {.kind = RY_IN_ADD, .slots = 1, .time = (int64_t)i}, .ref = i * 77}};
    if (i % 3 == 0) {
        input.head.kind = RY_IN_AGENT;
        input.head.slots = 2;
        input.word[13] = i;
    }
    if (i == last)
        input = (union ry_input_any){.head = {.kind = RY_IN_END, .slots = 1, .time = (int64_t)i}};
    return input;
}

static inline struct ry_journal_options options_of(bool uring)
{
    return (struct ry_journal_options){
        .name = "rig", .seed = 7, .epoch = 1, .block_bytes = 4096, .uring = uring};
}

/* Puts inputs `from`..`to` of a battle of `last` in; polls as a role does. */
static inline int put_inputs(struct ry_journal_writer *writer, uint64_t from, uint64_t to,
                             uint64_t last, uint64_t *slot, int64_t now_ns)
{
    for (uint64_t i = from; i <= to; i++) {
        void *room;
        while ((room = ry_journal_writer_room(writer)) == NULL)
            if (ry_journal_writer_poll(writer, now_ns) < 0)
                return -1;
        union ry_input_any input = input_number(i, last);
        memcpy(room, &input, sizeof input);
        if (ry_journal_writer_took(writer, input.head.slots, *slot, now_ns) != 0)
            return -1;
        *slot += input.head.slots;
    }
    return ry_journal_writer_poll(writer, now_ns) < 0 ? -1 : 0;
}

static inline struct bytes whole_journal(uint64_t inputs, bool uring)
{
    struct folder folder = folder_make();
    static struct ry_journal_writer writer;
    struct ry_journal_options options = options_of(uring);
    uint64_t slot = 0;
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), 0);
    ck_assert_int_eq(put_inputs(&writer, 1, inputs, inputs, &slot, 0), 0);
    while (!ry_journal_writer_finished(&writer))
        ck_assert_int_ge(ry_journal_writer_poll(&writer, 0), 0);
    ry_journal_writer_close(&writer);
    struct bytes bytes = folder_read(&folder);
    folder_remove(&folder);
    return bytes;
}

#endif
