#include "tools/doctor/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shm/clock.h"

#define READ_BYTES 65536
#define NS_PER_MS  INT64_C(1000000)

/* A group of its own, so that what it starts goes with it. 0, or an errno. */
static int start(const char *const *argv, bool errors, int out, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int why = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (why == 0)
        why = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (why == 0 && errors)
        why = posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    if (why == 0 && !errors)
        why = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    char **arguments = NULL;
    memcpy(&arguments, &argv, sizeof arguments); /* posix_spawnp changes none of them */
    if (why == 0)
        why = posix_spawnp(pid, argv[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return why;
}

/* Reads until its end. NULL, or why the program has to be killed. */
static const char *listen(int in, int64_t until_ns, struct ry_doctor_text *said)
{
    char part[READ_BYTES];
    for (;;) {
        int64_t left_ns = until_ns - ry_clock_ns();
        struct pollfd ready = {.fd = in, .events = POLLIN};
        if (left_ns <= 0 || poll(&ready, 1, (int)(left_ns / NS_PER_MS) + 1) == 0)
            return "took too long";
        ssize_t bytes = read(in, part, sizeof part);
        if (bytes == 0)
            return NULL;
        if (bytes > 0)
            ry_doctor_text_put(said, part, (size_t)bytes);
        else if (errno != EINTR)
            return strerror(errno);
        if (said->bytes > RY_DOCTOR_COMMAND_BYTES)
            return "says too much";
    }
}

int ry_doctor_command(const char *const *argv, bool errors, unsigned seconds,
                      struct ry_doctor_text *said)
{
    int ends[2], status = 0;
    pid_t pid = 0;
    int why = pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
    if (why == 0) {
        why = start(argv, errors, ends[1], &pid);
        close(ends[1]);
        if (why != 0)
            close(ends[0]);
    }
    if (why != 0) {
        ry_doctor_text_print(said, "%s could not be started: %s\n", argv[0], strerror(why));
        return -1;
    }
    const char *wrong = listen(ends[0], ry_clock_ns() + seconds * INT64_C(1000000000), said);
    close(ends[0]);
    if (wrong != NULL)
        (void)kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (wrong == NULL && WIFEXITED(status))
        return WEXITSTATUS(status);
    if (wrong == NULL)
        ry_doctor_text_print(said, "%s was ended by signal %d\n", argv[0], WTERMSIG(status));
    else
        ry_doctor_text_print(said, "%s was killed: %s\n", argv[0], wrong);
    return -1;
}
