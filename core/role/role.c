#include "core/role/role.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/role/message.h"
#include "core/role/secret.h"
#include "shm/clock.h"

/* What one role can be handed: two regions of each other process, and some to spare. */
#define REGIONS_MAX (2 * (RY_FEEDS_MAX + RY_AGENTS_MAX) + 16)
/* How often a role that waits for the supervisor looks for a SIGTERM. */
#define ANSWER_LOOK_MS 100
#define EXIT_USAGE     2

/* A region that the supervisor handed over and that nobody has mapped yet. */
struct handed {
    char name[RY_REGION_NAME_BYTES];
    int fd;
    pid_t pid; /* who offered it */
};

struct runner {
    struct ry_role_process process; /* first: what roles get is where the rest is */
    const struct ry_role *role;
    struct ry_role_link base, watch, spans;
    struct handed handed[REGIONS_MAX];
    unsigned handed_count;
    pid_t parent; /* the supervisor */
    bool hung_up; /* has no socket: says what it has to say in its base */
    bool supervisor_gone;
    bool running; /* since GO */
    bool failed;
    int64_t published_ns;
};

/* The one thing that a signal handler can reach. */
static struct runner *signalled;

static void on_sigterm(int signal_number)
{
    (void)signal_number;
    if (signalled != NULL)
        ry_store_relaxed(&signalled->process.stop, 1);
}

static struct runner *runner_of(struct ry_role_process *process)
{
    return (struct runner *)process;
}

static bool stopping(const struct runner *runner)
{
    return ry_load_relaxed(&runner->process.stop) != 0;
}

int ry_role_fail(struct ry_role_process *process, const char *format, ...)
{
    struct runner *runner = runner_of(process);
    struct ry_role_message message = {.kind = RY_ROLE_TELL_FAILED};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message.text, sizeof message.text, format, arguments);
    va_end(arguments);
    if (stopping(runner) && !runner->running) {
        /* What a stop interrupts on the way up (EINTR in open) is no failure of the role. */
        ry_role_log(process, RY_LOG_WARN, "stopped meanwhile: %s", message.text);
        return -1;
    }
    runner->failed = true;
    ry_role_log(process, RY_LOG_ERROR, "%s", message.text);
    if (runner->hung_up) {
        ry_role_words_fail(&process->base->words, message.text);
    } else {
        /* A supervisor that is gone cannot be told; the line stands in the log. */
        (void)ry_role_message_send(RY_ROLE_FD_SOCKET, &message, -1);
    }
    return -1;
}

/* Makes NAME and offers it; the caller keeps the link. */
static int make_and_offer(struct ry_role_process *process, struct ry_role_link *link,
                          const char *name)
{
    struct ry_role_message message = {.kind = RY_ROLE_TELL_OFFER};
    char why[RY_ROLE_LINK_WHY_BYTES];
    if (ry_role_link_make(link, name, why) != 0)
        return ry_role_fail(process, "cannot make %s: %s", name, why);
    snprintf(message.name, sizeof message.name, "%s", name);
    if (ry_role_message_send(RY_ROLE_FD_SOCKET, &message, link->region.fd) == 0)
        return 0;
    int error = errno;
    ry_role_link_leave(link);
    return ry_role_fail(process, "cannot offer %s: %s", name, strerror(error));
}

static void keep(struct ry_role_process *process, struct ry_role_link *link)
{
    link->next = process->links;
    process->links = link;
}

/* Room for more than a region may be called: what is cut is no link's name. */
#define NAME_BYTES (RY_NAME_BYTES + 2 * RY_REGION_NAME_BYTES)

int ry_role_make(struct ry_role_process *process, struct ry_role_link *link, const char *format,
                 ...)
{
    char name[NAME_BYTES];
    int length = snprintf(name, sizeof name, "%s.", process->name);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name + length, sizeof name - (size_t)length, format, arguments);
    va_end(arguments);
    if (make_and_offer(process, link, name) != 0)
        return -1;
    keep(process, link);
    return 0;
}

int ry_role_make_named(struct ry_role_process *process, struct ry_role_link *link, const char *name)
{
    if (make_and_offer(process, link, name) != 0)
        return -1;
    keep(process, link);
    return 0;
}

