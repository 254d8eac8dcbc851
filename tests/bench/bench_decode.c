/*
 * Decoders and normalisers over made bytes in memory, messages a second: ITCH 5.0 bare, as
 * BinaryFILE and in MoldUDP64 frames, DBN MBO records. Beside each the bare decoding, without the
 * event.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/line/moldudp64.h"
#include "feeds/market/dbn.h"
#include "feeds/market/itch.h"
#include "feeds/wire/binaryfile.h"
#include "shm/clock.h"
#include "tests/support/bench.h"
#include "tests/support/wire_rig.h"

#define MESSAGES   24000u /* of one pass: a MiB of bytes, as in the wire helper */
#define PER_PACKET 24u
#define SECONDS    0.3

static const char *const symbol = "AAPL";
static struct ry_battle *battle;
static struct ry_feed_counters counters;
static struct ry_normalise_instruments itch_instruments, dbn_instruments;
static struct ry_normalise_itch itch;
static struct ry_normalise_dbn dbn;
static struct wire messages, packets, records, message, blocks, payload;
static uint32_t packet_at[MESSAGES / PER_PACKET + 1];

/* Adds, and their executions, replaces and deletes, about as a day has them. */
static void make_message(unsigned n)
{
    message.length = 0;
    const unsigned ref = n / 4 + 1;
    switch (n % 4) {
    case 0:
        itch_add(&message, 'A', 4, n, ref, n & 4 ? 'B' : 'S', 100, symbol, 10000 + n % 64);
        break;
    case 1: itch_executed(&message, 4, n, ref, 10); break;
    case 2: itch_replace(&message, 4, n, ref, ref + MESSAGES, 90, 10000 + n % 64); break;
    default: itch_delete(&message, 4, n, ref + MESSAGES); break;
    }
}

static void make_bytes(void)
{
    for (unsigned n = 0; n < MESSAGES; n++) {
        make_message(n);
        wire_binaryfile(&messages, &message);
        wire_binaryfile(&blocks, &message);
        if ((n + 1) % PER_PACKET != 0)
            continue;
        payload.length = 0;
        wire_mold_payload(&payload, "BENCH", n + 2 - PER_PACKET, PER_PACKET, &blocks);
        wire_frame(&packets, (struct wire_frame_shape){.port = 26477}, &payload);
        packet_at[(n + 1) / PER_PACKET] = (uint32_t)packets.length;
        blocks.length = 0;
    }
    for (unsigned n = 0; n < MESSAGES / 2; n++)
        dbn_mbo(&records,
                (struct dbn_record){.action = "AMTFC"[n % 5],
                                    .side = "BA"[n / 5 % 2],
                                    .order = n / 5 + 1,
                                    .price = 1000000000 + 10000000 * (n % 7),
                                    .size = 5 - n % 5,
                                    .ts_recv = 1000 + n,
                                    .ts_event = n / 5,
                                    .flags = 128,
                                    .instrument_id = 38},
                0);
}

/* Each goes once over its bytes and returns how many messages it saw. */

static unsigned over_itch(bool normalise)
{
    struct ry_wire_binaryfile_message at;
    struct ry_wire_itch50 decoded;
    struct ry_input event;
    unsigned count = 0;
    for (size_t used = 0; ry_wire_binaryfile_next(messages.bytes + used, messages.length - used,
                                                  true, &at) == RY_WIRE_BINARYFILE_MESSAGE;
         used += at.consumed, count++) {
        if (normalise)
            (void)ry_normalise_itch(&itch, at.bytes, at.length, &event);
        else
            (void)ry_wire_itch50_decode(at.bytes, at.length, &decoded);
        ry_bench_keep(normalise ? (void *)&event : (void *)&decoded);
    }
    return count;
}

static unsigned itch_decode(void)
{
    return over_itch(false);
}

static unsigned itch_events(void)
{
    return over_itch(true);
}

static unsigned itch_spans(void)
{
    static struct ry_input events[256];
    unsigned count = 0;
    struct ry_normalise_itch_taken taken;
    for (size_t used = 0; used < messages.length; used += taken.bytes, count += taken.messages) {
        taken = ry_normalise_itch_span(&itch, messages.bytes + used, messages.length - used, events,
                                       256);
        if (taken.messages == 0) {
            taken.bytes = 2 + ry_wire_itch50_length(messages.bytes[used + 2]);
            taken.messages = 1;
            (void)ry_normalise_itch(&itch, messages.bytes + used + 2, taken.bytes - 2, &events[0]);
        }
        ry_bench_keep(events);
    }
    return count;
}

