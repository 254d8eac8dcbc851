#include "tools/proof/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/proof/figures.h"
#include "tools/proof/pass.h"
#include "tools/text/json.h"

#define ANSWER_BYTES_MAX ((size_t)256 << 20)  /* of 1024 cores; a matrix is most of it */
#define LATE_NS          INT64_C(30000000000) /* beyond its time a pass is killed */
#define MS_NS            1000000

/* ---- which cores ----------------------------------------------------------------------------- */

/* One thread of each physical core: a hot one if there is one. Siblings would disturb each other.
 */
static void cores_of(const struct ry_proof_asked *asked, struct ry_tuning_cpus *cores)
{
    const struct ry_tuning_machine *machine = &asked->target->machine;
    int chosen[RY_TUNING_CPUS_MAX];
    memset(chosen, -1, sizeof chosen);
    *cores = (struct ry_tuning_cpus){.word = {0}};
    for (unsigned i = 0; i < machine->cpus; i++) {
        const struct ry_tuning_cpu *cpu = &machine->cpu[i];
        const bool hot = ry_tuning_cpus_has(&asked->target->hot, cpu->cpu) &&
                         !ry_tuning_cpus_has(&asked->target->siblings, cpu->cpu);
        if (!cpu->online || cpu->core >= RY_TUNING_CPUS_MAX || (asked->brief && !hot))
            continue;
        int *of_core = &chosen[cpu->core];
        if (*of_core < 0 || (hot && !ry_tuning_cpus_has(&asked->target->hot, (unsigned)*of_core)))
            *of_core = (int)cpu->cpu;
    }
    for (unsigned i = 0; i < RY_TUNING_CPUS_MAX; i++)
        if (chosen[i] >= 0)
            ry_tuning_cpus_add(cores, (unsigned)chosen[i]);
}

/* ---- a pass in a process of its own ---------------------------------------------------------- */

static bool enter_partition(const struct ry_tuning_host *host)
{
    char path[2 * RY_TUNING_PATH_BYTES];
    snprintf(path, sizeof path, "%s" RY_TUNING_PARTITION "/cgroup.procs", host->root);
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    const bool entered = file >= 0 && write(file, "0", 1) == 1;
    if (file >= 0)
        (void)close(file);
    return entered;
}

_Noreturn static void be_pass(const struct ry_proof_pass *pass, bool partition, int out)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (partition && !enter_partition(pass->asked->host))
        _exit(1);
    json_t *part = ry_proof_pass_run(pass);
    _exit(json_dumpfd(part, out, JSON_COMPACT) == 0 ? 0 : 1);
}

/* What comes until the end of the pipe, or until `end_ns`. NULL: nothing whole. */
static char *read_answer(int in, int64_t end_ns)
{
    char *text = NULL;
    size_t bytes = 0, room = 0;
    for (;;) {
        const int64_t left = end_ns - ry_clock_machine_ns();
        struct pollfd wait = {.fd = in, .events = POLLIN};
        if (left <= 0 || bytes >= ANSWER_BYTES_MAX || poll(&wait, 1, (int)(left / MS_NS + 1)) < 0)
            break;
        if (wait.revents == 0)
            continue;
        if (room - bytes < 65536) {
            room = 2 * room + 131072;
            char *more = realloc(text, room);
            if (more == NULL)
                break;
            text = more;
        }
        const ssize_t got = read(in, text + bytes, room - bytes - 1);
        if (got == 0) {
            text[bytes] = '\0';
            return text;
        }
        if (got < 0)
            break;
        bytes += (size_t)got;
    }
    free(text);
    return NULL;
}

static json_t *failed(const char *why)
{
    json_t *part = ry_proof_figures();
    ry_proof_figures_lacks(part, "gaps", why);
    return part;
}

/* A part; never NULL. */
static json_t *run_apart(const struct ry_proof_pass *pass, bool partition)
{
    int ends[2], status = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return failed(strerror(errno));
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        be_pass(pass, partition, ends[1]);
    }
    (void)close(ends[1]);
    char *text =
        child > 0 ? read_answer(ends[0], ry_clock_machine_ns() + pass->time_ns + LATE_NS) : NULL;
    (void)close(ends[0]);
    if (child > 0) {
        if (text == NULL)
            (void)kill(child, SIGKILL);
        (void)waitpid(child, &status, 0);
    }
    json_t *part = text != NULL && status == 0 ? json_loads(text, 0, NULL) : NULL;
    free(text);
    if (part != NULL)
        return part;
    return failed(partition && WIFEXITED(status)
                      ? "the isolated partition cannot be entered: be root"
                      : "the process that measures did not come to its end");
}

/* Between cores of two passes nothing is measured, and that is said. */
static void say_apart(json_t *part)
{
    ry_proof_figures_lacks(
        part, "pingpong",
        "between a core of the isolated partition and one outside it: no process "
        "may run on both; a report from before `royale tune apply` has them");
}

json_t *ry_proof_measure(const struct ry_proof_asked *asked)
{
    const struct ry_tuning_cpus *partition = &asked->target->machine.partition;
    struct ry_tuning_cpus cores, inside, outside;
    cores_of(asked, &cores);
    ry_tuning_cpus_both(&inside, &cores, partition);
    ry_tuning_cpus_without(&outside, &cores, partition);
    const bool both = ry_tuning_cpus_count(&inside) > 0 && ry_tuning_cpus_count(&outside) > 0;
    json_t *whole = ry_proof_figures();
    if (ry_tuning_cpus_count(&cores) == 0)
        ry_proof_figures_lacks(whole, "gaps", "there is no core that may be used");
    for (unsigned i = 0; i < 2; i++) {
        const struct ry_proof_pass pass = {.asked = asked,
                                           .cores = i == 0 ? inside : outside,
                                           .time_ns = both ? asked->time_ns / 2 : asked->time_ns};
        if (ry_tuning_cpus_count(&pass.cores) == 0)
            continue;
        json_t *part = run_apart(&pass, i == 0);
        ry_proof_figures_join(whole, part);
        json_decref(part);
    }
    if (both && !asked->brief)
        say_apart(whole);
    return whole;
}