int ry_role_join(struct ry_role_process *process, struct ry_role_link *link, const char *format,
                 ...)
{
    struct runner *runner = runner_of(process);
    char name[NAME_BYTES], why[RY_ROLE_LINK_WHY_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    for (unsigned i = 0; i < runner->handed_count; i++) {
        struct handed *handed = &runner->handed[i];
        if (handed->fd < 0 || strcmp(handed->name, name) != 0)
            continue;
        if (ry_role_link_join(link, handed->fd, name, why) != 0)
            return ry_role_fail(process, "cannot map %s: %s", name, why);
        handed->fd = -1;
        link->pid = handed->pid;
        keep(process, link);
        return 0;
    }
    return ry_role_fail(process, "nobody offers %s", name);
}

const char *ry_role_handed(const struct ry_role_process *process, unsigned i, bool *joined)
{
    const struct runner *runner = (const struct runner *)process;
    if (i >= runner->handed_count)
        return NULL;
    *joined = runner->handed[i].fd < 0;
    return runner->handed[i].name;
}

static void close_descriptor(struct ry_role_link *link)
{
    if (link->row != NULL && link->region.fd >= 0) {
        close(link->region.fd);
        link->region.fd = -1;
    }
}

void ry_role_close_descriptors(struct ry_role_process *process)
{
    struct runner *runner = runner_of(process);
    close_descriptor(&runner->base);
    close_descriptor(&runner->watch);
    close_descriptor(&runner->spans);
    for (struct ry_role_link *link = process->links; link != NULL; link = link->next)
        close_descriptor(link);
    for (unsigned i = 0; i < runner->handed_count; i++) {
        if (runner->handed[i].fd >= 0)
            close(runner->handed[i].fd);
        runner->handed[i].fd = -1;
    }
}

static void leave_all(struct ry_role_process *process)
{
    struct runner *runner = runner_of(process);
    ry_role_close_descriptors(process);
    for (struct ry_role_link *link = process->links, *next; link != NULL; link = next) {
        next = link->next;
        ry_role_link_leave(link);
    }
    process->links = NULL;
    process->log = NULL;
    process->base = NULL;
    process->watch = NULL;
    process->spans = NULL;
    ry_role_link_leave(&runner->base);
    ry_role_link_leave(&runner->watch);
    ry_role_link_leave(&runner->spans);
}

static int tell(struct runner *runner, enum ry_role_message_kind kind)
{
    struct ry_role_message message = {.kind = (uint8_t)kind};
    if (ry_role_message_send(RY_ROLE_FD_SOCKET, &message, -1) != 0) {
        runner->supervisor_gone = true;
        return -1;
    }
    return 0;
}

void ry_role_hang_up(struct ry_role_process *process)
{
    runner_of(process)->hung_up = true;
    close(RY_ROLE_FD_SOCKET);
}

static int take_region(struct runner *runner, const struct ry_role_message *message, int fd)
{
    unsigned i = 0;
    while (i < runner->handed_count && strcmp(runner->handed[i].name, message->name) != 0)
        i++; /* one of that name is of the process before it was started again */
    if (i == REGIONS_MAX || fd < 0)
        return ry_role_fail(&runner->process, "cannot take %s from the supervisor", message->name);
    struct handed *handed = &runner->handed[i];
    if (i == runner->handed_count) {
        runner->handed_count++;
        memcpy(handed->name, message->name, sizeof handed->name);
    } else if (handed->fd >= 0) {
        close(handed->fd);
    }
    handed->fd = fd;
    handed->pid = message->number;
    return 0;
}

/* Waits for a message of that kind, taking regions meanwhile. -1: stop, or the supervisor is gone.
 */
static int wait_for(struct runner *runner, enum ry_role_message_kind kind,
                    struct ry_role_message *message)
{
    struct pollfd look = {.fd = RY_ROLE_FD_SOCKET, .events = POLLIN};
    while (!stopping(runner)) {
        int fd;
        enum ry_role_message_result result =
            ry_role_message_receive(RY_ROLE_FD_SOCKET, message, &fd);
        if (result == RY_ROLE_MESSAGE_NONE) {
            (void)poll(&look, 1, ANSWER_LOOK_MS);
            continue;
        }
        if (result == RY_ROLE_MESSAGE_CLOSED) {
            runner->supervisor_gone = true;
            return -1;
        }
        if (result == RY_ROLE_MESSAGE_GOT && message->kind == RY_ROLE_TELL_REGION) {
            if (take_region(runner, message, fd) != 0)
                return -1;
            continue;
        }
        if (fd >= 0)
            close(fd);
        if (result == RY_ROLE_MESSAGE_GOT && message->kind == kind)
            return 0;
    }
    return -1;
}

static void set_phase(struct runner *runner, enum ry_role_phase phase)
{
    ry_store_relaxed(&runner->process.base->phase, (uint32_t)phase);
}

static void publish_counters(struct runner *runner)
{
    struct ry_role_process *process = &runner->process;
    struct ry_counters *shared = &process->watch->counters;
    const unsigned own = process->counter_table != NULL ? process->counter_table->count : 0;
    ry_role_counters_take_kernels(&process->loop);
    process->loop.phase = ry_load_relaxed(&process->base->phase);
    process->loop.yields = process->wait.yields;
    process->loop.sleeps = process->wait.sleeps;
    ry_counters_publish(shared, 0, process->counters, own);
    ry_counters_publish(shared, own, process->loop.value, RY_ROLE_COUNTERS);
}

/* Once a millisecond: what others see of this process, and whether the supervisor still lives. */
static void housekeeping(struct runner *runner, int64_t now)
{
    runner->published_ns = now;
    publish_counters(runner);
    if (runner->hung_up) {
        runner->supervisor_gone = getppid() != runner->parent;
        return;
    }
    struct ry_role_message message;
    int fd;
    enum ry_role_message_result result = ry_role_message_receive(RY_ROLE_FD_SOCKET, &message, &fd);
    if (result == RY_ROLE_MESSAGE_CLOSED)
        runner->supervisor_gone = true;
    if (result == RY_ROLE_MESSAGE_GOT && message.kind == RY_ROLE_TELL_REGION && fd >= 0)
        (void)take_region(runner, &message, fd);
    else if (fd >= 0)
        close(fd);
}

/* One turn of the run loop: a step, and waiting if it found nothing. */
static int turn(struct runner *runner)
{
    struct ry_role_process *process = &runner->process;
    int work = runner->role->step(process);
    if (work > 0) {
        ry_wait_worked(&process->wait);
    } else if (work == 0 && ry_wait_idle(&process->wait)) {
        work = runner->role->step(process);
        ry_wait_sleep(&process->wait, work != 0);
        if (work > 0)
            ry_wait_worked(&process->wait);
    }
    return work;
}

/* Steps until the role is done, has failed, or has to stop. */
static int run_loop(struct runner *runner)
{
    struct ry_role_process *process = &runner->process;
    int64_t before = ry_clock_ns();
    int work = 0;
    while (work >= 0 && !stopping(runner) && !runner->supervisor_gone) {
        work = turn(runner);
        process->loop.loops++;
        process->loop.loops_busy += work > 0;
        ry_store_relaxed(&process->base->heartbeat, process->loop.loops);
        int64_t now = ry_clock_ns();
        if (work > 0)
            process->loop.busy_ns += (uint64_t)(now - before);
        before = now;
        if (now - runner->published_ns >= RY_ROLE_COUNTERS_EVERY_NS)
            housekeeping(runner, now);
    }
    return work;
}

/* The battle, mapped for as long as the process lives. */
static const struct ry_battle *map_battle(void)
{
    struct stat status;
    int seals = fcntl(RY_ROLE_FD_BATTLE, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_WRITE) == 0 || fstat(RY_ROLE_FD_BATTLE, &status) != 0 ||
        status.st_size < (off_t)sizeof(struct ry_battle))
        return NULL;
    size_t bytes = (size_t)status.st_size;
    const struct ry_battle *battle =
        mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, RY_ROLE_FD_BATTLE, 0);
    if (battle == MAP_FAILED)
        return NULL;
    if (battle->abi != RY_BATTLE_ABI || bytes != ry_battle_bytes(battle->instruments)) {
        munmap((void *)(uintptr_t)battle, bytes);
        return NULL;
    }
    return battle;
}

