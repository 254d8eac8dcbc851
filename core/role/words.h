/*
 * The words of a role that has no socket: what it says of itself in its base region, and where the
 * code is that it runs for somebody else.
 *
 * An agent's process hangs up (ry_role_hang_up in core/role/role.h) before it loads a strategy, so
 * that no line of the strategy has anything to send a descriptor over. From then on it says here
 * what others say in messages. Example: an agent whose strategy calls exit(0) at a timer leaves
 *
 *     said = JOINED, callback = TIMER, time = 1767623400500000000
 *
 * and the supervisor's line is "called exit(0) in its callback timer, at 2026-01-05 09:30:00.5 ..".
 * The fault is what a handler of the host's saw (agents/fault.c): the signal as the kernel told it.
 *
 * One writer, the role's process. Strategies run in that process and can write here what they like:
 * advice, not proof. What it can be is checked where it is read, once (ry_role_words_read); what
 * the kernel knows itself (wait's status, the process's user) goes before it
 * (core/supervisor/cause.h).
 */
#ifndef RY_CORE_ROLE_WORDS_H
#define RY_CORE_ROLE_WORDS_H

#include "core/role/message.h"
#include "shm/atomic.h"

/* Bits; each is set once and stays. */
enum ry_role_said {
    RY_ROLE_SAID_JOINED = 1u << 0,  /* as the message JOINED */
    RY_ROLE_SAID_FAILED = 1u << 1,  /* as FAILED, with `text` */
    RY_ROLE_SAID_DONE = 1u << 2,    /* as DONE */
    RY_ROLE_SAID_STOPPED = 1u << 3, /* a SIGTERM has ended its loop */
};

/* Which code of a strategy runs. */
enum ry_role_callback {
    RY_ROLE_CALLBACK_NONE = 0,
    RY_ROLE_CALLBACK_LOAD, /* constructors of its library */
    RY_ROLE_CALLBACK_START,
    RY_ROLE_CALLBACK_MARKET,
    RY_ROLE_CALLBACK_REPORT,
    RY_ROLE_CALLBACK_TIMER,
    RY_ROLE_CALLBACK_STOP,
    RY_ROLE_CALLBACKS,
};

struct ry_role_words {
    ry_atomic_u32 said;     /* enum ry_role_said, released after the text */
    ry_atomic_u32 callback; /* enum ry_role_callback */
    ry_atomic_i64 time;     /* market time of the callback, ns since the epoch */
    ry_atomic_u64 address;  /* of the fault, if the kernel raised it */
    ry_atomic_u32 signal;   /* a handler saw it last; 0: none */
    ry_atomic_u32 code;     /* its si_code, as an int32_t: above 0 the kernel's own */
    ry_atomic_u32 sender;   /* its si_pid, where somebody sent it */
    uint32_t zero;
    char text[RY_ROLE_MESSAGE_TEXT_BYTES]; /* written before FAILED is said, then left alone */
};

/* A copy that can be believed as far as it goes: the text is terminated and printable, `callback`
 * is one of the enum. */
struct ry_role_testimony {
    uint32_t said;
    enum ry_role_callback callback;
    int64_t time;
    uint64_t address;
    int signal, code, sender;
    char text[RY_ROLE_MESSAGE_TEXT_BYTES];
};

void ry_role_words_say(struct ry_role_words *words, enum ry_role_said said);
/* FAILED with its reason; only the first counts. */
void ry_role_words_fail(struct ry_role_words *words, const char *text);

static inline void ry_role_words_enter(struct ry_role_words *words, enum ry_role_callback callback,
                                       int64_t time)
{
    ry_store_relaxed(&words->time, time);
    ry_store_relaxed(&words->callback, (uint32_t)callback);
}

static inline void ry_role_words_leave(struct ry_role_words *words)
{
    ry_store_relaxed(&words->callback, (uint32_t)RY_ROLE_CALLBACK_NONE);
}

/* What has been said; `text` only if FAILED has. */
void ry_role_words_read(const struct ry_role_words *words, struct ry_role_testimony *testimony);

#endif
