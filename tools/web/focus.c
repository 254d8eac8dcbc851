#include "tools/web/focus.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURRENT "current"

/* The folder's last part, whatever way leads there. */
static void set_name(struct ry_web_focus *focus)
{
    char path[PATH_MAX], real[PATH_MAX];
    snprintf(path, sizeof path, "%s", realpath(focus->folder, real) != NULL ? real : focus->folder);
    snprintf(focus->name, sizeof focus->name, "%.*s", RY_WEB_FOLDER_BYTES - 1, basename(path));
}

static bool take(struct ry_web_focus *focus, const char *folder)
{
    if (strcmp(focus->folder, folder) == 0)
        return false;
    snprintf(focus->folder, sizeof focus->folder, "%s", folder);
    set_name(focus);
    return true;
}

int ry_web_focus_open(struct ry_web_focus *focus, const char *directory, bool library)
{
    *focus = (struct ry_web_focus){.directory = directory, .many = library};
    if (library && ry_library_open(&focus->library, directory, true) != 0)
        return -1;
    (void)ry_web_focus_look(focus);
    return 0;
}

void ry_web_focus_close(struct ry_web_focus *focus)
{
    if (focus->many)
        ry_library_close(&focus->library);
}

bool ry_web_focus_look(struct ry_web_focus *focus)
{
    if (!focus->many)
        return take(focus, focus->directory);
    if (ry_library_look(&focus->library) != 0)
        return false; /* what was in focus is shown on */
    const struct ry_library_battle *battle = ry_library_focus(&focus->library);
    return battle != NULL && take(focus, battle->directory);
}

bool ry_web_focus_is(const struct ry_web_state *state, const char *name)
{
    return name[0] != '\0' && (strcmp(name, CURRENT) == 0 || strcmp(name, state->folder) == 0 ||
                               strcmp(name, state->battle.id) == 0);
}
