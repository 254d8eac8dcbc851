/*
 * ITCH 5.0 messages of the generator, and the BinaryFILE that holds them.
 *
 * Layouts: "Nasdaq TotalView-ITCH 5.0", big-endian, offsets from the message's first byte. A
 * BinaryFILE is {u16 length, message} repeated, ended by a zero length.
 */
#ifndef RY_TOOLS_GENERATE_ITCH_H
#define RY_TOOLS_GENERATE_ITCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RY_GENERATE_ITCH_BYTES_MAX 50
#define RY_GENERATE_SYMBOL_BYTES   8

/* What happens, in one shape for all types; a type takes the fields that it has. */
struct ry_generate_message {
    uint64_t time_ns; /* since midnight in New York */
    uint64_t ref;
    uint64_t ref_new; /* U */
    uint64_t match;
    uint32_t shares;
    uint32_t price;  /* 1e-4 of the currency */
    uint16_t locate; /* 0 in S */
    char type;
    char side;          /* 'B', 'S' */
    char code;          /* S event, H state, Y action, C printable, Q cross type */
    const char *symbol; /* 8 characters, filled up with spaces */
    const char *text;   /* 4 characters: F's MPID, H's reason */
};

/* Encodes into `out`, RY_GENERATE_ITCH_BYTES_MAX bytes; returns the message's length. */
size_t ry_generate_itch_encode(const struct ry_generate_message *message, uint8_t *out);

/* A BinaryFILE on the caller's stream. False: the stream has failed, see errno. */
bool ry_generate_itch_write(FILE *file, const uint8_t *message, size_t bytes);
bool ry_generate_itch_end(FILE *file);

static inline void ry_generate_put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void ry_generate_put32(uint8_t *at, uint32_t value)
{
    ry_generate_put16(at, (uint16_t)(value >> 16));
    ry_generate_put16(at + 2, (uint16_t)value);
}

static inline void ry_generate_put64(uint8_t *at, uint64_t value)
{
    ry_generate_put32(at, (uint32_t)(value >> 32));
    ry_generate_put32(at + 4, (uint32_t)value);
}

#endif
