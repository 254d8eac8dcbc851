#include "tests/support/test.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/region.h"
#include "shm/ring.h"

#define LAYOUT      UINT64_C(1)
#define MODEL_SLOTS 4096

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SLOW_BUILD 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOW_BUILD 1
#endif

#ifdef SLOW_BUILD
#define STRESS_RECORDS UINT64_C(1000000)
#else
#define STRESS_RECORDS UINT64_C(20000000)
#endif
#define THREAD_RECORDS (STRESS_RECORDS / 10)

static uint64_t mix(uint64_t x) /* splitmix64 */
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Record i checks itself: its number, then words that follow from it. Three of four have one slot.
 */
static unsigned slots_of(uint64_t i)
{
    uint64_t r = mix(i);
    return r % 4 != 0 ? 1 : 1 + (unsigned)(r >> 8) % RY_RING_RECORD_SLOTS_MAX;
}

static uint64_t word_of(uint64_t i, unsigned k)
{
    return (i + 1) * (2 * k + 1) + ((uint64_t)k << 56);
}

static unsigned fill(uint64_t i, uint64_t *words)
{
    unsigned n = slots_of(i);
    words[0] = i;
    for (unsigned k = 1; k < n * RY_RING_SLOT_WORDS; k++)
        words[k] = word_of(i, k);
    return n;
}

static bool is_whole(const uint64_t *words, unsigned n)
{
    uint64_t i = words[0];
    if (n != slots_of(i))
        return false;
    for (unsigned k = 1; k < n * RY_RING_SLOT_WORDS; k++)
        if (words[k] != word_of(i, k))
            return false;
    return true;
}

static void *new_memory(uint64_t slots)
{
    void *memory = aligned_alloc(RY_ISOLATION, ry_ring_footprint(slots));
    ck_assert_ptr_nonnull(memory);
    return memory;
}

static void new_ring(struct ry_ring_writer *writer, struct ry_ring_reader *reader, void *memory,
                     uint64_t slots)
{
    ry_ring_create(writer, memory, slots);
    ck_assert_int_eq(ry_ring_join(reader, memory, ry_ring_footprint(slots)), 0);
}

START_TEST(each_length_comes_back)
{
    void *memory = new_memory(16);
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    new_ring(&writer, &reader, memory, 16);
    unsigned char in[RY_RING_RECORD_BYTES_MAX], out[RY_RING_RECORD_BYTES_MAX + 8];
    uint64_t written = 0;
    for (unsigned round = 0; round < 50; round++) {
        for (unsigned n = 1; n <= RY_RING_RECORD_SLOTS_MAX; n++) {
            for (size_t b = 0; b < sizeof in; b++)
                in[b] = (unsigned char)mix(round * 4096 + n * 512 + b);
            memset(out, 0xee, sizeof out);
            ck_assert_int_eq(ry_ring_read(&reader, out), RY_RING_EMPTY);
            ry_ring_write(&writer, in, n);
            written += n;
            ck_assert_uint_eq(ry_ring_written(&writer), written);
            ck_assert_int_eq(ry_ring_read(&reader, out), (int)n);
            ck_assert_uint_eq(ry_ring_next(&reader), written);
            ck_assert_mem_eq(out, in, n * RY_RING_PAYLOAD);
            for (size_t b = n * RY_RING_PAYLOAD; b < sizeof out; b++)
                ck_assert_uint_eq(out[b], 0xee);
        }
    }
    ck_assert_uint_eq(reader.lost, 0);
    free(memory);
}
END_TEST

/* Random writes and reads beside a plain queue; the ring never laps because its writer asks for
 * room. */
