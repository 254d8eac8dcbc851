#include "feeds/wire/binaryfile.h"

#include "feeds/wire/bytes.h"
#include "feeds/wire/itch50.h"

enum ry_wire_binaryfile_result ry_wire_binaryfile_next(const uint8_t *bytes, size_t length,
                                                       bool whole,
                                                       struct ry_wire_binaryfile_message *out)
{
    const enum ry_wire_binaryfile_result more =
        whole ? RY_WIRE_BINARYFILE_CUT : RY_WIRE_BINARYFILE_MORE;
    if (length == 0)
        return whole ? RY_WIRE_BINARYFILE_END : RY_WIRE_BINARYFILE_MORE;
    if (length < 2)
        return more;
    size_t message = ry_wire_be16(bytes);
    out->zero_prefix = message == 0;
    if (length == 2)
        return message == 0 && whole ? RY_WIRE_BINARYFILE_END : more;
    const size_t of_type = ry_wire_itch50_length(bytes[2]);
    out->bytes = bytes + 2;
    out->length = message;
    if (message == 0) {
        if (of_type == 0)
            return RY_WIRE_BINARYFILE_LOST;
        message = of_type;
    }
    if (of_type != 0 && message != of_type)
        return RY_WIRE_BINARYFILE_DAMAGED;
    if (length < 2 + message)
        return more;
    out->length = message;
    out->consumed = 2 + message;
    return RY_WIRE_BINARYFILE_MESSAGE;
}
