#include "core/journal/writer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shm/clock.h"

#define SYNC_TAG UINT64_MAX /* of an fdatasync's completion; a write's is its block number */

__attribute__((format(printf, 2, 3))) static int fail(struct ry_journal_writer *writer,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(writer->error, sizeof writer->error, format, arguments);
    va_end(arguments);
    return -1;
}

/* What the operator can do about a disk that takes no more. */
static const char *remedy(int why)
{
    return why == ENOSPC || why == EDQUOT
               ? ": make room on the disk of the battle's directory, or give another by --dir"
               : "";
}

/* What failed stays so: after a failed fdatasync the kernel may call clean what is not on disk. */
static bool failed(const struct ry_journal_writer *writer)
{
    return writer->error[0] != 0;
}

/* pwrite is done with a block when it returns: the next one lies there, where the cache has it. */
static struct ry_journal_flight *flight_of(struct ry_journal_writer *writer, uint64_t block)
{
    return &writer->flight[writer->uring_used ? block % RY_JOURNAL_FLIGHTS : 0];
}

/* ---- opening --------------------------------------------------------------------------------- */

static int make_memory(struct ry_journal_writer *writer)
{
    size_t each = writer->block_bytes + ry_journal_padded(RY_RING_RECORD_BYTES_MAX);
    writer->memory_bytes = each * RY_JOURNAL_FLIGHTS;
    writer->memory = mmap(NULL, writer->memory_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (writer->memory == MAP_FAILED) {
        writer->memory = NULL;
        return fail(writer, "no memory for %d blocks of %zu bytes: %s", RY_JOURNAL_FLIGHTS,
                    writer->block_bytes, strerror(errno));
    }
    for (unsigned i = 0; i < RY_JOURNAL_FLIGHTS; i++)
        writer->flight[i].bytes = writer->memory + i * each;
    return 0;
}

/* pwrite of all of it; -1 with errno. */
static int write_all(int fd, const uint8_t *bytes, size_t count, uint64_t byte,
                     uint64_t *short_writes)
{
    for (size_t done = 0; done < count;) {
        ssize_t n = pwrite(fd, bytes + done, count - done, (off_t)(byte + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return -1;
        }
        done += (size_t)n;
        *short_writes += done < count;
    }
    return 0;
}

/* The header, durable with the name of the file before the first input is taken. */
static int make_file(struct ry_journal_writer *writer, const char *directory,
                     const struct ry_journal_options *options)
{
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fail(writer, "cannot open %s: %s", directory, strerror(errno));
    writer->fd = openat(folder, RY_JOURNAL_FILE, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (writer->fd < 0) {
        fail(writer, "cannot make %s/%s: %s", directory, RY_JOURNAL_FILE, strerror(errno));
        close(folder);
        return -1;
    }
    ry_journal_file_encode(writer->memory, &options->battle_id, options->name, options->seed,
                           options->isolated);
    int result =
        write_all(writer->fd, writer->memory, RY_JOURNAL_ALIGN, 0, &writer->counters.short_writes) |
        fsync(writer->fd) | fsync(folder);
    if (result != 0)
        fail(writer, "cannot write the header of %s/%s: %s", directory, RY_JOURNAL_FILE,
             strerror(errno));
    close(folder);
    return result != 0 ? -1 : 0;
}

static void open_uring(struct ry_journal_writer *writer)
{
    int error = io_uring_queue_init(2 * RY_JOURNAL_FLIGHTS, &writer->uring, 0);
    if (error < 0) {
        snprintf(writer->refused, sizeof writer->refused,
                 "io_uring is refused (%s): writing with pwrite", strerror(-error));
        return;
    }
    io_uring_ring_dontfork(&writer->uring);
    writer->uring_used = true;
    writer->counters.uring = 1;
}

int ry_journal_writer_open(struct ry_journal_writer *writer, const char *directory,
                           const struct ry_journal_options *options)
{
    memset(writer, 0, sizeof *writer);
    writer->fd = -1;
    if (options->block_bytes < RY_JOURNAL_BLOCK_BYTES_MIN ||
        options->block_bytes > RY_JOURNAL_BLOCK_BYTES_MAX)
        return fail(writer, "journal blocks of %u bytes: must be %u to %u", options->block_bytes,
                    RY_JOURNAL_BLOCK_BYTES_MIN, RY_JOURNAL_BLOCK_BYTES_MAX);
    writer->block_bytes = options->block_bytes / RY_JOURNAL_ALIGN * RY_JOURNAL_ALIGN;
    writer->head.epoch = options->epoch;
    writer->byte = RY_JOURNAL_ALIGN;
    writer->synced_ns = options->now_ns;
    if (make_memory(writer) != 0 || make_file(writer, directory, options) != 0) {
        ry_journal_writer_close(writer);
        return -1;
    }
    if (options->uring)
        open_uring(writer);
    return 0;
}

/* ---- one block's way ------------------------------------------------------------------------- */

/* Blocks are written when all before them are: `written` never runs ahead of a hole. */
static int retire(struct ry_journal_writer *writer)
{
    int retired = 0;
    while (writer->oldest < writer->current && flight_of(writer, writer->oldest)->whole) {
        writer->written = flight_of(writer, writer->oldest)->last_input;
        writer->oldest++;
        retired++;
    }
    writer->counters.inputs_written = writer->written;
    return retired;
}

static void finish_flight(struct ry_journal_writer *writer, struct ry_journal_flight *flight)
{
    uint64_t took_ns = (uint64_t)(ry_clock_ns() - flight->closed_ns);
    flight->whole = true;
    ry_histogram_add(&writer->block_ns, took_ns);
    if (took_ns > writer->counters.block_ns_max)
        writer->counters.block_ns_max = took_ns;
}

/* Hands queued entries to the kernel; when it has no room for them now, the next poll does it. */
static int submit(struct ry_journal_writer *writer)
{
    int n = io_uring_submit(&writer->uring);
    if (n < 0 && n != -EAGAIN && n != -EBUSY && n != -EINTR)
        return fail(writer, "io_uring_submit: %s", strerror(-n));
    return 0;
}

static struct io_uring_sqe *entry(struct ry_journal_writer *writer)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&writer->uring);
    assert(sqe != NULL); /* at most one a flight and one fdatasync */
    return sqe;
}

static int queue_write(struct ry_journal_writer *writer, uint64_t block)
{
    struct ry_journal_flight *flight = flight_of(writer, block);
    struct io_uring_sqe *sqe = entry(writer);
    io_uring_prep_write(sqe, writer->fd, flight->bytes + flight->done,
                        (unsigned)(flight->padded - flight->done), flight->byte + flight->done);
    io_uring_sqe_set_data64(sqe, block);
    return submit(writer);
}

static int close_block(struct ry_journal_writer *writer)
{
    struct ry_journal_flight *flight = flight_of(writer, writer->current);
    writer->head.durable = writer->durable;
    flight->padded = ry_journal_block_encode(flight->bytes, &writer->head);
    flight->done = 0;
    flight->byte = writer->byte;
    flight->last_input = writer->inputs;
    flight->closed_ns = ry_clock_ns();
    flight->whole = false;
    writer->counters.blocks++;
    writer->counters.bytes += flight->padded;
    writer->byte += flight->padded;
    writer->head = (struct ry_journal_block){
        .epoch = writer->head.epoch,
        .number = writer->head.number + 1,
    };
    uint64_t block = writer->current++;
    if (writer->uring_used)
        return queue_write(writer, block);
    if (write_all(writer->fd, flight->bytes, flight->padded, flight->byte,
                  &writer->counters.short_writes) != 0)
        return fail(writer, "cannot write block %llu of the journal: %s%s",
                    (unsigned long long)block, strerror(errno), remedy(errno));
    finish_flight(writer, flight);
    retire(writer);
    return 0;
}

/* The block with the END waits for those before it, see core/journal/block.h. */
static bool last_block_due(const struct ry_journal_writer *writer)
{
    return writer->ended && writer->head.count > 0 &&
           writer->durable == writer->head.first_input - 1;
}

static bool open_block_due(const struct ry_journal_writer *writer, int64_t now_ns)
{
    bool old = writer->head.count > 0 && now_ns - writer->first_ns >= RY_JOURNAL_BLOCK_NS_MAX;
    return writer->ended ? last_block_due(writer) : old;
}

void *ry_journal_writer_room(struct ry_journal_writer *writer)
{
    if (writer->current - writer->oldest == RY_JOURNAL_FLIGHTS) {
        writer->counters.flight_waits++;
        return NULL;
    }
    return flight_of(writer, writer->current)->bytes + sizeof writer->head +
           writer->head.payload_bytes;
}

int ry_journal_writer_took(struct ry_journal_writer *writer, unsigned slots, uint64_t slot,
                           int64_t now_ns)
{
    const struct ry_input_head *record = ry_journal_writer_room(writer);
    if (failed(writer))
        return -1;
    if (writer->ended)
        return fail(writer, "an input came after the END");
    if (slots != record->slots || slots < 1 || slots > RY_INPUT_SLOTS_MAX)
        return fail(writer, "input %llu says %u slots, the ring says %u",
                    (unsigned long long)(writer->inputs + 1), record->slots, slots);
    if (writer->head.count == 0) {
        writer->head.first_input = writer->inputs + 1;
        writer->head.first_slot = slot;
        writer->first_ns = now_ns;
    }
    writer->inputs++;
    writer->counters.inputs++;
    writer->head.count++;
    writer->head.payload_bytes += slots * (uint32_t)RY_SLOT_PAYLOAD;
    writer->ended = record->kind == RY_IN_END;
    if (writer->ended)
        writer->head.flags |= RY_JOURNAL_LAST;
    size_t used = sizeof writer->head + writer->head.payload_bytes;
    bool full = used + RY_INPUT_SLOTS_MAX * RY_SLOT_PAYLOAD > writer->block_bytes;
    if (writer->ended ? last_block_due(writer) : full)
        return close_block(writer);
    return 0;
}

/* ---- completions ----------------------------------------------------------------------------- */

static int write_completed(struct ry_journal_writer *writer, uint64_t block, int result)
{
    struct ry_journal_flight *flight = flight_of(writer, block);
    if (result == -EINTR || result == -EAGAIN)
        return queue_write(writer, block);
    if (result <= 0) {
        int why = result == 0 ? ENOSPC : -result;
        return fail(writer, "cannot write block %llu of the journal: %s%s",
                    (unsigned long long)block, strerror(why), remedy(why));
    }
    flight->done += (size_t)result;
    if (flight->done < flight->padded) {
        writer->counters.short_writes++;
        return queue_write(writer, block);
    }
    finish_flight(writer, flight);
    return 0;
}

static int sync_completed(struct ry_journal_writer *writer, int result)
{
    writer->syncing = false;
    if (result < 0)
        return fail(writer, "fdatasync of the journal: %s", strerror(-result));
    writer->durable = writer->counters.inputs_durable = writer->syncing_to;
    writer->counters.syncs++;
    return 0;
}

static int start_sync(struct ry_journal_writer *writer, int64_t now_ns)
{
    writer->syncing = true;
    writer->syncing_to = writer->written;
    writer->synced_ns = now_ns;
    if (!writer->uring_used)
        return sync_completed(writer, fdatasync(writer->fd) == 0 ? 0 : -errno);
    struct io_uring_sqe *sqe = entry(writer);
    io_uring_prep_fsync(sqe, writer->fd, IORING_FSYNC_DATASYNC);
    io_uring_sqe_set_data64(sqe, SYNC_TAG);
    return submit(writer);
}

static int reap(struct ry_journal_writer *writer)
{
    struct io_uring_cqe *cqe[2 * RY_JOURNAL_FLIGHTS];
    if (io_uring_sq_ready(&writer->uring) > 0 && submit(writer) != 0)
        return -1;
    unsigned n = io_uring_peek_batch_cqe(&writer->uring, cqe, 2 * RY_JOURNAL_FLIGHTS);
    for (unsigned i = 0; i < n; i++) {
        uint64_t tag = io_uring_cqe_get_data64(cqe[i]);
        int result = cqe[i]->res;
        if (tag == SYNC_TAG ? sync_completed(writer, result) : write_completed(writer, tag, result))
            return -1;
    }
    io_uring_cq_advance(&writer->uring, n);
    return (int)n;
}

int ry_journal_writer_poll(struct ry_journal_writer *writer, int64_t now_ns)
{
    int work = 0;
    if (failed(writer))
        return -1;
    if (open_block_due(writer, now_ns)) {
        writer->counters.blocks_by_time += !writer->ended;
        if (close_block(writer) != 0)
            return -1;
        work++;
    }
    if (writer->uring_used) {
        int reaped = reap(writer);
        if (reaped < 0)
            return -1;
        work += reaped;
    }
    work += retire(writer);
    bool last =
        writer->ended && writer->oldest == writer->current; /* all that is closed is written */
    bool due = last || now_ns - writer->synced_ns >= RY_JOURNAL_SYNC_EVERY_NS;
    if (due && !writer->syncing && writer->written > writer->durable) {
        if (start_sync(writer, now_ns) != 0)
            return -1;
        work++;
    }
    return work;
}

/* Until all blocks that are closed are durable. */
static int drain(struct ry_journal_writer *writer, int64_t now_ns)
{
    uint64_t closed = writer->head.count > 0 ? writer->head.first_input - 1 : writer->inputs;
    while (writer->durable < closed) {
        if (writer->written == closed && !writer->syncing && start_sync(writer, now_ns) != 0)
            return -1;
        struct io_uring_cqe *cqe;
        if (writer->uring_used && (writer->oldest < writer->current || writer->syncing)) {
            int error = submit(writer) != 0 ? -1 : io_uring_wait_cqe(&writer->uring, &cqe);
            if (error < 0 && error != -EINTR)
                return writer->error[0] != 0
                           ? -1
                           : fail(writer, "io_uring_wait_cqe: %s", strerror(-error));
        }
        if (writer->uring_used && reap(writer) < 0)
            return -1;
        retire(writer);
    }
    return 0;
}

int ry_journal_writer_flush(struct ry_journal_writer *writer, int64_t now_ns)
{
    if (failed(writer) || (writer->ended && drain(writer, now_ns) != 0))
        return -1;
    if (writer->head.count > 0 && close_block(writer) != 0)
        return -1;
    return drain(writer, now_ns);
}

void ry_journal_writer_close(struct ry_journal_writer *writer)
{
    if (writer->uring_used)
        io_uring_queue_exit(&writer->uring);
    if (writer->fd >= 0)
        close(writer->fd);
    if (writer->memory != NULL)
        munmap(writer->memory, writer->memory_bytes);
    writer->uring_used = false;
    writer->fd = -1;
    writer->memory = NULL;
}
