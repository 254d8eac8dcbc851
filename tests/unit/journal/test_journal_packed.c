/*
 * A compressed journal beside the plain one that it was made of: the same inputs, numbers, slots
 * and places; each byte that is changed or missing is noticed; whoever compresses may be killed at
 * each system call, and nothing is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include "core/journal/pack.h"
#include "tests/support/journal_rig.h"

#define SMALL 150    /* inputs in three blocks and one frame */
#define LARGE 60000u /* in several frames */

/* ---- a folder with one ----------------------------------------------------------------------- */

static const char *in(const struct journal_folder *folder, const char *name)
{
    static char path[4][128];
    static unsigned next;
    char *at = path[next++ % 4];
    snprintf(at, sizeof path[0], "%s/%s", folder->path, name);
    return at;
}

static bool is_there(const struct journal_folder *folder, const char *name)
{
    return access(in(folder, name), F_OK) == 0;
}

static void put_file(const struct journal_folder *folder, const char *name, const uint8_t *bytes,
                     size_t count)
{
    const int fd = open(in(folder, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, count), (ssize_t)count);
    close(fd);
}

static struct journal_bytes get_file(const struct journal_folder *folder, const char *name)
{
    const int fd = open(in(folder, name), O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    struct journal_bytes bytes = {.count = (size_t)lseek(fd, 0, SEEK_END)};
    bytes.at = malloc(bytes.count + 1);
    ck_assert_ptr_nonnull(bytes.at);
    ck_assert_int_eq(pread(fd, bytes.at, bytes.count, 0), (ssize_t)bytes.count);
    close(fd);
    return bytes;
}

static struct journal_folder folder_with(const struct journal_bytes *plain)
{
    struct journal_folder folder = journal_folder_make();
    put_file(&folder, RY_JOURNAL_FILE, plain->at, plain->count);
    return folder;
}

static void remove_all(const struct journal_folder *folder)
{
    unlink(in(folder, RY_JOURNAL_PACKED_FILE));
    unlink(in(folder, RY_JOURNAL_PART_FILE));
    journal_folder_remove(folder);
}

static enum ry_journal_pack_how pack(const struct journal_folder *folder,
                                     struct ry_journal_pack *told)
{
    struct ry_journal_pack unused;
    told = told == NULL ? &unused : told;
    *told = (struct ry_journal_pack){.stop = NULL};
    return ry_journal_pack(folder->path, told);
}

/* The compressed form of a journal of so many inputs. */
static struct journal_bytes packed_of(const struct journal_bytes *plain)
{
    struct journal_folder folder = folder_with(plain);
    ck_assert_int_eq(pack(&folder, NULL), RY_JOURNAL_PACKED);
    struct journal_bytes bytes = get_file(&folder, RY_JOURNAL_PACKED_FILE);
    remove_all(&folder);
    return bytes;
}

/* The journal in a folder gives all inputs of `plain` and its END, whichever file it is in. */
static void expect_all(const struct journal_folder *folder, const struct journal_bytes *plain)
{
    struct ry_journal_reader a, b;
    const union ry_input_any *x = NULL, *y = NULL;
    enum ry_journal_next next;
    ck_assert_int_eq(ry_journal_open_fd(&a, journal_file_of(plain->at, plain->count), "plain"), 0);
    ck_assert_msg(ry_journal_open(&b, folder->path) == 0, "%s", b.text);
    ck_assert_mem_eq(&a.file, &b.file, sizeof a.file);
    do {
        next = ry_journal_next(&a, &x);
        ck_assert_int_eq(ry_journal_next(&b, &y), next);
        if (next == RY_JOURNAL_INPUT)
            ck_assert_mem_eq(x, y, x->head.slots * (size_t)RY_SLOT_PAYLOAD);
        ck_assert_mem_eq(&a.block, &b.block, sizeof a.block);
        ck_assert(a.inputs == b.inputs && a.slot == b.slot && a.byte == b.byte);
    } while (next == RY_JOURNAL_INPUT);
    ck_assert_int_eq(next, RY_JOURNAL_END);
    ry_journal_close(&a);
    ry_journal_close(&b);
}

/* ---- the same -------------------------------------------------------------------------------- */

START_TEST(test_same_inputs)
{
    const uint64_t inputs = _i == 0 ? SMALL : LARGE;
    struct journal_bytes plain = journal_whole(inputs, false);
    struct journal_folder folder = folder_with(&plain);
    struct ry_journal_pack told;
    struct ry_journal_facts facts;
    struct stat before, after;
    ck_assert_int_eq(stat(in(&folder, RY_JOURNAL_FILE), &before), 0);
    ck_assert_int_eq(pack(&folder, &told), RY_JOURNAL_PACKED);
    ck_assert(!is_there(&folder, RY_JOURNAL_FILE) && !is_there(&folder, RY_JOURNAL_PART_FILE));
    ck_assert_int_eq(stat(in(&folder, RY_JOURNAL_PACKED_FILE), &after), 0);
    ck_assert_int_eq(after.st_mode, before.st_mode);
    ck_assert_int_eq(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
    ck_assert_uint_eq(told.bytes, plain.count);
    ck_assert_int_eq((off_t)told.packed_bytes, after.st_size);
    ck_assert_uint_lt(told.packed_bytes, told.bytes / 2);
    const int fd = open(in(&folder, RY_JOURNAL_PACKED_FILE), O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(ry_journal_facts_read(fd, &facts), 0);
    close(fd);
    ck_assert_uint_eq(facts.inputs, inputs);
    ck_assert_uint_eq(facts.bytes, plain.count);
    ck_assert(_i == 0 ? facts.frames == 1 : facts.frames > 2);
    ck_assert_int_eq(facts.changed_ns % RY_NS_PER_SECOND, before.st_mtim.tv_nsec);
    ck_assert_int_le(facts.begun_ns, facts.changed_ns);
    expect_all(&folder, &plain);
    ck_assert_int_eq(pack(&folder, &told), RY_JOURNAL_WAS);
    remove_all(&folder);
    free(plain.at);
}
END_TEST

/* As `zstd -d` sees it, which knows nothing of facts and table. */
START_TEST(test_any_decoder_gives_the_plain_journal)
{
    struct journal_bytes plain = journal_whole(LARGE, false), packed = packed_of(&plain);
    uint8_t *out = malloc(plain.count + 1);
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(ZSTD_decompress(out, plain.count + 1, packed.at, packed.count), plain.count);
    ck_assert_mem_eq(out, plain.at, plain.count);
    free(out);
    free(packed.at);
    free(plain.at);
}
END_TEST

#define PLACES 64

START_TEST(test_jumps)
{
    struct journal_bytes plain = journal_whole(LARGE, false), packed = packed_of(&plain);
    struct ry_journal_reader a, b;
    struct ry_journal_place place[PLACES];
    const union ry_input_any *x, *y;
    uint32_t draw = 1;
    ck_assert_int_eq(ry_journal_open_fd(&a, journal_file_of(plain.at, plain.count), "plain"), 0);
    ck_assert_int_eq(ry_journal_open_fd(&b, journal_file_of(packed.at, packed.count), "packed"), 0);
    for (unsigned i = 0; i < PLACES; i++) {
        for (unsigned n = 0; n < LARGE / PLACES; n++)
            ck_assert_int_eq(ry_journal_next(&a, &x), RY_JOURNAL_INPUT);
        place[i] = ry_journal_place(&a);
    }
    for (unsigned i = 0; i < 8 * PLACES; i++) {
        draw = draw * 1664525u + 1013904223u;
        ry_journal_return(&a, &place[draw >> 26]);
        ry_journal_return(&b, &place[draw >> 26]);
        for (unsigned n = 0; n < 100; n++) {
            const enum ry_journal_next next = ry_journal_next(&a, &x);
            ck_assert_int_eq(ry_journal_next(&b, &y), next);
            if (next != RY_JOURNAL_INPUT)
                break;
            ck_assert_mem_eq(x, y, x->head.slots * (size_t)RY_SLOT_PAYLOAD);
            ck_assert(a.inputs == b.inputs && a.slot == b.slot);
        }
    }
    ry_journal_close(&a);
    ry_journal_close(&b);
    free(packed.at);
    free(plain.at);
}
END_TEST

/* ---- damage ---------------------------------------------------------------------------------- */

/* Reads what it can of a file that was harmed; true: said so. What it gives is always right. */
static bool is_noticed(const uint8_t *bytes, size_t count, uint64_t inputs)
{
    struct ry_journal_reader reader;
    const union ry_input_any *input;
    enum ry_journal_next next;
    if (ry_journal_open_fd(&reader, journal_file_of(bytes, count), "harmed") != 0) {
        ck_assert_int_ne(reader.text[0], 0);
        return true;
    }
    uint64_t n = 0;
    while ((next = ry_journal_next(&reader, &input)) == RY_JOURNAL_INPUT) {
        union ry_input_any want = journal_input(++n, inputs);
        ck_assert_mem_eq(input, &want, want.head.slots * (size_t)RY_SLOT_PAYLOAD);
    }
    ck_assert_int_ne(next, RY_JOURNAL_TAIL);
    ck_assert(next == RY_JOURNAL_ERROR || n == inputs);
    ck_assert_int_eq(next == RY_JOURNAL_ERROR, reader.text[0] != 0);
    ry_journal_close(&reader);
    return next == RY_JOURNAL_ERROR;
}

/* All bits of the small one; of the large one those of its ends, and some between. Zstandard's
 * frame header has an unused bit, which its decoders pass over: the content is as it was. */
START_TEST(test_every_changed_bit)
{
    const uint64_t inputs = _i == 0 ? SMALL : LARGE;
    struct journal_bytes plain = journal_whole(inputs, false), packed = packed_of(&plain);
    const size_t step = _i == 0 ? 1 : packed.count / 40;
    unsigned changed = 0, unnoticed = 0;
    ck_assert(!is_noticed(packed.at, packed.count, inputs));
    for (size_t at = 0; at < packed.count; at += at + 200 < packed.count ? step : 1) {
        for (unsigned bit = 0; bit < (_i == 0 ? 8 : 1); bit++) {
            const uint8_t mask = (uint8_t)(1u << (at + bit) % 8);
            packed.at[at] ^= mask;
            changed++;
            unnoticed += !is_noticed(packed.at, packed.count, inputs);
            packed.at[at] ^= mask;
        }
    }
    ck_assert_msg(unnoticed * 100 < changed, "%u of %u", unnoticed, changed);
    free(packed.at);
    free(plain.at);
}
END_TEST

START_TEST(test_every_cut)
{
    struct journal_bytes plain = journal_whole(SMALL, false), packed = packed_of(&plain);
    for (size_t count = 0; count < packed.count; count++)
        ck_assert_msg(is_noticed(packed.at, count, SMALL), "%zu bytes of %zu", count, packed.count);
    free(packed.at);
    free(plain.at);
}
END_TEST

START_TEST(test_more_behind_it)
{
    struct journal_bytes plain = journal_whole(SMALL, false), packed = packed_of(&plain);
    uint8_t *longer = calloc(1, packed.count + 9);
    ck_assert_ptr_nonnull(longer);
    memcpy(longer, packed.at, packed.count);
    ck_assert(is_noticed(longer, packed.count + 9, SMALL));
    free(longer);
    free(packed.at);
    free(plain.at);
}
END_TEST

/* ---- what is left alone ---------------------------------------------------------------------- */

/* inputs.ryj is as it was, and nothing beside it. */
static void expect_left(const struct journal_folder *folder, const uint8_t *bytes, size_t count)
{
    struct journal_bytes now = get_file(folder, RY_JOURNAL_FILE);
    ck_assert_uint_eq(now.count, count);
    ck_assert_mem_eq(now.at, bytes, count);
    ck_assert(!is_there(folder, RY_JOURNAL_PACKED_FILE));
    ck_assert(!is_there(folder, RY_JOURNAL_PART_FILE));
    free(now.at);
}

START_TEST(test_without_its_end)
{
    struct journal_bytes plain = journal_whole(SMALL, false);
    plain.count -= RY_JOURNAL_ALIGN;
    struct journal_folder folder = folder_with(&plain);
    ck_assert_int_eq(pack(&folder, NULL), RY_JOURNAL_NOT_ENDED);
    expect_left(&folder, plain.at, plain.count);
    remove_all(&folder);
    free(plain.at);
}
END_TEST

START_TEST(test_damaged)
{
    struct journal_bytes plain = journal_whole(SMALL, false);
    struct ry_journal_pack told;
    plain.at[RY_JOURNAL_ALIGN + 200] ^= 1;
    struct journal_folder folder = folder_with(&plain);
    ck_assert_int_eq(pack(&folder, &told), RY_JOURNAL_FAILED);
    ck_assert_msg(strstr(told.text, "it is damaged: block 0") != NULL, "%s", told.text);
    expect_left(&folder, plain.at, plain.count);
    remove_all(&folder);
    free(plain.at);
}
END_TEST

static bool always(void *context)
{
    return ++*(unsigned *)context > 0;
}

START_TEST(test_stopped)
{
    struct journal_bytes plain = journal_whole(LARGE, false);
    struct journal_folder folder = folder_with(&plain);
    unsigned asked = 0;
    struct ry_journal_pack pack_it = {.stop = always, .context = &asked};
    ck_assert_int_eq(ry_journal_pack(folder.path, &pack_it), RY_JOURNAL_STOPPED);
    ck_assert_uint_gt(asked, 0);
    expect_left(&folder, plain.at, plain.count);
    remove_all(&folder);
    free(plain.at);
}
END_TEST

START_TEST(test_two_at_a_time)
{
    struct journal_bytes plain = journal_whole(SMALL, false);
    struct journal_folder folder = folder_with(&plain);
    const int fd = open(in(&folder, RY_JOURNAL_FILE), O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    ck_assert_int_eq(pack(&folder, NULL), RY_JOURNAL_BUSY);
    expect_left(&folder, plain.at, plain.count);
    close(fd);
    ck_assert_int_eq(pack(&folder, NULL), RY_JOURNAL_PACKED);
    remove_all(&folder);
    free(plain.at);
}
END_TEST

/* A disk that takes no more. */
START_TEST(test_no_room)
{
    struct journal_bytes plain = journal_whole(LARGE, false);
    struct journal_folder folder = folder_with(&plain);
    struct rlimit usual, little = {.rlim_cur = 4096};
    struct ry_journal_pack told;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &usual), 0);
    little.rlim_max = usual.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
    const enum ry_journal_pack_how how = pack(&folder, &told);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &usual), 0);
    ck_assert_int_eq(how, RY_JOURNAL_FAILED);
    ck_assert_str_eq(told.text, "cannot write inputs.ryj.zst.part: File too large");
    expect_left(&folder, plain.at, plain.count);
    remove_all(&folder);
    free(plain.at);
}
END_TEST

