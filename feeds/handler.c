#include "feeds/handler.h"

#include <stdarg.h>
#include <string.h>

#include "feeds/bytes.h"
#include "feeds/transport_binaryfile.h"

static void say(struct ry_handler *handler, enum ry_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(struct ry_handler *handler, enum ry_log_level level, const char *format, ...)
{
    char text[RY_HANDLER_ERROR_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (handler->log.line != NULL)
        handler->log.line(handler->log.context, level, text);
}

static enum ry_handler_result fail(struct ry_handler *handler, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static enum ry_handler_result fail(struct ry_handler *handler, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(handler->error, sizeof handler->error, format, arguments);
    va_end(arguments);
    return RY_HANDLER_FAILED;
}

/* ---- ITCH ------------------------------------------------------------------------------------------ */

static enum ry_handler_result itch_message(struct ry_handler *handler, const uint8_t *message, size_t length,
                                           struct ry_input *event)
{
    const uint64_t unknown = handler->counters.unknown_state;
    const bool made = ry_normalise_itch(&handler->itch, message, length, event);
    const uint64_t told = handler->counters.unknown_state;
    if (told != unknown && told <= RY_HANDLER_STATES_TOLD)
        say(handler, RY_LOG_WARN, "%.8s: unknown trading state 0x%02x counts as trading%s", message + 11,
            message[19], told == RY_HANDLER_STATES_TOLD ? "; further ones are counted only" : "");
    return made ? RY_HANDLER_EVENT : RY_HANDLER_QUIET;
}

static enum ry_handler_result binaryfile_next(struct ry_handler *handler, struct ry_input *event)
{
    const uint8_t *bytes;
    size_t have = 0;
    bool whole;
    struct ry_binaryfile_message message;
    enum ry_binaryfile_result result;
    do {
        if (ry_port_file_look(handler->file, have + 1, &bytes, &have, &whole) != 0)
            return fail(handler, "%s", ry_port_file_error(handler->file));
        result = ry_binaryfile_next(bytes, have, whole, &message);
    } while (result == RY_BINARYFILE_MORE);

    const unsigned long long at = ry_port_file_consumed(handler->file);
    switch (result) {
    case RY_BINARYFILE_END:
        return RY_HANDLER_END;
    case RY_BINARYFILE_CUT:
        return fail(handler, "%s: the file ends within the message at byte %llu", handler->feed->path, at);
    case RY_BINARYFILE_LOST:
        return fail(handler, "%s: neither length nor known type at byte %llu: not BinaryFILE, or damaged",
                    handler->feed->path, at);
    default:
        break;
    }
    handler->counters.bytes += message.consumed;
    handler->counters.zero_length_prefix += message.zero_prefix;
    const enum ry_handler_result made = itch_message(handler, message.bytes, message.length, event);
    ry_port_file_consume(handler->file, message.consumed);
    return made;
}

/* ---- packets --------------------------------------------------------------------------------------- */

static enum ry_handler_result damaged_packet(struct ry_handler *handler, enum ry_packet_result result)
{
    switch (result) {
    case RY_PACKET_FRAGMENT:
        handler->counters.packets_fragment++;
        break;
    case RY_PACKET_SHORT:
        handler->counters.packets_short++;
        break;
    case RY_PACKET_BAD_LENGTH:
        handler->counters.packets_bad_length++;
        break;
    default:
        handler->counters.packets_other++;
        break;
    }
    return RY_HANDLER_QUIET;
}

static enum ry_handler_result gap(struct ry_handler *handler, const struct ry_line_verdict *verdict)
{
    handler->counters.gaps++;
    return fail(handler,
                "gap in the sequence: expected %llu, got %llu: %llu messages are missing, the book would be wrong",
                (unsigned long long)verdict->expected, (unsigned long long)verdict->got,
                (unsigned long long)(verdict->got - verdict->expected));
}

/* Starts the line at the first packet that came; the session's first message has number 1. */
static void begin_line(struct ry_handler *handler)
{
    const struct ry_moldudp64 *packet = &handler->packet;
    say(handler, RY_LOG_INFO, "session \"%.10s\" begins at sequence %llu", (const char *)packet->session,
        (unsigned long long)packet->sequence);
    if (packet->sequence > 1) {
        handler->counters.late_start = packet->sequence - 1;
        say(handler, RY_LOG_WARN, "%llu messages of the session came before: the book begins incomplete",
            (unsigned long long)(packet->sequence - 1));
    }
}

static enum ry_handler_result take_packet(struct ry_handler *handler)
{
    struct ry_line_verdict verdict = {0};
    struct ry_moldudp64 *packet = &handler->packet;
    const uint16_t count = packet->count;
    packet->left = 0; /* nothing of it is given before the line says so */
    if (!handler->line.begun)
        begin_line(handler);
    switch (ry_moldudp64_line(&handler->line, packet, &verdict)) {
    case RY_LINE_TAKE:
        break;
    case RY_LINE_OLD:
        handler->counters.heartbeats += count == 0;
        handler->counters.duplicates += count;
        return RY_HANDLER_QUIET;
    case RY_LINE_END:
        return RY_HANDLER_END;
    case RY_LINE_GAP:
        return gap(handler, &verdict);
    case RY_LINE_SESSION:
        return fail(handler, "session \"%.10s\" in the middle of session \"%.10s\"", (const char *)packet->session,
                    (const char *)handler->line.session);
    }
    packet->left = count;
    handler->counters.duplicates += verdict.skip;
    const uint8_t *message;
    size_t length;
    while (verdict.skip-- > 0)
        (void)ry_moldudp64_next(packet, &message, &length);
    return RY_HANDLER_QUIET;
}

static enum ry_handler_result frame_next(struct ry_handler *handler)
{
    const uint8_t *frame, *payload;
    size_t length, payload_length;
    switch (handler->packets.next(handler->packets.context, &frame, &length)) {
    case RY_PACKETS_FRAME:
        break;
    case RY_PACKETS_NONE:
        return RY_HANDLER_IDLE;
    case RY_PACKETS_ENDED:
        say(handler, RY_LOG_WARN, "the capture ends without an end of session");
        return RY_HANDLER_END;
    }
    handler->counters.packets++;
    handler->counters.bytes += length;
    enum ry_packet_result result = ry_udp_payload(frame, length, handler->feed->udp_port, &payload, &payload_length);
    if (result == RY_PACKET_OK)
        result = ry_moldudp64_parse(payload, payload_length, &handler->packet);
    if (result != RY_PACKET_OK) {
        handler->packet.left = 0;
        return damaged_packet(handler, result);
    }
    return take_packet(handler);
}

static enum ry_handler_result packets_next(struct ry_handler *handler, struct ry_input *event)
{
    const uint8_t *message;
    size_t length;
    if (ry_moldudp64_next(&handler->packet, &message, &length))
        return itch_message(handler, message, length, event);
    return frame_next(handler);
}

/* ---- DBN ------------------------------------------------------------------------------------------- */

/* All of `want` bytes; the reason is in handler->error if there are fewer. */
static const uint8_t *dbn_bytes(struct ry_handler *handler, size_t want, const char *what)
{
    const uint8_t *bytes;
    size_t have;
    bool whole;
    if (ry_port_file_look(handler->file, want, &bytes, &have, &whole) != 0) {
        (void)fail(handler, "%s", ry_port_file_error(handler->file));
        return NULL;
    }
    if (have < want) {
        (void)fail(handler, "%s: the file ends within %s at byte %llu", handler->feed->path, what,
                   (unsigned long long)ry_port_file_consumed(handler->file));
        return NULL;
    }
    return bytes;
}

static enum ry_handler_result dbn_next(struct ry_handler *handler, struct ry_input *event)
{
    const uint8_t *record;
    size_t have;
    bool whole;
    if (ry_port_file_look(handler->file, 1, &record, &have, &whole) != 0)
        return fail(handler, "%s", ry_port_file_error(handler->file));
    if (have == 0)
        return RY_HANDLER_END;
    const size_t length = ry_dbn_record_bytes(record[0]);
    if (length == 0)
        return fail(handler, "%s: a record of %u words at byte %llu: damaged", handler->feed->path, record[0],
                    (unsigned long long)ry_port_file_consumed(handler->file));
    record = dbn_bytes(handler, length, "the record");
    if (record == NULL)
        return RY_HANDLER_FAILED;
    handler->counters.bytes += length;
    const bool made = ry_normalise_dbn(&handler->dbn, record, length, event);
    ry_port_file_consume(handler->file, length);
    return made ? RY_HANDLER_EVENT : RY_HANDLER_QUIET;
}

static int check_dbn_metadata(struct ry_handler *handler, const struct ry_dbn_metadata *metadata)
{
    const char *path = handler->feed->path;
    if (metadata->schema != RY_DBN_SCHEMA_MBO && metadata->schema != RY_DBN_SCHEMA_MIXED)
        return fail(handler, "%s: schema %u: royale needs order-by-order data (mbo, schema 0)", path,
                    metadata->schema);
    /* A live recording says in its records which symbols it has. */
    if (handler->dbn.bound_count == 0 && metadata->schema == RY_DBN_SCHEMA_MBO)
        return fail(handler, "%s: none of the battle's symbols is in the file", path);
    for (unsigned id = 0; id < handler->battle->instruments; id++) {
        const struct ry_battle_instrument *instrument = &handler->battle->instrument[id];
        if (&handler->battle->feed[instrument->feed] == handler->feed && !handler->dbn.bound[id])
            say(handler, RY_LOG_WARN, "%s: %s is not among the symbols of the file", path, instrument->symbol);
    }
    if (handler->counters.ambiguous_symbols > 0)
        say(handler, RY_LOG_WARN, "%s: %llu more instrument ids claim a symbol that has one, they are dropped", path,
            (unsigned long long)handler->counters.ambiguous_symbols);
    return 0;
}

static int open_dbn(struct ry_handler *handler)
{
    const char *path = handler->feed->path;
    if (ry_normalise_dbn_init(&handler->dbn, &handler->instruments, &handler->counters) != 0)
        return fail(handler, "no memory for %u orders", handler->battle->orders_max);
    const uint8_t *bytes = dbn_bytes(handler, RY_DBN_PRELUDE_BYTES, "its first bytes");
    if (bytes == NULL)
        return -1;
    struct ry_dbn_prelude prelude;
    enum ry_dbn_result result = ry_dbn_prelude(bytes, RY_DBN_PRELUDE_BYTES, &prelude);
    if (result != RY_DBN_OK)
        return fail(handler, "%s: %s", path, ry_dbn_strerror(result));
    const size_t length = RY_DBN_PRELUDE_BYTES + prelude.metadata_bytes;
    bytes = dbn_bytes(handler, length, "its metadata");
    if (bytes == NULL)
        return -1;
    struct ry_dbn_metadata metadata;
    result = ry_dbn_metadata(prelude.version, bytes + RY_DBN_PRELUDE_BYTES, prelude.metadata_bytes, &metadata);
    if (result == RY_DBN_OK && !ry_normalise_dbn_metadata(&handler->dbn, &metadata))
        result = RY_DBN_BAD_LENGTH;
    if (result != RY_DBN_OK)
        return fail(handler, "%s: metadata: %s", path, ry_dbn_strerror(result));
    say(handler, RY_LOG_INFO, "%s: DBN version %u, dataset %s", path, metadata.version, metadata.dataset);
    ry_port_file_consume(handler->file, length);
    handler->counters.bytes += length;
    return check_dbn_metadata(handler, &metadata);
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static int open_file(struct ry_handler *handler)
{
    handler->file = ry_port_file_open(handler->feed->path, handler->error);
    if (handler->file == NULL)
        return -1;
    static const char *const kinds[] = {
        [RY_PORT_FILE_PLAIN] = "plain", [RY_PORT_FILE_GZIP] = "gzip", [RY_PORT_FILE_ZSTD] = "zstd"};
    say(handler, RY_LOG_INFO, "%s: %s file", handler->feed->path, kinds[ry_port_file_kind(handler->file)]);
    return 0;
}

static unsigned decimals_of(uint8_t format)
{
    return format == RY_FORMAT_DBN ? RY_DBN_DECIMALS : RY_ITCH50_DECIMALS;
}

int ry_handler_open(struct ry_handler *handler, const struct ry_battle *battle, unsigned index,
                    const struct ry_packet_port *packets, const struct ry_handler_log *log)
{
    memset(handler, 0, sizeof *handler);
    handler->opened = true;
    handler->battle = battle;
    handler->feed = &battle->feed[index];
    if (log != NULL)
        handler->log = *log;
    const struct ry_battle_feed *feed = handler->feed;
    if (feed->format != RY_FORMAT_ITCH50 && feed->format != RY_FORMAT_DBN)
        return fail(handler, "feed %s: unknown format %u", feed->name, feed->format);
    if ((feed->port == RY_PORT_DPDK) != (packets != NULL))
        return fail(handler, "feed %s: the port does not fit", feed->name);
    if (feed->port == RY_PORT_DPDK && feed->format != RY_FORMAT_ITCH50)
        return fail(handler, "feed %s: packets carry ITCH 5.0 only", feed->name);
    if (ry_feed_instruments_init(&handler->instruments, battle, index, decimals_of(feed->format)) != 0)
        return fail(handler, "feed %s: no memory", feed->name);
    ry_normalise_itch_init(&handler->itch, &handler->instruments, &handler->counters);
    if (packets != NULL) {
        handler->packets = *packets;
        return 0;
    }
    if (open_file(handler) != 0)
        return -1;
    return feed->format == RY_FORMAT_DBN ? open_dbn(handler) : 0;
}

void ry_handler_close(struct ry_handler *handler)
{
    if (!handler->opened)
        return;
    ry_port_file_close(handler->file);
    ry_normalise_dbn_free(&handler->dbn);
    ry_feed_instruments_free(&handler->instruments);
    handler->file = NULL;
    handler->opened = false;
}

static int64_t last_time(const struct ry_handler *handler)
{
    return handler->feed->format == RY_FORMAT_DBN ? handler->dbn.clock.last : handler->itch.clock.last;
}

enum ry_handler_result ry_handler_next(struct ry_handler *handler, struct ry_input *event)
{
    if (handler->ended)
        return RY_HANDLER_END;
    enum ry_handler_result result;
    if (handler->file == NULL)
        result = packets_next(handler, event);
    else if (handler->feed->format == RY_FORMAT_DBN)
        result = dbn_next(handler, event);
    else
        result = binaryfile_next(handler, event);

    if (result == RY_HANDLER_EVENT) {
        handler->counters.events++;
    } else if (result == RY_HANDLER_END) {
        handler->ended = true;
        ry_feed_event(event, RY_IN_FEED_END, 0, last_time(handler));
        result = RY_HANDLER_EVENT;
    } else {
        return result;
    }
    event->head.source_seq = ++handler->source_seq;
    return result;
}
