#include "feeds/line/ahead.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int ry_line_ahead_init(struct ry_line_ahead *ahead)
{
    memset(ahead, 0, sizeof *ahead);
    ahead->bytes = calloc(RY_LINE_AHEAD_PACKETS, RY_LINE_AHEAD_BYTES);
    return ahead->bytes != NULL ? 0 : -1;
}

void ry_line_ahead_free(struct ry_line_ahead *ahead)
{
    free(ahead->bytes);
    ahead->bytes = NULL;
}

bool ry_line_ahead_keep(struct ry_line_ahead *ahead, uint64_t sequence, uint32_t count,
                        const uint8_t *payload, size_t length)
{
    unsigned at = 0;
    assert(length > 0 && length <= RY_LINE_AHEAD_BYTES);
    if (ahead->kept == RY_LINE_AHEAD_PACKETS)
        return false;
    while (ahead->place[at].length != 0)
        at++;
    memcpy(ahead->bytes + (size_t)at * RY_LINE_AHEAD_BYTES, payload, length);
    ahead->place[at].sequence = sequence;
    ahead->place[at].count = count;
    ahead->place[at].length = (uint32_t)length;
    ahead->kept++;
    return true;
}

bool ry_line_ahead_has(const struct ry_line_ahead *ahead, uint64_t sequence, uint32_t count)
{
    for (unsigned at = 0; ahead->kept > 0 && at < RY_LINE_AHEAD_PACKETS; at++)
        if (ahead->place[at].length != 0 && ahead->place[at].sequence == sequence &&
            ahead->place[at].count >= count)
            return true;
    return false;
}

/* The place of the first kept packet, RY_LINE_AHEAD_PACKETS if none is kept. */
static unsigned first_place(const struct ry_line_ahead *ahead)
{
    unsigned first = RY_LINE_AHEAD_PACKETS;
    for (unsigned at = 0; ahead->kept > 0 && at < RY_LINE_AHEAD_PACKETS; at++)
        if (ahead->place[at].length != 0 &&
            (first == RY_LINE_AHEAD_PACKETS ||
             ahead->place[at].sequence < ahead->place[first].sequence))
            first = at;
    return first;
}

uint64_t ry_line_ahead_first(const struct ry_line_ahead *ahead)
{
    const unsigned first = first_place(ahead);
    return first < RY_LINE_AHEAD_PACKETS ? ahead->place[first].sequence : UINT64_MAX;
}

const uint8_t *ry_line_ahead_take(struct ry_line_ahead *ahead, size_t *length)
{
    const unsigned first = first_place(ahead);
    assert(first < RY_LINE_AHEAD_PACKETS);
    *length = ahead->place[first].length;
    ahead->place[first].length = 0;
    ahead->kept--;
    return ahead->bytes + (size_t)first * RY_LINE_AHEAD_BYTES;
}
