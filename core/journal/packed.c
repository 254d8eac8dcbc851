#include "core/journal/packed.h"

#include <errno.h>
#include <inttypes.h>
#include <isa-l/crc.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#define SKIP_BYTES   8u /* magic and size of a frame that decoders pass over */
#define FOOTER_BYTES 9u /* u32 entries, u8 descriptor, u32 magic */
#define PACKED_MAX   ZSTD_COMPRESSBOUND(RY_JOURNAL_FRAME_BYTES_MAX)
#define MAPPED       (RY_JOURNAL_FRAME_BYTES_MAX + PACKED_MAX)

__attribute__((format(printf, 2, 3))) static int fail(struct ry_journal_packed *packed,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(packed->text, sizeof packed->text, format, arguments);
    va_end(arguments);
    return -1;
}

/* libisal leaves the usual inversion before and after to the caller, and takes an int of bytes. */
static uint32_t crc32c(uint32_t crc, const void *bytes, size_t count)
{
    return ~crc32_iscsi((unsigned char *)(uintptr_t)bytes, (int)count, ~crc);
}

static uint32_t facts_crc(const struct ry_journal_facts *facts,
                          const struct ry_journal_table_entry *entry)
{
    struct ry_journal_facts copy = *facts;
    copy.crc = 0;
    return crc32c(crc32c(0, &copy, sizeof copy), entry, (facts->frames + 1) * sizeof *entry);
}

/* ---- the tail -------------------------------------------------------------------------------- */

struct footer {
    uint32_t entries;
    uint8_t descriptor;
    uint32_t magic;
} __attribute__((packed));

static struct ry_journal_table_entry entry_of_facts(void)
{
    return (struct ry_journal_table_entry){SKIP_BYTES + sizeof(struct ry_journal_facts), 0};
}

static uint32_t table_bytes(uint32_t entries)
{
    return entries * (uint32_t)sizeof(struct ry_journal_table_entry) + FOOTER_BYTES;
}

int ry_journal_tail_write(FILE *file, struct ry_journal_facts *facts,
                          const struct ry_journal_table_entry *entry)
{
    const uint32_t entries = facts->frames + 1;
    struct ry_journal_table_entry *all = malloc(entries * sizeof *all);
    if (all == NULL)
        return -1;
    memcpy(all, entry, facts->frames * sizeof *all);
    all[facts->frames] = entry_of_facts();
    facts->crc = facts_crc(facts, all);
    const uint32_t head[2] = {RY_JOURNAL_FACTS_MAGIC, sizeof *facts},
                   table[2] = {RY_JOURNAL_TABLE_MAGIC, table_bytes(entries)};
    const struct footer footer = {.entries = entries, .magic = RY_JOURNAL_SEEK_MAGIC};
    const bool written = fwrite(head, sizeof head, 1, file) == 1 &&
                         fwrite(facts, sizeof *facts, 1, file) == 1 &&
                         fwrite(table, sizeof table, 1, file) == 1 &&
                         fwrite(all, sizeof *all, entries, file) == entries &&
                         fwrite(&footer, sizeof footer, 1, file) == 1;
    free(all);
    return written ? 0 : -1;
}

static bool read_all(int fd, uint64_t at, void *bytes, size_t count)
{
    for (size_t have = 0; have < count;) {
        const ssize_t n = pread(fd, (uint8_t *)bytes + have, count - have, (off_t)(at + have));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        have += (size_t)n;
    }
    return true;
}

/* Sizes that fit together and into memory. */
static bool entries_fit(const struct ry_journal_facts *facts,
                        const struct ry_journal_table_entry *entry)
{
    uint64_t packed = 0, plain = 0;
    for (uint32_t i = 0; i < facts->frames; i++) {
        if (entry[i].packed == 0 || entry[i].packed > PACKED_MAX || entry[i].plain == 0 ||
            entry[i].plain > RY_JOURNAL_FRAME_BYTES_MAX)
            return false;
        packed += entry[i].packed;
        plain += entry[i].plain;
    }
    const struct ry_journal_table_entry last = entry_of_facts();
    return packed == facts->packed_bytes && plain == facts->bytes &&
           memcmp(&entry[facts->frames], &last, sizeof last) == 0;
}

/* The facts and, to be freed, the table; NULL: not whole. */
static struct ry_journal_table_entry *read_tail(int fd, struct ry_journal_facts *facts)
{
    struct footer footer;
    uint32_t head[2], table[2];
    const off_t size = lseek(fd, 0, SEEK_END);
    if (size < (off_t)FOOTER_BYTES ||
        !read_all(fd, (uint64_t)size - FOOTER_BYTES, &footer, sizeof footer) ||
        footer.magic != RY_JOURNAL_SEEK_MAGIC || footer.descriptor != 0 || footer.entries < 2 ||
        footer.entries > RY_JOURNAL_FRAMES_MAX + 1)
        return NULL;
    const size_t bytes = footer.entries * sizeof(struct ry_journal_table_entry);
    const uint64_t tail = SKIP_BYTES + sizeof *facts + SKIP_BYTES + table_bytes(footer.entries);
    if ((uint64_t)size < tail)
        return NULL;
    const uint64_t at = (uint64_t)size - tail, table_at = at + SKIP_BYTES + sizeof *facts;
    struct ry_journal_table_entry *entry = malloc(bytes);
    if (entry == NULL)
        return NULL;
    if (read_all(fd, at, head, sizeof head) && head[0] == RY_JOURNAL_FACTS_MAGIC &&
        head[1] == sizeof *facts && read_all(fd, at + SKIP_BYTES, facts, sizeof *facts) &&
        read_all(fd, table_at, table, sizeof table) && table[0] == RY_JOURNAL_TABLE_MAGIC &&
        table[1] == table_bytes(footer.entries) &&
        read_all(fd, table_at + SKIP_BYTES, entry, bytes) && facts->packed_bytes == at &&
        facts->version == RY_JOURNAL_PACKED_VERSION && facts->zero == 0 &&
        facts->file.magic == RY_JOURNAL_FILE_MAGIC && facts->file.name[RY_NAME_BYTES - 1] == 0 &&
        facts->frames == footer.entries - 1 && facts->crc == facts_crc(facts, entry) &&
        entries_fit(facts, entry))
        return entry;
    free(entry);
    return NULL;
}

