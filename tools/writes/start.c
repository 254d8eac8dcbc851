#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/journal/read.h"
#include "tools/library/lock.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/writes/internal.h"

#define CHECK_MS     20000 /* `royale check` may take */
#define BEGIN_MS     5000  /* until a battle's journal is there */
#define LOOK_MS      20
#define OUTPUT_BYTES 65536 /* of what a program printed, the rest is left out */
#define MISTAKES_MAX 20    /* as many as `royale check` prints */
#define NAMES_MAX    1000  /* battles of one file that begin in one second */
#define YAML         ".yaml"

/* What a request asks for. */
struct wanted {
    char file[RY_WRITES_NAME_BYTES], name[RY_WRITES_NAME_BYTES];
    const json_t *agents;            /* NULL: those of the file alone */
    char path[RY_WRITES_PATH_BYTES]; /* the battle file that is run */
    bool composed;                   /* it is ours, and goes when the battle runs */
    char directory[RY_WRITES_PATH_BYTES];
};

/* ---- the request ----------------------------------------------------------------------------- */

static bool ends_in(const char *text, const char *end)
{
    const size_t bytes = strlen(text), tail = strlen(end);
    return bytes > tail && strcmp(text + bytes - tail, end) == 0;
}

/* Names that a path of the API means something else by. */
static bool is_taken_name(const char *name)
{
    return strcmp(name, "current") == 0 || strcmp(name, RY_WRITES_AGENTS) == 0 ||
           (strlen(name) == 32 && strspn(name, "0123456789abcdef") == 32);
}

static bool are_names(const json_t *agents)
{
    size_t i;
    json_t *name;
    if (!json_is_array(agents) || json_array_size(agents) > RY_WRITES_AGENTS_MAX)
        return false;
    json_array_foreach(agents, i,
                       name) if (!json_is_string(name) ||
                                 !ry_writes_is_name(json_string_value(name))) return false;
    return true;
}

static bool read_wanted(struct wanted *w, json_t *body, struct ry_writes_answer *answer)
{
    const char *file = NULL, *name = NULL;
    json_t *agents = NULL;
    if (json_unpack(body, "{s:s, s?s, s?o !}", "file", &file, "name", &name, "agents", &agents) !=
        0) {
        ry_writes_fail(answer, "bad_body", NULL,
                       "the body is no {\"file\": \"demo.yaml\", \"name\": \"monday\", \"agents\": "
                       "[\"theirs\"]}; name and agents may be left out");
        return false;
    }
    if (!ry_writes_is_name(file) || !ends_in(file, YAML)) {
        ry_writes_fail(answer, "bad_body", NULL,
                       "file is no name of a battle file of the library: letters, digits, dots, "
                       "dashes, underscores, at most %d, ending in " YAML,
                       RY_WRITES_NAME_BYTES - 1);
        return false;
    }
    if (name != NULL && (!ry_writes_is_name(name) || is_taken_name(name) || ends_in(name, YAML))) {
        ry_writes_fail(answer, "bad_body", NULL,
                       "name is no name of a battle: letters, digits, dots, dashes, underscores, "
                       "at most %d; not current, not " RY_WRITES_AGENTS ", not ending in " YAML,
                       RY_WRITES_NAME_BYTES - 1);
        return false;
    }
    if (agents != NULL && !are_names(agents)) {
        ry_writes_fail(answer, "bad_body", NULL, "agents is no list of names of stored agents");
        return false;
    }
    strcpy(w->file, file);
    strcpy(w->name, name == NULL ? "" : name);
    w->agents = agents;
    return true;
}

/* ---- names on disk --------------------------------------------------------------------------- */

static bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* A file of the library itself, no link out of it. */
static bool find_file(const struct ry_writes *writes, struct wanted *w,
                      struct ry_writes_answer *answer)
{
    struct stat status;
    snprintf(w->path, sizeof w->path, "%s/%s", writes->library, w->file);
    if (lstat(w->path, &status) == 0 && S_ISREG(status.st_mode))
        return true;
    ry_writes_fail(answer, "no_file", NULL, "the library has no battle file %s", w->file);
    return false;
}

/* The name that was said, or STEM-DATE-TIME, -2 and so on behind it. */
static bool find_name(const struct ry_writes *writes, struct wanted *w,
                      struct ry_writes_answer *answer)
{
    const bool given = w->name[0] != '\0';
    char stamp[32];
    const time_t now = time(NULL);
    struct tm fields;
    gmtime_r(&now, &fields);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &fields);
    for (unsigned i = 1; i <= NAMES_MAX; i++) {
        char more[8] = "";
        if (i > 1)
            snprintf(more, sizeof more, "-%u", i);
        if (!given) {
            const int stem = (int)(strlen(w->file) - strlen(YAML));
            const int room = (int)(RY_WRITES_NAME_BYTES - 1 - strlen(stamp) - sizeof more);
            snprintf(w->name, sizeof w->name, "%.*s-%s%s", stem < room ? stem : room, w->file,
                     stamp, more);
        }
        snprintf(w->directory, sizeof w->directory, "%s/%s", writes->library, w->name);
        if (!is_there(w->directory))
            return true;
        if (given)
            break;
    }
    ry_writes_fail(answer, "conflict", NULL, "the library has a %s already", w->name);
    return false;
}

