/*
 * What a file is, by its first bytes: for files that were given in another format than the battle
 * file says. Pure; the bytes are those of the content, after decompression.
 *
 * A guess for people: no decoder relies on it. Magic numbers from the formats' specifications; a
 * BinaryFILE begins with the length of a message of ITCH 5.0 and that message's type, a recorded
 * SoupBinTCP session (Nasdaq) with the length and type of a packet.
 */
#ifndef RY_FEEDS_WIRE_SNIFF_H
#define RY_FEEDS_WIRE_SNIFF_H

#include "shm/base.h"

#define RY_WIRE_SNIFF_BYTES 512 /* so many, or all that there are, decide */
#define RY_WIRE_SNIFF_ITCH  3   /* so few say that a file is BinaryFILE */

enum ry_wire_sniffed {
    RY_WIRE_SNIFFED_UNKNOWN = 0,
    RY_WIRE_SNIFFED_BINARYFILE,
    RY_WIRE_SNIFFED_SOUPBIN,
    RY_WIRE_SNIFFED_DBN,
    RY_WIRE_SNIFFED_PCAP,           /* pcapng, too */
    RY_WIRE_SNIFFED_PACKED,         /* gzip, zstd */
    RY_WIRE_SNIFFED_FOREIGN_PACKED, /* xz, bzip2, zip, lz4 */
    RY_WIRE_SNIFFED_PARQUET,
    RY_WIRE_SNIFFED_JSON,
    RY_WIRE_SNIFFED_HTML, /* or XML */
    RY_WIRE_SNIFFED_TEXT, /* CSV, most often */
};

enum ry_wire_sniffed ry_wire_sniff(const uint8_t *bytes, size_t have);

/* "a pcap capture"; "something unknown". */
const char *ry_wire_sniffed_name(enum ry_wire_sniffed sniffed);

#endif
