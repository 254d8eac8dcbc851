#include "tools/queue/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/queue/queue.h"
#include "tools/text/exit.h"
#include "tools/text/stop.h"

pid_t ry_queue_process_start(char *const argv[], int out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all;
    pid_t pid;
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (out >= 0)
        (void)posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setsigdefault(&attributes, &all);
    /* A group of its own: a terminal's Ctrl-C is the queue's, which hands it on once. */
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    const int error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? pid : -error;
}

static int code_of(int status)
{
    return WIFSIGNALED(status) ? RY_EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

int ry_queue_process_end(pid_t pid, bool stops)
{
    struct pollfd look = {.fd = pidfd_open(pid, 0), .events = POLLIN};
    int status = 0;
    bool asked = false;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (stops && !asked && ry_text_stopped()) {
            (void)kill(pid, SIGTERM);
            asked = true;
        }
        (void)poll(&look, 1, RY_QUEUE_LOOK_MS); /* a negative descriptor only waits */
    }
    if (look.fd >= 0)
        close(look.fd);
    return code_of(status);
}

int ry_queue_process_ask(char *const argv[], char *text, size_t bytes)
{
    const int out = memfd_create("royale-queue", MFD_CLOEXEC);
    text[0] = '\0';
    if (out < 0)
        return -errno;
    const pid_t pid = ry_queue_process_start(argv, out);
    int code = (int)pid;
    if (pid > 0) {
        code = ry_queue_process_end(pid, false);
        const ssize_t got = pread(out, text, bytes - 1, 0);
        text[got > 0 ? got : 0] = '\0';
    }
    close(out);
    return code;
}
