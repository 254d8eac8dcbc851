#include "tests/support/fake_kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/fake_host.h"

#define CGROUPS "/sys/fs/cgroup/"
#define DEVICES "/sys/bus/pci/devices/"
#define DRIVERS "/sys/bus/pci/drivers/"
#define MOUNTS  "/proc/self/mounts"
#define FULL    (2 * RY_TUNING_PATH_BYTES)

static const char *const cgroup_files[][2] = {
    {"cgroup.procs", ""},
    {"cgroup.subtree_control", "\n"},
    {"cpuset.cpus", "\n"},
    {"cpuset.cpus.effective", "\n"},
    {"cpuset.cpus.exclusive", "\n"},
    {"cpuset.cpus.partition", "member\n"},
    {"cpuset.mems", "\n"},
    {"cpuset.mems.effective", "0\n"},
};
#define CGROUP_FILES (sizeof cgroup_files / sizeof *cgroup_files)

struct text {
    char text[RY_TUNING_TEXT_BYTES];
};

static bool begins(const char *path, const char *with)
{
    return strncmp(path, with, strlen(with)) == 0;
}

static bool ends(const char *path, const char *with)
{
    size_t n = strlen(path), m = strlen(with);
    return n >= m && strcmp(path + n - m, with) == 0;
}

static int store(const struct ry_tuning_host *host, const char *path, const char *text)
{
    char full[FULL];
    FILE *file = ry_tuning_host_path(host, path, full) ? fopen(full, "we") : NULL;
    if (file == NULL)
        return -errno;
    fputs(text, file);
    return fclose(file) == 0 ? 0 : -errno;
}

/* The text without its newline. */
static struct text stripped(const char *text)
{
    struct text line;
    snprintf(line.text, sizeof line.text, "%.*s", (int)strcspn(text, "\n"), text);
    return line;
}

/* "a [b] c", "c": "a b [c]" */
static int choose(const struct ry_tuning_host *host, const char *path, const char *now,
                  const char *word)
{
    struct text out = {.text = ""}, words = stripped(now);
    bool known = false;
    size_t n = 0;
    char *rest = NULL;
    for (char *each = strtok_r(words.text, " []", &rest); each != NULL;
         each = strtok_r(NULL, " []", &rest)) {
        bool this = strcmp(each, word) == 0;
        known = known || this;
        n += (size_t)snprintf(out.text + n, sizeof out.text - n, "%s%s%s%s", n > 0 ? " " : "",
                              this ? "[" : "", each, this ? "]" : "");
    }
    snprintf(out.text + n, sizeof out.text - n, "\n");
    return known ? store(host, path, out.text) : -EINVAL;
}

/* "cpu io", "+cpuset": "cpu io cpuset", in the order in which they came. */
static int control(const struct ry_tuning_host *host, const char *path, const char *now,
                   const char *word)
{
    struct text out = {.text = ""}, words = stripped(now);
    size_t n = 0;
    char *rest = NULL;
    for (char *each = strtok_r(words.text, " ", &rest); each != NULL;
         each = strtok_r(NULL, " ", &rest))
        if (strcmp(each, word + 1) != 0)
            n +=
                (size_t)snprintf(out.text + n, sizeof out.text - n, "%s%s", n > 0 ? " " : "", each);
    if (word[0] == '+')
        n +=
            (size_t)snprintf(out.text + n, sizeof out.text - n, "%s%s", n > 0 ? " " : "", word + 1);
    snprintf(out.text + n, sizeof out.text - n, "\n");
    return store(host, path, out.text);
}

static int unbind(const struct ry_tuning_host *host, const char *device)
{
    char link[RY_TUNING_PATH_BYTES], full[FULL];
    snprintf(link, sizeof link, DEVICES "%.64s/driver", device);
    if (!ry_tuning_host_path(host, link, full))
        return -ENAMETOOLONG;
    return unlink(full) == 0 ? 0 : -ENODEV;
}

