/* Many messages at once and one by one: the same events, byte for byte, the same counters, lines
 * and end, wherever a buffer, a batch or a packet ends, and whatever the messages say. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feeds/market/itch.h"
#include "tests/support/arena_rig.h"
#include "tests/support/feed_rig.h"

#define EVENTS_MAX 4096
#define DAYS       150

static const char *const symbols[] = {"AAPL", "MSFT", "X"};
static struct wire day, message, payload, packet;

struct run {
    struct ry_input event[EVENTS_MAX];
    unsigned events;
    enum ry_feed_handler_result result;
    struct ry_feed_counters counters;
    struct kit_lines lines;
    char error[RY_FEED_HANDLER_ERROR_BYTES];
};
static struct run one_by_one, at_once;

/* ---- days ------------------------------------------------------------------------------------ */

/* The message goes into the day; without its length, where `bare`. */
static void flush(bool bare)
{
    if (bare)
        wire_zeros(&day, 2);
    if (bare)
        wire_raw(&day, message.bytes, message.length);
    else
        wire_binaryfile(&day, &message);
    message.length = 0;
}

/* Locates 1 to 3 are the battle's, 4 is not, 5 is never named. */
static void begin_day(void)
{
    static const char *const named[] = {"AAPL", "MSFT", "X", "FOREIGN"};
    day.length = message.length = 0;
    itch_system(&message, 1, 'O');
    flush(false);
    for (unsigned i = 0; i < 4; i++) {
        itch_directory(&message, i + 1, 2, named[i]);
        flush(false);
    }
    itch_system(&message, 3, 'S');
    flush(false);
}

struct draw {
    struct ry_test_rng *rng;
    uint64_t ns;
    unsigned locate;
};

static unsigned below(const struct draw *draw, unsigned limit)
{
    return (unsigned)ry_test_rng_below(draw->rng, limit);
}

static const char *symbol_of(const struct draw *draw)
{
    return draw->locate <= 3 ? symbols[draw->locate - 1] : draw->locate == 4 ? "FOREIGN" : "NAMED";
}

/* An order's or a trade's message, as most are; now and then one that cannot be held. */
static void put_order(const struct draw *draw)
{
    const uint64_t ref = below(draw, 50);
    const uint32_t shares = below(draw, 40),
                   price = below(draw, 60) == 0 ? 30000000 : 100 * below(draw, 1000);
    const unsigned locate = draw->locate;
    switch (below(draw, 9)) {
    case 0:
        itch_add(&message, 'A', locate, draw->ns, ref, 'B', shares, symbol_of(draw), price);
        break;
    case 1:
        itch_add(&message, 'F', locate, draw->ns, ref, 'S', shares, symbol_of(draw), price);
        break;
    case 2: itch_executed(&message, locate, draw->ns, ref, shares); break;
    case 3:
        itch_executed_price(&message, locate, draw->ns, ref, shares, "YYN"[below(draw, 3)], price);
        break;
    case 4: itch_cancel(&message, locate, draw->ns, ref, shares); break;
    case 5: itch_delete(&message, locate, draw->ns, ref); break;
    case 6: itch_replace(&message, locate, draw->ns, ref, ref + 7, shares, price); break;
    case 7: itch_trade(&message, locate, draw->ns, shares, symbol_of(draw), price, ref); break;
    default: itch_cross(&message, locate, draw->ns, shares, symbol_of(draw), price); break;
    }
}

static void put_status(const struct draw *draw)
{
    static const struct {
        char type;
        unsigned length;
    } silent[] = {{'Y', 20}, {'L', 26}, {'V', 35}, {'I', 50}, {'N', 20}, {'O', 48}};
    const unsigned which = below(draw, 12), locate = draw->locate < 4 ? draw->locate : 1;
    if (which < 6) {
        itch_other(&message, silent[which].type, silent[which].length);
        message.bytes[message.length - silent[which].length + 2] = (uint8_t)draw->locate;
    } else if (which < 8) {
        itch_action(&message, locate, draw->ns, symbols[locate - 1], "HPQT?"[below(draw, 5)]);
    } else if (which == 8) {
        itch_operational_halt(&message, locate, draw->ns, symbols[locate - 1],
                              "HT"[below(draw, 2)]);
    } else if (which == 9) {
        itch_broken_trade(&message, locate, draw->ns, below(draw, 50));
    } else if (which == 10) {
        itch_system(&message, draw->ns, "SQME"[below(draw, 4)]);
    } else {
        itch_breaker(&message, draw->ns, '1');
    }
}

