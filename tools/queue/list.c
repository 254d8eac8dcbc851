#include "tools/queue/list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/text/exit.h"

#define YAML ".yaml"

static bool is_battle_file(const char *file)
{
    const size_t bytes = strlen(file), tail = strlen(YAML);
    return file[0] != '.' && bytes > tail && strcmp(file + bytes - tail, YAML) == 0;
}

static bool is_name(const char *name, size_t bytes)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return bytes < RY_QUEUE_NAME_BYTES && name[0] != '-' && strspn(name, allowed) >= bytes;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void add(struct ry_queue_list *list, const char *file)
{
    const size_t bytes = strlen(file) - strlen(YAML);
    if (!is_name(file, bytes) || list->count == RY_QUEUE_MAX) {
        list->others++;
        snprintf(list->other, sizeof list->other, "%s", file);
        return;
    }
    memcpy(list->name[list->count], file, bytes);
    list->name[list->count++][bytes] = '\0';
}

int ry_queue_list_read(struct ry_queue_list *list, const struct ry_queue *queue)
{
    DIR *folder = opendir(queue->battles);
    *list = (struct ry_queue_list){.name = calloc(RY_QUEUE_MAX, sizeof *list->name)};
    if (folder == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "queue: %s: %s", queue->battles, strerror(errno));
    if (list->name == NULL)
        abort(); /* no memory */
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (is_battle_file(entry->d_name))
            add(list, entry->d_name);
    closedir(folder);
    qsort(list->name, list->count, sizeof *list->name, by_name);
    return RY_EXIT_OK;
}

void ry_queue_list_warn(const struct ry_queue_list *list, const struct ry_queue *queue)
{
    if (list->others > 0)
        (void)ry_text_fail(RY_EXIT_OK,
                           "queue: %u files of %s are left out, %s for one: a battle's name has "
                           "only " RY_QUEUE_NAMES "; a queue has at most %d",
                           list->others, queue->battles, list->other, RY_QUEUE_MAX);
}

void ry_queue_list_free(struct ry_queue_list *list)
{
    free(list->name);
    list->name = NULL;
}
