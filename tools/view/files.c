#include "tools/view/files.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "tools/text/json.h"
#include "tools/text/results_json.h"
#include "tools/text/row_json.h"

#define PATH_BYTES 4200

__attribute__((format(printf, 2, 3))) static int fail(struct ry_view_files *files,
                                                      const char *format, ...)
{
    va_list arguments;
    if (files->error[0] != 0)
        return -1;
    va_start(arguments, format);
    vsnprintf(files->error, sizeof files->error, format, arguments);
    va_end(arguments);
    return -1;
}

static void path_of(const struct ry_view_files *files, char path[PATH_BYTES], const char *name,
                    const char *suffix)
{
    snprintf(path, PATH_BYTES, "%s/%s%s", files->directory, name, suffix);
}

static FILE *create(struct ry_view_files *files, const char *name)
{
    char path[PATH_BYTES];
    path_of(files, path, name, ".tmp");
    FILE *file = fopen(path, "we");
    if (file == NULL)
        fail(files, "cannot write %.400s: %s", path, strerror(errno));
    return file;
}

/* Closes and renames a file that create() made. */
static int put_in_place(struct ry_view_files *files, const char *name, FILE *file)
{
    char from[PATH_BYTES], to[PATH_BYTES];
    path_of(files, from, name, ".tmp");
    path_of(files, to, name, "");
    bool whole = !ferror(file) && fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (fclose(file) != 0 || !whole)
        fail(files, "cannot write %.400s: %s", from, strerror(errno));
    else if (files->error[0] == 0 && rename(from, to) != 0)
        fail(files, "cannot rename %.400s: %s", from, strerror(errno));
    if (files->error[0] != 0)
        unlink(from);
    return files->error[0] == 0 ? 0 : -1;
}

int ry_view_files_open(struct ry_view_files *files, const char *directory)
{
    memset(files, 0, sizeof *files);
    if (strlen(directory) >= sizeof files->directory)
        return fail(files, "the directory's name is too long");
    strcpy(files->directory, directory);
    files->trades = create(files, RY_VIEW_TRADES_FILE);
    return files->trades == NULL ? -1 : 0;
}

void ry_view_files_row(struct ry_view_files *files, const struct ry_results *r,
                       const struct ry_results_row *row)
{
    if (ry_text_json_line(files->trades, ry_text_row_json(r, row)) != 0)
        fail(files, "cannot write %s: %s", RY_VIEW_TRADES_FILE, strerror(errno));
}

static int write_results(struct ry_view_files *files, const struct ry_results *r,
                         const struct ry_arena *arena)
{
    FILE *file = create(files, RY_VIEW_RESULTS_FILE);
    if (file == NULL)
        return -1;
    json_t *results = ry_text_results_json(r, arena);
    if (json_dumpf(results, file, JSON_INDENT(2)) != 0 || fputc('\n', file) == EOF)
        fail(files, "cannot write %s: %s", RY_VIEW_RESULTS_FILE, strerror(errno));
    json_decref(results);
    return put_in_place(files, RY_VIEW_RESULTS_FILE, file);
}

int ry_view_files_finish(struct ry_view_files *files, const struct ry_results *r,
                         const struct ry_arena *arena)
{
    FILE *trades = files->trades;
    files->trades = NULL;
    if (put_in_place(files, RY_VIEW_TRADES_FILE, trades) != 0)
        return -1;
    return write_results(files, r, arena);
}

void ry_view_files_close(struct ry_view_files *files)
{
    char path[PATH_BYTES];
    if (files->trades == NULL)
        return;
    fclose(files->trades);
    files->trades = NULL;
    path_of(files, path, RY_VIEW_TRADES_FILE, ".tmp");
    unlink(path);
}
