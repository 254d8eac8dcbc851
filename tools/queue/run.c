/* The queue as it runs. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/library/lock.h"
#include "tools/queue/busy.h"
#include "tools/queue/hold.h"
#include "tools/queue/list.h"
#include "tools/queue/process.h"
#include "tools/queue/record.h"
#include "tools/queue/units.h"
#include "tools/text/exit.h"
#include "tools/text/stop.h"

#define SECOND_NS INT64_C(1000000000)

enum came { CAME_TO_END, CAME_HELD, CAME_STOPPED, CAME_NOWHERE };

/* ---- one battle ------------------------------------------------------------------------------ */

static const char *meaning_of(int code)
{
    switch (code) {
    case RY_EXIT_FAILED: return "the run failed";
    case RY_EXIT_USAGE: return "a mistake in the battle file: royale check FILE";
    case RY_EXIT_ENVIRONMENT: return "a file, a directory or the disk is not what it should be";
    case RY_EXIT_AGENT: return "an agent did not play to the end";
    case RY_EXIT_EMPTY: return "nothing happened in trading hours";
    default: return code > RY_EXIT_SIGNAL ? "stopped by a signal" : "";
    }
}

/* As SuccessExitStatus= of royale@.service: a battle that an agent did not play to its end, or that
 * somebody has stopped, has its result. */
static void judge_code(struct ry_queue_outcome *outcome, int code)
{
    outcome->exit_code = code;
    outcome->failed = code != RY_EXIT_OK && code != RY_EXIT_AGENT &&
                      code != RY_EXIT_SIGNAL + SIGINT && code != RY_EXIT_SIGNAL + SIGTERM;
    snprintf(outcome->why, sizeof outcome->why, "%s", code == RY_EXIT_OK ? "" : meaning_of(code));
}

static void judge_unit(struct ry_queue_outcome *outcome, const struct ry_queue_unit_end *end,
                       const char *battle)
{
    const bool exited = strcmp(end->code, "exited") == 0;
    if (exited)
        judge_code(outcome, atoi(end->status));
    outcome->failed = strcmp(end->result, "success") != 0;
    if (end->result[0] == '\0')
        snprintf(outcome->why, sizeof outcome->why,
                 "systemd has not started it; systemctl status royale@%s", battle);
    else if (outcome->failed && (!exited || strcmp(end->result, "exit-code") != 0))
        snprintf(outcome->why, sizeof outcome->why, "%s (%s, %s); journalctl -u royale@%s",
                 end->result, end->code, end->status, battle);
}

static enum came run_unit(const struct ry_queue *queue, const char *battle,
                          struct ry_queue_outcome *outcome)
{
    struct ry_queue_unit_end end;
    switch (ry_queue_unit_run(battle, &end)) {
    case 0: return CAME_STOPPED;
    case 1: break;
    default:
        (void)ry_text_fail(RY_EXIT_ENVIRONMENT,
                           "queue: systemctl start royale@%s cannot be asked for", battle);
        return CAME_NOWHERE;
    }
    if (end.result[0] == '\0' && ry_queue_hold_there(queue))
        return CAME_HELD;
    judge_unit(outcome, &end, battle);
    return CAME_TO_END;
}

/* A queue that was killed has left its battle behind. */
static enum came wait_for_library(const struct ry_queue *queue, const char *library)
{
    for (bool said = false;; said = true) {
        const int nobody = ry_library_lock_free(library);
        if (nobody < 0 && errno == ENOENT)
            return CAME_TO_END; /* the first battle makes it */
        if (nobody < 0) {
            (void)ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s: %s", library, strerror(errno));
            return CAME_NOWHERE;
        }
        if (nobody > 0)
            return CAME_TO_END;
        if (ry_text_stopped())
            return CAME_STOPPED;
        if (ry_queue_hold_there(queue))
            return CAME_HELD;
        if (!said) {
            printf("waiting for a battle in %s\n", library);
            fflush(stdout);
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = RY_QUEUE_LOOK_MS * 1000000L}, NULL);
    }
}

