#include "tuning/probe/rtla.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/base.h"
#include "shm/clock.h"
#include "shm/printable.h"

#define TRACING    "/sys/kernel/tracing"
#define LATE_NS    (10 * RY_NS_PER_SECOND)
#define TIDY_NS    (5 * RY_NS_PER_SECOND) /* to set the tracers back, once interrupted */
#define POLL_MS    100
#define WORD_BYTES 32

static int fail(struct ry_probe_rtla_result *result, const char *what, int error)
{
    snprintf(result->why, sizeof result->why, "%s: %s", what, strerror(error));
    return -1;
}

/* ---- running it ------------------------------------------------------------------------------ */

struct child {
    pid_t pid;
    int output;
};

static int spawn(const struct ry_probe_rtla_asked *asked, struct child *child,
                 struct ry_probe_rtla_result *result)
{
    char cores[RY_TUNING_CPUS_TEXT_BYTES], seconds[24];
    const char *program = asked->program != NULL ? asked->program : "rtla";
    const char *tool = asked->tool == RY_PROBE_RTLA_TIMERLAT ? "timerlat" : "osnoise";
    int64_t whole = asked->time_ns / RY_NS_PER_SECOND;
    int ends[2], error;
    posix_spawn_file_actions_t actions;
    snprintf(seconds, sizeof seconds, "%" PRId64, whole > 0 ? whole : 1);
    const char *const words[] = {
        program, tool,    "hist", "-c", ry_tuning_cpus_list(&asked->cores, cores),
        "-d",    seconds, NULL};
    char *argv[sizeof words / sizeof words[0]];
    memcpy(argv, words, sizeof words); /* posix_spawn(3) changes none of them */
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(result, "pipe2", errno);
    error = posix_spawn_file_actions_init(&actions);
    if (error == 0) {
        error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (error == 0)
            error = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        if (error == 0)
            error = posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
        if (error == 0)
            error = posix_spawnp(&child->pid, program, &actions, NULL, argv, environ);
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    child->output = ends[0];
    if (error == 0)
        return 0;
    close(ends[0]);
    if (error == ENOENT)
        snprintf(result->why, sizeof result->why, "there is no %s", program);
    else
        (void)fail(result, program, error);
    return -1;
}

/* Until it closes its output or is late; what has no room is read and left out. */
static bool read_output(const struct child *child, int64_t end_ns,
                        struct ry_probe_rtla_result *result)
{
    size_t length = strlen(result->text);
    for (;;) {
        char rest[4096];
        struct pollfd look = {.fd = child->output, .events = POLLIN};
        size_t room = sizeof result->text - 1 - length;
        result->text[length] = '\0';
        if (ry_clock_ns() > end_ns)
            return false;
        if (poll(&look, 1, POLL_MS) <= 0)
            continue;
        ssize_t got = room > 0 ? read(child->output, result->text + length, room)
                               : read(child->output, rest, sizeof rest);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        if (room > 0)
            length += (size_t)got;
        else
            result->cut = true;
    }
}

/* One that is late gets the chance to leave the tracers as it found them. */
static bool wait_for_end(const struct child *child, int64_t end_ns,
                         struct ry_probe_rtla_result *result)
{
    bool ended = read_output(child, end_ns, result);
    if (!ended) {
        (void)kill(child->pid, SIGINT);
        if (!read_output(child, ry_clock_ns() + TIDY_NS, result))
            (void)kill(child->pid, SIGKILL);
    }
    close(child->output);
    return ended;
}

static void cut_text(struct ry_probe_rtla_result *result)
{
    char *end = result->cut ? strrchr(result->text, '\n') : NULL;
    if (end != NULL)
        end[1] = '\0';
    for (char *line = result->text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        ry_make_printable(line, length, ' ');
        line += length + (line[length] == '\n');
    }
}

/* ---- what it says ---------------------------------------------------------------------------- */

/* "IRQ-003", "Thr-003", "CPU-003": of whose core a column is, and which line. */
static struct ry_probe_rtla_line *column_of(struct ry_probe_rtla_result *result, const char *word)
{
    unsigned core;
    char kind[4];
    if (sscanf(word, "%3[A-Za-z]-%u", kind, &core) != 2)
        return NULL;
    bool thread = strcmp(kind, "Thr") == 0;
    if (!thread && strcmp(kind, "IRQ") != 0 && strcmp(kind, "CPU") != 0)
        return NULL;
    unsigned at = 0;
    while (at < result->cores && result->core[at].core != core)
        at++;
    if (at == RY_PROBE_RTLA_CORES_MAX)
        return NULL;
    if (at == result->cores)
        result->core[result->cores++] = (struct ry_probe_rtla_core){.core = core};
    return thread ? &result->core[at].thread : &result->core[at].irq;
}

/* The next word of a line; false: there is none. */
static bool next_word(const char **text, char word[WORD_BYTES])
{
    *text += strspn(*text, " \t");
    size_t length = strcspn(*text, " \t\n");
    snprintf(word, WORD_BYTES, "%.*s", (int)length, *text);
    *text += length;
    return length > 0;
}

struct columns {
    unsigned count;
    struct ry_probe_rtla_line *line[2 * RY_PROBE_RTLA_CORES_MAX + 1]; /* NULL: not ours */
};

static void read_head(struct ry_probe_rtla_result *result, const char *text,
                      struct columns *columns)
{
    char word[WORD_BYTES];
    columns->count = 0;
    while (columns->count < sizeof columns->line / sizeof columns->line[0] &&
           next_word(&text, word))
        columns->line[columns->count++] = column_of(result, word);
}

/* "count:  1000 1000 ..": "-" where there is none. */
static void read_summary(const char *name, const char *text, const struct columns *columns)
{
    char word[WORD_BYTES];
    for (unsigned i = 0; i < columns->count && next_word(&text, word); i++) {
        struct ry_probe_rtla_line *line = columns->line[i];
        int64_t number = strtoll(word, NULL, 10);
        if (line == NULL || number < 0)
            continue;
        if (strcmp(name, "count:") == 0)
            line->count = (uint64_t)number;
        else if (strcmp(name, "min:") == 0)
            line->shortest_us = number;
        else if (strcmp(name, "avg:") == 0)
            line->mean_us = number;
        else if (strcmp(name, "max:") == 0)
            line->longest_us = number;
    }
}

void ry_probe_rtla_read(struct ry_probe_rtla_result *result)
{
    cut_text(result);
    struct columns columns = {.count = 0};
    for (const char *line = result->text; *line != '\0';) {
        char name[WORD_BYTES];
        const char *rest = line;
        const char *end = line + strcspn(line, "\n");
        if (next_word(&rest, name) && strcmp(name, "Index") == 0)
            read_head(result, rest, &columns);
        else
            read_summary(name, rest, &columns);
        if (strcmp(name, "ALL:") == 0)
            return; /* the same once more for all cores together */
        line = end + (*end == '\n');
    }
}

/* ---- the probe ------------------------------------------------------------------------------- */

static bool may_run(const struct ry_probe_rtla_asked *asked, struct ry_probe_rtla_result *result)
{
    if (!ry_tuning_host_exists(asked->host, TRACING "/available_tracers")) {
        snprintf(result->why, sizeof result->why,
                 "no tracefs: as root, mount -t tracefs tracefs " TRACING);
        return false;
    }
    if (!ry_tuning_host_exists(asked->host, TRACING "/osnoise")) {
        snprintf(result->why, sizeof result->why,
                 "the kernel has no osnoise tracer (CONFIG_OSNOISE_TRACER)");
        return false;
    }
    return true;
}

int ry_probe_rtla(const struct ry_probe_rtla_asked *asked, struct ry_probe_rtla_result *result)
{
    struct child child;
    int status = 0;
    const int64_t late_ns = asked->late_ns > 0 ? asked->late_ns : LATE_NS;
    *result = (struct ry_probe_rtla_result){.ran = false};
    if (!may_run(asked, result) || spawn(asked, &child, result) != 0)
        return -1;
    bool ended = wait_for_end(&child, ry_clock_ns() + asked->time_ns + late_ns, result);
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ry_probe_rtla_read(result);
    result->ran = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 && result->cores > 0;
    if (!result->ran)
        snprintf(result->why, sizeof result->why, "%s: %.100s",
                 ended ? "rtla failed" : "rtla did not end", result->text);
    for (char *at = result->why; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    return result->ran ? 0 : -1;
}
