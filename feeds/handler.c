#include "feeds/handler.h"

#include <stdarg.h>
#include <string.h>

#include "feeds/wire/binaryfile.h"
#include "feeds/wire/bytes.h"

static void say(struct ry_feed_handler *handler, enum ry_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(struct ry_feed_handler *handler, enum ry_log_level level, const char *format, ...)
{
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (handler->log.line != NULL)
        handler->log.line(handler->log.context, level, text);
}

static enum ry_feed_handler_result fail(struct ry_feed_handler *handler, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static enum ry_feed_handler_result fail(struct ry_feed_handler *handler, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(handler->error, sizeof handler->error, format, arguments);
    va_end(arguments);
    return RY_FEED_HANDLER_FAILED;
}

/* What the feed reads, for lines about it. */
static const char *source(const struct ry_feed_handler *handler)
{
    const struct ry_battle_feed *feed = handler->feed;
    return feed->path[0] != '\0' ? feed->path : feed->device[0] != '\0' ? feed->device : feed->name;
}

/* n bytes of the wire for a line, '.' for what cannot be printed; `to` has room for n + 1. */
static const char *printable(char *to, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] >= ' ' && from[i] <= '~' ? (char)from[i] : '.';
    to[n] = '\0';
    return to;
}

/* ---- ITCH ------------------------------------------------------------------------------------ */

static uint64_t damaged(const struct ry_feed_counters *counters)
{
    return counters->damaged_short + counters->damaged_unknown_type + counters->damaged_bad_length +
           counters->damaged_bad_field;
}

static void tell_state(struct ry_feed_handler *handler, const uint8_t *message)
{
    const uint64_t told = handler->counters.unknown_state;
    char symbol[RY_WIRE_ITCH50_SYMBOL_BYTES + 1];
    if (told <= RY_FEED_HANDLER_STATES_TOLD)
        say(handler, RY_LOG_WARN, "%s: %s: unknown trading state 0x%02x counts as trading%s",
            source(handler),
            printable(symbol, message + RY_WIRE_ITCH50_HEAD_BYTES, RY_WIRE_ITCH50_SYMBOL_BYTES),
            message[19],
            told == RY_FEED_HANDLER_STATES_TOLD ? "; further ones are counted only" : "");
}

/* place, number: "byte" or "sequence", for the one line about damage. */
static enum ry_feed_handler_result itch_message(struct ry_feed_handler *handler,
                                                const uint8_t *message, size_t length,
                                                const char *place, uint64_t number,
                                                struct ry_input *event)
{
    const struct ry_feed_counters *c = &handler->counters;
    const uint64_t states = c->unknown_state, before = damaged(c);
    const bool made = ry_normalise_itch(&handler->itch, message, length, event);
    if (before == 0 && damaged(c) != 0)
        say(handler, RY_LOG_WARN,
            "%s: the message at %s %llu is damaged and dropped; further ones are counted only",
            source(handler), place, (unsigned long long)number);
    if (c->unknown_state != states)
        tell_state(handler, message);
    return made ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_QUIET;
}

static enum ry_feed_handler_result binaryfile_ends(struct ry_feed_handler *handler,
                                                   enum ry_wire_binaryfile_result result,
                                                   const struct ry_wire_binaryfile_message *message)
{
    const unsigned long long at = ry_port_file_consumed(handler->file);
    switch (result) {
    case RY_WIRE_BINARYFILE_END:
        if (!handler->itch.messages_ended)
            say(handler, RY_LOG_WARN,
                "%s: the day ends without the end-of-messages event: the file may be cut",
                source(handler));
        return RY_FEED_HANDLER_END;
    case RY_WIRE_BINARYFILE_CUT:
        return fail(handler, "%s: the file ends within the message at byte %llu", source(handler),
                    at);
    case RY_WIRE_BINARYFILE_DAMAGED:
        handler->counters.messages++;
        *(message->length < ry_wire_itch50_length(message->bytes[0])
              ? &handler->counters.damaged_short
              : &handler->counters.damaged_bad_length) += 1;
        return fail(
            handler,
            "%s: damaged at byte %llu: a message of type '%c' has %u bytes, the file says %zu",
            source(handler), at, message->bytes[0], ry_wire_itch50_length(message->bytes[0]),
            message->length);
    case RY_WIRE_BINARYFILE_MESSAGE:
    case RY_WIRE_BINARYFILE_MORE:
    case RY_WIRE_BINARYFILE_LOST: break;
    }
    return fail(handler,
                "%s: neither length nor known type at byte %llu: not BinaryFILE, or damaged",
                source(handler), at);
}

static enum ry_feed_handler_result binaryfile_next(struct ry_feed_handler *handler,
                                                   struct ry_input *event)
{
    const uint8_t *bytes;
    size_t have = 0;
    bool whole;
    struct ry_wire_binaryfile_message message;
    enum ry_wire_binaryfile_result result;
    do {
        const size_t want = have + 1;
        if (ry_port_file_look(handler->file, want, &bytes, &have, &whole) != 0)
            return fail(handler, "%s", ry_port_file_error(handler->file));
        if (have < want && !whole)
            return RY_FEED_HANDLER_IDLE;
        result = ry_wire_binaryfile_next(bytes, have, whole, &message);
    } while (result == RY_WIRE_BINARYFILE_MORE);
    if (result != RY_WIRE_BINARYFILE_MESSAGE)
        return binaryfile_ends(handler, result, &message);

    handler->counters.bytes += message.consumed;
    handler->counters.zero_length_prefix += message.zero_prefix;
    const enum ry_feed_handler_result made =
        itch_message(handler, message.bytes, message.length, "byte",
                     ry_port_file_consumed(handler->file), event);
    ry_port_file_consume(handler->file, message.consumed);
    return made;
}

/* ---- packets --------------------------------------------------------------------------------- */

static enum ry_feed_handler_result damaged_packet(struct ry_feed_handler *handler,
                                                  enum ry_wire_packet_result result)
{
    switch (result) {
    case RY_WIRE_PACKET_FRAGMENT: handler->counters.packets_fragment++; break;
    case RY_WIRE_PACKET_SHORT: handler->counters.packets_short++; break;
    case RY_WIRE_PACKET_BAD_LENGTH: handler->counters.packets_bad_length++; break;
    case RY_WIRE_PACKET_OTHER_PORT: handler->counters.packets_other_port++; break;
    case RY_WIRE_PACKET_OK:
    case RY_WIRE_PACKET_OTHER: handler->counters.packets_other++; break;
    }
    return RY_FEED_HANDLER_QUIET;
}

/* A capture is a whole day; a device can be joined late. */
static bool is_capture(const struct ry_feed_handler *handler)
{
    return handler->feed->path[0] != '\0';
}

static enum ry_feed_handler_result gap(struct ry_feed_handler *handler,
                                       const struct ry_line_verdict *verdict)
{
    handler->counters.gaps++;
    return fail(
        handler,
        "%s: gap in the sequence: expected %llu, got %llu: %llu messages are missing, the book would be wrong",
        source(handler), (unsigned long long)verdict->expected, (unsigned long long)verdict->got,
        (unsigned long long)(verdict->got - verdict->expected));
}

/* Starts the line at the first packet that came; the session's first message has number 1. */
static enum ry_feed_handler_result begin_line(struct ry_feed_handler *handler)
{
    const struct ry_wire_moldudp64 *packet = &handler->packet;
    const unsigned long long first = packet->sequence;
    char session[RY_WIRE_MOLDUDP64_SESSION_BYTES + 1];
    say(handler, RY_LOG_INFO, "%s: session \"%s\" begins at sequence %llu", source(handler),
        printable(session, packet->session, RY_WIRE_MOLDUDP64_SESSION_BYTES), first);
    if (first <= 1)
        return RY_FEED_HANDLER_QUIET;
    handler->counters.late_start = first - 1;
    if (is_capture(handler))
        return fail(handler,
                    "%s: the capture begins within the session: expected sequence 1, got %llu",
                    source(handler), first);
    say(handler, RY_LOG_WARN,
        "%s: %llu messages of the session came before: the book begins incomplete", source(handler),
        first - 1);
    return RY_FEED_HANDLER_QUIET;
}

static enum ry_feed_handler_result foreign_session(struct ry_feed_handler *handler)
{
    char ours[RY_WIRE_MOLDUDP64_SESSION_BYTES + 1], other[RY_WIRE_MOLDUDP64_SESSION_BYTES + 1];
    return fail(handler, "%s: session \"%s\" in the middle of session \"%s\"", source(handler),
                printable(other, handler->packet.session, RY_WIRE_MOLDUDP64_SESSION_BYTES),
                printable(ours, handler->line.session, RY_WIRE_MOLDUDP64_SESSION_BYTES));
}

static enum ry_feed_handler_result take_packet(struct ry_feed_handler *handler)
{
    struct ry_line_verdict verdict = {0};
    struct ry_wire_moldudp64 *packet = &handler->packet;
    const uint16_t count = packet->count;
    packet->left = 0; /* nothing of it is given before the line says so */
    if (!handler->line.begun && begin_line(handler) == RY_FEED_HANDLER_FAILED)
        return RY_FEED_HANDLER_FAILED;
    switch (ry_line_moldudp64(&handler->line, packet, &verdict)) {
    case RY_LINE_TAKE: break;
    case RY_LINE_OLD:
        handler->counters.heartbeats += count == 0;
        handler->counters.duplicates += count;
        return RY_FEED_HANDLER_QUIET;
    case RY_LINE_END: return RY_FEED_HANDLER_END;
    case RY_LINE_GAP: return gap(handler, &verdict);
    case RY_LINE_SESSION: return foreign_session(handler);
    }
    packet->left = count;
    handler->counters.duplicates += verdict.skip;
    const uint8_t *message;
    size_t length;
    while (verdict.skip-- > 0)
        (void)ry_wire_moldudp64_next(packet, &message, &length);
    return RY_FEED_HANDLER_QUIET;
}

/* What the frames were of which none was taken. */
static void describe_frames(const struct ry_feed_handler *handler, char *text, size_t room)
{
    const struct ry_feed_counters *c = &handler->counters;
    snprintf(
        text, room,
        "%s: no packet was for this feed: of %llu packets %llu go to other ports than UDP %u, %llu are no "
        "IPv4 UDP, %llu are damaged or no MoldUDP64",
        source(handler), (unsigned long long)c->packets, (unsigned long long)c->packets_other_port,
        handler->feed->udp_port, (unsigned long long)c->packets_other,
        (unsigned long long)(c->packets_fragment + c->packets_short + c->packets_bad_length));
}

/* Only the end of its session ends a capture in order. */
static enum ry_feed_handler_result capture_ends(struct ry_feed_handler *handler)
{
    if (handler->line.begun)
        return fail(handler,
                    "%s: the capture ends at sequence %llu without an end of session: it is cut",
                    source(handler), (unsigned long long)handler->line.expected);
    if (handler->counters.packets == 0)
        return fail(handler, "%s: the capture has no packets", source(handler));
    describe_frames(handler, handler->error, sizeof handler->error);
    return RY_FEED_HANDLER_FAILED;
}

static enum ry_feed_handler_result frame_next(struct ry_feed_handler *handler)
{
    const uint8_t *frame, *payload;
    size_t length, payload_length;
    switch (handler->packets.next(handler->packets.context, &frame, &length)) {
    case RY_PORT_PACKETS_FRAME: break;
    case RY_PORT_PACKETS_NONE: return RY_FEED_HANDLER_IDLE;
    case RY_PORT_PACKETS_ENDED: return capture_ends(handler);
    }
    handler->counters.packets++;
    handler->counters.bytes += length;
    enum ry_wire_packet_result result =
        ry_wire_udp_payload(frame, length, handler->feed->udp_port, &payload, &payload_length);
    if (result == RY_WIRE_PACKET_OK)
        result = ry_wire_moldudp64_parse(payload, payload_length, &handler->packet);
    if (result != RY_WIRE_PACKET_OK) {
        handler->packet.left = 0;
        return damaged_packet(handler, result);
    }
    return take_packet(handler);
}

static enum ry_feed_handler_result packets_next(struct ry_feed_handler *handler,
                                                struct ry_input *event)
{
    const uint8_t *message;
    size_t length;
    if (ry_wire_moldudp64_next(&handler->packet, &message, &length))
        return itch_message(handler, message, length, "sequence",
                            handler->line.expected - handler->packet.left - 1, event);
    return frame_next(handler);
}

/* ---- DBN ------------------------------------------------------------------------------------- */

/* Looks at `want` bytes. QUIET: all are there; IDLE: not yet; END: none will come; FAILED: fewer,
 * or an error. */
static enum ry_feed_handler_result dbn_bytes(struct ry_feed_handler *handler, size_t want,
                                             const char *what, const uint8_t **bytes)
{
    size_t have;
    bool whole;
    if (ry_port_file_look(handler->file, want, bytes, &have, &whole) != 0)
        return fail(handler, "%s", ry_port_file_error(handler->file));
    if (have >= want)
        return RY_FEED_HANDLER_QUIET;
    if (!whole)
        return RY_FEED_HANDLER_IDLE;
    if (have == 0)
        return RY_FEED_HANDLER_END;
    return fail(handler, "%s: the file ends within %s at byte %llu", source(handler), what,
                (unsigned long long)ry_port_file_consumed(handler->file));
}

static enum ry_feed_handler_result dbn_next(struct ry_feed_handler *handler, struct ry_input *event)
{
    const uint8_t *record;
    enum ry_feed_handler_result looked = dbn_bytes(handler, 1, "the record", &record);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    const size_t length = ry_wire_dbn_record_bytes(record[0]);
    if (length == 0)
        return fail(handler, "%s: a record of %u words at byte %llu: damaged", source(handler),
                    record[0], (unsigned long long)ry_port_file_consumed(handler->file));
    looked = dbn_bytes(handler, length, "the record", &record);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    handler->counters.bytes += length;
    const uint64_t before = damaged(&handler->counters);
    const bool made = ry_normalise_dbn(&handler->dbn, record, length, event);
    if (before == 0 && damaged(&handler->counters) != 0)
        say(handler, RY_LOG_WARN,
            "%s: the record at byte %llu is damaged and dropped; further ones are counted only",
            source(handler), (unsigned long long)ry_port_file_consumed(handler->file));
    ry_port_file_consume(handler->file, length);
    return made ? RY_FEED_HANDLER_EVENT : RY_FEED_HANDLER_QUIET;
}

static int check_dbn_metadata(struct ry_feed_handler *handler,
                              const struct ry_wire_dbn_metadata *metadata)
{
    const char *path = source(handler);
    if (metadata->schema != RY_WIRE_DBN_SCHEMA_MBO && metadata->schema != RY_WIRE_DBN_SCHEMA_MIXED)
        return fail(handler, "%s: schema %u: royale needs order-by-order data (mbo, schema 0)",
                    path, metadata->schema);
    /* A live recording says in its records which symbols it has. */
    if (handler->dbn.bound_count == 0 && metadata->schema == RY_WIRE_DBN_SCHEMA_MBO)
        return fail(handler, "%s: none of the battle's symbols is in the file", path);
    for (unsigned id = 0; id < handler->battle->instruments; id++) {
        const struct ry_battle_instrument *instrument = &handler->battle->instrument[id];
        if (&handler->battle->feed[instrument->feed] == handler->feed && !handler->dbn.bound[id])
            say(handler, RY_LOG_WARN, "%s: %s is not among the symbols of the file", path,
                instrument->symbol);
    }
    if (handler->counters.ambiguous_symbols > 0)
        say(handler, RY_LOG_WARN,
            "%s: %llu more instrument ids claim a symbol that has one, they are dropped", path,
            (unsigned long long)handler->counters.ambiguous_symbols);
    return 0;
}

/* Prelude and metadata; again from the start where they have not come whole. QUIET: the records are
 * next. */
static enum ry_feed_handler_result begin_dbn(struct ry_feed_handler *handler)
{
    const uint8_t *bytes;
    enum ry_feed_handler_result looked =
        dbn_bytes(handler, RY_WIRE_DBN_PRELUDE_BYTES, "its first bytes", &bytes);
    if (looked == RY_FEED_HANDLER_END)
        return fail(handler, "%s: is an archive of nothing", source(handler));
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    struct ry_wire_dbn_prelude prelude;
    enum ry_wire_dbn_result result =
        ry_wire_dbn_prelude(bytes, RY_WIRE_DBN_PRELUDE_BYTES, &prelude);
    if (result != RY_WIRE_DBN_OK)
        return fail(handler, "%s: %s", source(handler), ry_wire_dbn_strerror(result));
    const size_t length = RY_WIRE_DBN_PRELUDE_BYTES + prelude.metadata_bytes;
    looked = dbn_bytes(handler, length, "its metadata", &bytes);
    if (looked != RY_FEED_HANDLER_QUIET)
        return looked;
    struct ry_wire_dbn_metadata metadata;
    result = ry_wire_dbn_metadata(prelude.version, bytes + RY_WIRE_DBN_PRELUDE_BYTES,
                                  prelude.metadata_bytes, &metadata);
    if (result == RY_WIRE_DBN_OK && !ry_normalise_dbn_metadata(&handler->dbn, &metadata))
        result = RY_WIRE_DBN_BAD_LENGTH;
    if (result != RY_WIRE_DBN_OK)
        return fail(handler, "%s: metadata: %s", source(handler), ry_wire_dbn_strerror(result));
    char dataset[sizeof metadata.dataset];
    say(handler, RY_LOG_INFO, "%s: DBN version %u, dataset %s", source(handler), metadata.version,
        printable(dataset, metadata.dataset, strnlen(metadata.dataset, sizeof dataset - 1)));
    ry_port_file_consume(handler->file, length);
    handler->counters.bytes += length;
    handler->begun = true;
    return check_dbn_metadata(handler, &metadata) == 0 ? RY_FEED_HANDLER_QUIET
                                                       : RY_FEED_HANDLER_FAILED;
}

/* A file says at once what is wrong with its metadata, a pipe when they have come. */
static int open_dbn(struct ry_feed_handler *handler)
{
    if (ry_normalise_dbn_init(&handler->dbn, &handler->instruments, &handler->counters) != 0)
        return fail(handler, "no memory for %u orders", handler->battle->orders_max);
    return begin_dbn(handler) == RY_FEED_HANDLER_FAILED ? -1 : 0;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int open_file(struct ry_feed_handler *handler)
{
    handler->file = ry_port_file_open(handler->feed->path, handler->error);
    if (handler->file == NULL)
        return -1;
    static const char *const kinds[] = {[RY_PORT_FILE_UNKNOWN] = "a pipe, nothing in it yet",
                                        [RY_PORT_FILE_PLAIN] = "plain file",
                                        [RY_PORT_FILE_GZIP] = "gzip file",
                                        [RY_PORT_FILE_ZSTD] = "zstd file"};
    say(handler, RY_LOG_INFO, "%s: %s", handler->feed->path,
        kinds[ry_port_file_kind(handler->file)]);
    return 0;
}

static unsigned decimals_of(uint8_t format)
{
    return format == RY_BATTLE_FORMAT_DBN ? RY_WIRE_DBN_DECIMALS : RY_WIRE_ITCH50_DECIMALS;
}

int ry_feed_handler_open(struct ry_feed_handler *handler, const struct ry_battle *battle,
                         unsigned index, const struct ry_port_packets *packets,
                         const struct ry_feed_handler_log *log)
{
    memset(handler, 0, sizeof *handler);
    handler->opened = true;
    handler->battle = battle;
    handler->feed = &battle->feed[index];
    if (log != NULL)
        handler->log = *log;
    const struct ry_battle_feed *feed = handler->feed;
    if (feed->format != RY_BATTLE_FORMAT_ITCH50 && feed->format != RY_BATTLE_FORMAT_DBN)
        return fail(handler, "feed %s: unknown format %u", feed->name, feed->format);
    if ((feed->port == RY_BATTLE_PORT_DPDK) != (packets != NULL))
        return fail(handler, "feed %s: the port does not fit", feed->name);
    if (feed->port == RY_BATTLE_PORT_DPDK && feed->format != RY_BATTLE_FORMAT_ITCH50)
        return fail(handler, "feed %s: packets carry ITCH 5.0 only", feed->name);
    if (ry_normalise_instruments_init(&handler->instruments, battle, index,
                                      decimals_of(feed->format)) != 0)
        return fail(handler, "feed %s: no memory", feed->name);
    ry_normalise_itch_init(&handler->itch, &handler->instruments, &handler->counters);
    if (packets != NULL) {
        handler->packets = *packets;
        return 0;
    }
    if (open_file(handler) != 0)
        return -1;
    return feed->format == RY_BATTLE_FORMAT_DBN ? open_dbn(handler) : 0;
}

/* What a book may lack, in a line: the names of counters and their values. */
static void tell_dropped(struct ry_feed_handler *handler)
{
    static const uint16_t dropped[] = {
#define X(name) offsetof(struct ry_feed_counters, name) / sizeof(uint64_t)
        X(packets_fragment),     X(packets_short),      X(packets_bad_length), X(damaged_short),
        X(damaged_unknown_type), X(damaged_bad_length), X(damaged_bad_field),  X(dropped_locate),
        X(dropped_price),        X(dropped_quantity),   X(orders_full),
#undef X
    };
    const uint64_t *value = (const uint64_t *)&handler->counters;
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    size_t n = 0;
    for (unsigned i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
        if (value[dropped[i]] != 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s %s %llu", n == 0 ? "" : ",",
                                  ry_feed_counter_name(dropped[i]),
                                  (unsigned long long)value[dropped[i]]);
    if (n > 0)
        say(handler, RY_LOG_WARN, "%s: dropped:%s", source(handler), text);
}

/* A device that was listened to in vain. */
static void tell_idle(struct ry_feed_handler *handler)
{
    char text[RY_FEED_HANDLER_ERROR_BYTES];
    if (handler->counters.packets == 0 || handler->line.begun || handler->error[0] != '\0')
        return;
    describe_frames(handler, text, sizeof text);
    say(handler, RY_LOG_WARN, "%s", text);
}

void ry_feed_handler_close(struct ry_feed_handler *handler)
{
    if (!handler->opened)
        return;
    tell_dropped(handler);
    tell_idle(handler);
    ry_port_file_close(handler->file);
    ry_normalise_dbn_free(&handler->dbn);
    ry_normalise_instruments_free(&handler->instruments);
    handler->file = NULL;
    handler->opened = false;
}

static int64_t last_time(const struct ry_feed_handler *handler)
{
    return handler->feed->format == RY_BATTLE_FORMAT_DBN ? handler->dbn.clock.last
                                                         : handler->itch.clock.last;
}

enum ry_feed_handler_result ry_feed_handler_next(struct ry_feed_handler *handler,
                                                 struct ry_input *event)
{
    if (handler->ended)
        return RY_FEED_HANDLER_END;
    enum ry_feed_handler_result result;
    if (handler->file == NULL)
        result = packets_next(handler, event);
    else if (handler->feed->format == RY_BATTLE_FORMAT_DBN)
        result = handler->begun ? dbn_next(handler, event) : begin_dbn(handler);
    else
        result = binaryfile_next(handler, event);

    if (result == RY_FEED_HANDLER_EVENT) {
        handler->counters.events++;
    } else if (result == RY_FEED_HANDLER_END) {
        handler->ended = true;
        ry_normalise_event(event, RY_IN_FEED_END, 0, last_time(handler));
        result = RY_FEED_HANDLER_EVENT;
    } else {
        return result;
    }
    event->head.source_seq = ++handler->source_seq;
    return result;
}
