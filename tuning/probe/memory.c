#include "tuning/probe/memory.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/mempolicy.h>
#include <linux/mman.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shm/atomic.h"
#include "shm/base.h"
#include "shm/clock.h"

#define HUGE_BYTES   ((size_t)2 << 20)
#define PIECE_BYTES  ((size_t)16 << 20) /* between two looks at the clock */
#define CACHES       4u
#define NODES_MAX    1024u
#define BATCH_LOADS  20000u /* 2 ms at 100 ns */
#define ROW_NS_LEAST 2000000
#define LOOK_STEPS   65536u                       /* between two looks at the clock */
#define SEED         UINT64_C(0x9e3779b97f4a7c15) /* any but 0: the order of the cycle */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* One step of the cycle has a pair of cache lines to itself: they are fetched in pairs. */
struct step {
    struct step *next;
    char rest[RY_ISOLATION - sizeof(struct step *)];
};
RY_SIZE(struct step, RY_ISOLATION);

const char *ry_probe_pages_name(enum ry_probe_pages pages)
{
    switch (pages) {
    case RY_PROBE_PAGES_SMALL: return "4K";
    case RY_PROBE_PAGES_HUGE: return "2M";
    case RY_PROBE_PAGES_TRANSPARENT: return "2M transparent";
    }
    return "";
}

/* ---- memory of a node ------------------------------------------------------------------------ */

struct memory {
    void *mapped; /* MAP_FAILED: none */
    size_t mapped_bytes;
    struct step *step; /* at a huge page's border */
    size_t bytes;
    enum ry_probe_pages pages;
    int64_t end_ns; /* it has to be made by then */
};

static int fail(char why[RY_PROBE_WHY_BYTES], const char *what)
{
    snprintf(why, RY_PROBE_WHY_BYTES, "%s: %s", what, strerror(errno));
    return -1;
}

/* Where there is one node alone the kernel need not know of nodes. */
static int bind_to(const struct memory *memory, unsigned node, bool only,
                   char why[RY_PROBE_WHY_BYTES])
{
    unsigned long mask[NODES_MAX / (8 * sizeof(unsigned long))] = {0};
    const size_t bits = 8 * sizeof mask[0];
    if (node >= NODES_MAX) {
        snprintf(why, RY_PROBE_WHY_BYTES, "node %u is beyond what is known", node);
        return -1;
    }
    mask[node / bits] |= 1ul << (node % bits);
    if (syscall(SYS_mbind, memory->step, memory->bytes, MPOL_BIND, mask, NODES_MAX + 1ul, 0) == 0 ||
        only)
        return 0;
    return fail(why, "mbind");
}

/* Its first page lies where it should. */
static int check_node(const struct memory *memory, unsigned node, bool only,
                      char why[RY_PROBE_WHY_BYTES])
{
    int found = -1;
    if (syscall(SYS_get_mempolicy, &found, NULL, 0, memory->step, MPOL_F_NODE | MPOL_F_ADDR) != 0)
        return only ? 0 : fail(why, "get_mempolicy");
    if (found == (int)node || only)
        return 0;
    snprintf(why, RY_PROBE_WHY_BYTES, "the memory came from node %d", found);
    return -1;
}

/* How much of the area lies in transparent huge pages, by /proc/self/smaps. */
static size_t transparent_bytes(const struct memory *memory)
{
    char line[512];
    bool inside = false;
    size_t bytes = 0, kib;
    FILE *file = fopen("/proc/self/smaps", "re");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL) {
        uintptr_t from, to;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2)
            inside = from < (uintptr_t)memory->step + memory->bytes && to > (uintptr_t)memory->step;
        else if (inside && sscanf(line, "AnonHugePages: %zu kB", &kib) == 1)
            bytes += kib << 10;
    }
    fclose(file);
    return bytes;
}

