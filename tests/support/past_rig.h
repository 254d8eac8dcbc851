/*
 * What the tests of the past and of the film share: a journal of a random battle, written while the
 * test looks on, and what a plain follower from the start says of any moment of it.
 */
#ifndef RY_TESTS_SUPPORT_PAST_RIG_H
#define RY_TESTS_SUPPORT_PAST_RIG_H

#include <jansson.h>

#include "tests/support/arena_flow.h"
#include "tests/support/results_rig.h"
#include "tools/past/past.h"

struct ry_test_past {
    struct journal_folder folder;
    struct ry_journal_writer *writer;
    uint64_t slot;
    struct stage *stage; /* the battle as it is so far */
    struct ry_test_flow flow;
    bool ended;
};

/* A battle of three rounds and their beginnings; trading ends at `to`, or with its inputs
 * (RY_TIME_NEVER). */
struct ry_input_battle ry_test_past_battle(uint16_t instruments, uint16_t agents, int64_t to);

/* Its description stands in the journal. */
void ry_test_past_open(struct ry_test_past *past, uint64_t seed,
                       const struct ry_input_battle *battle);

/* Random inputs, up to 1 s apart, and the moments that the machine needs between them; fewer if
 * trading ends. They stand in the file. */
void ry_test_past_add(struct ry_test_past *past, unsigned inputs);

/* The battle's END. */
void ry_test_past_end(struct ry_test_past *past);

void ry_test_past_close(struct ry_test_past *past);

/* Its past, with a copy each `every` inputs. */
struct ry_past *ry_test_past_look(const struct ry_test_past *past, uint64_t every);

/* The film's course. A new reference. */
json_t *ry_test_past_course(const struct ry_film *film, unsigned columns);

/* What a machine and its results are, in three words. */
struct ry_test_past_state {
    uint64_t state, book, results;
};

/* Values the results first. */
struct ry_test_past_state ry_test_past_state_of(struct ry_results *results,
                                                const struct ry_arena *arena);
/* Of results that were valued. */
struct ry_test_past_state ry_test_past_state_valued(const struct ry_results *results,
                                                    const struct ry_arena *arena);

/* The battle from the start by a plain follower: `look` is called after each input, the first with
 * number 1. */
void ry_test_past_follow(const char *directory,
                         void (*look)(void *context, uint64_t input, struct ry_results *results,
                                      const struct ry_arena *arena),
                         void (*row)(void *context, const struct ry_results *results,
                                     const struct ry_results_row *row),
                         void *context);

#endif
