#include "tools/proof/files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/proof/fields.h"
#include "tools/proof/page.h"
#include "tools/proof/proof.h"
#include "tools/proof/reading.h"
#include "tools/text/exit.h"
#include "tools/text/whole.h"

#define HTML ".html"
#define JSON ".json"

json_t *ry_proof_files_read(const char *path)
{
    char why[RY_PROOF_WHY_BYTES];
    json_error_t error;
    json_t *report = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (report == NULL) {
        (void)ry_text_fail(RY_EXIT_USAGE, "%s is no JSON of royale tune report: %s", path,
                           access(path, R_OK) != 0 ? strerror(errno) : error.text);
        return NULL;
    }
    if (ry_proof_fields_hold(report, why))
        return report;
    (void)ry_text_fail(RY_EXIT_USAGE, "%s is no JSON of royale tune report: %s", path, why);
    json_decref(report);
    return NULL;
}

/* ---- the report of before -------------------------------------------------------------------- */

static void kept_path(char path[PATH_MAX], const struct ry_tuning_host *host)
{
    snprintf(path, PATH_MAX, "%s" RY_PROOF_BEFORE_PATH, host->root);
}

bool ry_proof_files_before(json_t **before, const char *path, const struct ry_tuning_host *host,
                           const json_t *report)
{
    char kept[PATH_MAX];
    struct stat file;
    *before = NULL;
    kept_path(kept, host);
    if (path == NULL &&
        (json_array_size(ry_proof_list(report, "applied")) == 0 || stat(kept, &file) != 0))
        return true;
    *before = ry_proof_files_read(path != NULL ? path : kept);
    return *before != NULL;
}

static bool make_folders(char *path, size_t root)
{
    for (char *at = path + root + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        const bool made = mkdir(path, 0755) == 0 || errno == EEXIST;
        *at = '/';
        if (!made)
            return false;
    }
    return true;
}

static int write_json(const char *folder, const char *name, const json_t *report)
{
    struct ry_text_whole whole;
    if (ry_text_whole_open(&whole, folder, name, 0) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", whole.error);
    const bool dumped = json_dumpf(report, whole.file, JSON_INDENT(1) | JSON_COMPACT) == 0;
    (void)fputc('\n', whole.file);
    if (!dumped) {
        ry_text_whole_drop(&whole);
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s/%s cannot be written", folder, name);
    }
    return ry_text_whole_keep(&whole) == 0 ? RY_EXIT_OK
                                           : ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", whole.error);
}

/* The one that is kept already; NULL: none, or none that can be read. */
static json_t *kept_already(const char *path)
{
    char why[RY_PROOF_WHY_BYTES];
    json_t *report = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    if (report == NULL || ry_proof_fields_hold(report, why))
        return report;
    json_decref(report);
    return NULL;
}

/* Why the kept one is the better; NULL: it is not. */
static const char *says_more(const json_t *kept, const json_t *report)
{
    if (ry_proof_whole(kept, "seconds") > ry_proof_whole(report, "seconds"))
        return "it was measured longer";
    if (ry_proof_interrupts(kept, "battle") >= 0 && ry_proof_interrupts(report, "battle") < 0)
        return "it has counts of a battle";
    if (ry_proof_longest_ns(kept) >= 0 && ry_proof_longest_ns(report) < 0)
        return "it has hot cores";
    return NULL;
}

/* False: the kept one stays, as is said. */
static bool may_replace(const char *path, const json_t *report)
{
    json_t *kept = kept_already(path);
    const char *why = kept != NULL ? says_more(kept, report) : NULL;
    if (why != NULL)
        printf("not kept: the one of %.19s stays, %s; remove " RY_PROOF_BEFORE_PATH
               " to begin anew\n",
               ry_proof_string(kept, "taken"), why);
    else if (kept != NULL)
        printf("replaces the one of %.19s\n", ry_proof_string(kept, "taken"));
    json_decref(kept);
    return why == NULL;
}

void ry_proof_files_keep(const struct ry_tuning_host *host, const json_t *report)
{
    char path[PATH_MAX];
    kept_path(path, host);
    char *slash = strrchr(path, '/');
    const bool made = make_folders(path, strlen(host->root));
    const bool replaces = made && may_replace(path, report);
    *slash = '\0';
    if (!made || access(path, W_OK) != 0)
        fprintf(stderr, "not kept in %s (%s): give its JSON to a later report by --before\n", path,
                strerror(errno));
    else if (replaces && write_json(path, slash + 1, report) == RY_EXIT_OK)
        printf("kept in " RY_PROOF_BEFORE_PATH ", for reports after royale tune apply\n");
}

/* ---- the page -------------------------------------------------------------------------------- */

static int write_page(const char *folder, const char *name, const json_t *report,
                      const json_t *before)
{
    struct ry_text_whole whole;
    if (ry_text_whole_open(&whole, folder, name, 0) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", whole.error);
    ry_proof_page_write(
        &(struct ry_proof_page){.out = whole.file, .now = report, .before = before});
    return ry_text_whole_keep(&whole) == 0 ? RY_EXIT_OK
                                           : ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", whole.error);
}

/* Where both go; `json` is the JSON's name in the folder. Returns the page's. */
static const char *split(const char *path, char folder[PATH_MAX], char json[PATH_MAX])
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t stem = strlen(name);
    snprintf(folder, PATH_MAX, ".");
    if (slash != NULL)
        snprintf(folder, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    if (stem > strlen(HTML) && strcmp(name + stem - strlen(HTML), HTML) == 0)
        stem -= strlen(HTML);
    snprintf(json, PATH_MAX, "%.*s" JSON, (int)stem, name);
    return name;
}

int ry_proof_files_try(const char *path)
{
    char folder[PATH_MAX], json[PATH_MAX];
    const char *names[2] = {split(path, folder, json), json};
    struct stat file;
    if (stat(path, &file) == 0 && S_ISDIR(file.st_mode))
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s is a folder: name a file", path);
    for (unsigned i = 0; i < 2; i++) {
        struct ry_text_whole whole;
        if (ry_text_whole_open(&whole, folder, names[i], 0) != 0)
            return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", whole.error);
        ry_text_whole_drop(&whole);
    }
    return RY_EXIT_OK;
}

int ry_proof_files_write(const char *path, const json_t *report, const json_t *before)
{
    char folder[PATH_MAX], json[PATH_MAX];
    const char *name = split(path, folder, json);
    const int code = write_page(folder, name, report, before);
    return code == RY_EXIT_OK ? write_json(folder, json, report) : code;
}
