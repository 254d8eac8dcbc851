#include "tools/kafka/verify_compare.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_SLOTS_FIRST 256
#define GAPS_FIRST      64
#define EXCERPT_BYTES   24
#define NOWHERE         UINT32_MAX

/* A partition's next message, and what it says that it is, once somebody wanted to know. */
struct ry_kafka_compare_head {
    struct ry_kafka_seen seen;
    struct ry_kafka_message_key row;
    enum {
        HEAD_UNKNOWN = 0, /* not asked for */
        HEAD_RAW,         /* there, not read */
        HEAD_ROW,         /* a row of this battle */
        HEAD_NONE,        /* the partition is at its end */
    } state;
};

struct ry_kafka_compare_key {
    uint32_t partition;           /* NOWHERE: no row of it was found yet */
    struct ry_export_cursor last; /* its last row that was found */
    size_t count;
    char bytes[];
};

struct ry_kafka_compare_gap {
    struct ry_export_cursor at;
    enum ry_results_row_kind kind;
    bool found;         /* later: it was out of order */
    uint32_t partition; /* of its key; NOWHERE: not known then */
    const struct ry_kafka_compare_key *key;
    int64_t offset; /* where the partition went on instead; -1: it had ended */
};

const char *const ry_kafka_defects[RY_KAFKA_DEFECTS] = {
    [RY_KAFKA_MISSING] = "missing",     [RY_KAFKA_DOUBLE] = "double",
    [RY_KAFKA_ORDER] = "out of order",  [RY_KAFKA_DIFFERENT] = "different",
    [RY_KAFKA_ELSEWHERE] = "elsewhere", [RY_KAFKA_FOREIGN] = "foreign",
};

static void *room(void *old, size_t count, size_t bytes)
{
    void *memory = reallocarray(old, count, bytes);
    if (memory == NULL)
        abort(); /* no memory */
    return memory;
}

static bool before(const struct ry_export_cursor *a, const struct ry_export_cursor *b)
{
    return ry_export_behind(b, a);
}

static struct ry_export_cursor at_of(const struct ry_kafka_compare_head *head)
{
    return (struct ry_export_cursor){head->row.input, head->row.n};
}

/* ---- what is said ---------------------------------------------------------------------------- */

/* Bytes as people can read them, at most EXCERPT_BYTES of them. */
static const char *excerpt(char text[EXCERPT_BYTES + 1], const void *bytes, size_t count)
{
    size_t shown = count < EXCERPT_BYTES ? count : EXCERPT_BYTES;
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = ((const unsigned char *)bytes)[i];
        text[i] = isprint(c) != 0 ? (char)c : '?';
    }
    text[shown] = 0;
    return text;
}

static const char *key_text(char text[RY_KAFKA_KEY_BYTES + 1], const void *key, size_t bytes)
{
    size_t shown = bytes < RY_KAFKA_KEY_BYTES ? bytes : RY_KAFKA_KEY_BYTES;
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = ((const unsigned char *)key)[i];
        text[i] = isprint(c) != 0 ? (char)c : '?';
    }
    text[shown] = 0;
    return text;
}

/* Counts a defect; of the smallest (input, n) it keeps what is said of it. */
__attribute__((format(printf, 4, 5))) static void found(struct ry_kafka_compare *c,
                                                        enum ry_kafka_defect defect,
                                                        const struct ry_export_cursor *at,
                                                        const char *format, ...)
{
    va_list arguments;
    c->count[defect]++;
    if (c->defective && !before(at, &c->first_at))
        return;
    c->defective = true;
    c->first = defect;
    c->first_at = *at;
    va_start(arguments, format);
    vsnprintf(c->first_text, sizeof c->first_text, format, arguments);
    va_end(arguments);
}

/* ---- heads ----------------------------------------------------------------------------------- */

static bool speaks_of(const struct ry_kafka_compare *c, const void *bytes, size_t count)
{
    return bytes != NULL && memmem(bytes, count, c->id, RY_TEXT_ID_BYTES - 1) != NULL;
}

static void take_off(struct ry_kafka_compare *c, unsigned partition)
{
    c->source->next(c->source->context, partition);
    c->head[partition].state = HEAD_UNKNOWN;
}

/* Whether an exporter wrote it, by a header: to read the values of all other battles takes longer
 * than to fetch them. */
