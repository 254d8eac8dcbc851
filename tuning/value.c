#include "tuning/value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tuning/cpus.h"

struct mount_at {
    const char *path;
    char *text; /* RY_TUNING_TEXT_BYTES */
};

static void take_mount(void *context, const struct ry_tuning_mounted *mounted)
{
    const struct mount_at *at = context;
    if (strcmp(mounted->at, at->path) == 0)
        snprintf(at->text, RY_TUNING_TEXT_BYTES, "%s %s", mounted->type, mounted->options);
}

/* What lies on top. */
static int read_mount(const struct ry_tuning_host *host, const char *path,
                      char text[RY_TUNING_TEXT_BYTES])
{
    struct mount_at at = {.path = path, .text = text};
    text[0] = 0;
    int error = ry_tuning_host_mounts(host, take_mount, &at);
    return error != 0 ? error : text[0] == 0 ? -ENOENT : 0;
}

static int read_nic(const struct ry_tuning_host *host, const char *path,
                    char text[RY_TUNING_TEXT_BYTES])
{
    char interface[RY_TUNING_PATH_BYTES];
    snprintf(interface, sizeof interface, "%s", path);
    char *what = strchr(interface, ' ');
    if (what == NULL)
        return -EINVAL;
    *what++ = 0;
    return ry_tuning_host_nic_get(host, interface, what, text, RY_TUNING_TEXT_BYTES);
}

static int read_irqbalance(const struct ry_tuning_host *host, char text[RY_TUNING_TEXT_BYTES])
{
    char answer[RY_TUNING_TEXT_BYTES];
    struct ry_tuning_cpus banned;
    text[0] = 0;
    int error = ry_tuning_host_irqbalance(host, "setup", answer, sizeof answer);
    if (error != 0)
        return error;
    char *mask = strstr(answer, "BANNED ");
    if (mask == NULL)
        return -EPROTO;
    mask += strlen("BANNED ");
    mask[strcspn(mask, " \n")] = 0;
    if (!ry_tuning_cpus_read_mask(&banned, mask))
        return -EPROTO;
    (void)ry_tuning_cpus_list(&banned, text);
    return 0;
}

/* "DRIVER OVERRIDE", the second only if there is one. */
static int read_driver(const struct ry_tuning_host *host, const char *path,
                       char text[RY_TUNING_TEXT_BYTES])
{
    char file[RY_TUNING_PATH_BYTES + sizeof "/driver_override"];
    char driver[RY_TUNING_PATH_BYTES], override[RY_TUNING_PATH_BYTES];
    text[0] = 0;
    if (!ry_tuning_host_exists(host, path))
        return -ENODEV;
    snprintf(file, sizeof file, "%s/driver", path);
    if (!ry_tuning_host_link(host, file, driver, sizeof driver))
        snprintf(driver, sizeof driver, "-");
    snprintf(file, sizeof file, "%s/driver_override", path);
    bool has = ry_tuning_host_line(host, file, override, sizeof override) && override[0] != 0 &&
               strcmp(override, "(null)") != 0;
    snprintf(text, RY_TUNING_TEXT_BYTES, "%s%s%s", driver, has ? " " : "", has ? override : "");
    return 0;
}

/* Only what the journal can give back byte for byte: a file (no link to one), of text. */
static int read_text(const struct ry_tuning_host *host, enum ry_tuning_kind kind, const char *path,
                     char text[RY_TUNING_TEXT_BYTES])
{
    char full[2 * RY_TUNING_PATH_BYTES];
    struct stat status;
    if (kind == RY_TUNING_OWN_FILE && ry_tuning_host_path(host, path, full) &&
        lstat(full, &status) == 0 && S_ISLNK(status.st_mode))
        return -ELOOP;
    ssize_t n = ry_tuning_host_read(host, path, text, RY_TUNING_TEXT_BYTES);
    if (n >= 0 && strlen(text) != (size_t)n) {
        text[0] = 0;
        return -EILSEQ;
    }
    return n < 0 ? (int)n : 0;
}

const char *ry_tuning_value_reason(int error)
{
    switch (-error) {
    case EACCES:
    case EPERM: return "this machine does not permit it";
    case EROFS: return "it is read-only here (a container?)";
    case EINVAL: return "the kernel does not take this value";
    case EBUSY: return "it is in use";
    case ENODEV: return "there is no such device or driver (is its module loaded?)";
    case ENOSYS:
    case EOPNOTSUPP: return "this machine has no such thing";
    case ELOOP: return "a link stands there, which is not ours to replace";
    case EILSEQ: return "what stands there is no text";
    default: return strerror(-error);
    }
}

int ry_tuning_value_read(const struct ry_tuning_host *host, enum ry_tuning_kind kind,
                         const char *path, char text[RY_TUNING_TEXT_BYTES])
{
    text[0] = 0;
    switch (kind) {
    case RY_TUNING_FILE:
    case RY_TUNING_OWN_FILE: return read_text(host, kind, path, text);
    case RY_TUNING_DIRECTORY:
        if (!ry_tuning_host_exists(host, path))
            return -ENOENT;
        snprintf(text, RY_TUNING_TEXT_BYTES, "folder");
        return 0;
    case RY_TUNING_MOUNT: return read_mount(host, path, text);
    case RY_TUNING_DRIVER: return read_driver(host, path, text);
    case RY_TUNING_NIC: return read_nic(host, path, text);
    case RY_TUNING_IRQBALANCE: return read_irqbalance(host, text);
    case RY_TUNING_FACT: break;
    }
    return -EINVAL;
}

