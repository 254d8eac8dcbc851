/*
 * Where exported rows go. A sink is one file that fills in this table, and one row in
 * tools/export/sinks.c: JSON lines (tools/export/jsonl.c) and Kafka (tools/kafka/sink.c).
 *
 * (battle id, input, n) names a row for good, and the same journal gives the same rows again. So a
 * sink keeps a cursor, the last row that its target has for good, beside the rows themselves, and
 * moves it with them in one piece; whoever opens the target again goes on behind the cursor. Life:
 *
 *     open                                   the target; wrong arguments are an error here
 *     step until `ready`                     it may take long: a broker may be away
 *     while (room) write, write ...; step    rows behind `cursor`, each once, in their order
 *     finish; step until `durable` is the last row that was written
 *     close
 *
 * Nothing here waits longer than RY_EXPORT_SINK_STEP_NS: its caller has a heartbeat to show. What
 * takes longer runs in a thread of the sink's own.
 */
#ifndef RY_TOOLS_EXPORT_SINK_H
#define RY_TOOLS_EXPORT_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/results/results.h"
#include "shm/clock.h"
#include "shm/log.h"

#define RY_EXPORT_SINK_STEP_NS INT64_C(50000000)
#define RY_EXPORT_ERROR_BYTES  512

/* A row of the battle; {0, 0}: before the first. */
struct ry_export_cursor {
    uint64_t input;
    uint64_t n;
};

static inline bool ry_export_behind(const struct ry_export_cursor *a,
                                    const struct ry_export_cursor *b)
{
    return a->input != b->input ? a->input > b->input : a->n > b->n;
}

/* What becomes of what the target has already. */
enum ry_export_there {
    RY_EXPORT_THERE_RESUME = 0, /* it stays, and the export goes on behind it */
    RY_EXPORT_THERE_REFUSE,     /* it is not opened: an error */
    RY_EXPORT_THERE_DROP,       /* of files alone */
};

/* What a sink is asked for. Strings stay until close. */
struct ry_export_target {
    struct ry_battle_id battle_id;
    const char *battle;    /* the battle's directory, for people */
    const char *out;       /* jsonl: a file, a folder that ends in '/', NULL: standard output */
    uint64_t rotate_bytes; /* jsonl, a folder: a new file from here on */
    const char *config;    /* kafka: the settings file; NULL: none */
    const char *brokers;   /* kafka: instead of the file's; NULL: the file's */
    enum ry_export_there there;
    /* Says a line: to the log of a role, to standard error of who runs alone. */
    void (*say)(void *context, enum ry_log_level level, const char *line);
    void *context;
};

/* What each sink counts; the figures that docs and `royale counters` explain stand in
 * tools/export/counters.def. */
struct ry_export_counts {
    uint64_t rows;         /* durable, since open */
    uint64_t bytes;        /* likewise: of keys and values */
    uint64_t batches;      /* likewise */
    uint64_t batches_lost; /* aborted or in doubt, and sent again if they were not there */
    uint64_t reconnects;   /* clients that were made anew */
    uint64_t hangs;        /* calls of the library that did not come back in time */
    uint64_t fenced;       /* times that another instance, or a bug of the library, fenced us */
    uint64_t errors;       /* of the library, which it mends by itself */
    uint64_t commit_ns;    /* the last batch's, from its first byte to its commit */
};

enum ry_export_state {
    RY_EXPORT_OPENING = 0, /* the target has not said yet how far it is */
    RY_EXPORT_READY,
    RY_EXPORT_FAILED, /* for good: `error` */
    RY_EXPORT_HUNG,   /* a call of a library does not come back: only a new process helps */
};

struct ry_export_sink {
    const char *name;
    /* Whether the target is well said, as far as that shows without the battle and without the
     * target: before a battle begins. 0, or -1 with `error`. NULL: there is nothing to look at. */
    int (*check)(struct ry_export_sink *sink, const struct ry_export_target *target);
    /* 0, or -1 with `error`; then nothing is open. */
    int (*open)(struct ry_export_sink *sink, const struct ry_export_target *target);
    /* True: another input's rows may be written. */
    bool (*room)(const struct ry_export_sink *sink);
    /* Takes a copy. `r` knows names and price scales. 0, or -1 with `error`. */
    int (*write)(struct ry_export_sink *sink, const struct ry_results *r,
                 const struct ry_results_row *row);
    /* Moves things on: `state`, `durable`, `counts`. `idle`: no further row is known at the moment.
     * Returns how much it did. */
    unsigned (*step)(struct ry_export_sink *sink, bool idle);
    /* No row follows. */
    void (*finish)(struct ry_export_sink *sink);
    /* Lets go, in bounded time; what was not durable is left out. 0, or -1 with `error`: of what
     * was durable something may be missing. A sink that has hung is not closed: the process ends.
     */
    int (*close)(struct ry_export_sink *sink);

    const char *appliance; /* from open on: where it says that rows come from; NULL: nowhere */
    enum ry_export_state state;
    struct ry_export_cursor cursor;  /* from READY on: where the target stood at open */
    struct ry_export_cursor durable; /* from READY on */
    struct ry_export_counts counts;
    void *context; /* the sink's own */
    char error[RY_EXPORT_ERROR_BYTES];
};

#endif