/* Damage within the message, which keeps its length. */
static void damage(const struct draw *draw)
{
    if (message.length > 20)
        message.bytes[below(draw, 2) == 0 ? 19 : 5 + below(draw, 2)] ^=
            (uint8_t)(1 + below(draw, 200));
}

/* oddities: what is left to the way one by one: damage, times that fall, names that never came. */
static void make_day(struct ry_test_rng *rng, unsigned count, bool oddities, bool bare)
{
    struct draw draw = {.rng = rng, .ns = 10};
    begin_day();
    for (unsigned i = 0; i < count; i++) {
        draw.locate = 1 + below(&draw, oddities ? 5 : 4);
        draw.ns += below(&draw, 3);
        draw.ns -= oddities && below(&draw, 20) == 0 ? 2 : 0;
        if (below(&draw, 8) == 0)
            put_status(&draw);
        else
            put_order(&draw);
        if (oddities && below(&draw, 16) == 0)
            damage(&draw);
        flush(bare && below(&draw, 10) == 0);
    }
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void take_singly(struct run *run, struct ry_feed_handler *handler)
{
    for (;;) {
        ck_assert_uint_lt(run->events, EVENTS_MAX);
        run->result = ry_feed_handler_next(handler, &run->event[run->events]);
        run->events += run->result == RY_FEED_HANDLER_EVENT;
        if (run->result != RY_FEED_HANDLER_EVENT && run->result != RY_FEED_HANDLER_QUIET)
            return;
    }
}

static void take_many(struct run *run, struct ry_feed_handler *handler, unsigned room)
{
    do {
        unsigned made;
        ck_assert_uint_lt(run->events + room, EVENTS_MAX);
        run->result = ry_feed_handler_take(handler, &run->event[run->events], room, &made);
        run->events += made;
    } while (run->result == RY_FEED_HANDLER_EVENT || run->result == RY_FEED_HANDLER_QUIET);
}

static void open_day(struct run *run, struct ry_feed_handler *handler, struct ry_battle *battle)
{
    memset(run, 0, sizeof *run);
    ck_assert_msg(kit_open_told(handler, battle, day.bytes, day.length, &run->lines) == 0, "%s",
                  handler->error);
}

static void close_run(struct run *run, struct ry_feed_handler *handler)
{
    run->counters = handler->counters;
    snprintf(run->error, sizeof run->error, "%s", handler->error);
    ry_feed_handler_close(handler);
    free(handler);
}

/* Lines and errors name the file, whose name is new each time. */
static const char *without_path(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon != NULL && strncmp(text, "/tmp/", 5) == 0 ? colon : text;
}

static void check_same(void)
{
    const struct run *a = &one_by_one, *b = &at_once;
    ck_assert_int_eq(a->result, b->result);
    ck_assert_uint_eq(a->events, b->events);
    for (unsigned i = 0; i < a->events; i++)
        ck_assert_mem_eq(&a->event[i], &b->event[i], sizeof a->event[i]);
    for (unsigned i = 0; i < RY_FEED_COUNTERS; i++)
        ck_assert_msg(a->counters.value[i] == b->counters.value[i], "%s: %llu, %llu",
                      ry_feed_counter_table.counter[i].name,
                      (unsigned long long)a->counters.value[i],
                      (unsigned long long)b->counters.value[i]);
    ck_assert_uint_eq(a->lines.count, b->lines.count);
    ck_assert_uint_eq(a->lines.warnings, b->lines.warnings);
    ck_assert_str_eq(without_path(a->lines.warning), without_path(b->lines.warning));
    ck_assert_str_eq(without_path(a->error), without_path(b->error));
}

/* ---- tests ----------------------------------------------------------------------------------- */

static struct ry_battle *any_battle(struct ry_test_rng *rng)
{
    static const unsigned scales[] = {4, 2, 6};
    struct ry_battle *battle = kit_battle(symbols, 3, scales[ry_test_rng_below(rng, 3)]);
    if (ry_test_rng_below(rng, 2) == 0)
        battle->warmup_from = KIT_MIDNIGHT + ry_test_rng_below(rng, 600);
    return battle;
}

/* How the day ends, beside in order: within a message; with a length that is not its type's; with a
 * price that is finer than a price unit can be. */
static void end_day(unsigned how)
{
    if (how == 1)
        day.length -= 3;
    if (how == 2)
        wire_raw(&day, "\0\5Axxxx", 7);
    if (how == 3) {
        itch_add(&message, 'A', 1, 5000, 1, 'B', 1, "AAPL", 10001);
        flush(false);
        itch_add(&message, 'A', 1, 5000, 2, 'B', 1, "AAPL", 10000);
        flush(false);
    }
}

START_TEST(test_days)
{
    static const unsigned rooms[] = {1, 2, 3, 7, 256};
    for (unsigned i = 0; i < DAYS; i++) {
        struct ry_test_rng rng = {.x = i + 1};
        struct ry_battle *battle = any_battle(&rng);
        struct ry_feed_handler *handler = kit_handler();
        make_day(&rng, 300, i % 3 != 0, i % 5 == 0);
        end_day(i % 4);
        open_day(&one_by_one, handler, battle);
        take_singly(&one_by_one, handler);
        close_run(&one_by_one, handler);
        ck_assert_uint_gt(one_by_one.events, 20);
        for (unsigned room = 0; room < sizeof rooms / sizeof rooms[0]; room++) {
            handler = kit_handler();
            open_day(&at_once, handler, battle);
            take_many(&at_once, handler, rooms[room]);
            close_run(&at_once, handler);
            check_same();
        }
        free(battle);
    }
}
END_TEST

/* The day comes through a pipe in two pieces, parted at each of its bytes. */
static void take_parted(struct ry_battle *battle, size_t part)
{
    struct ry_feed_handler *handler = kit_handler();
    const struct ry_log_sink log = {.line = kit_line, .context = &at_once.lines};
    char folder[] = "/tmp/royale-test-XXXXXX", path[64];
    memset(&at_once, 0, sizeof at_once);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/day", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    kit_path(battle, path);
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, NULL, &log), 0);
    const int writer = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(writer, 0);
    ck_assert_int_eq(write(writer, day.bytes, part), (ssize_t)part);
    take_many(&at_once, handler, 7);
    ck_assert_int_eq(at_once.result, RY_FEED_HANDLER_IDLE);
    ck_assert_int_eq(write(writer, day.bytes + part, day.length - part),
                     (ssize_t)(day.length - part));
    close(writer);
    take_many(&at_once, handler, 7);
    close_run(&at_once, handler);
    unlink(path);
    rmdir(folder);
}

