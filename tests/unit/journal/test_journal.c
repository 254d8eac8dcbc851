/*
 * The journal as bytes: what was written is read, and each byte that is changed or missing is
 * noticed and told apart: damage before the tail is an error, a torn tail is where the journal is
 * cut.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/journal_rig.h"

#define INPUTS 150 /* in three blocks of 4 KiB and a bit */
#define AHEAD  8u

/* Reads all there is; checks each input. Returns how it ended. */
static enum ry_journal_next read_all(struct ry_journal_reader *reader, uint64_t last)
{
    const union ry_input_any *input;
    enum ry_journal_next next;
    uint64_t n = 0, slot = 0;
    while ((next = ry_journal_next(reader, &input)) == RY_JOURNAL_INPUT) {
        union ry_input_any want = journal_input(++n, last);
        ck_assert_uint_eq(reader->inputs, n);
        ck_assert_mem_eq(input, &want, want.head.slots * (size_t)RY_SLOT_PAYLOAD);
        slot += want.head.slots;
        ck_assert_uint_eq(reader->slot, slot);
    }
    ck_assert_uint_eq(reader->inputs, n);
    ck_assert_int_eq(ry_journal_next(reader, &input), next); /* asking again says the same */
    return next;
}

static enum ry_journal_next read_bytes(const uint8_t *bytes, size_t count,
                                       struct ry_journal_reader *reader)
{
    if (ry_journal_open_fd(reader, journal_file_of(bytes, count), "the journal") != 0)
        return RY_JOURNAL_ERROR;
    return read_all(reader, INPUTS);
}

START_TEST(test_round_trip)
{
    struct journal_bytes bytes = journal_whole(INPUTS, _i);
    struct ry_journal_reader reader;
    ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), RY_JOURNAL_END);
    ck_assert_uint_eq(reader.inputs, INPUTS);
    ck_assert_uint_eq(reader.blocks, 3);
    ck_assert_uint_eq(reader.byte, bytes.count);
    ck_assert_str_eq(reader.file.name, "rig");
    ck_assert_uint_eq(reader.file.seed, 7);
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

/* What is coming is shown once each, in order, no further ahead than asked for and never beyond the
 * block at hand; who reads on without looking is not shown what has been. */
START_TEST(test_coming)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    struct ry_journal_reader reader;
    const union ry_input_any *input, *coming;
    ck_assert_int_eq(ry_journal_open_fd(&reader, journal_file_of(bytes.at, bytes.count), "it"), 0);
    uint64_t shown = 0, given = 0, most = 0;
    while (ry_journal_next(&reader, &input) == RY_JOURNAL_INPUT) {
        given++;
        if (shown < given)
            shown = given;
        if (given % 40 >= 30) /* nobody looks */
            continue;
        while ((coming = ry_journal_coming(&reader, AHEAD)) != NULL) {
            union ry_input_any want = journal_input(++shown, INPUTS);
            ck_assert_mem_eq(coming, &want, want.head.slots * (size_t)RY_SLOT_PAYLOAD);
            ck_assert_uint_le(shown - given, AHEAD);
        }
        most = shown - given > most ? shown - given : most;
        const uint64_t last = reader.block.first_input + reader.block.count - 1;
        ck_assert_uint_eq(shown, given + AHEAD < last ? given + AHEAD : last);
    }
    ck_assert_uint_eq(given, INPUTS);
    ck_assert_uint_eq(most, AHEAD);
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

START_TEST(test_both_ways_give_the_same_bytes)
{
    struct journal_bytes a = journal_whole(INPUTS, false), b = journal_whole(INPUTS, true);
    ck_assert_uint_eq(a.count, b.count);
    ck_assert_mem_eq(a.at, b.at, a.count);
    free(a.at);
    free(b.at);
}
END_TEST

