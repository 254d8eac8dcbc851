/*
 * The journal's writer: inputs a second into a file, and how long a block takes from closing to its
 * last byte written; by pwrite and by io_uring, beside plain write() of the same bytes in the same
 * pieces. Written, not durable: the figure with fdatasync at the end stands beside it.
 *
 *   bench_journal [inputs [block KiB [folder]]]
 */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/journal/writer.h"
#include "shm/clock.h"
#include "tests/support/bench.h"

#define INPUTS     4000000u
#define BLOCK_KIB  64u
#define POLL_EVERY 64u /* inputs: as a role polls after a batch */

struct plan {
    uint64_t inputs;
    uint32_t block_bytes;
    char folder[512];
};

static struct ry_input input_of(uint64_t i, uint64_t last)
{
    return (struct ry_input){.head = {.kind = i == last ? RY_IN_END : RY_IN_ADD,
                                      .slots = 1,
                                      .time = (int64_t)i,
                                      .source_seq = i},
                             .ref = i * 77,
                             .price = (int64_t)(i % 1000),
                             .qty = 100,
                             .side = 1};
}

static void remove_file(const struct plan *plan)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", plan->folder, RY_JOURNAL_FILE);
    unlink(path);
}

static double seconds_since(int64_t began)
{
    return (double)(ry_clock_ns() - began) / 1e9;
}

/* The baseline: the records into a buffer, the buffer by write(). No header, no checksum. */
static void run_plain(const struct plan *plan, double *written, double *durable,
                      struct ry_bench_samples *samples)
{
    static uint8_t buffer[RY_JOURNAL_BLOCK_BYTES_MAX];
    char path[600];
    snprintf(path, sizeof path, "%s/%s", plan->folder, RY_JOURNAL_FILE);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert(fd >= 0);
    int64_t began = ry_clock_ns();
    size_t used = 0;
    for (uint64_t i = 1; i <= plan->inputs; i++) {
        struct ry_input input = input_of(i, plan->inputs);
        memcpy(buffer + used, &input, sizeof input);
        used += sizeof input;
        if (used + sizeof input <= plan->block_bytes && i < plan->inputs)
            continue;
        uint64_t tick = ry_clock_ticks();
        ssize_t n = write(fd, buffer, used);
        assert(n == (ssize_t)used);
        ry_bench_sample(samples, ry_clock_ticks() - tick);
        used = 0;
    }
    *written = (double)plan->inputs / seconds_since(began);
    assert(fdatasync(fd) == 0);
    *durable = (double)plan->inputs / seconds_since(began);
    close(fd);
    remove_file(plan);
}

struct stopwatch {
    uint64_t closed[RY_JOURNAL_FLIGHTS]; /* ticks at which a block closed; 0: a poll closed it,
                                            nobody knows when */
    uint64_t closed_count, written_count;
};

static void look_at_blocks(struct stopwatch *watch, const struct ry_journal_writer *writer,
                           uint64_t tick, struct ry_bench_samples *samples)
{
    for (; watch->closed_count < writer->current; watch->closed_count++)
        watch->closed[watch->closed_count % RY_JOURNAL_FLIGHTS] = tick;
    uint64_t now = ry_clock_ticks();
    for (; watch->written_count < writer->oldest; watch->written_count++) {
        uint64_t closed = watch->closed[watch->written_count % RY_JOURNAL_FLIGHTS];
        if (closed != 0)
            ry_bench_sample(samples, now - closed);
    }
}

static void take_one(struct ry_journal_writer *writer, uint64_t i, uint64_t last,
                     struct stopwatch *watch, struct ry_bench_samples *samples)
{
    void *room;
    while ((room = ry_journal_writer_room(writer)) == NULL) {
        assert(ry_journal_writer_poll(writer, 0) >= 0);
        look_at_blocks(watch, writer, 0, samples);
    }
    struct ry_input input = input_of(i, last);
    memcpy(room, &input, sizeof input);
    /* a stamp costs as much as a record: only where the block will close */
    bool closes = i == last || sizeof writer->head + writer->head.payload_bytes + sizeof input +
                                       RY_INPUT_SLOTS_MAX * RY_SLOT_PAYLOAD >
                                   writer->block_bytes;
    uint64_t block = writer->current, tick = closes ? ry_clock_ticks() : 0;
    int failed = ry_journal_writer_took(writer, 1, i, 0);
    assert(!failed);
    if (writer->current != block)
        look_at_blocks(watch, writer, tick, samples);
}

