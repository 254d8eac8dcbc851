/*
 * royale-export: a follower that turns the outputs of a battle into records for others.
 *
 * Every trade of the market, every fill of an agent, ranks, eliminations, stamps, the end: in the
 * order in which the machine said them, each with the number of its input, its place among the
 * records of that input, and T.
 */
#ifndef RY_TOOLS_EXPORT_EXPORT_H
#define RY_TOOLS_EXPORT_EXPORT_H

#include "core/results/json.h"
#include "tools/export/sink.h"

struct ry_export {
    struct ry_results results; /* knows names and instruments */
    struct ry_export_sink *sink;
    uint64_t from;    /* records of earlier inputs are left out */
    uint64_t records; /* written */
    uint32_t line;    /* of the input line_of */
    uint64_t line_of;
    int failed; /* a write failed; sink->error says why */
};

/* `sink` is open. */
void ry_export_open(struct ry_export *export, struct ry_export_sink *sink, uint64_t from);
void ry_export_close(struct ry_export *export);

int ry_export_alone_main(int argc, char **argv);

#endif
