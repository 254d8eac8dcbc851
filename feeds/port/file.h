/*
 * The port of bytes (feeds/port/port.h): a file or named pipe as a stream, plain, gzip or zstd,
 * told by its first bytes (RFC 1952, RFC 8878) and not by its name.
 *
 * Reads in chunks, hands out contiguous bytes. Archives may have several members or frames; one
 * that is cut off or damaged gives what it holds and then the error.
 *
 * Never waits: a pipe can have nothing at the moment, or no writer yet. It ends when its last
 * writer leaves.
 */
#ifndef RY_FEEDS_PORT_FILE_H
#define RY_FEEDS_PORT_FILE_H

#include "feeds/port/port.h"

#define RY_PORT_FILE_BUFFER (256u << 10) /* bytes */

struct ry_port_file;

enum ry_port_file_kind {
    RY_PORT_FILE_UNKNOWN = 0, /* a pipe whose first bytes have not come */
    RY_PORT_FILE_PLAIN,
    RY_PORT_FILE_GZIP,
    RY_PORT_FILE_ZSTD,
};

/* NULL with the reason in `error`. */
struct ry_port_file *ry_port_file_open(const char *path, char error[RY_PORT_ERROR_BYTES]);
void ry_port_file_close(struct ry_port_file *file);

/* Makes at least `want` bytes contiguous, or all that the file still has. Sets where they are and
 * how many; `whole` when nothing comes after them. Fewer than `want` and not `whole`: the rest is
 * not there yet, ask again. want beyond RY_PORT_FILE_BUFFER grows the buffer: before the market
 * only. 0, or -1 with the reason in ry_port_file_error; bytes handed out before stay good until
 * then. */
int ry_port_file_look(struct ry_port_file *file, size_t want, const uint8_t **bytes, size_t *have,
                      bool *whole);

/* Passes over n of the bytes looked at. */
void ry_port_file_consume(struct ry_port_file *file, size_t n);

enum ry_port_file_kind ry_port_file_kind(const struct ry_port_file *file);
/* "gzip file". */
const char *ry_port_file_kind_name(enum ry_port_file_kind kind);
/* Of an archive: how many gzip members or zstd frames were read to their end, one behind the other,
 * those without content (skippable ones) too. */
unsigned ry_port_file_members(const struct ry_port_file *file);
/* Bytes of the content, after decompression, that were passed over. */
uint64_t ry_port_file_consumed(const struct ry_port_file *file);
const char *ry_port_file_error(const struct ry_port_file *file);

#endif
