#include "core/supervisor/environment.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SETTINGS_BYTES 65536 /* of the export's settings; what is longer has no further secret */

static const char *const of_strangers[] = {
    "PATH", "TZ", "GLIBC_TUNABLES", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
};

/* systemd's ways to talk to the supervisor, sd_notify(3). */
static const char *const of_supervisor[] = {"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"};

static bool is_named(const char *variable, const char *name)
{
    size_t length = strlen(name);
    return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static bool is_of_strangers(const char *variable)
{
    for (unsigned i = 0; i < sizeof of_strangers / sizeof *of_strangers; i++)
        if (is_named(variable, of_strangers[i]))
            return true;
    return false;
}

static bool is_of_supervisor(const char *variable)
{
    for (unsigned i = 0; i < sizeof of_supervisor / sizeof *of_supervisor; i++)
        if (is_named(variable, of_supervisor[i]))
            return true;
    return false;
}

/* The settings of the export, cut at SETTINGS_BYTES; NULL: it has none, or they cannot be read, and
 * then the exporter does not start. The caller frees them. */
static char *settings_of(const struct ry_battle *battle)
{
    FILE *file = battle->export.config[0] != '\0' ? fopen(battle->export.config, "re") : NULL;
    if (file == NULL)
        return NULL;
    char *text = calloc(1, SETTINGS_BYTES + 1);
    assert(text != NULL);
    (void)fread(text, 1, SETTINGS_BYTES, file);
    fclose(file);
    return text;
}

/* Whether the settings take a value from that variable, "NAME=value". */
static bool is_secret(const char *settings, const char *variable)
{
    static const char before[] = "${env:";
    size_t length = strcspn(variable, "=");
    for (const char *at = settings; at != NULL && (at = strstr(at, before)) != NULL;) {
        at += sizeof before - 1;
        if (strncmp(at, variable, length) == 0 && at[length] == '}')
            return true;
    }
    return false;
}

char **ry_supervisor_environment(const struct ry_supervisor_role *role,
                                 const struct ry_battle *battle)
{
    static char language[] = "LANG=C";
    size_t all = 0, count = 0;
    while (environ != NULL && environ[all] != NULL)
        all++;
    char **list = calloc(all + 2, sizeof *list);
    assert(list != NULL);
    char *settings = role->stranger || role->secrets ? NULL : settings_of(battle);
    if (role->stranger)
        list[count++] = language;
    for (size_t i = 0; i < all; i++)
        if (!is_of_supervisor(environ[i]) &&
            (role->stranger ? is_of_strangers(environ[i]) : !is_secret(settings, environ[i])))
            list[count++] = environ[i];
    if (settings != NULL)
        explicit_bzero(settings, SETTINGS_BYTES);
    free(settings);
    return list;
}
