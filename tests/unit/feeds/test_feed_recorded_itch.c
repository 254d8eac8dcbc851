/*
 * ITCH against real files: what independent decoders counted (EXPECTED.json beside the data) must
 * come out of the decoders, and out of the machine fed with the events.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/port/file.h"
#include "feeds/wire/binaryfile.h"
#include "feeds/wire/itch50.h"
#include "feeds/wire/moldudp64.h"
#include "tests/support/expected.h"
#include "tests/support/feed_rig.h"

#define SYMBOLS_MAX 1024
#define REFS_MAX    8192

/* The content of a file, unpacked. */
static size_t content(const char *path, uint8_t *bytes, size_t room)
{
    char error[RY_PORT_ERROR_BYTES];
    struct ry_port_file *file = ry_port_file_open(path, error);
    ck_assert_msg(file != NULL, "%s", error);
    const uint8_t *at;
    size_t have;
    bool whole;
    ck_assert_int_eq(ry_port_file_look(file, room, &at, &have, &whole), 0);
    ck_assert(whole && have < room);
    memcpy(bytes, at, have);
    ry_port_file_close(file);
    return have;
}

struct census {
    uint64_t by_type[256], messages, executed_shares;
    char symbol[SYMBOLS_MAX][RY_SYMBOL_BYTES]; /* of the adds */
    const char *name[SYMBOLS_MAX];
    unsigned symbols;
    /* The independent decoder lets a replacement of an order that it does not know stand as a new
     * order, the machine does not. Such orders are orphans here; what comes for them is unknown to
     * the machine alone. */
    struct {
        uint64_t ref;
        bool orphan;
    } ref[REFS_MAX];
    unsigned refs;
    uint64_t orphans, for_orphans;
};

static void note_ref(struct census *census, const struct ry_wire_itch50 *m)
{
    unsigned at = 0;
    while (at < census->refs && census->ref[at].ref != m->ref)
        at++;
    const bool known = at < census->refs;
    const bool orphan = known && census->ref[at].orphan;
    census->for_orphans += orphan;
    if (m->type != 'A' && m->type != 'F' && m->type != 'U')
        return;
    ck_assert_uint_lt(census->refs, REFS_MAX);
    census->orphans += m->type == 'U' && !known;
    census->ref[census->refs].ref = m->type == 'U' ? m->ref_new : m->ref;
    census->ref[census->refs++].orphan = orphan || (m->type == 'U' && !known);
}

static void note_symbol(struct census *census, const char *padded)
{
    char symbol[RY_SYMBOL_BYTES] = {0};
    memcpy(symbol, padded, RY_WIRE_ITCH50_SYMBOL_BYTES);
    symbol[strcspn(symbol, " ")] = '\0';
    for (unsigned i = 0; i < census->symbols; i++)
        if (strcmp(census->symbol[i], symbol) == 0)
            return;
    ck_assert_uint_lt(census->symbols, SYMBOLS_MAX);
    strcpy(census->symbol[census->symbols], symbol);
    census->name[census->symbols] = census->symbol[census->symbols];
    census->symbols++;
}

static void take(struct census *census, const uint8_t *message, size_t length)
{
    struct ry_wire_itch50 m;
    ck_assert_int_eq(ry_wire_itch50_decode(message, length, &m), RY_WIRE_ITCH50_OK);
    census->messages++;
    census->by_type[m.type]++;
    if (m.type == 'A' || m.type == 'F')
        note_symbol(census, m.symbol);
    if (m.ref != 0)
        note_ref(census, &m);
    if (m.type == 'E' || m.type == 'C')
        census->executed_shares += m.shares;
}

static void check_types(const struct census *census, json_t *by_type)
{
    uint64_t sum = 0;
    const char *type;
    json_t *count;
    json_object_foreach(by_type, type, count)
    {
        ck_assert_uint_eq(census->by_type[(uint8_t)type[0]], (uint64_t)json_number_value(count));
        sum += (uint64_t)json_number_value(count);
    }
    ck_assert_uint_eq(census->messages, sum);
}

static struct census census;
static uint8_t bytes[1u << 20];

