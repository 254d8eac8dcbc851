/* The battle file, checked, as `royale run` takes it; the folder, with a copy of its text. */
#include "tools/embedded/internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/battle/absolute.h"
#include "core/battle/read.h"
#include "core/journal/lock.h"
#include "tools/text/folder.h"

/* Of strategies: $ROYALE_STRATEGIES, beside the library as installed, and as built. */
#define FOLDERS 3

/* One in a process, as TZ and the zone of libc are that core/battle/wall.h asks by. */
static pthread_mutex_t zones = PTHREAD_MUTEX_INITIALIZER;

/* ---- the text -------------------------------------------------------------------------------- */

struct text {
    char *bytes; /* to be freed */
    size_t length;
};

static int say_mistakes(struct ry_embedded *e, const char *file,
                        const struct ry_battle_errors *errors)
{
    char *lines = NULL;
    size_t bytes;
    FILE *out = open_memstream(&lines, &bytes);
    if (out == NULL)
        return ry_embedded_fail(e, "%s: %s", file, strerror(errno));
    ry_battle_errors_print(out, file, errors);
    (void)fclose(out);
    if (bytes > 0 && lines[bytes - 1] == '\n')
        lines[bytes - 1] = '\0';
    (void)ry_embedded_fail(e, "%s", lines);
    free(lines);
    return -1;
}

static int load(struct ry_embedded *e, const char *file, const struct ry_embedded_options *options,
                struct text *text)
{
    struct ry_battle_errors errors;
    if (options->text == NULL) {
        text->bytes = ry_battle_load(file, &text->length, &errors);
        return text->bytes != NULL ? 0 : say_mistakes(e, file, &errors);
    }
    if (options->text_bytes > RY_BATTLE_FILE_BYTES_MAX)
        return ry_embedded_fail(e, "%s: has %zu bytes; allowed: %u", file, options->text_bytes,
                                RY_BATTLE_FILE_BYTES_MAX);
    text->bytes = malloc(options->text_bytes + 1);
    if (text->bytes == NULL)
        return ry_embedded_fail(e, "%s: %s", file, strerror(errno));
    memcpy(text->bytes, options->text, options->text_bytes);
    text->length = options->text_bytes;
    return 0;
}

/* Where its relative paths begin: of a text out of memory the file need not be there. */
static bool find_folder(const char *file, bool in_memory, char folder[RY_BATTLE_PATH_BYTES])
{
    char parent[PATH_MAX], whole[PATH_MAX];
    if (!in_memory)
        return ry_battle_folder(file, folder);
    const char *slash = strrchr(file, '/');
    const int length = slash == NULL || slash == file ? 1 : (int)(slash - file);
    return snprintf(parent, sizeof parent, "%.*s", length, slash == NULL ? "." : file) <
               (int)sizeof parent &&
           realpath(parent, whole) != NULL &&
           snprintf(folder, RY_BATTLE_PATH_BYTES, "%s", whole) < RY_BATTLE_PATH_BYTES;
}

/* ---- strategies ------------------------------------------------------------------------------ */

static void find_strategies(char whole[FOLDERS][PATH_MAX], const char *folders[FOLDERS + 1])
{
    static const char *const ways[] = {"royale", "../lib/royale"};
    Dl_info own;
    unsigned count = 0;
    char candidate[PATH_MAX];
    const char *given = getenv("ROYALE_STRATEGIES");
    if (given != NULL && given[0] != '\0' && realpath(given, whole[count]) != NULL)
        count++;
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (dladdr(&zones, &own) == 0 || own.dli_fname == NULL)
            break;
        const char *slash = strrchr(own.dli_fname, '/');
        const int length = slash == NULL ? 1 : (int)(slash - own.dli_fname);
        if (snprintf(candidate, sizeof candidate, "%.*s/%s", length,
                     slash == NULL ? "." : own.dli_fname, ways[i]) < (int)sizeof candidate &&
            realpath(candidate, whole[count]) != NULL)
            count++;
    }
    for (unsigned i = 0; i < count; i++)
        folders[i] = whole[i];
    folders[count] = NULL;
}

/* ---- the folder ------------------------------------------------------------------------------ */

