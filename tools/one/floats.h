/*
 * The floating-point environment of each strategy, where all share one thread: rounding, and what
 * becomes of subnormal numbers, are as that strategy left them in its last callback, and as by
 * default for all others and for the house. Flags of exceptions are nobody's.
 *
 * fenv.h's calls are slow, so one cheap word says whether anybody has changed anything. (Nobody
 * can see by it that the x87 unit's control word alone was changed: that stays everybody's.)
 */
#ifndef RY_TOOLS_ONE_FLOATS_H
#define RY_TOOLS_ONE_FLOATS_H

#include <fenv.h>
#include <stdbool.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#define RY_ONE_FLOATS_FLAGS 0x3fu
#endif

struct ry_one_floats {
    bool changed; /* else as by default */
    fenv_t environment;
};

static inline unsigned ry_one_floats_word(void)
{
#if defined(__SSE__)
    return _mm_getcsr() & ~RY_ONE_FLOATS_FLAGS;
#else
    return (unsigned)fegetround();
#endif
}

/* Before a strategy's callbacks. */
static inline void ry_one_floats_enter(const struct ry_one_floats *floats)
{
    if (floats->changed)
        (void)fesetenv(&floats->environment);
}

/* After them; `word` is what ry_one_floats_word says by default. */
static inline void ry_one_floats_leave(struct ry_one_floats *floats, unsigned word)
{
    floats->changed = ry_one_floats_word() != word;
    if (floats->changed) {
        (void)fegetenv(&floats->environment);
        (void)fesetenv(FE_DFL_ENV);
    }
}

#endif
