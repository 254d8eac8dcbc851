/*
 * Starts programs out of a process with threads, and keeps none of them a zombie.
 *
 * One thread does it, made when the launcher is opened: a program inherits that thread's nice
 * value, so royale-web opens the launcher before it makes itself nice, and the battles that it
 * starts are no slower than others.
 *
 * What is started has a session of its own, no standard input, `out` as both outputs, no other
 * descriptor, and the signals as they are by default. It outlives royale-web.
 */
#ifndef RY_TOOLS_WRITES_LAUNCH_H
#define RY_TOOLS_WRITES_LAUNCH_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#define RY_WRITES_CHILDREN_MAX 32 /* that this process has started and that have not ended */

struct ry_writes_program {
    char *const *argv;  /* argv[0] is the path of the program */
    const char *folder; /* that it starts in */
    int out;
};

struct ry_writes_child {
    pid_t pid;
    bool ended;
    bool watched; /* by ry_writes_launch's caller: kept until ry_writes_forget */
    int code;     /* ended: its exit code, or 128 + the signal */
};

struct ry_writes_launcher {
    pthread_t thread;
    pthread_mutex_t turn; /* of those who want something started */
    pthread_mutex_t lock;
    pthread_cond_t came, done;
    bool stops;
    const struct ry_writes_program *wanted; /* NULL: nothing is to be started */
    pid_t started;                          /* or -errno */
    unsigned children;
    struct ry_writes_child child[RY_WRITES_CHILDREN_MAX];
};

/* 0, or -1: no thread. */
int ry_writes_launcher_open(struct ry_writes_launcher *launcher);
void ry_writes_launcher_close(struct ry_writes_launcher *launcher);

/* Its process; -errno, EAGAIN: there are too many already. */
pid_t ry_writes_launch(struct ry_writes_launcher *launcher,
                       const struct ry_writes_program *program);

/* Waits for the end of what was launched, `wait_ms` at most. True with its exit code: it has
 * ended. */
bool ry_writes_ended(struct ry_writes_launcher *launcher, pid_t pid, unsigned wait_ms, int *code);
/* Its end is nobody's business any more; who started it asks no more. */
void ry_writes_forget(struct ry_writes_launcher *launcher, pid_t pid);

#endif
