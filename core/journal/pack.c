#include "core/journal/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL         3 /* of zstd: see docs/PERFORMANCE.md */
#define COMPARE_BYTES 32768u
#define ENTRIES_FIRST 1024u

struct work {
    struct ry_journal_pack *pack;
    int folder, plain; /* descriptors; the lock is plain's */
    struct stat status;
    struct ry_journal_reader reader; /* of the same file */
    bool reads;
    FILE *part;
    ZSTD_CCtx *zstd;
    uint8_t *content, *packed;
    size_t have; /* of `content` */
    struct ry_journal_facts facts;
    struct ry_journal_table_entry *entry;
    uint32_t room; /* of `entry` */
};

__attribute__((format(printf, 2, 3))) static enum ry_journal_pack_how fail(struct work *work,
                                                                           const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(work->pack->text, sizeof work->pack->text, format, arguments);
    va_end(arguments);
    return RY_JOURNAL_FAILED;
}

static bool stopped(const struct work *work)
{
    return work->pack->stop != NULL && work->pack->stop(work->pack->context);
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum ry_journal_pack_how write_failed(struct work *work)
{
    return fail(work, "cannot write " RY_JOURNAL_PART_FILE ": %s", strerror(errno));
}

static bool has_room_for_entry(struct work *work)
{
    if (work->facts.frames < work->room)
        return true;
    const uint32_t room = work->room == 0 ? ENTRIES_FIRST : 2 * work->room;
    struct ry_journal_table_entry *entry = realloc(work->entry, room * sizeof *entry);
    if (entry == NULL || work->facts.frames == RY_JOURNAL_FRAMES_MAX)
        return false;
    work->entry = entry;
    work->room = room;
    return true;
}

static enum ry_journal_pack_how end_frame(struct work *work)
{
    if (!has_room_for_entry(work))
        return fail(work, "no memory for its frames");
    const size_t n =
        ZSTD_compress2(work->zstd, work->packed, ZSTD_compressBound(RY_JOURNAL_FRAME_BYTES_MAX),
                       work->content, work->have);
    if (ZSTD_isError(n))
        return fail(work, "zstd: %s", ZSTD_getErrorName(n));
    if (fwrite(work->packed, 1, n, work->part) != n)
        return write_failed(work);
    work->entry[work->facts.frames++] =
        (struct ry_journal_table_entry){(uint32_t)n, (uint32_t)work->have};
    work->facts.packed_bytes += n;
    work->facts.bytes += work->have;
    work->have = 0;
    return RY_JOURNAL_PACKED;
}

/* The reader has verified the block at hand; it stands in its memory as in the file. */
static void take_block(struct work *work)
{
    const struct ry_journal_block *block = &work->reader.block;
    const size_t padded = ry_journal_padded(sizeof *block + block->payload_bytes);
    memcpy(work->content + work->have, work->reader.memory, padded);
    work->have += padded;
}

/* Frame after frame to the END. */
static enum ry_journal_pack_how write_frames(struct work *work)
{
    const union ry_input_any *input;
    enum ry_journal_next next;
    memcpy(work->content, work->reader.memory, RY_JOURNAL_ALIGN); /* the header, by its open */
    work->have = RY_JOURNAL_ALIGN;
    while ((next = ry_journal_next(&work->reader, &input)) == RY_JOURNAL_INPUT) {
        if (work->reader.given > 1)
            continue;
        if (work->have >= RY_JOURNAL_FRAME_BYTES) {
            const enum ry_journal_pack_how how = end_frame(work);
            if (how != RY_JOURNAL_PACKED)
                return how;
            if (stopped(work))
                return RY_JOURNAL_STOPPED;
        }
        take_block(work);
    }
    if (next == RY_JOURNAL_ERROR)
        return fail(work, "it is damaged: %s", work->reader.text);
    return next == RY_JOURNAL_END ? end_frame(work) : RY_JOURNAL_NOT_ENDED;
}

static int64_t born_ns(const struct work *work)
{
    struct statx born = {.stx_mask = 0};
    if (statx(work->plain, "", AT_EMPTY_PATH, STATX_BTIME, &born) != 0 ||
        (born.stx_mask & STATX_BTIME) == 0)
        return work->status.st_mtim.tv_sec * RY_NS_PER_SECOND + work->status.st_mtim.tv_nsec;
    return born.stx_btime.tv_sec * RY_NS_PER_SECOND + born.stx_btime.tv_nsec;
}

static enum ry_journal_pack_how write_part(struct work *work)
{
    const struct stat *status = &work->status;
    const struct timespec times[2] = {status->st_atim, status->st_mtim};
    enum ry_journal_pack_how how = write_frames(work);
    if (how != RY_JOURNAL_PACKED)
        return how;
    work->facts.version = RY_JOURNAL_PACKED_VERSION;
    work->facts.inputs = work->reader.inputs;
    work->facts.blocks = work->reader.blocks;
    work->facts.begun_ns = born_ns(work);
    work->facts.changed_ns = status->st_mtim.tv_sec * RY_NS_PER_SECOND + status->st_mtim.tv_nsec;
    work->facts.file = work->reader.file;
    if (ry_journal_tail_write(work->part, &work->facts, work->entry) != 0 ||
        fflush(work->part) != 0)
        return write_failed(work);
    const int fd = fileno(work->part);
    if (fchown(fd, status->st_uid, status->st_gid) != 0 && errno != EPERM)
        return write_failed(work);
    if (fchmod(fd, status->st_mode & 07777) != 0 || futimens(fd, times) != 0 || fsync(fd) != 0)
        return write_failed(work);
    return RY_JOURNAL_PACKED;
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* Whether the compressed file of that name gives inputs.ryj, byte for byte, as far as the disk
 * lets be asked. */
static bool gives_the_same(struct work *work, const char *name)
{
    struct ry_journal_packed packed;
    uint8_t a[COMPARE_BYTES], b[COMPARE_BYTES];
    const int fd = openat(work->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (ry_journal_packed_open(&packed, fd) != 0) {
        close(fd);
        return false;
    }
    uint64_t at = 0;
    ssize_t n = 1;
    for (; n > 0 && !stopped(work); at += (uint64_t)n) {
        n = pread(work->plain, a, sizeof a, (off_t)at);
        if (n < 0 || ry_journal_packed_read(&packed, fd, at, b, sizeof b) != n ||
            memcmp(a, b, (size_t)n) != 0)
            n = -1;
        if (n < 0)
            break;
    }
    const bool same = n == 0 && at == packed.facts.bytes && at == (uint64_t)work->status.st_size;
    ry_journal_packed_close(&packed);
    close(fd);
    return same;
}

/* Now that the copy is whole and durable under its name. */
static enum ry_journal_pack_how drop_plain(struct work *work)
{
    struct stat packed;
    if (fstatat(work->folder, RY_JOURNAL_PACKED_FILE, &packed, AT_SYMLINK_NOFOLLOW) != 0 ||
        fsync(work->folder) != 0 ||
        (unlinkat(work->folder, RY_JOURNAL_FILE, 0) != 0 && errno != ENOENT))
        return fail(work, "cannot remove " RY_JOURNAL_FILE ": %s", strerror(errno));
    (void)fsync(work->folder);
    work->pack->bytes = (uint64_t)work->status.st_size;
    work->pack->packed_bytes = (uint64_t)packed.st_size;
    return RY_JOURNAL_PACKED;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum ry_journal_pack_how make_part(struct work *work)
{
    (void)unlinkat(work->folder, RY_JOURNAL_PART_FILE, 0); /* of one that was killed */
    const int fd = openat(work->folder, RY_JOURNAL_PART_FILE,
                          O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    work->part = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (work->part == NULL) {
        if (fd >= 0)
            close(fd);
        return write_failed(work);
    }
    enum ry_journal_pack_how how = write_part(work);
    if (how == RY_JOURNAL_PACKED && !gives_the_same(work, RY_JOURNAL_PART_FILE))
        how = stopped(work)
                  ? RY_JOURNAL_STOPPED
                  : fail(work, RY_JOURNAL_PART_FILE ", read back, is not what was written");
    if (how == RY_JOURNAL_PACKED &&
        renameat(work->folder, RY_JOURNAL_PART_FILE, work->folder, RY_JOURNAL_PACKED_FILE) != 0)
        how = write_failed(work);
    if (how != RY_JOURNAL_PACKED)
        (void)unlinkat(work->folder, RY_JOURNAL_PART_FILE, 0);
    return how;
}

static int get_memory(struct work *work)
{
    work->content = malloc(RY_JOURNAL_FRAME_BYTES_MAX);
    work->packed = malloc(ZSTD_compressBound(RY_JOURNAL_FRAME_BYTES_MAX));
    work->zstd = ZSTD_createCCtx();
    return work->content == NULL || work->packed == NULL || work->zstd == NULL ||
                   ZSTD_isError(
                       ZSTD_CCtx_setParameter(work->zstd, ZSTD_c_compressionLevel, LEVEL)) ||
                   ZSTD_isError(ZSTD_CCtx_setParameter(work->zstd, ZSTD_c_checksumFlag, 1))
               ? -1
               : 0;
}

static enum ry_journal_pack_how pack_it(struct work *work)
{
    if (flock(work->plain, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? RY_JOURNAL_BUSY
                                    : fail(work, "cannot lock it: %s", strerror(errno));
    if (fstat(work->plain, &work->status) != 0)
        return fail(work, "cannot look at it: %s", strerror(errno));
    /* Killed between the rename and the removal. */
    if (gives_the_same(work, RY_JOURNAL_PACKED_FILE))
        return drop_plain(work);
    const int fd = fcntl(work->plain, F_DUPFD_CLOEXEC, 0);
    work->reads = fd >= 0 && ry_journal_open_fd(&work->reader, fd, RY_JOURNAL_FILE) == 0;
    if (!work->reads)
        return fail(work, "%s", fd < 0 ? strerror(errno) : work->reader.text);
    if (get_memory(work) != 0)
        return fail(work, "no memory to compress it");
    const enum ry_journal_pack_how how = make_part(work);
    return how == RY_JOURNAL_PACKED ? drop_plain(work) : how;
}

static void let_go(struct work *work)
{
    if (work->part != NULL)
        fclose(work->part);
    if (work->reads)
        ry_journal_close(&work->reader);
    ZSTD_freeCCtx(work->zstd);
    free(work->content);
    free(work->packed);
    free(work->entry);
    if (work->plain >= 0)
        close(work->plain);
    if (work->folder >= 0)
        close(work->folder);
}

enum ry_journal_pack_how ry_journal_pack(const char *directory, struct ry_journal_pack *pack)
{
    struct work work = {.pack = pack, .plain = -1};
    struct stat packed;
    enum ry_journal_pack_how how;
    pack->text[0] = 0;
    pack->bytes = pack->packed_bytes = 0;
    work.folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (work.folder >= 0)
        work.plain = openat(work.folder, RY_JOURNAL_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (work.plain >= 0)
        how = pack_it(&work);
    else if (work.folder >= 0 && errno == ENOENT &&
             fstatat(work.folder, RY_JOURNAL_PACKED_FILE, &packed, AT_SYMLINK_NOFOLLOW) == 0)
        how = RY_JOURNAL_WAS;
    else
        how = fail(&work, "cannot open it: %s", strerror(errno));
    let_go(&work);
    return how;
}
