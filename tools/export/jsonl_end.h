/*
 * The end of a file of rows as JSON lines: how far it is whole, and which row is its last. Private
 * to the sink `jsonl`.
 */
#ifndef RY_TOOLS_EXPORT_JSONL_END_H
#define RY_TOOLS_EXPORT_JSONL_END_H

#include "tools/export/sink.h"

struct ry_export_jsonl_end {
    uint64_t bytes;                 /* of whole lines */
    uint64_t torn;                  /* bytes behind them: of a line without its end */
    struct ry_export_cursor cursor; /* of the last whole line; {0, 0}: there is none */
};

/* Looks at the end of the file behind `fd`; `path` is for the error. 0, or -1 with the reason and a
 * remedy in `error`: it cannot be read, its end is no row, or a row of another battle. */
int ry_export_jsonl_end(int fd, const char *path, const struct ry_battle_id *id,
                        struct ry_export_jsonl_end *end, char error[RY_EXPORT_ERROR_BYTES]);

#endif