/* A driver takes a device whose driver_override names it, or nobody. */
static int bind(const struct ry_tuning_host *host, const char *device, const char *driver)
{
    char path[RY_TUNING_PATH_BYTES], override[RY_TUNING_PATH_BYTES], full[FULL];
    snprintf(path, sizeof path, DRIVERS "%.64s", driver);
    if (!ry_tuning_host_exists(host, path))
        return -ENODEV;
    snprintf(path, sizeof path, DEVICES "%.64s/driver_override", device);
    if (ry_tuning_host_line(host, path, override, sizeof override) &&
        strcmp(override, "(null)") != 0 && strcmp(override, driver) != 0)
        return -ENODEV;
    snprintf(path, sizeof path, DEVICES "%.64s/driver", device);
    if (!ry_tuning_host_path(host, path, full))
        return -ENAMETOOLONG;
    snprintf(path, sizeof path, "../../../../bus/pci/drivers/%.64s", driver);
    return symlink(path, full) == 0 ? 0 : errno == EEXIST ? -EBUSY : -errno;
}

/* DRIVERS "NAME/bind", "/sys/bus/pci/devices/X/driver/unbind": the part between. */
static struct text part(const char *path, const char *before)
{
    struct text name;
    path += strlen(before);
    snprintf(name.text, sizeof name.text, "%.*s", (int)strcspn(path, "/"), path);
    return name;
}

static int write_pci(const struct ry_tuning_host *host, const char *path, const char *word)
{
    if (begins(path, DRIVERS) && ends(path, "/bind"))
        return bind(host, word, part(path, DRIVERS).text);
    if (ends(path, "/driver_override"))
        return store(host, path, word[0] == 0 ? "(null)\n" : strcat(stripped(word).text, "\n"));
    return ends(path, "/unbind") ? unbind(host, word) : -EINVAL;
}

static bool is_pci(const char *path)
{
    return begins(path, "/sys/bus/pci/") &&
           (ends(path, "bind") || ends(path, "/drivers_probe") || ends(path, "/driver_override"));
}

static int write_file(const struct ry_tuning_host *host, const char *path, const char *text)
{
    const struct ry_test_host *fake = host->context;
    struct text now, word = stripped(text);
    for (unsigned i = 0; i < fake->refused; i++)
        if (strcmp(fake->refuse[i], path) == 0)
            return -EIO;
    if (is_pci(path))
        return write_pci(host, path, word.text);
    ssize_t n = ry_tuning_host_read(host, path, now.text, sizeof now.text);
    if (n < 0)
        return (int)n;
    if (strchr(now.text, '[') != NULL)
        return choose(host, path, now.text, word.text);
    if (ends(path, "/cgroup.subtree_control"))
        return control(host, path, now.text, word.text);
    if (strcmp(path, "/proc/sys/kernel/printk") == 0 && strpbrk(text, " \t") == NULL &&
        strpbrk(now.text, " \t") != NULL) {
        struct text first = word;
        snprintf(word.text, sizeof word.text, "%.16s%.64s", first.text, strpbrk(now.text, " \t"));
        return store(host, path, word.text);
    }
    if (strcmp(path, fake->limited) == 0 && atoll(word.text) > fake->limit)
        snprintf(word.text, sizeof word.text, "%lld", fake->limit);
    if (strcmp(path, fake->limited) == 0 && atoll(word.text) < fake->held)
        snprintf(word.text, sizeof word.text, "%lld", fake->held);
    n = (ssize_t)strlen(word.text);
    snprintf(word.text + n, sizeof word.text - (size_t)n, "\n");
    return store(host, path, word.text);
}

static int make_folder(const struct ry_tuning_host *host, const char *path)
{
    char full[FULL], file[RY_TUNING_PATH_BYTES + 64];
    if (!ry_tuning_host_path(host, path, full) || mkdir(full, 0755) != 0)
        return -errno;
    for (unsigned i = 0; begins(path, CGROUPS) && i < CGROUP_FILES; i++) {
        snprintf(file, sizeof file, "%s/%s", path, cgroup_files[i][0]);
        if (store(host, file, cgroup_files[i][1]) != 0)
            return -EIO;
    }
    return 0;
}

static int remove_folder(const struct ry_tuning_host *host, const char *path)
{
    char full[FULL], file[RY_TUNING_PATH_BYTES + 64];
    struct text procs;
    if (begins(path, CGROUPS)) {
        snprintf(file, sizeof file, "%s/cgroup.procs", path);
        if (ry_tuning_host_read(host, file, procs.text, sizeof procs.text) > 0)
            return -EBUSY;
        for (unsigned i = 0; i < CGROUP_FILES; i++) {
            snprintf(file, sizeof file, "%s/%s", path, cgroup_files[i][0]);
            if (ry_tuning_host_path(host, file, full))
                (void)unlink(full);
        }
    }
    return ry_tuning_host_path(host, path, full) && rmdir(full) == 0 ? 0 : -errno;
}

