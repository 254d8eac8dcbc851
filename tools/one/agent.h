/*
 * One agent of a battle in one process: agents/host.h and agents/api.h over rings in plain memory,
 * with a copy of its strategy's library of its own (agents/copy.h). Owned by the loop's thread;
 * everything is called from there.
 *
 * Its strategy sees what it sees in a process of its own: its entry of the battle alone, its own
 * global variables, its log, its floating-point environment. What does not lie in its library is
 * everybody's.
 *
 * Or it is the program's own that embeds the battle ("the caller's"): what would call a strategy is
 * put down in agent->called, its turn is over, and nothing goes on in the battle before the program
 * has called ry_one_agent_answer.
 */
#ifndef RY_TOOLS_ONE_AGENT_H
#define RY_TOOLS_ONE_AGENT_H

#include "agents/api.h"
#include "core/exec/exec.h"
#include "core/role/parts.h"
#include "tools/one/floats.h"
#include "tools/one/house.h"
#include "tools/one/log.h"

/* How an agent's turn ends. */
enum ry_one_turn {
    RY_ONE_TURN_IDLE = 0, /* it waits for exec */
    RY_ONE_TURN_MORE,     /* exec has to read its commands, or its turn was long: come again */
    RY_ONE_TURN_OVER,     /* it is out, or the battle is over: nothing more is called */
    RY_ONE_TURN_DIED,     /* it has failed or crashed: exec is to be told (ry_exec_died) */
    RY_ONE_TURN_STALLED,  /* a callback did not return: likewise (ry_exec_stalled) */
};

/* What the caller is to do as an agent of its own; of kind RY_ROLE_CALLBACK_NONE: nothing. */
struct ry_one_called {
    enum ry_role_callback kind;
    const struct ry_market_event *event; /* MARKET */
    unsigned count;
    bool has_report;               /* REPORT, and STOP of an agent that is out */
    struct ry_report_event report; /* of those */
};

struct ry_one_agent {
    const struct ry_one_house *house;
    const struct ry_battle *whole; /* the battle, for people */
    struct ry_battle *battle;      /* as this agent may know it; its own */
    unsigned index;
    struct ry_host_parts parts;
    struct ry_host host;
    struct ry_host_api api;
    struct ry_one_ring link, commands;
    struct ry_exec_link link_head;          /* exec's */
    struct ry_agent_commands commands_head; /* the host's */
    struct ry_role_words words;             /* which callback runs */
    struct ry_one_floats floats;            /* in its callbacks */
    unsigned by_default;                    /* ry_one_floats_word in the house */
    struct ry_one_log log;
    struct ry_role_part *part; /* NULL: nobody wants to know */
    void *memory;              /* the host's */
    size_t bytes;
    int library;          /* descriptor of the copy; -1: none */
    enum ry_one_turn end; /* OVER, DIED or STALLED, for good */
    bool outside;         /* of DIED: somebody's wall clock chose the moment */
    enum ry_one_turn turn;
    char death[RY_ROLE_PART_DEATH_BYTES]; /* how it has died, or could not load */
    bool callers;                         /* it is the caller's own */
    struct ry_strategy puts_down;         /* of the caller's: its callbacks put down the call */
    struct ry_one_called called;
};

/* What an agent is opened with. */
struct ry_one_agent_options {
    const struct ry_battle *battle;
    unsigned index;
    const char *directory;     /* NULL: it has no log */
    struct ry_role_part *part; /* NULL: nobody wants to know */
    const struct ry_one_house *house;
    bool callers;
};

/* Loads its strategy: constructors run. -1 with the reason in agent->death; close it in either
 * case. */
int ry_one_agent_open(struct ry_one_agent *agent, const struct ry_one_agent_options *options);

/* What exec needs of it; ry_one_agent_open has been called. */
void ry_one_agent_parts(struct ry_one_agent *agent, struct ry_exec_parts_agent *parts);

/* Reads its link and calls its strategy for as long as there is something to do; within
 * struct ry_one_house.run, and not after its end. */
enum ry_one_turn ry_one_agent_turn(struct ry_one_agent *agent);

/* The caller has done what agent->called says. */
void ry_one_agent_answer(struct ry_one_agent *agent);

/* Of the caller's, before the first turn: the callbacks that a strategy in its place would have. */
void ry_one_agent_listen(struct ry_one_agent *agent, bool market, bool report, bool timer);

/* Its turn was left so: what has become of it. */
enum ry_one_turn ry_one_agent_left(struct ry_one_agent *agent, enum ry_one_left left);

void ry_one_agent_close(struct ry_one_agent *agent);

#endif
