#include "tools/cli/version.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tools/cli/battle_plan.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/version.h"

#define BILL       "sbom.cdx.json"
#define PART_BYTES 4096

#ifdef __clang__
static const char compiler[] = "clang";
static const int compiler_version[] = {__clang_major__, __clang_minor__, __clang_patchlevel__};
#else
static const char compiler[] = "gcc";
static const int compiler_version[] = {__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__};
#endif

struct options {
    bool bill;
};

static const struct ry_text_option options_of_version[] = {
    {.name = "sbom",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, bill),
     .help = "the software bill of materials of this build instead: CycloneDX 1.5, JSON"},
};
static const struct ry_text_command command = {
    .name = "royale version",
    .about = "Prints the version, and of what it was built: commit, compiler, flags, and the "
             "libraries in the\nversions that it was linked against.\n",
    .option = options_of_version,
    .options = sizeof options_of_version / sizeof *options_of_version,
};

static void print_libraries(const char *libraries)
{
    for (const char *end; (end = strchr(libraries, '\n')) != NULL; libraries = end + 1)
        printf("  %.*s\n", (int)(end - libraries), libraries);
}

static int print_bill(void)
{
    char share[PATH_MAX], path[PATH_MAX + sizeof "/" BILL], part[PART_BYTES];
    const int code = ry_cli_place(RY_PLACE_SHARE, share);
    if (code != RY_EXIT_OK)
        return code;
    snprintf(path, sizeof path, "%s/" BILL, share);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT,
                            "version: %s: %s; a build and `make install` put it there", path,
                            strerror(errno));
    for (size_t bytes; (bytes = fread(part, 1, sizeof part, file)) > 0;)
        fwrite(part, 1, bytes, stdout);
    const bool whole = ferror(file) == 0;
    (void)fclose(file);
    return whole ? RY_EXIT_OK
                 : ry_text_fail(RY_EXIT_ENVIRONMENT, "version: %s: cannot be read", path);
}

int ry_cli_version(int argc, char **argv)
{
    struct options options = {.bill = false};
    const int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.bill)
        return print_bill();
    printf("royale " RY_VERSION "\ncommit %s\ncompiler %s %d.%d.%d\nflags %s\nlibraries\n",
           ry_cli_about.commit, compiler, compiler_version[0], compiler_version[1],
           compiler_version[2], ry_cli_about.flags);
    print_libraries(ry_cli_about.libraries);
    return RY_EXIT_OK;
}
