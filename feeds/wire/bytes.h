/*
 * Reading numbers and text out of wire bytes: unaligned, either byte order. The caller has checked
 * the length.
 */
#ifndef RY_FEEDS_WIRE_BYTES_H
#define RY_FEEDS_WIRE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t ry_wire_be16(const uint8_t *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return __builtin_bswap16(v);
}

static inline uint32_t ry_wire_be32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return __builtin_bswap32(v);
}

static inline uint64_t ry_wire_be48(const uint8_t *p)
{
    return ((uint64_t)ry_wire_be16(p) << 32) | ry_wire_be32(p + 2);
}

static inline uint64_t ry_wire_be64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return __builtin_bswap64(v);
}

static inline uint16_t ry_wire_le16(const uint8_t *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint32_t ry_wire_le32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t ry_wire_le64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* n bytes of a text field for a line that people read, '.' for what is not printable ASCII. `to`
 * has room for n + 1; returns it. */
static inline const char *ry_wire_printable(char *to, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] >= ' ' && from[i] <= '~' ? (char)from[i] : '.';
    to[n] = '\0';
    return to;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "royale runs on little-endian machines");

#endif