static int handle_signals(struct runner *runner)
{
    signalled = runner;
    struct sigaction term = {.sa_handler = on_sigterm};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t none;
    sigemptyset(&none);
    /* The terminal's signals reach the whole group; the supervisor decides what they mean. */
    return sigaction(SIGTERM, &term, NULL) | sigaction(SIGINT, &ignore, NULL) |
           sigaction(SIGHUP, &ignore, NULL) | sigaction(SIGPIPE, &ignore, NULL) |
           sigprocmask(SIG_SETMASK, &none, NULL);
}

static int make_base(struct runner *runner)
{
    struct ry_role_process *process = &runner->process;
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s.watch", process->name);
    if (make_and_offer(process, &runner->watch, name) != 0)
        return -1;
    process->watch = runner->watch.own_head;
    process->log = &runner->watch.writer;
    snprintf(name, sizeof name, "%s.base", process->name);
    if (make_and_offer(process, &runner->base, name) != 0)
        return -1;
    process->base = runner->base.own_head;
    set_phase(runner, RY_ROLE_PHASE_OPEN);
    if (process->battle->trace_every == 0)
        return 0;
    snprintf(name, sizeof name, "%s.spans", process->name);
    if (make_and_offer(process, &runner->spans, name) != 0)
        return -1;
    process->spans = &runner->spans.writer;
    return 0;
}

