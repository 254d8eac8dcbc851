/*
 * One topic's messages against the rows that a battle's journal gives: which are missing, double,
 * out of order, different, or foreign. Pure: rows are pushed in, messages are pulled from a source.
 *
 * Example: the rows 1 2 3 4 of agent alpha are expected, and the partition has 1 2 2 4 3. 1 and 2
 * are as they should be; the second 2 is double; where 3 should be stands 4, so 3 is missing, until
 * it comes behind 4: it is out of order.
 *
 * Rule: rows come in the order of (input, n), and so must the messages of each partition; rows of
 * one key stand in one partition. A row is looked for at the head of its key's partition, and if it
 * is not there, at the heads of all others. A head that is behind the row is taken off: double, out
 * of order, or no row of that topic. A head that is ahead of it stays.
 *
 * In a compacted topic a row may be gone if the same key has a later one: those are counted apart.
 *
 * Memory: a head a partition, the keys, the last RY_KAFKA_COMPARE_RECENT rows' names, and the first
 * RY_KAFKA_COMPARE_MISSING missing ones. Beyond these a row that comes late is called double, and
 * one that is foreign and late too.
 */
#ifndef RY_TOOLS_KAFKA_VERIFY_COMPARE_H
#define RY_TOOLS_KAFKA_VERIFY_COMPARE_H

#include <librdkafka/rdkafka.h>

#include "core/results/results.h"
#include "tools/export/sink.h"
#include "tools/kafka/message.h"
#include "tools/text/row_value.h"

#define RY_KAFKA_COMPARE_RECENT     (UINT32_C(1) << 18)
#define RY_KAFKA_COMPARE_MISSING    (UINT32_C(1) << 20)
#define RY_KAFKA_COMPARE_TEXT_BYTES 768

struct ry_kafka_seen {
    const void *key, *value; /* NULL: none */
    size_t key_bytes, value_bytes;
    const rd_kafka_headers_t *headers; /* NULL: none */
    int64_t offset;
};

/* A topic's partitions from their begin to an end that stands still. */
struct ry_kafka_source {
    /* 1: `*seen` is the partition's next message, until `next`; 0: none is left; -1: it cannot be
     * known, for good. */
    int (*peek)(void *context, unsigned partition, struct ry_kafka_seen *seen);
    void (*next)(void *context, unsigned partition);
    void *context;
    unsigned partitions;
};

/* A row as it should be. */
struct ry_kafka_expected {
    struct ry_export_cursor at;
    enum ry_results_row_kind kind;
    const void *key, *value;
    size_t key_bytes, value_bytes;
    const rd_kafka_headers_t *headers; /* `epoch` is not compared */
};

enum ry_kafka_defect {
    RY_KAFKA_MISSING,
    RY_KAFKA_DOUBLE,
    RY_KAFKA_ORDER,
    RY_KAFKA_DIFFERENT,
    RY_KAFKA_ELSEWHERE, /* rows of its key stand in another partition */
    RY_KAFKA_FOREIGN,
    RY_KAFKA_DEFECTS,
};
extern const char *const ry_kafka_defects[RY_KAFKA_DEFECTS]; /* "missing" */

/* A topic that is compared. */
struct ry_kafka_compare {
    const char *name;
    enum ry_kafka_format format;
    bool compacted;
    struct ry_battle_id battle_id;
    const struct ry_kafka_source *source;
    char id[RY_TEXT_ID_BYTES]; /* the battle's, as messages have it */
    struct ry_kafka_compare_head *head;
    struct ry_kafka_compare_key **key; /* a table, open addressing */
    uint32_t keys, key_slots;
    struct ry_kafka_compare_gap *gap; /* missing rows, in their order */
    uint32_t gaps, gaps_max;
    struct ry_export_cursor *recent; /* rows that were expected, a ring */
    uint64_t expected;
    bool failed; /* the source did */
    /* From ry_kafka_compare_end on. */
    uint64_t count[RY_KAFKA_DEFECTS];
    uint64_t equal, compacted_away;
    uint64_t others; /* messages that do not speak of the battle */
    uint64_t strays; /* of these, what no exporter wrote: without its header `schema` */
    uint64_t beyond; /* messages behind the end that was asked for */
    bool defective;
    enum ry_kafka_defect first; /* of the smallest (input, n) */
    struct ry_export_cursor first_at;
    char first_text[RY_KAFKA_COMPARE_TEXT_BYTES]; /* a line for people, without a newline */
    char stray_text[RY_KAFKA_COMPARE_TEXT_BYTES]; /* where the first stray stands */
};

void ry_kafka_compare_open(struct ry_kafka_compare *compare, const char *name,
                           enum ry_kafka_format format, bool compacted,
                           const struct ry_battle_id *battle_id,
                           const struct ry_kafka_source *source);
void ry_kafka_compare_close(struct ry_kafka_compare *compare);

/* The next row, in the order of (input, n). */
void ry_kafka_compare_row(struct ry_kafka_compare *compare,
                          const struct ry_kafka_expected *expected);

/* No row follows; messages of rows behind `until` are not looked at. */
void ry_kafka_compare_end(struct ry_kafka_compare *compare, const struct ry_export_cursor *until);

#endif
