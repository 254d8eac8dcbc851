/* Files in another format than the battle file says: named, with what to write instead. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "feeds/recognise.h"
#include "tests/support/feed_rig.h"

static const char *const symbols[] = {"AAPL"};
static struct wire w, message;
static uint8_t packed[1u << 16];

/* ---- the first bytes ------------------------------------------------------------------------- */

struct beginning {
    const char *bytes;
    size_t length;
    enum ry_wire_sniffed sniffed;
};
#define BEGINS(text, what)                                                                         \
    .bytes = (text), .length = sizeof(text) - 1, .sniffed = RY_WIRE_SNIFFED_##what

static const struct beginning beginnings[] = {
    {BEGINS("\x00\x0cS", BINARYFILE)},
    {BEGINS("\x00\x00R", BINARYFILE)}, /* the type gives the length */
    {BEGINS("\x00\x24"
            "A\x00\x01",
            BINARYFILE)},
    {BEGINS("\x00\x25"
            "A\x00\x01",
            UNKNOWN)}, /* an Add has 36 bytes */
    {BEGINS("\x00\x0c", UNKNOWN)},
    {BEGINS("\x00\x0dSS", SOUPBIN)}, /* sequenced data with a system event */
    {BEGINS("\x00\x25SA", SOUPBIN)},
    {BEGINS("\x00\x26SA", UNKNOWN)},
    {BEGINS("\x00\x1f"
            "ASESSION   ",
            SOUPBIN)},
    {BEGINS("\x00\x01H\x00", SOUPBIN)},
    {BEGINS("DBN\x02", DBN)},
    {BEGINS("\xd4\xc3\xb2\xa1\x02", PCAP)},
    {BEGINS("\xa1\xb2\xc3\xd4\x00", PCAP)},
    {BEGINS("\x4d\x3c\xb2\xa1\x02", PCAP)},
    {BEGINS("\xa1\xb2\x3c\x4d\x00", PCAP)},
    {BEGINS("\x0a\x0d\x0d\x0a\x1c\x00", PCAP)},
    {BEGINS("\x1f\x8b\x08", PACKED)},
    {BEGINS("\x28\xb5\x2f\xfd", PACKED)},
    {BEGINS("\xfd"
            "7zXZ\x00",
            FOREIGN_PACKED)},
    {BEGINS("BZh9", FOREIGN_PACKED)},
    {BEGINS("PK\x03\x04", FOREIGN_PACKED)},
    {BEGINS("PAR1\x15", PARQUET)},
    {BEGINS(" \n{\"a\": 1}", JSON)},
    {BEGINS("[1]", JSON)},
    {BEGINS("\xef\xbb\xbf<!DOCTYPE html>", HTML)},
    {BEGINS("ts_recv,ts_event,rtype\r\n1,2,3\n", TEXT)},
    {BEGINS("D", TEXT)},
    {BEGINS("DB\x00", UNKNOWN)},
    {BEGINS("", UNKNOWN)},
};

START_TEST(test_first_bytes)
{
    for (unsigned i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        const struct beginning *b = &beginnings[i];
        uint8_t *exact = wire_room(b->length + 1); /* the sanitizer sees a read behind them */
        memcpy(exact + 1, b->bytes, b->length);
        ck_assert_msg(ry_wire_sniff(exact + 1, b->length) == b->sniffed, "%u: %s", i,
                      ry_wire_sniffed_name(ry_wire_sniff(exact + 1, b->length)));
        free(exact);
    }
}
END_TEST

/* ---- what a feed says ------------------------------------------------------------------------ */

static void check(uint8_t format, const void *bytes, size_t length, const char *why)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    struct ry_feed_handler *handler = kit_handler();
    char wanted[1024];
    battle->feed[0].format = format;
    if (kit_open_bytes(handler, battle, bytes, length) == 0)
        ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_FAILED);
    snprintf(wanted, sizeof wanted, "%s: %s", battle->feed[0].path, why);
    ck_assert_str_eq(handler->error, wanted);
    ck_assert_uint_eq(handler->counters.messages, 0);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}

static size_t gzipped(const void *bytes, size_t length)
{
    z_stream z = {0};
    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)length;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return sizeof packed - z.avail_out;
}