/* ---- `royale check` -------------------------------------------------------------------------- */

/* "12:3: market.zone: what is wrong; what is allowed": behind the file's name. */
static void add_mistake(json_t *list, const char *file, const char *line)
{
    unsigned row = 0, column = 0;
    int used = 0;
    char key[128] = "";
    json_t *one = ry_text_json_whole(json_object());
    if (sscanf(line, "%u:%u: %n", &row, &column, &used) == 2 && used > 0)
        line += used;
    used = 0;
    if (sscanf(line, "%127[]A-Za-z0-9_.[]: %n", key, &used) == 1 && used > 0)
        line += used;
    else
        key[0] = '\0';
    const char *remedy = strstr(line, "; ");
    const size_t bytes = remedy == NULL ? strlen(line) : (size_t)(remedy - line);
    ry_text_json_set(one, "file", json_string(file));
    ry_text_json_set(one, "line", row == 0 ? json_null() : json_integer(row));
    ry_text_json_set(one, "column", row == 0 ? json_null() : json_integer(column));
    ry_text_json_set(one, "key",
                     key[0] == '\0' ? json_null() : ry_text_json_string(key, sizeof key));
    ry_text_json_set(one, "message", ry_text_json_string(line, bytes));
    ry_text_json_set(one, "remedy",
                     remedy == NULL ? json_null()
                                    : ry_text_json_string(remedy + 2, strlen(remedy + 2)));
    ry_text_json_add(list, one);
}

