#include "shm/counter.h"

#include <assert.h>
#include <string.h>

#define STEPS_BITS 4 /* 16 steps an octave */
#define STEPS      (1u << STEPS_BITS)

_Static_assert(RY_HISTOGRAM_BUCKETS == STEPS + (64 - STEPS_BITS) * STEPS, "a bucket for every u64");

_Static_assert(sizeof(struct ry_counters_labels) % sizeof(uint64_t) == 0, "copied word by word");

/* ---- what the role writes -------------------------------------------------------------------- */

static unsigned count_of(const struct ry_counter_table *table)
{
    return table == NULL ? 0 : table->count;
}

/* Appends a text; returns where it begins. */
static uint16_t put_text(struct ry_counters_labels *labels, size_t *used, const char *text)
{
    const size_t at = *used, bytes = strlen(text) + 1;
    assert(at + bytes <= sizeof labels->text);
    memcpy(labels->text + at, text, bytes);
    *used += bytes;
    return (uint16_t)at;
}

/* Labels for a table, behind the `first` that are there. */
static void put_labels(struct ry_counters_labels *labels, size_t *used, unsigned first,
                       const struct ry_counter_table *table)
{
    for (unsigned i = 0; i < count_of(table); i++) {
        const struct ry_counter *counter = &table->counter[i];
        struct ry_counter_label *label = &labels->label[first + i];
        assert(strlen(counter->name) <= RY_COUNTER_NAME_MAX);
        label->name = put_text(labels, used, counter->name);
        label->unit = put_text(labels, used, counter->unit);
        label->sentence = put_text(labels, used, counter->sentence);
        label->remedy = put_text(labels, used, counter->remedy);
        label->kind = (uint8_t)counter->kind;
    }
}

void ry_counters_create(struct ry_counters *shared, const struct ry_counter_table *table,
                        const struct ry_counter_table *more)
{
    const unsigned first = count_of(table), count = first + count_of(more);
    assert(count <= RY_COUNTERS_MAX);
    for (unsigned i = 0; i < RY_COUNTERS_MAX; i++)
        ry_store_relaxed(&shared->value[i], 0);
    if (count > 0) {
        union {
            struct ry_counters_labels labels;
            uint64_t word[RY_COUNTERS_LABELS_WORDS];
        } made = {.word = {0}};
        size_t used = 0;
        put_labels(&made.labels, &used, 0, table);
        put_labels(&made.labels, &used, first, more);
        for (unsigned i = 0; i < RY_COUNTERS_LABELS_WORDS; i++)
            ry_store_relaxed(&shared->labels[i], made.word[i]);
    }
    ry_store_release(&shared->count, count); /* R5: pairs with A5 in shm/counter.c */
}

void ry_counters_publish(struct ry_counters *shared, unsigned first, const uint64_t *values,
                         unsigned count)
{
    assert(first <= RY_COUNTERS_MAX && count <= RY_COUNTERS_MAX - first);
    for (unsigned i = 0; i < count; i++)
        ry_store_relaxed(&shared->value[first + i], values[i]);
}

/* ---- what readers do with it ----------------------------------------------------------------- */

static unsigned published(const struct ry_counters *shared)
{
    return ry_load_acquire(&shared->count); /* A5: pairs with R5 in shm/counter.c */
}

unsigned ry_counters_read(const struct ry_counters *shared, uint64_t *values, unsigned max)
{
    unsigned count = published(shared);
    if (count > RY_COUNTERS_MAX)
        count = RY_COUNTERS_MAX;
    if (count > max)
        count = max;
    for (unsigned i = 0; i < count; i++)
        values[i] = ry_load_relaxed(&shared->value[i]);
    return count;
}

/* A text that begins at `at`, ends in time, and is printable ASCII. */
static bool is_text(const struct ry_counters_labels *labels, unsigned at)
{
    for (; at < sizeof labels->text && labels->text[at] != '\0'; at++)
        if (labels->text[at] < ' ' || labels->text[at] > '~')
            return false;
    return at < sizeof labels->text;
}

static bool is_name(const struct ry_counters_labels *labels, unsigned at)
{
    if (!is_text(labels, at))
        return false;
    const char *name = labels->text + at;
    const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789");
    return length > 0 && length <= RY_COUNTER_NAME_MAX && name[length] == '\0';
}

static bool is_label(const struct ry_counters_labels *labels, unsigned i)
{
    const struct ry_counter_label *label = &labels->label[i];
    return label->kind >= RY_COUNTER_KIND_COUNTER && label->kind <= RY_COUNTER_KIND_HASH &&
           is_name(labels, label->name) && is_text(labels, label->unit) &&
           is_text(labels, label->sentence) && is_text(labels, label->remedy);
}

bool ry_counters_describe(const struct ry_counters *shared,
                          struct ry_counters_description *description)
{
    const unsigned count = published(shared);
    description->count = 0;
    if (count == 0 || count > RY_COUNTERS_MAX)
        return false;
    ry_load_words((uint64_t *)&description->labels, shared->labels, RY_COUNTERS_LABELS_WORDS);
    for (unsigned i = 0; i < count; i++)
        if (!is_label(&description->labels, i))
            return false;
    description->count = count;
    return true;
}

struct ry_counter ry_counters_described(const struct ry_counters_description *description,
                                        unsigned i)
{
    assert(i < description->count);
    const struct ry_counters_labels *labels = &description->labels;
    const struct ry_counter_label *label = &labels->label[i];
    return (struct ry_counter){
        .name = labels->text + label->name,
        .kind = (enum ry_counter_kind)label->kind,
        .unit = labels->text + label->unit,
        .sentence = labels->text + label->sentence,
        .remedy = labels->text + label->remedy,
    };
}

/* ---- histograms ------------------------------------------------------------------------------ */

/* Values below 16 have a bucket each; above, the leading bit chooses the octave, the next four the
 * step. */
static unsigned bucket_of(uint64_t value)
{
    if (value < STEPS)
        return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - STEPS_BITS;
    return (shift + 1) * STEPS + (unsigned)((value >> shift) & (STEPS - 1));
}

uint64_t ry_histogram_edge(unsigned bucket)
{
    if (bucket < STEPS)
        return bucket;
    unsigned shift = bucket / STEPS - 1;
    /* the last one wraps to UINT64_MAX */
    return (((uint64_t)(STEPS + bucket % STEPS) + 1) << shift) - 1;
}

void ry_histogram_add(struct ry_histogram *histogram, uint64_t value)
{
    histogram->count++;
    histogram->sum += value;
    if (value > histogram->max)
        histogram->max = value;
    histogram->bucket[bucket_of(value)]++;
}

uint64_t ry_histogram_percentile(const struct ry_histogram *histogram, uint32_t per_100k)
{
    if (histogram->count == 0)
        return 0;
    unsigned __int128 share = (unsigned __int128)histogram->count * per_100k;
    uint64_t rank = (uint64_t)((share + 99999) / 100000);
    if (rank == 0)
        rank = 1;
    uint64_t below = 0;
    for (unsigned i = 0; i < RY_HISTOGRAM_BUCKETS; i++) {
        below += histogram->bucket[i];
        if (below >= rank)
            return ry_histogram_edge(i) < histogram->max ? ry_histogram_edge(i) : histogram->max;
    }
    return histogram->max;
}
