#include "feeds/line/binaryfile.h"

#include <assert.h>
#include <stdio.h>

#include "feeds/wire/itch50.h"

/* A known type with another length than its own: where the next message starts is anybody's guess.
 */
static void damaged(const struct ry_wire_binaryfile_message *message, unsigned long long at,
                    struct ry_feed_counters *counters, char text[RY_LINE_TEXT_BYTES])
{
    const uint8_t type = message->bytes[0];
    const unsigned length = ry_wire_itch50_length(type);
    counters->messages++;
    if (message->length < length)
        counters->damaged_short++;
    else
        counters->damaged_bad_length++;
    if (at == 0)
        snprintf(
            text, RY_LINE_TEXT_BYTES,
            "does not begin as a BinaryFILE does, with the length of a message and its type: a "
            "message of type '%c' has %u bytes, the file says %zu",
            type, length, message->length);
    else
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "damaged at byte %llu: a message of type '%c' has %u bytes, the file says %zu", at,
                 type, length, message->length);
}

enum ry_line_result ry_line_binaryfile_end(enum ry_wire_binaryfile_result result,
                                           const struct ry_wire_binaryfile_message *message,
                                           uint64_t at, struct ry_feed_counters *counters,
                                           char text[RY_LINE_TEXT_BYTES])
{
    const unsigned long long byte = at;
    assert(result != RY_WIRE_BINARYFILE_MESSAGE && result != RY_WIRE_BINARYFILE_MORE);
    text[0] = '\0';
    switch (result) {
    case RY_WIRE_BINARYFILE_END: return RY_LINE_END;
    case RY_WIRE_BINARYFILE_CUT:
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "the file ends within the message at byte %llu: it is cut, take it anew", byte);
        break;
    case RY_WIRE_BINARYFILE_DAMAGED: damaged(message, byte, counters, text); break;
    case RY_WIRE_BINARYFILE_LOST:
        snprintf(text, RY_LINE_TEXT_BYTES,
                 "neither length nor known type at byte %llu: not BinaryFILE, or damaged", byte);
        break;
    case RY_WIRE_BINARYFILE_MESSAGE:
    case RY_WIRE_BINARYFILE_MORE: break;
    }
    return RY_LINE_CUT;
}
