/*
 * The codes that records carry, as numbers, names and text. The one table: shm/records/codes.def.
 *
 * Example: a report of kind REJECTED with code 9 is RY_REJECT_COLLAR; ry_code_name(RY_CODES_REJECT,
 * 9) is "collar", which results.json counts under "rejects"; `royale codes reject` prints what
 * happened and what to do.
 *
 * Constant, without state: any process and thread may ask. A number that another process wrote may
 * be asked for as it is.
 */
#ifndef RY_SHM_RECORDS_CODES_H
#define RY_SHM_RECORDS_CODES_H

/* The enumerators. */
#define RY_CODE_ENUMERATOR(enumerator, number, name, sentence, remedy) enumerator = (number),

/* Why an order or a cancel is refused, in the order of the checks (UNKNOWN_ORDER aside). */
enum ry_reject {
#define RY_CODE_REJECT RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

/* Why what was left of an order is gone. */
enum ry_cancel {
#define RY_CODE_CANCEL RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

/* Why an agent is out. */
enum ry_out {
#define RY_CODE_OUT RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

/* What stood on the other side of a fill. */
enum ry_cause {
#define RY_CODE_CAUSE RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

/* Of one instrument. */
enum ry_trading_state {
#define RY_CODE_STATE RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

/* Of all instruments of a feed. */
enum ry_session_state {
#define RY_CODE_SESSION RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

/* What a record that says of itself that it is incomplete lacks. */
enum ry_incomplete {
#define RY_CODE_INCOMPLETE RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

/* What kept agents from each other; of a whole battle, in its journal's header. */
enum ry_isolated {
#define RY_CODE_ISOLATION RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

enum ry_side {
#define RY_CODE_SIDE RY_CODE_ENUMERATOR
#include "shm/records/codes.def"
};

#undef RY_CODE_ENUMERATOR

static inline enum ry_side ry_side_opposite(enum ry_side side)
{
    return side == RY_BUY ? RY_SELL : RY_BUY;
}

/* How many codes of a set there are, NONE included: sizes of arrays. */
#define RY_CODE_ONE(enumerator, number, name, sentence, remedy) +1
enum {
    RY_REJECTS = 0
#define RY_CODE_REJECT RY_CODE_ONE
#include "shm/records/codes.def"
    ,
    RY_CANCELS = 0
#define RY_CODE_CANCEL RY_CODE_ONE
#include "shm/records/codes.def"
    ,
    RY_INCOMPLETES = 0
#define RY_CODE_INCOMPLETE RY_CODE_ONE
#include "shm/records/codes.def"
    ,
    RY_OUTS = 0
#define RY_CODE_OUT RY_CODE_ONE
#include "shm/records/codes.def"
};
#undef RY_CODE_ONE

enum ry_codes {
    RY_CODES_REJECT,
    RY_CODES_CANCEL,
    RY_CODES_OUT,
    RY_CODES_CAUSE,
    RY_CODES_STATE,
    RY_CODES_SESSION,
    RY_CODES_INCOMPLETE,
    RY_CODES_ISOLATION,
    RY_CODES_SIDE,
    RY_CODES_COUNT,
};

struct ry_code {
    unsigned number;
    const char *enumerator; /* "RY_REJECT_COLLAR" */
    const char *name;       /* "collar" */
    const char *sentence;
    const char *remedy; /* "": nothing is to be done */
};

struct ry_code_set {
    const char *name;           /* "reject" */
    const char *says;           /* what a code of this set tells */
    const struct ry_code *code; /* code[number] */
    unsigned count;
};

const struct ry_code_set *ry_code_set(enum ry_codes set);

/* NULL: no such code. */
const struct ry_code *ry_code(enum ry_codes set, unsigned number);

/* "?": no such code. */
const char *ry_code_name(enum ry_codes set, unsigned number);

#endif
