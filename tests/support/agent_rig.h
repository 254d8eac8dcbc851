/*
 * An agent's two rings in plain memory, without its host: the test reads the link and writes
 * commands by hand.
 */
#ifndef RY_TESTS_SUPPORT_AGENT_RIG_H
#define RY_TESTS_SUPPORT_AGENT_RIG_H

#include "shm/records/command.h"
#include "shm/records/links.h"
#include "shm/records/told.h"
#include "tests/support/test.h"

struct rig_agent {
    void *memory[2];            /* link, commands */
    struct ry_exec_link *heads; /* exec's: how far commands are read */
    struct ry_agent_commands *words;
    struct ry_ring_writer link_writer, commands; /* the first is exec's */
    struct ry_ring_reader link, commands_reader; /* the second is exec's */
};

void rig_agent_open(struct rig_agent *agent, uint64_t link_slots, uint64_t commands_slots);
void rig_agent_close(struct rig_agent *agent);

/* The next record of the link; false: none there. What was read makes room. */
bool rig_told(struct rig_agent *agent, union ry_told_any *record);

/* Reads all that is there; how many records they are. */
unsigned rig_told_all(struct rig_agent *agent);

/* The next records, in letters, up to a NUL: C a CHANGE, t a TRADE, S a STATE, E the END, l a
 * level, r a report, O the report OUT; a WAKE by START b, MARKET M, TOP P, REPORT R, TIMER T.
 * Static. */
const char *rig_told_letters(struct rig_agent *agent);
/* One of them. */
char rig_told_letter(const union ry_told_any *record);

void rig_say(struct rig_agent *agent, const struct ry_command *command);
void rig_ack(struct rig_agent *agent, uint64_t wake, int64_t timer);
void rig_interest(struct rig_agent *agent, uint16_t instrument, unsigned interest);
/* To buy or sell at a limit. */
void rig_order(struct rig_agent *agent, uint64_t wake, uint64_t ref, uint16_t instrument,
               enum ry_side side, int64_t price, uint32_t qty);

#endif
