/*
 * A day of ITCH 5.0 to full books: each order in its queue, every market record made, everything
 * hashed. Bytes in memory, no agents; the flow is that of tests/support/bench_flow.h.
 *
 *   lengths walked     the baseline: from message to message by their lengths, nothing else
 *   to events          decoded and normalised, as the feed does it
 *   events to books    the machine alone, from the same events lying ready, hints ahead of it
 *   bytes to books     both: messages are decoded and hinted a batch before they are applied
 *   .. on two cores    decoded on one, applied on the other, a ring between them, as feed and exec
 *
 * All ways to the books must end with the same books, or the benchmark fails.
 *
 *   bench_book [runs [messages [world, from 0 [file to write the day to]]]]
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "feeds/market/itch.h"
#include "feeds/wire/binaryfile.h"
#include "shm/clock.h"
#include "shm/ring.h"
#include "tests/support/bench.h"
#include "tests/support/bench_flow.h"
#include "tests/support/wire_rig.h"

#define MESSAGES 2000000u
#define RUNS_MAX 32u
#define BATCH    24u /* messages decoded ahead of those that are applied */
#define BYTES    64u /* of a message and its length, at most */

#define SLOTS          UINT64_C(65536) /* of the ring, as a feed's */
#define POSITION_EVERY 32u             /* records between two looks of the writer's at best */
#define SPINS_TO_YIELD 4096u

static const struct ry_bench_world worlds[] = {
    {"100 symbols, 13,700 live", 100, 13700, 0},
    {"8,000 symbols, 1 M live", 8000, 1000000, 0},
};

struct day {
    const struct ry_bench_world *world;
    uint8_t *bytes;
    size_t length, room;
    size_t warm; /* where the timed part begins */
    struct ry_input *in;
    uint32_t total, warm_in;
    struct ry_battle *battle;
    struct ry_normalise_instruments instruments;
    uint64_t book; /* hash */
};

static struct ry_feed_counters counters;
static struct ry_normalise_itch itch;

static void symbol_of(unsigned id, char symbol[9])
{
    (void)snprintf(symbol, 9, "S%04u", id);
}

static void put(struct day *day, const struct wire *message)
{
    static struct wire framed;
    framed.length = 0;
    wire_binaryfile(&framed, message);
    assert(framed.length <= BYTES && day->length + framed.length <= day->room);
    memcpy(day->bytes + day->length, framed.bytes, framed.length);
    day->length += framed.length;
}

/* An input as the message that makes it. */
static void encode(struct wire *w, const struct ry_input *in)
{
    const unsigned locate = in->head.instrument + 1u;
    const uint64_t ns = (uint64_t)in->head.time;
    char symbol[9];
    w->length = 0;
    switch (in->head.kind) {
    case RY_IN_ADD:
        symbol_of(in->head.instrument, symbol);
        itch_add(w, 'A', locate, ns, in->ref, in->side == RY_BUY ? 'B' : 'S', in->qty, symbol,
                 (uint32_t)in->price);
        break;
    case RY_IN_EXEC: itch_executed(w, locate, ns, in->ref, in->qty); break;
    case RY_IN_REPLACE:
        itch_replace(w, locate, ns, in->ref, in->ref_new, in->qty, (uint32_t)in->price);
        break;
    default:
        if (in->head.flags & RY_INF_ALL)
            itch_delete(w, locate, ns, in->ref);
        else
            itch_cancel(w, locate, ns, in->ref, in->qty);
    }
}

static void write_day(struct day *day, uint32_t messages)
{
    static struct wire message;
    const struct ry_bench_world *w = day->world;
    day->in = ry_bench_flow(w, messages, &day->total);
    day->warm_in = w->live + messages / 5;
    day->room = ((size_t)day->total + w->instruments) * BYTES;
    day->bytes = ry_bench_map(day->room);
    for (unsigned i = 0; i < w->instruments; i++) {
        char symbol[9];
        symbol_of(i, symbol);
        message.length = 0;
        itch_directory(&message, i + 1, 0, symbol);
        put(day, &message);
    }
    for (uint32_t i = 0; i < day->total; i++) {
        if (i == day->warm_in)
            day->warm = day->length;
        encode(&message, &day->in[i]);
        put(day, &message);
    }
}

