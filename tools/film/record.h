/*
 * Recording a film, for tools/past:
 *
 *     film = ry_film_open(results, &of, NULL);           once the battle is described
 *     for each input, before it is applied:
 *         if (time >= ry_film_due(film))
 *             ry_film_turn(film, results, arena, time);  a column ends, others begin
 *     ry_film_row(film, results, row)                    for each row
 *     ry_film_stand(film, results, arena);               before it is shown
 *
 * So an input costs nothing of its own: a follower is told to stop before the moment that
 * ry_film_due says.
 */
#ifndef RY_TOOLS_FILM_RECORD_H
#define RY_TOOLS_FILM_RECORD_H

#include "tools/film/film.h"

/* Of a column while the end is not known; doubles whenever all columns are full. */
#define RY_FILM_STEP_NS (RY_NS_PER_SECOND / 10)

struct ry_film_of {
    int64_t from, to; /* RY_TIME_NEVER: the end is not known */
    unsigned columns; /* at most RY_FILM_COLUMNS_MAX */
};

/* What a whole battle's film is of. */
struct ry_film_of ry_film_of_battle(const struct ry_input_battle *battle);

/* `results` have agents and instruments. `like`: films the same instruments; NULL: the first ones.
 * NULL: no memory. */
struct ry_film *ry_film_open(const struct ry_results *results, const struct ry_film_of *of,
                             const struct ry_film *like);
void ry_film_close(struct ry_film *film);

/* The first moment that is not of the column at hand; RY_TIME_NEVER: there is none. */
int64_t ry_film_due(const struct ry_film *film);

/* Ends the column at hand as things stand, and all up to the one that `time`, which is due, lies
 * in.
 */
void ry_film_turn(struct ry_film *film, const struct ry_results *results,
                  const struct ry_arena *arena, int64_t time);

void ry_film_row(struct ry_film *film, const struct ry_results *results,
                 const struct ry_results_row *row);

/* The column at hand as things stand. */
void ry_film_stand(struct ry_film *film, const struct ry_results *results,
                   const struct ry_arena *arena);

/* Nothing of what it is of is still to come. */
void ry_film_finish(struct ry_film *film);

#endif
