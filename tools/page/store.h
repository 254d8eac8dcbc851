/*
 * What a file of a battle holds: named answers, packed and in letters, as they are written.
 *
 *     base64(gzip(entry .. entry))
 *     entry: u32 bytes of the name | u32 bytes of the answer | name | answer      little endian
 *
 * One pass, little memory: an entry goes out as it comes. gzip's header has no time in it.
 */
#ifndef RY_TOOLS_PAGE_STORE_H
#define RY_TOOLS_PAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <zlib.h>

#define RY_PAGE_PACKED_BYTES (48u << 10) /* of the packed that wait: whole threes, for base64 */

struct ry_page_store {
    FILE *out;
    z_stream packer;
    uint64_t bytes; /* of all entries, unpacked */
    size_t packed_bytes;
    bool failed; /* the disk: errno is of then */
    uint8_t packed[RY_PAGE_PACKED_BYTES];
};

/* False: no memory. */
bool ry_page_store_open(struct ry_page_store *store, FILE *out);

void ry_page_store_put(struct ry_page_store *store, const char *name, const void *answer,
                       size_t bytes);

/* False: something could not be written. */
bool ry_page_store_close(struct ry_page_store *store);

#endif
