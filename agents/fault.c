#include "agents/fault.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#define STACK_BYTES ((size_t)1 << 16) /* a frame with every vector register has some 12 kB */

/* The one thing that the handler can reach. */
static struct ry_role_words *noted;

/* Those of a crash, and of abort(). */
static const int seen[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};

/* Returns into the death: the signal is sent again and has its default action by then. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    const struct sigaction by_default = {.sa_handler = SIG_DFL};
    (void)context;
    if (noted != NULL) {
        const bool kernels = info->si_code > 0;
        ry_store_relaxed(&noted->address, kernels ? (uint64_t)(uintptr_t)info->si_addr : 0);
        ry_store_relaxed(&noted->sender, kernels ? 0 : (uint32_t)info->si_pid);
        ry_store_relaxed(&noted->code, (uint32_t)info->si_code);
        ry_store_relaxed(&noted->signal, (uint32_t)number);
    }
    (void)sigaction(number, &by_default, NULL);
    (void)raise(number);
}

static int give_stack(void)
{
    const long least = sysconf(_SC_SIGSTKSZ);
    const size_t bytes =
        least > 0 && (size_t)least > STACK_BYTES ? (size_t)least : (size_t)STACK_BYTES;
    void *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    const stack_t stack = {.ss_sp = memory, .ss_size = bytes};
    return sigaltstack(&stack, NULL);
}

int ry_host_fault_open(struct ry_role_words *words)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    noted = words;
    if (give_stack() != 0)
        return -1;
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        if (sigaction(seen[i], &action, NULL) != 0)
            return -1;
    return 0;
}

void ry_host_fault_close(void)
{
    noted = NULL;
}
