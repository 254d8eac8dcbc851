#include "tuning/saved.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define FIELDS_MAX  12
#define CHECK_BYTES 16
#define ROOM_FIRST  64

/* ---- text ------------------------------------------------------------------------------------ */

static void escape(FILE *out, const char *text)
{
    fputc('\t', out);
    for (; *text != 0; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\\')
            fputs("\\\\", out);
        else if (c == '\t')
            fputs("\\t", out);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < ' ' || c == 0x7f)
            fprintf(out, "\\x%02x", c);
        else
            fputc(c, out);
    }
}

/* In place. */
static bool unescape(char *text)
{
    char *to = text;
    unsigned value;
    for (const char *from = text; *from != 0; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        from++;
        if (*from == 'x' && sscanf(from + 1, "%2x", &value) == 1 && value != 0 && from[2] != 0) {
            *to++ = (char)value;
            from += 2;
        } else if (*from == 't' || *from == 'n' || *from == '\\') {
            *to++ = *from == 't' ? '\t' : *from == 'n' ? '\n' : '\\';
        } else {
            return false;
        }
    }
    *to = 0;
    return true;
}

static uint64_t check_of(const char *text, size_t bytes)
{
    return XXH3_64bits(text, bytes);
}

/* ---- reading --------------------------------------------------------------------------------- */

static struct ry_tuning_change *grow(struct ry_tuning_saved *saved)
{
    if (saved->count == saved->room) {
        unsigned room = saved->room == 0 ? ROOM_FIRST : 2 * saved->room;
        void *grown = realloc(saved->change, room * sizeof *saved->change);
        assert(grown != NULL);
        saved->change = grown;
        saved->room = room;
    }
    struct ry_tuning_change *change = &saved->change[saved->count];
    memset(change, 0, sizeof *change);
    return change;
}

static bool copy(char *to, size_t bytes, const char *from)
{
    return snprintf(to, bytes, "%s", from) < (int)bytes;
}

/* Root writes where the journal says: nothing but whole paths, and names of drivers, are taken. */
static bool is_whole_path(const char *path)
{
    for (const char *part = path; (part = strstr(part, "/..")) != NULL; part++)
        if (part[3] == '/' || part[3] == 0)
            return false;
    return path[0] == '/';
}

static bool is_sound(const struct ry_tuning_change *change, const char *found, const char *want)
{
    if (change->form == RY_TUNING_WORD && want[0] == 0)
        return false;
    switch (change->kind) {
    case RY_TUNING_FILE:
    case RY_TUNING_OWN_FILE:
    case RY_TUNING_DIRECTORY:
    case RY_TUNING_MOUNT: return is_whole_path(change->path);
    case RY_TUNING_DRIVER:
        return is_whole_path(change->path) && found[0] != '.' && strchr(found, '/') == NULL;
    case RY_TUNING_NIC:
    case RY_TUNING_IRQBALANCE: return true;
    case RY_TUNING_FACT: break;
    }
    return false;
}

static bool take_set(struct ry_tuning_saved *saved, char *field[FIELDS_MAX])
{
    struct ry_tuning_change *change = grow(saved);
    unsigned mode, user, group;
    if (sscanf(field[2], "%u", &change->number) != 1 || change->number == 0 ||
        change->number == UINT_MAX || /* none could follow it */
        sscanf(field[7], "%o:%u:%u", &mode, &user, &group) != 3)
        return false;
    change->owner = (struct ry_tuning_owner){.mode = mode, .user = user, .group = group};
    change->kind = ry_tuning_kind_named(field[4]);
    change->form = ry_tuning_form_named(field[5]);
    change->absent = strchr(field[6], 'a') != NULL;
    change->gone_with_boot = strchr(field[6], 'b') != NULL;
    if (!copy(change->stage, sizeof change->stage, field[3]) ||
        !copy(change->boot, sizeof change->boot, field[8]) ||
        !copy(change->path, sizeof change->path, field[9]) ||
        !is_sound(change, field[10], field[11]))
        return false;
    change->found = strdup(field[10]);
    change->want = strdup(field[11]);
    assert(change->found != NULL && change->want != NULL);
    if (change->number > saved->last)
        saved->last = change->number;
    saved->count++;
    return true;
}

static bool take_undone(struct ry_tuning_saved *saved, const char *number)
{
    unsigned undone;
    if (sscanf(number, "%u", &undone) != 1)
        return false;
    for (unsigned i = 0; i < saved->count; i++)
        if (saved->change[i].number == undone)
            saved->change[i].undone = true;
    return true;
}

