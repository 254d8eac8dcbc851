/*
 * What the files of placement share: placement.c (who keeps what, is there room, the result),
 * placement_try.c (one way to place the rest, and how good it is), placement_say.c (reasons, notes,
 * text). Nobody else includes it.
 *
 * The board is the machine by physical cores that may be used, in the order of the machine, and
 * where each process stands. Everything is an index: of a core on the board, of a process of the
 * plan.
 */
#ifndef RY_TUNING_PLACEMENT_PARTS_H
#define RY_TUNING_PLACEMENT_PARTS_H

#include "tuning/placement.h"

#define RY_TUNING_NOWHERE (-1)

struct ry_tuning_board_core {
    const struct ry_tuning_cpu *cpu; /* the thread that is used */
    bool whole;                      /* all its threads that run are ours to use or to leave idle */
    bool first;                      /* with the machine's first CPU, where the kernel's work is */
    unsigned users;                  /* processes that named it */
};

struct ry_tuning_board {
    const struct ry_tuning_machine *machine;
    const struct ry_tuning_placement *placement;
    struct ry_tuning_board_core core[RY_TUNING_CPUS_MAX];
    unsigned cores;
    int named[RY_TUNING_PLACEMENT_MAX]; /* each process' core that it named, or NOWHERE */
    int keep; /* the core that keeps house whatever happens; NOWHERE: none is left, or the
                 supervisor named one */
    int exec; /* the process; NOWHERE: none */
};

#define RY_TUNING_SCORE_PARTS 8

/* One way. The smaller score is better, its first part counts most. */
struct ry_tuning_try {
    int at[RY_TUNING_PLACEMENT_MAX]; /* each process' core on the board, or NOWHERE */
    bool taken[RY_TUNING_CPUS_MAX];
    unsigned score[RY_TUNING_SCORE_PARTS];
};

/* How far two CPUs are from one another. */
enum ry_tuning_distance {
    RY_TUNING_SAME_L3 = 0,
    RY_TUNING_SAME_NODE,
    RY_TUNING_SAME_PACKAGE,
    RY_TUNING_OTHER_PACKAGE,
    RY_TUNING_DISTANCES,
};

enum ry_tuning_distance ry_tuning_distance(const struct ry_tuning_cpu *a,
                                           const struct ry_tuning_cpu *b);

/* The memory node of a feed's card, or NONE. */
int ry_tuning_card_node(const struct ry_tuning_machine *machine, const char *card);

/* Exec, feed, agent: who has to have a core of its own. */
bool ry_tuning_is_hot(enum ry_tuning_role role);

/* Places everybody who named no core, with exec in that L3. False: no core is free there. There
 * must be room for all hot ones on the board. */
bool ry_tuning_try_l3(const struct ry_tuning_board *board, unsigned l3, struct ry_tuning_try *try);

/* Fills in the reasons and the notes of a plan whose cores are set. */
void ry_tuning_placement_explain(struct ry_tuning_placement *placement,
                                 const struct ry_tuning_machine *machine);

void ry_tuning_placement_note(struct ry_tuning_placement *placement, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
