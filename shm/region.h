/*
 * A region: memory that one process writes and others may only read.
 *
 * A sealed memfd (huge pages where there are any). Its writer creates and maps it, then seals it
 * with F_SEAL_FUTURE_WRITE | SHRINK | GROW | SEAL: after that nobody, root included, can map it for
 * writing. Readers get the descriptor over a Unix socket (SCM_RIGHTS). There is no path, so nothing
 * is left behind.
 *
 * Layout: struct ry_region_header (RY_ISOLATION bytes), then the body. The magic is stored last,
 * released: who sees it sees a whole region. Offsets, never pointers, inside.
 */
#ifndef RY_SHM_REGION_H
#define RY_SHM_REGION_H

#include "shm/atomic.h"
#include "shm/base.h"

#define RY_REGION_NAME_BYTES 32
#define RY_REGION_MAGIC      UINT64_C(0x314e474552594f52) /* "ROYREGN1" */
#define RY_REGION_ABI        1u
#define RY_REGION_HUGE_BYTES ((size_t)2 << 20)
/* Smaller regions stay on normal pages: a huge one for a few counters is a waste of what the rings
 * need. */
#define RY_REGION_HUGE_BYTES_MIN (RY_REGION_HUGE_BYTES / 2)
/* Of a body; far more than the largest of the house (16 MiB), so that whoever joins what a stranger
 * made takes little on. */
#define RY_REGION_BYTES_MAX ((size_t)256 << 20)

/* The first RY_ISOLATION bytes of every region. Constant once the magic stands there. */
struct ry_region_header {
    ry_atomic_u64 magic; /* RY_REGION_MAGIC; 0 until the body is ready */
    uint32_t abi;        /* RY_REGION_ABI */
    uint32_t creator;    /* process id, for people */
    uint64_t bytes;      /* of the whole memfd */
    uint64_t body_bytes; /* as asked for; the rest up to `bytes` is padding of pages */
    uint64_t layout;     /* what the body holds */
    uint64_t epoch;
    int64_t created_wall_ns;
    uint64_t zero;
    char name[RY_REGION_NAME_BYTES]; /* with its NUL; unused bytes are zero */
    uint8_t zero2[32];
};
RY_SIZE(struct ry_region_header, RY_ISOLATION);
RY_OFFSET(struct ry_region_header, magic, 0);
RY_OFFSET(struct ry_region_header, abi, 8);
RY_OFFSET(struct ry_region_header, creator, 12);
RY_OFFSET(struct ry_region_header, bytes, 16);
RY_OFFSET(struct ry_region_header, body_bytes, 24);
RY_OFFSET(struct ry_region_header, layout, 32);
RY_OFFSET(struct ry_region_header, epoch, 40);
RY_OFFSET(struct ry_region_header, created_wall_ns, 48);
RY_OFFSET(struct ry_region_header, name, 64);

struct ry_region {
    void *base;         /* NULL: not mapped */
    size_t bytes;       /* of the map */
    int fd;             /* the memfd; stays open, for passing on */
    const char *failed; /* of one that could not be made (RY_REGION_SYSTEM): the system call */
    bool writer;
    bool huge; /* backed by huge pages */
    /* What the header said when it was checked; it is never asked again. */
    uint64_t body_bytes;
    uint64_t epoch;
};

enum ry_region_error {
    RY_REGION_OK = 0,
    RY_REGION_SYSTEM = -1,   /* errno says what */
    RY_REGION_UNSEALED = -2, /* the descriptor could be written by others */
    RY_REGION_FOREIGN = -3,  /* magic, ABI version, size or layout differ */
};

/* Creates, maps and seals `name` (1 to RY_REGION_NAME_BYTES - 1 bytes) with room for `body_bytes`
 * (zeroed, and all of its pages are there). `layout` is a hash or number that readers must know
 * alike; `epoch` rises when a restarted role makes its region anew. RY_REGION_OK or
 * RY_REGION_SYSTEM. */
int ry_region_create(struct ry_region *region, const char *name, uint64_t layout, uint64_t epoch,
                     size_t body_bytes);

/* The writer's last word: the body is ready for readers. */
void ry_region_publish(struct ry_region *region);

/* Maps a region read-only, after checking seals, size, that all of its pages are there, and the
 * header. Takes the descriptor over on success; on failure it stays the caller's. A region that is
 * not published yet is foreign. */
int ry_region_join(struct ry_region *region, int fd, const char *name, uint64_t layout);

/* Aligned to RY_ISOLATION. */
void *ry_region_body(const struct ry_region *region);
size_t ry_region_body_bytes(const struct ry_region *region);
uint64_t ry_region_epoch(const struct ry_region *region);

/* Unmaps and closes; the struct is as if never mapped. */
void ry_region_leave(struct ry_region *region);

const char *ry_region_strerror(int error);

#endif