/* One line without its newline. */
static bool take_line(struct ry_tuning_saved *saved, char *line, size_t bytes)
{
    char *field[FIELDS_MAX] = {NULL}, *rest = line;
    uint64_t check;
    unsigned fields = 0;
    if (strlen(line) != bytes || bytes <= CHECK_BYTES || line[CHECK_BYTES] != '\t' ||
        sscanf(line, "%16" SCNx64, &check) != 1 ||
        check != check_of(line + CHECK_BYTES, bytes - CHECK_BYTES))
        return false;
    while (fields < FIELDS_MAX && (field[fields] = strsep(&rest, "\t")) != NULL)
        if (!unescape(field[fields++]))
            return false;
    if (fields == FIELDS_MAX && rest == NULL && strcmp(field[1], "set") == 0)
        return take_set(saved, field);
    return fields == 3 && strcmp(field[1], "undone") == 0 && take_undone(saved, field[2]);
}

/* A bad line counts as damage only if another follows it. */
static void take_lines(struct ry_tuning_saved *saved, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    unsigned bad = 0, lines = 0, first = 0; /* the first of those bad ones */
    ssize_t n;
    off_t at = 0;
    while ((n = getline(&line, &room, file)) > 0) {
        saved->bytes = at;
        at += n;
        bool whole = line[n - 1] == '\n';
        lines++;
        if (whole)
            line[n - 1] = 0;
        if (whole && take_line(saved, line, (size_t)n - 1)) {
            saved->damaged += bad;
            bad = 0;
            saved->bytes = at;
        } else {
            bad++;
            first = first == 0 ? lines : first;
        }
        if (bad == 0 && saved->damaged == 0)
            first = 0;
    }
    saved->damaged += bad > 1 ? bad - 1 : 0; /* and the last is cut off at saved->bytes */
    saved->damaged_line = saved->damaged > 0 ? first : 0;
    free(line);
}

/* Who can write the journal decides what root writes where. */
static int trusted(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return -errno;
    bool own = status.st_uid == 0 || status.st_uid == geteuid();
    return own && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 ? 0 : -EUCLEAN;
}

int ry_tuning_saved_read(struct ry_tuning_saved *saved, const struct ry_tuning_host *host)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    memset(saved, 0, sizeof *saved);
    saved->host = host;
    saved->folder = saved->file = -1;
    (void)ry_tuning_host_line(host, "/proc/sys/kernel/random/boot_id", saved->boot,
                              sizeof saved->boot);
    if (!ry_tuning_host_path(host, RY_TUNING_SAVED_PATH, full))
        return -ENAMETOOLONG;
    FILE *file = fopen(full, "re");
    if (file == NULL)
        return errno == ENOENT ? 0 : -errno;
    int error = trusted(fileno(file));
    if (error == 0)
        take_lines(saved, file);
    if (error == 0 && ferror(file))
        error = -EIO;
    fclose(file);
    return error;
}

/* ---- writing --------------------------------------------------------------------------------- */

static int lock(const struct ry_tuning_host *host)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    int error = ry_tuning_effect_folders(host, RY_TUNING_STATE_FOLDER);
    if (error != 0)
        return error;
    if (!ry_tuning_host_path(host, RY_TUNING_STATE_FOLDER, full))
        return -ENAMETOOLONG;
    int fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    error = access(full, W_OK) == 0 ? trusted(fd) : -errno;
    if (error == 0 && flock(fd, LOCK_EX | LOCK_NB) != 0)
        error = -errno;
    if (error != 0)
        close(fd);
    return error == 0 ? fd : error;
}

int ry_tuning_saved_open(struct ry_tuning_saved *saved, const struct ry_tuning_host *host)
{
    int folder = lock(host);
    memset(saved, 0, sizeof *saved);
    saved->folder = saved->file = -1;
    if (folder < 0)
        return folder;
    int error = ry_tuning_saved_read(saved, host);
    saved->folder = folder;
    if (error != 0)
        ry_tuning_saved_close(saved);
    return error;
}

void ry_tuning_saved_close(struct ry_tuning_saved *saved)
{
    for (unsigned i = 0; i < saved->count; i++) {
        free(saved->change[i].found);
        free(saved->change[i].want);
    }
    free(saved->change);
    if (saved->file >= 0)
        close(saved->file);
    if (saved->folder >= 0)
        close(saved->folder);
    memset(saved, 0, sizeof *saved);
    saved->folder = saved->file = -1;
}

