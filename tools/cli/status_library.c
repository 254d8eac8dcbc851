/* `royale status` of a folder of battles: a line a battle. */
#include "tools/cli/status_library.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "shm/printable.h"
#include "tools/library/library.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"

#define BEGUN_BYTES sizeof "2026-01-05 09:30"

static const char *begun(char text[BEGUN_BYTES], int64_t ns)
{
    struct tm wall;
    const time_t second = (time_t)(ns / RY_NS_PER_SECOND);
    if (localtime_r(&second, &wall) == NULL || strftime(text, BEGUN_BYTES, "%F %R", &wall) == 0)
        strcpy(text, "?");
    return text;
}

static void put_battle(FILE *out, const struct ry_library_battle *battle, int width)
{
    char folder[NAME_MAX + 1], text[BEGUN_BYTES], winner[RY_NAME_BYTES];
    const char *won = json_string_value(json_object_get(battle->results, "winner"));
    fprintf(out, "%-*s  %-10s  %-16s %12" PRIu64 "  %s\n", width,
            ry_printable(folder, battle->folder, sizeof folder), battle->state,
            begun(text, battle->begun_ns), battle->inputs,
            won != NULL ? ry_printable(winner, won, sizeof winner) : "-");
}

static void put_text(FILE *out, const struct ry_library *library)
{
    int width = (int)strlen("battle");
    for (unsigned i = 0; i < library->count; i++)
        if ((int)strlen(library->battle[i].folder) > width)
            width = (int)strlen(library->battle[i].folder);
    fprintf(out, "%-*s  %-10s  %-16s %12s  %s\n", width, "battle", "state", "begun", "inputs",
            "winner");
    for (unsigned i = 0; i < library->count; i++)
        put_battle(out, &library->battle[i], width);
    if (library->more > 0)
        fprintf(out, "and %" PRIu64 " more, of which nothing is shown\n", library->more);
}

static void put_json(FILE *out, const struct ry_library *library)
{
    json_t *object = ry_text_json_whole(json_object()), *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < library->count; i++)
        ry_text_json_add(array, ry_library_json(&library->battle[i]));
    ry_text_json_set(object, "format", ry_text_json_count(RY_CLI_STATUS_LIBRARY_FORMAT));
    ry_text_json_set(object, "library",
                     ry_text_json_string(library->directory, sizeof library->directory));
    ry_text_json_set(object, "battles", array);
    ry_text_json_set(object, "battles_more", ry_text_json_count(library->more));
    (void)json_dumpf(object, out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    fputc('\n', out);
    json_decref(object);
}

int ry_cli_status_library(const char *directory, bool json)
{
    static struct ry_library library; /* large */
    if (ry_library_open(&library, directory, true) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s: %s", directory, strerror(errno));
    const bool any = library.count > 0;
    if (any && json)
        put_json(stdout, &library);
    else if (any)
        put_text(stdout, &library);
    ry_library_close(&library);
    if (!any)
        return ry_text_fail(RY_EXIT_ENVIRONMENT,
                            "%s has no battle, neither in it nor in a folder of it; give the "
                            "directory of one, or set ROYALE_LIBRARY to a folder of battles",
                            directory);
    return ry_text_written(stdout) ? RY_EXIT_OK : RY_EXIT_FAILED;
}
