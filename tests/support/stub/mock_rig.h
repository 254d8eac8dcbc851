/*
 * librdkafka's mock cluster with transactions, and a Kafka sink in a test's hands.
 *
 * The mock takes transactional calls and does nothing about them: what was aborted stays readable,
 * nobody is fenced. So this rig stands between the sink and the library: it defines the
 * transactional functions of librdkafka anew, calls the real ones, and keeps for each transaction
 * what became of it. Every message carries its transaction's number in a header `txn`; who reads
 * through this rig sees committed ones alone. A client whose transactional id another client
 * initialises has a fatal error from then on, as with a broker. A client that begins a transaction
 * after one that it has aborted fails the test (tools/kafka/producer.h). Faults are asked for by
 * call.
 *
 * Linked into the tests that name it in the Makefile, in no archive: it changes what librdkafka's
 * names mean.
 */
#ifndef RY_TESTS_SUPPORT_STUB_MOCK_RIG_H
#define RY_TESTS_SUPPORT_STUB_MOCK_RIG_H

#include <librdkafka/rdkafka.h>

#include <librdkafka/rdkafka_mock.h>

#include "tests/support/results_rig.h"
#include "tools/kafka/sender.h"

#define MOCK_PARTITIONS 3
#define MOCK_ROWS_MAX   100000 /* the mock cluster keeps 5 MB a partition */
#define MOCK_LINES      64

enum mock_fault {
    MOCK_NO_FAULT = 0,
    MOCK_COMMIT_LOST, /* the commit is not done, and the call times out */
    MOCK_COMMIT_LATE, /* the commit is done, and the call times out */
    MOCK_FENCED,      /* begin: a fence that nobody else set, as librdkafka does by mistake */
    MOCK_FATAL,       /* begin: "sequence desynchronised" */
    MOCK_END_LATE,    /* a new leader does not know yet how far its log is committed */
    MOCK_HANG_INIT,   /* these do not return */
    MOCK_HANG_BEGIN,
    MOCK_HANG_COMMIT,
    MOCK_HANG_FLUSH,
};

/* ---- the cluster ----------------------------------------------------------------------------- */

struct mock {
    rd_kafka_t *host;
    rd_kafka_mock_cluster_t *cluster;
    char brokers[256];
    char settings[64]; /* a file: what mock_open was told, and call_ms 600, transaction_ms 3000 */
};

/* With the topics of the default settings. `settings`: lines more, or NULL. */
void mock_open(struct mock *m, int brokers, const char *settings);
void mock_close(struct mock *m);

/* The next `times` calls of that sort fail so. */
void mock_fail(enum mock_fault fault, unsigned times);

/* How often a client was made that initialised, and transactions that were committed. */
unsigned mock_inits(void);
unsigned mock_commits(void);

/* The log of cursors seems so much longer than what can be read: an open transaction's records. */
void mock_hide(int64_t records);

/* Readers do not see what the last transaction that was committed has, as if it were open; or do
 * again. */
void mock_withhold(bool withheld);

/* A message of no transaction; a value of NULL takes the key away. */
void mock_put(struct mock *m, const char *topic, const char *key, const char *value);

/* A cursor as another exporter writes it, under that transactional id. */
void mock_claim(struct mock *m, const char *id, uint64_t instance, struct ry_export_cursor at);

/* ---- a sink ---------------------------------------------------------------------------------- */

/* Rows 0, 1, 2 .. are the same for every sink: row i is of input i / 3 + 1, n i % 3 + 1. */
struct mock_sink {
    struct ry_export_sink sink;
    struct stage stage;   /* names and instruments */
    uint64_t next, until; /* rows to write */
    bool finished;
    unsigned lines;
    char line[MOCK_LINES][RY_EXPORT_ERROR_BYTES]; /* the last ones that it said */
};

/* Opens one for rows up to `until`. */
void mock_sink_open(struct mock_sink *s, const struct mock *m, uint64_t until);
void mock_sink_close(struct mock_sink *s);

/* Writes and steps until the row before `until` is durable, then for `false` of `until_state` ...
 */
bool mock_sink_durable(struct mock_sink *s, uint64_t rows, unsigned seconds);
/* Likewise until it is in that state. */
bool mock_sink_becomes(struct mock_sink *s, enum ry_export_state state, unsigned seconds);
/* Likewise for so long. */
void mock_sink_run(struct mock_sink *s, unsigned ms);
/* Likewise until a line has come that has `text` in it. */
bool mock_sink_says(struct mock_sink *s, const char *text, unsigned seconds);

/* How many of its last lines have `text` in them. */
unsigned mock_sink_said(const struct mock_sink *s, const char *text);

/* Where row i stands. */
struct ry_export_cursor mock_cursor(uint64_t row);

/* Reads everything back, committed messages alone, and fails the test unless each of the rows 0 ..
 * `rows` - 1 is there once in each topic that wants it, and the rows of each key in their order. */
void mock_check(const struct mock *m, uint64_t rows);

#endif
