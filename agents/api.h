/*
 * What lies behind agents/agent.h: the calls of a strategy, and the callbacks as the host's wakes
 * make them.
 *
 * One struct ry_host_api an agent; the strategy sees its first member. Owned by one thread. The
 * calls that issue go to agents/host.h; what is asked is answered from the view, the reports and
 * the battle.
 *
 * In this house's files agent.h is included through this one: RY_AGENT_HOUSE leaves out what shm/
 * has.
 */
#ifndef RY_AGENTS_API_H
#define RY_AGENTS_API_H

#include "agents/book.h"
#include "agents/host.h"
#include "core/battle/battle.h"
#include "core/role/words.h"

#define RY_AGENT_HOUSE
#include "agents/agent.h"

#define RY_HOST_API_REASON_BYTES 256
#define RY_HOST_API_PARAMS_MAX                                                                     \
    (RY_BATTLE_PARAMS_BYTES / 3) /* "k=" and a newline: there cannot be more */

struct ry_host_api_param {
    const char *key, *value; /* in ry_host_api.params */
    bool asked;
};

struct ry_host_api_random {
    uint64_t word[4]; /* xoshiro256** */
};

/* Trades and states that wait for the next call of `market`, at most; the newest are left out. */
#define RY_HOST_API_KEPT_MAX 65536u

/* What a call of `market` is given (api_events.c). */
struct ry_host_api_events {
    struct ry_market_event *event;
    uint32_t count;
    uint32_t kept; /* the first ones: trades and states of earlier groups, that did not call */
    uint32_t max;  /* behind those: what can come together */
    uint64_t of;   /* whose the last ones are: a group; of a TOP: T */
    size_t bytes;
};

/* What a strategy can do wrong: each is said once for each instrument. */
enum ry_host_api_mistake {
    RY_HOST_API_LEVELS = 0, /* more levels than asked for */
    RY_HOST_API_STATES,     /* without STATES */
    RY_HOST_API_INTEREST,   /* makes no sense */
    RY_HOST_API_LATE,       /* an interest outside start */
    RY_HOST_API_COMMAND,    /* outside a callback */
    /* Each with an enum ry_host_api_call added. */
    RY_HOST_API_NO_SIDE,
    RY_HOST_API_NO_INSTRUMENT = RY_HOST_API_NO_SIDE + 2,
};

/* Calls that name an instrument; the first two a side too. */
enum ry_host_api_call {
    RY_HOST_API_BOOK = 0,
    RY_HOST_API_BEST,
    RY_HOST_API_TRADING,
    RY_HOST_API_POSITION,
    RY_HOST_API_ROUND_DOWN,
    RY_HOST_API_ROUND_UP,
    RY_HOST_API_ASK, /* ry_interest */
};
#define RY_HOST_API_MISTAKE_LINES_MAX 16 /* in the log, of all kinds; further ones are counted */

struct ry_host_api {
    struct ry_agent agent; /* first: what strategies hold */
    struct ry_host_api
        *self;   /* the way from a strategy's const pointer to what counts its mistakes */
    void *state; /* what was made for agent.state */
    const struct ry_strategy *strategy;
    const struct ry_battle *battle;
    const struct ry_battle_agent *entry; /* this agent's */
    struct ry_host *host;
    struct ry_ring_writer *log;  /* NULL: standard error */
    struct ry_role_words *words; /* which callback runs is said there; NULL: nowhere. The owner's to
                                    set, after ry_host_api_open */
    struct ry_host_book view;
    struct ry_instrument_info *instrument;
    int64_t *position; /* by instrument */
    int64_t cash;
    int64_t now;
    int64_t timer; /* as the last ry_timer set it */
    struct ry_limits limits;
    uint64_t cl_ord_id; /* the last one given out */
    /* The group in work behind what waits, and the levels of every TOP at one T: those come before
     * the groups of that T, and their wake behind them. */
    struct ry_host_api_events group, top;
    uint64_t events_cut; /* left out: more than RY_HOST_API_KEPT_MAX waited */
    bool starts_later;   /* start's work is done after its callback: ry_host_api_started */
    bool began;          /* start is over: what is told is of the interest */
    bool asked;          /* ry_interest was called, and taken */
    bool wants_events;   /* the market can call the strategy */
    int64_t told_until;  /* the largest T of a record since then */
    char params[RY_BATTLE_PARAMS_BYTES];
    struct ry_host_api_param param[RY_HOST_API_PARAMS_MAX];
    unsigned param_count;
    struct ry_host_api_random random;
    uint64_t invalid;       /* calls that made no sense */
    uint32_t *mistakes;     /* said: bits by enum ry_host_api_mistake, of each instrument and, last,
                               of none */
    unsigned mistake_lines; /* in the log */
    bool failed;            /* nothing more is called */
    char reason[RY_HOST_API_REASON_BYTES];
};

