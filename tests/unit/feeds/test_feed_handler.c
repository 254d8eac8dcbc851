/* The handler: archives and errors of files, damaged input at every position. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "feeds/wire/dbn.h"
#include "tests/support/feed_rig.h"

static const char *const symbols[] = {"AAPL"};
static struct wire w, message;

static struct ry_battle *fresh(void)
{
    w.length = message.length = 0;
    return kit_battle(symbols, 1, 4);
}

/* A small day: three orders, of which one is left; ends as `zero_end` says. */
static void make_day(struct wire *out, bool zero_end)
{
    static struct wire m;
    for (unsigned i = 0; i < 8; i++) {
        m.length = 0;
        switch (i) {
        case 0: itch_system(&m, 1, 'S'); break;
        case 1: itch_directory(&m, 4, 2, "AAPL"); break;
        case 2: itch_add(&m, 'A', 4, 3, 1, 'B', 100, "AAPL", 10000); break;
        case 3: itch_add(&m, 'F', 4, 4, 2, 'S', 100, "AAPL", 10100); break;
        case 4: itch_executed(&m, 4, 5, 1, 40); break;
        case 5: itch_replace(&m, 4, 6, 2, 3, 70, 10200); break;
        case 6: itch_cancel(&m, 4, 7, 3, 70); break;
        default: itch_system(&m, 8, 'E'); break;
        }
        wire_binaryfile(out, &m);
    }
    if (zero_end)
        wire_be(out, 0, 2);
}

static void check_day(struct ry_battle *battle, const void *bytes, size_t length)
{
    struct ry_feed_handler *handler = kit_handler();
    struct kit_machine machine;
    struct ry_arena_depth best;
    kit_machine_open(&machine, battle);
    ck_assert_msg(kit_open_bytes(handler, battle, bytes, length) == 0, "%s", handler->error);
    ck_assert_int_eq(kit_run(handler, &machine), RY_FEED_HANDLER_END);
    ck_assert_uint_eq(handler->counters.messages, 8);
    ck_assert_uint_eq(handler->counters.events, 7);
    ck_assert_uint_eq(handler->source_seq, 8); /* and FEED_END */
    ck_assert_uint_eq(ry_arena_levels(machine.arena, 0, RY_BUY, &best, 1), 1);
    ck_assert(best.price == 10000 && best.rec == 60);
    ck_assert_uint_eq(ry_arena_levels(machine.arena, 0, RY_SELL, &best, 1), 0);
    ry_feed_handler_close(handler);
    kit_machine_close(&machine);
    free(handler);
}

static size_t gzipped(uint8_t *to, size_t room, const struct wire *from)
{
    z_stream z = {0};
    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)from->bytes;
    z.avail_in = (uInt)from->length;
    z.next_out = to;
    z.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static void check_says(const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "\"%s\" does not say \"%s\"", text, wanted);
}

static uint8_t packed[1u << 16];

/* A zstd frame that holds nothing for a reader: magic, length, so many bytes. */
static size_t skippable(uint8_t *to, unsigned kind)
{
    static const uint8_t frame[] = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'D', 'B', 'N'};
    memcpy(to, frame, sizeof frame);
    to[0] = (uint8_t)(to[0] + kind);
    return sizeof frame;
}

