#include "tools/text/row_codes.h"

#include "shm/records/codes.h"

static const char *const liquidity[] = {[RY_RESULTS_MAKER] = "maker", [RY_RESULTS_TAKER] = "taker"};
#define LIQUIDITY (sizeof liquidity / sizeof *liquidity)

/* The table of codes that a type's words come from. */
static const struct ry_code_set *set_of(enum ry_results_type type)
{
    switch ((int)type) {
    case RY_RESULTS_TYPE_SIDE: return ry_code_set(RY_CODES_SIDE);
    case RY_RESULTS_TYPE_CAUSE: return ry_code_set(RY_CODES_CAUSE);
    case RY_RESULTS_TYPE_REJECT: return ry_code_set(RY_CODES_REJECT);
    case RY_RESULTS_TYPE_CANCEL: return ry_code_set(RY_CODES_CANCEL);
    case RY_RESULTS_TYPE_INCOMPLETE: return ry_code_set(RY_CODES_INCOMPLETE);
    case RY_RESULTS_TYPE_OUT: return ry_code_set(RY_CODES_OUT);
    default: return NULL;
    }
}

unsigned ry_text_row_words(enum ry_results_type type)
{
    const struct ry_code_set *set = set_of(type);
    return set != NULL ? set->count : type == RY_RESULTS_TYPE_LIQUIDITY ? (unsigned)LIQUIDITY : 0;
}

/* 0 is "none" in each of them. */
const char *ry_text_row_word(enum ry_results_type type, unsigned number)
{
    const struct ry_code_set *set = set_of(type);
    if (number == 0 || number >= ry_text_row_words(type))
        return NULL;
    return set != NULL ? set->code[number].name : liquidity[number];
}