/* Its result goes into the library; what it prints, where the queue prints. */
static enum came run_direct(const struct ry_queue *queue, const char *library, const char *battle,
                            struct ry_queue_outcome *outcome)
{
    char program[PATH_MAX], run[] = "run", quiet[] = "--quiet", option[] = "--library";
    char where[PATH_MAX], file[PATH_MAX];
    char *argv[] = {program, run, quiet, option, where, file, NULL};
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    snprintf(where, sizeof where, "%s", library);
    snprintf(file, sizeof file, "%s/%s.yaml", queue->battles, battle);
    const pid_t pid = ry_queue_process_start(argv, -1);
    if (pid < 0) {
        (void)ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s: %s", program, strerror(-pid));
        return CAME_NOWHERE;
    }
    const int code = ry_queue_process_end(pid, true);
    if (ry_text_stopped())
        return CAME_STOPPED;
    judge_code(outcome, code);
    return CAME_TO_END;
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct pass {
    const struct ry_queue *queue;
    json_t *record;
    unsigned ended, failed; /* by this queue */
    bool warned;            /* of files that are left out */
    int code;
};

/* The files as they are now: one that came meanwhile is in the queue. */
static bool next_battle(struct pass *pass, char battle[RY_QUEUE_NAME_BYTES])
{
    struct ry_queue_list list;
    bool found = false;
    pass->code = ry_queue_list_read(&list, pass->queue);
    if (!pass->warned)
        ry_queue_list_warn(&list, pass->queue);
    pass->warned = true;
    for (unsigned i = 0; i < list.count && !found; i++) {
        found = !ry_queue_record_has(pass->record, list.name[i]);
        if (found)
            memcpy(battle, list.name[i], RY_QUEUE_NAME_BYTES);
    }
    ry_queue_list_free(&list);
    return found && pass->code == RY_EXIT_OK;
}

static void say_ended(const char *battle, const struct ry_queue_outcome *outcome)
{
    printf("%s: %s after %lld s", battle, outcome->failed ? "failed" : "ok",
           (long long)((outcome->ended_ns - outcome->began_ns) / SECOND_NS));
    if (outcome->exit_code > 0)
        printf(", exit code %d", outcome->exit_code);
    printf("%s%s\n", outcome->why[0] != '\0' ? ": " : "", outcome->why);
    fflush(stdout);
}

static enum came run_one(struct pass *pass, const char *battle)
{
    char library[PATH_MAX];
    snprintf(library, sizeof library, "%s/" RY_QUEUE_LIBRARY, pass->queue->state);
    const enum came waited =
        pass->queue->direct ? wait_for_library(pass->queue, library) : CAME_TO_END;
    if (waited != CAME_TO_END)
        return waited;
    struct ry_queue_outcome outcome = {.exit_code = -1, .began_ns = ry_clock_wall_ns()};
    printf("%s: begins\n", battle);
    fflush(stdout);
    if (ry_queue_record_running(pass->queue, pass->record, battle, outcome.began_ns) != RY_EXIT_OK)
        return CAME_NOWHERE;
    const enum came came = pass->queue->direct ? run_direct(pass->queue, library, battle, &outcome)
                                               : run_unit(pass->queue, battle, &outcome);
    if (came != CAME_TO_END)
        return came;
    outcome.ended_ns = ry_clock_wall_ns();
    pass->ended++;
    pass->failed += outcome.failed;
    say_ended(battle, &outcome);
    return ry_queue_record_ended(pass->queue, pass->record, battle, &outcome) == RY_EXIT_OK
               ? CAME_TO_END
               : CAME_NOWHERE;
}

static enum came run_all(struct pass *pass)
{
    char battle[RY_QUEUE_NAME_BYTES];
    enum came came = CAME_TO_END;
    while (came == CAME_TO_END && next_battle(pass, battle)) {
        if (ry_queue_hold_there(pass->queue))
            return CAME_HELD;
        if (ry_text_stopped())
            return CAME_STOPPED;
        came = run_one(pass, battle);
    }
    return pass->code != RY_EXIT_OK ? CAME_NOWHERE : came;
}

static int end(const struct pass *pass, enum came came)
{
    static const char *const states[] = {[CAME_TO_END] = "complete",
                                         [CAME_HELD] = "held",
                                         [CAME_STOPPED] = "stopped",
                                         [CAME_NOWHERE] = "stopped"};
    static const char *const says[] = {
        [CAME_TO_END] = "",
        [CAME_HELD] = "; held: `royale queue release` lets the others begin",
        [CAME_STOPPED] = "; stopped: `royale queue run` goes on with the others",
        [CAME_NOWHERE] = "; given up: `royale queue run` goes on with the others"};
    printf("%u battle%s ended, %u of them failed%s\n", pass->ended, pass->ended == 1 ? "" : "s",
           pass->failed, says[came]);
    if (ry_queue_record_state(pass->queue, pass->record, states[came]) != RY_EXIT_OK)
        return RY_EXIT_ENVIRONMENT;
    switch (came) {
    case CAME_HELD: return RY_EXIT_HELD;
    case CAME_STOPPED: return RY_EXIT_SIGNAL + SIGTERM;
    case CAME_NOWHERE: return RY_EXIT_ENVIRONMENT;
    case CAME_TO_END: break;
    }
    return pass->failed > 0 ? RY_EXIT_FAILED : RY_EXIT_OK;
}

int ry_queue_run(const struct ry_queue *queue, bool anew)
{
    struct pass pass = {.queue = queue};
    if (!queue->direct && !ry_queue_units_there())
        return ry_text_fail(RY_EXIT_ENVIRONMENT,
                            "queue: systemd does not run here; --direct runs battles without it");
    const int lock = ry_queue_lock(queue);
    if (lock < 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s/" RY_QUEUE_LOCK ": %s", queue->state,
                            errno == EWOULDBLOCK ? "another one runs the queue" : strerror(errno));
    ry_text_stop_by_signals();
    pass.record =
        ry_queue_record_begin(queue, anew, !queue->direct && getenv("INVOCATION_ID") != NULL);
    const int code = end(&pass, run_all(&pass));
    json_decref(pass.record);
    close(lock);
    return code;
}
