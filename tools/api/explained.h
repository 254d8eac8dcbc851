/*
 * Explanations, made once for many pages: a page needs the machine's run from the battle's start,
 * so all of a battle's are made at once and kept, of the battle that was asked for last. The
 * worker's alone.
 *
 * Of a battle that goes on they are made anew, but not so often that it takes more than a
 * twentieth of the time.
 */
#ifndef RY_TOOLS_API_EXPLAINED_H
#define RY_TOOLS_API_EXPLAINED_H

#include "tools/library/library.h"
#include "tools/past/past.h"
#include "tools/why/why.h"

#define RY_API_EXPLAINED_MAX 262144u /* of a battle; those behind them are not explained */

struct ry_api_explanation {
    struct ry_past_cursor at; /* of the row */
    int64_t time;
    enum ry_explain_kind kind;
    uint16_t agent; /* RY_RESULTS_NONE: of none */
    size_t text;    /* where it begins in `texts` */
};

struct ry_api_explained {
    struct ry_battle_id battle_id;
    uint64_t inputs; /* of the battle, when they were made; 0: none were */
    int64_t made_ns, took_ns;
    bool whole; /* none was left out */
    char name[RY_AGENTS_MAX][RY_NAME_BYTES];
    unsigned agents;
    struct ry_api_explanation *one;
    size_t count, room;
    char *texts;
    size_t bytes, texts_room;
};

/* Those of the battle, as new as they have to be. 0, or -1 with `error` (RY_WHY_ERROR_BYTES). */
int ry_api_explained_look(struct ry_api_explained *explained,
                          const struct ry_library_battle *battle, char *error);

void ry_api_explained_close(struct ry_api_explained *explained);

#endif