static bool is_exported(const struct ry_kafka_seen *seen)
{
    static const char prefix[] = "royale.";
    const void *schema;
    size_t bytes;
    return seen->headers != NULL &&
           rd_kafka_header_get_last(seen->headers, "schema", &schema, &bytes) ==
               RD_KAFKA_RESP_ERR_NO_ERROR &&
           bytes >= strlen(prefix) && memcmp(schema, prefix, strlen(prefix)) == 0;
}

/* A message that does not speak of this battle. In a compacted topic one without a value takes
 * another battle's key out. */
static void count_other(struct ry_kafka_compare *c, unsigned partition,
                        const struct ry_kafka_seen *seen)
{
    char key[RY_KAFKA_KEY_BYTES + 1], value[EXCERPT_BYTES + 1];
    c->others++;
    if (is_exported(seen) || (c->compacted && seen->value == NULL))
        return;
    if (c->strays++ == 0)
        snprintf(c->stray_text, sizeof c->stray_text,
                 "%s partition %u offset %" PRId64 ", key %s, value %s", c->name, partition,
                 seen->offset, key_text(key, seen->key, seen->key_bytes),
                 excerpt(value, seen->value, seen->value_bytes));
}

/* The partition's next message of this battle, not read; NULL: none is left, or the source failed.
 */
static struct ry_kafka_compare_head *raw_head(struct ry_kafka_compare *c, unsigned partition)
{
    struct ry_kafka_compare_head *head = &c->head[partition];
    while (head->state == HEAD_UNKNOWN && !c->failed) {
        int there = c->source->peek(c->source->context, partition, &head->seen);
        c->failed = there < 0;
        if (there <= 0) {
            head->state = HEAD_NONE;
        } else if (speaks_of(c, head->seen.value, head->seen.value_bytes) ||
                   (head->seen.value == NULL &&
                    speaks_of(c, head->seen.key, head->seen.key_bytes))) {
            head->state = HEAD_RAW;
        } else {
            count_other(c, partition, &head->seen);
            c->source->next(c->source->context, partition);
        }
    }
    return head->state == HEAD_NONE || c->failed ? NULL : head;
}

/* The same, read. What speaks of the battle and is no row is foreign: at `at`, where it was met. */
static struct ry_kafka_compare_head *head_of(struct ry_kafka_compare *c, unsigned partition,
                                             const struct ry_export_cursor *at)
{
    struct ry_kafka_compare_head *head;
    while ((head = raw_head(c, partition)) != NULL && head->state == HEAD_RAW) {
        const struct ry_kafka_seen *seen = &head->seen;
        if (ry_kafka_message_read(&head->row, c->format, seen->value, seen->value_bytes) &&
            memcmp(&head->row.battle_id, &c->battle_id, sizeof c->battle_id) == 0) {
            head->state = HEAD_ROW;
            continue;
        }
        char key[RY_KAFKA_KEY_BYTES + 1];
        found(c, RY_KAFKA_FOREIGN, at,
              "%s partition %u offset %" PRId64 ": foreign: key %s: its value is %s, around row "
              "(input %" PRIu64 ", n %" PRIu64 ")",
              c->name, partition, seen->offset, key_text(key, seen->key, seen->key_bytes),
              seen->value == NULL ? "empty, which deletes the key" : "no row that can be read",
              at->input, at->n);
        take_off(c, partition);
    }
    return head;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* The key's place in the table, or the free one for it. */
static struct ry_kafka_compare_key **slot_of(struct ry_kafka_compare_key **table, uint32_t slots,
                                             const void *key, size_t bytes)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ ((const uint8_t *)key)[i]) * UINT64_C(1099511628211);
    for (uint32_t i = (uint32_t)hash & (slots - 1);; i = (i + 1) & (slots - 1))
        if (table[i] == NULL ||
            (table[i]->count == bytes && memcmp(table[i]->bytes, key, bytes) == 0))
            return &table[i];
}

static void grow_keys(struct ry_kafka_compare *c)
{
    uint32_t slots = c->key_slots == 0 ? KEY_SLOTS_FIRST : 2 * c->key_slots;
    struct ry_kafka_compare_key **table = calloc(slots, sizeof *table);
    if (table == NULL)
        abort(); /* no memory */
    for (uint32_t i = 0; i < c->key_slots; i++)
        if (c->key[i] != NULL)
            *slot_of(table, slots, c->key[i]->bytes, c->key[i]->count) = c->key[i];
    free(c->key);
    c->key = table;
    c->key_slots = slots;
}