static void against_a_queue(uint64_t slots, unsigned operations, uint64_t seed)
{
    static uint64_t queue[MODEL_SLOTS];
    void *memory = new_memory(slots);
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    struct ry_ring_position position = {.next = 0};
    new_ring(&writer, &reader, memory, slots);
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8], head = 0, tail = 0, in_use = 0, next_record = 0;
    unsigned refused = 0;

    for (unsigned op = 0; op < operations; op++) {
        if (mix(seed + op) % 2 == 0) {
            unsigned n = slots_of(next_record);
            bool room = ry_ring_has_room(&writer, &position, n);
            ck_assert_int_eq(room, in_use + n <= slots);
            if (!room) {
                refused++;
                continue;
            }
            fill(next_record, words);
            ry_ring_write(&writer, words, n);
            queue[head++ % MODEL_SLOTS] = next_record++;
            in_use += n;
        } else {
            int n = ry_ring_read(&reader, words);
            if (head == tail) {
                ck_assert_int_eq(n, RY_RING_EMPTY);
                continue;
            }
            ck_assert_uint_eq(words[0], queue[tail % MODEL_SLOTS]);
            ck_assert_int_eq(n, (int)slots_of(queue[tail++ % MODEL_SLOTS]));
            ck_assert(is_whole(words, (unsigned)n));
            ry_ring_position_store(&position, ry_ring_next(&reader));
            in_use -= (uint64_t)n;
        }
    }
    ck_assert_uint_eq(reader.lost, 0);
    ck_assert_uint_gt(ry_ring_written(&writer), slots * 20);
    ck_assert_uint_gt(refused, 0);
    free(memory);
}

START_TEST(same_as_a_queue)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        against_a_queue(16, 20000, seed * 1000000);
        against_a_queue(64, 20000, seed * 1000000);
    }
}
END_TEST

START_TEST(overruns_are_counted_exactly)
{
    for (uint64_t slots = 16; slots <= 1024; slots *= 2) {
        void *memory = new_memory(slots);
        struct ry_ring_writer writer;
        struct ry_ring_reader reader;
        new_ring(&writer, &reader, memory, slots);
        uint64_t words[RY_RING_RECORD_BYTES_MAX / 8], record = 0, read = 0, last = 0, overruns = 0;
        for (unsigned round = 0; round < 300; round++) {
            uint64_t burst = mix(round) % (slots * 3);
            for (uint64_t until = ry_ring_written(&writer) + burst;
                 ry_ring_written(&writer) < until;)
                ry_ring_write(&writer, words, fill(record++, words));
            uint64_t behind = ry_ring_written(&writer) - ry_ring_next(&reader);
            int n = ry_ring_read(&reader, words);
            ck_assert_int_eq(n == RY_RING_OVERRUN, behind > slots);
            if (n == RY_RING_OVERRUN) {
                overruns++;
                uint64_t now_behind = ry_ring_written(&writer) - ry_ring_next(&reader);
                ck_assert_uint_le(now_behind, slots / 2 + 1);
                ck_assert_uint_ge(now_behind + RY_RING_RECORD_SLOTS_MAX, slots / 2 + 1);
                n = ry_ring_read(&reader, words);
            }
            for (unsigned some = 0; n > 0 && some < slots / 4;
                 some++, n = ry_ring_read(&reader, words)) {
                ck_assert(is_whole(words, (unsigned)n));
                ck_assert_uint_ge(words[0], last);
                last = words[0] + 1;
                read += (unsigned)n;
                ck_assert_uint_eq(read + reader.lost, ry_ring_next(&reader));
            }
            if (n > 0) /* taken, not looked at */
                read += (unsigned)n;
        }
        ck_assert_uint_gt(overruns, 10);
        ck_assert_uint_eq(overruns, reader.overruns);
        for (int n; (n = ry_ring_read(&reader, words)) != RY_RING_EMPTY;)
            read += n > 0 ? (unsigned)n : 0;
        ck_assert_uint_eq(read + reader.lost, ry_ring_written(&writer));
        free(memory);
    }
}
END_TEST

START_TEST(seek_finds_the_next_record)
{
    void *memory = new_memory(64);
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    new_ring(&writer, &reader, memory, 64);
    uint64_t words[56] = {0};
    for (uint64_t i = 0; i < 6; i++) {
        words[0] = i;
        ry_ring_write(&writer, words, 8);
    }
    for (uint64_t slot = 0; slot < 48; slot++) {
        ry_ring_seek(&reader, slot);
        uint64_t lost = reader.lost;
        int n = ry_ring_read(&reader, words);
        if (slot % 8 != 0) {
            ck_assert_int_eq(n, RY_RING_OVERRUN);
            ck_assert_uint_eq(reader.lost - lost, 8 - slot % 8);
            n = ry_ring_read(&reader, words);
        }
        if (slot > 40) {
            ck_assert_int_eq(n, RY_RING_EMPTY);
        } else {
            ck_assert_int_eq(n, 8);
            ck_assert_uint_eq(words[0], (slot + 7) / 8);
        }
    }
    ry_ring_seek(&reader, 48);
    ck_assert_int_eq(ry_ring_read(&reader, words), RY_RING_EMPTY);
    free(memory);
}
END_TEST

