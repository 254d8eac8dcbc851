/*
 * What the pictures of a machine have in common: in which order its cores are drawn, and what is on
 * each thread.
 */
#ifndef RY_TOOLS_PLAN_SHAPE_H
#define RY_TOOLS_PLAN_SHAPE_H

#include <stdbool.h>

#include "tools/plan/draw.h"

#define RY_PLAN_WORD_BYTES  (RY_NAME_BYTES + 16)
#define RY_PLAN_SIZE_BYTES  32
#define RY_PLAN_LABEL_BYTES 64

/* Cores that follow one another in one cache of one node, all of one kind: a row of boxes. */
struct ry_plan_group {
    unsigned package, node, l3, kind;
    unsigned first, cpus;    /* rows of the machine */
    unsigned cores, threads; /* threads of the core that has most */
};

/* The group behind `group`; zero begins. False: there is none, and `group` is zero. */
bool ry_plan_group_next(const struct ry_tuning_machine *machine, struct ry_plan_group *group);

enum ry_plan_on {
    RY_PLAN_ON_FREE = 0,
    RY_PLAN_ON_HOUSE,
    RY_PLAN_ON_WASTED,
    RY_PLAN_ON_IDLE,
    RY_PLAN_ON_BARRED,
    RY_PLAN_ON_OFFLINE,
    RY_PLAN_ON_PROCESS,
};

struct ry_plan_thread {
    enum ry_plan_on on;
    char word[RY_PLAN_WORD_BYTES];          /* "exec", "exec+2", "idle"; "": nothing to say */
    const struct ry_tuning_placed *process; /* the first on it; NULL: none */
};

/* Of the machine's row. */
void ry_plan_thread_of(const struct ry_plan_picture *picture, unsigned row,
                       struct ry_plan_thread *thread);

/* "768 MiB", "3.9 GiB", "384 GiB". Returns `text`. */
const char *ry_plan_size(char text[RY_PLAN_SIZE_BYTES], size_t bytes);

/* What is before cores of a group: "L3 1", "cores" where no cache is known, "L3 1-3, slower" up to
 * the group `last`. Its length. */
int ry_plan_label(char label[RY_PLAN_LABEL_BYTES], const struct ry_tuning_machine *machine,
                  const struct ry_plan_group *first, const struct ry_plan_group *last);

/* "node 0, 384 GiB, network card ens1f0" */
void ry_plan_node_title(char title[RY_PLAN_TITLE_BYTES], const struct ry_tuning_machine *machine,
                        unsigned node);

#endif
