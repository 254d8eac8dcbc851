/*
 * Counters: private u64s that a role bumps for nothing, copied out into its own region now and
 * then, with labels that say what each is.
 *
 * Example: feeds/counters/counters.def has
 *
 *     RY_COUNTER(gaps, COUNTER, "gaps", "holes in the sequence; the first ends the feed",
 *                "listen again or take another recording: ...")
 *
 * and from that row come counters.gaps, which the feed bumps, RY_FEED_COUNTER_gaps, its index, and
 * a row of ry_feed_counter_table. Name, kind, unit, sentence and remedy lie beside the value in
 * feed0.watch, so a reader of the region needs no table of its own.
 *
 * A row of a table NAME.def, RY_COUNTER(name, kind, unit, sentence, remedy):
 *   name      stable, lower case, alone of its name in its role
 *   kind      COUNTER, GAUGE or HASH: enum ry_counter_kind without its prefix
 *   unit      of the value: "lots", "times"
 *   sentence  what is counted
 *   remedy    what to do if it is not zero; "" where nothing is to be done. A counter with a remedy
 *             that is not zero is *odd*: `royale run` prints it with both texts
 *
 * The copy in shared memory is one array of relaxed atomic words in the table's order: each figure
 * is whole, the set is of about one moment.
 */
#ifndef RY_SHM_COUNTER_H
#define RY_SHM_COUNTER_H

#include "shm/atomic.h"
#include "shm/base.h"
#include "shm/counter_table.h"

#define RY_COUNTERS_MAX        256
#define RY_COUNTERS_TEXT_BYTES (20u << 10) /* of all labels of a role; a feed's are 9 KiB */
#define RY_COUNTER_NAME_MAX    40

/* RY_COUNTER while a NAME.def is read: the row of the table. */
#define RY_COUNTER_ROW(name, kind, unit, sentence, remedy)                                         \
    {#name, RY_COUNTER_KIND_##kind, unit, sentence, remedy},

/* ---- in shared memory: written by the role alone --------------------------------------------- */

/* Where the texts of a counter begin in ry_counters_labels.text, each with its NUL. */
struct ry_counter_label {
    uint16_t name, unit, sentence, remedy;
    uint8_t kind; /* enum ry_counter_kind */
    uint8_t zero[7];
};
RY_SIZE(struct ry_counter_label, 16);

struct ry_counters_labels {
    _Alignas(8) struct ry_counter_label label[RY_COUNTERS_MAX]; /* copied by words */
    char text[RY_COUNTERS_TEXT_BYTES];
};
#define RY_COUNTERS_LABELS_WORDS (sizeof(struct ry_counters_labels) / sizeof(uint64_t))
_Static_assert(RY_COUNTERS_TEXT_BYTES <= UINT16_MAX, "an offset reaches every text");

struct ry_counters {
    ry_atomic_u32 count; /* 0 until the role knows its table, then for good; readers clamp it */
    uint32_t zero;
    ry_atomic_u64 value[RY_COUNTERS_MAX];
    ry_atomic_u64 labels[RY_COUNTERS_LABELS_WORDS]; /* struct ry_counters_labels */
};
RY_OFFSET(struct ry_counters, value, 8);
RY_OFFSET(struct ry_counters, labels, 8 + 8 * RY_COUNTERS_MAX);
RY_SIZE(struct ry_counters, 8 + 8 * RY_COUNTERS_MAX + sizeof(struct ry_counters_labels));

/* Zeroes all, writes the labels and says how many there are: those of `table`, then those of
 * `more`. Called when the role has its table; zeroed memory is a role that has none yet. NULL: an
 * empty table. */
void ry_counters_create(struct ry_counters *shared, const struct ry_counter_table *table,
                        const struct ry_counter_table *more);

/* Copies `count` private counters out: they are number `first` and so on. */
void ry_counters_publish(struct ry_counters *shared, unsigned first, const uint64_t *values,
                         unsigned count);

/* ---- for readers: what the other process wrote is untrusted ---------------------------------- */

/* Copies what is there in; returns how many. */
unsigned ry_counters_read(const struct ry_counters *shared, uint64_t *values, unsigned max);

/* The labels of a region, copied once and checked: the reader's own. */
struct ry_counters_description {
    unsigned count; /* 0: none there, or not what a role writes */
    struct ry_counters_labels labels;
};

/* Copies the labels in and checks the copy: counts, kinds, offsets, ends of texts, and that nothing
 * in them commands a terminal. False, and count 0: there are none (yet), or they are damaged.
 * Large: not for the stack. */
bool ry_counters_describe(const struct ry_counters *shared,
                          struct ry_counters_description *description);

/* Counter number i < count; its texts lie in the description. */
struct ry_counter ry_counters_described(const struct ry_counters_description *description,
                                        unsigned i);

/* ---- histograms ------------------------------------------------------------------------------ */

/*
 * A log-linear histogram of u64 (nanoseconds mostly): 16 steps an octave, so at most 6.25 % wide.
 * Process-private; its buckets are plain u64s that can be copied out like counters.
 */
#define RY_HISTOGRAM_BUCKETS 976

struct ry_histogram {
    uint64_t count;
    uint64_t sum;
    uint64_t max;
    uint64_t bucket[RY_HISTOGRAM_BUCKETS];
};

void ry_histogram_add(struct ry_histogram *histogram, uint64_t value);
/* The largest value of that bucket. */
uint64_t ry_histogram_edge(unsigned bucket);
/* The upper edge of the bucket that holds the share `per_100k` (p99.9 = 99900) of the values, at
 * most `max`; 0 when there are none. */
uint64_t ry_histogram_percentile(const struct ry_histogram *histogram, uint32_t per_100k);

#endif