START_TEST(test_archives)
{
    struct ry_battle *battle = fresh();
    make_day(&w, _i == 1);
    check_day(battle, w.bytes, w.length);
    check_day(battle, packed, gzipped(packed, sizeof packed, &w));
    check_day(battle, packed, ZSTD_compress(packed, sizeof packed, w.bytes, w.length, 3));
    /* Two members, cut within a message. */
    static struct wire first, second;
    first.length = second.length = 0;
    wire_raw(&first, w.bytes, 50);
    wire_raw(&second, w.bytes + 50, w.length - 50);
    size_t n = gzipped(packed, sizeof packed, &first);
    n += gzipped(packed + n, sizeof packed - n, &second);
    check_day(battle, packed, n);
    n = ZSTD_compress(packed, sizeof packed, first.bytes, first.length, 3);
    n += ZSTD_compress(packed + n, sizeof packed - n, second.bytes, second.length, 3);
    check_day(battle, packed, n);
    /* Frames to be passed over, first as pzstd writes them, in the middle and at the end. */
    n = skippable(packed, 0);
    n += ZSTD_compress(packed + n, sizeof packed - n, first.bytes, first.length, 3);
    n += skippable(packed + n, 15);
    n += ZSTD_compress(packed + n, sizeof packed - n, second.bytes, second.length, 3);
    n += skippable(packed + n, 7);
    struct kit_lines lines;
    struct ry_feed_handler *handler = kit_handler();
    ck_assert_int_eq(kit_open_told(handler, battle, packed, n, &lines), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    check_says(lines.last, "zstd file of 5 parts, read one behind the other");
    ry_feed_handler_close(handler);
    free(handler);
    check_day(battle, packed, n);
    free(battle);
}
END_TEST

static void check_fails(struct ry_battle *battle, const void *bytes, size_t length, const char *why)
{
    struct ry_feed_handler *handler = kit_handler();
    if (kit_open_bytes(handler, battle, bytes, length) == 0)
        ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_FAILED);
    ck_assert_msg(strstr(handler->error, why) != NULL, "\"%s\" does not say \"%s\"", handler->error,
                  why);
    ry_feed_handler_close(handler);
    free(handler);
}

START_TEST(test_file_errors)
{
    struct ry_battle *battle = fresh();
    struct ry_feed_handler *handler = kit_handler();
    strcpy(battle->feed[0].path, "/nowhere/at/all.itch");
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, NULL, NULL), -1);
    ck_assert_ptr_nonnull(strstr(handler->error, "No such file"));
    ry_feed_handler_close(handler);
    strcpy(battle->feed[0].path, "/tmp");
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, NULL, NULL), -1);
    ck_assert_ptr_nonnull(strstr(handler->error, "directory"));
    ry_feed_handler_close(handler);
    free(handler);

    make_day(&w, false);
    check_fails(battle, "", 0, "is empty");
    check_fails(battle, w.bytes, w.length - 1, "ends within the message at byte");
    size_t n = gzipped(packed, sizeof packed, &w);
    for (size_t cut = 2; cut < n; cut++)
        check_fails(battle, packed, cut, "cut off");
    n = ZSTD_compress(packed, sizeof packed, w.bytes, w.length, 3);
    for (size_t cut = 4; cut < n; cut++)
        check_fails(battle, packed, cut, "cut off");
    n = gzipped(packed, sizeof packed, &w);
    packed[n / 2] ^= 0xff;
    check_fails(battle, packed, n, "damaged gzip");
    free(battle);
}
END_TEST

static struct kit_lines lines;

/* ---- damage ---------------------------------------------------------------------------------- */

/* Runs what may be damaged; counters must add up however it ends. */
static void survive(struct ry_feed_handler *handler, struct ry_battle *battle, const uint8_t *bytes,
                    size_t length)
{
    if (kit_open_bytes(handler, battle, bytes, length) == 0)
        ck_assert_int_ne(kit_run(handler, NULL), RY_FEED_HANDLER_IDLE);
    kit_counts_add_up(&handler->counters);
    ry_feed_handler_close(handler);
}

static void survive_all(struct ry_battle *battle)
{
    struct ry_feed_handler *handler = kit_handler();
    uint8_t *copy = wire_room(w.length);
    for (size_t at = 0; at < w.length; at++) {
        static const uint8_t flips[] = {0x01, 0x80, 0xff};
        for (unsigned i = 0; i < 3; i++) {
            memcpy(copy, w.bytes, w.length);
            copy[at] ^= flips[i];
            survive(handler, battle, copy, w.length);
        }
        survive(handler, battle, w.bytes, at);
    }
    free(copy);
    free(handler);
}

/* The day ends with the system event 'C', or a line says that it does not. */
START_TEST(test_end_of_messages)
{
    struct ry_battle *battle = fresh();
    struct ry_feed_handler *handler = kit_handler();
    make_day(&w, false);
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    ry_feed_handler_close(handler);
    ck_assert_uint_eq(lines.warnings, 1);
    check_says(lines.warning, ": the day ends without the end-of-messages event");
    check_says(lines.warning, battle->feed[0].path);
    itch_system(&message, 9, 'C');
    wire_binaryfile(&w, &message);
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    ry_feed_handler_close(handler);
    ck_assert_uint_eq(lines.warnings, 0);
    free(handler);
    free(battle);
}
END_TEST