static int keep_text(struct ry_embedded *e, const struct text *text)
{
    char path[RY_EMBEDDED_DIRECTORY_BYTES + 32];
    snprintf(path, sizeof path, "%s/battle.yaml", e->directory);
    if (ry_text_folder_put(path, text->bytes, text->length) != 0)
        return ry_embedded_fail(e, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

static int make_directory(struct ry_embedded *e, const char *directory)
{
    char log[RY_EMBEDDED_DIRECTORY_BYTES + 8];
    if (directory[0] == '\0' || strlen(directory) >= sizeof e->directory)
        return ry_embedded_fail(e, "directory: \"%.64s\" is no name; allowed: 1 to %zu bytes",
                                directory, sizeof e->directory - 1);
    if (mkdir(directory, 0700) != 0 && errno != EEXIST)
        return ry_embedded_fail(e, "cannot make %s: %s; its parent must exist", directory,
                                strerror(errno));
    if (!ry_text_folder_is_empty(directory))
        return ry_embedded_fail(e,
                                "%s is there already and is no empty directory: name a new "
                                "one, or remove what is in it",
                                directory);
    snprintf(log, sizeof log, "%s/log", directory);
    if (mkdir(log, 0700) != 0)
        return ry_embedded_fail(e, "cannot make %s: %s", log, strerror(errno));
    snprintf(e->directory, sizeof e->directory, "%s", directory);
    e->lock = ry_journal_lock(directory, true);
    return e->lock >= 0 ? 0 : ry_embedded_fail(e, "cannot lock %s: %s", directory, strerror(errno));
}

/* ---- the battle ------------------------------------------------------------------------------ */

static int check_feeds(struct ry_embedded *e, const char *file)
{
    for (unsigned i = 0; i < e->battle->feeds; i++)
        if (e->battle->feed[i].port == RY_BATTLE_PORT_DPDK)
            return ry_embedded_fail(
                e,
                "%s: feeds[%u].port: feed %s comes through DPDK, which has a process of its own; "
                "allowed here: file, pcap",
                file, i, e->battle->feed[i].name);
    return 0;
}

/* Like the copy that `royale run` leaves: paths written out. */
static int parse(struct ry_embedded *e, const char *file, bool in_memory, struct text *text)
{
    struct ry_battle_errors errors;
    char folder[RY_BATTLE_PATH_BYTES], whole[FOLDERS][PATH_MAX];
    const char *strategies[FOLDERS + 1];
    if (!find_folder(file, in_memory, folder))
        return ry_embedded_fail(e,
                                "%s: lies in no folder, or in one with too long a path; allowed: "
                                "%d bytes",
                                file, RY_BATTLE_PATH_BYTES - 1);
    find_strategies(whole, strategies);
    const struct ry_battle_source source = {
        .directory = folder, .strategies = strategies, .embedded = true};
    e->battle = ry_battle_parse(text->bytes, text->length, &source, &errors);
    if (e->battle == NULL)
        return say_mistakes(e, file, &errors);
    size_t length;
    char *absolute = ry_battle_absolute(text->bytes, text->length, folder, &length);
    free(text->bytes);
    *text = (struct text){.bytes = absolute, .length = length};
    e->battle->processes = RY_BATTLE_PROCESSES_ONE;
    e->battle->trace_every = 0;
    return check_feeds(e, file);
}

int ry_embedded_read(struct ry_embedded *e, const char *file,
                     const struct ry_embedded_options *options)
{
    struct text text = {.bytes = NULL};
    int read = load(e, file, options, &text);
    if (read == 0) {
        (void)pthread_mutex_lock(&zones);
        read = parse(e, file, options->text != NULL, &text);
        (void)pthread_mutex_unlock(&zones);
    }
    if (read == 0 && options->directory != NULL)
        read = make_directory(e, options->directory) == 0 ? keep_text(e, &text) : -1;
    free(text.bytes);
    return read;
}

static int no_such_agent(struct ry_embedded *e, const char *file, const char *name)
{
    char names[512] = "";
    for (unsigned i = 0; i < e->battle->agents; i++) {
        const size_t length = strlen(names);
        snprintf(names + length, sizeof names - length, "%s%s", i == 0 ? "" : ", ",
                 e->battle->agent[i].name);
    }
    return ry_embedded_fail(e, "%s: agents: \"%.64s\" is none of them; allowed: %s", file, name,
                            names[0] == '\0' ? "none, for it has no agents" : names);
}

int ry_embedded_callers(struct ry_embedded *e, const char *file, const char *const *agents,
                        uint64_t *callers)
{
    *callers = 0;
    for (unsigned i = 0; i < e->battle->agents; i++)
        if (strcmp(e->battle->agent[i].strategy, RY_BATTLE_STRATEGY_EMBEDDED) == 0)
            *callers |= UINT64_C(1) << i;
    for (; agents != NULL && *agents != NULL; agents++) {
        const int found = ry_embedded_find(e, *agents);
        if (found < 0)
            return no_such_agent(e, file, *agents);
        *callers |= UINT64_C(1) << found;
    }
    return 0;
}