bool ry_journal_is_packed(int fd)
{
    uint32_t magic;
    return read_all(fd, 0, &magic, sizeof magic) && magic == RY_JOURNAL_ZSTD_MAGIC;
}

int ry_journal_facts_read(int fd, struct ry_journal_facts *facts)
{
    struct ry_journal_table_entry *entry = read_tail(fd, facts);
    free(entry);
    return entry != NULL ? 0 : -1;
}

/* ---- the frames ------------------------------------------------------------------------------ */

/* Where each frame starts. */
static int make_places(struct ry_journal_packed *packed, const struct ry_journal_table_entry *entry)
{
    const size_t frames = packed->facts.frames;
    packed->packed_at = malloc((frames + 1) * sizeof *packed->packed_at);
    packed->plain_at = malloc((frames + 1) * sizeof *packed->plain_at);
    if (packed->packed_at == NULL || packed->plain_at == NULL)
        return -1;
    packed->packed_at[0] = packed->plain_at[0] = 0;
    for (size_t i = 0; i < frames; i++) {
        packed->packed_at[i + 1] = packed->packed_at[i] + entry[i].packed;
        packed->plain_at[i + 1] = packed->plain_at[i] + entry[i].plain;
    }
    return 0;
}

static int make_memory(struct ry_journal_packed *packed)
{
    packed->content = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (packed->content == MAP_FAILED) {
        packed->content = NULL;
        return -1;
    }
    packed->packed = packed->content + RY_JOURNAL_FRAME_BYTES_MAX;
    packed->context = ZSTD_createDCtx();
    return packed->context != NULL ? 0 : -1;
}

int ry_journal_packed_open(struct ry_journal_packed *packed, int fd)
{
    *packed = (struct ry_journal_packed){.held = 0};
    struct ry_journal_table_entry *entry = read_tail(fd, &packed->facts);
    if (entry == NULL)
        return fail(packed, "the table of its frames, at its end, is cut or damaged; `zstd -dc` "
                            "gives what is whole");
    const int made = make_places(packed, entry) | make_memory(packed);
    packed->held = packed->facts.frames;
    free(entry);
    if (made == 0)
        return 0;
    ry_journal_packed_close(packed);
    return fail(packed, "no memory to decompress it");
}

/* The last frame that starts at or before `at`, which lies in one. */
static uint64_t frame_of(const struct ry_journal_packed *packed, uint64_t at)
{
    uint64_t low = 0, high = packed->facts.frames;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (packed->plain_at[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int load(struct ry_journal_packed *packed, int fd, uint64_t frame)
{
    const uint64_t at = packed->packed_at[frame];
    const size_t count = packed->packed_at[frame + 1] - at,
                 want = packed->plain_at[frame + 1] - packed->plain_at[frame];
    packed->held = packed->facts.frames;
    errno = 0;
    if (!read_all(fd, at, packed->packed, count))
        return fail(packed, "frame %" PRIu64 " at byte %" PRIu64 " of it cannot be read: %s", frame,
                    at, errno != 0 ? strerror(errno) : "it is cut");
    if (ZSTD_getFrameContentSize(packed->packed, count) != want ||
        ZSTD_findFrameCompressedSize(packed->packed, count) != count)
        return fail(packed, "frame %" PRIu64 " at byte %" PRIu64 " of it is not the table's", frame,
                    at);
    const size_t have =
        ZSTD_decompressDCtx(packed->context, packed->content, want, packed->packed, count);
    if (have != want)
        return fail(packed, "frame %" PRIu64 " at byte %" PRIu64 " of it is damaged: %s", frame, at,
                    ZSTD_isError(have) ? ZSTD_getErrorName(have) : "short");
    packed->held = frame;
    return 0;
}

ssize_t ry_journal_packed_read(struct ry_journal_packed *packed, int fd, uint64_t at,
                               uint8_t *bytes, size_t count)
{
    size_t have = 0;
    while (have < count && at + have < packed->facts.bytes) {
        const uint64_t frame = frame_of(packed, at + have);
        if (packed->held != frame && load(packed, fd, frame) != 0)
            return -1;
        const size_t from = at + have - packed->plain_at[frame];
        size_t part = packed->plain_at[frame + 1] - packed->plain_at[frame] - from;
        if (part > count - have)
            part = count - have;
        memcpy(bytes + have, packed->content + from, part);
        have += part;
    }
    return (ssize_t)have;
}

void ry_journal_packed_close(struct ry_journal_packed *packed)
{
    free(packed->packed_at);
    free(packed->plain_at);
    if (packed->content != NULL)
        munmap(packed->content, MAPPED);
    ZSTD_freeDCtx(packed->context);
    packed->packed_at = packed->plain_at = NULL;
    packed->content = NULL;
    packed->context = NULL;
}