/* The journal's file is made by the first line that it takes; a torn last line is cut off. */
static int open_file(struct ry_tuning_saved *saved)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    if (saved->file >= 0)
        return 0;
    if (!ry_tuning_host_path(saved->host, RY_TUNING_SAVED_PATH, full))
        return -ENAMETOOLONG;
    int fd = open(full, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return -errno;
    int error = ftruncate(fd, saved->bytes) == 0
                    ? ry_tuning_effect_settle(saved->host, RY_TUNING_SAVED_PATH)
                    : -errno;
    if (error != 0)
        close(fd);
    else
        saved->file = fd;
    return error;
}

static void step(const struct ry_tuning_saved *saved)
{
    if (saved->host->step != NULL)
        saved->host->step(saved->host);
}

/* `rest` begins with the tab behind the check. What did not arrive whole is cut off again. */
static int append(struct ry_tuning_saved *saved, const char *rest, size_t bytes)
{
    char *line = NULL;
    int n = asprintf(&line, "%016" PRIx64 "%s\n", check_of(rest, bytes), rest);
    assert(n > 0);
    step(saved);
    int error = open_file(saved);
    if (error == 0) {
        ssize_t wrote = write(saved->file, line, (size_t)n);
        error = wrote < 0 ? -errno : wrote != n ? -ENOSPC : 0;
        if (error == 0 && fdatasync(saved->file) != 0)
            error = -errno;
        if (error == 0)
            saved->bytes += n;
        else
            (void)!ftruncate(saved->file, saved->bytes);
    }
    free(line);
    step(saved);
    return error;
}

int ry_tuning_saved_add(struct ry_tuning_saved *saved, const struct ry_tuning_change *change)
{
    char *text = NULL;
    size_t bytes = 0;
    if (!is_sound(change, change->found, change->want)) /* it could not be read again */
        return -EINVAL;
    FILE *out = open_memstream(&text, &bytes);
    assert(out != NULL);
    fprintf(out, "\tset\t%u", saved->last + 1);
    escape(out, change->stage);
    escape(out, ry_tuning_kind_name(change->kind));
    escape(out, ry_tuning_form_name(change->form));
    fprintf(out, "\t%s%s%s", change->absent ? "a" : "", change->gone_with_boot ? "b" : "",
            change->absent || change->gone_with_boot ? "" : "-");
    fprintf(out, "\t%o:%u:%u", change->owner.mode, change->owner.user, change->owner.group);
    escape(out, saved->boot);
    escape(out, change->path);
    escape(out, change->found);
    escape(out, change->want);
    fclose(out);
    int error = append(saved, text, bytes);
    free(text);
    if (error != 0)
        return error;
    struct ry_tuning_change *added = grow(saved);
    *added = *change;
    added->number = ++saved->last;
    added->undone = false;
    memcpy(added->boot, saved->boot, sizeof added->boot);
    added->found = strdup(change->found);
    added->want = strdup(change->want);
    assert(added->found != NULL && added->want != NULL);
    saved->count++;
    return 0;
}

int ry_tuning_saved_undo(struct ry_tuning_saved *saved, struct ry_tuning_change *change)
{
    char text[64];
    int n = snprintf(text, sizeof text, "\tundone\t%u", change->number);
    int error = append(saved, text, (size_t)n);
    if (error == 0)
        change->undone = true;
    return error;
}

int ry_tuning_saved_finish(struct ry_tuning_saved *saved)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    for (unsigned i = 0; i < saved->count; i++)
        if (!saved->change[i].undone)
            return 0;
    if (saved->damaged > 0 || !ry_tuning_host_path(saved->host, RY_TUNING_SAVED_PATH, full))
        return 0;
    step(saved);
    int error = unlink(full) == 0 ? ry_tuning_effect_settle(saved->host, RY_TUNING_SAVED_PATH)
                : errno == ENOENT ? 0
                                  : -errno;
    step(saved);
    return error;
}

/* ---- asking ---------------------------------------------------------------------------------- */

bool ry_tuning_saved_stands(const struct ry_tuning_saved *saved,
                            const struct ry_tuning_change *change)
{
    return !change->gone_with_boot || strcmp(change->boot, saved->boot) == 0;
}

struct ry_tuning_change *ry_tuning_saved_of(const struct ry_tuning_saved *saved,
                                            enum ry_tuning_kind kind, const char *path)
{
    for (unsigned i = saved->count; i-- > 0;) {
        struct ry_tuning_change *change = &saved->change[i];
        if (!change->undone && change->kind == kind && strcmp(change->path, path) == 0 &&
            ry_tuning_saved_stands(saved, change))
            return change;
    }
    return NULL;
}
