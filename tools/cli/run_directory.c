#include "tools/cli/run_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/journal/lock.h"
#include "core/journal/read.h"
#include "tools/text/exit.h"
#include "tools/text/folder.h"

#define TWINS_MAX 1000 /* battles of one name in one second and folder */

static bool take(char to[RY_CLI_RUN_DIRECTORY_BYTES], const char *text)
{
    const bool fits = text[0] != '\0' && strlen(text) < RY_CLI_RUN_DIRECTORY_BYTES;
    if (fits)
        strcpy(to, text);
    return fits;
}

bool ry_cli_run_directory_is(struct ry_cli_run_directory *directory, const char *text)
{
    return directory->given = take(directory->path, text);
}

bool ry_cli_run_directory_in(struct ry_cli_run_directory *directory, const char *text)
{
    return take(directory->library, text);
}

static int cannot(const char *what, const char *path)
{
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot %s %s: %s", what, path, strerror(errno));
}

static int copy_battle(const char *directory, const struct ry_cli_plan *plan)
{
    char path[RY_CLI_RUN_DIRECTORY_BYTES + 32];
    snprintf(path, sizeof path, "%s/battle.yaml", directory);
    if (ry_text_folder_put(path, plan->text, plan->text_bytes) != 0)
        return cannot("write", path);
    return plan->relative ? ry_text_fail(RY_EXIT_OK,
                                         "%s keeps relative paths, whose folder has no name in "
                                         "UTF-8: run it from that folder",
                                         path)
                          : RY_EXIT_OK;
}

/* ---- which one ------------------------------------------------------------------------------- */

/* A folder that nobody else has; `path` has its name so far, of `length` bytes. */
static int make_new(struct ry_cli_run_directory *directory, int length, mode_t mode)
{
    char *path = directory->path;
    const size_t twin_bytes = sizeof "-1000"; /* TWINS_MAX */
    if ((size_t)length + twin_bytes > sizeof directory->path) {
        errno = ENAMETOOLONG;
        return cannot("make", path);
    }
    for (unsigned i = 2; mkdir(path, mode) != 0; i++) {
        if (errno != EEXIST || i > TWINS_MAX)
            return cannot("make", path);
        snprintf(path + length, twin_bytes, "-%u", i);
    }
    directory->made = true;
    return RY_EXIT_OK;
}

static int make_own(struct ry_cli_run_directory *directory, const struct ry_cli_plan *plan)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm fields;
    localtime_r(&now, &fields);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &fields);
    return make_new(directory,
                    snprintf(directory->path, sizeof directory->path, "royale-%s-%s",
                             plan->battle->name, stamp),
                    0700);
}

static int make_in_library(struct ry_cli_run_directory *directory, const struct ry_cli_plan *plan)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm fields;
    if (mkdir(directory->library, 0750) != 0 && errno != EEXIST)
        return cannot("make", directory->library);
    gmtime_r(&now, &fields);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &fields);
    return make_new(directory,
                    snprintf(directory->path, sizeof directory->path, "%s/%s-%s",
                             directory->library, plan->battle->name, stamp),
                    0750);
}

static int make_given(struct ry_cli_run_directory *directory)
{
    directory->made = mkdir(directory->path, 0700) == 0;
    if (directory->made)
        return RY_EXIT_OK;
    if (errno != EEXIST)
        return cannot("make", directory->path);
    return ry_text_folder_is_empty(directory->path)
               ? RY_EXIT_OK
               : ry_text_fail(RY_EXIT_ENVIRONMENT, "%s is there already and is no empty directory",
                              directory->path);
}

static int make_one(struct ry_cli_run_directory *directory, const struct ry_cli_plan *plan)
{
    if (directory->given && directory->library[0] != '\0')
        return ry_text_fail(RY_EXIT_USAGE,
                            "--dir names the battle's own folder, --library the folder that a new "
                            "one is made in: give one of them");
    if (directory->library[0] != '\0')
        return make_in_library(directory, plan);
    return directory->given ? make_given(directory) : make_own(directory, plan);
}

int ry_cli_run_directory_make(struct ry_cli_run_directory *directory,
                              const struct ry_cli_plan *plan)
{
    char log[RY_CLI_RUN_DIRECTORY_BYTES + 32];
    int made = make_one(directory, plan);
    if (made != RY_EXIT_OK)
        return made;
    snprintf(log, sizeof log, "%s/log", directory->path);
    if (mkdir(log, directory->library[0] != '\0' ? 0750 : 0700) != 0)
        return cannot("make", log);
    directory->lock = ry_journal_lock(directory->path, true);
    if (directory->lock < 0)
        return cannot("lock", directory->path);
    return copy_battle(directory->path, plan);
}

void ry_cli_run_directory_release(struct ry_cli_run_directory *directory)
{
    close(directory->lock);
}

/* ---- away again ------------------------------------------------------------------------------ */

/* The exporter makes its folder before the battle begins; with files in it it stays. */
static void drop_rows(const struct ry_cli_run_directory *directory,
                      const struct ry_battle_export *export)
{
    char path[RY_CLI_RUN_DIRECTORY_BYTES + RY_BATTLE_PATH_BYTES];
    if (export->out[0] == '\0' || export->out[0] == '/')
        return;
    snprintf(path, sizeof path, "%s/%s", directory->path, export->out);
    (void)rmdir(path);
}

void ry_cli_run_directory_drop(const struct ry_cli_run_directory *directory,
                               const struct ry_cli_plan *plan,
                               const struct ry_supervisor_result *result)
{
    char path[RY_CLI_RUN_DIRECTORY_BYTES + 32];
    if (ry_journal_find(directory->path, path, sizeof path) == 0 || errno != ENOENT)
        return;
    for (unsigned i = 0; result != NULL && i < result->count; i++)
        if (result->role[i].log.path[0] != '\0')
            (void)unlink(result->role[i].log.path);
    snprintf(path, sizeof path, "%s/log", directory->path);
    (void)rmdir(path);
    snprintf(path, sizeof path, "%s/battle.yaml", directory->path);
    (void)unlink(path);
    drop_rows(directory, &plan->battle->export);
    if (directory->made)
        (void)rmdir(directory->path);
}
