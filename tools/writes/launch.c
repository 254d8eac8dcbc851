#include "tools/writes/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS INT64_C(20000000) /* between two looks at the children, while there are any */

/* ---- the thread ------------------------------------------------------------------------------ */

static void set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(attributes);
    (void)posix_spawnattr_setsigmask(attributes, &none);
    (void)posix_spawnattr_setsigdefault(attributes, &all);
    (void)posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
                                                   POSIX_SPAWN_SETSIGDEF);
}

static pid_t start(const struct ry_writes_program *program)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = -1;
    set_attributes(&attributes);
    posix_spawn_file_actions_init(&actions);
    int why = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (why == 0)
        why = posix_spawn_file_actions_adddup2(&actions, program->out, STDOUT_FILENO);
    if (why == 0)
        why = posix_spawn_file_actions_adddup2(&actions, program->out, STDERR_FILENO);
    if (why == 0)
        why = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (why == 0)
        why = posix_spawn_file_actions_addchdir_np(&actions, program->folder);
    if (why == 0)
        why = posix_spawn(&pid, program->argv[0], &actions, &attributes, program->argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return why == 0 ? pid : -why;
}

/* Lets go of those that have ended and whom nobody asks about. */
static void drop_ended(struct ry_writes_launcher *l)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < l->children; i++)
        if (!l->child[i].ended || l->child[i].watched)
            l->child[kept++] = l->child[i];
    l->children = kept;
}

static void look(struct ry_writes_launcher *l)
{
    int status;
    bool any = false;
    for (unsigned i = 0; i < l->children; i++) {
        struct ry_writes_child *child = &l->child[i];
        if (child->ended || waitpid(child->pid, &status, WNOHANG) != child->pid)
            continue;
        any = child->ended = true;
        child->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    drop_ended(l);
    if (any)
        pthread_cond_broadcast(&l->done);
}

static void start_wanted(struct ry_writes_launcher *l)
{
    l->started = l->children < RY_WRITES_CHILDREN_MAX ? start(l->wanted) : -EAGAIN;
    if (l->started > 0)
        l->child[l->children++] = (struct ry_writes_child){.pid = l->started, .watched = true};
    l->wanted = NULL;
    pthread_cond_broadcast(&l->done);
}

static struct timespec in(int64_t ns)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    ns += at.tv_nsec;
    at.tv_sec += ns / 1000000000;
    at.tv_nsec = ns % 1000000000;
    return at;
}

static void *live(void *context)
{
    struct ry_writes_launcher *l = context;
    pthread_mutex_lock(&l->lock);
    while (!l->stops) {
        const struct timespec next = in(LOOK_NS);
        if (l->wanted != NULL)
            start_wanted(l);
        look(l);
        if (l->wanted == NULL && !l->stops && l->children > 0)
            (void)pthread_cond_timedwait(&l->came, &l->lock, &next);
        else if (l->wanted == NULL && !l->stops)
            (void)pthread_cond_wait(&l->came, &l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

/* ---- who asks it ----------------------------------------------------------------------------- */

int ry_writes_launcher_open(struct ry_writes_launcher *l)
{
    pthread_condattr_t monotonic;
    *l = (struct ry_writes_launcher){.wanted = NULL};
    pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&l->turn, NULL);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->came, &monotonic);
    pthread_cond_init(&l->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return pthread_create(&l->thread, NULL, live, l) == 0 ? 0 : -1;
}

void ry_writes_launcher_close(struct ry_writes_launcher *l)
{
    pthread_mutex_lock(&l->lock);
    l->stops = true;
    pthread_cond_broadcast(&l->came);
    pthread_mutex_unlock(&l->lock);
    (void)pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->came);
    pthread_cond_destroy(&l->done);
    pthread_mutex_destroy(&l->lock);
    pthread_mutex_destroy(&l->turn);
}

pid_t ry_writes_launch(struct ry_writes_launcher *l, const struct ry_writes_program *program)
{
    pthread_mutex_lock(&l->turn);
    pthread_mutex_lock(&l->lock);
    l->wanted = program;
    l->started = 0;
    pthread_cond_broadcast(&l->came);
    while (l->started == 0)
        (void)pthread_cond_wait(&l->done, &l->lock);
    const pid_t pid = l->started;
    pthread_mutex_unlock(&l->lock);
    pthread_mutex_unlock(&l->turn);
    return pid;
}

/* NULL: it is not known any more. */
static struct ry_writes_child *find(struct ry_writes_launcher *l, pid_t pid)
{
    for (unsigned i = 0; i < l->children; i++)
        if (l->child[i].pid == pid)
            return &l->child[i];
    return NULL;
}

bool ry_writes_ended(struct ry_writes_launcher *l, pid_t pid, unsigned wait_ms, int *code)
{
    const struct timespec until = in((int64_t)wait_ms * 1000000);
    int result = 0;
    pthread_mutex_lock(&l->lock);
    const struct ry_writes_child *child = find(l, pid);
    while (child != NULL && !child->ended && result == 0) {
        result = pthread_cond_timedwait(&l->done, &l->lock, &until);
        child = find(l, pid); /* they move up when one goes */
    }
    const bool ended = child != NULL && child->ended;
    if (ended)
        *code = child->code;
    pthread_mutex_unlock(&l->lock);
    return ended;
}

void ry_writes_forget(struct ry_writes_launcher *l, pid_t pid)
{
    pthread_mutex_lock(&l->lock);
    struct ry_writes_child *child = find(l, pid);
    if (child != NULL)
        child->watched = false;
    drop_ended(l);
    pthread_mutex_unlock(&l->lock);
}
