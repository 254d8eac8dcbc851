/* What a feed says to people: each line and each reason, word by word, and that a flood of them
 * stays short. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "feeds/itch50.h"
#include "feeds/wire/dbn.h"
#include "tests/support/feed_rig.h"

static const char *const symbols[] = {"AAPL", "MSFT"};
static const struct dbn_symbol mapping = {"AAPL", "38", 19700101, 19700102};
static struct wire w, message, blocks, payload;
static struct kit_lines lines;

static struct ry_battle *fresh(unsigned instruments, uint8_t format)
{
    struct ry_battle *battle = kit_battle(symbols, instruments, 4);
    battle->feed[0].format = format;
    w.length = message.length = blocks.length = payload.length = 0;
    return battle;
}

/* The text is that of the feed's source, a colon, and the rest. */
static void check_says(const struct ry_battle *battle, const char *text, const char *rest)
{
    char wanted[RY_FEED_HANDLER_ERROR_BYTES];
    snprintf(wanted, sizeof wanted, "%s: %s", battle->feed[0].path, rest);
    ck_assert_str_eq(text, wanted);
}

/* Runs the bytes in w. warnings: how many lines of that level; the last one says `warning`. error:
 * why the feed ends; NULL: it ends in order. */
static void check_file(struct ry_battle *battle, unsigned warnings, const char *warning,
                       const char *error)
{
    struct ry_feed_handler *handler = kit_handler();
    enum ry_feed_handler_result result = RY_FEED_HANDLER_FAILED;
    if (kit_open_told(handler, battle, w.bytes, w.length, &lines) == 0)
        result = kit_run(handler, NULL);
    ck_assert_int_eq(result, error != NULL ? RY_FEED_HANDLER_FAILED : RY_FEED_HANDLER_END);
    ck_assert_uint_eq(lines.warnings, warnings);
    if (warnings > 0)
        check_says(battle, lines.warning, warning);
    if (error != NULL)
        check_says(battle, handler->error, error);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}

/* ---- ITCH ------------------------------------------------------------------------------------ */

static void flush(void)
{
    wire_binaryfile(&w, &message);
    message.length = 0;
}

START_TEST(test_itch_by_file)
{
    struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_ITCH50);
    itch_directory(&message, 4, 1, "AAPL");
    flush();
    check_file(battle, 1, "the day ends without the end-of-messages event: the file may be cut",
               NULL);

    battle = fresh(1, RY_BATTLE_FORMAT_ITCH50);
    itch_system(&message, 1, 'S');
    wire_binaryfile(&w, &message);
    wire_raw(&w, "\0\0?", 3);
    check_file(battle, 0, NULL,
               "neither length nor known type at byte 14: not BinaryFILE, or damaged");
}
END_TEST

/* A file that begins in mid-session is not believed, unless the battle file says so. */
START_TEST(test_itch_begins_late)
{
    static const char firsts[] = "AFECXDUPQBS";
    char text[512];
    for (const char *first = firsts; *first != '\0'; first++) {
        for (unsigned warn = 0; warn < 2; warn++) {
            struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_ITCH50);
            battle->feed[0].incomplete = (uint8_t)warn;
            itch_action(&message, 4, 1, "AAPL", 'T');
            flush();
            size_t at = w.length;
            if (*first == 'S') { /* the regular session's start is in the middle of the day */
                itch_system(&message, 1, 'Q');
                flush();
                at = w.length;
            }
            const char type = *first == 'S' ? 'D' : *first;
            itch_other(&message, type, ry_wire_itch50_length((uint8_t)type));
            if (strchr("AFP", type) != NULL)
                message.bytes[19] = 'B';
            if (type == 'C')
                message.bytes[31] = 'Y';
            for (unsigned i = 0; i < 3; i++)
                wire_binaryfile(&w, &message);
            message.length = 0;
            itch_system(&message, 2000, 'C');
            flush();
            snprintf(text, sizeof text,
                     "the record is incomplete: it begins in mid-session, with a message of type "
                     "'%c' at byte %zu before any start of messages or of system hours (S) and any "
                     "stock directory (R); %s",
                     type, at,
                     warn ? "the result is stamped"
                          : "take a whole one, or write incomplete: warn for this feed, which "
                            "stamps the result");
            check_file(battle, warn, text, warn ? NULL : text);
        }
    }
}
END_TEST

