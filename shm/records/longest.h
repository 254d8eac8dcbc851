/*
 * The longest answer: how many records the machine can make of one input.
 *
 * An example: a battle of 1,000 orders, 2 instruments and 4 agents makes at most 3,029 market
 * records (one group) and 4,060 reports of one input. The machine keeps that many records of a
 * group (core/arena), exec that many of both until they are due (core/exec/stream.h).
 *
 * In both: an order that stands at any time of the input is one of orders_max that stood before, or
 * the one that comes. What is liquidated is a position of an agent that goes out, of which there is
 * one an agent and instrument, as nobody is put out twice.
 */
#ifndef RY_SHM_RECORDS_LONGEST_H
#define RY_SHM_RECORDS_LONGEST_H

#include "shm/base.h"

/* Market records that no order, position or instrument accounts for: START or END (one), an EXEC's
 * target (two), a PRINT's rest (one), and fills of the input's own demand that end no order: one
 * before and one after an EXEC's target, or one on each side by a PRINT (two of two). */
#define RY_LONGEST_MARKET_OWN 8u
/* Reports likewise: the answer to a command that makes no order, .. */
#define RY_LONGEST_REPORTS_OWN 16u

/*
 * Market records of one input. Three an order: it comes to rest, or matches once at a resumption (a
 * CHANGE), and its end is that of one fill (a TRADE and a CHANGE), or a CHANGE alone. A fill that
 * ends neither of its orders ends what caused it: a liquidation (two), or the input's own demand.
 * One STATE an instrument.
 */
static inline size_t ry_longest_market(uint32_t orders_max, uint16_t instruments, unsigned agents)
{
    const size_t orders = (size_t)orders_max + 1, liquidations = (size_t)agents * instruments;
    return 3 * orders + 2 * liquidations + instruments + RY_LONGEST_MARKET_OWN;
}

/*
 * Reports of one input. Four an order: ACCEPTED, a FILL on either side of the fill that ends it,
 * and RESTED or CANCELED; as many a liquidation, which ends its position as an order would. Two an
 * agent: its OUT, and the answer to what its last command was.
 */
static inline size_t ry_longest_reports(uint32_t orders_max, uint16_t instruments, unsigned agents)
{
    const size_t orders = (size_t)orders_max + 1, liquidations = (size_t)agents * instruments;
    return agents == 0
               ? 0
               : 4 * orders + 4 * liquidations + 2 * (size_t)agents + RY_LONGEST_REPORTS_OWN;
}

#endif
