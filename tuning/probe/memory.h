/*
 * How long a load from memory takes, by node: a chase through a random cycle of cache lines that
 * is larger than the caches, from a core of each node through memory of each node, in small pages
 * and in huge ones. 70-120 ns at home, 130-250 on another node; small pages add the walk of the
 * page table.
 *
 * The memory is bound to its node (mbind) and looked up again (move_pages).
 */
#ifndef RY_TUNING_PROBE_MEMORY_H
#define RY_TUNING_PROBE_MEMORY_H

#include <stddef.h>

#include "tuning/probe/probe.h"

/* The default is four times the last cache, at least so many and at most 256 MiB. */
#define RY_PROBE_MEMORY_BYTES     ((size_t)64 << 20)
#define RY_PROBE_MEMORY_BYTES_MAX ((size_t)256 << 20)
#define RY_PROBE_MEMORY_ROWS_MAX  128

enum ry_probe_pages {
    RY_PROBE_PAGES_SMALL,       /* 4 KiB; transparent huge ones kept away */
    RY_PROBE_PAGES_HUGE,        /* of hugetlbfs, 2 MiB */
    RY_PROBE_PAGES_TRANSPARENT, /* no huge page was free: those that the kernel made by itself */
};

/* "4K", "2M", "2M transparent" */
const char *ry_probe_pages_name(enum ry_probe_pages pages);

struct ry_probe_memory_asked {
    unsigned cores; /* one of each node that loads */
    struct {
        unsigned core, node;
    } core[16];
    unsigned nodes; /* whose memory is read */
    unsigned node[16];
    size_t bytes;       /* 0: the default */
    size_t cache_bytes; /* of the last cache that a core has; 0: what the C library says, which on
                           some processors is that of a whole socket */
    int64_t time_ns;    /* of all rows, and of making the memory: 0.2-1 s a node and kind */
};

struct ry_probe_memory_row {
    unsigned core, core_node, memory_node;
    enum ry_probe_pages pages;
    bool ran;
    char why[RY_PROBE_WHY_BYTES]; /* it did not */
    uint64_t loads;
    int64_t load_ps; /* the mean of the best batch */
};

struct ry_probe_memory_result {
    size_t bytes; /* of the chase */
    size_t
        cache_bytes; /* of the last cache; 0: not known. If it holds the chase, that is measured */
    unsigned rows;
    unsigned more; /* that did not fit into `row` */
    struct ry_probe_memory_row row[RY_PROBE_MEMORY_ROWS_MAX];
};

/* 0. A row that cannot be measured says why. */
int ry_probe_memory(const struct ry_probe_memory_asked *asked,
                    struct ry_probe_memory_result *result);

/* The numbers below `count` in the random order in which a chase takes its steps: no core foresees
 * the next one. False: it was not done by `end_ns`. */
bool ry_probe_memory_shuffle(uint32_t *order, size_t count, int64_t end_ns);

#endif