START_TEST(test_incomplete_is_an_input)
{
    struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_ITCH50);
    struct ry_feed_handler *handler = kit_handler();
    struct ry_input event;
    battle->feed[0].incomplete = RY_BATTLE_INCOMPLETE_WARN;
    itch_add(&message, 'A', 4, 5, 1, 'B', 1, "AAPL", 100);
    flush();
    itch_add(&message, 'A', 4, 6, 2, 'B', 1, "AAPL", 100);
    flush();
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_int_eq(ry_feed_handler_next(handler, &event), RY_FEED_HANDLER_EVENT);
    ck_assert(event.head.kind == RY_IN_INCOMPLETE && event.qty == RY_INCOMPLETE_LATE);
    ck_assert(event.head.time == battle->warmup_from && event.head.source_seq == 1);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(ry_feed_handler_next(handler, &event), RY_FEED_HANDLER_EVENT);
        ck_assert(event.head.kind == RY_IN_ADD && event.ref == i + 1);
    }
    ck_assert_uint_eq(handler->counters.incomplete, 1);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

START_TEST(test_unknown_states)
{
    struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_ITCH50);
    for (unsigned i = 0; i < RY_FEED_ITCH50_STATES_TOLD + 3; i++) {
        message.length = 0;
        itch_action(&message, 4, i, "AAPL", 'Z');
        wire_binaryfile(&w, &message);
    }
    message.length = 0;
    itch_system(&message, 99, 'C');
    wire_binaryfile(&w, &message);
    check_file(battle, RY_FEED_ITCH50_STATES_TOLD,
               "AAPL    : unknown trading state 0x5a counts as trading; further ones are counted "
               "only",
               NULL);
}
END_TEST

/* Of what announces a state the first is told, of listed instruments. */
START_TEST(test_announcements)
{
    static const char *const said[] = {
        "the market-wide circuit breaker is breached at level 2, 2019-12-30 15:00:00 UTC "
        "(15:00:00 UTC): the halts that follow are trading states (H)",
        "AAPL: auction after a limit-up limit-down pause within 9 to 11.05, reference 10, announced "
        "2019-12-30 15:00:00 UTC (15:00:00 UTC); further ones are counted only",
        "AAPL: release of the new issue at 12.5 is anticipated for 2019-12-30 15:10:00 UTC "
        "(15:10:00 UTC), announced 2019-12-30 15:00:00 UTC (15:00:00 UTC); further ones are "
        "counted only",
    };
    const uint64_t ten = UINT64_C(36000) * 1000000000;
    for (unsigned kind = 0; kind < 3; kind++) {
        struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_ITCH50);
        struct ry_feed_handler *handler = kit_handler();
        strcpy(battle->zone, "UTC");
        itch_directory(&message, 4, 1, "AAPL");
        flush();
        for (unsigned i = 0; i < 3; i++) {
            const char *symbol = i == 0 ? "IBM" : "AAPL";
            if (kind == 0)
                itch_breaker(&message, ten, '2');
            else if (kind == 1)
                itch_collar(&message, 4, ten, symbol, 100000, 90000, 110500);
            else
                itch_ipo(&message, 4, ten, symbol, 36600, 'A', 125000);
            flush();
        }
        itch_system(&message, 2, 'C');
        flush();
        ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
        const unsigned before = lines.count;
        ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
        ck_assert_uint_eq(lines.count, before + 1);
        ck_assert_uint_eq(lines.warnings, kind == 0);
        check_says(battle, lines.last, said[kind]);
        ck_assert_uint_eq(handler->counters.itch_mwcb_status + handler->counters.itch_luld_collar +
                              handler->counters.itch_ipo_quoting,
                          3);
        ry_feed_handler_close(handler);
        free(handler);
        free(battle);
    }
}
END_TEST

/* A damaged message of a packet is named by its number in the session. */
START_TEST(test_damage_in_a_packet)
{
    struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_ITCH50);
    struct kit_frames frames = {0};
    const struct ry_log_sink log = {.line = kit_line, .context = &lines};
    const struct ry_port_frames port = {.next = kit_next_frame, .context = &frames};
    struct ry_feed_handler *handler = kit_handler();
    for (unsigned i = 0; i < 5; i++) {
        message.length = 0;
        itch_other(&message, i == 2 || i == 4 ? '!' : 'Y', 20);
        wire_binaryfile(&blocks, &message);
    }
    wire_mold_payload(&payload, "S", 1, 5, &blocks);
    wire_frame(&w, (struct wire_frame_shape){.port = 26477}, &payload);
    frames.frame[0] = w.bytes;
    frames.length[0] = w.length;
    frames.count = 1;
    frames.hold = true;
    battle->feed[0].port = RY_BATTLE_PORT_DPDK;
    memset(&lines, 0, sizeof lines);
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, &port, &log), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_IDLE);
    ck_assert_uint_eq(lines.warnings, 1);
    ck_assert_str_eq(lines.warning, "wire: the message at sequence 3 is damaged and dropped; "
                                    "further ones are counted only");
    ry_feed_handler_close(handler);
    ck_assert_str_eq(lines.warning, "wire: dropped: damaged_unknown_type 2");
    free(handler);
    free(battle);
}
END_TEST