static bool run_writer(const struct plan *plan, bool uring, double *written, double *durable,
                       struct ry_bench_samples *samples)
{
    static struct ry_journal_writer writer;
    struct ry_journal_options options = {
        .name = "bench", .block_bytes = plan->block_bytes, .uring = uring};
    struct stopwatch watch = {.closed_count = 0};
    if (ry_journal_writer_open(&writer, plan->folder, &options) != 0) {
        fprintf(stderr, "%s\n", writer.error);
        exit(1);
    }
    if (uring && !writer.uring_used) {
        printf("%s\n", writer.refused);
        ry_journal_writer_close(&writer);
        remove_file(plan);
        return false;
    }
    int64_t began = ry_clock_ns();
    for (uint64_t i = 1; i <= plan->inputs; i++) {
        take_one(&writer, i, plan->inputs, &watch, samples);
        if (i % POLL_EVERY == 0 && i < plan->inputs) {
            assert(ry_journal_writer_poll(&writer, 0) >= 0);
            look_at_blocks(&watch, &writer, 0, samples);
        }
    }
    while (writer.written < writer.inputs) {
        assert(ry_journal_writer_poll(&writer, 0) >= 0);
        look_at_blocks(&watch, &writer, 0, samples);
    }
    *written = (double)plan->inputs / seconds_since(began);
    while (!ry_journal_writer_finished(&writer))
        assert(ry_journal_writer_poll(&writer, 0) >= 0);
    *durable = (double)plan->inputs / seconds_since(began);
    ry_journal_writer_close(&writer);
    remove_file(plan);
    return true;
}

enum way { PLAIN, PWRITE, URING };

static void measure(const struct plan *plan, enum way way, const char *name)
{
    static const char *const block[] = {"one write()", "block, closing to written",
                                        "block, closing to written"};
    double written[RY_BENCH_RUNS], durable[RY_BENCH_RUNS];
    struct ry_bench_samples samples;
    char what[96];
    ry_bench_samples_open(
        &samples,
        RY_BENCH_RUNS * (plan->inputs * sizeof(struct ry_input) / (plan->block_bytes / 2) + 2));
    struct plan warm = *plan;
    warm.inputs = plan->inputs / RY_BENCH_WARM_UP_SHARE + 1;
    for (unsigned run = 0; run <= RY_BENCH_RUNS; run++) {
        unsigned at = run > 0 ? run - 1 : 0;
        const struct plan *this_run = run > 0 ? plan : &warm;
        if (way == PLAIN)
            run_plain(this_run, &written[at], &durable[at], &samples);
        else if (!run_writer(this_run, way == URING, &written[at], &durable[at], &samples))
            goto out;
        if (run == 0)
            samples.count = 0;
    }
    snprintf(what, sizeof what, "%s, written", name);
    ry_bench_rate(what, "inputs/s", written, RY_BENCH_RUNS);
    snprintf(what, sizeof what, "%s, durable", name);
    ry_bench_rate(what, "inputs/s", durable, RY_BENCH_RUNS);
    snprintf(what, sizeof what, "%s, %s", name, block[way]);
    ry_bench_latency(what, &samples, 0);
out:
    ry_bench_samples_close(&samples);
}

int main(int argc, char **argv)
{
    struct plan plan = {.inputs = argc > 1 ? strtoull(argv[1], NULL, 10) : INPUTS,
                        .block_bytes = (argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : BLOCK_KIB)
                                       << 10};
    snprintf(plan.folder, sizeof plan.folder, "%s/bench-journal-XXXXXX", argc > 3 ? argv[3] : ".");
    if (plan.inputs == 0 || mkdtemp(plan.folder) == NULL) {
        fprintf(stderr, "bench_journal: nowhere to write, or nothing\n");
        return 2;
    }
    ry_bench_begin("journal", 1);
    ry_bench_pin(0);
    printf("%llu inputs of %zu bytes, blocks of %u KiB\n", (unsigned long long)plan.inputs,
           sizeof(struct ry_input), plan.block_bytes >> 10);
    measure(&plan, PLAIN, "plain write()");
    measure(&plan, PWRITE, "journal, pwrite");
    measure(&plan, URING, "journal, io_uring");
    rmdir(plan.folder);
    return ry_bench_end();
}
