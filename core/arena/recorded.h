/*
 * What recorded inputs do to the book. All are well-formed here; `id` is the order that ref names,
 * 0 if none.
 */
#ifndef RY_CORE_ARENA_RECORDED_H
#define RY_CORE_ARENA_RECORDED_H

#include "core/arena/fills.h"

void ry_arena_recorded_add(struct ry_arena *a, struct ry_arena_instrument *instrument,
                           const struct ry_input *in);
void ry_arena_recorded_exec(struct ry_arena *a, struct ry_arena_instrument *instrument,
                            const struct ry_input *in);
void ry_arena_recorded_cancel(struct ry_arena *a, struct ry_arena_instrument *instrument,
                              const struct ry_input *in);
void ry_arena_recorded_replace(struct ry_arena *a, struct ry_arena_instrument *instrument,
                               const struct ry_input *in);
void ry_arena_recorded_print(struct ry_arena *a, struct ry_arena_instrument *instrument,
                             const struct ry_input *in);
void ry_arena_recorded_clear(struct ry_arena *a, struct ry_arena_instrument *instrument);

/* What ends each input on an instrument that has surplus: what the recorded best of the other side
 * reaches is zero. */
void ry_arena_recorded_drop_reached(struct ry_arena *a, struct ry_arena_instrument *instrument);

#endif
