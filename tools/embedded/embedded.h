/*
 * royale/embedded.h: a battle of royale inside of your program, which is itself one or several of
 * its agents and steps from wake to wake. Guide: EMBEDDED.md beside the other documents. Build:
 * cc x.c $(pkg-config --cflags --libs royale)
 *
 * The battle file names three agents; "mine" is the program (`strategy: embedded`), which buys one
 * lot at the first wake of its timer:
 *
 *     char error[RY_EMBEDDED_ERROR_BYTES];
 *     struct ry_embedded *battle = ry_embedded_open("b.yaml", NULL, error);
 *     struct ry_embedded_wake wake;
 *     while (ry_embedded_step(battle, &wake) == RY_EMBEDDED_WAKE)
 *         switch (wake.kind) {
 *         case RY_EMBEDDED_START: ry_timer(wake.agent, ry_now(wake.agent) + 1000000000); break;
 *         case RY_EMBEDDED_TIMER: ry_order(wake.agent, 0, RY_BUY, 1, 0, RY_MARKET); break;
 *         ...
 *         }
 *     struct ry_embedded_result result;
 *     ry_embedded_finish(battle, &result);
 *     ry_embedded_close(battle);
 *
 * Between two steps the program is in a callback of that agent: all of royale/agent.h may be called
 * on wake.agent, and time stands still. The next step says that the callback is over. The battle's
 * inputs, and with them its four hashes, are those that `royale run` gives if a strategy in that
 * place does the same.
 *
 * A battle is one thread's at a time; any number of battles may be, each in a thread of its own.
 * (To open one asks libc about time zones, through TZ of the environment: opens wait for each
 * other, and no other thread of the program should use TZ or the local time meanwhile.) The library
 * never ends the program: what is wrong is said in words. But the other agents' libraries are
 * loaded into this process: what they do, they do to it.
 */
#ifndef RY_TOOLS_EMBEDDED_EMBEDDED_H
#define RY_TOOLS_EMBEDDED_EMBEDDED_H

#include "agents/agent.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Changes when a program must be compiled anew; the number of the shared library. */
#define RY_EMBEDDED_ABI 1u

/* Room for words about what is wrong: up to 20 mistakes of a battle file, a line each. */
#define RY_EMBEDDED_ERROR_BYTES 12288

struct ry_embedded; /* a battle */

/* All of it is read by ry_embedded_open alone. Zero: as the battle file says, nothing written. */
struct ry_embedded_options {
    /* A new or empty folder (its parent exists) for what `royale run` leaves: battle.yaml, the
     * journal, logs, results. NULL: nothing is written, and logs go nowhere. */
    const char *directory;
    /* Names of agents that the program is, whatever their strategy; NULL at the end. Besides those
     * of `strategy: embedded`. NULL: none. */
    const char *const *agents;
    /* The battle file's text, for who makes it: then `file` is not read, and only says what it is
     * called in messages and in which folder relative paths begin. NULL: the file is read. */
    const char *text;
    size_t text_bytes;
};

/* Reads the battle file, loads the other agents' strategies and opens the feeds. Strategies that
 * are named without a slash are looked for in $ROYALE_STRATEGIES, then in royale's own folder of
 * them. `options` may be NULL. NULL with `error`: each mistake with its file, line, key and what
 * would be allowed. */
struct ry_embedded *ry_embedded_open(const char *file, const struct ry_embedded_options *options,
                                     char error[RY_EMBEDDED_ERROR_BYTES]);

/* ---- agents ---------------------------------------------------------------------------------- */

/* Of the battle, in its order; their numbers are 0 and up. */
unsigned ry_embedded_agents(const struct ry_embedded *battle);
/* The agent of that name; -1: there is none. */
int ry_embedded_find(const struct ry_embedded *battle, const char *name);
/* NULL: that agent is not the program's, or is none. Its `state` is yours. */
struct ry_agent *ry_embedded_agent(struct ry_embedded *battle, unsigned index);

/* For ry_embedded_listen: what wakes it besides START and STOP. */
enum ry_embedded_ear {
    RY_EMBEDDED_HEARS_MARKET = 1, /* as its interest says (ry_interest, at START) */
    RY_EMBEDDED_HEARS_REPORT = 2,
    RY_EMBEDDED_HEARS_TIMER = 4,
};
#define RY_EMBEDDED_HEARS_ALL 7u

