#include "tests/support/journal_rig.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct journal_folder journal_folder_make(void)
{
    struct journal_folder folder = {"/tmp/royale-test-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(folder.path));
    return folder;
}

void journal_folder_remove(const struct journal_folder *folder)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, RY_JOURNAL_FILE);
    unlink(path);
    rmdir(folder->path);
}

struct journal_bytes journal_folder_read(const struct journal_folder *folder)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, RY_JOURNAL_FILE);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    struct journal_bytes bytes = {.count = (size_t)lseek(fd, 0, SEEK_END)};
    bytes.at = malloc(bytes.count + 1);
    ck_assert_ptr_nonnull(bytes.at);
    ck_assert_int_eq(pread(fd, bytes.at, bytes.count, 0), (ssize_t)bytes.count);
    close(fd);
    return bytes;
}

int journal_file_of(const uint8_t *bytes, size_t count)
{
    int fd = memfd_create("journal", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes, count, 0), (ssize_t)count);
    return fd;
}

union ry_input_any journal_input(uint64_t i, uint64_t last)
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

struct ry_journal_options journal_options(bool uring)
{
    return (struct ry_journal_options){.battle_id = {.byte = {0xba, 0x77, 0x1e}},
                                       .name = "rig",
                                       .seed = 7,
                                       .epoch = 1,
                                       .block_bytes = 4096,
                                       .uring = uring};
}

int journal_put(struct ry_journal_writer *writer, uint64_t from, uint64_t to, uint64_t last,
                uint64_t *slot, int64_t now_ns)
{
    for (uint64_t i = from; i <= to; i++) {
        void *room;
        while ((room = ry_journal_writer_room(writer)) == NULL)
            if (ry_journal_writer_poll(writer, now_ns) < 0)
                return -1;
        union ry_input_any input = journal_input(i, last);
        memcpy(room, &input, sizeof input);
        if (ry_journal_writer_took(writer, input.head.slots, *slot, now_ns) != 0)
            return -1;
        *slot += input.head.slots;
    }
    return ry_journal_writer_poll(writer, now_ns) < 0 ? -1 : 0;
}

struct journal_bytes journal_whole(uint64_t inputs, bool uring)
{
    struct journal_folder folder = journal_folder_make();
    static struct ry_journal_writer writer;
    struct ry_journal_options options = journal_options(uring);
    uint64_t slot = 0;
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), 0);
    ck_assert_int_eq(journal_put(&writer, 1, inputs, inputs, &slot, 0), 0);
    while (!ry_journal_writer_finished(&writer))
        ck_assert_int_ge(ry_journal_writer_poll(&writer, 0), 0);
    ry_journal_writer_close(&writer);
    struct journal_bytes bytes = journal_folder_read(&folder);
    journal_folder_remove(&folder);
    return bytes;
}