/* Where blocks start in a journal of these tests, from its own headers. */
static unsigned block_starts(const struct journal_bytes *bytes, size_t *starts,
                             uint64_t *last_input)
{
    unsigned n = 0;
    for (size_t at = RY_JOURNAL_ALIGN; at < bytes->count; n++) {
        struct ry_journal_block head;
        memcpy(&head, bytes->at + at, sizeof head);
        starts[n] = at;
        last_input[n] = head.first_input + head.count - 1;
        at += ry_journal_padded(sizeof head + head.payload_bytes);
    }
    starts[n] = bytes->count;
    return n;
}

static void expect_cut(struct ry_journal_reader *reader, unsigned block, uint64_t input,
                       size_t byte)
{
    char want[RY_JOURNAL_TEXT_BYTES];
    if (block == 0)
        snprintf(want, sizeof want, "cut: no whole block after the header");
    else
        snprintf(want, sizeof want, "cut: last whole block %u ends with input %llu at byte %zu",
                 block - 1, (unsigned long long)input, byte);
    ck_assert_str_eq(reader->text, want);
    ck_assert_uint_eq(reader->inputs, input);
}

START_TEST(test_every_changed_byte)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    size_t start[8];
    uint64_t last_input[8];
    unsigned blocks = block_starts(&bytes, start, last_input);
    ck_assert_uint_eq(blocks, 3);
    for (size_t at = 0; at < bytes.count; at++) {
        struct ry_journal_reader reader;
        bytes.at[at] ^= (uint8_t)(1u << at % 8);
        enum ry_journal_next next = read_bytes(bytes.at, bytes.count, &reader);
        bytes.at[at] ^= (uint8_t)(1u << at % 8);
        if (at < start[blocks - 1]) {
            ck_assert_msg(next == RY_JOURNAL_ERROR, "byte %zu: damage was not noticed", at);
            ck_assert_msg(reader.text[0] != 0, "byte %zu: nothing was said", at);
        } else {
            ck_assert_msg(next == RY_JOURNAL_TAIL, "byte %zu of the last block", at);
            expect_cut(&reader, blocks - 1, last_input[blocks - 2], start[blocks - 1]);
        }
        ry_journal_close(&reader);
    }
    free(bytes.at);
}
END_TEST

START_TEST(test_every_cut)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    size_t start[8];
    uint64_t last_input[8];
    unsigned blocks = block_starts(&bytes, start, last_input);
    for (size_t count = 0; count < bytes.count; count++) {
        struct ry_journal_reader reader;
        enum ry_journal_next next = read_bytes(bytes.at, count, &reader);
        if (count < RY_JOURNAL_ALIGN) {
            ck_assert_int_eq(next, RY_JOURNAL_ERROR);
            ck_assert_ptr_nonnull(strstr(reader.text, "cut in its header"));
        } else {
            unsigned whole = 0;
            while (whole < blocks && start[whole + 1] <= count)
                whole++;
            ck_assert_int_eq(next, RY_JOURNAL_TAIL);
            expect_cut(&reader, whole, whole > 0 ? last_input[whole - 1] : 0, start[whole]);
        }
        ry_journal_close(&reader);
    }
    free(bytes.at);
}
END_TEST

START_TEST(test_damage_names_its_place)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    struct ry_journal_reader reader;
    bytes.at[2 * RY_JOURNAL_ALIGN + 100] ^= 1;
    ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), RY_JOURNAL_ERROR);
    ck_assert_str_eq(
        reader.text,
        "block 1 at byte 8192 is damaged, yet block 2 at byte 12288 knew inputs up to 104 "
        "durable: inputs from 53 to 104 are lost");
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

/* A journal of whole blocks without an END: what is there when the power goes. */
static struct journal_bytes unfinished_journal(uint64_t inputs)
{
    static struct ry_journal_writer writer;
    struct journal_folder folder = journal_folder_make();
    struct ry_journal_options options = journal_options(false);
    uint64_t slot = 0;
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), 0);
    ck_assert_int_eq(journal_put(&writer, 1, inputs, 0, &slot, 0), 0);
    ck_assert_int_eq(ry_journal_writer_flush(&writer, 0), 0);
    ry_journal_writer_close(&writer);
    struct journal_bytes bytes = journal_folder_read(&folder);
    journal_folder_remove(&folder);
    return bytes;
}

