#include "shm/records/codes.h"

#include <assert.h>
#include <stddef.h>

#define RY_CODE_ROW(enumerator, number, name, sentence, remedy)                                    \
    [enumerator] = {(number), #enumerator, name, sentence, remedy},

static const struct ry_code rejects[] = {
#define RY_CODE_REJECT RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code cancels[] = {
#define RY_CODE_CANCEL RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code outs[] = {
#define RY_CODE_OUT RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code causes[] = {
#define RY_CODE_CAUSE RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code states[] = {
#define RY_CODE_STATE RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code sessions[] = {
#define RY_CODE_SESSION RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code incompletes[] = {
#define RY_CODE_INCOMPLETE RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code isolations[] = {
#define RY_CODE_ISOLATION RY_CODE_ROW
#include "shm/records/codes.def"
};

static const struct ry_code sides[] = {
#define RY_CODE_SIDE RY_CODE_ROW
#include "shm/records/codes.def"
};

#define SET(name, says, codes) name, says, codes, sizeof(codes) / sizeof *(codes)

static const struct ry_code_set sets[RY_CODES_COUNT] = {
    [RY_CODES_REJECT] = {SET("reject", "why an order or a cancel was refused", rejects)},
    [RY_CODES_CANCEL] = {SET("cancel", "why what was left of an order is gone", cancels)},
    [RY_CODES_OUT] = {SET("out", "why an agent is out of the battle", outs)},
    [RY_CODES_CAUSE] = {SET("cause", "what stood on the other side of a fill", causes)},
    [RY_CODES_STATE] = {SET("state", "whether an instrument trades", states)},
    [RY_CODES_SESSION] = {SET("session", "whether a feed's market is open", sessions)},
    [RY_CODES_INCOMPLETE] = {SET("incomplete", "what a record says that it lacks", incompletes)},
    [RY_CODES_ISOLATION] = {SET("isolation", "what kept the agents of a battle from each other",
                                isolations)},
    [RY_CODES_SIDE] = {SET("side", "which side an order or an aggressor is of", sides)},
};

_Static_assert(sizeof rejects / sizeof *rejects == RY_REJECTS, "the numbers have no gap");
_Static_assert(sizeof cancels / sizeof *cancels == RY_CANCELS, "the numbers have no gap");
_Static_assert(sizeof incompletes / sizeof *incompletes == RY_INCOMPLETES,
               "the numbers have no gap");

const struct ry_code_set *ry_code_set(enum ry_codes set)
{
    assert(set < RY_CODES_COUNT);
    return &sets[set];
}

const struct ry_code *ry_code(enum ry_codes set, unsigned number)
{
    const struct ry_code_set *codes = ry_code_set(set);
    return number < codes->count ? &codes->code[number] : NULL;
}

const char *ry_code_name(enum ry_codes set, unsigned number)
{
    const struct ry_code *code = ry_code(set, number);
    return code != NULL ? code->name : "?";
}