/* While it still has privileges. Lower than it is already only root may ask for; agents ask for
 * more, so that they go first in any case. */
static void set_oom_score(struct ry_role_process *process, int wanted)
{
    if (wanted == 0)
        return;
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0 || dprintf(fd, "%d", wanted) < 0)
        ry_role_log(process, RY_LOG_INFO, "%s: oom_score_adj stays as it was, not %d: %s",
                    process->name, wanted, strerror(errno));
    if (fd >= 0)
        close(fd);
}

/* The supervisor has bound the process before the exec; here the role makes sure. */
static int check_place(struct runner *runner, const struct ry_role_message *place)
{
    struct ry_role_process *process = &runner->process;
    bool spin = place->policy == RY_WAIT_SPIN;
    set_oom_score(process, place->number);
    ry_wait_init(&process->wait, spin ? RY_WAIT_SPIN : RY_WAIT_SHARE);
    if (place->core < 0) {
        ry_role_log(process, RY_LOG_INFO, "%s: process %d, not bound to a core", process->name,
                    (int)getpid());
        return 0;
    }
    cpu_set_t bound;
    if (sched_getaffinity(0, sizeof bound, &bound) != 0)
        return ry_role_fail(process, "cannot ask for the bound core: %s", strerror(errno));
    if (CPU_COUNT(&bound) != 1 || !CPU_ISSET((size_t)place->core, &bound))
        return ry_role_fail(process, "planned on core %d but not bound to it", place->core);
    ry_role_log(process, RY_LOG_INFO, "%s: process %d on core %d, %s", process->name, (int)getpid(),
                place->core, spin ? "spinning" : "sharing");
    return 0;
}

static int said_nothing(struct runner *runner, const char *step)
{
    bool interrupted = stopping(runner) && !runner->running;
    return runner->failed || interrupted ? -1 : ry_role_fail(&runner->process, "%s failed", step);
}

/* Before any strategy runs: one with our user must not find our descriptors in /proc. */
static void close_to_others(const struct ry_role_process *process)
{
    if (process->battle->agents > 0)
        (void)ry_role_keep_secret(true);
}