/* Several blocks were in flight and not synced when the power went: a later one may stand without
 * an earlier. */
START_TEST(test_a_hole_that_was_not_durable_is_a_cut)
{
    struct journal_bytes bytes = unfinished_journal(INPUTS);
    size_t start[8];
    uint64_t last_input[8];
    ck_assert_uint_eq(block_starts(&bytes, start, last_input), 3);
    memset(bytes.at + start[1], _i == 0 ? 0 : 0xa5, start[2] - start[1]);
    struct ry_journal_reader reader;
    ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), RY_JOURNAL_TAIL);
    ck_assert_str_eq(reader.text,
                     "cut: last whole block 0 ends with input 52 at byte 8192; "
                     "block 2 at byte 12288 stands behind a hole that was not durable");
    ck_assert_uint_eq(reader.inputs, last_input[0]);
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

/* What the last block knew decides, to the input. */
START_TEST(test_a_hole_that_was_durable_is_damage)
{
    static const struct {
        uint64_t durable;
        enum ry_journal_next next;
    } cases[] = {{0, RY_JOURNAL_TAIL},
                 {52, RY_JOURNAL_TAIL},
                 {53, RY_JOURNAL_ERROR},
                 {104, RY_JOURNAL_ERROR}};
    struct journal_bytes bytes = unfinished_journal(INPUTS);
    size_t start[8];
    uint64_t last_input[8];
    ck_assert_uint_eq(block_starts(&bytes, start, last_input), 3);
    ck_assert_uint_eq(last_input[0], 52);
    ck_assert_uint_eq(last_input[1], 104);
    memset(bytes.at + start[1], 0, start[2] - start[1]);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ry_journal_block head;
        struct ry_journal_reader reader;
        memcpy(&head, bytes.at + start[2], sizeof head);
        head.durable = cases[i].durable;
        ry_journal_block_encode(bytes.at + start[2], &head);
        ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), cases[i].next);
        ck_assert_uint_eq(reader.inputs, 52);
        ry_journal_close(&reader);
    }
    free(bytes.at);
}
END_TEST

/* Two holes, and the first block behind them knows nothing: the one behind that does. */
START_TEST(test_any_later_block_vouches)
{
    struct journal_bytes bytes = journal_whole(3 * INPUTS, false);
    size_t start[16];
    uint64_t last_input[16];
    unsigned blocks = block_starts(&bytes, start, last_input);
    ck_assert_uint_gt(blocks, 6);
    memset(bytes.at + start[1], 0, start[2] - start[1]);
    memset(bytes.at + start[3], 0, start[4] - start[3]);
    struct ry_journal_reader reader;
    char want[64];
    ck_assert_int_eq(ry_journal_open_fd(&reader, journal_file_of(bytes.at, bytes.count), "it"), 0);
    ck_assert_int_eq(read_all(&reader, 3 * INPUTS), RY_JOURNAL_ERROR);
    snprintf(want, sizeof want, "yet block %u at byte %zu knew", blocks - 1, start[blocks - 1]);
    ck_assert_msg(strstr(reader.text, want) != NULL, "%s", reader.text);
    ck_assert_ptr_nonnull(strstr(reader.text, "inputs from 53 to 104 are lost"));
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

/* Live, the journal's own word that a block is written makes a hole there damage, and nobody waits
 * for it. */
START_TEST(test_a_hole_below_the_limit_is_damage)
{
    struct journal_bytes bytes = unfinished_journal(INPUTS);
    struct ry_journal_reader reader;
    memset(bytes.at + 2 * RY_JOURNAL_ALIGN, 0, RY_JOURNAL_ALIGN);
    ck_assert_int_eq(ry_journal_open_fd(&reader, journal_file_of(bytes.at, bytes.count), "live"),
                     0);
    ry_journal_limit(&reader, 104);
    ck_assert_int_eq(read_all(&reader, 0), RY_JOURNAL_ERROR);
    ck_assert_str_eq(
        reader.text,
        "block 1 at byte 8192 is not a block, yet inputs up to 104 are said to be written");
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

START_TEST(test_foreign_files)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    struct ry_journal_reader reader;
    bytes.at[0] ^= 1;
    ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), RY_JOURNAL_ERROR);
    ck_assert_str_eq(reader.text, "the journal is no journal: it does not start with RYAJRNL1");
    bytes.at[0] ^= 1;
    static const uint8_t versions[] = {1, 2, 4, 99}; /* before and after this one */
    for (unsigned i = 0; i < sizeof versions; i++) {
        char want[256];
        bytes.at[8] = versions[i];
        snprintf(want, sizeof want,
                 "the journal is a journal of format %u (records 2); this program reads format 3 "
                 "(records 2) alone: take the royale that wrote it",
                 versions[i]);
        ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), RY_JOURNAL_ERROR);
        ck_assert_str_eq(reader.text, want);
    }
    ck_assert_int_eq(ry_journal_open(&reader, "/nonexistent"), -1);
    ck_assert_str_eq(reader.text, "cannot open /nonexistent/inputs.ryj: No such file or directory");
    free(bytes.at);
}
END_TEST

