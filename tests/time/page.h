/*
 * The battles of docs/TIME.md, read out of the page, and the lists of inputs and callbacks that the
 * page gives for each.
 *
 * A battle is a code block "battle N", its lists the code block "order N"; how both are written the
 * page itself shows. Times are microseconds after the battle's beginning, prices price units.
 */
#ifndef RY_TESTS_TIME_PAGE_H
#define RY_TESTS_TIME_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "shm/records/command.h"
#include "shm/records/told.h"

#define RY_TIME_PAGE_FEED   16
#define RY_TIME_PAGE_AGENTS 3
#define RY_TIME_PAGE_LINES  8
#define RY_TIME_PAGE_TEXT   2048

struct ry_time_page_event {
    int64_t time;
    enum ry_side side;
    uint32_t qty;
    int64_t price;
};

/* "TIMER 110   buy 1 at 90; timer 170": once, in the first callback of its kind and T. */
struct ry_time_page_line {
    enum ry_wake_kind by;
    int64_t time;
    char does[128];
};

struct ry_time_page_agent {
    char name; /* 'A', 'B', .. */
    int64_t latency;
    unsigned interest; /* enum ry_interest */
    bool reports;      /* it is woken by its reports */
    unsigned lines;
    struct ry_time_page_line line[RY_TIME_PAGE_LINES];
};

struct ry_time_page {
    unsigned events, agents;
    int64_t start;
    struct ry_time_page_event event[RY_TIME_PAGE_FEED];
    struct ry_time_page_agent agent[RY_TIME_PAGE_AGENTS];
    /* What the page says that comes of it: [0] the inputs, [1 + i] the callbacks of agent i; blanks
     * and line ends are one blank each. */
    char order[1 + RY_TIME_PAGE_AGENTS][RY_TIME_PAGE_TEXT];
};

/* The page's battle `number`; false: there is none, or not whole. */
bool ry_time_page_read(struct ry_time_page *page, const char *text, unsigned number);

const char *ry_time_page_wake(enum ry_wake_kind by);

#endif
