/* Captures as people make them: kinds, links and archives give one and the same day; what cannot be
 * read is named. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "feeds/port/pcap.h"
#include "tests/support/feed_rig.h"

#define LINK_ETHERNET 1 /* as files say it */
#define LINK_WIFI     105

static const char *const symbols[] = {"AAPL"};
static struct wire w, message, blocks, payload, frame;
static uint8_t packed[1u << 16];
static struct kit_lines lines;

static struct ry_battle *fresh(void)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    battle->feed[0].port = RY_BATTLE_PORT_PCAP;
    return battle;
}

static void add_packet(enum wire_capture kind, struct wire_frame_shape shape, uint64_t sequence,
                       unsigned count)
{
    payload.length = frame.length = 0;
    wire_mold_payload(&payload, "S", sequence, count, &blocks);
    wire_frame(&frame, shape, &payload);
    wire_capture_frame(&w, kind, &frame, frame.length);
}

/* A day of three packets: two orders, the end of messages, the end of the session. */
static void make_day(enum wire_capture kind, unsigned link_type, struct wire_frame_shape shape)
{
    w.length = 0;
    wire_capture_head(&w, kind, link_type);
    for (unsigned sequence = 1; sequence <= 4; sequence++) {
        blocks.length = message.length = 0;
        if (sequence == 3)
            itch_system(&message, 1000, 'C');
        else
            itch_add(&message, 'A', 4, sequence, sequence, 'B', 1, "AAPL", 10000);
        if (sequence < 4)
            wire_binaryfile(&blocks, &message);
        add_packet(kind, shape, sequence, sequence < 4 ? 1 : 0xffff);
    }
}

static void check_day(const void *bytes, size_t length)
{
    struct ry_battle *battle = fresh();
    struct ry_feed_handler *handler = kit_handler();
    ck_assert_msg(kit_open_told(handler, battle, bytes, length, &lines) == 0, "%s", handler->error);
    ck_assert_msg(kit_run(handler, NULL) == RY_FEED_HANDLER_END, "%s", handler->error);
    ck_assert(handler->counters.packets == 4 && handler->counters.messages == 3 &&
              handler->counters.events == 2);
    ry_feed_handler_close(handler);
    ck_assert_msg(lines.warnings == 0, "%s", lines.warning);
    free(handler);
    free(battle);
}

static size_t gzipped(void)
{
    z_stream z = {0};
    ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = w.bytes;
    z.avail_in = (uInt)w.length;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return sizeof packed - z.avail_out;
}

static const struct {
    unsigned type;
    enum wire_link link;
} links[] = {
    {LINK_ETHERNET, WIRE_ETHERNET},
    {113, WIRE_COOKED},
    {276, WIRE_COOKED2},
    {101, WIRE_IP},
    {228, WIRE_IP},
};

START_TEST(test_kinds)
{
    for (enum wire_capture kind = WIRE_PCAP_US; kind < WIRE_CAPTURES; kind++)
        for (unsigned tags = 0; tags <= (links[_i].link == WIRE_IP ? 0 : 2); tags++) {
            make_day(
                kind, links[_i].type,
                (struct wire_frame_shape){.link = links[_i].link, .tags = tags, .port = 26477});
            check_day(w.bytes, w.length);
            check_day(packed, gzipped());
            check_day(packed, ZSTD_compress(packed, sizeof packed, w.bytes, w.length, 3));
        }
}
END_TEST

static void check_said(const char *text, const char *path, const char *rest)
{
    char wanted[RY_FEED_HANDLER_ERROR_BYTES];
    snprintf(wanted, sizeof wanted, "%s: %s", path, rest);
    ck_assert_msg(strstr(text, wanted) != NULL, "\"%s\" does not say \"%s\"", text, wanted);
}

/* error: how the feed ends, behind the file's name; NULL: in order. warning: the last one; NULL:
 * there is none. */
static void check_says(const void *bytes, size_t length, const char *error, const char *warning)
{
    struct ry_battle *battle = fresh();
    struct ry_feed_handler *handler = kit_handler();
    enum ry_feed_handler_result result = RY_FEED_HANDLER_FAILED;
    if (kit_open_told(handler, battle, bytes, length, &lines) == 0)
        result = kit_run(handler, NULL);
    ck_assert_int_eq(result, error != NULL ? RY_FEED_HANDLER_FAILED : RY_FEED_HANDLER_END);
    if (error != NULL)
        check_said(handler->error, battle->feed[0].path, error);
    ck_assert_uint_eq(lines.warnings, warning != NULL ? 1 : 0);
    if (warning != NULL)
        check_said(lines.warning, battle->feed[0].path, warning);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}

START_TEST(test_no_captures)
{
    const struct wire_frame_shape shape = {.port = 26477};
    check_says("ODBN, or not, but longer than a magic number", 44,
               "is no capture of packets, neither pcap nor pcapng: ", NULL);
    check_says("", 0, "is empty", NULL);
    make_day(WIRE_PCAP_US, LINK_WIFI, shape);
    check_says(
        w.bytes, w.length,
        "its packets are of the kind \"802.11\"; royale reads Ethernet, Linux cooked captures "
        "and bare IP",
        NULL);
    w.length = 0;
    wire_capture_head(&w, WIRE_PCAP_US, LINK_ETHERNET);
    check_says(w.bytes, w.length, "the capture has no packets", NULL);
    check_says(w.bytes, 20, "is no capture of packets, neither pcap nor pcapng: truncated", NULL);
}
END_TEST