static void describe_instruments(struct day *day)
{
    const unsigned count = day->world->instruments;
    day->battle = calloc(1, ry_battle_bytes(count));
    assert(day->battle != NULL);
    day->battle->instruments = (uint16_t)count;
    day->battle->orders_max = 1u << 21;
    for (unsigned i = 0; i < count; i++) {
        char symbol[9];
        symbol_of(i, symbol);
        memcpy(day->battle->instrument[i].symbol, symbol, sizeof symbol);
        day->battle->instrument[i].price_scale = 4;
    }
    const int error =
        ry_normalise_instruments_init(&day->instruments, day->battle, 0, RY_WIRE_ITCH50_DECIMALS);
    assert(error == 0);
}

/* ---- what is measured: each returns M messages/s --------------------------------------------- */

static double rate_since(int64_t start_ns, uint64_t messages)
{
    return (double)messages * 1e3 / (double)(ry_clock_ns() - start_ns);
}

static double walk(const struct day *day)
{
    uint64_t count = 0;
    const int64_t start = ry_clock_ns();
    for (size_t at = day->warm; at < day->length; count++)
        at += 2u + ((size_t)day->bytes[at] << 8 | day->bytes[at + 1]);
    ry_bench_keep(&count);
    return rate_since(start, count);
}

/* The event of the message at *at, which moves on; false: it makes none. */
static bool decode(const struct day *day, size_t *at, struct ry_input *event)
{
    struct ry_wire_binaryfile_message message;
    const enum ry_wire_binaryfile_result result =
        ry_wire_binaryfile_next(day->bytes + *at, day->length - *at, true, &message);
    assert(result == RY_WIRE_BINARYFILE_MESSAGE);
    *at += message.consumed;
    if (!ry_normalise_itch(&itch, message.bytes, message.length, event))
        return false;
    event->head.source = RY_SOURCE_FEED;
    return true;
}

static double events(const struct day *day)
{
    struct ry_input event;
    uint64_t count = 0;
    ry_normalise_itch_init(&itch, &day->instruments, &counters);
    for (size_t at = 0; at < day->warm;)
        (void)decode(day, &at, &event);
    const int64_t start = ry_clock_ns();
    for (size_t at = day->warm; at < day->length; count++) {
        (void)decode(day, &at, &event);
        ry_bench_keep(&event);
    }
    return rate_since(start, count);
}

static void seen(void *context, const struct ry_market *market)
{
    (void)market;
    ++*(uint64_t *)context;
}

static uint64_t records;
static const struct ry_arena_sink sink = {.context = &records, .market = seen};

static void check_books(struct day *day, const struct ry_arena *a)
{
    const uint64_t book = ry_arena_book_hash(a);
    if (day->book != 0 && day->book != book) {
        puts("TWO WAYS TO THE BOOKS END WITH DIFFERENT BOOKS");
        exit(EXIT_FAILURE);
    }
    day->book = book;
}

static double machine(struct day *day)
{
    struct ry_bench_arena bench = ry_bench_flow_open(day->world);
    ry_bench_apply(bench.arena, day->in, 0, day->warm_in, day->total, 0, &sink);
    const int64_t start = ry_clock_ns();
    ry_bench_apply(bench.arena, day->in, day->warm_in, day->total, day->total, BATCH, &sink);
    const double rate = rate_since(start, day->total - day->warm_in);
    check_books(day, bench.arena);
    ry_bench_arena_close(&bench);
    return rate;
}

/* Decodes and hints up to a batch from *at on; how many events that makes. */
static unsigned take_batch(const struct day *day, struct ry_arena *a, size_t *at,
                           union ry_input_any *batch)
{
    unsigned made = 0;
    while (made < BATCH && *at < day->length) {
        if (!decode(day, at, &batch[made].event))
            continue;
        ry_arena_hint(a, &batch[made]);
        made++;
    }
    return made;
}

static uint64_t both_until(const struct day *day, struct ry_arena *a, size_t *at)
{
    static union ry_input_any batch[2][BATCH];
    uint64_t applied = 0;
    unsigned made = take_batch(day, a, at, batch[0]);
    for (unsigned now = 0; made > 0; now ^= 1u) {
        const unsigned next = take_batch(day, a, at, batch[now ^ 1u]);
        for (unsigned i = 0; i < made; i++)
            ry_arena_apply(a, &batch[now][i], &sink);
        applied += made;
        made = next;
    }
    return applied;
}

static double both(struct day *day)
{
    struct ry_bench_arena bench = ry_bench_flow_open(day->world);
    struct day warm = *day;
    size_t at = 0;
    ry_normalise_itch_init(&itch, &day->instruments, &counters);
    warm.length = day->warm;
    (void)both_until(&warm, bench.arena, &at);
    const int64_t start = ry_clock_ns();
    const uint64_t count = both_until(day, bench.arena, &at);
    const double rate = rate_since(start, count);
    check_books(day, bench.arena);
    ry_bench_arena_close(&bench);
    return rate;
}

