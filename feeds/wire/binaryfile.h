/*
 * BinaryFILE: what NASDAQ publishes sample days in. {length u16 big-endian, message} again and
 * again.
 *
 * A zero length that is the file's last two bytes ends it; so does the plain end. A zero length
 * anywhere else (seen in whole artificial files) means that the type gives the length. For a type
 * that is known any other length than its own is damage, and where the next message starts is
 * anybody's guess; for one that is not, the length is taken at its word.
 *
 * Pure: works on the bytes at hand. The framing is as in the sample days that NASDAQ publishes;
 * what the end of a file means for the feed: feeds/line/binaryfile.h.
 */
#ifndef RY_FEEDS_WIRE_BINARYFILE_H
#define RY_FEEDS_WIRE_BINARYFILE_H

#include "shm/base.h"

/* With so many bytes at hand RY_WIRE_BINARYFILE_MORE is never the answer. */
#define RY_WIRE_BINARYFILE_BYTES_MAX (2 + 65535)

enum ry_wire_binaryfile_result {
    RY_WIRE_BINARYFILE_MESSAGE = 0,
    RY_WIRE_BINARYFILE_MORE, /* the bytes at hand end within a message */
    RY_WIRE_BINARYFILE_END,
    RY_WIRE_BINARYFILE_CUT,     /* the file ends within a message */
    RY_WIRE_BINARYFILE_LOST,    /* length zero before an unknown type: no telling what comes next */
    RY_WIRE_BINARYFILE_DAMAGED, /* a known type with another length than its own: out->length */
};

struct ry_wire_binaryfile_message {
    const uint8_t *bytes; /* within those at hand. DAMAGED: the type alone is there for sure */
    size_t length;
    size_t consumed;  /* from the first byte at hand to behind the message */
    bool zero_prefix; /* the length came from the type */
};

/* The message that begins with the first byte. whole: nothing comes after the bytes at hand. */
enum ry_wire_binaryfile_result ry_wire_binaryfile_next(const uint8_t *bytes, size_t length,
                                                       bool whole,
                                                       struct ry_wire_binaryfile_message *out);

#endif
