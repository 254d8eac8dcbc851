/*
 * dbn by file: the bytes of a file; its metadata, which say which instrument ids the battle's
 * symbols have; its records, each with its length first; the fields of a record; its event.
 */
#include <stdio.h>
#include <stdlib.h>

#include "feeds/dbn_metadata.h"
#include "feeds/market/dbn.h"
#include "feeds/pipeline.h"
#include "feeds/wire/bytes.h"
#include "feeds/wire/dbn_publishers.h"

#define STATES_TOLD 8 /* lines about unknown statuses; further ones are counted only */

struct dbn_file {
    struct ry_port_file *file;
    bool begun;       /* the metadata have been read */
    bool live;        /* a recording: it names its symbols on the way */
    unsigned doubted; /* of the present record: bits 1 << enum ry_incomplete that were judged */
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
    return ry_feed_fail(
        handler, "%s: the file ends within %s at byte %llu: it is cut, take it anew",
        ry_feed_source(handler), what, (unsigned long long)ry_port_file_consumed(pipeline->file));
}

/* ---- metadata -------------------------------------------------------------------------------- */

static struct ry_feed_dbn_check check_of(struct ry_feed_handler *handler)
{
    return (struct ry_feed_dbn_check){.battle = handler->battle,
                                      .feed = handler->index,
                                      .path = ry_feed_source(handler),
                                      .log = &handler->log,
                                      .error = handler->error};
}

/* A time of the metadata; beyond what a time can be: it is not given. */
static int64_t time_of(uint64_t ns)
{
    return ns > (uint64_t)RY_TIME_NEVER ? RY_TIME_NEVER : (int64_t)ns;
}

/* Prelude and metadata; again from the start where they have not come whole. QUIET: the records are
 * next. */
static enum ry_feed_handler_result begin(struct ry_feed_handler *handler)
{
    struct dbn_file *pipeline = handler->state;
    const struct ry_feed_dbn_check check = check_of(handler);
    struct ry_wire_dbn_metadata metadata;
    size_t length;
    const enum ry_feed_handler_result read =
        ry_feed_dbn_metadata_read(&check, pipeline->file, &metadata, &length);
    if (read != RY_FEED_HANDLER_QUIET)
        return read;
    if (!ry_normalise_dbn_metadata(&pipeline->normaliser, &metadata))
        return ry_feed_fail(handler, "%s: metadata: %s", ry_feed_source(handler),
                            ry_wire_dbn_strerror(RY_WIRE_DBN_BAD_LENGTH));
    pipeline->live = metadata.schema == RY_WIRE_DBN_SCHEMA_MIXED;
    pipeline->begun = true;
    const int judged =
        ry_feed_hours_claim(handler, time_of(metadata.start), time_of(metadata.end)) == 0
            ? ry_feed_dbn_metadata_judge(&check, &pipeline->normaliser.symbols, &metadata)
            : -1;
    ry_port_file_consume(pipeline->file, length);
    handler->counters.bytes += length;
    return judged == 0 ? RY_FEED_HANDLER_QUIET : RY_FEED_HANDLER_FAILED;
}

/* A file says at once what is wrong with its metadata, a pipe when they have come. */
int ry_feed_dbn_file_open(struct ry_feed_handler *handler)
{
    struct dbn_file *pipeline = calloc(1, sizeof *pipeline);
    const struct ry_feed_dbn_check check = check_of(handler);
    uint16_t publisher;
    handler->state = pipeline;
    if (pipeline == NULL ||
        ry_normalise_instruments_init(&pipeline->instruments, handler->battle, handler->index,
                                      RY_WIRE_DBN_DECIMALS) != 0)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    pipeline->file = ry_feed_open_file(handler);
    if (pipeline->file == NULL)
        return -1;
    if (ry_feed_dbn_publisher(&check, &publisher) != 0)
        return -1;
    if (ry_normalise_dbn_init(&pipeline->normaliser, &pipeline->instruments, &handler->counters,
                              publisher) != 0)
        return ry_feed_fail(handler, "no memory for %u orders", handler->battle->orders_max);
    handler->hours.clock = &pipeline->normaliser.clock;
    handler->hours.dated = true;
    return begin(handler) == RY_FEED_HANDLER_FAILED ? -1 : 0;
}

