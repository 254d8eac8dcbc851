/*
 * dbn by file: the bytes of a file; its metadata, which say which instrument ids the battle's
 * symbols have; its records, each with its length first; the fields of a record; its event.
 */
#include <stdlib.h>

#include "feeds/market/dbn.h"
#include "feeds/pipeline.h"
#include "feeds/recognise.h"
#include "feeds/wire/bytes.h"

struct dbn_file {
    struct ry_port_file *file;
    bool begun; /* the metadata have been read */
    struct ry_normalise_instruments instruments;
    struct ry_normalise_dbn normaliser;
};

/* Looks at `want` bytes. QUIET: all are there; IDLE: not yet; END: none will come; FAILED: fewer,
 * or an error. */
static enum ry_feed_handler_result look(struct ry_feed_handler *handler, size_t want,
                                        const char *what, const uint8_t **bytes)
{
    struct dbn_file *pipeline = handler->state;
    size_t have;
    bool whole;
    if (ry_port_file_look(pipeline->file, want, bytes, &have, &whole) != 0)
        return ry_feed_fail(handler, "%s", ry_port_file_error(pipeline->file));
    if (have >= want)
        return RY_FEED_HANDLER_QUIET;
    if (!whole)
        return RY_FEED_HANDLER_IDLE;
    if (have == 0)
        return RY_FEED_HANDLER_END;
    return ry_feed_fail(handler, "%s: the file ends within %s at byte %llu",
                        ry_feed_source(handler), what,
                        (unsigned long long)ry_port_file_consumed(pipeline->file));
}

/* ---- metadata -------------------------------------------------------------------------------- */

static enum ry_feed_handler_result check_metadata(struct ry_feed_handler *handler,
                                                  const struct ry_wire_dbn_metadata *metadata)
{
    const struct dbn_file *pipeline = handler->state;
    const struct ry_battle *battle = handler->battle;
    const char *path = ry_feed_source(handler);
    if (metadata->schema != RY_WIRE_DBN_SCHEMA_MBO && metadata->schema != RY_WIRE_DBN_SCHEMA_MIXED)
        return ry_feed_fail(handler,
                            "%s: schema %u: royale needs order-by-order data (mbo, schema 0)", path,
                            metadata->schema);
    /* A live recording says in its records which symbols it has. */
    if (pipeline->normaliser.bound_count == 0 && metadata->schema == RY_WIRE_DBN_SCHEMA_MBO)
        return ry_feed_fail(handler, "%s: none of the battle's symbols is in the file", path);
    for (unsigned id = 0; id < battle->instruments; id++)
        if (battle->instrument[id].feed == handler->index && !pipeline->normaliser.bound[id])
            ry_feed_say(handler, RY_LOG_WARN, "%s: %s is not among the symbols of the file", path,
                        battle->instrument[id].symbol);
    if (handler->counters.ambiguous_symbols > 0)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: %llu more instrument ids claim a symbol that has one, they are dropped",
                    path, (unsigned long long)handler->counters.ambiguous_symbols);
    return RY_FEED_HANDLER_QUIET;
}

/* A time of the metadata; beyond what a time can be: it is not given. */
static int64_t time_of(uint64_t ns)
{
    return ns > (uint64_t)RY_TIME_NEVER ? RY_TIME_NEVER : (int64_t)ns;
}

/* bytes: prelude and metadata, whole. */
static enum ry_feed_handler_result take_metadata(struct ry_feed_handler *handler,
                                                 const struct ry_wire_dbn_prelude *prelude,
                                                 const uint8_t *bytes)
{
    struct dbn_file *pipeline = handler->state;
    struct ry_wire_dbn_metadata metadata;
    char dataset[sizeof metadata.dataset];
    enum ry_wire_dbn_result result = ry_wire_dbn_metadata(
        prelude->version, bytes + RY_WIRE_DBN_PRELUDE_BYTES, prelude->metadata_bytes, &metadata);
    if (result == RY_WIRE_DBN_OK && !ry_normalise_dbn_metadata(&pipeline->normaliser, &metadata))
        result = RY_WIRE_DBN_BAD_LENGTH;
    if (result != RY_WIRE_DBN_OK)
        return ry_feed_fail(handler, "%s: metadata: %s", ry_feed_source(handler),
                            ry_wire_dbn_strerror(result));
    ry_feed_say(handler, RY_LOG_INFO, "%s: DBN version %u, dataset %s", ry_feed_source(handler),
                metadata.version,
                ry_wire_printable(dataset, metadata.dataset,
                                  strnlen(metadata.dataset, sizeof dataset - 1)));
    const size_t length = RY_WIRE_DBN_PRELUDE_BYTES + prelude->metadata_bytes;
    ry_port_file_consume(pipeline->file, length);
    handler->counters.bytes += length;
    pipeline->begun = true;
    if (ry_feed_hours_claim(handler, time_of(metadata.start), time_of(metadata.end)) != 0)
        return RY_FEED_HANDLER_FAILED;
    return check_metadata(handler, &metadata);
}

