/*
 * The life of one order, from the wake that its agent answered with it to its end.
 *
 * The machine runs over the journal up to where the order is gone; ry_why_tracker knows the order,
 * ry_why_queue what stands in front of it. Text: ry_why_life_text; for programs: ry_why_life_json.
 */
#ifndef RY_TOOLS_WHY_LIFE_H
#define RY_TOOLS_WHY_LIFE_H

#include <jansson.h>
#include <stdio.h>

#include "tools/why/queue.h"
#include "tools/why/scan.h"
#include "tools/why/tracker.h"

#define RY_WHY_WOKEN_ROWS        16 /* own reports at the wake that are kept */
#define RY_WHY_WOKEN_INSTRUMENTS 16
#define RY_WHY_CLOSING_BYTES     RY_EXPLAIN_SENTENCE_BYTES

enum ry_why_event_kind {
    RY_WHY_EVENT_ACCEPTED = 1,
    RY_WHY_EVENT_REJECTED,
    RY_WHY_EVENT_FILLED,       /* lots, price, liquidity, cause, leaves */
    RY_WHY_EVENT_RESTED,       /* lots; ahead */
    RY_WHY_EVENT_QUEUE,        /* change, better, lots, orders; ahead after it */
    RY_WHY_EVENT_CANCEL_ASKED, /* by its agent */
    RY_WHY_EVENT_CANCELED,     /* lots, code */
};

struct ry_why_event {
    enum ry_why_event_kind kind;
    int64_t time, last; /* of the first and the last input that it sums up; mostly equal */
    uint64_t input;     /* of the first */
    uint64_t times;     /* inputs that it sums up */
    uint64_t lots, orders;
    enum ry_why_change change; /* QUEUE */
    bool better;               /* QUEUE: at better prices; else at its own */
    int64_t price;             /* FILLED */
    uint8_t liquidity, cause;  /* FILLED */
    uint8_t code;              /* CANCELED: enum ry_cancel */
    uint64_t leaves;           /* FILLED */
    bool stands;               /* QUEUE, FILLED: the order is in the book after it, with */
    struct ry_why_ahead ahead; /* ahead of it; of RESTED as well */
};

/* What an instrument showed at the moment of the wake. */
struct ry_why_seen {
    uint16_t instrument;
    uint64_t trades, lots, changes;
    int64_t last;    /* price of the last trade */
    uint64_t states; /* times that trading began or stopped; it trades behind the last: */
    bool trading;
    bool has_bid, has_ask;
    int64_t bid, ask; /* behind all of it */
};

struct ry_why_woken {
    bool start; /* it was the battle's start */
    struct ry_results_row report[RY_WHY_WOKEN_ROWS];
    unsigned reports;
    uint64_t more_reports;
    struct ry_why_seen seen[RY_WHY_WOKEN_INSTRUMENTS];
    unsigned instruments;
    uint64_t more_instruments;
};

enum ry_why_end {
    RY_WHY_STANDS = 0,  /* where the journal ends */
    RY_WHY_BATTLE_OVER, /* it stood in the book when the battle ended */
    RY_WHY_FILLED,
    RY_WHY_CANCELED, /* `cancel` says why */
    RY_WHY_REJECTED, /* `reject` is its record */
};

struct ry_why_life {
    struct ry_why_scan scan;
    struct ry_why_battle battle;
    char battle_name[RY_NAME_BYTES];
    struct ry_why_tracker tracker; /* names and scales; closed by ry_why_life_close */
    struct ry_why_order order;     /* as it was last */
    struct ry_why_woken woken;
    struct ry_why_event *event;
    size_t events, room;
    bool summed; /* by ry_why_life_sum_up */
    struct ry_why_queue queue;
    bool queued;              /* it stands, and `queue` follows it */
    bool touched;             /* the present input may have changed the queue */
    bool gone;                /* the market has seen its last lot go */
    struct ry_market trade;   /* that waits for its CHANGE */
    struct ry_why_event *own; /* of the present input: behind what it did to the queue */
    size_t owns, own_room;
    bool best_known; /* the best order on the other side when it arrived: */
    int64_t best;
    uint64_t fills;
    struct ry_why_ahead last_ahead; /* at its end */
    enum ry_why_end end;
    enum ry_cancel cancel;
    int64_t end_time;
    bool runs;    /* the battle is not over, and somebody answers at its door */
    bool reached; /* the order is there, and was applied */
    struct ry_explain_record reject;
};

/* Reads the life of the order that scan.asked names; scan and battle are filled. 0, or -1 with
 * `error` (RY_WHY_ERROR_BYTES). */
int ry_why_life_read(struct ry_why_life *life, const char *directory, char *error);

/* Queue changes between two other events become one of each kind. */
void ry_why_life_sum_up(struct ry_why_life *life);

/* One sentence: what became of it, and why. */
const char *ry_why_life_closing(char sentence[RY_WHY_CLOSING_BYTES], struct ry_why_life *life);

void ry_why_life_text(FILE *out, struct ry_why_life *life);
json_t *ry_why_life_json(struct ry_why_life *life);

void ry_why_life_close(struct ry_why_life *life);

#endif