/* The key's entry, made if there is none. */
static struct ry_kafka_compare_key *key_of(struct ry_kafka_compare *c, const void *key,
                                           size_t bytes)
{
    if (2 * c->keys >= c->key_slots)
        grow_keys(c);
    struct ry_kafka_compare_key **slot = slot_of(c->key, c->key_slots, key, bytes);
    if (*slot == NULL) {
        *slot = room(NULL, 1, sizeof **slot + bytes);
        **slot = (struct ry_kafka_compare_key){.partition = NOWHERE, .count = bytes};
        memcpy((*slot)->bytes, key, bytes);
        c->keys++;
    }
    return *slot;
}

/* ---- rows that were expected, and those that were not there ---------------------------------- */

/* Whether the row `at` was expected, as far as it is remembered; `at` is before the next one. */
static bool was_expected(const struct ry_kafka_compare *c, const struct ry_export_cursor *at)
{
    uint64_t high = c->expected;
    uint64_t low = high > RY_KAFKA_COMPARE_RECENT ? high - RY_KAFKA_COMPARE_RECENT : 0;
    if (low < high && low > 0 && before(at, &c->recent[low % RY_KAFKA_COMPARE_RECENT]))
        return true;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const struct ry_export_cursor *there = &c->recent[middle % RY_KAFKA_COMPARE_RECENT];
        if (before(there, at))
            low = middle + 1;
        else if (before(at, there))
            high = middle;
        else
            return true;
    }
    return false;
}

static struct ry_kafka_compare_gap *gap_of(const struct ry_kafka_compare *c,
                                           const struct ry_export_cursor *at)
{
    uint32_t low = 0, high = c->gaps;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (before(&c->gap[middle].at, at))
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->gaps && !before(at, &c->gap[low].at) ? &c->gap[low] : NULL;
}

static void note_missing(struct ry_kafka_compare *c, const struct ry_kafka_expected *e,
                         const struct ry_kafka_compare_key *key)
{
    if (c->gaps == RY_KAFKA_COMPARE_MISSING) {
        c->count[RY_KAFKA_MISSING]++;
        return;
    }
    if (c->gaps == c->gaps_max) {
        c->gaps_max = c->gaps_max == 0 ? GAPS_FIRST : 2 * c->gaps_max;
        c->gap = room(c->gap, c->gaps_max, sizeof *c->gap);
    }
    const struct ry_kafka_compare_head *head =
        key->partition != NOWHERE ? &c->head[key->partition] : NULL;
    c->gap[c->gaps++] = (struct ry_kafka_compare_gap){
        .at = e->at,
        .kind = e->kind,
        .partition = key->partition,
        .key = key,
        .offset = head != NULL && head->state == HEAD_ROW ? head->seen.offset : -1,
    };
}

/* ---- heads that are behind ------------------------------------------------------------------- */

/* A head before all that is still expected. */
static void judge_late(struct ry_kafka_compare *c, unsigned partition)
{
    const struct ry_kafka_compare_head *head = &c->head[partition];
    const struct ry_export_cursor at = at_of(head);
    char key[RY_KAFKA_KEY_BYTES + 1], where[RY_KAFKA_COMPARE_TEXT_BYTES];
    snprintf(where, sizeof where,
             "%s partition %u offset %" PRId64 ": %s (input %" PRIu64 ", n %" PRIu64 "), key %s",
             c->name, partition, head->seen.offset, ry_results_rows[head->row.kind].name, at.input,
             at.n, key_text(key, head->seen.key, head->seen.key_bytes));
    struct ry_kafka_compare_gap *gap = gap_of(c, &at);
    if (gap != NULL && !gap->found) {
        gap->found = true;
        found(c, RY_KAFKA_ORDER, &at, "%s: out of order: a later row stands before it", where);
    } else if (was_expected(c, &at)) {
        found(c, RY_KAFKA_DOUBLE, &at, "%s: double: the row stands there before", where);
    } else {
        found(c, RY_KAFKA_FOREIGN, &at, "%s: foreign: the journal has no such row for this topic",
              where);
    }
}

