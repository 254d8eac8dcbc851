/*
 * What exec tells one agent: the records of exec.linkN, in the order in which the agent lives.
 * exec writes them, agent N alone maps them; the protocol: docs/TIME.md.
 *
 * An example. The agent asked for every order of instrument 0, to be woken by its book, and listens
 * to reports. An order of its own is filled at T = 300, and another agent's comes at T = 300 too:
 *
 *     report (2 slots)  FILL
 *     WAKE              number 7, by REPORT, T 300
 *     market (1 slot)   CHANGE of group 41, T 300
 *     WAKE              number 8, by MARKET, group 41, T 300
 *     market            CHANGE of group 42, T 300
 *     WAKE              number 9, by MARKET, group 42, T 300
 *
 * The host calls the strategy at each WAKE, answers it, and reads on.
 *
 * A record of two slots is a report of the agent's own (struct ry_report). One slot: the first byte
 * says what it is: CHANGE, TRADE and STATE as the machine made them (struct ry_market; its flag
 * LAST says nothing here, as the last record of a group may be one that the agent did not ask for),
 * END (likewise), a level, or a wake.
 */
#ifndef RY_SHM_RECORDS_TOLD_H
#define RY_SHM_RECORDS_TOLD_H

#include "shm/records/output.h"
#include "shm/ring.h"

enum ry_told_kind {
    RY_TOLD_LEVEL = 16, /* struct ry_told_level; below it: enum ry_market_kind */
    RY_TOLD_WAKE = 17,  /* struct ry_told_wake */
};

/* Why an agent is called. */
enum ry_wake_kind {
    RY_WAKE_START = 1,  /* trading begins; the whole book stands before it */
    RY_WAKE_MARKET = 2, /* records of `group` that the agent asked to be woken by */
    RY_WAKE_TOP = 3,    /* levels of a TOP, by all inputs of the wake's T together */
    RY_WAKE_REPORT = 4, /* the report before it */
    RY_WAKE_TIMER = 5,  /* the timer that the agent set */
};

/* A level of a book, whole. Of LEVELS: after its group. Of TOP: after all inputs at `time`; a level
 * that left the first k is gone as one without lots is. */
struct ry_told_level {
    uint8_t kind;  /* RY_TOLD_LEVEL */
    uint8_t slots; /* 1 */
    uint16_t instrument;
    uint8_t side; /* enum ry_side */
    uint8_t zero;
    uint16_t zero2;
    uint64_t group; /* LEVELS: as in struct ry_market; TOP: 0 */
    int64_t time;   /* T */
    int64_t price;
    uint64_t qty;    /* lots that the level shows; 0: it is gone */
    uint32_t orders; /* that show them */
    uint32_t zero3;
    uint64_t zero4;
};

struct ry_told_wake {
    uint8_t kind;  /* RY_TOLD_WAKE */
    uint8_t slots; /* 1 */
    uint8_t by;    /* enum ry_wake_kind */
    uint8_t zero[5];
    uint64_t number; /* counts this agent's wakes, from 1; START is the first */
    int64_t time;    /* T: `now` of its callback */
    uint64_t group;  /* MARKET: whose records woke; else 0 */
    uint64_t traced; /* 0, or the source_seq of the traced record that woke (shm/records/span.h), */
    uint16_t traced_source; /* of this source */
    uint16_t zero2[3];
    uint64_t zero3;
};

/* Any of them, whole. */
union ry_told_any {
    struct ry_market market;
    struct ry_told_level level;
    struct ry_told_wake wake;
    struct ry_report report;
    uint64_t word[2 * RY_RING_PAYLOAD / 8];
};

RY_SIZE(struct ry_told_level, RY_RING_PAYLOAD);
RY_OFFSET(struct ry_told_level, group, 8);
RY_OFFSET(struct ry_told_level, time, 16);
RY_OFFSET(struct ry_told_level, price, 24);
RY_OFFSET(struct ry_told_level, qty, 32);
RY_OFFSET(struct ry_told_level, orders, 40);
RY_SIZE(struct ry_told_wake, RY_RING_PAYLOAD);
RY_OFFSET(struct ry_told_wake, by, 2);
RY_OFFSET(struct ry_told_wake, number, 8);
RY_OFFSET(struct ry_told_wake, time, 16);
RY_OFFSET(struct ry_told_wake, group, 24);
RY_OFFSET(struct ry_told_wake, traced, 32);
RY_OFFSET(struct ry_told_wake, traced_source, 40);
RY_SIZE(union ry_told_any, 2 * RY_RING_PAYLOAD);

#endif
