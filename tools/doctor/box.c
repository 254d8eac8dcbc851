/* Of a bundle: the machine, what royale plans for it and what its tuning lacks, and versions. */
#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xxhash.h>

#include "tools/doctor/command.h"
#include "tools/doctor/internal.h"
#include "tools/place/place.h"
#include "tools/proof/proof.h"
#include "tools/text/version.h"
#include "tuning/engine.h"

#define FACT_BYTES (4u << 20) /* of one file of /proc or /sys */

static const struct fact {
    const char *file, *about; /* NULL: that of the row before */
    const char *pattern;      /* NULL: the row begins a file */
} facts[] = {
#define INTO(file, about) {file, about, NULL},
#define FACT(pattern)     {NULL, NULL, pattern},
#include "tools/doctor/box.def"
#undef FACT
#undef INTO
};
#define FACTS (sizeof facts / sizeof *facts)

/* Why each stays away: nobody has to wonder whether it was forgotten. */
static const struct {
    const char *what, *why;
} left_out[] = {
    {"the environment", "its values may be secrets"},
    {"keys of royale-web, the audit's lines", "who may ask for what is nobody else's business"},
    {"the kernel's log (dmesg)",
     "other programs speak there too: add what belongs to the question"},
    {"core dumps", "a process's whole memory"},
};

/* ---- facts ----------------------------------------------------------------------------------- */

static void add_path(struct ry_doctor_text *text, const char *path)
{
    char part[4096];
    size_t all = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ry_doctor_text_print(text, "== %s\n", path);
    ssize_t bytes = fd >= 0 ? read(fd, part, sizeof part) : -1;
    for (; bytes > 0 && all < FACT_BYTES; bytes = read(fd, part, sizeof part)) {
        ry_doctor_text_put(text, part, (size_t)bytes);
        all += (size_t)bytes;
    }
    if (bytes < 0)
        ry_doctor_text_print(text, "cannot be read: %m");
    if (fd >= 0)
        close(fd);
    if (text->at[text->bytes - 1] != '\n')
        ry_doctor_text_put(text, "\n", 1);
}

static void add_pattern(struct ry_doctor_text *text, const char *pattern)
{
    glob_t found = {.gl_pathc = 0};
    if (glob(pattern, 0, NULL, &found) != 0 || found.gl_pathc == 0)
        ry_doctor_text_print(text, "== %s\nthere is none\n", pattern);
    for (size_t i = 0; i < found.gl_pathc; i++)
        add_path(text, found.gl_pathv[i]);
    globfree(&found);
}

static void add_facts(struct ry_doctor_bundle *bundle)
{
    for (unsigned i = 0; i < FACTS;) {
        struct ry_doctor_text text = {.at = NULL};
        const struct fact *file = &facts[i];
        for (i++; i < FACTS && facts[i].pattern != NULL; i++)
            add_pattern(&text, facts[i].pattern);
        ry_doctor_bundle_text(bundle, file->file, file->about, text.at, text.bytes);
        free(text.at);
    }
}

/* A parameter a line, so that one that is a secret takes no other with it. */
static void add_kernel_line(struct ry_doctor_bundle *bundle)
{
    struct ry_doctor_text text = {.at = NULL};
    add_path(&text, "/proc/cmdline");
    for (size_t i = strcspn(text.at, "\n"); i < text.bytes; i++)
        text.at[i] = text.at[i] == ' ' ? '\n' : text.at[i];
    ry_doctor_bundle_text(bundle, "box/kernel-line.txt", "the kernel line, a parameter a line",
                          text.at, text.bytes);
    free(text.at);
}

/* ---- versions -------------------------------------------------------------------------------- */

/* Programs of several builds beside one another are a mistake that their hashes show. */
static void add_program(struct ry_doctor_text *text, const char *folder, const char *name)
{
    char path[PATH_MAX + NAME_MAX + 2], part[65536];
    XXH3_state_t *state = XXH3_createState();
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (state == NULL)
        abort(); /* no memory */
    XXH3_64bits_reset(state);
    size_t all = 0;
    for (size_t bytes; file != NULL && (bytes = fread(part, 1, sizeof part, file)) > 0;) {
        XXH3_64bits_update(state, part, bytes);
        all += bytes;
    }
    ry_doctor_text_print(text, "%-16s %9zu bytes, XXH3 %016llx\n", name, all,
                         (unsigned long long)XXH3_64bits_digest(state));
    if (file != NULL)
        fclose(file);
    XXH3_freeState(state);
}

