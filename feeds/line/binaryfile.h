/*
 * The line of a BinaryFILE. A file has every message once and in order: no sessions, no holes, no
 * duplicates. What is left to judge is its end: in order, cut, or lost among damaged lengths.
 */
#ifndef RY_FEEDS_LINE_BINARYFILE_H
#define RY_FEEDS_LINE_BINARYFILE_H

#include "feeds/line/line.h"
#include "feeds/wire/binaryfile.h"

/* result and message: the answer of ry_wire_binaryfile_next that is neither MESSAGE nor MORE, at
 * byte `at` of the content. END, or CUT with the reason in `text`, without the feed's name. A
 * damaged message is counted in `counters`. */
enum ry_line_result ry_line_binaryfile_end(enum ry_wire_binaryfile_result result,
                                           const struct ry_wire_binaryfile_message *message,
                                           uint64_t at, struct ry_feed_counters *counters,
                                           char text[RY_LINE_TEXT_BYTES]);

#endif
