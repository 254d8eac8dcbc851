/*
 * What a result says in words, the same on every display: how agents were isolated, who survived
 * and who earned most, why commands were refused, who did not play, and that nothing happened.
 */
#ifndef RY_TOOLS_TEXT_VERDICT_H
#define RY_TOOLS_TEXT_VERDICT_H

#include <stdio.h>

#include "core/results/empty.h"

#define RY_TEXT_FATE_BYTES    64
#define RY_TEXT_REFUSED_BYTES 512
#define RY_TEXT_SHOWN         10 /* names of one list */
#define RY_TEXT_ALIKE         3  /* lines that differ in a name and figures alone */

/* An agent's name, printable. */
const char *ry_text_agent(char name[RY_NAME_BYTES], const struct ry_results *r, uint16_t agent);

/* Why somebody is out: "last"; idle: "too few fills". */
const char *ry_text_out(uint8_t out, bool idle);

/* "out: last, round 3" */
const char *ry_text_fate(char text[RY_TEXT_FATE_BYTES], uint8_t out, bool idle, uint32_t round);

/* "isolation: agents were not isolated from each other: not started as root"; nothing without
 * agents. */
void ry_text_isolated(FILE *out, const struct ry_results *r);

/* "winner: a" and "earned most: b, 12.000000; ...". After ry_results_value. */
void ry_text_best(FILE *out, const struct ry_results *r, const struct ry_arena *arena);

/* "12 refused, 10 of them collar: a price nearer to the market (the price is ..)"; `most` of them
 * for the reason `code`. What to do comes first: a narrow screen cuts the rest. */
const char *ry_text_refused(char text[RY_TEXT_REFUSED_BYTES], uint64_t rejects, enum ry_reject code,
                            uint64_t most);

/* A line for each agent of whose commands some were refused, "a: 12 refused, ..", best first. More
 * than RY_TEXT_ALIKE agents with the same most frequent reason share one: "58 agents: 700 refused,
 * 600 of them quantity: ..; most: b-6 136", b-6 being the one with most refused for it. */
void ry_text_refusals(FILE *out, const struct ry_results *r);

/* A line for each agent that had fewer than game.min_fills fills in its last round and was not its
 * first, since that rank does not follow from its score: "a: 0 fills in round 1, game.min_fills is
 * 1: it ranks behind all who had enough". */
void ry_text_idle(FILE *out, const struct ry_results *r);

/* A line for each agent that crashed, left or stalled: "a did not play: died, round 1". Returns how
 * many. */
unsigned ry_text_not_played(FILE *out, const struct ry_results *r);

/* Why it need not come again, and what its record lacks: "not reproducible: agent a died at wall
 * time, applied at ..", "incomplete record: feed0, 3 times: a message is flagged: ..". */
void ry_text_stamps(FILE *out, const struct ry_results *r);

/* "nothing happened: ..", at most a line for each of two reasons. False if something did. */
bool ry_text_empty(FILE *out, const struct ry_results *r);

/* Its two halves: the sentence and what to do, for results.json. */
struct ry_text_reason {
    const char *sentence, *remedy;
};
const struct ry_text_reason *ry_text_silent(void);
const struct ry_text_reason *ry_text_no_trade(enum ry_results_no_trade no_trade);

#endif