static void count_file(const char *path)
{
    struct ry_wire_binaryfile_message message;
    size_t length = content(path, bytes, sizeof bytes), at = 0;
    memset(&census, 0, sizeof census);
    for (;; at += message.consumed) {
        const enum ry_wire_binaryfile_result result =
            ry_wire_binaryfile_next(bytes + at, length - at, true, &message);
        if (result == RY_WIRE_BINARYFILE_END)
            return;
        ck_assert_int_eq(result, RY_WIRE_BINARYFILE_MESSAGE);
        take(&census, message.bytes, message.length);
    }
}

/* "A": {"ask": [price, shares], "bid": null} for each symbol. */
static void check_tops(const struct kit_machine *machine, json_t *tops)
{
    const char *symbol;
    json_t *top;
    json_object_foreach(tops, symbol, top)
    {
        unsigned id = 0;
        while (strcmp(census.symbol[id], symbol) != 0)
            ck_assert_uint_lt(++id, census.symbols);
        for (int side = RY_BUY; side <= RY_SELL; side++) {
            const json_t *level = json_object_get(top, side == RY_BUY ? "bid" : "ask");
            struct ry_arena_depth best;
            const unsigned found =
                ry_arena_levels(machine->arena, (uint16_t)id, (enum ry_side)side, &best, 1);
            ck_assert_uint_eq(found, json_is_array(level) ? 1 : 0);
            if (found == 0)
                continue;
            ck_assert_int_eq(best.price, (int64_t)json_number_value(json_array_get(level, 0)));
            ck_assert_uint_eq(best.rec, (uint64_t)json_number_value(json_array_get(level, 1)));
        }
    }
}

static uint64_t live_orders(const struct kit_machine *machine)
{
    uint64_t live = 0;
    for (unsigned id = 0; id < census.symbols; id++) {
        struct ry_arena_market state;
        ry_arena_instrument(machine->arena, (uint16_t)id, &state);
        live += state.live_orders;
    }
    return live;
}

/* References that nobody knows: the machine counts them, or the feed where not even the locate is
 * known. */
static void check_unknown(const struct kit_machine *machine, const struct ry_feed_counters *c,
                          json_t *unknown)
{
    uint64_t expected = 0;
    const char *type;
    json_t *count;
    json_object_foreach(unknown, type, count)
    {
        expected += (uint64_t)json_number_value(count);
    }
    const struct ry_arena_counters *m = ry_arena_counters(machine->arena);
    ck_assert_uint_eq(m->unknown_exec + m->unknown_cancel + m->unknown_replace + c->dropped_locate,
                      expected + census.for_orphans);
    ck_assert_uint_eq(m->duplicate_reference + m->exec_beyond + m->cancel_beyond + m->malformed, 0);
    ck_assert_uint_eq(c->dropped_price + c->dropped_quantity + c->unknown_state, 0);
}

static void check_file(const char *path, const json_t *expected)
{
    count_file(path);
    check_types(&census, json_object_get(expected, "by_type"));
    ck_assert_uint_eq(census.messages, ry_test_expected_u64(expected, "messages"));
    if (json_object_get(expected, "executed_shares") != NULL)
        ck_assert_uint_eq(census.executed_shares,
                          ry_test_expected_u64(expected, "executed_shares"));
    if (json_object_get(expected, "symbols_in_adds") != NULL)
        ck_assert_uint_eq(census.symbols, ry_test_expected_u64(expected, "symbols_in_adds"));
    const bool listed = census.symbols > 0;
    if (!listed)
        note_symbol(&census, "NONE    ");

    struct ry_battle *battle = kit_battle(census.name, census.symbols, 4);
    kit_path(battle, path);
    battle->feed[0].incomplete = RY_BATTLE_INCOMPLETE_WARN; /* samples begin anywhere */
    struct ry_feed_handler *handler = kit_handler();
    struct kit_machine machine;
    kit_machine_open(&machine, battle);
    ck_assert_msg(ry_feed_handler_open(handler, battle, 0, NULL, NULL) == 0, "%s", handler->error);
    ck_assert_int_eq(kit_run(handler, &machine), RY_FEED_HANDLER_END);
    kit_counts_add_up(&handler->counters);
    ck_assert_uint_eq(handler->counters.messages, census.messages);
    const char *key =
        json_object_get(expected, "live_orders") != NULL ? "live_orders" : "live_orders_at_end";
    ck_assert_uint_eq(census.orphans,
                      ry_test_expected_u64(json_object_get(expected, "unknown_refs"), "U"));
    ck_assert_uint_eq(live_orders(&machine) + census.orphans, ry_test_expected_u64(expected, key));
    ck_assert_uint_eq(handler->counters.dropped_instrument, listed ? 0 : census.by_type['H']);
    check_unknown(&machine, &handler->counters, json_object_get(expected, "unknown_refs"));
    check_tops(&machine, json_object_get(expected, "final_book_top"));
    ry_feed_handler_close(handler);
    kit_machine_close(&machine);
    free(handler);
    free(battle);
}

