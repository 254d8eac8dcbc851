/*
 * Seeded random days for differential testing: the same seed and profile make the same inputs.
 *
 * It looks at the model's state before it makes the next input, so that it meets live references,
 * own orders, the touch, deficits and surpluses far more often than chance would. It writes the
 * inputs that exec would: T never falls, TIME at the machine's moments (at times past several of
 * them), END once, some inputs after the battle is decided; except where a malformed one is meant.
 * Half of the battles have rounds; in half of them agents go out for little.
 */
#ifndef RY_TESTS_MODEL_FLOW_H
#define RY_TESTS_MODEL_FLOW_H

#include "tests/model/model.h"

#define RY_MODEL_FLOW_INSTRUMENTS_MAX 6
#define RY_MODEL_FLOW_AGENTS_MAX      6
#define RY_MODEL_FLOW_SPENT           16
#define RY_MODEL_FLOW_SEEN            1024

enum ry_model_flow_profile {
    RY_MODEL_FLOW_CALM,    /* mostly recorded flow, in order, few halts */
    RY_MODEL_FLOW_AGENTS,  /* mostly agents, who crowd the touch */
    RY_MODEL_FLOW_HOSTILE, /* everything that can be wrong, halts, clears, deaths, malformed inputs
                            */
    RY_MODEL_FLOW_TINY,    /* orders_max is soon reached; rebates */
    RY_MODEL_FLOW_DEEP,    /* long queues, executions deep in them */
    RY_MODEL_FLOW_RECORD,  /* no agents at all */
    RY_MODEL_FLOW_PROFILES
};

struct ry_model_flow {
    uint64_t random[4];
    enum ry_model_flow_profile profile;
    uint64_t steps;     /* inputs made */
    uint64_t steps_end; /* END comes after so many; set it after ry_model_flow_init to change it */
    uint64_t warmup;    /* trade_from comes after so many */
    int64_t time;
    uint64_t source_seq;
    uint64_t ref_next;
    /* References that were seen alive, most of them spent by now. */
    uint64_t spent[RY_MODEL_FLOW_INSTRUMENTS_MAX][RY_MODEL_FLOW_SPENT];
    uint64_t cl_ord_id[RY_MODEL_FLOW_AGENTS_MAX];
    uint64_t match;      /* the highest match number so far */
    uint64_t broken;     /* the match number of the last BROKEN */
    uint16_t undone;     /* 1 + the instrument whose trades are all being broken; 0: none */
    uint16_t far;        /* 1 + the instrument that gets far quotes alone; 0: none */
    unsigned far_step;   /* how many inputs it has had since */
    int64_t far_away[2]; /* how far from its center they are, buy and sell */
    uint16_t instruments;
    uint16_t agents;
    bool rounds;   /* the battle has them */
    bool harsh;    /* little cash, little loss_max, deaths */
    bool coarse;   /* instrument 3 has a huge tick */
    bool ticked;   /* collars are in ticks alone */
    bool cut;      /* END comes before trade_from */
    bool hurry;    /* prices have just jumped: the round's end comes, or a death */
    bool heavy;    /* agent 0 holds more of this instrument than most ever see */
    unsigned over; /* inputs since the battle was decided */
    unsigned after_end;
    bool idle; /* the instrument of this input is halted or closed after trade_from */

    /* The book that the next input is made from. */
    struct ry_arena_book_order seen[RY_MODEL_FLOW_SEEN];
    size_t seen_count;
    size_t seen_first_sell;
};

void ry_model_flow_init(struct ry_model_flow *flow, uint64_t seed,
                        enum ry_model_flow_profile profile);

/* Makes the next input (unused bytes zero, room for all slots); false after the last. `view`
 * has applied all inputs before. */
bool ry_model_flow_next(struct ry_model_flow *flow, const struct ry_model *view,
                        union ry_input_any *out);

const char *ry_model_flow_profile_name(enum ry_model_flow_profile profile);

#endif
