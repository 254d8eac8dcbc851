/* The bytes are a DBN file: prelude, metadata, records, normaliser. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tests/support/fuzz_rig.h"

/* As the pipeline does: what stands before the record, what it lacks, the record. */
static void record(struct fuzz_feed *feed, struct ry_normalise_dbn *normaliser,
                   const uint8_t *bytes, size_t length)
{
    struct ry_normalise_dbn_record decoded;
    struct ry_input event;
    ry_normalise_dbn_read(normaliser, bytes, length, &decoded);
    if (ry_normalise_dbn_before(normaliser, &decoded, &event))
        fuzz_event(feed, &event);
    const unsigned doubts = ry_normalise_dbn_doubts(normaliser, &decoded);
    assert(doubts >> RY_INCOMPLETES == 0);
    if (ry_normalise_dbn_take(normaliser, &decoded, &event) == RY_NORMALISE_DBN_EVENT)
        fuzz_event(feed, &event);
}

static void records(struct fuzz_feed *feed, struct ry_normalise_dbn *normaliser,
                    const uint8_t *data, size_t size)
{
    struct ry_input event;
    for (size_t at = 0; at < size;) {
        const size_t length = ry_wire_dbn_record_bytes(data[at]);
        if (length == 0 || length > size - at)
            return;
        uint8_t *exact = malloc(length);
        memcpy(exact, data + at, length);
        record(feed, normaliser, exact, length);
        free(exact);
        at += length;
    }
    if (ry_normalise_dbn_end(normaliser, &event))
        fuzz_event(feed, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct ry_wire_dbn_prelude prelude;
    struct ry_wire_dbn_metadata metadata;
    if (ry_wire_dbn_prelude(data, size, &prelude) != RY_WIRE_DBN_OK ||
        prelude.metadata_bytes > size - RY_WIRE_DBN_PRELUDE_BYTES)
        return 0;
    struct fuzz_feed feed;
    struct ry_normalise_dbn normaliser;
    fuzz_feed_begin(&feed, RY_WIRE_DBN_DECIMALS);
    assert(ry_normalise_dbn_init(&normaliser, &feed.instruments, &feed.counters, 0) == 0);
    if (ry_wire_dbn_metadata(prelude.version, data + RY_WIRE_DBN_PRELUDE_BYTES,
                             prelude.metadata_bytes, &metadata) == RY_WIRE_DBN_OK &&
        ry_normalise_dbn_metadata(&normaliser, &metadata)) {
        const size_t at = RY_WIRE_DBN_PRELUDE_BYTES + prelude.metadata_bytes;
        records(&feed, &normaliser, data + at, size - at);
    }
    assert(normaliser.orders.count <= normaliser.orders.limit);
    ry_normalise_dbn_free(&normaliser);
    fuzz_feed_end(&feed);
    return 0;
}
