#include "tuning/host.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <dirent.h>

#include "tuning/calls.h"

void ry_tuning_host_open(struct ry_tuning_host *host, const char *root)
{
    static const struct ry_tuning_calls none;
    memset(host, 0, sizeof *host);
    snprintf(host->root, sizeof host->root, "%s", root);
    host->calls = root[0] == 0 ? &ry_tuning_calls_of_linux : &none;
}

bool ry_tuning_host_path(const struct ry_tuning_host *host, const char *path,
                         char full[2 * RY_TUNING_PATH_BYTES])
{
    int n = snprintf(full, 2 * RY_TUNING_PATH_BYTES, "%s%s", host->root, path);
    return n > 0 && n < 2 * RY_TUNING_PATH_BYTES;
}

ssize_t ry_tuning_host_read(const struct ry_tuning_host *host, const char *path, char *text,
                            size_t bytes)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    text[0] = 0;
    if (!ry_tuning_host_path(host, path, full))
        return -ENAMETOOLONG;
    int fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    size_t got = 0;
    ssize_t n;
    while ((n = read(fd, text + got, bytes - got)) > 0 && (got += (size_t)n) < bytes)
        ;
    int error = n < 0 ? errno : got == bytes ? EFBIG : 0;
    close(fd);
    text[error != 0 ? 0 : got] = 0;
    return error != 0 ? -error : (ssize_t)got;
}

bool ry_tuning_host_line(const struct ry_tuning_host *host, const char *path, char *text,
                         size_t bytes)
{
    ssize_t n = ry_tuning_host_read(host, path, text, bytes);
    if (n > 0 && text[n - 1] == '\n')
        text[n - 1] = 0;
    return n >= 0;
}

bool ry_tuning_host_number(const struct ry_tuning_host *host, const char *path, long long *number)
{
    char text[64], *end;
    if (!ry_tuning_host_line(host, path, text, sizeof text))
        return false;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == 0;
}

bool ry_tuning_host_exists(const struct ry_tuning_host *host, const char *path)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    return ry_tuning_host_path(host, path, full) && access(full, F_OK) == 0;
}

bool ry_tuning_host_link(const struct ry_tuning_host *host, const char *path, char *name,
                         size_t bytes)
{
    char full[2 * RY_TUNING_PATH_BYTES], target[RY_TUNING_PATH_BYTES];
    if (!ry_tuning_host_path(host, path, full))
        return false;
    ssize_t n = readlink(full, target, sizeof target - 1);
    if (n <= 0)
        return false;
    target[n] = 0;
    return snprintf(name, bytes, "%s", basename(target)) < (int)bytes;
}

static int by_name(const void *a, const void *b)
{
    return strverscmp(*(char *const *)a, *(char *const *)b);
}

static int wanted(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int dirent_by_name(const struct dirent **a, const struct dirent **b)
{
    return strverscmp((*a)->d_name, (*b)->d_name);
}

bool ry_tuning_host_list(const struct ry_tuning_host *host, const char *path,
                         void (*each)(void *context, const char *name), void *context)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    struct dirent **entry;
    if (!ry_tuning_host_path(host, path, full))
        return false;
    int n = scandir(full, &entry, wanted, dirent_by_name);
    for (int i = 0; i < n; i++) {
        each(context, entry[i]->d_name);
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
    return n >= 0;
}

bool ry_tuning_host_glob(const struct ry_tuning_host *host, const char *pattern,
                         void (*each)(void *context, const char *path), void *context)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    glob_t found;
    if (!ry_tuning_host_path(host, pattern, full))
        return false;
    int result = glob(full, GLOB_NOSORT, NULL, &found);
    if (result == 0) {
        qsort(found.gl_pathv, found.gl_pathc, sizeof *found.gl_pathv, by_name);
        for (size_t i = 0; i < found.gl_pathc; i++)
            each(context, found.gl_pathv[i] + strlen(host->root));
        globfree(&found);
    }
    return result == 0 || result == GLOB_NOMATCH;
}

int ry_tuning_host_mounts(const struct ry_tuning_host *host,
                          void (*each)(void *context, const struct ry_tuning_mounted *mounted),
                          void *context)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    if (!ry_tuning_host_path(host, "/proc/self/mounts", full))
        return -ENAMETOOLONG;
    FILE *file = fopen(full, "re");
    if (file == NULL)
        return -errno;
    char *line = NULL;
    size_t bytes = 0;
    while (getline(&line, &bytes, file) > 0) {
        char *rest = NULL;
        const char *device = strtok_r(line, " ", &rest);
        struct ry_tuning_mounted mounted;
        mounted.at = strtok_r(NULL, " ", &rest);
        mounted.type = strtok_r(NULL, " ", &rest);
        mounted.options = strtok_r(NULL, " ", &rest);
        if (device != NULL && mounted.options != NULL)
            each(context, &mounted);
    }
    free(line);
    fclose(file);
    return 0;
}

void ry_tuning_host_chop(char *text)
{
    size_t n = strlen(text);
    if (n > 0 && text[n - 1] == '\n')
        text[n - 1] = 0;
}

int ry_tuning_host_nic_get(const struct ry_tuning_host *host, const char *interface,
                           const char *what, char *text, size_t bytes)
{
    text[0] = 0;
    return host->calls->nic_get == NULL ? -ENOSYS
                                        : host->calls->nic_get(host, interface, what, text, bytes);
}

int ry_tuning_host_irqbalance(const struct ry_tuning_host *host, const char *ask, char *text,
                              size_t bytes)
{
    text[0] = 0;
    return host->calls->irqbalance == NULL ? -ENOSYS
                                           : host->calls->irqbalance(host, ask, text, bytes);
}
