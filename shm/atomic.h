/*
 * The one header for atomics: everything that two threads or processes share goes through these
 * words.
 *
 * Plain C11 underneath. All accesses are calls of the inline functions below, so that a simulated
 * memory model can replace them in tests. The names without a type suffix choose by the pointer's
 * type.
 * Every acquire, release and fence in the project carries a label that names its partner and the
 * file where the partner stands: `R30: pairs with A30 in core/follow/follow.c`.
 */
#ifndef RY_SHM_ATOMIC_H
#define RY_SHM_ATOMIC_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef _Atomic uint32_t ry_atomic_u32;
typedef _Atomic uint64_t ry_atomic_u64;
typedef _Atomic int64_t ry_atomic_i64;

_Static_assert(sizeof(ry_atomic_u32) == 4 && sizeof(ry_atomic_u64) == 8 &&
                   sizeof(ry_atomic_i64) == 8,
               "atomic words have the size of plain ones");
_Static_assert(ATOMIC_INT_LOCK_FREE == 2 && ATOMIC_LLONG_LOCK_FREE == 2 &&
                   ATOMIC_LONG_LOCK_FREE == 2,
               "atomic words in shared memory must be lock-free");

#define RY_ATOMIC_FUNCTIONS(suffix, type)                                                          \
    static inline type ry_load_relaxed_##suffix(const _Atomic type *word)                          \
    {                                                                                              \
        return atomic_load_explicit(word, memory_order_relaxed);                                   \
    }                                                                                              \
    static inline type ry_load_acquire_##suffix(const _Atomic type *word)                          \
    {                                                                                              \
        return atomic_load_explicit(word, memory_order_acquire);                                   \
    }                                                                                              \
    static inline void ry_store_relaxed_##suffix(_Atomic type *word, type value)                   \
    {                                                                                              \
        atomic_store_explicit(word, value, memory_order_relaxed);                                  \
    }                                                                                              \
    static inline void ry_store_release_##suffix(_Atomic type *word, type value)                   \
    {                                                                                              \
        atomic_store_explicit(word, value, memory_order_release);                                  \
    }                                                                                              \
    static inline type ry_fetch_add_relaxed_##suffix(_Atomic type *word, type value)               \
    {                                                                                              \
        return atomic_fetch_add_explicit(word, value, memory_order_relaxed);                       \
    }

RY_ATOMIC_FUNCTIONS(u32, uint32_t)
RY_ATOMIC_FUNCTIONS(u64, uint64_t)
RY_ATOMIC_FUNCTIONS(i64, int64_t)

/* The versions of clang-format differ about _Generic. */
/* clang-format off */
#define RY_ATOMIC_CHOOSE(word, name)                                                               \
    _Generic((word),                                                                               \
        ry_atomic_u32 *: name##_u32, const ry_atomic_u32 *: name##_u32,                            \
        ry_atomic_u64 *: name##_u64, const ry_atomic_u64 *: name##_u64,                            \
        ry_atomic_i64 *: name##_i64, const ry_atomic_i64 *: name##_i64)
/* clang-format on */

#define ry_load_relaxed(word)             RY_ATOMIC_CHOOSE(word, ry_load_relaxed)(word)
#define ry_load_acquire(word)             RY_ATOMIC_CHOOSE(word, ry_load_acquire)(word)
#define ry_store_relaxed(word, value)     RY_ATOMIC_CHOOSE(word, ry_store_relaxed)(word, value)
#define ry_store_release(word, value)     RY_ATOMIC_CHOOSE(word, ry_store_release)(word, value)
#define ry_fetch_add_relaxed(word, value) RY_ATOMIC_CHOOSE(word, ry_fetch_add_relaxed)(word, value)

/* Copies `words` words that another process may change meanwhile, each looked at once: the copy is
 * what is checked and used. `shared` is aligned to 8. */
static inline void ry_load_words(uint64_t *copy, const void *shared, size_t words)
{
    const ry_atomic_u64 *word = shared;
    for (size_t i = 0; i < words; i++)
        copy[i] = ry_load_relaxed(&word[i]);
}

static inline void ry_fence_acquire(void)
{
    atomic_thread_fence(memory_order_acquire);
}

static inline void ry_fence_release(void)
{
    atomic_thread_fence(memory_order_release);
}

static inline void ry_fence_seq_cst(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}

/* Tells the core that this is a spin loop. */
static inline void ry_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#endif
}

/* The same value, but the compiler no longer knows what it follows from. */
static inline uint64_t ry_opaque(uint64_t value)
{
    __asm__("" : "+r"(value));
    return value;
}

#endif
