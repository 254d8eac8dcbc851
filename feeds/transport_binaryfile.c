#include "feeds/transport_binaryfile.h"

#include "feeds/bytes.h"
#include "feeds/decode_itch50.h"

enum ry_binaryfile_result ry_binaryfile_next(const uint8_t *bytes, size_t length, bool whole,
                                             struct ry_binaryfile_message *out)
{
    const enum ry_binaryfile_result more = whole ? RY_BINARYFILE_CUT : RY_BINARYFILE_MORE;
    if (length == 0)
        return whole ? RY_BINARYFILE_END : RY_BINARYFILE_MORE;
    if (length < 2)
        return more;
    size_t message = ry_be16(bytes);
    out->zero_prefix = message == 0;
    if (message == 0) {
        if (length == 2)
            return whole ? RY_BINARYFILE_END : RY_BINARYFILE_MORE;
        message = ry_itch50_length(bytes[2]);
        if (message == 0)
            return RY_BINARYFILE_LOST;
    }
    if (length < 2 + message)
        return more;
    out->bytes = bytes + 2;
    out->length = message;
    out->consumed = 2 + message;
    return RY_BINARYFILE_MESSAGE;
}