static void check_packed(uint8_t format, const char *why)
{
    check(format, w.bytes, w.length, why);
    check(format, packed, gzipped(w.bytes, w.length), why);
    check(format, packed, ZSTD_compress(packed, sizeof packed, w.bytes, w.length, 3), why);
}

static void make_dbn(void)
{
    static const struct dbn_symbol mapping = {"AAPL", "38", 20240101, 20240102};
    w.length = 0;
    dbn_header(&w, 2, 0, 1, 0, 0, &mapping, 1);
}

static void make_itch(void)
{
    w.length = message.length = 0;
    itch_system(&message, 1, 'O');
    wire_binaryfile(&w, &message);
}

START_TEST(test_the_other_format)
{
    make_dbn();
    check_packed(RY_BATTLE_FORMAT_ITCH50,
                 "is DBN, and the battle file says format: itch50, port: file: write format: dbn");
    make_itch();
    check_packed(RY_BATTLE_FORMAT_DBN, "is ITCH 5.0 as BinaryFILE, and the battle file says "
                                       "format: dbn, port: file: write format: itch50");
    w.length = 0;
    wire_raw(&w, "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0", 24);
    check_packed(RY_BATTLE_FORMAT_ITCH50, "is a capture of packets (pcap), and the battle file "
                                          "says format: itch50, port: file: write port: pcap");
    check_packed(RY_BATTLE_FORMAT_DBN,
                 "is a capture of packets (pcap), and the battle file says format: dbn, port: "
                 "file: write format: itch50 and port: pcap");
}
END_TEST

START_TEST(test_what_no_feed_reads)
{
    static const char csv[] = "ts_recv,ts_event,rtype\n1,2,3\n", page[] = "<html>403</html>";
    for (uint8_t format = RY_BATTLE_FORMAT_ITCH50; format <= RY_BATTLE_FORMAT_DBN; format++) {
        const char *word = format == RY_BATTLE_FORMAT_DBN ? "dbn" : "itch50";
        char why[256];
        snprintf(why, sizeof why,
                 "is plain text (CSV?), and the battle file says format: %s, port: file: take the "
                 "record of every order as DBN (mbo) or ITCH",
                 word);
        check(format, csv, sizeof csv - 1, why);
        snprintf(why, sizeof why,
                 "is a web page (HTML or XML), and the battle file says format: %s, port: file: "
                 "the download may have failed: fetch the file again",
                 word);
        check(format, page, sizeof page - 1, why);
        snprintf(why, sizeof why,
                 "is an archive within an archive, and the battle file says format: %s, port: "
                 "file: unpack it once",
                 word);
        make_itch();
        const size_t once = gzipped(w.bytes, w.length);
        w.length = 0;
        wire_raw(&w, packed, once);
        check(format, packed, gzipped(w.bytes, w.length), why);
        snprintf(why, sizeof why,
                 "is a SoupBinTCP session, and the battle file says format: %s, port: file: "
                 "royale reads no TCP sessions: take BinaryFILE, or a capture of MoldUDP64",
                 word);
        check(format, "\x00\x0dSS\0\0\0\0\0\0\0\0\0\0O", 15, why);
    }
}
END_TEST

/* Nothing that is known: the decoder's own words, and never "damaged at byte 0". */
START_TEST(test_unknown)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    struct ry_feed_handler *handler = kit_handler();
    ck_assert_int_eq(kit_open_bytes(handler, battle, "\x01\x0cS\0\0\0", 6), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_FAILED);
    ck_assert_ptr_nonnull(strstr(handler->error,
                                 ": does not begin as a BinaryFILE does, with the length of a "
                                 "message and its type: a message of type 'S' has 12 bytes, the "
                                 "file says 268"));
    ry_feed_handler_close(handler);
    battle->feed[0].format = RY_BATTLE_FORMAT_DBN;
    ck_assert_int_eq(kit_open_bytes(handler, battle, "\1\2\3\4\5\6\7\10\11", 9), -1);
    ck_assert_ptr_nonnull(strstr(handler->error, ": not a DBN file"));
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_recognise");
    TCase *tcase = tcase_create("recognise");
    tcase_add_test(tcase, test_first_bytes);
    tcase_add_test(tcase, test_the_other_format);
    tcase_add_test(tcase, test_what_no_feed_reads);
    tcase_add_test(tcase, test_unknown);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