static int nic_path(const char *interface, const char *what, char path[RY_TUNING_PATH_BYTES])
{
    return snprintf(path, RY_TUNING_PATH_BYTES, "/fake/nic/%s/%s", interface, what);
}

static int nic_get(const struct ry_tuning_host *host, const char *interface, const char *what,
                   char *text, size_t bytes)
{
    char path[RY_TUNING_PATH_BYTES];
    nic_path(interface, what, path);
    return ry_tuning_host_line(host, path, text, bytes) ? 0 : -EOPNOTSUPP;
}

static int nic_set(const struct ry_tuning_host *host, const char *interface, const char *what,
                   const char *text)
{
    char path[RY_TUNING_PATH_BYTES], hint[64], irq[16], list[32];
    nic_path(interface, "hint", path);
    if (strcmp(what, "ring") == 0 && ry_tuning_host_line(host, path, hint, sizeof hint) &&
        sscanf(hint, "%15s %31s", irq, list) == 2) {
        snprintf(path, sizeof path, "/proc/irq/%s/smp_affinity_list", irq);
        if (store(host, path, strcat(list, "\n")) != 0)
            return -EIO;
    }
    nic_path(interface, what, path);
    return write_file(host, path, text);
}

static int irqbalance(const struct ry_tuning_host *host, const char *ask, char *text, size_t bytes)
{
    struct ry_tuning_cpus cpus;
    char mask[RY_TUNING_CPUS_TEXT_BYTES];
    struct text answer;
    text[0] = 0;
    if (!ry_tuning_host_exists(host, "/fake/irqbalance"))
        return -ENOENT;
    if (strcmp(ask, "setup") == 0)
        return ry_tuning_host_line(host, "/fake/irqbalance", text, bytes) ? 0 : -EIO;
    if (!begins(ask, "settings cpus "))
        return -EINVAL;
    const char *list = ask + strlen("settings cpus ");
    if (!ry_tuning_cpus_read_list(&cpus, strcmp(list, "NULL") == 0 ? "" : list))
        return -EINVAL;
    snprintf(answer.text, sizeof answer.text, "SLEEP 10 BANNED %s\n",
             ry_tuning_cpus_mask(&cpus, 32, mask));
    return store(host, "/fake/irqbalance", answer.text);
}

static int mount_it(const struct ry_tuning_host *host, const char *type, const char *path,
                    const char *options)
{
    char full[FULL];
    FILE *file = ry_tuning_host_path(host, MOUNTS, full) ? fopen(full, "ae") : NULL;
    if (file == NULL || !ry_tuning_host_exists(host, path))
        return -ENOENT;
    fprintf(file, "royale %s %s rw,nosuid,nodev,%s 0 0\n", path, type, options);
    return fclose(file) == 0 ? 0 : -EIO;
}

/* The last line of that path goes. */
static int unmount_it(const struct ry_tuning_host *host, const char *path)
{
    struct text mounts, about;
    if (ry_tuning_host_read(host, MOUNTS, mounts.text, sizeof mounts.text) < 0)
        return -ENOENT;
    snprintf(about.text, sizeof about.text, " %.256s ", path);
    char *last = NULL;
    for (char *found = strstr(mounts.text, about.text); found != NULL;
         found = strstr(found + 1, about.text))
        last = found;
    if (last == NULL)
        return -EINVAL;
    char *end = strchr(last, '\n');
    while (last > mounts.text && last[-1] != '\n')
        last--;
    memmove(last, end + 1, strlen(end + 1) + 1);
    return store(host, MOUNTS, mounts.text);
}

const struct ry_tuning_calls ry_test_kernel_calls = {
    .write = write_file,
    .make_folder = make_folder,
    .remove_folder = remove_folder,
    .nic_get = nic_get,
    .nic_set = nic_set,
    .irqbalance = irqbalance,
    .mount = mount_it,
    .unmount = unmount_it,
};
