/*
 * The battles that a worker has open: what their folders are called, and their pasts, of which at
 * most RY_API_PASTS_MAX are open. One worker's alone.
 */
#ifndef RY_TOOLS_API_PASTS_H
#define RY_TOOLS_API_PASTS_H

#include "tools/api/explained.h"
#include "tools/api/internal.h"
#include "tools/library/library.h"
#include "tools/past/past.h"
#include "tools/watch/names.h"

/* A battle of the library, with its past. */
struct ry_api_past {
    char directory[RY_API_DIRECTORY_BYTES]; /* "": no past is here */
    struct ry_past *past;
    struct ry_watch_names names;
    uint64_t used; /* by the requests' count */
};

struct ry_api_pasts {
    struct ry_library library;
    struct ry_api_past past[RY_API_PASTS_MAX];
    struct ry_api_explained explained;
    uint64_t uses, read_inputs; /* read_inputs: of one request */
    struct ry_api_past *reads;  /* somebody asked for it and was told to come again; NULL: none */
    int64_t looked_ns;          /* at the library */
};

/* NULL: no memory. A library that is not there yet has no battles. */
struct ry_api_pasts *ry_api_pasts_open(const struct ry_api_options *options);
void ry_api_pasts_close(struct ry_api_pasts *pasts); /* NULL: nothing */

/* The library as it is now. */
const struct ry_library *ry_api_library(struct ry_api_call *call);

/* The battle that {battle} names. NULL: answered. Stands until the next. */
const struct ry_library_battle *ry_api_battle(struct ry_api_call *call);

/* Its past, with all of the journal read that is there; NULL: answered, also if that takes longer
 * than one request may. */
struct ry_api_past *ry_api_past_of(struct ry_api_call *call,
                                   const struct ry_library_battle *battle);

/* Both. */
struct ry_api_past *ry_api_past(struct ry_api_call *call);

/* The moment that `input` or `time_ns` asks for, else the last. False: answered. */
bool ry_api_moment(struct ry_api_call *call, struct ry_api_past *past, struct ry_past_view *view);

/* How the battle stands, as far as its journal could be read: the library looks at the heads of
 * blocks alone. */
const char *ry_api_past_state(const struct ry_api_past *past,
                              const struct ry_library_battle *battle);

/* Answers for a past that could not do it. */
void ry_api_past_refuse(struct ry_api_call *call, const struct ry_api_past *past,
                        enum ry_past_code code);

/* Reads on, a little: the battle that somebody waits for, else the one in focus. False: nothing is
 * to be done. The worker's. */
bool ry_api_pasts_idle(struct ry_api *api);

#endif
