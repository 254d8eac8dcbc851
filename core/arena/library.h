/*
 * royale/arena.h: the machine of royale as a library. Books, matching, risk checks, ledger and
 * hashes for any number of instruments and up to 64 agents, in memory that you give. Guide:
 * ARENA.md beside the other documents. Build: cc x.c $(pkg-config --cflags --libs royale-arena)
 *
 * Agent 0 offers 300 lots at 100.10, agent 1 buys 200 of them (price units of 0.01; one agent's
 * reports come to your `report`):
 *
 *     union ry_input_any in;
 *     ry_arena_input_battle(&in, 1000, RY_TIME_NEVER, 1, 2, 1024);
 *     size_t bytes = ry_arena_footprint(&in.battle);
 *     void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
 *                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
 *     struct ry_arena *arena = ry_arena_create(memory, bytes, &in.battle);
 *     ry_arena_apply(arena, &in, &sink);
 *     ry_arena_input_instrument(&in, 1000, 0, "XYZ", 2, 1, 10000); ... apply
 *     ry_arena_input_agent(&in, 1000, 0, "alice", 1000000000000);  ... apply
 *     ry_arena_input_agent(&in, 1000, 1, "bob", 1000000000000);    ... apply
 *     ry_arena_input_time(&in, 1000, 1);                           ... apply: trading begins
 *     ry_arena_input_last(&in, 1000, 1, 0, 10000, 1);              ... apply: the last price
 *     ry_arena_input_order(&in, 1001, 0, 1, 1, 0, RY_SELL, 10010, 300, 0);
 *                                              apply: ACCEPTED 300, RESTED 300
 *     ry_arena_input_order(&in, 1002, 1, 1, 1, 0, RY_BUY, 10010, 200, 0);
 *                                              apply: ACCEPTED 200, FILL 200 and FILL 200
 *
 * An arena is one thread's at a time; any number of arenas may be. Nothing here allocates, locks,
 * makes a system call or reads a clock. Not for one source file together with royale/agent.h.
 */
#ifndef RY_CORE_ARENA_LIBRARY_H
#define RY_CORE_ARENA_LIBRARY_H

#include "core/arena/arena.h"
#include "core/arena/inputs.h"

/* Changes when a program must be compiled anew; the number of the shared library. */
#define RY_ARENA_ABI 1u

#endif
