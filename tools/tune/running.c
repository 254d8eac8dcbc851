#include "tools/tune/running.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"

#define COMMAND_BYTES 4096

struct looking {
    const struct ry_tuning_host *host;
    char *text;
    bool found;
};

/* "/usr/bin/royale", "run", ..: the words have their NULs still. */
static bool is_run(const char *words, size_t bytes)
{
    size_t first = strlen(words) + 1;
    const char *slash = strrchr(words, '/');
    return strcmp(slash != NULL ? slash + 1 : words, "royale") == 0 && first < bytes &&
           strcmp(words + first, "run") == 0;
}

static void look_at(void *context, const char *name)
{
    struct looking *looking = context;
    char path[RY_TUNING_PATH_BYTES], words[COMMAND_BYTES];
    if (looking->found || isdigit((unsigned char)name[0]) == 0)
        return;
    snprintf(path, sizeof path, "/proc/%.20s/cmdline", name);
    ssize_t bytes = ry_tuning_host_read(looking->host, path, words, sizeof words);
    if (bytes <= 0 || !is_run(words, (size_t)bytes))
        return;
    looking->found = true;
    for (ssize_t i = 0; i + 1 < bytes; i++)
        words[i] = words[i] != '\0' ? words[i] : ' ';
    ry_make_printable(words, strlen(words), '?');
    const char *typed = strstr(words, "royale run");
    snprintf(looking->text, RY_TUNE_RUNNING_BYTES, "%.100s (process %.20s)",
             typed != NULL ? typed : words, name);
}

bool ry_tune_running(const struct ry_tuning_host *host, char text[RY_TUNE_RUNNING_BYTES])
{
    struct looking looking = {.host = host, .text = text};
    (void)ry_tuning_host_list(host, "/proc", look_at, &looking);
    return looking.found;
}
