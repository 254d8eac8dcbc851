#include "shm/region.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef MFD_HUGE_2MB
#define MFD_HUGE_2MB (21u << 26)
#endif

#define BLOCK_BYTES 512 /* the unit of st_blocks, see stat(3type) */
#define SEALS       (F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

/* Undoes whatever stands of `region`, keeping errno and the call that set it. */
static int fail(struct ry_region *region, const char *call)
{
    int error = errno;
    ry_region_leave(region);
    region->failed = call;
    errno = error;
    return RY_REGION_SYSTEM;
}

/*
 * Allocates and maps, so that a lack of memory is an error here and never a signal later. fallocate
 * takes the pages, MAP_POPULATE the page-table entries.
 */
static int make_memory(struct ry_region *region, const char *name, size_t bytes, bool huge)
{
    *region = (struct ry_region){
        .bytes = round_up(bytes, huge ? RY_REGION_HUGE_BYTES : (size_t)sysconf(_SC_PAGESIZE)),
        .writer = true,
        .huge = huge,
    };
    region->fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING |
                                        (huge ? MFD_HUGETLB | MFD_HUGE_2MB : 0u));
    if (region->fd < 0)
        return fail(region, "memfd_create");
    if (fallocate(region->fd, 0, 0, (off_t)region->bytes) != 0)
        return fail(region, "fallocate");
    void *base =
        mmap(NULL, region->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, region->fd, 0);
    if (base == MAP_FAILED)
        return fail(region, "mmap");
    region->base = base;
    return RY_REGION_OK;
}

int ry_region_create(struct ry_region *region, const char *name, uint64_t layout, uint64_t epoch,
                     size_t body_bytes)
{
    assert(name[0] != '\0' && strlen(name) < RY_REGION_NAME_BYTES);
    if (body_bytes == 0 || body_bytes > RY_REGION_BYTES_MAX) {
        *region = (struct ry_region){.fd = -1, .failed = "its size"};
        errno = EINVAL;
        return RY_REGION_SYSTEM;
    }
    size_t bytes = sizeof(struct ry_region_header) + body_bytes;
    int made = RY_REGION_SYSTEM;
    if (bytes >= RY_REGION_HUGE_BYTES_MIN)
        made = make_memory(region, name, bytes, true);
    if (made != RY_REGION_OK)
        made = make_memory(region, name, bytes, false);
    if (made != RY_REGION_OK)
        return made;
    if (fcntl(region->fd, F_ADD_SEALS, SEALS) != 0)
        return fail(region, "fcntl(F_ADD_SEALS)");

    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct ry_region_header *header = region->base;
    header->abi = RY_REGION_ABI;
    header->creator = (uint32_t)getpid();
    header->bytes = region->bytes;
    header->body_bytes = body_bytes;
    header->layout = layout;
    header->epoch = epoch;
    header->created_wall_ns = now.tv_sec * RY_NS_PER_SECOND + now.tv_nsec;
    memcpy(header->name, name, strlen(name));
    region->body_bytes = body_bytes;
    region->epoch = epoch;
    return RY_REGION_OK;
}

void ry_region_publish(struct ry_region *region)
{
    assert(region->base != NULL && region->writer);
    struct ry_region_header *header = region->base;
    ry_store_release(&header->magic, RY_REGION_MAGIC); /* R4: pairs with A4 in shm/region.c */
}

/* `header` is the reader's own copy. */
static bool header_is_right(const struct ry_region_header *header, uint64_t bytes, const char *name,
                            uint64_t layout)
{
    char wanted[RY_REGION_NAME_BYTES] = {0};
    size_t length = strlen(name);
    if (length >= sizeof wanted)
        return false;
    memcpy(wanted, name, length);
    return header->abi == RY_REGION_ABI && header->bytes == bytes && header->layout == layout &&
           header->body_bytes > 0 && header->body_bytes <= bytes - sizeof *header &&
           memcmp(header->name, wanted, sizeof wanted) == 0;
}

int ry_region_join(struct ry_region *region, int fd, const char *name, uint64_t layout)
{
    *region = (struct ry_region){.fd = -1};

    /* The seals come first: only then do size and memory stay what they are when looked at. */
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 && errno != EINVAL)
        return RY_REGION_SYSTEM;
    if (seals < 0 || (seals & SEALS) != SEALS)
        return RY_REGION_UNSEALED;

    struct stat status;
    if (fstat(fd, &status) != 0)
        return RY_REGION_SYSTEM;
    if (status.st_size <= (off_t)sizeof(struct ry_region_header) ||
        (uint64_t)status.st_size > RY_REGION_BYTES_MAX + RY_REGION_HUGE_BYTES)
        return RY_REGION_FOREIGN;
    /* Pages that are not there would be made by mapping, at our cost; the seals keep those that
     * are. */
    if ((uint64_t)status.st_blocks * BLOCK_BYTES < (uint64_t)status.st_size)
        return RY_REGION_FOREIGN;
    size_t bytes = (size_t)status.st_size;
    void *base = mmap(NULL, bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (base == MAP_FAILED)
        return RY_REGION_SYSTEM;

    const struct ry_region_header *shared = base;
    union {
        struct ry_region_header header;
        uint64_t word[sizeof(struct ry_region_header) / 8];
    } copy;
    uint64_t magic = ry_load_acquire(&shared->magic); /* A4: pairs with R4 in shm/region.c */
    ry_load_words(copy.word, shared, sizeof copy / 8);
    if (magic != RY_REGION_MAGIC || !header_is_right(&copy.header, bytes, name, layout)) {
        munmap(base, bytes);
        return RY_REGION_FOREIGN;
    }
    *region = (struct ry_region){
        .base = base,
        .bytes = bytes,
        .fd = fd,
        .huge = (size_t)status.st_blksize >= RY_REGION_HUGE_BYTES,
        .body_bytes = copy.header.body_bytes,
        .epoch = copy.header.epoch,
    };
    return RY_REGION_OK;
}

void *ry_region_body(const struct ry_region *region)
{
    return (char *)region->base + sizeof(struct ry_region_header);
}

size_t ry_region_body_bytes(const struct ry_region *region)
{
    return region->body_bytes;
}

uint64_t ry_region_epoch(const struct ry_region *region)
{
    return region->epoch;
}

void ry_region_leave(struct ry_region *region)
{
    if (region->base != NULL)
        munmap(region->base, region->bytes);
    if (region->fd >= 0)
        close(region->fd);
    *region = (struct ry_region){.fd = -1};
}

const char *ry_region_strerror(int error)
{
    switch (error) {
    case RY_REGION_OK: return "no error";
    case RY_REGION_SYSTEM: return strerror(errno);
    case RY_REGION_UNSEALED:
        return "the region's descriptor could be written by others (its seals are missing)";
    case RY_REGION_FOREIGN:
        return "not the region that was wanted (magic, ABI version, size, pages, layout or name differ)";
    default: return "unknown error";
    }
}
