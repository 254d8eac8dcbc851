#include "tools/fast/guard.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "shm/base.h"

#define STACK_BYTES ((size_t)1 << 16) /* as agents/fault.c has it */
#define TICK_SIGNAL SIGALRM

/* Those of a crash, and of abort(). */
static const int seen[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};

/* The one thing that the handlers can reach. */
static struct {
    struct ry_role_words *words; /* of who is called; NULL: nobody */
    const uint64_t *callbacks;
    uint64_t ticked; /* *callbacks at the last tick */
    uint32_t ticks;  /* since then */
    uint32_t limit;  /* in ticks; 0: none */
    sigjmp_buf out;
    int code;
    timer_t timer;
    bool ticking;
} guard;

bool ry_fast_guard_inside(void)
{
    return guard.words != NULL &&
           ry_load_relaxed(&guard.words->callback) != (uint32_t)RY_ROLE_CALLBACK_NONE;
}

static void note(struct ry_role_words *words, int number, const siginfo_t *info)
{
    const bool kernels = info->si_code > 0;
    ry_store_relaxed(&words->address, kernels ? (uint64_t)(uintptr_t)info->si_addr : 0);
    ry_store_relaxed(&words->sender, kernels ? 0 : (uint32_t)info->si_pid);
    ry_store_relaxed(&words->code, (uint32_t)info->si_code);
    ry_store_relaxed(&words->signal, (uint32_t)number);
}

/* Outside of a callback it returns into the death: the signal is sent again and has its default
 * action by then. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    const struct sigaction by_default = {.sa_handler = SIG_DFL};
    (void)context;
    if (ry_fast_guard_inside()) {
        note(guard.words, number, info);
        siglongjmp(guard.out, RY_ONE_CRASHED);
    }
    (void)sigaction(number, &by_default, NULL);
    (void)raise(number);
}

static void on_tick(int number)
{
    (void)number;
    if (!ry_fast_guard_inside() || *guard.callbacks != guard.ticked) {
        guard.ticked = guard.words != NULL ? *guard.callbacks : 0;
        guard.ticks = 0;
        return;
    }
    if (guard.limit != 0 && ++guard.ticks >= guard.limit)
        siglongjmp(guard.out, RY_ONE_STALLED);
}

void ry_fast_guard_leave(int code)
{
    if (!ry_fast_guard_inside())
        return;
    guard.code = code;
    siglongjmp(guard.out, RY_ONE_LEFT);
}

int ry_fast_guard_code(void)
{
    return guard.code;
}

static int give_stack(void)
{
    const long least = sysconf(_SC_SIGSTKSZ);
    const size_t bytes = least > 0 && (size_t)least > STACK_BYTES ? (size_t)least : STACK_BYTES;
    void *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    const stack_t stack = {.ss_sp = memory, .ss_size = bytes};
    return sigaltstack(&stack, NULL);
}

static int start_ticking(void)
{
    struct sigaction tick = {.sa_handler = on_tick,
                             .sa_flags = SA_ONSTACK | SA_RESTART | SA_NODEFER};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = TICK_SIGNAL};
    const struct timespec every = {.tv_nsec = RY_NS_PER_SECOND / RY_FAST_GUARD_TICKS};
    const struct itimerspec times = {.it_interval = every, .it_value = every};
    if (sigaction(TICK_SIGNAL, &tick, NULL) != 0 ||
        timer_create(CLOCK_MONOTONIC, &event, &guard.timer) != 0)
        return -1;
    guard.ticking = true;
    return timer_settime(guard.timer, 0, &times, NULL);
}

int ry_fast_guard_open(void)
{
    /* NODEFER: who jumps out of a handler leaves no signal blocked. */
    struct sigaction fault = {.sa_sigaction = on_fault,
                              .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    if (give_stack() != 0)
        return -1;
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        if (sigaction(seen[i], &fault, NULL) != 0)
            return -1;
    return start_ticking();
}

void ry_fast_guard_close(void)
{
    if (guard.ticking)
        (void)timer_delete(guard.timer);
    guard.ticking = false;
}

void ry_fast_guard_limit(uint32_t seconds)
{
    guard.limit = seconds * RY_FAST_GUARD_TICKS;
}

void ry_fast_guard_whose(struct ry_role_words *words, const uint64_t *callbacks)
{
    guard.callbacks = callbacks;
    guard.words = words;
}

enum ry_one_left ry_fast_guard_run(void (*call)(void *context), void *context)
{
    sigset_t none;
    const int left = sigsetjmp(guard.out, 0);
    if (left == 0) {
        call(context);
        guard.words = NULL;
        return RY_ONE_RETURNED;
    }
    guard.words = NULL;
    sigemptyset(&none); /* what was jumped out of may have blocked some (abort) */
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    return (enum ry_one_left)left;
}
