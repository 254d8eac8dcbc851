#include "tools/export/jsonl_end.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/text/row_json.h"
#include "tools/text/row_value.h"

#define TAIL_BYTES (2 * (RY_TEXT_ROW_BYTES + 1)) /* a whole line, and one that is torn */
#define BEGINNING  "{\"type\":\""

static int not_rows(const char *path, char error[RY_EXPORT_ERROR_BYTES])
{
    snprintf(error, RY_EXPORT_ERROR_BYTES,
             "%.300s does not end in rows of a battle: name another target, or move it away", path);
    return -1;
}

static int unreadable(const char *path, char error[RY_EXPORT_ERROR_BYTES])
{
    snprintf(error, RY_EXPORT_ERROR_BYTES, "cannot read %.400s: %s", path, strerror(errno));
    return -1;
}

/* Reads all of it, or what there is until the end. */
static ssize_t read_at(int fd, char *bytes, size_t count, uint64_t at)
{
    size_t have = 0;
    while (have < count) {
        ssize_t got = pread(fd, bytes + have, count - have, (off_t)(at + have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -1 : (ssize_t)have;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

/* A line that was cut somewhere begins as every row does; a power cut may leave zeros behind it. */
static bool begins_as_row(const char *line, size_t bytes)
{
    const size_t known = sizeof BEGINNING - 1;
    while (bytes > 0 && line[bytes - 1] == '\0')
        bytes--;
    return memcmp(line, BEGINNING, bytes < known ? bytes : known) == 0;
}

static bool count_of(const json_t *row, const char *name, uint64_t *count)
{
    const json_t *value = json_object_get(row, name);
    *count = json_is_integer(value) && json_integer_value(value) > 0
                 ? (uint64_t)json_integer_value(value)
                 : 0;
    return *count > 0;
}

static int take_row(const char *path, const json_t *row, const struct ry_battle_id *id,
                    struct ry_export_cursor *cursor, char error[RY_EXPORT_ERROR_BYTES])
{
    char own[RY_TEXT_ID_BYTES];
    const char *battle = json_string_value(json_object_get(row, "battle_id"));
    if (battle == NULL || !count_of(row, "input", &cursor->input) ||
        !count_of(row, "n", &cursor->n))
        return not_rows(path, error);
    if (strcmp(battle, ry_text_row_id(own, id)) == 0)
        return 0;
    snprintf(error, RY_EXPORT_ERROR_BYTES,
             "%.300s has rows of another battle (%.32s, this one is %s): name another target, or "
             "move it away",
             path, battle, own);
    return -1;
}

/* `tail` is the last `bytes` of the file. */
static int look(const char *path, const char *tail, size_t bytes, const struct ry_battle_id *id,
                struct ry_export_jsonl_end *end, char error[RY_EXPORT_ERROR_BYTES])
{
    const bool all = end->bytes == bytes;
    const char *stop = memrchr(tail, '\n', bytes);
    const size_t whole = stop == NULL ? 0 : (size_t)(stop - tail) + 1;
    end->torn = bytes - whole;
    end->bytes -= end->torn;
    if (!begins_as_row(tail + whole, bytes - whole) || (stop == NULL && !all))
        return not_rows(path, error);
    if (stop == NULL)
        return 0;
    const char *before = memrchr(tail, '\n', whole - 1);
    if (before == NULL && !all)
        return not_rows(path, error);
    const char *line = before == NULL ? tail : before + 1;
    json_t *row = json_loadb(line, (size_t)(stop - line), JSON_REJECT_DUPLICATES, NULL);
    int result = take_row(path, row, id, &end->cursor, error);
    json_decref(row);
    return result;
}

int ry_export_jsonl_end(int fd, const char *path, const struct ry_battle_id *id,
                        struct ry_export_jsonl_end *end, char error[RY_EXPORT_ERROR_BYTES])
{
    struct stat status;
    char tail[TAIL_BYTES];
    *end = (struct ry_export_jsonl_end){.bytes = 0};
    if (fstat(fd, &status) != 0)
        return unreadable(path, error);
    end->bytes = (uint64_t)status.st_size;
    const size_t bytes = (size_t)(end->bytes < TAIL_BYTES ? end->bytes : TAIL_BYTES);
    if (read_at(fd, tail, bytes, end->bytes - bytes) != (ssize_t)bytes)
        return unreadable(path, error);
    return look(path, tail, bytes, id, end, error);
}