START_TEST(test_nothing_there)
{
    struct journal_folder folder = journal_folder_make();
    struct ry_journal_pack told;
    ck_assert_int_eq(pack(&folder, &told), RY_JOURNAL_FAILED);
    ck_assert_str_eq(told.text, "cannot open it: No such file or directory");
    remove_all(&folder);
}
END_TEST

/* ---- killed ---------------------------------------------------------------------------------- */

/* A process that compresses is killed where its `n`th system call begins; false: it had ended. */
static bool kill_at(const struct journal_folder *folder, unsigned n)
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(99);
        raise(SIGSTOP);
        _exit(pack(folder, NULL) == RY_JOURNAL_PACKED ? 0 : 1);
    }
    ck_assert_int_gt(pid, 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFSTOPPED(status), "no ptrace here");
    /* It stops where a call begins and where it ends. */
    for (unsigned stops = 0; stops < 2 * n + 1; stops++) {
        ck_assert_int_eq(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        if (WIFEXITED(status)) {
            ck_assert_int_eq(WEXITSTATUS(status), 0);
            return false;
        }
        ck_assert(WIFSTOPPED(status));
    }
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return true;
}

START_TEST(test_killed_at_each_call)
{
    struct journal_bytes plain = journal_whole(SMALL, false);
    unsigned calls = 0, plain_alone = 0, both = 0, packed_alone = 0;
    for (bool killed = true; killed; calls++) {
        struct journal_folder folder = folder_with(&plain);
        killed = kill_at(&folder, calls);
        const bool is_plain = is_there(&folder, RY_JOURNAL_FILE),
                   is_packed = is_there(&folder, RY_JOURNAL_PACKED_FILE);
        plain_alone += is_plain && !is_packed;
        both += is_plain && is_packed;
        packed_alone += is_packed && !is_plain;
        expect_all(&folder, &plain);
        if (is_packed && is_plain) { /* either of them is enough */
            unlink(in(&folder, RY_JOURNAL_FILE));
            expect_all(&folder, &plain);
            put_file(&folder, RY_JOURNAL_FILE, plain.at, plain.count);
        }
        ck_assert_int_eq(pack(&folder, NULL), is_plain ? RY_JOURNAL_PACKED : RY_JOURNAL_WAS);
        ck_assert(!is_there(&folder, RY_JOURNAL_FILE) && !is_there(&folder, RY_JOURNAL_PART_FILE));
        expect_all(&folder, &plain);
        remove_all(&folder);
    }
    ck_assert_msg(plain_alone > 10 && both > 0 && packed_alone > 0, "%u calls: %u, %u, %u", calls,
                  plain_alone, both, packed_alone);
    free(plain.at);
}
END_TEST