/* ---- what is odd ----------------------------------------------------------------------------- */

static const char *symbol_of(const struct ry_feed_handler *handler, int id)
{
    return handler->battle->instrument[id].symbol;
}

static enum ry_feed_handler_result doubt(struct ry_feed_handler *handler, enum ry_incomplete why,
                                         const struct ry_normalise_dbn_record *record,
                                         struct ry_input *event)
{
    const struct dbn_file *pipeline = handler->state;
    const struct ry_wire_dbn_mbo *mbo = &record->mbo;
    const unsigned long long number = handler->counters.messages + 1;
    char what[256], text[128];
    if (why == RY_INCOMPLETE_ERROR)
        snprintf(what, sizeof what, "is an error of the gateway: \"%s\"",
                 ry_wire_printable(text, record->notice.text,
                                   record->notice.text_length < sizeof text
                                       ? record->notice.text_length
                                       : sizeof text - 1));
    else if (why == RY_INCOMPLETE_FLAGGED)
        snprintf(what, sizeof what, "of %s is flagged: packets were lost, the book may be bad (4)",
                 symbol_of(handler, record->id));
    else if (why == RY_INCOMPLETE_AGGREGATES)
        snprintf(what, sizeof what,
                 "of %s is a whole price level among the orders (flags %u, order %llu)",
                 symbol_of(handler, record->id), mbo->flags, (unsigned long long)mbo->order_id);
    else
        snprintf(what, sizeof what,
                 "of %s changes order %llu, which no record added: it begins in mid-session, "
                 "without a snapshot",
                 symbol_of(handler, record->id), (unsigned long long)mbo->order_id);
    return ry_feed_incomplete(handler, why, &pipeline->normaliser.clock, event, "record %llu %s",
                              number, what);
}

static enum ry_feed_handler_result doubts(struct ry_feed_handler *handler,
                                          const struct ry_normalise_dbn_record *record,
                                          struct ry_input *event)
{
    struct dbn_file *pipeline = handler->state;
    const unsigned all = ry_normalise_dbn_doubts(&pipeline->normaliser, record);
    for (unsigned why = 0; all >> why != 0; why++) {
        const unsigned bit = 1u << why;
        if ((all & ~pipeline->doubted & bit) == 0)
            continue;
        pipeline->doubted |= bit;
        const enum ry_feed_handler_result result =
            doubt(handler, (enum ry_incomplete)why, record, event);
        if (result != RY_FEED_HANDLER_QUIET)
            return result;
    }
    return RY_FEED_HANDLER_QUIET;
}

static enum ry_feed_handler_result two_publishers(struct ry_feed_handler *handler,
                                                  const struct ry_normalise_dbn_record *record)
{
    const struct dbn_file *pipeline = handler->state;
    char first[RY_WIRE_DBN_PUBLISHER_BYTES], other[RY_WIRE_DBN_PUBLISHER_BYTES];
    return ry_feed_fail(
        handler,
        "%s: record %llu of %s is of publisher %s, those before are of %s: one book is one venue's; "
        "write which one counts (publisher: %u for this feed)",
        ry_feed_source(handler), (unsigned long long)handler->counters.messages,
        symbol_of(handler, record->id), ry_wire_dbn_publisher_name(record->publisher, other),
        ry_wire_dbn_publisher_name(pipeline->normaliser.publisher, first),
        pipeline->normaliser.publisher);
}

/* Counters before a record: the first of a kind is told. */
struct before {
    uint64_t damaged, unknown_states, unknown_publisher;
};