START_TEST(test_parted)
{
    struct ry_test_rng rng = {.x = 7};
    struct ry_battle *battle = any_battle(&rng);
    struct ry_feed_handler *handler = kit_handler();
    make_day(&rng, 40, true, true);
    open_day(&one_by_one, handler, battle);
    take_singly(&one_by_one, handler);
    close_run(&one_by_one, handler);
    for (size_t part = 1; part < day.length; part++) {
        take_parted(battle, part);
        check_same();
    }
    free(battle);
}
END_TEST

/* Each number of bytes: no message is taken of which a byte is missing, and the address sanitizer
 * sees what is read behind them. */
START_TEST(test_ends_anywhere)
{
    static struct ry_normalise_itch normaliser;
    static struct ry_feed_counters counters;
    struct ry_normalise_instruments instruments;
    struct ry_input events[64];
    struct ry_test_rng rng = {.x = 3};
    struct ry_battle *battle = kit_battle(symbols, 3, 4);
    ck_assert_int_eq(ry_normalise_instruments_init(&instruments, battle, 0, 4), 0);
    make_day(&rng, 0, false, false);
    const size_t begins = day.length;
    for (unsigned i = 0; i < 30; i++) {
        put_order(&(struct draw){.rng = &rng, .ns = 10 + i, .locate = 1});
        flush(false);
    }
    size_t border = begins, taken = 0;
    for (size_t length = begins; length <= day.length; length++) {
        uint8_t *exact = wire_room(length - begins);
        memcpy(exact, day.bytes + begins, length - begins);
        ry_normalise_itch_init(&normaliser, &instruments, &counters);
        for (size_t at = 0; at < begins; at += 2u + day.bytes[at + 1])
            (void)ry_normalise_itch(&normaliser, day.bytes + at + 2, day.bytes[at + 1], &events[0]);
        const struct ry_normalise_itch_taken now =
            ry_normalise_itch_span(&normaliser, exact, length - begins, events, 64);
        border += length == border + 2u + day.bytes[border + 1] ? length - border : 0;
        ck_assert_uint_le(begins + now.bytes, border);
        ck_assert_uint_ge(now.bytes, taken);
        taken = now.bytes;
        free(exact);
    }
    ck_assert_uint_gt(taken, 0);
    ry_normalise_instruments_free(&instruments);
    free(battle);
}
END_TEST

