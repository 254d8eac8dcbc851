#include "tuning/change.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tuning/kept.h"
#include "tuning/value.h"

#define OWN_MODE 0644

/* Everything about one change while it is at work. */
struct work {
    struct ry_tuning_saved *saved;
    const struct ry_tuning_told *told;
    struct ry_tuning_setting setting; /* as it is told */
    char was[RY_TUNING_TEXT_BYTES];   /* byte for byte */
};

static void tell(struct work *work, const char *stage, enum ry_tuning_deed deed)
{
    ry_tuning_host_chop(work->was);
    work->told->tell(work->told->context, stage, &work->setting, deed, work->was);
}

/* What the stage has said about it, a remedy, stays behind the reason. */
static void fail(struct work *work, const char *stage, const char *what, const char *why)
{
    char remedy[RY_TUNING_SENTENCE_BYTES];
    memcpy(remedy, work->setting.why, sizeof remedy);
    work->setting.state = RY_TUNING_CANNOT;
    snprintf(work->setting.why, sizeof work->setting.why, "%s: %.200s%s%.280s", what, why,
             remedy[0] == 0 ? "" : "; ", remedy);
    tell(work, stage, RY_TUNING_FAILED);
}

/* Reads again; a value that is longer than settings are is shown as its beginning. */
static int look(struct work *work, char text[RY_TUNING_TEXT_BYTES])
{
    int error =
        ry_tuning_value_read(work->saved->host, work->setting.kind, work->setting.path, text);
    snprintf(work->setting.now, sizeof work->setting.now, "%.*s", RY_TUNING_VALUE_BYTES - 1, text);
    ry_tuning_host_chop(work->setting.now);
    return error;
}

/* ---- making ---------------------------------------------------------------------------------- */

bool ry_tuning_change_lasts(const struct ry_tuning_setting *setting)
{
    if (setting->gone_with_boot)
        return false;
    return setting->kind == RY_TUNING_OWN_FILE || ry_tuning_kept_can(setting->kind, setting->path);
}

static struct ry_tuning_owner owner_of(const struct ry_tuning_host *host, const char *path)
{
    struct ry_tuning_owner owner = {.mode = OWN_MODE, .user = geteuid(), .group = getegid()};
    char full[2 * RY_TUNING_PATH_BYTES];
    struct stat status;
    if (ry_tuning_host_path(host, path, full) && stat(full, &status) == 0)
        owner = (struct ry_tuning_owner){
            .mode = status.st_mode & 07777, .user = status.st_uid, .group = status.st_gid};
    return owner;
}

static int save(struct work *work, const char *stage, bool absent)
{
    struct ry_tuning_change change = {.absent = absent,
                                      .gone_with_boot = !ry_tuning_change_lasts(&work->setting),
                                      .kind = work->setting.kind,
                                      .form = work->setting.form,
                                      .found = work->was,
                                      .want = work->setting.want};
    change.owner = owner_of(work->saved->host, work->setting.path);
    snprintf(change.stage, sizeof change.stage, "%s", stage);
    memcpy(change.path, work->setting.path, sizeof change.path);
    return ry_tuning_saved_add(work->saved, &change);
}

static int set(const struct work *work)
{
    const struct ry_tuning_host *host = work->saved->host;
    const char *path = work->setting.path, *want = work->setting.want;
    char driver[2 * RY_TUNING_VALUE_BYTES];
    switch (work->setting.kind) {
    case RY_TUNING_OWN_FILE:
        return ry_tuning_effect_replace(host, path, want, owner_of(host, path));
    case RY_TUNING_DRIVER: /* its override is the driver itself */
        snprintf(driver, sizeof driver, "%s %s", want, want);
        return ry_tuning_effect_set(host, RY_TUNING_DRIVER, path, driver);
    case RY_TUNING_FILE:
    case RY_TUNING_DIRECTORY:
    case RY_TUNING_MOUNT:
    case RY_TUNING_NIC:
    case RY_TUNING_IRQBALANCE:
    case RY_TUNING_FACT: break;
    }
    return ry_tuning_effect_set(host, work->setting.kind, path, want);
}

