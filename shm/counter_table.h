/*
 * What a table of counters is, apart from the shared memory that their values go to: shm/counter.h,
 * which says how a table is written.
 */
#ifndef RY_SHM_COUNTER_TABLE_H
#define RY_SHM_COUNTER_TABLE_H

enum ry_counter_kind {
    RY_COUNTER_KIND_COUNTER = 1, /* an amount; never falls */
    RY_COUNTER_KIND_GAUGE = 2,   /* a state of this moment, or the largest until now */
    RY_COUNTER_KIND_HASH = 3,    /* no amount: shown as 16 hexadecimal digits */
};

struct ry_counter {
    const char *name;
    enum ry_counter_kind kind;
    const char *unit;
    const char *sentence;
    const char *remedy;
};

/* What a role has in one NAME.def or several, in the order of its private counters. */
struct ry_counter_table {
    const struct ry_counter *counter;
    unsigned count;
};

/* RY_COUNTER while a NAME.def is read: the private word. */
#define RY_COUNTER_WORD(name, kind, unit, sentence, remedy) uint64_t name;

#endif