/* The type says how long a message is; where the file says otherwise it is no market any more. */
START_TEST(test_wrong_length_ends_the_feed)
{
    static const int wrong[] = {-1, 1, 30000};
    struct ry_battle *battle = fresh();
    struct ry_feed_handler *handler = kit_handler();
    char why[RY_FEED_HANDLER_ERROR_BYTES];
    itch_system(&message, 1, 'S');
    wire_binaryfile(&w, &message);
    message.length = 0;
    itch_delete(&message, 4, 2, 1);
    wire_be(&w, (uint64_t)(19 + wrong[_i]), 2);
    wire_raw(&w, message.bytes, message.length);
    itch_system(&w, 9, 'C');
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_FAILED);
    snprintf(why, sizeof why,
             "%s: damaged at byte 14: a message of type 'D' has 19 bytes, the file says %d",
             battle->feed[0].path, 19 + wrong[_i]);
    check_says(handler->error, why);
    ck_assert_uint_eq(handler->counters.damaged_short, _i == 0 ? 1 : 0);
    ck_assert_uint_eq(handler->counters.damaged_bad_length, _i == 0 ? 0 : 1);
    kit_counts_add_up(&handler->counters);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

/* Of a type that nobody knows the length is taken at its word; the first is told of, then the sum.
 */
START_TEST(test_unknown_types_are_told)
{
    struct ry_battle *battle = fresh();
    struct ry_feed_handler *handler = kit_handler();
    for (unsigned i = 0; i < 3; i++) {
        message.length = 0;
        itch_other(&message, '!', 33);
        wire_binaryfile(&w, &message);
    }
    message.length = 0;
    itch_directory(&message, 4, 8, "AAPL");
    wire_binaryfile(&w, &message);
    message.length = 0;
    itch_system(&message, 9, 'C');
    wire_binaryfile(&w, &message);
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    ck_assert_uint_eq(lines.warnings, 1);
    check_says(lines.warning, ": the message at byte 0 is damaged and dropped");
    ry_feed_handler_close(handler);
    ck_assert_uint_eq(lines.warnings, 2);
    check_says(lines.warning, ": dropped: damaged_unknown_type 3");
    check_says(lines.warning, battle->feed[0].path);
    free(handler);
    free(battle);
}
END_TEST

START_TEST(test_damaged_itch)
{
    struct ry_battle *battle = fresh();
    make_day(&w, true);
    survive_all(battle);
    free(battle);
}
END_TEST

START_TEST(test_damaged_dbn)
{
    static const struct dbn_symbol mapping = {"AAPL", "38", 19700101, 19700102};
    struct ry_battle *battle = fresh();
    battle->feed[0].format = RY_BATTLE_FORMAT_DBN;
    dbn_header(&w, (unsigned)_i, 0, 1, 0, 0, &mapping, 1);
    static const char actions[] = "RAATFMC";
    for (unsigned i = 0; i < 7; i++)
        dbn_mbo(&w,
                (struct dbn_record){.action = actions[i],
                                    .side = 'B',
                                    .order = i < 6 ? 1 : 2,
                                    .price = 1000000000,
                                    .size = 10 - i,
                                    .ts_recv = 100 + i,
                                    .ts_event = 50,
                                    .instrument_id = 38},
                0);
    struct ry_feed_handler *handler = kit_handler();
    ck_assert_msg(kit_open_bytes(handler, battle, w.bytes, w.length) == 0, "%s", handler->error);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    ck_assert(handler->counters.messages == 7 && handler->counters.events >= 4);
    ry_feed_handler_close(handler);
    free(handler);
    survive_all(battle);
    for (size_t cut = 1; cut < RY_WIRE_DBN_MBO_BYTES; cut++)
        check_fails(battle, w.bytes, w.length - cut, "the file ends within the record at byte");
    free(battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_handler");
    TCase *tcase = tcase_create("handler");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, test_archives, 0, 2);
    tcase_add_test(tcase, test_file_errors);
    tcase_add_test(tcase, test_end_of_messages);
    tcase_add_loop_test(tcase, test_wrong_length_ends_the_feed, 0, 3);
    tcase_add_test(tcase, test_unknown_types_are_told);
    tcase_add_test(tcase, test_damaged_itch);
    tcase_add_loop_test(tcase, test_damaged_dbn, 1, 4);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