/* A writer that died in a record: what was whole is read, the rest is never seen. */
START_TEST(half_a_record_is_not_read)
{
    void *memory = new_memory(16);
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    new_ring(&writer, &reader, memory, 16);
    uint64_t words[56] = {7};
    for (unsigned i = 0; i < 20; i++) {
        ry_ring_write(&writer, words, 1);
        ck_assert_int_eq(ry_ring_read(&reader, words), 1);
    }
    uint64_t next = writer.next; /* as ry_ring_write leaves a record of two before its last store */
    ry_store_relaxed(&writer.slot[next & writer.mask].sequence, (next + 1) << 4 | RY_RING_IN_WORK);
    ck_assert_int_eq(ry_ring_read(&reader, words), RY_RING_EMPTY);
    ry_store_relaxed(&writer.slot[(next + 1) & writer.mask].sequence, (next + 2) << 4);
    ck_assert_int_eq(ry_ring_read(&reader, words), RY_RING_EMPTY);
    ck_assert_uint_eq(reader.lost, 0);
    free(memory);
}
END_TEST

START_TEST(positions_are_not_trusted)
{
    void *memory = new_memory(16);
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    struct ry_ring_position ahead = {.next = UINT64_MAX}, stuck = {.next = 0};
    new_ring(&writer, &reader, memory, 16);
    uint64_t words[56] = {0};
    for (unsigned i = 0; i < 16; i++) {
        ck_assert(ry_ring_has_room(&writer, &ahead, 8));
        ck_assert(ry_ring_has_room(&writer, &stuck, 1)); /* each position has its own answer */
        ry_ring_write(&writer, words, 1);
    }
    ck_assert(ry_ring_has_room(&writer, &ahead, 8));
    ck_assert(!ry_ring_has_room(&writer, &stuck, 1));
    free(memory);
}
END_TEST

START_TEST(what_is_no_ring_is_refused)
{
    void *memory = new_memory(64);
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    new_ring(&writer, &reader, memory, 64);
    struct ry_ring_header *header = memory;
    size_t bytes = ry_ring_footprint(64);
    ck_assert_int_eq(ry_ring_join(&reader, memory, bytes - 1), -1);
    ck_assert_int_eq(ry_ring_join(&reader, memory, 8), -1);
    ck_assert_int_eq(ry_ring_join(&reader, (char *)memory + 8, bytes), -1);
    static const uint64_t wrong[] = {
        0, 1, 8, 63, 65, 128, UINT64_C(1) << 33, UINT64_C(1) << 63, UINT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        header->slots = wrong[i];
        ck_assert_int_eq(ry_ring_join(&reader, memory, bytes), -1);
    }
    header->slots = 64;
    ck_assert_int_eq(ry_ring_join(&reader, memory, bytes), 0);
    header->magic++;
    ck_assert_int_eq(ry_ring_join(&reader, memory, bytes), -1);
    free(memory);
}
END_TEST

/* Whatever the words say, a read ends, stays in its buffer and says something from its list. */
START_TEST(writers_are_not_trusted)
{
    enum { SLOTS = 32 };
    void *memory = new_memory(SLOTS);
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    new_ring(&writer, &reader, memory, SLOTS);
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8 + 1];
    words[RY_RING_RECORD_BYTES_MAX / 8] = 0xabcdef;
    for (uint64_t round = 0; round < 200000; round++) {
        uint64_t r = mix(round), near = reader.next + r % 40;
        uint64_t word = r >> 60 == 0 ? mix(r) : (near + 1) << 4 | (mix(r) & 15);
        ry_store_relaxed(&writer.slot[near % SLOTS].sequence, word);
        uint64_t before = reader.next;
        int n = ry_ring_read(&reader, words);
        ck_assert_int_ge(n, RY_RING_OVERRUN);
        ck_assert_int_le(n, RY_RING_RECORD_SLOTS_MAX);
        if (n == RY_RING_EMPTY)
            ck_assert_uint_eq(reader.next, before);
        else if (before < UINT64_C(1) << 59)
            ck_assert_uint_gt(reader.next, before);
        else
            ry_ring_seek(&reader, 0);
        ck_assert_uint_eq(words[RY_RING_RECORD_BYTES_MAX / 8], 0xabcdef);
    }
    free(memory);
}
END_TEST

