#include "tuning/kept.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tuning/change.h"
#include "tuning/value.h"

#define PROC      "/proc/sys/"
#define SYS       "/sys/"
#define CGROUPS   "/sys/fs/cgroup/"
#define KEPT_MODE 0644

static bool begins(const char *path, const char *with)
{
    return strncmp(path, with, strlen(with)) == 0;
}

bool ry_tuning_kept_can(enum ry_tuning_kind kind, const char *path)
{
    if (kind == RY_TUNING_DIRECTORY)
        return begins(path, CGROUPS) || (!begins(path, "/dev/") && !begins(path, "/run/"));
    return kind == RY_TUNING_FILE && (begins(path, PROC) || begins(path, SYS));
}

/* ---- what should stand there ----------------------------------------------------------------- */

/* sysctl's key: dots, but as a path where a name has a dot of its own (eth0.1). */
static void print_sysctl(FILE *out, const struct ry_tuning_change *change)
{
    const char *name = change->path + strlen(PROC);
    bool dots = strchr(name, '.') == NULL;
    for (; *name != 0; name++)
        fputc(dots && *name == '/' ? '.' : *name, out);
    fprintf(out, " = %s\n", change->want);
}

/* tmpfiles.d(5); a % begins a specifier there. */
static void print_percent(FILE *out, const char *text)
{
    for (; *text != 0; text++)
        fprintf(out, *text == '%' ? "%%%%" : "%c", *text);
}

static void print_tmpfiles(FILE *out, const struct ry_tuning_change *change)
{
    bool folder = change->kind == RY_TUNING_DIRECTORY;
    fputs(folder ? "d " : "w ", out);
    print_percent(out, change->path);
    fputs(folder ? " 0755 root root -" : " - - - - ", out);
    if (!folder)
        print_percent(out, change->want);
    fputc('\n', out);
}

static const struct kept_file {
    const char *path, *head;
    void (*print)(FILE *out, const struct ry_tuning_change *change);
} files[] = {
    {RY_TUNING_SYSCTL_PATH,
     "# What `royale tune apply` set, for each boot; `royale tune revert` takes this file away.\n",
     print_sysctl},
    {RY_TUNING_TMPFILES_PATH,
     "# What `royale tune apply` set, for each boot; `royale tune revert` takes this file away.\n",
     print_tmpfiles},
};
#define FILES (sizeof files / sizeof *files)

static bool belongs(const struct kept_file *file, const struct ry_tuning_change *change)
{
    if (change->kind == RY_TUNING_DIRECTORY)
        return file->print == print_tmpfiles && begins(change->path, CGROUPS);
    return change->kind == RY_TUNING_FILE &&
           (begins(change->path, PROC) ? file->print == print_sysctl
                                       : file->print == print_tmpfiles);
}

static bool left_out(const struct ry_tuning_change *change, ry_tuning_mask without)
{
    for (unsigned i = 0; i < ry_tuning_stages_count; i++)
        if (strcmp(ry_tuning_stages[i].name, change->stage) == 0)
            return (without >> i & 1) != 0;
    return without == RY_TUNING_ALL;
}

/* "": nothing is to be kept. To be freed. */
static char *content_of(const struct ry_tuning_saved *saved, const struct kept_file *file,
                        ry_tuning_mask without)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert(out != NULL);
    bool any = false;
    for (unsigned i = 0; i < saved->count; i++) {
        const struct ry_tuning_change *change = &saved->change[i];
        if (change->undone || change->gone_with_boot || !belongs(file, change) ||
            left_out(change, without) ||
            ry_tuning_saved_of(saved, change->kind, change->path) != change)
            continue;
        if (!any)
            fputs(file->head, out);
        any = true;
        file->print(out, change);
    }
    fclose(out);
    return text;
}

/* ---- what does ------------------------------------------------------------------------------- */

/* The whole file; NULL: it is not there (`error` 0) or cannot be read. To be freed. */
static char *read_whole(const struct ry_tuning_host *host, const char *path, int *error,
                        struct ry_tuning_owner *owner)
{
    char full[2 * RY_TUNING_PATH_BYTES], *text = NULL;
    struct stat status;
    size_t room = 0;
    *error = 0;
    *owner = (struct ry_tuning_owner){.mode = KEPT_MODE, .user = geteuid(), .group = getegid()};
    int fd =
        ry_tuning_host_path(host, path, full) ? open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    if (file == NULL) {
        *error = errno == ENOENT ? 0 : -errno;
        return NULL;
    }
    if (fstat(fileno(file), &status) == 0)
        *owner = (struct ry_tuning_owner){
            .mode = status.st_mode & 07777, .user = status.st_uid, .group = status.st_gid};
    ssize_t n = getdelim(&text, &room, 0, file);
    if (n <= 0) {
        free(text);
        *error = ferror(file) ? -EIO : 0;
        text = *error != 0 ? NULL : strdup("");
    } else if (strlen(text) != (size_t)n) { /* the journal could not give it back */
        free(text);
        *error = -EILSEQ;
        text = NULL;
    }
    fclose(file);
    return text;
}