START_TEST(test_a_damaged_copy_is_made_anew)
{
    struct journal_bytes plain = journal_whole(SMALL, false), packed = packed_of(&plain);
    struct journal_folder folder = folder_with(&plain);
    packed.at[packed.count / 2] ^= 1;
    put_file(&folder, RY_JOURNAL_PACKED_FILE, packed.at, packed.count);
    put_file(&folder, RY_JOURNAL_PART_FILE, packed.at, packed.count);
    expect_all(&folder, &plain); /* inputs.ryj comes first */
    ck_assert_int_eq(pack(&folder, NULL), RY_JOURNAL_PACKED);
    ck_assert(!is_there(&folder, RY_JOURNAL_FILE) && !is_there(&folder, RY_JOURNAL_PART_FILE));
    expect_all(&folder, &plain);
    remove_all(&folder);
    free(packed.at);
    free(plain.at);
}
END_TEST

/* ---- who reads meanwhile --------------------------------------------------------------------- */

START_TEST(test_a_reader_goes_on)
{
    struct journal_bytes plain = journal_whole(LARGE, false), other = journal_whole(SMALL, false);
    struct journal_folder folder = folder_with(&plain);
    struct ry_journal_reader reader, late;
    const union ry_input_any *input;
    ck_assert_int_eq(ry_journal_open(&reader, folder.path), 0);
    ck_assert_int_eq(ry_journal_look(&reader, folder.path), RY_JOURNAL_SAME);
    for (unsigned i = 0; i < LARGE / 2; i++)
        ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_INPUT);
    ck_assert_int_eq(pack(&folder, NULL), RY_JOURNAL_PACKED);
    ck_assert_int_eq(ry_journal_look(&reader, folder.path), RY_JOURNAL_SAME);
    while (ry_journal_next(&reader, &input) == RY_JOURNAL_INPUT)
        ;
    ck_assert_uint_eq(reader.inputs, LARGE);
    ck_assert_int_eq(ry_journal_open(&late, folder.path), 0);
    put_file(&folder, RY_JOURNAL_FILE, plain.at, plain.count); /* zstd -d */
    ck_assert_int_eq(ry_journal_look(&late, folder.path), RY_JOURNAL_SAME);
    other.at[20] ^= 1; /* of another seed */
    put_file(&folder, RY_JOURNAL_FILE, other.at, other.count);
    ck_assert_int_eq(ry_journal_look(&late, folder.path), RY_JOURNAL_ANOTHER);
    remove_all(&folder);
    ck_assert_int_eq(ry_journal_look(&late, folder.path), RY_JOURNAL_GONE);
    ry_journal_close(&reader);
    ry_journal_close(&late);
    free(plain.at);
    free(other.at);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("journal_packed");
    TCase *tcase = tcase_create("journal_packed");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, test_same_inputs, 0, 2);
    tcase_add_test(tcase, test_any_decoder_gives_the_plain_journal);
    tcase_add_test(tcase, test_jumps);
    tcase_add_loop_test(tcase, test_every_changed_bit, 0, 2);
    tcase_add_test(tcase, test_every_cut);
    tcase_add_test(tcase, test_more_behind_it);
    tcase_add_test(tcase, test_without_its_end);
    tcase_add_test(tcase, test_damaged);
    tcase_add_test(tcase, test_stopped);
    tcase_add_test(tcase, test_two_at_a_time);
    tcase_add_test(tcase, test_no_room);
    tcase_add_test(tcase, test_nothing_there);
    tcase_add_test(tcase, test_killed_at_each_call);
    tcase_add_test(tcase, test_a_damaged_copy_is_made_anew);
    tcase_add_test(tcase, test_a_reader_goes_on);
    suite_add_tcase(s, tcase);
    return s;
}

RY_TEST_MAIN(suite)
