#include "tools/cli/counters_running.h"

#include <limits.h>
#include <string.h>

#include "core/role/door.h"
#include "core/role/role.h"
#include "tools/cli/run_result_counters.h"
#include "tools/text/counters.h"
#include "tools/text/exit.h"

static struct ry_counters_description description; /* large */

static void print_counters(FILE *out, const struct ry_counters *shared, const char *role,
                           size_t name_bytes)
{
    uint64_t value[RY_COUNTERS_MAX];
    const unsigned count = ry_counters_read(shared, value, RY_COUNTERS_MAX);
    fprintf(out, "%.*s:%s\n", (int)name_bytes, role,
            count == 0                                    ? " nothing yet"
            : !ry_counters_describe(shared, &description) ? " the labels are damaged"
                                                          : "");
    for (unsigned i = 0; i < count && i < description.count; i++) {
        const struct ry_counter counter = ry_counters_described(&description, i);
        ry_text_counter(out, &counter, value[i]);
    }
    for (unsigned i = 0; i < count && i < description.count; i++) {
        const struct ry_counter counter = ry_counters_described(&description, i);
        ry_text_counter_odd(out, "", &counter, value[i]);
    }
}

/* "exec.watch" and its like; other regions are not looked at. 0, or -1 with the reason. */
static int print_region(FILE *out, struct ry_role_door *door, const char *name,
                        char why[RY_ROLE_DOOR_WHY_BYTES])
{
    struct ry_role_link link;
    const char *dot = strchr(name, '.');
    if (dot == NULL || strcmp(dot, ".watch") != 0)
        return 0;
    if (ry_role_door_join(door, &link, name, why) != 0)
        return -1;
    const struct ry_role_watch *watch = link.head;
    print_counters(out, &watch->counters, name, (size_t)(dot - name));
    ry_role_link_leave(&link);
    return 0;
}

/* Of a battle that is over: what `royale run` kept. False: there is no such file. */
static bool print_kept(FILE *out, const char *directory)
{
    char path[PATH_MAX], text[4096];
    snprintf(path, sizeof path, "%s/%s", directory, RY_CLI_COUNTERS_FILE);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    for (size_t bytes; (bytes = fread(text, 1, sizeof text, file)) > 0;)
        (void)fwrite(text, 1, bytes, out);
    fclose(file);
    return true;
}

int ry_cli_counters_running(FILE *out, const char *directory)
{
    static struct ry_role_door door;
    char why[RY_ROLE_DOOR_WHY_BYTES];
    int result = ry_role_door_enter(&door, directory, why);
    if (result == 0) {
        for (unsigned i = 0; i < door.regions && result == 0; i++)
            result = print_region(out, &door, door.name[i], why);
        ry_role_door_leave(&door);
    }
    if (result != 0 && !print_kept(out, directory))
        return ry_text_fail(RY_EXIT_FAILED, "%s: %s", directory, why);
    fputs("what each counts, and those that are zero: royale counters\n", out);
    return RY_EXIT_OK;
}