/* ---- DBN ------------------------------------------------------------------------------------- */

static void add(uint64_t order, uint32_t instrument_id)
{
    dbn_mbo(&w,
            (struct dbn_record){.action = 'A',
                                .side = 'B',
                                .order = order,
                                .price = 1000000000,
                                .size = 1,
                                .ts_recv = 100,
                                .ts_event = 50,
                                .instrument_id = instrument_id},
            0);
}

START_TEST(test_dbn_metadata)
{
    struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    wire_raw(&w, "\1DBN or not", 11);
    check_file(battle, 0, NULL, "not a DBN file");

    battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 1, 3, 1, 0, 0, &mapping, 1);
    check_file(battle, 0, NULL,
               "schema tbbo (3) does not hold every order: royale needs schema mbo");

    battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 2, 0, 1, 0, 0, &mapping, 0);
    check_file(battle, 0, NULL,
               "none of the battle's symbols is in the file: AAPL is not among the symbols of the "
               "file; it has: none");

    battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 2, 0, 1, 0, 0, &mapping, 1);
    w.bytes[8 + 42 + 3] = 0; /* symbols of no bytes */
    w.bytes[8 + 42 + 4] = 0;
    check_file(battle, 0, NULL, "metadata: a field out of its range");

    battle = fresh(2, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 3, 0, 1, 0, 0, &mapping, 1);
    add(1, 38);
    check_file(battle, 1, "MSFT is not among the symbols of the file; it has: AAPL", NULL);

    static const struct dbn_symbol near = {"MSFX", "38", 19700101, 19700102};
    battle = fresh(2, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 3, 0, 1, 0, 0, &near, 1);
    check_file(battle, 0, NULL,
               "none of the battle's symbols is in the file: AAPL is not among the symbols of the "
               "file; it has: MSFX");
    battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    snprintf(battle->instrument[0].symbol, sizeof battle->instrument[0].symbol, "MSFT");
    dbn_header(&w, 3, 0, 1, 0, 0, &near, 1);
    check_file(battle, 0, NULL,
               "none of the battle's symbols is in the file: MSFT is not among the symbols of the "
               "file, perhaps MSFX; it has: MSFX");

    static const struct dbn_symbol twice[] = {{"AAPL", "38", 19700101, 19700102},
                                              {"AAPL", "39", 19700101, 19700102}};
    battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 1, 0, 1, 0, 0, twice, 2);
    add(1, 38);
    check_file(battle, 1, "1 more instrument ids claim a symbol that has one, they are dropped",
               NULL);
}
END_TEST

START_TEST(test_dbn_archive_of_nothing)
{
    struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    w.length = ZSTD_compress(w.bytes, sizeof w.bytes, "", 0, 3);
    check_file(battle, 0, NULL, "is an archive of nothing");
}
END_TEST

START_TEST(test_dbn_records)
{
    char text[128];
    struct ry_battle *battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 1, 0, 1, 0, 0, &mapping, 1);
    add(1, 38);
    const size_t at = w.length;
    add(2, 38);
    w.bytes[at + 38] = '!'; /* no action */
    add(3, 38);
    w.bytes[w.length - RY_WIRE_DBN_MBO_BYTES + 38] = '!';
    snprintf(text, sizeof text,
             "the record at byte %zu is damaged and dropped; further ones are counted only", at);
    check_file(battle, 1, text, NULL);

    battle = fresh(1, RY_BATTLE_FORMAT_DBN);
    dbn_header(&w, 1, 0, 1, 0, 0, &mapping, 1);
    snprintf(text, sizeof text, "a record of 3 words at byte %zu: damaged", w.length);
    wire_raw(&w, "\3", 1);
    check_file(battle, 0, NULL, text);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_told");
    TCase *tcase = tcase_create("told");
    tcase_add_test(tcase, test_itch_by_file);
    tcase_add_test(tcase, test_itch_begins_late);
    tcase_add_test(tcase, test_incomplete_is_an_input);
    tcase_add_test(tcase, test_unknown_states);
    tcase_add_test(tcase, test_announcements);
    tcase_add_test(tcase, test_damage_in_a_packet);
    tcase_add_test(tcase, test_dbn_metadata);
    tcase_add_test(tcase, test_dbn_archive_of_nothing);
    tcase_add_test(tcase, test_dbn_records);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