static unsigned mold_events(void)
{
    struct ry_wire_moldudp64 packet;
    struct ry_line_moldudp64 line;
    struct ry_wire_datagram datagram;
    struct ry_input event;
    const uint8_t *bytes;
    size_t length;
    unsigned count = 0;
    const bool opened = ry_line_moldudp64_open(&line, true, &counters) == 0;
    assert(opened);
    for (unsigned i = 0; i < MESSAGES / PER_PACKET; i++) {
        const uint8_t *frame_bytes = packets.bytes + packet_at[i];
        enum ry_wire_packet_result result = ry_wire_datagram(
            RY_WIRE_LINK_ETHERNET, frame_bytes, packet_at[i + 1] - packet_at[i], &datagram);
        if (result == RY_WIRE_PACKET_OK)
            result = ry_wire_moldudp64_parse(datagram.payload, datagram.length, &packet);
        assert(result == RY_WIRE_PACKET_OK &&
               ry_line_moldudp64_take(&line, &packet) == RY_LINE_TAKE);
        for (; ry_wire_moldudp64_next(&packet, &bytes, &length); count++) {
            (void)ry_normalise_itch(&itch, bytes, length, &event);
            ry_bench_keep(&event);
        }
    }
    ry_line_moldudp64_close(&line);
    return count;
}

static unsigned dbn_decode(void)
{
    struct ry_wire_dbn_mbo mbo;
    unsigned count = 0;
    for (size_t at = 0; at < records.length; at += RY_WIRE_DBN_MBO_BYTES, count++) {
        (void)ry_wire_dbn_mbo(records.bytes + at, RY_WIRE_DBN_MBO_BYTES, false, &mbo);
        ry_bench_keep(&mbo);
    }
    return count;
}

static unsigned dbn_events(void)
{
    struct ry_normalise_dbn_record record;
    struct ry_input event;
    unsigned count = 0;
    for (size_t at = 0; at < records.length; at += RY_WIRE_DBN_MBO_BYTES, count++) {
        ry_normalise_dbn_read(&dbn, records.bytes + at, RY_WIRE_DBN_MBO_BYTES, &record);
        (void)ry_normalise_dbn_doubts(&dbn, &record);
        (void)ry_normalise_dbn_take(&dbn, &record, &event);
        ry_bench_keep(&event);
    }
    return count;
}

static void measure(const char *what, unsigned (*pass)(void))
{
    double rate[RY_BENCH_RUNS];
    (void)pass(); /* warm */
    for (unsigned run = 0; run < RY_BENCH_RUNS; run++) {
        const int64_t began = ry_clock_ns();
        uint64_t count = 0;
        int64_t now;
        do {
            count += pass();
            now = ry_clock_ns();
        } while ((double)(now - began) < SECONDS * 1e9);
        rate[run] = (double)count * 1e3 / (double)(now - began);
    }
    ry_bench_rate(what, "M messages/s", rate, RY_BENCH_RUNS);
}

static void prepare(void)
{
    battle = calloc(1, ry_battle_bytes(1));
    assert(battle != NULL);
    battle->instruments = 1;
    battle->orders_max = 1u << 16;
    strcpy(battle->instrument[0].symbol, symbol);
    battle->instrument[0].price_scale = 4;
    int error =
        ry_normalise_instruments_init(&itch_instruments, battle, 0, RY_WIRE_ITCH50_DECIMALS);
    error |= ry_normalise_instruments_init(&dbn_instruments, battle, 0, RY_WIRE_DBN_DECIMALS);
    error |= ry_normalise_dbn_init(&dbn, &dbn_instruments, &counters, 0);
    assert(error == 0);
    ry_normalise_itch_init(&itch, &itch_instruments, &counters);
    (void)ry_normalise_dbn_symbols_bind(&dbn.symbols, 38, symbol, strlen(symbol), INT64_MIN,
                                        INT64_MAX);
    make_bytes();
}

int main(void)
{
    ry_bench_begin("decode", 1);
    (void)ry_bench_pin(0);
    prepare();
    measure("ITCH 5.0, BinaryFILE, decoded", itch_decode);
    measure("ITCH 5.0, BinaryFILE, to events", itch_events);
    measure("ITCH 5.0, BinaryFILE, spans to events", itch_spans);
    measure("ITCH 5.0, MoldUDP64 frames, to events", mold_events);
    measure("DBN MBO, decoded", dbn_decode);
    measure("DBN MBO, to events", dbn_events);
    return ry_bench_end();
}