/* ---- packets --------------------------------------------------------------------------------- */

/* The day in frames of 1 to 9 messages each, behind one another in `packet`. */
static void make_frames(struct ry_test_rng *rng, struct kit_frames *frames)
{
    static size_t begin[KIT_FRAMES_MAX];
    static struct wire blocks;
    uint64_t sequence = 1;
    packet.length = 0;
    *frames = (struct kit_frames){0};
    for (size_t at = 0; at < day.length;) {
        const unsigned most = 1 + ry_test_rng_below(rng, 9);
        unsigned count = 0;
        blocks.length = payload.length = 0;
        for (; count < most && at < day.length; count++) {
            const size_t length = 2u + day.bytes[at + 1];
            wire_raw(&blocks, day.bytes + at, length);
            at += length;
        }
        wire_mold_payload(&payload, "SPAN", sequence, count, &blocks);
        begin[frames->count] = packet.length;
        wire_frame(&packet, (struct wire_frame_shape){.port = 26477}, &payload);
        frames->length[frames->count] = packet.length - begin[frames->count];
        frames->count++;
        sequence += count;
        ck_assert_uint_lt(frames->count, KIT_FRAMES_MAX);
    }
    for (unsigned i = 0; i < frames->count; i++)
        frames->frame[i] = packet.bytes + begin[i];
}

static void run_frames(struct run *run, struct ry_battle *battle, struct kit_frames *from,
                       unsigned room)
{
    struct kit_frames frames = *from;
    const struct ry_port_frames port = {.next = kit_next_frame, .context = &frames};
    const struct ry_log_sink log = {.line = kit_line, .context = &run->lines};
    struct ry_feed_handler *handler = kit_handler();
    memset(run, 0, sizeof *run);
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, &port, &log), 0);
    if (room == 0)
        take_singly(run, handler);
    else
        take_many(run, handler, room);
    close_run(run, handler);
}

START_TEST(test_packets)
{
    for (unsigned i = 0; i < DAYS; i++) {
        struct ry_test_rng rng = {.x = i + 1};
        struct ry_battle *battle = any_battle(&rng);
        static struct kit_frames frames;
        battle->feed[0].port = RY_BATTLE_PORT_PCAP;
        battle->feed[0].incomplete = RY_BATTLE_INCOMPLETE_WARN; /* it has no end of the session */
        make_day(&rng, 250, i % 3 != 0, false);
        make_frames(&rng, &frames);
        run_frames(&one_by_one, battle, &frames, 0);
        ck_assert_uint_gt(one_by_one.events, 20);
        for (unsigned room = 1; room < 12; room += 3) {
            run_frames(&at_once, battle, &frames, room);
            check_same();
        }
        free(battle);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_span");
    TCase *tcase = tcase_create("span");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_days);
    tcase_add_test(tcase, test_parted);
    tcase_add_test(tcase, test_ends_anywhere);
    tcase_add_test(tcase, test_packets);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