static void tell(const struct kept_file *file, enum ry_tuning_state state, enum ry_tuning_deed deed,
                 const char *why, const struct ry_tuning_told *told)
{
    struct ry_tuning_setting setting = {.kind = RY_TUNING_OWN_FILE, .state = state};
    snprintf(setting.path, sizeof setting.path, "%s", file->path);
    snprintf(setting.why, sizeof setting.why, "%s", why);
    told->tell(told->context, RY_TUNING_KEPT, &setting, deed, "");
}

static int save(struct ry_tuning_saved *saved, const struct kept_file *file, char *found,
                struct ry_tuning_owner owner)
{
    char none[] = "";
    struct ry_tuning_change change = {.absent = found == NULL,
                                      .kind = RY_TUNING_OWN_FILE,
                                      .owner = owner,
                                      .stage = RY_TUNING_KEPT,
                                      .found = found == NULL ? none : found,
                                      .want = none};
    snprintf(change.path, sizeof change.path, "%s", file->path);
    return ry_tuning_saved_add(saved, &change);
}

/* Its folder is one of the changes if it is not there. */
static int make_folder(struct ry_tuning_saved *saved, const struct kept_file *file,
                       const struct ry_tuning_told *told)
{
    struct ry_tuning_setting folder = {.kind = RY_TUNING_DIRECTORY, .want = "folder"};
    snprintf(folder.path, sizeof folder.path, "%.*s", (int)(strrchr(file->path, '/') - file->path),
             file->path);
    return ry_tuning_host_exists(saved->host, folder.path)
               ? 0
               : ry_tuning_change_make(saved, RY_TUNING_KEPT, &folder, told);
}

static int write_one(struct ry_tuning_saved *saved, const struct kept_file *file,
                     const char *content, const struct ry_tuning_told *told)
{
    int error;
    struct ry_tuning_owner owner;
    struct ry_tuning_change *change = ry_tuning_saved_of(saved, RY_TUNING_OWN_FILE, file->path);
    if (content[0] == 0)
        return change == NULL ? 0 : ry_tuning_change_back(saved, change, told);
    char *now = read_whole(saved->host, file->path, &error, &owner);
    bool right = error == 0 && now != NULL && strcmp(now, content) == 0;
    bool saves = error == 0 && !right && change == NULL;
    int failed = !saves ? 0 : make_folder(saved, file, told);
    if (failed == 0 && saves)
        failed = save(saved, file, now, owner);
    free(now);
    if (failed != 0 || right)
        return failed;
    if (error == 0)
        error = ry_tuning_effect_replace(saved->host, file->path, content, owner);
    tell(file, error == 0 ? RY_TUNING_OK : RY_TUNING_CANNOT,
         error == 0 ? RY_TUNING_SET : RY_TUNING_FAILED,
         error == 0 ? "" : ry_tuning_value_reason(error), told);
    return 0;
}

int ry_tuning_kept_write(struct ry_tuning_saved *saved, ry_tuning_mask without,
                         const struct ry_tuning_told *told)
{
    int error = 0;
    for (unsigned i = 0; i < FILES && error == 0; i++) {
        char *content = content_of(saved, &files[i], without);
        error = write_one(saved, &files[i], content, told);
        free(content);
    }
    return error;
}

void ry_tuning_kept_verify(const struct ry_tuning_saved *saved, const struct ry_tuning_told *told)
{
    for (unsigned i = 0; i < FILES; i++) {
        int error;
        struct ry_tuning_owner owner;
        char *content = content_of(saved, &files[i], 0);
        char *now = read_whole(saved->host, files[i].path, &error, &owner);
        bool right = content[0] == 0 || (now != NULL && strcmp(now, content) == 0);
        if (content[0] != 0)
            tell(&files[i], right ? RY_TUNING_OK : RY_TUNING_MISSING, RY_TUNING_LOOKED,
                 right ? "" : "not all stands there that a boot is to set: apply again", told);
        free(now);
        free(content);
    }
}