/* The folder of a file of ours is one of the changes if it is not there, and so is that one's. */
static int make_parent(struct work *work, const char *stage)
{
    struct ry_tuning_setting folder = {.kind = RY_TUNING_DIRECTORY, .want = "folder"};
    const char *slash = strrchr(work->setting.path, '/');
    if ((work->setting.kind != RY_TUNING_OWN_FILE && work->setting.kind != RY_TUNING_DIRECTORY) ||
        slash == NULL)
        return 0;
    snprintf(folder.path, sizeof folder.path, "%.*s", (int)(slash - work->setting.path),
             work->setting.path);
    if (folder.path[0] == 0 || ry_tuning_host_exists(work->saved->host, folder.path))
        return 0;
    return ry_tuning_change_make(work->saved, stage, &folder, work->told);
}

/* Fewer than wanted, but more than there were: better than none. */
static bool came_nearer(const struct work *work)
{
    return work->setting.form == RY_TUNING_AT_LEAST && atoll(work->setting.now) > atoll(work->was);
}

static void quiet(void *context, const char *stage, const struct ry_tuning_setting *setting,
                  enum ry_tuning_deed deed, const char *was)
{
    (void)context;
    (void)stage;
    (void)setting;
    (void)deed;
    (void)was;
}

/* What was tried and did not come out goes back to what it was, and its record with it. */
static int take_back(struct work *work)
{
    static const struct ry_tuning_told nobody = {.tell = quiet};
    char text[RY_TUNING_TEXT_BYTES];
    struct ry_tuning_change *change =
        ry_tuning_saved_of(work->saved, work->setting.kind, work->setting.path);
    int error = change == NULL ? 0 : ry_tuning_change_back(work->saved, change, &nobody);
    (void)look(work, text);
    return error;
}

static int judge(struct work *work, const char *stage, int failed, bool added)
{
    char text[RY_TUNING_TEXT_BYTES], why[RY_TUNING_SENTENCE_BYTES];
    (void)look(work, text);
    work->setting.state = RY_TUNING_OK;
    if (failed == 0 && ry_tuning_judge(&work->setting) == RY_TUNING_OK) {
        tell(work, stage, RY_TUNING_SET);
        return 0;
    }
    snprintf(why, sizeof why, "it reads as \"%.80s\" after \"%.80s\" was written",
             work->setting.now, work->setting.want);
    int error = added && !came_nearer(work) ? take_back(work) : 0;
    fail(work, stage, "cannot be set", failed != 0 ? ry_tuning_value_reason(failed) : why);
    return error;
}

int ry_tuning_change_make(struct ry_tuning_saved *saved, const char *stage,
                          const struct ry_tuning_setting *wanted, const struct ry_tuning_told *told)
{
    struct work work = {.saved = saved, .told = told, .setting = *wanted};
    int error = make_parent(&work, stage);
    if (error != 0)
        return error;
    int found = look(&work, work.was);
    if ((found != 0 && found != -ENOENT) || (found != 0 && wanted->kind == RY_TUNING_FILE)) {
        fail(&work, stage, "cannot be read", ry_tuning_value_reason(found));
        return 0;
    }
    const struct ry_tuning_change *before = ry_tuning_saved_of(saved, wanted->kind, wanted->path);
    bool known = before != NULL && strcmp(before->want, wanted->want) == 0;
    if (!known && (error = save(&work, stage, found == -ENOENT)) != 0)
        return error;
    return judge(&work, stage, set(&work), !known);
}

/* ---- putting back ---------------------------------------------------------------------------- */

/* Does it read as it was found: byte for byte, or what the kernel prints in its own way, alike? */
static bool same(const struct work *work, const struct ry_tuning_change *change, const char *text)
{
    struct ry_tuning_setting alike = {.kind = change->kind, .form = change->form};
    if (strcmp(text, change->found) == 0)
        return true;
    if (change->form == RY_TUNING_AT_LEAST)
        alike.form = RY_TUNING_NUMBER;
    if (change->kind != RY_TUNING_FILE || alike.form == RY_TUNING_PLAIN ||
        alike.form == RY_TUNING_FIRST || alike.form == RY_TUNING_WORD ||
        !ry_tuning_value_back(change->form, change->found, change->want, alike.want,
                              sizeof alike.want))
        return false;
    ry_tuning_host_chop(alike.want);
    memcpy(alike.now, work->setting.now, sizeof alike.now);
    return ry_tuning_judge(&alike) == RY_TUNING_OK;
}

