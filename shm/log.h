/*
 * The log: lines for people, from a role to the supervisor through a ring in the role's own region.
 *
 * The supervisor holds every role's region and drains it to DIR/log/ROLE.log, also after the role
 * died. Writing never blocks and never allocates; a line that is too long is cut and marked, lines
 * that were lapped are counted by the reader.
 */
#ifndef RY_SHM_LOG_H
#define RY_SHM_LOG_H

#include <stdarg.h>
#include <stdio.h>

#include "shm/ring.h"

#define RY_LOG_TEXT_MAX (RY_RING_RECORD_BYTES_MAX - 16)
#define RY_LOG_SLOTS    4096

enum ry_log_level {
    RY_LOG_ERROR = 0,
    RY_LOG_WARN = 1,
    RY_LOG_INFO = 2,
    RY_LOG_DEBUG = 3,
};

/* Where lines for people go, for code that a role runs and a test alike; without a function they go
 * nowhere. */
struct ry_log_sink {
    void (*line)(void *context, enum ry_log_level level, const char *text);
    void *context;
};

struct ry_log_record {
    uint16_t level;
    uint16_t length; /* bytes of text, without a final newline or NUL */
    uint32_t zero;
    int64_t wall_ns; /* CLOCK_REALTIME */
    char text[RY_LOG_TEXT_MAX];
};
RY_SIZE(struct ry_log_record, RY_RING_RECORD_BYTES_MAX);
RY_OFFSET(struct ry_log_record, wall_ns, 8);
RY_OFFSET(struct ry_log_record, text, 16);

/* The end of a line that was cut. */
#define RY_LOG_CUT " [cut]"

/* Writes one line; what is not printable (shm/printable.h) becomes a space, so that a line stays
 * one. A NULL writer prints to standard error (before the region exists, in tools). */
void ry_log(struct ry_ring_writer *writer, enum ry_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void ry_log_v(struct ry_ring_writer *writer, enum ry_log_level level, const char *format,
              va_list arguments) __attribute__((format(printf, 3, 0)));

/* Takes the next line; 1: got one, 0: none, -1: lines were lost (reader->lost counts slots). The
 * writer is not trusted: level and length are brought into range, the text is made printable. */
int ry_log_next(struct ry_ring_reader *reader, struct ry_log_record *record);

/* "12:34:56.123456 WARN  text\n", UTC. */
void ry_log_print(FILE *file, const struct ry_log_record *record);

const char *ry_log_level_name(enum ry_log_level level);

#endif
