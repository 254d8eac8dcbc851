/* The bytes are a BinaryFILE, which comes in two pieces: the framing must not depend on where they
 * part. Then the same bytes many messages at once: the same events. */
#include <assert.h>
#include <string.h>

#include "feeds/wire/binaryfile.h"
#include "tests/support/fuzz_limit.h"
#include "tests/support/fuzz_rig.h"

#define ROOM 16

static struct ry_normalise_itch normaliser, quick;
static struct ry_feed_counters quick_counters;

/* Messages at once from the beginning of the bytes on, which must make the next events as they
 * came one by one. */
struct ahead {
    struct ry_input event[ROOM];
    unsigned count, next;
    size_t end; /* behind the last byte that was taken */
};

static void look_ahead(struct ahead *ahead, const uint8_t *data, size_t at, size_t size)
{
    const struct ry_normalise_itch_taken taken =
        ry_normalise_itch_span(&quick, data + at, size - at, ahead->event, ROOM);
    ahead->count = taken.events;
    ahead->next = 0;
    ahead->end = at + taken.bytes;
}

/* One message, whose event is `event`; NULL: it made none. */
static void compare(struct ahead *ahead, const uint8_t *data, size_t at, size_t size,
                    const struct ry_wire_binaryfile_message *message, const struct ry_input *event)
{
    struct ry_input alone;
    if (ahead->end <= at) {
        assert(ahead->next == ahead->count);
        look_ahead(ahead, data, at, size);
    }
    if (at < ahead->end) {
        assert(event == NULL || memcmp(&ahead->event[ahead->next++], event, sizeof *event) == 0);
        return;
    }
    const bool made = ry_normalise_itch(&quick, message->bytes, message->length, &alone);
    assert(made == (event != NULL) && (!made || memcmp(&alone, event, sizeof alone) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct fuzz_feed feed;
    struct ry_input event;
    struct ry_wire_binaryfile_message message, part;
    enum ry_wire_binaryfile_result result;
    struct ahead ahead = {.count = 0};
    size_t at = 0;
    fuzz_feed_begin(&feed, RY_WIRE_ITCH50_DECIMALS);
    memset(&quick_counters, 0, sizeof quick_counters);
    ry_normalise_itch_init(&normaliser, &feed.instruments, &feed.counters);
    ry_normalise_itch_init(&quick, &feed.instruments, &quick_counters);
    while ((result = ry_wire_binaryfile_next(data + at, size - at, true, &message)) ==
           RY_WIRE_BINARYFILE_MESSAGE) {
        assert(message.length > 0 && message.consumed == message.length + 2 &&
               message.consumed <= size - at);
        assert(message.consumed <= RY_WIRE_BINARYFILE_BYTES_MAX);
        assert(ry_wire_binaryfile_next(data + at, message.consumed, false, &part) ==
               RY_WIRE_BINARYFILE_MESSAGE);
        assert(ry_wire_binaryfile_next(data + at, message.consumed - 1, false, &part) ==
               RY_WIRE_BINARYFILE_MORE);
        const bool made = ry_normalise_itch(&normaliser, message.bytes, message.length, &event);
        compare(&ahead, data, at, size, &message, made ? &event : NULL);
        if (made)
            fuzz_event(&feed, &event);
        at += message.consumed;
    }
    assert(result != RY_WIRE_BINARYFILE_MORE);
    assert(ahead.next == ahead.count &&
           memcmp(&quick_counters, &feed.counters, sizeof quick_counters) == 0);
    fuzz_feed_end(&feed);
    return 0;
}
