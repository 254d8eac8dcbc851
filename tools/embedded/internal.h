/*
 * The inside of royale/embedded.h: a battle in one process (tools/one/battle.h) with what stands in
 * for `royale run` around it. In this house's files embedded.h is included through this one, as
 * agent.h is through agents/api.h.
 */
#ifndef RY_TOOLS_EMBEDDED_INTERNAL_H
#define RY_TOOLS_EMBEDDED_INTERNAL_H

#include "agents/api.h"
#include "tools/one/battle.h"

#include "tools/embedded/embedded.h"

#define RY_EMBEDDED_DIRECTORY_BYTES 400 /* leaves room for what lies inside */

enum ry_embedded_phase {
    RY_EMBEDDED_NEW = 0, /* no step yet */
    RY_EMBEDDED_RUNS,
    RY_EMBEDDED_ENDED,
    RY_EMBEDDED_BROKEN,
    RY_EMBEDDED_FINISHED,
};

struct ry_embedded {
    struct ry_one one;
    struct ry_battle *battle;
    enum ry_embedded_phase phase;
    bool opened; /* `one` has something to close */
    struct ry_one_ring inputs, control;
    struct ry_journal_positions positions;
    struct ry_one_log log;                       /* exec's */
    char directory[RY_EMBEDDED_DIRECTORY_BYTES]; /* "": none */
    int lock;                                    /* of it; -1: none */
    char error[RY_EMBEDDED_ERROR_BYTES];
};

/* read.c: the battle, checked, and the folder with a copy of its text. 0, or -1 with e->error. */
int ry_embedded_read(struct ry_embedded *e, const char *file,
                     const struct ry_embedded_options *options);

/* Bits of the agents that are the program's. 0, or -1 with e->error. */
int ry_embedded_callers(struct ry_embedded *e, const char *file, const char *const *agents,
                        uint64_t *callers);

/* results.c: the journal read again, and the files of results. 0, or -1 with e->error. */
int ry_embedded_write(struct ry_embedded *e, const struct ry_embedded_result *result);

/* Says what is wrong; the first one counts. Returns -1. */
int ry_embedded_fail(struct ry_embedded *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