/* Before the first step: which of them the program's agent has. At first all. What it does not hear
 * is like a callback that a strategy does not have. False: it is not the program's, or the battle
 * has begun. */
bool ry_embedded_listen(struct ry_embedded *battle, unsigned index, unsigned ears);

/* Likewise for a program's agent whose wakes go to the callbacks of a strategy
 * (ry_embedded_call): it hears what they hear, and gets its zeroed state. */
bool ry_embedded_use(struct ry_embedded *battle, unsigned index,
                     const struct ry_strategy *strategy);

/* What an agent has come to so far. */
struct ry_embedded_figures {
    int64_t cash;            /* money, as in royale/agent.h */
    int64_t equity;          /* cash, and positions at the reference price */
    int64_t value;           /* cash, and what the book would pay for the positions now */
    uint32_t fills, rejects; /* of this round */
    uint32_t open_orders;
    uint8_t out; /* enum ry_out */
    uint8_t zero[3];
};

/* Of any agent, at any time. False: there is none of that number. */
bool ry_embedded_account(const struct ry_embedded *battle, unsigned index,
                         struct ry_embedded_figures *account);

/* ---- stepping -------------------------------------------------------------------------------- */

/* As the callbacks of struct ry_strategy. */
enum ry_embedded_kind {
    RY_EMBEDDED_START = 1,
    RY_EMBEDDED_MARKET,
    RY_EMBEDDED_REPORT,
    RY_EMBEDDED_TIMER,
    RY_EMBEDDED_STOP, /* the agent is out, or the battle has ended; its last wake */
};

/* Stands until the next step. */
struct ry_embedded_wake {
    struct ry_agent *agent;
    unsigned index; /* of the agent */
    enum ry_embedded_kind kind;
    const struct ry_market_event *event; /* MARKET: the first of `count` */
    unsigned count;
    const struct ry_report_event *report; /* REPORT; STOP: of an agent that is out and hears
                                             reports, its OUT; else NULL */
};

enum ry_embedded_next {
    RY_EMBEDDED_WAKE = 1, /* an agent of the program's is called */
    RY_EMBEDDED_END,      /* the battle is over; from now on always */
    RY_EMBEDDED_FAILED,   /* it cannot go on: ry_embedded_error; from now on always */
};

/* On to the next wake of an agent of the program's. */
enum ry_embedded_next ry_embedded_step(struct ry_embedded *battle, struct ry_embedded_wake *wake);

/* Why it has failed; "": it has not. */
const char *ry_embedded_error(const struct ry_embedded *battle);

/* Does with a wake what `royale run` does with it for a strategy: the example of how wakes and
 * callbacks belong together, and the way to run one code both ways. */
static inline void ry_embedded_call(const struct ry_strategy *strategy,
                                    const struct ry_embedded_wake *wake)
{
    switch (wake->kind) {
    case RY_EMBEDDED_START:
        if (strategy->start != NULL)
            strategy->start(wake->agent);
        break;
    case RY_EMBEDDED_MARKET:
        if (strategy->market != NULL)
            strategy->market(wake->agent, wake->event, wake->count);
        break;
    case RY_EMBEDDED_REPORT:
        if (strategy->report != NULL)
            strategy->report(wake->agent, wake->report);
        break;
    case RY_EMBEDDED_TIMER:
        if (strategy->timer != NULL)
            strategy->timer(wake->agent);
        break;
    case RY_EMBEDDED_STOP:
        if (wake->report != NULL && strategy->report != NULL)
            strategy->report(wake->agent, wake->report);
        if (strategy->stop != NULL)
            strategy->stop(wake->agent);
        break;
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

struct ry_embedded_result {
    uint64_t inputs;
    uint64_t input_hash, output_hash, book_hash, state_hash; /* as `royale run` prints them */
};

/* After RY_EMBEDDED_END: the hashes, and with a directory the results: the journal is read again,
 * must give the same hashes, and results.json, trades.jsonl and result.txt are written. False:
 * ry_embedded_error says why. Once. */
bool ry_embedded_finish(struct ry_embedded *battle, struct ry_embedded_result *result);

/* At any time. A battle that has not ended leaves a journal that is cut after its last input. May
 * be NULL. */
void ry_embedded_close(struct ry_embedded *battle);

#ifdef __cplusplus
}
#endif

#endif