static int map(struct memory *memory, int flags, char why[RY_PROBE_WHY_BYTES])
{
    memory->mapped_bytes = memory->bytes + HUGE_BYTES;
    memory->mapped = mmap(NULL, memory->mapped_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
    if (memory->mapped == MAP_FAILED)
        return fail(why, "mmap");
    uintptr_t at = ((uintptr_t)memory->mapped + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    memory->step = (struct step *)at;
    return 0;
}

static void unmap(struct memory *memory)
{
    if (memory->mapped != MAP_FAILED)
        (void)munmap(memory->mapped, memory->mapped_bytes);
    memory->mapped = MAP_FAILED;
}

static bool is_late(const struct memory *memory, char why[RY_PROBE_WHY_BYTES])
{
    if (ry_clock_ns() <= memory->end_ns)
        return false;
    snprintf(why, RY_PROBE_WHY_BYTES, "the time was over");
    return true;
}

static int populate(const struct memory *memory, char why[RY_PROBE_WHY_BYTES])
{
    for (size_t at = 0; at < memory->bytes; at += PIECE_BYTES) {
        size_t left = memory->bytes - at;
        if (is_late(memory, why))
            return -1;
        if (madvise((char *)memory->step + at, left < PIECE_BYTES ? left : PIECE_BYTES,
                    MADV_POPULATE_WRITE) != 0)
            return fail(why, memory->pages == RY_PROBE_PAGES_HUGE ? "huge pages" : "memory");
    }
    return 0;
}

/* Pages of one kind, there and on their node: none is missing later, which would be a SIGBUS where
 * huge pages have run out. */
static int take(struct memory *memory, enum ry_probe_pages pages, unsigned node, bool only,
                char why[RY_PROBE_WHY_BYTES])
{
    memory->pages = pages;
    if (map(memory, pages == RY_PROBE_PAGES_HUGE ? MAP_HUGETLB | MAP_HUGE_2MB : 0, why) != 0)
        return -1;
    if (bind_to(memory, node, only, why) != 0)
        return -1;
    if (pages != RY_PROBE_PAGES_HUGE)
        (void)madvise(memory->step, memory->bytes,
                      pages == RY_PROBE_PAGES_SMALL ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
    if (populate(memory, why) != 0)
        return -1;
    if (pages == RY_PROBE_PAGES_TRANSPARENT && transparent_bytes(memory) < memory->bytes / 10 * 9) {
        snprintf(why, RY_PROBE_WHY_BYTES,
                 "no huge pages are reserved, and the kernel made no transparent ones");
        return -1;
    }
    return check_node(memory, node, only, why);
}

/* ---- the chase ------------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

bool ry_probe_memory_shuffle(uint32_t *order, size_t count, int64_t end_ns)
{
    uint64_t random = SEED;
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (size_t i = count; i > 1; i--) {
        size_t k = next_random(&random) % i;
        uint32_t moved = order[i - 1];
        order[i - 1] = order[k];
        order[k] = moved;
        if (i % LOOK_STEPS == 0 && ry_clock_ns() > end_ns)
            return false;
    }
    return true;
}

/* One cycle through all steps in random order. NULL, or why not. */
static const char *link_steps(struct memory *memory)
{
    size_t count = memory->bytes / sizeof(struct step);
    uint32_t *order = malloc(count * sizeof *order);
    if (order == NULL)
        return "no memory";
    bool late = !ry_probe_memory_shuffle(order, count, memory->end_ns);
    for (size_t i = 0; i < count && !late; i++) {
        memory->step[order[i]].next = &memory->step[order[i + 1 < count ? i + 1 : 0]];
        late = i % LOOK_STEPS == 0 && ry_clock_ns() > memory->end_ns;
    }
    free(order);
    return late ? "the time was over" : NULL;
}

struct chase {
    const struct memory *memory;
    struct ry_probe_memory_row *row;
    int64_t time_ns;
};

static void load(void *context)
{
    const struct chase *chase = context;
    uint64_t at = (uint64_t)(uintptr_t)chase->memory->step; /* opaque: each load is made */
    int64_t end_ns = ry_clock_ns() + chase->time_ns, now_ns, best_ns = INT64_MAX;
    do {
        int64_t before_ns = ry_clock_ns();
        for (unsigned i = 0; i < BATCH_LOADS; i++)
            at = ry_opaque((uint64_t)(uintptr_t)((const struct step *)(uintptr_t)at)->next);
        now_ns = ry_clock_ns();
        if (now_ns - before_ns < best_ns)
            best_ns = now_ns - before_ns;
        chase->row->loads += BATCH_LOADS;
    } while (now_ns < end_ns);
    assert(at != 0);
    chase->row->load_ps = best_ns * 1000 / BATCH_LOADS;
    chase->row->ran = true;
}

/* ---- all rows -------------------------------------------------------------------------------- */

struct plan {
    const struct ry_probe_memory_asked *asked;
    struct ry_probe_memory_result *result;
    int64_t end_ns;
    unsigned left; /* rows */
};

static void chase_row(struct plan *plan, const struct memory *memory, unsigned core, unsigned node,
                      const char *why)
{
    struct ry_probe_memory_result *result = plan->result;
    int64_t share_ns = (plan->end_ns - ry_clock_ns()) / (int64_t)plan->left--;
    if (result->rows == RY_PROBE_MEMORY_ROWS_MAX) {
        result->more++;
        return;
    }
    struct ry_probe_memory_row *row = &result->row[result->rows++];
    *row = (struct ry_probe_memory_row){.core = plan->asked->core[core].core,
                                        .core_node = plan->asked->core[core].node,
                                        .memory_node = plan->asked->node[node],
                                        .pages = memory->pages};
    if (why[0] != '\0') {
        snprintf(row->why, sizeof row->why, "%s", why);
    } else if (share_ns < ROW_NS_LEAST) {
        snprintf(row->why, sizeof row->why, "the time was over");
    } else {
        struct chase chase = {.memory = memory, .row = row, .time_ns = share_ns};
        struct ry_probe_work work = {.core = row->core, .body = load, .context = &chase};
        (void)ry_probe_together(&work, 1, row->why);
    }
}

/* Memory of one node in pages of one kind, with its cycle; else `why`. */
static void prepare(struct plan *plan, unsigned node, bool huge, struct memory *memory,
                    char why[RY_PROBE_WHY_BYTES])
{
    const bool only = plan->asked->nodes == 1;
    const unsigned number = plan->asked->node[node];
    memory->pages = huge ? RY_PROBE_PAGES_HUGE : RY_PROBE_PAGES_SMALL;
    if (is_late(memory, why))
        return;
    int taken = take(memory, memory->pages, number, only, why);
    if (taken != 0 && huge) {
        unmap(memory);
        taken = take(memory, RY_PROBE_PAGES_TRANSPARENT, number, only, why);
    }
    if (taken == 0) {
        const char *failed = link_steps(memory);
        snprintf(why, RY_PROBE_WHY_BYTES, "%s", failed != NULL ? failed : "");
    }
}

/* All cores through it. */
static void measure(struct plan *plan, unsigned node, bool huge)
{
    struct memory memory = {
        .mapped = MAP_FAILED, .bytes = plan->result->bytes, .end_ns = plan->end_ns};
    char why[RY_PROBE_WHY_BYTES] = "";
    prepare(plan, node, huge, &memory, why);
    for (unsigned core = 0; core < plan->asked->cores; core++)
        chase_row(plan, &memory, core, node, why);
    unmap(&memory);
}

/* Several times what the last cache holds, if one can wait for that: of a chase of twice its size a
 * cache that does not replace the oldest line keeps up to half. */
static size_t bytes_of(size_t asked, size_t cache)
{
    size_t bytes = asked > 0                                ? asked
                   : cache * CACHES > RY_PROBE_MEMORY_BYTES ? cache * CACHES
                                                            : RY_PROBE_MEMORY_BYTES;
    bytes = (bytes + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    return bytes < RY_PROBE_MEMORY_BYTES_MAX ? bytes : RY_PROBE_MEMORY_BYTES_MAX;
}

int ry_probe_memory(const struct ry_probe_memory_asked *asked,
                    struct ry_probe_memory_result *result)
{
    long cache = sysconf(_SC_LEVEL3_CACHE_SIZE);
    size_t cache_bytes = asked->cache_bytes > 0 ? asked->cache_bytes
                         : cache > 0            ? (size_t)cache
                                                : 0;
    struct plan plan = {.asked = asked,
                        .result = result,
                        .end_ns = ry_clock_ns() + asked->time_ns,
                        .left = 2 * asked->cores * asked->nodes};
    *result = (struct ry_probe_memory_result){.bytes = bytes_of(asked->bytes, cache_bytes),
                                              .cache_bytes = cache_bytes};
    for (unsigned node = 0; node < asked->nodes; node++) {
        measure(&plan, node, false);
        measure(&plan, node, true);
    }
    return 0;
}
