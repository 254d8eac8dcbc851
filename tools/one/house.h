/*
 * What a program does around the code of strategies that it calls in its own process. royale-fast
 * keeps a battle from what its strategies do (tools/fast/guard.h, prints.h); who embeds a battle
 * does nothing (ry_one_house_none): what a strategy does there, it does to that program.
 */
#ifndef RY_TOOLS_ONE_HOUSE_H
#define RY_TOOLS_ONE_HOUSE_H

#include "core/role/words.h"
#include "tools/one/log.h"

enum ry_one_left {
    RY_ONE_RETURNED = 0,
    RY_ONE_CRASHED, /* the words say by what signal, and in which callback */
    RY_ONE_STALLED,
    RY_ONE_LEFT, /* it called exit(): with what, says `code` */
};

struct ry_one_house {
    /* Calls call(context), in which strategies are called between `enter` and `leave`. */
    enum ry_one_left (*run)(void (*call)(void *context), void *context);
    /* Whose callbacks are called next: the words say which of them runs, `callbacks` counts them,
     * what they print belongs into the log. */
    void (*enter)(struct ry_role_words *words, const uint64_t *callbacks, struct ry_one_log *log);
    void (*leave)(void);
    void (*limit)(uint32_t seconds); /* a callback may take so long from now on; 0: any time */
    int (*code)(void);
};

extern const struct ry_one_house ry_one_house_none;

#endif
