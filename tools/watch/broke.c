/* Why a battle broke off, as far as its folder knows. */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "shm/printable.h"
#include "tools/watch/internal.h"

#define PATH_BYTES 4096
#define TIME_CHARS 15 /* "12:34:56.123456", then a space and the level: ry_log_print */

bool ry_watch_broke_off(const struct ry_watch *w)
{
    const bool stops = w->follow.status == RY_FOLLOW_CUT || ry_role_link_there(&w->observed.inputs);
    return !w->running && !w->closed && !w->results.ended && stops;
}

static FILE *open_in(const struct ry_watch *w, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    const int length = snprintf(path, sizeof path, "%s/%s%s", w->directory, folder, name);
    return length < (int)sizeof path ? fopen(path, "re") : NULL;
}

static void keep(struct ry_watch *w, const char *who, const char *text)
{
    snprintf(w->broke, sizeof w->broke, "%s%s%.*s", who, *who != 0 ? ": " : "",
             (int)strcspn(text, "\n"), text);
    ry_make_printable(w->broke, strlen(w->broke), '?'); /* anybody may have written there */
}

/* "result of NAME, partial, until input 12: journal died: .." */
static void ask_result(struct ry_watch *w)
{
    static const char partial[] = ", partial, until input ";
    char *line = NULL;
    size_t room = 0;
    FILE *file = open_in(w, "", "result.txt");
    if (file == NULL)
        return;
    const char *at = getline(&line, &room, file) > 0 ? strstr(line, partial) : NULL;
    at = at != NULL ? strstr(at + sizeof partial - 1, ": ") : NULL;
    if (at != NULL)
        keep(w, "", at + strlen(": "));
    free(line);
    fclose(file);
}

/* The file's last line of ERROR, if it is not before `time`. */
static void ask_log(struct ry_watch *w, const char *name, char time[TIME_CHARS + 1])
{
    char *line = NULL;
    size_t room = 0;
    FILE *file = open_in(w, "log/", name);
    if (file == NULL)
        return;
    while (getline(&line, &room, file) > 0) {
        static const char error[] = " ERROR ";
        if (!isdigit((unsigned char)line[0]) || strlen(line) < TIME_CHARS + sizeof error - 1 ||
            strncmp(line + TIME_CHARS, error, sizeof error - 1) != 0 ||
            strncmp(line, time, TIME_CHARS) < 0)
            continue;
        char who[RY_NAME_BYTES];
        snprintf(who, sizeof who, "%.*s", (int)strcspn(name, "."), name);
        snprintf(time, TIME_CHARS + 1, "%s", line);
        keep(w, who, line + TIME_CHARS + sizeof error - 1);
    }
    free(line);
    fclose(file);
}

void ry_watch_broke_why(struct ry_watch *w)
{
    char path[PATH_BYTES], time[TIME_CHARS + 1] = "";
    ask_result(w);
    if (w->broke[0] != 0 || snprintf(path, sizeof path, "%s/log", w->directory) >= PATH_BYTES)
        return;
    DIR *log = opendir(path);
    if (log == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(log)) != NULL;)
        if (entry->d_name[0] != '.')
            ask_log(w, entry->d_name, time);
    closedir(log);
}