static int write_back(const struct work *work, const struct ry_tuning_change *change)
{
    const struct ry_tuning_host *host = work->saved->host;
    char text[RY_TUNING_TEXT_BYTES];
    if (change->absent || change->kind == RY_TUNING_MOUNT)
        return ry_tuning_effect_drop(host, change->kind, change->path);
    if (change->kind == RY_TUNING_OWN_FILE)
        return ry_tuning_effect_replace(host, change->path, change->found, change->owner);
    if (change->kind != RY_TUNING_FILE)
        return ry_tuning_effect_set(host, change->kind, change->path, change->found);
    if (!ry_tuning_value_back(change->form, change->found, change->want, text, sizeof text))
        return -EFBIG;
    return ry_tuning_effect_set(host, change->kind, change->path, text);
}

/* Where there is no kernel behind a file, it is its whole text that has to be written. */
static void write_whole(const struct work *work, const struct ry_tuning_change *change)
{
    if (change->kind == RY_TUNING_FILE && !change->absent && change->form != RY_TUNING_PLAIN)
        (void)ry_tuning_effect_set(work->saved->host, change->kind, change->path, change->found);
}

static bool is_back(struct work *work, const struct ry_tuning_change *change, int read,
                    const char *text)
{
    return change->absent ? read == -ENOENT : read == 0 && same(work, change, text);
}

static int strike(struct work *work, struct ry_tuning_change *change, enum ry_tuning_deed deed)
{
    int error = ry_tuning_saved_undo(work->saved, change);
    if (error == 0)
        tell(work, change->stage, deed);
    return error;
}

/* A folder that others have come to use stays theirs; a cgroup with processes does not. */
static bool has_become_theirs(const struct ry_tuning_change *change, int error)
{
    return change->kind == RY_TUNING_DIRECTORY && error == -ENOTEMPTY;
}

/* In a folder that one stage made another may have put a file: it goes with the last of them. */
static bool holds_ours(const struct ry_tuning_saved *saved, const struct ry_tuning_change *folder)
{
    size_t n = strlen(folder->path);
    for (unsigned i = 0; i < saved->count; i++)
        if (!saved->change[i].undone && strncmp(saved->change[i].path, folder->path, n) == 0 &&
            saved->change[i].path[n] == '/')
            return true;
    return false;
}

int ry_tuning_change_back(struct ry_tuning_saved *saved, struct ry_tuning_change *change,
                          const struct ry_tuning_told *told)
{
    struct work work = {.saved = saved, .told = told};
    char text[RY_TUNING_TEXT_BYTES];
    work.setting.kind = change->kind;
    work.setting.form = change->form;
    memcpy(work.setting.path, change->path, sizeof change->path);
    snprintf(work.setting.want, sizeof work.setting.want, "%.*s", RY_TUNING_VALUE_BYTES - 1,
             change->want);
    if (change->kind == RY_TUNING_OWN_FILE)
        ry_tuning_effect_clear(saved->host, change->path);
    int read = look(&work, work.was);
    bool gone = !change->absent && (read == -ENOENT || read == -ENODEV);
    if (!ry_tuning_saved_stands(saved, change) || gone)
        return strike(&work, change, RY_TUNING_FORGOTTEN);
    if (is_back(&work, change, read, work.was) && strcmp(work.was, change->found) == 0)
        return strike(&work, change, RY_TUNING_RESTORED);
    int failed = write_back(&work, change);
    read = look(&work, text);
    if (read == 0 && strcmp(text, change->found) != 0) {
        write_whole(&work, change);
        read = look(&work, text);
    }
    if (is_back(&work, change, read, text))
        return strike(&work, change, RY_TUNING_RESTORED);
    if (has_become_theirs(change, failed) && holds_ours(saved, change))
        return 0;
    if (has_become_theirs(change, failed))
        return strike(&work, change, RY_TUNING_FORGOTTEN);
    bool held =
        change->form == RY_TUNING_AT_LEAST && atoll(work.setting.now) > atoll(change->found);
    snprintf(text, sizeof text, "it reads as \"%.80s\", not as \"%.*s\"%s", work.setting.now,
             (int)(strcspn(change->found, "\n") < 80 ? strcspn(change->found, "\n") : 80),
             change->found,
             held ? "; if a process holds them, revert again when it has ended" : "");
    fail(&work, change->stage, "cannot be put back",
         failed != 0 ? ry_tuning_value_reason(failed) : text);
    return 0;
}
