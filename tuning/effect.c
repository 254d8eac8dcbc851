#include "tuning/effect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FULL_BYTES  (2 * RY_TUNING_PATH_BYTES)
#define HALF_SUFFIX ".royale-new"
#define DRIVERS     "/sys/bus/pci/drivers"

static void step(const struct ry_tuning_host *host)
{
    if (host->step != NULL)
        host->step(host);
}

static int write_all(int fd, const char *text)
{
    size_t n = strlen(text), done = 0;
    while (done < n) {
        ssize_t wrote = write(fd, text + done, n - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return wrote < 0 ? -errno : -EIO;
        done += (size_t)wrote;
    }
    return 0;
}

/* Files of the kernel take a value in one write. */
static int write_value(const struct ry_tuning_host *host, const char *path, const char *text)
{
    char full[FULL_BYTES], line[RY_TUNING_TEXT_BYTES + 1];
    size_t n = strlen(text);
    int bytes =
        snprintf(line, sizeof line, "%s%s", text, n == 0 || text[n - 1] != '\n' ? "\n" : "");
    if (!ry_tuning_host_path(host, path, full) || bytes >= (int)sizeof line)
        return -ENAMETOOLONG;
    if (host->calls->write != NULL)
        return host->calls->write(host, path, line);
    int fd = open(full, O_WRONLY | O_CLOEXEC | O_NOCTTY | (host->root[0] == 0 ? 0 : O_TRUNC));
    if (fd < 0)
        return -errno;
    ssize_t wrote = write(fd, line, (size_t)bytes);
    int error = wrote < 0 ? -errno : wrote != bytes ? -EIO : 0;
    close(fd);
    return error;
}

/* What lies in memory alone (cgroups) has no disk to be brought to: EINVAL. */
static int settle_folder(const struct ry_tuning_host *host, const char *path)
{
    int error = ry_tuning_effect_settle(host, path);
    return error == -EINVAL ? 0 : error;
}

static int make_folder(const struct ry_tuning_host *host, const char *path)
{
    char full[FULL_BYTES];
    if (host->calls->make_folder != NULL)
        return host->calls->make_folder(host, path);
    if (!ry_tuning_host_path(host, path, full))
        return -ENAMETOOLONG;
    return mkdir(full, 0755) == 0 || errno == EEXIST ? settle_folder(host, path) : -errno;
}

static int remove_folder(const struct ry_tuning_host *host, const char *path)
{
    char full[FULL_BYTES];
    if (host->calls->remove_folder != NULL)
        return host->calls->remove_folder(host, path);
    if (!ry_tuning_host_path(host, path, full))
        return -ENAMETOOLONG;
    return rmdir(full) == 0 ? settle_folder(host, path) : -errno;
}

static int mount_at(const struct ry_tuning_host *host, const char *path, const char *text)
{
    char type[64];
    size_t n = strcspn(text, " ");
    if (host->calls->mount == NULL)
        return -ENOSYS;
    snprintf(type, sizeof type, "%.*s", (int)n, text);
    return host->calls->mount(host, type, path, text + n + (text[n] != 0));
}

/* An override in front: a driver takes no device whose override names another. Each of the three
 * is done only if it is needed, so that the whole can be done again from any point. */
static int set_driver(const struct ry_tuning_host *host, const char *path, const char *text)
{
    char driver[64], override[64], file[RY_TUNING_PATH_BYTES + 64], now[RY_TUNING_PATH_BYTES] = "";
    size_t n = strcspn(text, " ");
    const char *device = strrchr(path, '/');
    if (device == NULL)
        return -EINVAL;
    device++;
    snprintf(driver, sizeof driver, "%.*s", (int)n, text);
    snprintf(override, sizeof override, "%s", text + n + (text[n] != 0));
    bool wanted = strcmp(driver, "-") != 0;
    snprintf(file, sizeof file, DRIVERS "/%s", driver);
    if (wanted && !ry_tuning_host_exists(host, file) && host->calls->load_module != NULL)
        (void)host->calls->load_module(host, driver);
    if (wanted && !ry_tuning_host_exists(host, file))
        return -ENODEV;
    /* Which may have taken it by itself as its module was loaded. */
    snprintf(file, sizeof file, "%s/driver", path);
    bool bound = ry_tuning_host_link(host, file, now, sizeof now);
    snprintf(file, sizeof file, "%s/driver_override", path);
    int error = write_value(host, file, override);
    step(host);
    if (error == 0 && bound && strcmp(now, driver) != 0) {
        snprintf(file, sizeof file, "%s/driver/unbind", path);
        error = write_value(host, file, device);
        bound = false;
        step(host);
    }
    if (error == 0 && wanted && !bound) {
        snprintf(file, sizeof file, DRIVERS "/%s/bind", driver);
        error = write_value(host, file, device);
    }
    return error;
}

static int set_nic(const struct ry_tuning_host *host, const char *path, const char *text)
{
    char interface[RY_TUNING_PATH_BYTES];
    size_t n = strcspn(path, " ");
    if (host->calls->nic_set == NULL || path[n] == 0)
        return -ENOSYS;
    snprintf(interface, sizeof interface, "%.*s", (int)n, path);
    return host->calls->nic_set(host, interface, path + n + 1, text);
}

static int ban(const struct ry_tuning_host *host, const char *list)
{
    char ask[RY_TUNING_VALUE_BYTES + 32], answer[RY_TUNING_TEXT_BYTES];
    snprintf(ask, sizeof ask, "settings cpus %.*s", (int)RY_TUNING_VALUE_BYTES,
             list[0] == 0 || list[0] == '\n' ? "NULL" : list);
    return ry_tuning_host_irqbalance(host, ask, answer, sizeof answer);
}

static int set(const struct ry_tuning_host *host, enum ry_tuning_kind kind, const char *path,
               const char *text)
{
    switch (kind) {
    case RY_TUNING_FILE: return write_value(host, path, text);
    case RY_TUNING_DIRECTORY: return make_folder(host, path);
    case RY_TUNING_MOUNT: return mount_at(host, path, text);
    case RY_TUNING_DRIVER: return set_driver(host, path, text);
    case RY_TUNING_NIC: return set_nic(host, path, text);
    case RY_TUNING_IRQBALANCE: return ban(host, text);
    case RY_TUNING_OWN_FILE:
    case RY_TUNING_FACT: break;
    }
    return -EINVAL;
}

int ry_tuning_effect_set(const struct ry_tuning_host *host, enum ry_tuning_kind kind,
                         const char *path, const char *text)
{
    step(host);
    int error = set(host, kind, path, text);
    step(host);
    return error;
}

static int half_of(const struct ry_tuning_host *host, const char *path, char full[FULL_BYTES],
                   char half[FULL_BYTES + sizeof HALF_SUFFIX])
{
    if (!ry_tuning_host_path(host, path, full))
        return -ENAMETOOLONG;
    snprintf(half, FULL_BYTES + sizeof HALF_SUFFIX, "%s" HALF_SUFFIX, full);
    return 0;
}

void ry_tuning_effect_clear(const struct ry_tuning_host *host, const char *path)
{
    char full[FULL_BYTES], half[FULL_BYTES + sizeof HALF_SUFFIX];
    if (half_of(host, path, full, half) == 0)
        (void)unlink(half);
}

static int drop_own(const struct ry_tuning_host *host, const char *path)
{
    char full[FULL_BYTES];
    if (!ry_tuning_host_path(host, path, full))
        return -ENAMETOOLONG;
    if (unlink(full) != 0 && errno != ENOENT)
        return -errno;
    return ry_tuning_effect_settle(host, path);
}

int ry_tuning_effect_drop(const struct ry_tuning_host *host, enum ry_tuning_kind kind,
                          const char *path)
{
    int error = -EINVAL;
    step(host);
    if (kind == RY_TUNING_OWN_FILE)
        error = drop_own(host, path);
    else if (kind == RY_TUNING_DIRECTORY)
        error = remove_folder(host, path);
    else if (kind == RY_TUNING_MOUNT)
        error = host->calls->unmount == NULL ? -ENOSYS : host->calls->unmount(host, path);
    step(host);
    return error;
}

/* Content, owner and mode before it gets its name. */
static int write_half(const char *half, const char *content, struct ry_tuning_owner owner)
{
    int fd = open(half, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -errno;
    int error = write_all(fd, content);
    if (error == 0 &&
        (fchown(fd, owner.user, owner.group) != 0 || fchmod(fd, owner.mode) != 0 || fsync(fd) != 0))
        error = -errno;
    close(fd);
    return error;
}

int ry_tuning_effect_replace(const struct ry_tuning_host *host, const char *path,
                             const char *content, struct ry_tuning_owner owner)
{
    char full[FULL_BYTES], half[FULL_BYTES + sizeof HALF_SUFFIX];
    int error = half_of(host, path, full, half);
    if (error != 0)
        return error;
    step(host);
    (void)unlink(half);
    error = write_half(half, content, owner);
    step(host);
    if (error == 0 && rename(half, full) != 0)
        error = -errno;
    step(host);
    if (error != 0)
        (void)unlink(half);
    return error != 0 ? error : ry_tuning_effect_settle(host, path);
}

int ry_tuning_effect_settle(const struct ry_tuning_host *host, const char *path)
{
    char full[FULL_BYTES];
    if (!ry_tuning_host_path(host, path, full))
        return -ENAMETOOLONG;
    char *slash = strrchr(full, '/');
    if (slash == NULL)
        return -EINVAL;
    *slash = 0;
    int fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = fsync(fd) == 0 ? 0 : -errno;
    close(fd);
    return error;
}

int ry_tuning_effect_folders(const struct ry_tuning_host *host, const char *path)
{
    char part[RY_TUNING_PATH_BYTES], full[FULL_BYTES];
    for (size_t n = 1; n <= strlen(path); n++) {
        if (path[n] != '/' && path[n] != 0)
            continue;
        snprintf(part, sizeof part, "%.*s", (int)n, path);
        if (!ry_tuning_host_path(host, part, full))
            return -ENAMETOOLONG;
        if (mkdir(full, 0755) == 0) {
            int error = ry_tuning_effect_settle(host, part);
            if (error != 0)
                return error;
        } else if (errno != EEXIST) {
            return -errno;
        }
    }
    return 0;
}
