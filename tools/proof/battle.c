#include "tools/proof/battle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/proof/figures.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"

#define NOISE_FILE "noise.json"
#define SAID_FILE  "said" /* what the battle printed */
#define BATTLE     "battle"
#define GRACE_MS   60000 /* that a battle may take to end in order */
#define SECOND_MS  1000
#define TOLD_S     60 /* how often it is said that the battle still runs */
#define LINE_BYTES 400
#define PATH_BYTES (PATH_MAX + 64)

static void remove_folder(const char *folder)
{
    const pid_t child = fork();
    if (child == 0) {
        (void)execlp("rm", "rm", "-rf", "--", folder, (char *)NULL);
        _exit(127);
    }
    if (child > 0)
        (void)waitpid(child, NULL, 0);
}

_Noreturn static void be_battle(const char *folder, const char *royale, const char *file)
{
    char said[PATH_BYTES], directory[PATH_BYTES];
    snprintf(said, sizeof said, "%s/" SAID_FILE, folder);
    snprintf(directory, sizeof directory, "%s/" BATTLE, folder);
    const int out = open(said, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (out >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
        (void)execl(royale, "royale", "run", "--quiet", "--dir", directory, file, (char *)NULL);
    _exit(127);
}

/* True: it ended within `seconds`, of which each minute is told. */
static bool ends_within(int fd, uint64_t seconds, void (*say)(const char *line))
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char line[64];
    for (uint64_t passed = 0; passed < seconds;) {
        const uint64_t left = seconds - passed, part = left < TOLD_S ? left : TOLD_S;
        if (poll(&wait, 1, (int)part * SECOND_MS) == 1)
            return true;
        passed += part;
        snprintf(line, sizeof line, "%llu s of the battle have passed", (unsigned long long)passed);
        say(line);
    }
    return false;
}

/* Waits until it ends, stops it if it takes longer. Its exit code; -1: it had to be killed. */
static int wait_for(pid_t child, uint64_t seconds, void (*say)(const char *line))
{
    const int fd = pidfd_open(child, 0);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int status = 0;
    bool ended = fd >= 0 && ends_within(fd, seconds, say);
    if (!ended) {
        (void)kill(child, SIGTERM);
        ended = fd >= 0 && poll(&wait, 1, GRACE_MS) == 1;
    }
    if (!ended)
        (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    if (fd >= 0)
        (void)close(fd);
    return ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The last line that it said: why it failed. */
static void last_line(const char *folder, char line[LINE_BYTES])
{
    char path[PATH_BYTES], each[LINE_BYTES];
    snprintf(path, sizeof path, "%s/" SAID_FILE, folder);
    FILE *in = fopen(path, "re");
    line[0] = '\0';
    while (in != NULL && fgets(each, sizeof each, in) != NULL) {
        each[strcspn(each, "\n")] = '\0';
        if (each[0] != '\0')
            snprintf(line, LINE_BYTES, "%s", each);
    }
    if (in != NULL)
        (void)fclose(in);
}

static int take_counts(json_t *part, const char *folder, int code)
{
    char path[PATH_BYTES], line[LINE_BYTES];
    snprintf(path, sizeof path, "%s/" BATTLE "/" NOISE_FILE, folder);
    json_t *counts = json_load_file(path, 0, NULL);
    if (counts == NULL) {
        last_line(folder, line);
        return ry_text_fail(code > 0 ? code : RY_EXIT_FAILED,
                            "nothing is measured: the battle ended with %d: %s", code, line);
    }
    if (json_array_size(json_object_get(counts, "cores")) == 0) {
        ry_proof_figures_lacks(part, "counts, battle",
                               "no process of the battle was bound to a core of its own");
        json_decref(counts);
        return RY_EXIT_OK;
    }
    /* What is of the file, not of the counts: the report has its own. */
    (void)json_object_del(counts, "format");
    (void)json_object_del(counts, "royale");
    (void)json_object_del(counts, "battle");
    ry_text_json_set(counts, "during", json_string(BATTLE));
    ry_text_json_add(json_object_get(part, "counts"), counts);
    return RY_EXIT_OK;
}

int ry_proof_battle(json_t *part, const char *royale, const char *file, uint64_t seconds,
                    void (*say)(const char *line))
{
    char folder[PATH_MAX];
    const char *temporary = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/royale-proof-XXXXXX",
             temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(folder) == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "no folder for the battle: %s: %s", folder,
                            strerror(errno));
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0)
        be_battle(folder, royale, file);
    const int code = child > 0 ? wait_for(child, seconds, say) : -1;
    const int taken = take_counts(part, folder, code);
    remove_folder(folder);
    return taken;
}