/* Makes agent `index` of the battle ready for a strategy. `host` may be filled in afterwards. 0, or
 * -1 with api->reason. */
int ry_host_api_open(struct ry_host_api *api, const struct ry_battle *battle, unsigned index,
                     struct ry_host *host, struct ry_ring_writer *log);

/* Before anything is called: the strategy, and its state. 0, or -1 with api->reason. */
int ry_host_api_attach(struct ry_host_api *api, const struct ry_strategy *strategy);
void ry_host_api_close(struct ry_host_api *api);

/* struct ry_host_parts.see and .see_report; context is the api. */
void ry_host_api_see(void *api, const union ry_told_any *record);
void ry_host_api_see_report(void *api, const struct ry_report *report);

/* Between RY_HOST_WAKE and ry_host_done. Look at api->failed afterwards. */
void ry_host_api_wake(struct ry_host_api *api, const struct ry_host_wake *wake);

/* Of an agent that starts_later, between RY_HOST_WAKE of its START and ry_host_done: start is over.
 */
void ry_host_api_started(struct ry_host_api *api);

/* The end: the OUT report if there is one (else NULL), then the strategy's stop. The log says
 * which. */
void ry_host_api_stop(struct ry_host_api *api, const struct ry_report *out);

/* Ends the agent with that reason; the first one counts. */
void ry_host_api_fail(struct ry_host_api *api, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* api_params.c: splits "key=value" lines; -1 with api->reason. Warns of what was never asked for.
 */
int ry_host_api_params_open(struct ry_host_api *api, const char *params);
void ry_host_api_params_warn(const struct ry_host_api *api);

/* api_events.c: -1: no memory (errno). */
int ry_host_api_events_open(struct ry_host_api *api);
void ry_host_api_events_close(struct ry_host_api *api);
/* Of the market, after start. */
void ry_host_api_events_add(struct ry_host_api *api, const union ry_told_any *record);
/* For this wake, by the market or a TOP: how many stand in api->group.event until the next record;
 * 0: what it is by did not come. */
unsigned ry_host_api_events_take(struct ry_host_api *api, const struct ry_host_wake *wake);

/* api_mistakes.c: counts it, and says it once. `instrument`: one that does not exist is none. */
void ry_host_api_mistake(struct ry_host_api *api, enum ry_host_api_mistake which,
                         unsigned instrument, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Whether the instrument exists, the side too; if not, that was a mistake. */
bool ry_host_api_has(const struct ry_host_api *api, enum ry_host_api_call call,
                     unsigned instrument);
bool ry_host_api_has_side(const struct ry_host_api *api, enum ry_host_api_call call,
                          unsigned instrument, enum ry_side side);
/* An interest that the host refused. */
void ry_host_api_refused_interest(struct ry_host_api *api, unsigned instrument, unsigned interest,
                                  bool late);

/* api_random.c */
void ry_host_api_random_open(struct ry_host_api_random *random, uint64_t seed, unsigned agent);

#endif