/* "libx.so.1 => /lib/libx.so.1 (0x7f..)" without the address, which is another each time. */
static void add_libraries(struct ry_doctor_text *text, const char *folder, const char *name)
{
    char path[PATH_MAX + NAME_MAX + 2];
    struct ry_doctor_text said = {.at = NULL};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)ry_doctor_command((const char *const[]){"ldd", path, NULL}, true,
                            RY_DOCTOR_COMMAND_SECONDS, &said);
    ry_doctor_text_put(&said, "", 0);
    for (char *at = said.at, *line; (line = strsep(&at, "\n")) != NULL;) {
        char *address = strstr(line, " (0x");
        if (address != NULL)
            *address = '\0';
        if (line[0] != '\0')
            ry_doctor_text_print(text, "%s\n", line);
    }
    free(said.at);
}

static int is_program(const struct dirent *entry)
{
    return strncmp(entry->d_name, "royale-", strlen("royale-")) == 0;
}

/* royale, which is to lie in `folder`, and those that it starts. */
static void add_programs(struct ry_doctor_text *text, const char *folder, const char *programs)
{
    struct dirent **names = NULL;
    const int count = scandir(programs, &names, is_program, alphasort);
    add_program(text, folder, "royale");
    for (int i = 0; i < count; i++)
        add_program(text, programs, names[i]->d_name);
    ry_doctor_text_print(text, "== libraries of royale\n");
    add_libraries(text, folder, "royale");
    for (int i = 0; i < count; i++) {
        ry_doctor_text_print(text, "== libraries of %s\n", names[i]->d_name);
        add_libraries(text, programs, names[i]->d_name);
        free(names[i]);
    }
    free(names);
}

static void add_versions(struct ry_doctor_bundle *bundle)
{
    struct ry_doctor_text text = {.at = NULL};
    struct utsname name;
    char royale[PATH_MAX] = "", programs[PATH_MAX] = "";
    (void)ry_place_find(RY_PLACE_ROYALE, royale);
    (void)ry_place_find(RY_PLACE_PROGRAMS, programs);
    const char *folder = dirname(royale);
    ry_doctor_text_print(&text, "royale %s, in %s, its programs in %s\n", RY_VERSION, folder,
                         programs);
    if (uname(&name) == 0)
        ry_doctor_text_print(&text, "%s %s %s %s\n", name.sysname, name.release, name.version,
                             name.machine);
    add_programs(&text, folder, programs);
    ry_doctor_bundle_text(bundle, "versions.txt", "programs and libraries", text.at, text.bytes);
    free(text.at);
}

/* ---- the whole ------------------------------------------------------------------------------- */

void ry_doctor_box(struct ry_doctor_bundle *bundle, const char *battle)
{
    add_versions(bundle);
    ry_doctor_ask(bundle, "build.txt", "royale version: what it was built of",
                  (const char *const[]){"version", NULL});
    ry_doctor_ask(bundle, "plan.txt", "royale plan: the machine with the roles in it",
                  (const char *const[]){"plan", battle, NULL});
    ry_doctor_ask(bundle, "plan.json", "royale plan --json",
                  (const char *const[]){"plan", "--json", battle, NULL});
    ry_doctor_ask(bundle, "tune-check.txt", "royale tune check: what the machine lacks",
                  (const char *const[]){"tune", "check", "--all", battle, NULL});
    ry_doctor_ask(bundle, "tune-check.json", "royale tune check --json",
                  (const char *const[]){"tune", "check", "--all", "--json", battle, NULL});
    ry_doctor_ask(bundle, "tune-verify.txt", "royale tune verify: is what was set still so",
                  (const char *const[]){"tune", "verify", battle, NULL});
    add_kernel_line(bundle);
    add_facts(bundle);
    ry_doctor_bundle_file(bundle, "box/before.json", "the proof page's figures before tuning",
                          RY_PROOF_BEFORE_PATH);
    for (unsigned i = 0; i < sizeof left_out / sizeof *left_out; i++)
        ry_doctor_bundle_out(bundle, left_out[i].what, left_out[i].why);
}
