/*
 * One agent of a battle in one process: agents/host.h and agents/api.h over rings in plain memory,
 * with a copy of its strategy's library of its own (agents/copy.h). Owned by the loop's thread;
 * everything is called from there.
 *
 * Its strategy sees what it sees in a process of its own: its entry of the battle alone, its own
 * global variables, its log, its floating-point environment. What does not lie in its library is
 * everybody's.
 */
#ifndef RY_TOOLS_FAST_AGENT_H
#define RY_TOOLS_FAST_AGENT_H

#include "agents/api.h"
#include "core/exec/exec.h"
#include "core/role/parts.h"
#include "tools/fast/floats.h"
#include "tools/fast/guard.h"
#include "tools/fast/log.h"

/* How an agent's turn ends. */
enum ry_fast_turn {
    RY_FAST_TURN_IDLE = 0, /* it waits for exec */
    RY_FAST_TURN_MORE,     /* exec has to read its commands, or its turn was long: come again */
    RY_FAST_TURN_OVER,     /* it is out, or the battle is over: nothing more is called */
    RY_FAST_TURN_DIED,     /* it has failed or crashed: exec is to be told (ry_exec_died) */
    RY_FAST_TURN_STALLED,  /* a callback did not return: likewise (ry_exec_stalled) */
};

struct ry_fast_agent {
    const struct ry_battle *whole; /* the battle, for people */
    struct ry_battle *battle;      /* as this agent may know it; its own */
    unsigned index;
    struct ry_host_parts parts;
    struct ry_host host;
    struct ry_host_api api;
    struct ry_fast_ring link, commands;
    struct ry_exec_link link_head;          /* exec's */
    struct ry_agent_commands commands_head; /* the host's */
    struct ry_role_words words;             /* which callback runs */
    struct ry_fast_floats floats;           /* in its callbacks */
    unsigned by_default;                    /* ry_fast_floats_word in the house */
    struct ry_fast_log log;
    struct ry_role_part *part; /* NULL: nobody wants to know */
    void *memory;              /* the host's */
    size_t bytes;
    int library;           /* descriptor of the copy; -1: none */
    enum ry_fast_turn end; /* OVER, DIED or STALLED, for good */
    bool outside;          /* of DIED: somebody's wall clock chose the moment */
    enum ry_fast_turn turn;
    char death[RY_ROLE_PART_DEATH_BYTES]; /* how it has died, or could not load */
};

/* Loads its strategy: constructors run. -1 with the reason in agent->death; close it in either
 * case. */
int ry_fast_agent_open(struct ry_fast_agent *agent, const struct ry_battle *battle, unsigned index,
                       const char *directory, struct ry_role_part *part);

/* What exec needs of it; ry_fast_agent_open has been called. */
void ry_fast_agent_parts(struct ry_fast_agent *agent, struct ry_exec_parts_agent *parts);

/* Reads its link and calls its strategy for as long as there is something to do; within
 * ry_fast_guard_run, and not after its end. */
enum ry_fast_turn ry_fast_agent_turn(struct ry_fast_agent *agent);

/* Its turn was left so: what has become of it. */
enum ry_fast_turn ry_fast_agent_left(struct ry_fast_agent *agent, enum ry_fast_left left);

void ry_fast_agent_close(struct ry_fast_agent *agent);

#endif