/* Takes off what is behind `at`; the head that is left, NULL: none. */
static struct ry_kafka_compare_head *advance(struct ry_kafka_compare *c, unsigned partition,
                                             const struct ry_export_cursor *at)
{
    struct ry_kafka_compare_head *head;
    while ((head = head_of(c, partition, at)) != NULL) {
        const struct ry_export_cursor there = at_of(head);
        if (!before(&there, at))
            break;
        judge_late(c, partition);
        take_off(c, partition);
    }
    return head;
}

/* ---- heads that are the row ------------------------------------------------------------------ */

static bool same(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
    return a_bytes == b_bytes && (a_bytes == 0 || memcmp(a, b, a_bytes) == 0);
}

/* The name of the first header that is not as it should be; NULL: all are. */
static const char *wrong_header(const rd_kafka_headers_t *wanted, const rd_kafka_headers_t *headers)
{
    const char *name;
    const void *value, *there;
    size_t bytes, there_bytes;
    for (size_t i = 0;
         wanted != NULL &&
         rd_kafka_header_get_all(wanted, i, &name, &value, &bytes) == RD_KAFKA_RESP_ERR_NO_ERROR;
         i++)
        if (strcmp(name, "epoch") != 0 &&
            (headers == NULL ||
             rd_kafka_header_get_last(headers, name, &there, &there_bytes) !=
                 RD_KAFKA_RESP_ERR_NO_ERROR ||
             !same(value, bytes, there, there_bytes)))
            return name;
    return NULL;
}

static void say_value(char *text, size_t room_bytes, const struct ry_kafka_seen *seen,
                      const struct ry_kafka_expected *e)
{
    char has[EXCERPT_BYTES + 1], wanted[EXCERPT_BYTES + 1];
    const char *a = seen->value, *b = e->value;
    size_t at = 0;
    while (at < seen->value_bytes && at < e->value_bytes && a[at] == b[at])
        at++;
    size_t from = at < EXCERPT_BYTES / 2 ? 0 : at - EXCERPT_BYTES / 2;
    snprintf(text, room_bytes,
             "its value differs from byte %zu on: ..%s.., the journal says ..%s..", at + 1,
             excerpt(has, a + from, seen->value_bytes - from),
             excerpt(wanted, b + from, e->value_bytes - from));
}

