/*
 * Lines for people from threads that may not speak: librdkafka's and the sender's put them here,
 * the thread that owns the log takes them out. A line that finds no room is counted, and the next
 * that is taken out says how many were lost.
 */
#ifndef RY_TOOLS_KAFKA_LINES_H
#define RY_TOOLS_KAFKA_LINES_H

#include <pthread.h>

#include "shm/log.h"
#include "tools/export/sink.h"

#define RY_KAFKA_LINES_MAX 64

struct ry_kafka_lines {
    pthread_mutex_t mutex;
    unsigned first, count;
    uint64_t lost;
    struct ry_kafka_line {
        enum ry_log_level level;
        char text[RY_EXPORT_ERROR_BYTES];
    } line[RY_KAFKA_LINES_MAX];
};

void ry_kafka_lines_open(struct ry_kafka_lines *lines);
void ry_kafka_lines_close(struct ry_kafka_lines *lines);

/* `context` is a struct ry_kafka_lines; any thread. */
void ry_kafka_lines_put(void *context, enum ry_log_level level, const char *text);

/* Hands all lines to `say`; returns how many. */
unsigned ry_kafka_lines_take(struct ry_kafka_lines *lines,
                             void (*say)(void *context, enum ry_log_level level, const char *text),
                             void *context);

#endif
