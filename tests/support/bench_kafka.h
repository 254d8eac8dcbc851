/*
 * For benchmarks of what talks to Kafka: a broker, settings, messages made beforehand for
 * librdkafka alone, a consumer that says when a row is visible.
 */
#ifndef RY_TESTS_SUPPORT_BENCH_KAFKA_H
#define RY_TESTS_SUPPORT_BENCH_KAFKA_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The broker of $ROYALE_BROKERS, or one that tools/dev/kafka.sh starts in the benchmark's folder,
 * on every core but the first. False: there is none; a line has said why. */
bool ry_bench_kafka_up(void);
void ry_bench_kafka_down(void);

/* A settings file for it: topics of this process' own, and that royale.id. */
void ry_bench_kafka_settings(const char *path, const char *id);

/* Makes the topics, by `royale-export kafka init`. False: it failed, and said why. */
bool ry_bench_kafka_init(const char *settings);

/* The messages of all rows of a battle, as the exporter would write them. */
struct ry_bench_kafka_rows {
    struct ry_bench_kafka_row *row;
    size_t count, room, bytes;
    unsigned batch; /* rows of a transaction */
    void *settings;
};
void ry_bench_kafka_make_rows(struct ry_bench_kafka_rows *rows, const char *settings,
                              const char *directory);
void ry_bench_kafka_drop_rows(struct ry_bench_kafka_rows *rows);

/* Seconds in which librdkafka alone has them all committed, from rd_kafka_new on, in a process of
 * its own; as it comes, or with one malloc arena for all threads, as royale-export has it. 0: it
 * failed, and said why. */
double ry_bench_kafka_produce(const struct ry_bench_kafka_rows *rows, bool one_arena);

/* A read_committed consumer of the topic of orders, from its present end on. */
struct ry_bench_kafka_reader;
struct ry_bench_kafka_reader *ry_bench_kafka_read(const char *settings);
/* The input of the next row; 0: none came for ten seconds. */
uint64_t ry_bench_kafka_next(struct ry_bench_kafka_reader *reader);
void ry_bench_kafka_read_end(struct ry_bench_kafka_reader *reader);

#endif