/*
 * Two sides at once. The writer's region holds `total`, then the ring; the reader's its position.
 */
struct writer_side {
    _Alignas(RY_ISOLATION) ry_atomic_u64 total; /* slots, when all are written; 0 before */
    _Alignas(RY_ISOLATION) uint8_t ring[];
};

struct stress {
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
    struct writer_side *side;
    const struct writer_side *seen; /* the same through the reader's map */
    struct ry_ring_position *position;
    uint64_t records;
    bool lossy;
    /* what the reader found */
    uint64_t read_records, read_slots, torn, disorder;
};

static void wait_a_little(unsigned *waits)
{
    if (++*waits % 64 == 0)
        sched_yield();
    else
        ry_pause();
}

static void *write_all(void *argument)
{
    struct stress *s = argument;
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8];
    unsigned waits = 0;
    for (uint64_t i = 0; i < s->records; i++) {
        unsigned n = fill(i, words);
        while (!s->lossy && !ry_ring_has_room(&s->writer, s->position, n))
            wait_a_little(&waits);
        ry_ring_write(&s->writer, words, n);
        if (s->lossy && i % 65536 == 0)
            sched_yield(); /* on one core the reader would see the end alone */
    }
    /* R9: pairs with A9 in tests/unit/shm/test_shm_ring.c */
    ry_store_release(&s->side->total, ry_ring_written(&s->writer));
    return NULL;
}

static void *read_all(void *argument)
{
    struct stress *s = argument;
    uint64_t words[RY_RING_RECORD_BYTES_MAX / 8], last = 0;
    unsigned waits = 0;
    for (;;) {
        int n = ry_ring_read(&s->reader, words);
        if (n > 0) {
            s->torn += !is_whole(words, (unsigned)n);
            s->disorder += s->lossy ? words[0] < last : words[0] != last;
            last = words[0] + 1;
            s->read_records++;
            s->read_slots += (unsigned)n;
            ry_ring_position_store(s->position, ry_ring_next(&s->reader));
        } else if (n == RY_RING_EMPTY) {
            /* A9: pairs with R9 in tests/unit/shm/test_shm_ring.c */
            uint64_t total = ry_load_acquire(&s->seen->total);
            if (total != 0 && total == ry_ring_next(&s->reader))
                return NULL;
            wait_a_little(&waits);
        }
    }
}

static void check_stress(const struct stress *s)
{
    ck_assert_uint_eq(s->torn, 0);
    ck_assert_uint_eq(s->disorder, 0);
    ck_assert_uint_eq(s->read_slots + s->reader.lost, ry_load_relaxed(&s->seen->total));
    if (!s->lossy) {
        ck_assert_uint_eq(s->read_records, s->records);
        ck_assert_uint_eq(s->reader.lost, 0);
    } else {
        ck_assert_uint_gt(s->read_records, 0);
    }
}

static void open_stress(struct stress *s, struct ry_region region[3], uint64_t slots)
{
    size_t bytes = sizeof(struct writer_side) + ry_ring_footprint(slots);
    ck_assert_int_eq(ry_region_create(&region[0], "writer", LAYOUT, 0, bytes), 0);
    s->side = ry_region_body(&region[0]);
    ry_ring_create(&s->writer, s->side->ring, slots);
    ry_region_publish(&region[0]);
    ck_assert_int_eq(ry_region_join(&region[1], dup(region[0].fd), "writer", LAYOUT), 0);
    s->seen = ry_region_body(&region[1]);
    ck_assert_int_eq(ry_ring_join(&s->reader, s->seen->ring, ry_ring_footprint(slots)), 0);
    ck_assert_int_eq(ry_region_create(&region[2], "reader", LAYOUT, 0, sizeof *s->position), 0);
    s->position = ry_region_body(&region[2]);
    ry_region_publish(&region[2]);
}

static void close_stress(struct ry_region region[3])
{
    for (int i = 0; i < 3; i++)
        ry_region_leave(&region[i]);
}

