/*
 * A region: memory that one process writes and others may only read.
 *
 * A sealed memfd (huge pages where there are any). Its writer creates and maps it, then seals it with
 * F_SEAL_FUTURE_WRITE | SHRINK | GROW | SEAL: after that nobody, root included, can map it for writing.
 * Readers get the descriptor over a Unix socket (SCM_RIGHTS). There is no path, so nothing is left behind.
 *
 * Layout: struct ry_region_header (RY_ISOLATION bytes), then the body. The magic is stored last, released:
 * who sees it sees a whole region. Offsets, never pointers, inside.
 */
#ifndef RY_SHM_REGION_H
#define RY_SHM_REGION_H

#include "shm/base.h"

#define RY_REGION_NAME_BYTES 32

struct ry_region {
    void *base;   /* NULL: not mapped */
    size_t bytes; /* of the map */
    int fd;       /* the memfd; stays open, for passing on */
    bool writer;
    bool huge; /* backed by huge pages */
};

enum ry_region_error {
    RY_REGION_OK = 0,
    RY_REGION_SYSTEM = -1,   /* errno says what */
    RY_REGION_UNSEALED = -2, /* the descriptor could be written by others */
    RY_REGION_FOREIGN = -3,  /* magic, ABI version, size or layout differ */
};

/* Creates, maps and seals `name` with room for `body_bytes` (zeroed). `layout` is a hash or number that
 * readers must know alike; `epoch` rises when a restarted role makes its region anew. */
int ry_region_create(struct ry_region *region, const char *name, uint64_t layout, uint64_t epoch,
                     size_t body_bytes);

/* The writer's last word: the body is ready for readers. */
void ry_region_publish(struct ry_region *region);

/* Maps a region read-only, after checking seals, size and header. Takes the descriptor over on success. */
int ry_region_join(struct ry_region *region, int fd, const char *name, uint64_t layout);

void *ry_region_body(const struct ry_region *region);
size_t ry_region_body_bytes(const struct ry_region *region);
uint64_t ry_region_epoch(const struct ry_region *region);

/* Unmaps and closes. */
void ry_region_leave(struct ry_region *region);

const char *ry_region_strerror(int error);

#endif