/* The head is the row by its name: whether it is so in all the rest. */
static void judge_same(struct ry_kafka_compare *c, unsigned partition,
                       struct ry_kafka_compare_key *key, const struct ry_kafka_expected *e)
{
    const struct ry_kafka_seen *seen = &c->head[partition].seen;
    char is[RY_KAFKA_KEY_BYTES + 1], wanted[RY_KAFKA_KEY_BYTES + 1];
    char text[RY_KAFKA_COMPARE_TEXT_BYTES / 2];
    enum ry_kafka_defect defect = RY_KAFKA_DIFFERENT;
    bool same_key = same(seen->key, seen->key_bytes, e->key, e->key_bytes);
    const char *header = wrong_header(e->headers, seen->headers);
    if (same_key)
        key->last = e->at;
    if (same_key && key->partition == NOWHERE)
        key->partition = partition;
    if (!same_key) {
        snprintf(text, sizeof text, "its key is %s", key_text(is, seen->key, seen->key_bytes));
    } else if (key->partition != partition) {
        defect = RY_KAFKA_ELSEWHERE;
        snprintf(text, sizeof text, "earlier rows of its key stand in partition %" PRIu32,
                 key->partition);
    } else if (header != NULL) {
        snprintf(text, sizeof text, "its header %s is not there, or another", header);
    } else if (!same(seen->value, seen->value_bytes, e->value, e->value_bytes)) {
        say_value(text, sizeof text, seen, e);
    } else {
        c->equal++;
        return;
    }
    found(c, defect, &e->at,
          "%s partition %u offset %" PRId64 ": %s (input %" PRIu64 ", n %" PRIu64
          "), key %s: %s: %s",
          c->name, partition, seen->offset, ry_results_rows[e->kind].name, e->at.input, e->at.n,
          key_text(wanted, e->key, e->key_bytes), ry_kafka_defects[defect], text);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* The partition whose head is the row; NOWHERE: none. */
static uint32_t look_everywhere(struct ry_kafka_compare *c, const struct ry_kafka_expected *e)
{
    for (unsigned p = 0; p < c->source->partitions; p++) {
        const struct ry_kafka_compare_head *head = advance(c, p, &e->at);
        if (head != NULL && head->row.input == e->at.input && head->row.n == e->at.n)
            return p;
    }
    return NOWHERE;
}

void ry_kafka_compare_row(struct ry_kafka_compare *c, const struct ry_kafka_expected *e)
{
    if (c->failed)
        return;
    struct ry_kafka_compare_key *key = key_of(c, e->key, e->key_bytes);
    uint32_t partition = key->partition;
    const struct ry_kafka_compare_head *head = partition != NOWHERE ? raw_head(c, partition) : NULL;
    /* The same bytes are the same row: what nearly all are need not be read. */
    bool is =
        head != NULL && same(head->seen.value, head->seen.value_bytes, e->value, e->value_bytes);
    if (!is && partition != NOWHERE) {
        head = advance(c, partition, &e->at);
        is = head != NULL && head->row.input == e->at.input && head->row.n == e->at.n;
    }
    if (!is)
        partition = look_everywhere(c, e);
    if (c->failed)
        return;
    if (partition == NOWHERE) {
        note_missing(c, e, key);
    } else {
        judge_same(c, partition, key, e);
        take_off(c, partition);
    }
    c->recent[c->expected++ % RY_KAFKA_COMPARE_RECENT] = e->at;
}

/* ---- the end --------------------------------------------------------------------------------- */

static void drain(struct ry_kafka_compare *c, unsigned partition,
                  const struct ry_export_cursor *until)
{
    const struct ry_export_cursor *last =
        c->expected > 0 ? &c->recent[(c->expected - 1) % RY_KAFKA_COMPARE_RECENT] : until;
    const struct ry_kafka_compare_head *head;
    while ((head = head_of(c, partition, last)) != NULL) {
        const struct ry_export_cursor at = at_of(head);
        if (ry_export_behind(&at, until))
            c->beyond++;
        else
            judge_late(c, partition);
        take_off(c, partition);
    }
}

/* A row that is not there: a defect, unless compaction took it. */
static void judge_gap(struct ry_kafka_compare *c, const struct ry_kafka_compare_gap *gap)
{
    char key[RY_KAFKA_KEY_BYTES + 1], where[96];
    if (c->compacted && ry_export_behind(&gap->key->last, &gap->at)) {
        c->compacted_away++;
        return;
    }
    if (gap->partition == NOWHERE)
        snprintf(where, sizeof where, "no partition has it");
    else if (gap->offset < 0)
        snprintf(where, sizeof where, "partition %" PRIu32 " ends before it", gap->partition);
    else
        snprintf(where, sizeof where, "partition %" PRIu32 " goes on without it at offset %" PRId64,
                 gap->partition, gap->offset);
    found(c, RY_KAFKA_MISSING, &gap->at,
          "%s: %s (input %" PRIu64 ", n %" PRIu64 "), key %s: missing: %s", c->name,
          ry_results_rows[gap->kind].name, gap->at.input, gap->at.n,
          key_text(key, gap->key->bytes, gap->key->count), where);
}

void ry_kafka_compare_end(struct ry_kafka_compare *c, const struct ry_export_cursor *until)
{
    for (unsigned p = 0; p < c->source->partitions && !c->failed; p++)
        drain(c, p, until);
    for (uint32_t i = 0; i < c->gaps; i++)
        if (!c->gap[i].found)
            judge_gap(c, &c->gap[i]);
}

/* ---- life ------------------------------------------------------------------------------------ */

void ry_kafka_compare_open(struct ry_kafka_compare *c, const char *name,
                           enum ry_kafka_format format, bool compacted,
                           const struct ry_battle_id *battle_id,
                           const struct ry_kafka_source *source)
{
    *c = (struct ry_kafka_compare){
        .name = name,
        .format = format,
        .compacted = compacted,
        .battle_id = *battle_id,
        .source = source,
        .head = calloc(source->partitions, sizeof *c->head),
        .recent = room(NULL, RY_KAFKA_COMPARE_RECENT, sizeof *c->recent),
    };
    if (c->head == NULL)
        abort(); /* no memory */
    (void)ry_text_row_id(c->id, battle_id);
}

void ry_kafka_compare_close(struct ry_kafka_compare *c)
{
    for (uint32_t i = 0; i < c->key_slots; i++)
        free(c->key[i]);
    free(c->key);
    free(c->head);
    free(c->gap);
    free(c->recent);
}