static void tell(struct ry_feed_handler *handler, const struct before *before,
                 const struct ry_normalise_dbn_record *record, uint64_t at)
{
    const struct ry_feed_counters *counters = &handler->counters;
    char name[RY_WIRE_DBN_PUBLISHER_BYTES];
    ry_feed_tell_damage(handler, before->damaged, "record", "byte", at);
    if (counters->unknown_state != before->unknown_states && counters->unknown_state <= STATES_TOLD)
        ry_feed_say(handler, RY_LOG_WARN, "%s: %s: unknown status %u counts as %s%s",
                    ry_feed_source(handler), symbol_of(handler, record->id), record->status.action,
                    record->status.is_trading == 'N' ? "halted" : "trading",
                    counters->unknown_state == STATES_TOLD ? "; further ones are counted only"
                                                           : "");
    if (before->unknown_publisher == 0 && counters->unknown_publisher != 0)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: publisher %s: no trade without a fill counts as the execution of a hidden "
                    "order; further trades are counted only",
                    ry_feed_source(handler), ry_wire_dbn_publisher_name(record->publisher, name));
    if (record->rtype == RY_WIRE_DBN_RTYPE_SYSTEM && record->result == RY_WIRE_DBN_OK &&
        record->notice.code == RY_WIRE_DBN_SYSTEM_SLOW_READER)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: record %llu: the gateway says that the recording fell behind",
                    ry_feed_source(handler), (unsigned long long)counters->messages);
}

/* What a live recording never said. */
static void tell_end(struct ry_feed_handler *handler)
{
    const struct dbn_file *pipeline = handler->state;
    const struct ry_feed_counters *c = &handler->counters;
    if (!pipeline->live)
        return;
    for (unsigned id = 0; id < handler->battle->instruments; id++)
        if (handler->battle->instrument[id].feed == handler->index &&
            !pipeline->normaliser.symbols.symbol[id].bound)
            ry_feed_say(handler, RY_LOG_WARN, "%s: %s is not among the symbols of the recording",
                        ry_feed_source(handler), symbol_of(handler, (int)id));
    if (c->dbn_other > 0 && c->dbn_add + c->dbn_modify == 0)
        ry_feed_say(handler, RY_LOG_WARN,
                    "%s: %llu records, none of schema mbo: royale needs every order",
                    ry_feed_source(handler), (unsigned long long)c->messages);
}

/* ---- records --------------------------------------------------------------------------------- */

static enum ry_feed_handler_result end(struct ry_feed_handler *handler, struct ry_input *event)
{
    struct dbn_file *pipeline = handler->state;
    if (ry_normalise_dbn_end(&pipeline->normaliser, event))
        return RY_FEED_HANDLER_EVENT;
    tell_end(handler);
    ry_feed_tell_members(handler, pipeline->file);
    return ry_feed_end(event, &pipeline->normaliser.clock);
}

/* The record stands at byte `at` and has passed. */
static enum ry_feed_handler_result answer(struct ry_feed_handler *handler,
                                          enum ry_normalise_dbn_result result,
                                          const struct ry_normalise_dbn_record *record, uint64_t at)
{
    const struct dbn_file *pipeline = handler->state;
    const struct ry_normalise_dbn *normaliser = &pipeline->normaliser;
    const struct ry_feed_dbn_check check = check_of(handler);
    const bool made = result == RY_NORMALISE_DBN_EVENT;
    switch (result) {
    case RY_NORMALISE_DBN_OTHER_PUBLISHER: return two_publishers(handler, record);
    case RY_NORMALISE_DBN_ROLLS:
        ry_feed_dbn_explain_roll(&check, &normaliser->symbols);
        return RY_FEED_HANDLER_FAILED;
    case RY_NORMALISE_DBN_QUIET:
    case RY_NORMALISE_DBN_EVENT: break;
    }
    if (normaliser->too_fine.found)
        return ry_feed_too_fine(handler, &pipeline->instruments, &normaliser->too_fine, "record",
                                "byte", at, made);
    return made ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_QUIET;
}

