/*
 * Scripted days: small scenarios with the exact expected outputs beside them, tests/days/NAME.day.
 *
 * The format: tests/days/FORMAT.md. A day runs against any machine that is given as a table of
 * functions, so that core/arena and tests/model are held to the same pages.
 */
#ifndef RY_TESTS_SUPPORT_DAY_H
#define RY_TESTS_SUPPORT_DAY_H

#include "core/arena/arena.h"

/* What a day's `= game` line looks at. */
struct ry_test_day_game {
    uint32_t round;
    uint32_t decided; /* 0 or 1 */
    int64_t moment;   /* the next one at which the machine needs a TIME */
};

struct ry_test_day_machine {
    const char *name;
    /* A machine that has applied nothing yet, not even this BATTLE; NULL: failed. */
    void *(*create)(const struct ry_input_battle *battle);
    void (*destroy)(void *machine);
    enum ry_arena_applied (*apply)(void *machine, const union ry_input_any *input,
                                   const struct ry_arena_sink *sink);
    void (*walk)(void *machine, uint16_t instrument, enum ry_side side,
                 bool (*visit)(void *context, const struct ry_arena_book_order *order),
                 void *context);
    __int128 (*cash)(void *machine, uint16_t agent);
    int64_t (*position)(void *machine, uint16_t agent, uint16_t instrument);
    /* Equity, liquidation value, why it is out, fills and rejects of the round; may be NULL, then
     * none of these is compared. */
    void (*account)(void *machine, uint16_t agent, struct ry_arena_account *out);
    void (*game)(void *machine, struct ry_test_day_game *out); /* may be NULL likewise */
    /* May be NULL: counters are not compared then. */
    const struct ry_arena_counters *(*counters)(void *machine);
};

/* Every machine that the days are run against; the last entry has no name. */
extern const struct ry_test_day_machine ry_test_day_machines[];

#define RY_TEST_DAY_ERROR_BYTES 16384 /* room for every output of one input */

/*
 * Runs the day at `path`; machine NULL: only reads it and holds its accounts to its own fills.
 * Returns 0, or -1 with `error` saying "path:line: what was expected, what came", outputs in the
 * words of the format.
 */
int ry_test_day_run(const char *path, const struct ry_test_day_machine *machine, char *error,
                    size_t error_bytes);

#endif