/* What it is instead, if that is known. */
static enum ry_feed_handler_result not_dbn(struct ry_feed_handler *handler)
{
    struct dbn_file *pipeline = handler->state;
    const uint8_t *bytes;
    size_t have;
    bool whole;
    char text[RY_FEED_RECOGNISE_BYTES];
    (void)ry_port_file_look(pipeline->file, RY_WIRE_SNIFF_BYTES, &bytes, &have, &whole);
    const char *why = ry_feed_recognise(handler->feed, bytes, have, text);
    return ry_feed_fail(handler, "%s: %s", ry_feed_source(handler),
                        why != NULL ? why : ry_wire_dbn_strerror(RY_WIRE_DBN_NOT_DBN));
}

/* Prelude and metadata; again from the start where they have not come whole. QUIET: the records are
 * next. */
static enum ry_feed_handler_result begin(struct ry_feed_handler *handler)
{
    struct ry_wire_dbn_prelude prelude;
    const uint8_t *bytes;
    enum ry_feed_handler_result looked =
        look(handler, RY_WIRE_DBN_PRELUDE_BYTES, "its first bytes", &bytes);
    if (looked == RY_FEED_HANDLER_END)
        return ry_feed_fail(handler, "%s: is an archive of nothing", ry_feed_source(handler));
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    const enum ry_wire_dbn_result result =
        ry_wire_dbn_prelude(bytes, RY_WIRE_DBN_PRELUDE_BYTES, &prelude);
    if (result == RY_WIRE_DBN_NOT_DBN)
        return not_dbn(handler);
    if (result != RY_WIRE_DBN_OK)
        return ry_feed_fail(handler, "%s: %s", ry_feed_source(handler),
                            ry_wire_dbn_strerror(result));
    looked =
        look(handler, RY_WIRE_DBN_PRELUDE_BYTES + prelude.metadata_bytes, "its metadata", &bytes);
    return looked == RY_FEED_HANDLER_QUIET ? take_metadata(handler, &prelude, bytes) : looked;
}

/* A file says at once what is wrong with its metadata, a pipe when they have come. */
int ry_feed_dbn_file_open(struct ry_feed_handler *handler)
{
    struct dbn_file *pipeline = calloc(1, sizeof *pipeline);
    handler->state = pipeline;
    if (pipeline == NULL ||
        ry_normalise_instruments_init(&pipeline->instruments, handler->battle, handler->index,
                                      RY_WIRE_DBN_DECIMALS) != 0)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    pipeline->file = ry_feed_open_file(handler);
    if (pipeline->file == NULL)
        return -1;
    if (ry_normalise_dbn_init(&pipeline->normaliser, &pipeline->instruments, &handler->counters) !=
        0)
        return ry_feed_fail(handler, "no memory for %u orders", handler->battle->orders_max);
    handler->hours.clock = &pipeline->normaliser.clock;
    handler->hours.dated = true;
    return begin(handler) == RY_FEED_HANDLER_FAILED ? -1 : 0;
}

/* ---- records --------------------------------------------------------------------------------- */

enum ry_feed_handler_result ry_feed_dbn_file_next(struct ry_feed_handler *handler,
                                                  struct ry_input *event)
{
    struct dbn_file *pipeline = handler->state;
    const uint8_t *record;
    if (!pipeline->begun)
        return begin(handler);
    enum ry_feed_handler_result looked = look(handler, 1, "the record", &record);
    if (looked == RY_FEED_HANDLER_END)
        return ry_feed_end(event, &pipeline->normaliser.clock);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    const uint64_t at = ry_port_file_consumed(pipeline->file);
    const size_t length = ry_wire_dbn_record_bytes(record[0]);
    if (length == 0)
        return ry_feed_fail(handler, "%s: a record of %u words at byte %llu: damaged",
                            ry_feed_source(handler), record[0], (unsigned long long)at);
    looked = look(handler, length, "the record", &record);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;

    const uint64_t damaged = ry_feed_damaged(&handler->counters);
    const bool made = ry_normalise_dbn(&pipeline->normaliser, record, length, event);
    ry_feed_tell_damage(handler, damaged, "record", "byte", at);
    handler->counters.bytes += length;
    ry_port_file_consume(pipeline->file, length);
    if (pipeline->normaliser.too_fine.found)
        return ry_feed_too_fine(handler, &pipeline->instruments, &pipeline->normaliser.too_fine,
                                "record", "byte", at, made);
    return made ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_QUIET;
}

void ry_feed_dbn_file_close(struct ry_feed_handler *handler)
{
    struct dbn_file *pipeline = handler->state;
    ry_port_file_close(pipeline->file);
    ry_normalise_dbn_free(&pipeline->normaliser);
    ry_normalise_instruments_free(&pipeline->instruments);
    free(pipeline);
}