/* Its lines about the file; "royale: " about what is not of the file. */
static json_t *mistakes_of(const struct wanted *w, char *output)
{
    static const char own[] = "royale: ";
    json_t *list = ry_text_json_whole(json_array());
    char *save = NULL;
    for (char *line = strtok_r(output, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        const size_t path = strlen(w->path);
        if (json_array_size(list) >= MISTAKES_MAX)
            break;
        if (strncmp(line, w->path, path) == 0 && strncmp(line + path, ": ok", 4) != 0 &&
            line[path] == ':')
            add_mistake(list, w->file, line + path + 1 + strspn(line + path + 1, " "));
        else if (strncmp(line, own, strlen(own)) == 0)
            add_mistake(list, w->file, line + strlen(own));
    }
    return list;
}

static char *read_output(int fd)
{
    char *text = calloc(1, OUTPUT_BYTES + 1);
    if (text != NULL && pread(fd, text, OUTPUT_BYTES, 0) < 0)
        text[0] = '\0';
    return text;
}

/* Runs `royale check` and waits. True, or answered with what it found. */
static bool check(struct ry_writes *writes, const struct wanted *w, struct ry_writes_answer *answer)
{
    char program[PATH_MAX], sub[] = "check", path[RY_WRITES_PATH_BYTES];
    char *argv[] = {program, sub, path, NULL};
    int code = -1;
    snprintf(program, sizeof program, "%s", writes->royale);
    snprintf(path, sizeof path, "%s", w->path);
    const int out = memfd_create("royale-check", MFD_CLOEXEC);
    const struct ry_writes_program what = {.argv = argv, .folder = writes->library, .out = out};
    const pid_t pid = out < 0 ? -errno : ry_writes_launch(&writes->launcher, &what);
    if (pid > 0 && !ry_writes_ended(&writes->launcher, pid, CHECK_MS, &code))
        code = -1;
    if (pid > 0)
        ry_writes_forget(&writes->launcher, pid);
    char *output = out < 0 ? NULL : read_output(out);
    if (code != RY_EXIT_OK && pid <= 0)
        ry_writes_fail(answer, "failed", NULL, "cannot execute %.256s: %s", program,
                       strerror(-pid));
    else if (code < 0 || output == NULL)
        ry_writes_fail(answer, "failed", NULL, "`royale check %s` has not ended within %d s",
                       w->file, CHECK_MS / 1000);
    else if (code != RY_EXIT_OK) {
        json_t *details = ry_text_json_whole(json_object());
        ry_text_json_set(details, "mistakes", mistakes_of(w, output));
        ry_writes_fail(answer, "battle_file", details, "%s cannot be run as it is", w->file);
    }
    free(output);
    if (out >= 0)
        close(out);
    return code == RY_EXIT_OK;
}

/* ---- `royale run` ---------------------------------------------------------------------------- */

/* A file for what it prints, which is little: the result is in the battle's folder too. */
static int open_output(const struct ry_writes *writes, const struct wanted *w)
{
    char path[RY_WRITES_PATH_BYTES];
    snprintf(path, sizeof path, "%s/" RY_WRITES_OWN "/%s.txt", writes->library, w->name);
    return open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Until its journal is there, or it has ended, or BEGIN_MS are over. True: it runs. */
static bool has_begun(struct ry_writes *writes, const struct wanted *w, pid_t pid, int *code)
{
    char journal[PATH_MAX];
    for (unsigned waited = 0; waited < BEGIN_MS; waited += LOOK_MS) {
        if (ry_journal_find(w->directory, journal, sizeof journal) == 0)
            return true;
        if (ry_writes_ended(&writes->launcher, pid, LOOK_MS, code))
            return ry_journal_find(w->directory, journal, sizeof journal) == 0;
    }
    *code = -1;
    return true;
}

static void answer_begun(const struct wanted *w, struct ry_writes_answer *answer)
{
    json_t *document = ry_text_json_whole(json_object());
    ry_text_json_set(document, "battle", json_string(w->name));
    ry_text_json_set(document, "file", json_string(w->file));
    ry_text_json_set(document, "state", json_string("starting"));
    ry_writes_done(answer, 202, document);
    snprintf(answer->location, sizeof answer->location, "/v1/battles/%s", w->name);
}

static void run(struct ry_writes *writes, const struct wanted *w, struct ry_writes_answer *answer)
{
    char program[PATH_MAX], sub[] = "run", quiet[] = "--quiet", dir[] = "--dir";
    char directory[RY_WRITES_PATH_BYTES], path[RY_WRITES_PATH_BYTES];
    char *argv[] = {program, sub, quiet, dir, directory, path, NULL};
    int code = 0;
    snprintf(program, sizeof program, "%s", writes->royale);
    snprintf(directory, sizeof directory, "%s", w->directory);
    snprintf(path, sizeof path, "%s", w->path);
    const int out = open_output(writes, w);
    const struct ry_writes_program what = {.argv = argv, .folder = writes->library, .out = out};
    const pid_t pid = out < 0 ? -errno : ry_writes_launch(&writes->launcher, &what);
    if (pid == -EAGAIN)
        ry_writes_fail(answer, "busy", NULL, "%d battles that were started here run already",
                       RY_WRITES_CHILDREN_MAX);
    else if (pid <= 0)
        ry_writes_fail(answer, "failed", NULL, "cannot execute %.256s: %s", program,
                       strerror(-pid));
    else if (has_begun(writes, w, pid, &code))
        answer_begun(w, answer);
    else {
        char *output = read_output(out);
        json_t *details = ry_text_json_whole(json_object());
        ry_text_json_set(details, "exit_code", json_integer(code));
        if (output != NULL)
            ry_text_json_set(details, "mistakes", mistakes_of(w, output));
        ry_writes_fail(answer, "battle_file", details, "the battle of %s did not begin", w->file);
        free(output);
    }
    if (pid > 0)
        ry_writes_forget(&writes->launcher, pid);
    if (out >= 0)
        close(out);
}

/* Not to know is to be held. */
static bool is_held(const struct ry_writes *writes, struct ry_writes_answer *answer)
{
    struct stat status;
    const char *hold = writes->settings.hold;
    if (hold == NULL || (lstat(hold, &status) != 0 && errno == ENOENT))
        return false;
    ry_writes_fail(answer, "held", NULL, "battles are held: none begins until they are released");
    return true;
}

/* The lock first, then the look: tools/writes/writes.h. */
static void run_unless_held(struct ry_writes *writes, const struct wanted *w,
                            struct ry_writes_answer *answer)
{
    const int lock = ry_library_lock_share(writes->library);
    if (lock < 0)
        ry_writes_fail(answer, "failed", NULL, "the library cannot be locked: %s", strerror(errno));
    else if (!is_held(writes, answer))
        run(writes, w, answer);
    if (lock >= 0)
        close(lock);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Beside the file, since its paths start there. */
static bool compose(const struct ry_writes *writes, struct wanted *w,
                    struct ry_writes_answer *answer)
{
    size_t bytes;
    char *text = ry_writes_compose(writes, w->path, w->agents, &bytes, answer);
    if (text == NULL)
        return false;
    snprintf(w->path, sizeof w->path, "%s/.%s" YAML, writes->library, w->name);
    FILE *file = fopen(w->path, "we");
    w->composed = file != NULL;
    const bool written = file != NULL && fwrite(text, 1, bytes, file) == bytes;
    const bool kept = file != NULL && fclose(file) == 0 && written;
    free(text);
    if (!kept)
        ry_writes_fail(answer, "failed", NULL, "cannot write %.256s: %s", w->path, strerror(errno));
    return kept;
}

void ry_writes_start(struct ry_writes *writes, const char *body, size_t bytes,
                     struct ry_writes_answer *answer)
{
    struct wanted w = {.composed = false};
    if (!ry_writes_has_library(writes, answer))
        return;
    json_t *json = json_loadb(body, bytes, JSON_REJECT_DUPLICATES, NULL);
    /* The file first, as it is: its mistakes then have the lines that its owner sees. */
    if (read_wanted(&w, json, answer) && find_file(writes, &w, answer) &&
        find_name(writes, &w, answer) && check(writes, &w, answer) &&
        (w.agents == NULL || (compose(writes, &w, answer) && check(writes, &w, answer))))
        run_unless_held(writes, &w, answer);
    if (w.composed)
        (void)unlink(w.path);
    json_decref(json);
}