/* The last packet of the day is the end of the session: cut before it, the day is cut; cut behind
 * it, only that is told. */
START_TEST(test_cut_captures)
{
    const struct wire_frame_shape shape = {.port = 26477};
    make_day(WIRE_PCAP_NS, LINK_ETHERNET, shape);
    check_says(w.bytes, w.length - 5,
               "the capture ends at sequence 4 without an end of session: it is cut",
               "truncated dump file; tried to read 62 captured bytes, only got 57");
    wire_capture_frame(&w, WIRE_PCAP_NS, &frame, frame.length);
    check_says(w.bytes, w.length - 5, NULL,
               "truncated dump file; tried to read 62 captured bytes, only got 57");
    const size_t n = gzipped();
    check_says(packed, n - 1, NULL, "the archive is cut off after ");
    check_says(packed, 15, "the archive is cut off after ", NULL);
}
END_TEST

START_TEST(test_no_files)
{
    struct ry_port_frames port;
    char error[RY_PORT_ERROR_BYTES], path[] = "/tmp/royale-test-XXXXXX", wanted[128];
    ck_assert_int_eq(ry_port_pcap_open(&port, "/nowhere/at/all.pcap", error), -1);
    ck_assert_str_eq(error, "/nowhere/at/all.pcap: cannot open: No such file or directory");
    ck_assert_int_eq(ry_port_pcap_open(&port, "/tmp", error), -1);
    ck_assert_str_eq(error, "/tmp: is a directory");
    ck_assert_ptr_nonnull(mkdtemp(path));
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(ry_port_pcap_open(&port, path, error), -1);
    snprintf(wanted, sizeof wanted, "%s: a capture must be a regular file", path);
    ck_assert_str_eq(error, wanted);
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST

/* ---- the captures of users' reports ------------------------------------------------------------ */

static const struct report {
    const char *name;
    enum ry_feed_handler_result result;
    const char *error; /* behind the file's name; NULL: none */
    uint64_t messages, duplicates, reordered, old_ends, foreign_ends;
} reports[] = {
    {"gzipped.pcap.gz", RY_FEED_HANDLER_END, NULL, 54, 0, 0, 0, 0},
    {"linux-cooked.pcap", RY_FEED_HANDLER_END, NULL, 54, 0, 0, 0, 0},
    {"swapped-packets.pcap", RY_FEED_HANDLER_END, NULL, 54, 0, 1, 0, 0},
    {"two-lines.pcap", RY_FEED_HANDLER_END, NULL, 54, 54, 0, 0, 0},
    {"old-end-of-session.pcap", RY_FEED_HANDLER_END, NULL, 54, 0, 0, 1, 0},
    {"yesterdays-end-first.pcap", RY_FEED_HANDLER_END, NULL, 54, 0, 0, 0, 3},
    {"two-groups-one-port.pcap", RY_FEED_HANDLER_FAILED,
     "session \"OTHER00002\" in the middle of session \"SESSION001\": two feeds, one to group "
     "233.54.12.40, one to group 233.54.12.111: choose one with `group: 233.54.12.111`",
     7, 0, 0, 0, 0},
    {"fragments.pcap", RY_FEED_HANDLER_FAILED,
     "the capture begins within the session: expected sequence 1, got 41 of session "
     "\"SESSION001\"; packets: 4 are fragments of larger datagrams, which royale does not put "
     "together",
     0, 0, 0, 0, 0},
    {"snaplen-cut.pcap", RY_FEED_HANDLER_FAILED,
     "not one packet with messages: 0 heartbeats, 3 ends of session; packets: 8 are cut by the "
     "capture's snapshot length: capture with `-s 0`",
     0, 0, 0, 0, 3},
};

START_TEST(test_reports)
{
    const struct report *report = &reports[_i];
    const char *path = ry_test_case(report->name);
    if (path == NULL) {
        ry_test_skip("no cases");
        return;
    }
    static const char *const aaa[] = {"AAA"};
    struct ry_battle *battle = kit_battle(aaa, 1, 4);
    struct ry_feed_handler *handler = kit_handler();
    battle->feed[0].port = RY_BATTLE_PORT_PCAP;
    kit_path(battle, path);
    ck_assert_msg(ry_feed_handler_open(handler, battle, 0, NULL, NULL) == 0, "%s", handler->error);
    ck_assert_msg(kit_run(handler, NULL) == report->result, "%s", handler->error);
    const struct ry_feed_counters *c = &handler->counters;
    ck_assert_uint_eq(c->messages, report->messages);
    ck_assert_uint_eq(c->duplicates, report->duplicates);
    ck_assert_uint_eq(c->reordered, report->reordered);
    ck_assert_uint_eq(c->old_ends, report->old_ends);
    ck_assert_uint_eq(c->foreign_ends, report->foreign_ends);
    if (report->error != NULL)
        check_said(handler->error, battle->feed[0].path, report->error);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("port_pcap");
    TCase *tcase = tcase_create("captures");
    tcase_add_loop_test(tcase, test_kinds, 0, (int)(sizeof links / sizeof links[0]));
    tcase_add_test(tcase, test_no_captures);
    tcase_add_test(tcase, test_cut_captures);
    tcase_add_test(tcase, test_no_files);
    tcase_add_loop_test(tcase, test_reports, 0, (int)(sizeof reports / sizeof reports[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