int ry_tuning_value_look(const struct ry_tuning_host *host, struct ry_tuning_setting *setting)
{
    char text[RY_TUNING_TEXT_BYTES];
    int error = ry_tuning_value_read(host, setting->kind, setting->path, text);
    ry_tuning_host_chop(text);
    if (error == 0 && strlen(text) >= sizeof setting->now)
        error = -EFBIG;
    memccpy(setting->now, error != 0 ? "" : text, 0, sizeof setting->now);
    return error;
}

/* "always [madvise] never": madvise. Without brackets: the whole. As snprintf. */
static int chosen(const char *text, char *word, size_t bytes)
{
    const char *open = strchr(text, '[');
    const char *close = open == NULL ? NULL : strchr(open, ']');
    if (close == NULL)
        return snprintf(word, bytes, "%s", text);
    return snprintf(word, bytes, "%.*s", (int)(close - open - 1), open + 1);
}

static bool number(const char *text, long long *value)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == 0;
}

static bool same_cpus(const char *now, const char *want,
                      bool (*read)(struct ry_tuning_cpus *set, const char *text))
{
    struct ry_tuning_cpus a, b;
    return read(&a, now) && read(&b, want) && ry_tuning_cpus_same(&a, &b);
}

static bool part_of(const char *now, const char *want)
{
    struct ry_tuning_cpus a, b, rest;
    if (!ry_tuning_cpus_read_list(&a, now) || !ry_tuning_cpus_read_list(&b, want))
        return false;
    ry_tuning_cpus_without(&rest, &a, &b);
    return ry_tuning_cpus_count(&a) > 0 && ry_tuning_cpus_count(&rest) == 0;
}

/* Is `word` (of `bytes`) one of the words of `text`, between any of `between`? */
static bool among(const char *text, const char *word, size_t bytes, const char *between)
{
    while (*text != 0) {
        size_t n = strcspn(text, between);
        if (n == bytes && strncmp(text, word, n) == 0)
            return true;
        text += n + (text[n] != 0);
    }
    return false;
}

static bool first_is(const char *now, const char *want)
{
    size_t n = strcspn(now, " \t"), wanted = strcspn(want, " \t");
    return n == wanted && strncmp(now, want, n) == 0 && !among(now, "invalid", 7, " ");
}

static bool mounted(const char *now, const char *want)
{
    size_t type = strcspn(want, " ");
    if (strcspn(now, " ") != type || strncmp(now, want, type) != 0)
        return false;
    const char *options = now + type + (now[type] != 0), *wanted = want + type + (want[type] != 0);
    while (*wanted != 0) {
        size_t n = strcspn(wanted, ",");
        if (!among(options, wanted, n, ","))
            return false;
        wanted += n + (wanted[n] != 0);
    }
    return true;
}

static bool same_text(const char *now, const char *want)
{
    size_t n = strlen(want);
    if (n > 0 && want[n - 1] == '\n')
        n--;
    return strlen(now) == n && strncmp(now, want, n) == 0;
}

static bool right(const struct ry_tuning_setting *setting)
{
    const char *now = setting->now, *want = setting->want;
    char word[RY_TUNING_VALUE_BYTES];
    long long a, b;
    if (setting->kind == RY_TUNING_MOUNT)
        return mounted(now, want);
    if (setting->kind == RY_TUNING_DRIVER)
        return first_is(now, want);
    switch (setting->kind == RY_TUNING_IRQBALANCE ? RY_TUNING_LIST : setting->form) {
    case RY_TUNING_PLAIN: return same_text(now, want);
    case RY_TUNING_CHOICE: return chosen(now, word, sizeof word) >= 0 && strcmp(word, want) == 0;
    case RY_TUNING_NUMBER: return number(now, &a) && number(want, &b) && a == b;
    case RY_TUNING_AT_LEAST: return number(now, &a) && number(want, &b) && a >= b;
    case RY_TUNING_LIST: return same_cpus(now, want, ry_tuning_cpus_read_list);
    case RY_TUNING_PART: return part_of(now, want);
    case RY_TUNING_MASK: return same_cpus(now, want, ry_tuning_cpus_read_mask);
    case RY_TUNING_FIRST: return first_is(now, want);
    case RY_TUNING_WORD: return among(now, want + 1, strlen(want + 1), " ");
    }
    return false;
}

enum ry_tuning_state ry_tuning_judge(const struct ry_tuning_setting *setting)
{
    if (setting->kind == RY_TUNING_FACT || setting->state == RY_TUNING_CANNOT ||
        setting->state == RY_TUNING_YOURS || setting->state == RY_TUNING_REPORTED)
        return setting->state;
    return right(setting) ? RY_TUNING_OK : RY_TUNING_MISSING;
}

bool ry_tuning_value_back(enum ry_tuning_form form, const char *found, const char *written,
                          char *text, size_t bytes)
{
    int n;
    if (form == RY_TUNING_CHOICE)
        n = chosen(found, text, bytes);
    else if (form == RY_TUNING_WORD)
        n = snprintf(text, bytes, "-%s", written + 1);
    else if (found[0] == 0 || strcmp(found, "(null)\n") == 0)
        n = snprintf(text, bytes, "\n"); /* how nothing is written; sysfs prints it as (null) */
    else
        n = snprintf(text, bytes, "%s", found);
    return n >= 0 && (size_t)n < bytes;
}
