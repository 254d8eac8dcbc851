#include "tools/export/jsonl_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME   "rows-%020" PRIu64 ".jsonl"
#define DIGITS 20

static int cannot(const char *what, const char *path, char error[RY_EXPORT_ERROR_BYTES])
{
    snprintf(error, RY_EXPORT_ERROR_BYTES, "cannot %s %.400s: %s", what, path, strerror(errno));
    return -1;
}

int ry_export_jsonl_folder_open(const char *path, char error[RY_EXPORT_ERROR_BYTES])
{
    if (mkdir(path, S_IRWXU | S_IRWXG | S_IRWXO) != 0 && errno != EEXIST)
        return cannot("make", path, error);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return cannot("open", path, error);
    if (flock(folder, LOCK_EX | LOCK_NB) == 0)
        return folder;
    if (errno == EWOULDBLOCK)
        snprintf(error, RY_EXPORT_ERROR_BYTES,
                 "another exporter writes to %.300s: end it, or name another target", path);
    else
        cannot("lock", path, error);
    close(folder);
    return -1;
}

const char *ry_export_jsonl_folder_name(char name[RY_EXPORT_JSONL_NAME_BYTES], uint64_t input)
{
    snprintf(name, RY_EXPORT_JSONL_NAME_BYTES, NAME, input);
    return name;
}

/* 0: the name is none of ours. */
static uint64_t input_of(const char *name)
{
    char again[RY_EXPORT_JSONL_NAME_BYTES];
    static const char beginning[] = "rows-";
    const char *digits = name + sizeof beginning - 1;
    if (strncmp(name, beginning, sizeof beginning - 1) != 0 ||
        strspn(digits, "0123456789") != DIGITS)
        return 0;
    uint64_t input = strtoull(digits, NULL, 10);
    return strcmp(ry_export_jsonl_folder_name(again, input), name) == 0 ? input : 0;
}

/* From its beginning; NULL with errno. */
static DIR *list(int folder)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = again < 0 ? NULL : fdopendir(again);
    if (directory == NULL && again >= 0)
        close(again);
    return directory;
}

uint64_t ry_export_jsonl_folder_last(int folder, uint64_t limit)
{
    uint64_t last = 0;
    DIR *directory = list(folder);
    if (directory == NULL)
        return 0;
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        uint64_t input = input_of(entry->d_name);
        if (input > last && (limit == 0 || input < limit))
            last = input;
    }
    int error = errno;
    closedir(directory);
    errno = error;
    return error == 0 ? last : 0;
}

int ry_export_jsonl_folder_clear(int folder)
{
    uint64_t input;
    char name[RY_EXPORT_JSONL_NAME_BYTES];
    while ((input = ry_export_jsonl_folder_last(folder, 0)) != 0)
        if (unlinkat(folder, ry_export_jsonl_folder_name(name, input), 0) != 0)
            return -1;
    return errno == 0 ? 0 : -1;
}
