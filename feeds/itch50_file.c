/*
 * itch50 by file: the bytes of a file, cut into messages as BinaryFILE; the fields of an ITCH
 * message; its event.
 */
#include <stdlib.h>

#include "feeds/itch50.h"
#include "feeds/line/binaryfile.h"

struct itch50_file {
    struct ry_port_file *file;
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

static enum ry_feed_handler_result file_ends(struct ry_feed_handler *handler,
                                             enum ry_wire_binaryfile_result result,
                                             const struct ry_wire_binaryfile_message *message,
                                             struct ry_input *event)
{
    const struct itch50_file *pipeline = handler->state;
    char why[RY_LINE_TEXT_BYTES];
    if (ry_line_binaryfile_end(result, message, ry_port_file_consumed(pipeline->file),
                               &handler->counters, why) != RY_LINE_END)
        return ry_feed_fail(handler, "%s: %s", ry_feed_source(handler), why);
    return ry_feed_itch50_end(&pipeline->itch, handler, "file", event);
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

    handler->counters.bytes += message.consumed;
    handler->counters.zero_length_prefix += message.zero_prefix;
    const enum ry_feed_handler_result made =
        ry_feed_itch50_message(&pipeline->itch, handler, message.bytes, message.length, "byte",
                               ry_port_file_consumed(pipeline->file), event);
    ry_port_file_consume(pipeline->file, message.consumed);
    return made;
}

void ry_feed_itch50_file_close(struct ry_feed_handler *handler)
{
    struct itch50_file *pipeline = handler->state;
    ry_port_file_close(pipeline->file);
    ry_feed_itch50_close(&pipeline->itch);
    free(pipeline);
}
