#include "tools/doctor/doctor.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/journal/read.h"
#include "tools/doctor/internal.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

struct options {
    bool box;
    const char *out;
};

static const struct ry_text_option option_table[] = {
    {.name = "box",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, box),
     .help = "of this machine alone, without a battle"},
    {.name = "out",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, out),
     .help = "where the archive goes; default ./royale-doctor-DATE-TIME.tar.gz"},
};

static const struct ry_text_command command = {
    .name = "royale doctor",
    .synopsis = "[--out FILE] DIR | --box",
    .many = true,
    .about =
        "Packs what a question needs into one archive: of the battle in DIR, running or over, its file, logs,\n"
        "counters and result; of this machine the plan, what its tuning lacks, versions, the kernel line,\n"
        "interrupts. Prints what is inside and what was left out before it writes.\n",
    .ends =
        "Secrets are taken out and read ***: values whose names say so, keys, passwords, tokens, those of the\n"
        "Kafka settings and of this environment wherever they stand. Names of hosts, files and users stay, and so\n"
        "do the strategies' parameters: look into the archive before you send it.\n"
        "Exit codes: 0 ok, 1 the archive could not be written, 2 wrong arguments, 3 DIR is no battle's.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* DIR, whole; false: said. */
static bool find_battle(const char *given, char directory[PATH_MAX], char battle[PATH_MAX])
{
    if (realpath(given, directory) == NULL) {
        (void)ry_text_fail(RY_EXIT_ENVIRONMENT, "%s: %s", given, strerror(errno));
        return false;
    }
    char journal[PATH_MAX];
    int a = snprintf(battle, PATH_MAX, "%s/battle.yaml", directory);
    if (a >= PATH_MAX ||
        (access(battle, F_OK) != 0 && ry_journal_find(directory, journal, sizeof journal) != 0)) {
        (void)ry_text_fail(RY_EXIT_ENVIRONMENT,
                           "%s: has no battle.yaml and no inputs.ryj: no battle ran there", given);
        return false;
    }
    return true;
}

static const char *name_archive(const struct options *options, char name[PATH_MAX])
{
    if (options->out != NULL)
        return options->out;
    time_t now = time(NULL);
    struct tm fields;
    localtime_r(&now, &fields);
    strftime(name, PATH_MAX, "royale-doctor-%Y%m%d-%H%M%S.tar.gz", &fields);
    return name;
}

static int make(const struct options *options, const char *directory, const char *battle)
{
    struct ry_doctor_bundle bundle;
    char name[PATH_MAX], error[RY_DOCTOR_ERROR_BYTES];
    const char *path = name_archive(options, name);
    ry_doctor_bundle_open(&bundle);
    ry_doctor_scrub_know_environment(&bundle.scrub);
    if (directory != NULL) {
        ry_doctor_battle_secrets(&bundle, directory);
        ry_doctor_battle(&bundle, directory);
    }
    ry_doctor_box(&bundle, battle);
    ry_doctor_bundle_print(stdout, &bundle);
    int code = ry_text_written(stdout) ? RY_EXIT_OK : RY_EXIT_FAILED;
    if (code == RY_EXIT_OK && ry_doctor_bundle_write(&bundle, path, error) != 0)
        code = ry_text_fail(RY_EXIT_FAILED, "%s", error);
    if (code == RY_EXIT_OK)
        printf("written: %s; look into it before you send it\n", path);
    ry_doctor_bundle_close(&bundle);
    return code;
}

int ry_doctor_main(int argc, char **argv)
{
    struct options options = {.out = NULL};
    char directory[PATH_MAX], battle[PATH_MAX];
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    int given = argc - optind;
    if (given != (options.box ? 0 : 1))
        return ry_text_fail(RY_EXIT_USAGE, "doctor: one DIR, or --box; see `royale doctor --help`");
    if (options.box)
        return make(&options, NULL, NULL);
    if (!find_battle(argv[optind], directory, battle))
        return RY_EXIT_ENVIRONMENT;
    return make(&options, directory, access(battle, F_OK) == 0 ? battle : NULL);
}
