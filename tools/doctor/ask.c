#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/doctor/command.h"
#include "tools/doctor/internal.h"

#define ARGUMENTS_MAX 6

void ry_doctor_ask(struct ry_doctor_bundle *bundle, const char *name, const char *about,
                   const char *const *arguments)
{
    char self[PATH_MAX], full[RY_DOCTOR_ABOUT_BYTES];
    const char *argv[ARGUMENTS_MAX + 2] = {self};
    struct ry_doctor_text said = {.at = NULL};
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    for (unsigned i = 0; arguments[i] != NULL; i++) {
        assert(i < ARGUMENTS_MAX);
        argv[i + 1] = arguments[i];
    }
    int code = ry_doctor_command(argv, true, RY_DOCTOR_COMMAND_SECONDS, &said);
    ry_doctor_text_put(&said, "", 0);
    if (code == 0)
        snprintf(full, sizeof full, "%s", about);
    else if (code > 0)
        snprintf(full, sizeof full, "%s (exit code %d)", about, code);
    else
        snprintf(full, sizeof full, "%s (did not end by itself)", about);
    ry_doctor_bundle_text(bundle, name, full, said.at, said.bytes);
    free(said.at);
}
