#include "tools/page/store.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define GZIP_WINDOW 31 /* 15 bits, and 16 for gzip's header */
#define GZIP_LEVEL  9
#define GZIP_MEMORY 9
#define PART_BYTES  (16u << 10) /* that zlib is given at once */

static_assert(RY_PAGE_PACKED_BYTES % 3 == 0, "base64 of parts is base64 of the whole");

bool ry_page_store_open(struct ry_page_store *store, FILE *out)
{
    *store = (struct ry_page_store){.out = out};
    store->packer.next_out = store->packed;
    store->packer.avail_out = sizeof store->packed;
    return deflateInit2(&store->packer, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                        Z_DEFAULT_STRATEGY) == Z_OK;
}

static void write_packed(struct ry_page_store *store)
{
    static char
        text[sodium_base64_ENCODED_LEN(RY_PAGE_PACKED_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    const size_t bytes = sizeof store->packed - store->packer.avail_out;
    (void)sodium_bin2base64(text, sizeof text, store->packed, bytes,
                            sodium_base64_VARIANT_ORIGINAL);
    store->failed = fputs(text, store->out) == EOF || store->failed;
    store->packed_bytes += bytes;
    store->packer.next_out = store->packed;
    store->packer.avail_out = sizeof store->packed;
}

static void pack_part(struct ry_page_store *store, const uint8_t *bytes, size_t count, int flush)
{
    uint8_t part[PART_BYTES]; /* zlib's pointer is none to const */
    int code;
    memcpy(part, bytes, count);
    store->packer.next_in = part;
    store->packer.avail_in = (uInt)count;
    do {
        code = deflate(&store->packer, flush);
        assert(code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR);
        if (store->packer.avail_out == 0)
            write_packed(store);
    } while (store->packer.avail_in > 0 || (flush == Z_FINISH && code != Z_STREAM_END));
}

static void pack(struct ry_page_store *store, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;
    for (size_t now; count > 0; from += now, count -= now) {
        now = count < PART_BYTES ? count : PART_BYTES;
        pack_part(store, from, now, Z_NO_FLUSH);
    }
}

static void put_u32(struct ry_page_store *store, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                              (uint8_t)(value >> 24)};
    pack(store, bytes, sizeof bytes);
}

void ry_page_store_put(struct ry_page_store *store, const char *name, const void *answer,
                       size_t bytes)
{
    assert(bytes <= UINT32_MAX);
    put_u32(store, (uint32_t)strlen(name));
    put_u32(store, (uint32_t)bytes);
    pack(store, name, strlen(name));
    pack(store, answer, bytes);
    store->bytes += bytes;
}

bool ry_page_store_close(struct ry_page_store *store)
{
    pack_part(store, store->packed, 0, Z_FINISH);
    write_packed(store);
    (void)deflateEnd(&store->packer);
    return !store->failed;
}
