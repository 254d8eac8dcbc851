/*
 * itch50 by file: the bytes of a file, cut into messages as BinaryFILE; the fields of an ITCH
 * message; its event.
 */
#include <stdlib.h>

#include "feeds/itch50.h"
#include "feeds/line/binaryfile.h"
#include "feeds/recognise.h"

#define S_CODE_AT 11 /* of S: its event */

struct itch50_file {
    struct ry_port_file *file;
    bool recognised; /* the first bytes were looked at */
    bool begun;      /* the day's own beginning has come, or it was told that it lacks */
    struct ry_feed_itch50 itch;
};

int ry_feed_itch50_file_open(struct ry_feed_handler *handler)
{
    struct itch50_file *pipeline = calloc(1, sizeof *pipeline);
    handler->state = pipeline;
    if (pipeline == NULL)
        return ry_feed_fail(handler, "feed %s: no memory", handler->feed->name);
    if (ry_feed_itch50_open(&pipeline->itch, handler) != 0)
        return -1;
    pipeline->file = ry_feed_open_file(handler);
    return pipeline->file != NULL ? 0 : -1;
}

/* Is it a BinaryFILE at all? Its first bytes say yes; what else it is takes more of them. QUIET: it
 * is one, or nothing that is known. */
static enum ry_feed_handler_result recognise(struct ry_feed_handler *handler)
{
    struct itch50_file *pipeline = handler->state;
    const uint8_t *bytes;
    size_t have;
    bool whole;
    char text[RY_FEED_RECOGNISE_BYTES];
    int looked = ry_port_file_look(pipeline->file, RY_WIRE_SNIFF_ITCH, &bytes, &have, &whole);
    if (looked == 0 && have < RY_WIRE_SNIFF_ITCH && !whole)
        return RY_FEED_HANDLER_IDLE;
    if (ry_wire_sniff(bytes, have) != RY_WIRE_SNIFFED_BINARYFILE) {
        looked = ry_port_file_look(pipeline->file, RY_WIRE_SNIFF_BYTES, &bytes, &have, &whole);
        if (looked == 0 && have < RY_WIRE_SNIFF_BYTES && !whole)
            return RY_FEED_HANDLER_IDLE;
        if (ry_feed_recognise(handler->feed, bytes, have, text) != NULL)
            return ry_feed_fail(handler, "%s: %s", ry_feed_source(handler), text);
    }
    pipeline->recognised = true;
    return RY_FEED_HANDLER_QUIET;
}

/* A day begins with the start of messages or of system hours, or with its directory; where an order
 * or a trade comes before any of them, the book lacks what came before. QUIET: take the message. */
static enum ry_feed_handler_result begin_day(struct ry_feed_handler *handler,
                                             const struct ry_wire_binaryfile_message *message,
                                             struct ry_input *event)
{
    struct itch50_file *pipeline = handler->state;
    switch (message->bytes[0]) {
    case 'S':
        pipeline->begun = message->bytes[S_CODE_AT] == 'O' || message->bytes[S_CODE_AT] == 'S';
        return RY_FEED_HANDLER_QUIET;
    case 'R': pipeline->begun = true; return RY_FEED_HANDLER_QUIET;
    case 'A':
    case 'F':
    case 'E':
    case 'C':
    case 'X':
    case 'D':
    case 'U':
    case 'P':
    case 'Q':
    case 'B': break;
    default: return RY_FEED_HANDLER_QUIET;
    }
    pipeline->begun = true;
    return ry_feed_incomplete(handler, RY_INCOMPLETE_LATE, &pipeline->itch.normaliser.clock, event,
                              "it begins in mid-session, with a message of type '%c' at byte %llu "
                              "before any start of messages or of system hours (S) and any stock "
                              "directory (R)",
                              message->bytes[0],
                              (unsigned long long)ry_port_file_consumed(pipeline->file));
}

static enum ry_feed_handler_result file_ends(struct ry_feed_handler *handler,
                                             enum ry_wire_binaryfile_result result,
                                             const struct ry_wire_binaryfile_message *message,
                                             struct ry_input *event)
{
    struct itch50_file *pipeline = handler->state;
    char why[RY_LINE_TEXT_BYTES];
    if (ry_line_binaryfile_end(result, message, ry_port_file_consumed(pipeline->file),
                               &handler->counters, why) != RY_LINE_END)
        return ry_feed_fail(handler, "%s: %s", ry_feed_source(handler), why);
    const enum ry_feed_handler_result ends =
        ry_feed_itch50_end(&pipeline->itch, handler, "file", event);
    ry_feed_tell_members(handler, pipeline->file);
    return ends;
}

enum ry_feed_handler_result ry_feed_itch50_file_next(struct ry_feed_handler *handler,
                                                     struct ry_input *event)
{
    struct itch50_file *pipeline = handler->state;
    const uint8_t *bytes;
    size_t have = 0;
    bool whole;
    struct ry_wire_binaryfile_message message;
    enum ry_wire_binaryfile_result result;
    if (!pipeline->recognised) {
        const enum ry_feed_handler_result recognised = recognise(handler);
        if (recognised != RY_FEED_HANDLER_QUIET)
            return recognised;
    }
    do {
        const size_t want = have + 1;
        if (ry_port_file_look(pipeline->file, want, &bytes, &have, &whole) != 0)
            return ry_feed_fail(handler, "%s", ry_port_file_error(pipeline->file));
        if (have < want && !whole)
            return RY_FEED_HANDLER_IDLE;
        result = ry_wire_binaryfile_next(bytes, have, whole, &message);
    } while (result == RY_WIRE_BINARYFILE_MORE);
    if (result != RY_WIRE_BINARYFILE_MESSAGE)
        return file_ends(handler, result, &message, event);
    if (!pipeline->begun) {
        const enum ry_feed_handler_result begins = begin_day(handler, &message, event);
        if (begins != RY_FEED_HANDLER_QUIET)
            return begins;
    }

    handler->counters.bytes += message.consumed;
    handler->counters.zero_length_prefix += message.zero_prefix;
    const enum ry_feed_handler_result made =
        ry_feed_itch50_message(&pipeline->itch, handler, message.bytes, message.length, "byte",
                               ry_port_file_consumed(pipeline->file), event);
    ry_port_file_consume(pipeline->file, message.consumed);
    return made;
}

unsigned ry_feed_itch50_file_span(struct ry_feed_handler *handler, struct ry_input *events,
                                  unsigned room)
{
    struct itch50_file *pipeline = handler->state;
    const uint8_t *bytes;
    size_t have;
    bool whole;
    if (!pipeline->begun || ry_port_file_look(pipeline->file, 1, &bytes, &have, &whole) != 0)
        return 0;
    const struct ry_normalise_itch_taken taken =
        ry_normalise_itch_span(&pipeline->itch.normaliser, bytes, have, events, room);
    ry_port_file_consume(pipeline->file, taken.bytes);
    handler->counters.bytes += taken.bytes;
    return taken.events;
}

void ry_feed_itch50_file_close(struct ry_feed_handler *handler)
{
    struct itch50_file *pipeline = handler->state;
    ry_port_file_close(pipeline->file);
    ry_feed_itch50_close(&pipeline->itch);
    free(pipeline);
}