/* The id stands in the header, and nowhere else: it changes no byte of a block. */
START_TEST(test_battle_id)
{
    uint8_t head[2][RY_JOURNAL_ALIGN];
    const struct ry_battle_id id[2] = {{.byte = {1, [15] = 0xff}}, {.byte = {[7] = 2}}};
    for (unsigned i = 0; i < 2; i++) {
        struct ry_journal_file file;
        ry_journal_file_encode(head[i], &id[i], "rig", 7, RY_ISOLATED_NOT);
        ck_assert_int_eq(ry_journal_file_verify(head[i], sizeof head[i], &file), RY_JOURNAL_WHOLE);
        ck_assert_mem_eq(&file.battle_id, &id[i], sizeof id[i]);
        head[i][offsetof(struct ry_journal_file, battle_id) + 3] ^= 1;
        ck_assert_int_eq(ry_journal_file_verify(head[i], sizeof head[i], &file),
                         RY_JOURNAL_DAMAGED);
    }
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    struct ry_journal_reader reader;
    ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), RY_JOURNAL_END);
    ck_assert_uint_eq(reader.file.battle_id.byte[0], 0xba);
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

/* Whole blocks in the wrong place are no journal either. */
START_TEST(test_blocks_out_of_sequence)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    uint8_t *const block = bytes.at + RY_JOURNAL_ALIGN, one[RY_JOURNAL_ALIGN];
    struct ry_journal_reader reader;
    /* the second block is missing */
    size_t rest = bytes.count - 3 * RY_JOURNAL_ALIGN;
    struct journal_bytes less = {.at = malloc(bytes.count),
                                 .count = bytes.count - RY_JOURNAL_ALIGN};
    memcpy(less.at, bytes.at, 2 * RY_JOURNAL_ALIGN);
    memcpy(less.at + 2 * RY_JOURNAL_ALIGN, bytes.at + 3 * RY_JOURNAL_ALIGN, rest);
    ck_assert_int_eq(read_bytes(less.at, less.count, &reader), RY_JOURNAL_ERROR);
    ck_assert_ptr_nonnull(strstr(reader.text, "where block 1 from input"));
    ck_assert_uint_eq(reader.inputs, 52);
    ry_journal_close(&reader);
    free(less.at);
    /* first and second have changed places */
    memcpy(one, block, sizeof one);
    memcpy(block, block + sizeof one, sizeof one);
    memcpy(block + sizeof one, one, sizeof one);
    ck_assert_int_eq(read_bytes(bytes.at, bytes.count, &reader), RY_JOURNAL_ERROR);
    ck_assert_uint_eq(reader.inputs, 0);
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

START_TEST(test_bytes_after_the_end)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    struct ry_journal_reader reader;
    bytes.at[bytes.count] = 0; /* there is room for one */
    ck_assert_int_eq(read_bytes(bytes.at, bytes.count + 1, &reader), RY_JOURNAL_ERROR);
    ck_assert_ptr_nonnull(strstr(reader.text, "bytes after the last block"));
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

