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

/* What one call of `market` is given. */
struct ry_host_api_events {
    struct ry_market_event *event;
    uint32_t count, max;
    uint64_t of; /* a group; of a TOP: T */
};

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
    /* The group in work, and the levels of every TOP at one T: those come before the groups of
     * that T, and their wake behind them. */
    struct ry_host_api_events group, top;
    bool began;         /* start is over: what is told is of the interest */
    bool wants_events;  /* the market can call the strategy */
    int64_t told_until; /* the largest T of a record since then */
    char params[RY_BATTLE_PARAMS_BYTES];
    struct ry_host_api_param param[RY_HOST_API_PARAMS_MAX];
    unsigned param_count;
    struct ry_host_api_random random;
    uint64_t invalid; /* calls that made no sense: an instrument that does not exist, orders outside
                         callbacks */
    bool failed;      /* nothing more is called */
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

/* api_random.c */
void ry_host_api_random_open(struct ry_host_api_random *random, uint64_t seed, unsigned agent);

#endif