static void stress_processes(bool lossy, uint64_t slots, uint64_t records)
{
    struct stress s = {.lossy = lossy, .records = records};
    struct ry_region region[3];
    open_stress(&s, region, slots);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        write_all(&s);
        _exit(0);
    }
    read_all(&s);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    check_stress(&s);
    close_stress(region);
}

static void stress_threads(bool lossy, uint64_t slots, uint64_t records)
{
    struct stress write_side = {.lossy = lossy, .records = records};
    struct ry_region region[3];
    open_stress(&write_side, region, slots);
    struct stress read_side = write_side;
    pthread_t writer;
    ck_assert_int_eq(pthread_create(&writer, NULL, write_all, &write_side), 0);
    read_all(&read_side);
    pthread_join(writer, NULL);
    check_stress(&read_side);
    close_stress(region);
}

static uint64_t scaled(uint64_t records)
{
    return ry_test_long() ? records * 10 : records;
}

START_TEST(processes_lossless)
{
    stress_processes(false, 4096, scaled(STRESS_RECORDS));
    stress_processes(false, 16, scaled(STRESS_RECORDS / 100));
}
END_TEST

START_TEST(processes_lossy)
{
    stress_processes(true, 64, scaled(STRESS_RECORDS / 2));
    stress_processes(true, 1024, scaled(STRESS_RECORDS / 2));
}
END_TEST

START_TEST(threads_lossless)
{
    stress_threads(false, 256, scaled(THREAD_RECORDS));
}
END_TEST

START_TEST(threads_lossy)
{
    stress_threads(true, 64, scaled(THREAD_RECORDS));
}
END_TEST

/* A writer that changes its mind about the header while somebody joins: what was checked is what is
 * used. The thread sanitizer sees a header that is read as if nobody wrote it; without it only luck
 * does. */
static void *change_slots(void *context)
{
    struct ry_ring_header *header = context;
    ry_atomic_u64 *slots = (ry_atomic_u64 *)&header->slots;
    ry_atomic_u64 *stop = (ry_atomic_u64 *)(void *)&header->zero[48];
    while (ry_load_relaxed(stop) == 0) {
        ry_store_relaxed(slots, RY_RING_SLOTS_MAX);
        ry_store_relaxed(slots, 16);
    }
    return NULL;
}

START_TEST(a_header_that_changes)
{
    enum { SLOTS = 16 };
    size_t bytes = ry_ring_footprint(SLOTS);
    void *memory =
        aligned_alloc(RY_ISOLATION, (bytes + RY_ISOLATION - 1) / RY_ISOLATION * RY_ISOLATION);
    struct ry_ring_writer writer;
    ry_ring_create(&writer, memory, SLOTS);
    struct ry_ring_header *header = memory;
    pthread_t changer;
    ck_assert_int_eq(pthread_create(&changer, NULL, change_slots, header), 0);
    unsigned joined = 0, refused = 0;
    for (unsigned i = 0; i < 200000 || joined == 0 || refused == 0; i++) {
        struct ry_ring_reader reader;
        if (ry_ring_join(&reader, memory, bytes) != 0) {
            refused++;
            continue;
        }
        joined++;
        ck_assert_uint_eq(reader.mask, SLOTS - 1);
    }
    ry_store_relaxed((ry_atomic_u64 *)(void *)&header->zero[48], 1);
    pthread_join(changer, NULL);
    free(memory);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_ring");
    TCase *t = tcase_create("ring");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, each_length_comes_back);
    tcase_add_test(t, same_as_a_queue);
    tcase_add_test(t, overruns_are_counted_exactly);
    tcase_add_test(t, seek_finds_the_next_record);
    tcase_add_test(t, half_a_record_is_not_read);
    tcase_add_test(t, positions_are_not_trusted);
    tcase_add_test(t, what_is_no_ring_is_refused);
    tcase_add_test(t, writers_are_not_trusted);
    suite_add_tcase(s, t);
    TCase *both = tcase_create("two sides");
    tcase_set_timeout(both, 1200);
    tcase_add_test(both, processes_lossless);
    tcase_add_test(both, processes_lossy);
    tcase_add_test(both, threads_lossless);
    tcase_add_test(both, threads_lossy);
    tcase_add_test(both, a_header_that_changes);
    suite_add_tcase(s, both);
    return s;
}

RY_TEST_MAIN(suite)
