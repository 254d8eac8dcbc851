/*
 * The record that says how far a battle's rows are in the topics: in the compacted topic of
 * cursors, its key the transactional id "ID-BATTLE_ID", its value one JSON object:
 *
 *     {"format":1,"battle_id":"5aa0..","input":81243,"n":2,"epoch":3,"instance":"9f3c0a51e6d2b874"}
 *
 * It stands in one transaction with the rows that it speaks of. `epoch` counts the exporters that
 * have worked on this battle, `instance` is random: who reads another one than his own knows that
 * another exporter runs.
 */
#ifndef RY_TOOLS_KAFKA_CURSOR_H
#define RY_TOOLS_KAFKA_CURSOR_H

#include "tools/export/sink.h"

#define RY_KAFKA_CURSOR_FORMAT 1
#define RY_KAFKA_CURSOR_BYTES  256 /* of a value at most */

struct ry_kafka_cursor {
    struct ry_battle_id battle_id;
    struct ry_export_cursor at;
    uint64_t epoch;
    uint64_t instance; /* with epoch: 0 of both if there is no record */
};

/* Returns its bytes, without the NUL. */
size_t ry_kafka_cursor_print(char text[RY_KAFKA_CURSOR_BYTES],
                             const struct ry_kafka_cursor *cursor);

/* False: it is none, or of a later format. */
bool ry_kafka_cursor_parse(struct ry_kafka_cursor *cursor, const void *text, size_t bytes);

/* `a` was written after `b`. */
bool ry_kafka_cursor_newer(const struct ry_kafka_cursor *a, const struct ry_kafka_cursor *b);

#endif
