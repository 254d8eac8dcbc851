#include "tools/queue/units.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/queue/list.h"
#include "tools/queue/process.h"
#include "tools/text/exit.h"
#include "tools/text/stop.h"

#define PREFIX     "royale@"
#define SUFFIX     ".service"
#define UNIT_BYTES (sizeof PREFIX + RY_QUEUE_NAME_BYTES + sizeof SUFFIX)

static const char *unit_of(char unit[UNIT_BYTES], const char *battle)
{
    snprintf(unit, UNIT_BYTES, PREFIX "%.64s" SUFFIX, battle);
    return unit;
}

bool ry_queue_units_there(void)
{
    return access("/run/systemd/system", F_OK) == 0; /* sd_booted(3) */
}

static void take_word(const char *line, const char *name, char word[RY_QUEUE_UNIT_WORD])
{
    const size_t length = strlen(name);
    if (strncmp(line, name, length) == 0)
        snprintf(word, RY_QUEUE_UNIT_WORD, "%s", line + length);
}

bool ry_queue_unit_ask(const char *battle, struct ry_queue_unit *unit)
{
    char name[UNIT_BYTES], program[] = "systemctl", show[] = "show",
                           which[] = "--property=ActiveState,SubState";
    char *argv[] = {program, show, which, name, NULL}, text[1024], *save = NULL;
    *unit = (struct ry_queue_unit){.active = ""};
    (void)unit_of(name, battle);
    if (ry_queue_process_ask(argv, text, sizeof text) != 0)
        return false;
    for (char *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        take_word(line, "ActiveState=", unit->active);
        take_word(line, "SubState=", unit->sub);
    }
    return unit->active[0] != '\0';
}

bool ry_queue_unit_goes_on(const struct ry_queue_unit *unit)
{
    return strcmp(unit->active, "inactive") != 0 && strcmp(unit->active, "failed") != 0;
}

static void reset(const char *battle)
{
    char name[UNIT_BYTES], program[] = "systemctl", command[] = "reset-failed", text[512];
    char *argv[] = {program, command, name, NULL};
    (void)unit_of(name, battle);
    (void)ry_queue_process_ask(argv, text, sizeof text);
}

static const char *end_path(char path[PATH_MAX], const char *battle)
{
    snprintf(path, PATH_MAX, RY_QUEUE_ENDED_FOLDER "/%.64s.ended", battle);
    return path;
}

static void read_end(const char *battle, struct ry_queue_unit_end *end)
{
    char path[PATH_MAX];
    FILE *file = fopen(end_path(path, battle), "re");
    *end = (struct ry_queue_unit_end){.result = ""};
    if (file == NULL)
        return;
    if (fscanf(file, "%31s %31s %31s", end->result, end->code, end->status) != 3)
        end->result[0] = '\0';
    fclose(file);
}

static int wait_for_end(const char *battle)
{
    struct ry_queue_unit unit;
    while (ry_queue_unit_ask(battle, &unit)) {
        if (!ry_queue_unit_goes_on(&unit))
            return 1;
        if (ry_text_stopped())
            return 0;
        /* It is started again by systemd, which systemctl does not wait for. */
        (void)nanosleep(&(struct timespec){.tv_nsec = RY_QUEUE_LOOK_MS * 1000000L}, NULL);
    }
    return -1;
}

int ry_queue_unit_run(const char *battle, struct ry_queue_unit_end *end)
{
    char name[UNIT_BYTES], path[PATH_MAX], program[] = "systemctl", start[] = "start",
                                           wait[] = "--wait", quiet[] = "--quiet";
    char *argv[] = {program, start, wait, quiet, name, NULL};
    struct ry_queue_unit unit;
    if (ry_queue_unit_ask(battle, &unit) && !ry_queue_unit_goes_on(&unit)) {
        if (strcmp(unit.active, "failed") == 0)
            reset(battle); /* starts of before do not count against this one */
        /* What stands there is the end of another battle, and must not pass for this one's. */
        if (unlink(end_path(path, battle)) != 0 && errno != ENOENT)
            return ry_text_fail(-1, "queue: cannot remove %s: %s", path, strerror(errno));
    }
    (void)unit_of(name, battle);
    const pid_t pid = ry_queue_process_start(argv, -1);
    if (pid < 0)
        return -1;
    (void)ry_queue_process_end(pid, true); /* how the battle ended its unit has left behind */
    const int ended = wait_for_end(battle);
    read_end(battle, end);
    return ended;
}

int ry_queue_units_running(char *text, size_t bytes)
{
    char program[] = "systemctl", list[] = "list-units", plain[] = "--plain",
         legend[] = "--no-legend", full[] = "--full",
         state[] = "--state=activating,active,deactivating,reloading", which[] = PREFIX "*" SUFFIX;
    char *argv[] = {program, list, plain, legend, full, state, which, NULL}, *save = NULL;
    char *all = malloc(RY_QUEUE_UNITS_TEXT);
    int count = 0;
    text[0] = '\0';
    if (all == NULL)
        abort(); /* no memory */
    if (ry_queue_process_ask(argv, all, RY_QUEUE_UNITS_TEXT) != 0)
        count = -1;
    for (char *line = count < 0 ? NULL : strtok_r(all, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        const size_t length = strcspn(line, " "), used = strlen(text);
        if (strncmp(line, PREFIX, strlen(PREFIX)) != 0 || length < strlen(PREFIX SUFFIX))
            continue;
        count++;
        snprintf(text + used, bytes - used, " %.*s", (int)(length - strlen(PREFIX SUFFIX)),
                 line + strlen(PREFIX));
    }
    free(all);
    return count;
}

int ry_queue_units_start_queue(void)
{
    char program[] = "systemctl", start[] = "start", no_block[] = "--no-block",
         unit[] = "royale-queue.service", text[512];
    char *argv[] = {program, start, no_block, unit, NULL};
    return ry_queue_process_ask(argv, text, sizeof text) == 0 ? 0 : -1;
}