/* NULL after a skip. */
static json_t *figures(const char *folder)
{
    json_t *root = ry_test_expected(folder);
    if (root == NULL)
        ry_test_skip("no ITCH files");
    return root;
}

static void check_folder(const char *folder)
{
    char path[1024];
    json_t *root = figures(folder);
    if (root == NULL)
        return;
    json_t *files = json_object_get(root, "files"), *file;
    const char *name;
    ck_assert_uint_gt(json_object_size(files), 0);
    json_object_foreach(files, name, file)
    {
        snprintf(path, sizeof path, "%s/%s", folder, name);
        const char *found = ry_test_data(path);
        ck_assert_ptr_nonnull(found);
        snprintf(path, sizeof path, "%s", found);
        check_file(path, file);
    }
    json_decref(root);
}

START_TEST(test_nasdaq_orders)
{
    check_folder("nasdaq-itch50-20191230-first500");
}
END_TEST

START_TEST(test_nasdaq_directory)
{
    check_folder("nasdaq-itch50-20191230-head1000");
}
END_TEST

/* gzip, and every length is zero. */
START_TEST(test_artificial)
{
    json_t *root = figures("ritch-itch50-artificial");
    if (root == NULL)
        return;
    char path[1024];
    snprintf(path, sizeof path, "%s",
             ry_test_data("ritch-itch50-artificial/ex20101224.TEST_ITCH_50.gz"));
    check_file(path, root);
    json_decref(root);
}
END_TEST

static void check_pcap(const char *path, const json_t *expected)
{
    struct kit_frames frames;
    const json_t *sequences = json_object_get(expected, "seq");
    memset(&census, 0, sizeof census);
    ck_assert_msg(kit_pcap(path, &frames), "%s", path);
    ck_assert_uint_eq(frames.count, ry_test_expected_u64(expected, "packets"));
    for (unsigned i = 0; i < frames.count; i++) {
        const uint8_t *message;
        size_t length;
        struct ry_wire_datagram datagram;
        struct ry_wire_moldudp64 packet;
        ck_assert_int_eq(
            ry_wire_datagram(RY_WIRE_LINK_ETHERNET, frames.frame[i], frames.length[i], &datagram),
            RY_WIRE_PACKET_OK);
        ck_assert_int_eq(ry_wire_moldudp64_parse(datagram.payload, datagram.length, &packet),
                         RY_WIRE_PACKET_OK);
        ck_assert_uint_eq(packet.sequence,
                          (uint64_t)json_number_value(json_array_get(sequences, i)));
        while (ry_wire_moldudp64_next(&packet, &message, &length))
            take(&census, message, length);
    }
    check_types(&census, json_object_get(expected, "messages"));
}

START_TEST(test_captures)
{
    json_t *root = figures("omi-nasdaq-itch50-moldudp64");
    if (root == NULL)
        return;
    json_t *files = json_object_get(root, "files"), *file;
    const char *name;
    ck_assert_uint_gt(json_object_size(files), 40);
    json_object_foreach(files, name, file)
    {
        const char *found = ry_test_data(name);
        ck_assert_msg(found != NULL, "%s", name);
        check_pcap(found, file);
    }
    json_decref(root);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_recorded_itch");
    TCase *tcase = tcase_create("recorded");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_nasdaq_orders);
    tcase_add_test(tcase, test_nasdaq_directory);
    tcase_add_test(tcase, test_artificial);
    tcase_add_test(tcase, test_captures);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
