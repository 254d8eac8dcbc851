/*
 * Where exported records go. A sink is one file that fills in this table, and one row in
 * alone.c; JSON lines into a file (jsonl.c) is the one that is always there.
 *
 * Records come in order. (battle id, input, n) names a record for good: the same journal gives the
 * same records again, so a sink or a consumer that has seen a record drops it, and one that was cut
 * off asks for `--from` its last input.
 */
#ifndef RY_TOOLS_EXPORT_SINK_H
#define RY_TOOLS_EXPORT_SINK_H

#include <stddef.h>
#include <stdint.h>

struct ry_export_record {
    const char *type;  /* of core/results/rows.def: "trade", "fill" .. */
    uint64_t input;    /* number of the input that it follows from, from 1 */
    uint32_t n;        /* counts the rows of that input from 1 */
    int64_t time;      /* T */
    const char *json;  /* the whole record, without a newline; stands until write returns */
    size_t json_bytes; /* without the NUL */
};

#define RY_EXPORT_ERROR_BYTES 512

/* What becomes of what the target has already. */
enum ry_export_there {
    RY_EXPORT_THERE_REFUSE, /* nothing: it is not opened */
    RY_EXPORT_THERE_RESUME, /* it stays: records before some input are left out */
    RY_EXPORT_THERE_DROP,
};

struct ry_export_sink {
    /* `target` as given by the user, NULL: none. 0, or -1 with `error`; then nothing is open. */
    int (*open)(struct ry_export_sink *sink, const char *target, enum ry_export_there there);
    /* 0, or -1 with `error` */
    int (*write)(struct ry_export_sink *sink, const struct ry_export_record *record);
    /* nothing more at the moment; 0, or -1 with `error` */
    int (*flush)(struct ry_export_sink *sink);
    int (*close)(struct ry_export_sink *sink); /* 0, or -1 with `error`: something may be missing */
    void *context;                             /* the sink's own */
    char error[RY_EXPORT_ERROR_BYTES];
};

/* One record a line; the target is a file, none is standard output. */
void ry_export_jsonl(struct ry_export_sink *sink);

#endif
