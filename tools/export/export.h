/*
 * royale-export: a follower that gives every row of a battle to others, in their order. Which rows
 * there are and what columns they have: core/results/rows.def; filled in core/results/emit.c.
 */
#ifndef RY_TOOLS_EXPORT_EXPORT_H
#define RY_TOOLS_EXPORT_EXPORT_H

#include "core/results/results.h"
#include "tools/export/sink.h"

struct ry_export {
    struct ry_results results; /* knows names and instruments */
    struct ry_export_sink *sink;
    uint64_t from;    /* records of earlier inputs are left out */
    uint64_t records; /* written */
    int failed;       /* a write failed; sink->error says why */
};

/* `sink` is open. */
void ry_export_open(struct ry_export *export, struct ry_export_sink *sink,
                    const struct ry_battle_id *id, uint64_t from);
void ry_export_close(struct ry_export *export);

int ry_export_alone_main(int argc, char **argv);

#endif