/* ---- on two cores ---------------------------------------------------------------------------- */

static struct {
    _Alignas(RY_ISOLATION) struct ry_ring_writer writer;
    const struct day *day;
    size_t at;
    _Alignas(RY_ISOLATION) struct ry_ring_position position;
    void *memory;
} feed;

static void spin(unsigned *spins)
{
    if (++*spins % SPINS_TO_YIELD == 0)
        sched_yield();
    else
        ry_pause();
}

static void *feed_ring(void *unused)
{
    struct ry_input event;
    unsigned spins = 0;
    (void)unused;
    (void)ry_bench_pin(1);
    while (feed.at < feed.day->length) {
        if (!decode(feed.day, &feed.at, &event))
            continue;
        while (!ry_ring_has_room(&feed.writer, &feed.position, 1))
            spin(&spins);
        ry_ring_write(&feed.writer, &event, 1);
    }
    return NULL;
}

/* As many records as there are events. */
static void take_ring(struct ry_arena *a, uint64_t events)
{
    static union {
        union ry_input_any input;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } window[BATCH];
    struct ry_ring_reader reader;
    unsigned spins = 0;
    ry_ring_join(&reader, feed.memory, ry_ring_footprint(SLOTS));
    for (uint64_t i = 0; i < events + BATCH; i++) {
        if (i >= BATCH)
            ry_arena_apply(a, &window[i % BATCH].input, &sink);
        if (i >= events)
            continue;
        while (ry_ring_read(&reader, &window[i % BATCH]) == RY_RING_EMPTY)
            spin(&spins);
        ry_arena_hint(a, &window[i % BATCH].input);
        if (i % POSITION_EVERY == 0)
            ry_ring_position_store(&feed.position, ry_ring_next(&reader));
    }
}

static double two_cores(struct day *day)
{
    struct ry_bench_arena bench = ry_bench_flow_open(day->world);
    struct day warm = *day;
    pthread_t thread;
    feed.day = day;
    feed.at = 0;
    ry_normalise_itch_init(&itch, &day->instruments, &counters);
    warm.length = day->warm;
    (void)both_until(&warm, bench.arena, &feed.at);
    ry_ring_create(&feed.writer, feed.memory, SLOTS);
    ry_store_relaxed(&feed.position.next, 0);
    const int64_t start = ry_clock_ns();
    if (pthread_create(&thread, NULL, feed_ring, NULL) != 0)
        exit(EXIT_FAILURE);
    take_ring(bench.arena, day->total - day->warm_in);
    const double rate = rate_since(start, day->total - day->warm_in);
    (void)pthread_join(thread, NULL);
    check_books(day, bench.arena);
    ry_bench_arena_close(&bench);
    return rate;
}

static void measure(struct day *day, unsigned runs)
{
    double rate[5][RUNS_MAX];
    static const char *const what[5] = {"lengths walked", "to events", "events to books",
                                        "bytes to books", "bytes to books, two cores"};
    char line[96];
    for (unsigned r = 0; r < runs; r++) {
        rate[0][r] = walk(day);
        rate[1][r] = events(day);
        rate[2][r] = machine(day);
        rate[3][r] = both(day);
        rate[4][r] = two_cores(day);
    }
    for (unsigned i = 0; i < 5; i++) {
        (void)snprintf(line, sizeof line, "%s: %s", day->world->name, what[i]);
        ry_bench_rate(line, "M messages/s", rate[i], runs);
    }
}

static void write_file(const struct day *day, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(day->bytes, 1, day->length, file) != day->length ||
        fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    const unsigned runs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : RY_BENCH_RUNS;
    const uint32_t messages = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : MESSAGES;
    if (runs == 0 || runs > RUNS_MAX || messages < 1000) {
        fputs("bench_book: 1 to 32 runs of 1,000 messages or more\n", stderr);
        return 2;
    }
    ry_bench_begin("book", 2);
    (void)ry_bench_pin(0);
    feed.memory = ry_bench_map(ry_ring_footprint(SLOTS));
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        if (argc > 3 && strtoul(argv[3], NULL, 10) != i)
            continue;
        struct day day = {.world = &worlds[i]};
        write_day(&day, messages);
        describe_instruments(&day);
        if (argc > 4)
            write_file(&day, argv[4]);
        measure(&day, runs);
        munmap(day.bytes, day.room);
        munmap(day.in, day.total * sizeof *day.in);
        free(day.battle);
    }
    return ry_bench_end();
}