/* A growing journal: the limit hides what is not finished, and asking again finds what came. */
START_TEST(test_live)
{
    struct journal_bytes bytes = journal_whole(INPUTS, false);
    int fd = journal_file_of(bytes.at, 2 * RY_JOURNAL_ALIGN + 1000);
    struct ry_journal_reader reader;
    const union ry_input_any *input;
    ck_assert_int_eq(ry_journal_open_fd(&reader, fd, "live"), 0);
    ry_journal_limit(&reader, 0);
    ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_TAIL);
    ry_journal_limit(&reader, 52);
    for (unsigned i = 1; i <= 52; i++)
        ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_INPUT);
    ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_TAIL);
    ck_assert_int_eq(pwrite(fd, bytes.at, bytes.count, 0), (ssize_t)bytes.count);
    ry_journal_limit(&reader, INPUTS);
    for (unsigned i = 53; i <= INPUTS; i++)
        ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_INPUT);
    ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_END);
    ry_journal_close(&reader);
    free(bytes.at);
}
END_TEST

/* A checksum that fits does not make records fit. */
START_TEST(test_records_must_fill_the_payload)
{
    static uint8_t bytes[2 * RY_JOURNAL_ALIGN];
    struct ry_journal_block out;
    const struct {
        uint8_t slots[3];
        uint32_t count, payload;
        enum ry_journal_verdict verdict;
    } cases[] = {
        {{1, 1, 1}, 3, 168, RY_JOURNAL_WHOLE},   {{2, 0, 1}, 2, 168, RY_JOURNAL_WHOLE},
        {{1, 1, 1}, 2, 168, RY_JOURNAL_DAMAGED}, {{1, 1, 2}, 3, 168, RY_JOURNAL_DAMAGED},
        {{0, 1, 1}, 3, 168, RY_JOURNAL_DAMAGED}, {{4, 1, 1}, 1, 168, RY_JOURNAL_DAMAGED},
        {{1, 1, 1}, 3, 167, RY_JOURNAL_DAMAGED}, {{1, 1, 1}, 0, 0, RY_JOURNAL_DAMAGED},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(bytes, 0, sizeof bytes);
        for (unsigned k = 0; k < 3; k++)
            bytes[sizeof out + k * RY_SLOT_PAYLOAD + 1] = cases[i].slots[k];
        struct ry_journal_block head = {
            .first_input = 1, .count = cases[i].count, .payload_bytes = cases[i].payload};
        ry_journal_block_encode(bytes, &head);
        ck_assert_int_eq(ry_journal_block_verify(bytes, sizeof bytes, &out), cases[i].verdict);
        head.durable = 1; /* what was not in any block cannot have been durable */
        ry_journal_block_encode(bytes, &head);
        ck_assert_int_eq(ry_journal_block_verify(bytes, sizeof bytes, &out), RY_JOURNAL_DAMAGED);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("journal");
    TCase *c = tcase_create("journal");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_round_trip, 0, 2);
    tcase_add_test(c, test_coming);
    tcase_add_test(c, test_both_ways_give_the_same_bytes);
    tcase_add_test(c, test_every_changed_byte);
    tcase_add_test(c, test_every_cut);
    tcase_add_test(c, test_damage_names_its_place);
    tcase_add_loop_test(c, test_a_hole_that_was_not_durable_is_a_cut, 0, 2);
    tcase_add_test(c, test_a_hole_that_was_durable_is_damage);
    tcase_add_test(c, test_any_later_block_vouches);
    tcase_add_test(c, test_a_hole_below_the_limit_is_damage);
    tcase_add_test(c, test_foreign_files);
    tcase_add_test(c, test_battle_id);
    tcase_add_test(c, test_blocks_out_of_sequence);
    tcase_add_test(c, test_bytes_after_the_end);
    tcase_add_test(c, test_live);
    tcase_add_test(c, test_records_must_fill_the_payload);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