static int make_room(struct runner *runner)
{
    void *room =
        mmap(NULL, runner->role->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return ry_role_fail(&runner->process, "no memory for its state (%zu bytes): %s",
                            runner->role->bytes, strerror(errno));
    runner->process.role = room;
    return 0;
}

/* Everything up to GO. `opened` says whether close has something to close. */
static int bring_up(struct runner *runner, bool *opened)
{
    struct ry_role_process *process = &runner->process;
    const struct ry_role *role = runner->role;
    struct ry_role_message message;
    if (wait_for(runner, RY_ROLE_TELL_PLACE, &message) != 0)
        return -1;
    snprintf(process->name, sizeof process->name, "%.*s", RY_NAME_BYTES - 1, message.name);
    process->user = message.user;
    if (make_base(runner) != 0 || check_place(runner, &message) != 0 || make_room(runner) != 0)
        return -1;
    *opened = true;
    if (role->open(process) != 0)
        return said_nothing(runner, "opening");
    if (role->sandbox != NULL && role->sandbox(process) != 0)
        return said_nothing(runner, "the sandbox");
    close_to_others(process);
    if (tell(runner, RY_ROLE_TELL_OPENED) != 0 ||
        wait_for(runner, RY_ROLE_TELL_JOIN, &message) != 0)
        return -1;
    set_phase(runner, RY_ROLE_PHASE_JOIN);
    if (role->join(process) != 0)
        return said_nothing(runner, "joining");
    ry_counters_create(&process->watch->counters, process->counter_table, &ry_role_counter_table);
    publish_counters(runner);
    if (runner->hung_up)
        ry_role_words_say(&process->base->words, RY_ROLE_SAID_JOINED);
    else if (tell(runner, RY_ROLE_TELL_JOINED) != 0 ||
             wait_for(runner, RY_ROLE_TELL_GO, &message) != 0)
        return -1;
    set_phase(runner, RY_ROLE_PHASE_RUN);
    runner->running = true;
    return 0;
}

/* While the base is still there. */
static void say_last(struct runner *runner, bool done)
{
    if (!runner->hung_up)
        return;
    if (done)
        ry_role_words_say(&runner->process.base->words, RY_ROLE_SAID_DONE);
    if (stopping(runner))
        ry_role_words_say(&runner->process.base->words, RY_ROLE_SAID_STOPPED);
}

static int live(struct runner *runner)
{
    struct ry_role_process *process = &runner->process;
    bool opened = false;
    int work = RY_ROLE_FAILED;
    if (bring_up(runner, &opened) == 0) {
        work = run_loop(runner);
        if (work == RY_ROLE_FAILED)
            (void)said_nothing(runner, "a step");
    }
    if (stopping(runner) || runner->supervisor_gone) {
        ry_role_log(process, RY_LOG_INFO, "%s",
                    stopping(runner) ? "stopped by SIGTERM" : "the supervisor is gone");
    }
    if (opened)
        runner->role->close(process);
    if (process->base != NULL) {
        set_phase(runner, RY_ROLE_PHASE_CLOSED);
        publish_counters(runner);
    }
    bool done = work == RY_ROLE_DONE && !runner->failed;
    say_last(runner, done);
    leave_all(process);
    if (process->role != NULL)
        munmap(process->role, runner->role->bytes);
    if (done && !runner->hung_up)
        return tell(runner, RY_ROLE_TELL_DONE) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    if (!runner->failed)
        return EXIT_SUCCESS;
    return process->exit_code != 0 ? process->exit_code : EXIT_FAILURE;
}

bool ry_role_started(int argc, char **argv)
{
    int seals = fcntl(RY_ROLE_FD_BATTLE, F_GET_SEALS), type;
    socklen_t bytes = sizeof type;
    return argc == RY_ROLE_ARGUMENTS && isdigit((unsigned char)argv[1][0]) && seals >= 0 &&
           (seals & F_SEAL_WRITE) != 0 &&
           getsockopt(RY_ROLE_FD_SOCKET, SOL_SOCKET, SO_TYPE, &type, &bytes) == 0 &&
           type == SOCK_SEQPACKET;
}

int ry_role_main(const struct ry_role *role, int argc, char **argv)
{
    struct runner runner = {.role = role};
    const struct ry_battle *battle = argc == RY_ROLE_ARGUMENTS ? map_battle() : NULL;
    if (battle == NULL) {
        fprintf(stderr, "%s: a part of royale, started by `royale run`; see royale(1)\n", argv[0]);
        return EXIT_USAGE;
    }
    runner.parent = getppid();
    runner.process.battle = battle;
    runner.process.directory = argv[2];
    runner.process.index = (unsigned)strtoul(argv[1], NULL, 10);
    int code = EXIT_FAILURE;
    if (handle_signals(&runner) != 0) {
        (void)ry_role_fail(&runner.process, "cannot handle signals: %s", strerror(errno));
    } else {
        (void)ry_clock_init();
        code = live(&runner);
    }
    signalled = NULL;
    ry_role_end_secret();
    return code;
}