/* A whole record; it passes unless an event stands before it. */
static enum ry_feed_handler_result take(struct ry_feed_handler *handler, const uint8_t *bytes,
                                        size_t length, struct ry_input *event)
{
    struct dbn_file *pipeline = handler->state;
    struct ry_normalise_dbn *normaliser = &pipeline->normaliser;
    struct ry_normalise_dbn_record record;
    ry_normalise_dbn_read(normaliser, bytes, length, &record);
    if (ry_normalise_dbn_before(normaliser, &record, event))
        return RY_FEED_HANDLER_EVENT;
    const enum ry_feed_handler_result doubted = doubts(handler, &record, event);
    if (doubted != RY_FEED_HANDLER_QUIET)
        return doubted;
    const struct before before = {ry_feed_damaged(&handler->counters),
                                  handler->counters.unknown_state,
                                  handler->counters.unknown_publisher};
    const enum ry_normalise_dbn_result result = ry_normalise_dbn_take(normaliser, &record, event);
    const uint64_t at = ry_port_file_consumed(pipeline->file);
    tell(handler, &before, &record, at);
    handler->counters.bytes += length;
    ry_port_file_consume(pipeline->file, length);
    pipeline->doubted = 0;
    return answer(handler, result, &record, at);
}

/* Whole files put together, each with its metadata: QUIET if it is not that. */
static enum ry_feed_handler_result another_file(struct ry_feed_handler *handler)
{
    const struct dbn_file *pipeline = handler->state;
    struct ry_wire_dbn_prelude prelude;
    const uint8_t *bytes;
    const enum ry_feed_handler_result looked =
        look(handler, RY_WIRE_DBN_PRELUDE_BYTES, "the record", &bytes);
    if (looked != RY_FEED_HANDLER_QUIET ||
        ry_wire_dbn_prelude(bytes, RY_WIRE_DBN_PRELUDE_BYTES, &prelude) != RY_WIRE_DBN_OK)
        return looked;
    return ry_feed_fail(handler,
                        "%s: another DBN file begins at byte %llu: files were put together; join "
                        "them with a tool for DBN, or give the battle one of them",
                        ry_feed_source(handler),
                        (unsigned long long)ry_port_file_consumed(pipeline->file));
}

enum ry_feed_handler_result ry_feed_dbn_file_next(struct ry_feed_handler *handler,
                                                  struct ry_input *event)
{
    struct dbn_file *pipeline = handler->state;
    const uint8_t *record;
    if (!pipeline->begun)
        return begin(handler);
    enum ry_feed_handler_result looked = look(handler, 1, "the record", &record);
    if (looked == RY_FEED_HANDLER_END)
        return end(handler, event);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    const uint64_t at = ry_port_file_consumed(pipeline->file);
    const size_t length = ry_wire_dbn_record_bytes(record[0]);
    if (record[0] == 'D') { /* of "DBN"; no record is so long */
        looked = another_file(handler);
        if (looked != RY_FEED_HANDLER_QUIET)
            return looked;
    }
    if (length == 0)
        return ry_feed_fail(handler, "%s: a record of %u words at byte %llu: damaged",
                            ry_feed_source(handler), record[0], (unsigned long long)at);
    looked = look(handler, length, "the record", &record);
    return looked == RY_FEED_HANDLER_QUIET ? take(handler, record, length, event) : looked;
}

void ry_feed_dbn_file_close(struct ry_feed_handler *handler)
{
    struct dbn_file *pipeline = handler->state;
    ry_port_file_close(pipeline->file);
    ry_normalise_dbn_free(&pipeline->normaliser);
    ry_normalise_instruments_free(&pipeline->instruments);
    free(pipeline);
}
