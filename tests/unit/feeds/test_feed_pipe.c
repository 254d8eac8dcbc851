/* A day that comes through a named pipe: never waited for, the same events whatever pieces it comes
 * in. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/support/feed_rig.h"

#define ADDS 40

static const char *const symbols[] = {"AAPL"};
static struct wire day, message;
static uint8_t packed[1u << 16];

/* A pipe's path stands in the battle; the folder of the test's own is removed by remove_pipe. */
static void make_pipe(struct ry_battle *battle)
{
    char path[] = "/tmp/royale-test-XXXXXX", name[64];
    ck_assert_ptr_nonnull(mkdtemp(path));
    snprintf(name, sizeof name, "%s/day", path);
    ck_assert_int_eq(mkfifo(name, 0600), 0);
    kit_path(battle, name);
}

static void remove_pipe(struct ry_battle *battle)
{
    unlink(battle->feed[0].path);
    *strrchr(battle->feed[0].path, '/') = '\0';
    rmdir(battle->feed[0].path);
}

static void make_itch(void)
{
    day.length = message.length = 0;
    itch_directory(&message, 4, 0, "AAPL");
    wire_binaryfile(&day, &message);
    for (unsigned i = 0; i < ADDS; i++) {
        message.length = 0;
        itch_add(&message, 'A', 4, i, i + 1, 'B', 100, "AAPL", 10000 + 7 * i);
        wire_binaryfile(&day, &message);
    }
}

static void make_dbn(void)
{
    static const struct dbn_symbol mapping = {"AAPL", "38", 19700101, 19700102};
    day.length = 0;
    dbn_header(&day, 2, 0, 1, 0, 0, &mapping, 1);
    for (unsigned i = 0; i < ADDS; i++)
        dbn_mbo(&day,
                (struct dbn_record){.action = 'A',
                                    .side = 'B',
                                    .order = i + 1,
                                    .price = 1000000000,
                                    .size = 1,
                                    .ts_recv = 100 + i,
                                    .ts_event = 50,
                                    .instrument_id = 38},
                0);
}

static size_t gzipped(void)
{
    z_stream z = {0};
    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = day.bytes;
    z.avail_in = (uInt)day.length;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return sizeof packed - z.avail_out;
}

/* Gives the pipe `piece` bytes at a time and takes all that can be taken after each; returns the
 * events. */
static unsigned take_pieces(struct ry_battle *battle, const uint8_t *bytes, size_t length,
                            size_t piece, enum ry_feed_handler_result ends)
{
    struct ry_feed_handler *handler = kit_handler();
    make_pipe(battle);
    ck_assert_msg(ry_feed_handler_open(handler, battle, 0, NULL, NULL) == 0, "%s", handler->error);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_IDLE); /* nobody writes yet */
    const int writer = open(battle->feed[0].path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(writer, 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_IDLE);
    for (size_t at = 0; at < length; at += piece) {
        const size_t n = length - at < piece ? length - at : piece;
        ck_assert_int_eq(write(writer, bytes + at, n), (ssize_t)n);
        ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_IDLE);
    }
    close(writer);
    ck_assert_int_eq(kit_run(handler, NULL), ends);
    const unsigned events = (unsigned)handler->counters.events;
    ry_feed_handler_close(handler);
    remove_pipe(battle);
    free(handler);
    return events;
}

static const size_t pieces[] = {1, 2, 3, 7, 100, 60000};

START_TEST(test_pieces)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    const size_t piece = pieces[_i];
    make_itch();
    ck_assert_uint_eq(take_pieces(battle, day.bytes, day.length, piece, RY_FEED_HANDLER_END), ADDS);
    ck_assert_uint_eq(take_pieces(battle, packed, gzipped(), piece, RY_FEED_HANDLER_END), ADDS);
    size_t n = ZSTD_compress(packed, sizeof packed, day.bytes, day.length, 3);
    ck_assert_uint_eq(take_pieces(battle, packed, n, piece, RY_FEED_HANDLER_END), ADDS);
    battle->feed[0].format = RY_BATTLE_FORMAT_DBN;
    make_dbn();
    ck_assert_uint_eq(take_pieces(battle, day.bytes, day.length, piece, RY_FEED_HANDLER_END), ADDS);
    n = ZSTD_compress(packed, sizeof packed, day.bytes, day.length, 3);
    ck_assert_uint_eq(take_pieces(battle, packed, n, piece, RY_FEED_HANDLER_END), ADDS);
    free(battle);
}
END_TEST

/* A writer that leaves too early is a file that is cut. */
START_TEST(test_cut)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    const size_t piece = pieces[_i];
    make_itch();
    ck_assert_uint_eq(take_pieces(battle, day.bytes, day.length - 1, piece, RY_FEED_HANDLER_FAILED),
                      ADDS - 1);
    (void)take_pieces(battle, packed, gzipped() - 1, piece, RY_FEED_HANDLER_FAILED);
    (void)take_pieces(battle, day.bytes, 0, piece, RY_FEED_HANDLER_FAILED); /* "is empty" */
    battle->feed[0].format = RY_BATTLE_FORMAT_DBN;
    make_dbn();
    ck_assert_uint_eq(take_pieces(battle, day.bytes, day.length - 1, piece, RY_FEED_HANDLER_FAILED),
                      ADDS - 1);
    (void)take_pieces(battle, day.bytes, 30, piece,
                      RY_FEED_HANDLER_FAILED); /* within the metadata */
    free(battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_pipe");
    TCase *tcase = tcase_create("pipe");
    tcase_set_timeout(tcase, 20);
    tcase_add_loop_test(tcase, test_pieces, 0, (int)(sizeof pieces / sizeof pieces[0]));
    tcase_add_loop_test(tcase, test_cut, 0, (int)(sizeof pieces / sizeof pieces[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
