/* Starting, stopping, storing: with a script in the place of `royale`. */
#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/role/door.h"
#include "tools/writes/internal.h"
#include "tools/writes/writes.h"

static char folder[] = "/tmp/royale-writes-XXXXXX";
static char library[64], programs[64];
static struct ry_writes writes; /* large */
static struct ry_writes_answer answer;

/* As `royale` does what is asked of it here: mistakes in a file that says so, a folder with a
 * journal, or none. */
static const char script[] =
    "#!/bin/sh\n"
    "for file; do :; done\n"
    "case $1 in\n"
    "check)\n"
    "    grep -q 'hang' \"$file\" && exec sleep 100\n"
    "    grep -q 'bad' \"$file\" || { echo \"$file: ok\"; exit 0; }\n"
    "    echo \"$file:3:5: market.zone: is none; a name of the IANA database\" >&2\n"
    "    echo \"$file: lies too deep\" >&2\n"
    "    echo 'royale: feed: cannot read x: No such file or directory' >&2\n"
    "    exit 2 ;;\n"
    "run)\n"
    "    grep -q 'fails' \"$file\" && { echo 'royale: the disk is full' >&2; exit 3; }\n"
    "    mkdir \"$4\" && cat \"$file\" >\"$4/battle.yaml\" && echo \"$2 $$ $(ps -o sid= -p $$) $(cat /proc/self/stat | cut -d' ' -f19)\" >\"$4/how\"\n"
    "    ls /proc/self/fd >\"$4/fds\"\n"
    "    : >\"$4/inputs.ryj\"\n"
    "    exec sleep 0.3 ;;\n"
    "esac\n";

static void write_text(const char *name, const char *text, mode_t mode)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "we");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
    ck_assert_int_eq(chmod(path, mode), 0);
}

static void open_writes(bool uploads)
{
    char why[RY_WRITES_WHY_BYTES];
    static struct ry_writes_settings settings;
    settings = (struct ry_writes_settings){.library = library, .uploads = uploads};
    ck_assert_msg(ry_writes_open(&writes, &settings, why) == 0, "%s", why);
}

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(library, sizeof library, "%s/library", folder);
    snprintf(programs, sizeof programs, "%s/bin", folder);
    ck_assert(mkdir(library, 0755) == 0 && mkdir(programs, 0755) == 0);
    write_text("bin/royale", script, 0755);
    write_text("library/good.yaml", "battle:\n  name: good\nagents:\n  - {name: a, cash: 1}\n",
               0644);
    write_text("library/bad.yaml", "bad\n", 0644);
    write_text("library/fails.yaml", "fails: 1\n", 0644);
    write_text("secret.yaml", "battle:\n", 0644);
    ck_assert_int_eq(setenv("ROYALE_LIBEXEC", programs, 1), 0);
    open_writes(true);
    answer = (struct ry_writes_answer){.error = NULL};
}

static void tear_down(void)
{
    char command[128];
    json_decref(answer.document);
    ry_writes_close(&writes);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void start(const char *body)
{
    json_decref(answer.document);
    ry_writes_start(&writes, body, strlen(body), &answer);
}

static const char *detail(const char *name, size_t index)
{
    const json_t *list = json_object_get(answer.document, "mistakes");
    return json_string_value(json_object_get(json_array_get(list, index), name));
}

static void refused(const char *error)
{
    ck_assert_msg(answer.error != NULL, "it was done");
    ck_assert_str_eq(answer.error, error);
    ck_assert(answer.message[0] != '\0');
}

static bool in_library(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", library, name);
    return access(path, F_OK) == 0;
}

/* ---- start ----------------------------------------------------------------------------------- */

START_TEST(a_battle_is_started)
{
    char text[256] = "", path[256];
    start("{\"file\": \"good.yaml\", \"name\": \"monday\"}");
    ck_assert_msg(answer.error == NULL, "%s", answer.message);
    ck_assert_uint_eq(answer.status, 202);
    ck_assert_str_eq(answer.location, "/v1/battles/monday");
    ck_assert_str_eq(json_string_value(json_object_get(answer.document, "battle")), "monday");
    snprintf(path, sizeof path, "%s/monday/how", library);
    FILE *in = fopen(path, "re");
    ck_assert(in != NULL && fgets(text, sizeof text, in) != NULL);
    fclose(in);
    int pid, session;
    ck_assert_int_eq(sscanf(text, "--quiet %d %d", &pid, &session), 2);
    ck_assert_int_eq(pid, session); /* of its own */
}
END_TEST

/* ls itself has one more open. */
START_TEST(it_has_no_descriptor_of_ours)
{
    char line[64], path[256];
    unsigned count = 0;
    const int ours = open("/dev/null", O_RDONLY); /* not closed on exec */
    start("{\"file\": \"good.yaml\", \"name\": \"monday\"}");
    ck_assert_ptr_null(answer.error);
    snprintf(path, sizeof path, "%s/monday/fds", library);
    FILE *in = fopen(path, "re");
    ck_assert_ptr_nonnull(in);
    while (fgets(line, sizeof line, in) != NULL)
        count++;
    fclose(in);
    close(ours);
    ck_assert_uint_eq(count, 4);
}
END_TEST

START_TEST(without_a_name_it_gets_one)
{
    start("{\"file\": \"good.yaml\"}");
    ck_assert_msg(answer.error == NULL, "%s", answer.message);
    const char *name = json_string_value(json_object_get(answer.document, "battle"));
    ck_assert_int_eq(strncmp(name, "good-2", 6), 0);
    ck_assert(in_library(name));
    char first[128];
    snprintf(first, sizeof first, "%s", name);
    start("{\"file\": \"good.yaml\"}");
    ck_assert_str_ne(json_string_value(json_object_get(answer.document, "battle")), first);
}
END_TEST

START_TEST(a_name_is_taken_once)
{
    start("{\"file\": \"good.yaml\", \"name\": \"monday\"}");
    start("{\"file\": \"good.yaml\", \"name\": \"monday\"}");
    refused("conflict");
}
END_TEST

START_TEST(mistakes_are_told_with_their_place)
{
    start("{\"file\": \"bad.yaml\"}");
    refused("battle_file");
    ck_assert_str_eq(detail("file", 0), "bad.yaml");
    ck_assert_str_eq(detail("key", 0), "market.zone");
    ck_assert_str_eq(detail("message", 0), "is none");
    ck_assert_str_eq(detail("remedy", 0), "a name of the IANA database");
    const json_t *first = json_array_get(json_object_get(answer.document, "mistakes"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "line")), 3);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "column")), 5);
    ck_assert_str_eq(detail("message", 1), "lies too deep");
    ck_assert_ptr_null(detail("key", 1));
    ck_assert_ptr_nonnull(strstr(detail("message", 2), "cannot read x"));
}
END_TEST

START_TEST(a_run_that_ends_at_once_is_told)
{
    start("{\"file\": \"fails.yaml\", \"name\": \"monday\"}");
    refused("battle_file");
    ck_assert_int_eq(json_integer_value(json_object_get(answer.document, "exit_code")), 3);
    ck_assert_str_eq(detail("message", 0), "the disk is full");
}
END_TEST

static const struct {
    const char *body, *error;
} bodies[] = {
    {"", "bad_body"},
    {"[]", "bad_body"},
    {"{}", "bad_body"},
    {"{\"file\": 1}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"more\": 1}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"file\": \"good.yaml\"}", "bad_body"},
    {"{\"file\": \"good\"}", "bad_body"},
    {"{\"file\": \".yaml\"}", "bad_body"},
    {"{\"file\": \"../secret.yaml\"}", "bad_body"},
    {"{\"file\": \"/etc/x.yaml\"}", "bad_body"},
    {"{\"file\": \"library/../good.yaml\"}", "bad_body"},
    {"{\"file\": \"good.yaml\\u0000.yaml\"}", "bad_body"},
    {"{\"file\": \"--help.yaml\"}", "bad_body"},
    {"{\"file\": \"none.yaml\"}", "no_file"},
    {"{\"file\": \"link.yaml\"}", "no_file"},
    {"{\"file\": \"folder.yaml\"}", "no_file"},
    {"{\"file\": \"good.yaml\", \"name\": \"../x\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"name\": \".x\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"name\": \"-x\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"name\": \"\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"name\": \"current\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"name\": \"agents\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"name\": \"0123456789abcdef0123456789abcdef\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"name\": \"x.yaml\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"agents\": \"a\"}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"agents\": [\"../a\"]}", "bad_body"},
    {"{\"file\": \"good.yaml\", \"agents\": [\"theirs\"]}", "no_agent"},
};

START_TEST(what_cannot_be_started_is_refused)
{
    char link[128];
    snprintf(link, sizeof link, "%s/link.yaml", library);
    ck_assert_int_eq(symlink("../secret.yaml", link), 0);
    snprintf(link, sizeof link, "%s/folder.yaml", library);
    ck_assert_int_eq(mkdir(link, 0755), 0);
    start(bodies[_i].body);
    refused(bodies[_i].error);
}
END_TEST

START_TEST(without_programs_it_says_so)
{
    char path[128];
    snprintf(path, sizeof path, "%s/royale", programs);
    ck_assert_int_eq(unlink(path), 0);
    start("{\"file\": \"good.yaml\"}");
    refused("failed");
    ck_assert_ptr_nonnull(strstr(answer.message, "cannot execute"));
}
END_TEST

START_TEST(one_battle_has_no_library)
{
    char why[RY_WRITES_WHY_BYTES];
    const struct ry_writes_settings settings = {.directory = library};
    ry_writes_close(&writes);
    ck_assert_int_eq(ry_writes_open(&writes, &settings, why), 0);
    start("{\"file\": \"good.yaml\"}");
    refused("no_library");
}
END_TEST

/* ---- stop ------------------------------------------------------------------------------------ */

/* A process that listens at the door of `directory`, and has said so. */
static pid_t listen_at(const char *directory)
{
    int ready[2];
    char byte;
    ck_assert_int_eq(pipe(ready), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        struct sockaddr_un address;
        signal(SIGTERM, SIG_DFL);
        const int inside = open(directory, O_PATH | O_DIRECTORY);
        const int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
        ry_role_door_address(inside, &address);
        if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 8) != 0)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        for (;;)
            pause();
    }
    ck_assert_int_eq((int)read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

START_TEST(who_listens_at_the_door_is_stopped)
{
    int status;
    json_decref(answer.document);
    const pid_t pid = listen_at(library);
    ry_writes_stop(library, "monday", &answer);
    ck_assert_msg(answer.error == NULL, "%s", answer.message);
    ck_assert_uint_eq(answer.status, 202);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    json_decref(answer.document);
    ry_writes_stop(library, "monday", &answer);
    refused("not_running"); /* the socket is there, nobody listens */
}
END_TEST

START_TEST(nobody_is_stopped_where_nobody_listens)
{
    ry_writes_stop(library, "monday", &answer);
    refused("not_running");
    ry_writes_stop("/nowhere/at/all", "monday", &answer);
    refused("failed");
}
END_TEST

/* ---- agents ---------------------------------------------------------------------------------- */

static char *strategy(size_t *bytes)
{
    const char *build = getenv("ROYALE_BUILD");
    char path[512];
    snprintf(path, sizeof path, "%s/lib/royale/noise.so", build == NULL ? "build" : build);
    FILE *in = fopen(path, "re");
    ck_assert_msg(in != NULL, "no %s", path);
    char *text = malloc(RY_WRITES_AGENT_BYTES_MAX);
    *bytes = fread(text, 1, RY_WRITES_AGENT_BYTES_MAX, in);
    fclose(in);
    return text;
}

static bool isolated(void)
{
    struct ry_writes_isolation isolation;
    ry_writes_isolation(&isolation);
    return isolation.own_users;
}

static void put(const char *name, const char *type, const void *body, size_t bytes)
{
    json_decref(answer.document);
    answer.document = NULL;
    ry_writes_agent_put(&writes, name, type, body, bytes, &answer);
}

START_TEST(an_agent_is_stored_configured_used_and_removed)
{
    size_t bytes;
    char *library_of = strategy(&bytes), text[2048] = "", path[256];
    static const char settings[] =
        "{\"cash\": \"1000000.50\", \"params\": {\"instrument\": \"RYA\", \"n\": 3}}";
    if (!isolated()) {
        ry_test_skip("agents have no users of their own here: not root, or no such users");
        free(library_of);
        return;
    }
    put("theirs", "application/octet-stream", library_of, bytes);
    ck_assert_msg(answer.error == NULL, "%s", answer.message);
    ck_assert_uint_eq(answer.status, 201);
    put("theirs", "application/octet-stream", library_of, bytes);
    ck_assert_uint_eq(answer.status, 200);
    put("theirs", "application/json; charset=utf-8", settings, strlen(settings));
    ck_assert_msg(answer.error == NULL, "%s", answer.message);
    ck_assert_uint_eq((unsigned)json_integer_value(json_object_get(answer.document, "bytes")),
                      bytes);
    start("{\"file\": \"good.yaml\", \"name\": \"monday\", \"agents\": [\"theirs\"]}");
    ck_assert_msg(answer.error == NULL, "%s", answer.message);
    snprintf(path, sizeof path, "%s/monday/battle.yaml", library);
    FILE *in = fopen(path, "re");
    ck_assert_ptr_nonnull(in);
    (void)fread(text, 1, sizeof text - 1, in);
    fclose(in);
    ck_assert_ptr_nonnull(strstr(text, "name: a"));
    ck_assert_ptr_nonnull(strstr(text, "1000000.50"));
    ck_assert_ptr_nonnull(strstr(text, "/agents/theirs.so"));
    ck_assert_ptr_nonnull(strstr(text, "instrument: RYA"));
    ck_assert(!in_library(".monday.yaml"));
    json_decref(answer.document);
    ry_writes_agents(&writes, &answer);
    ck_assert_uint_eq(json_array_size(json_object_get(answer.document, "agents")), 1);
    json_decref(answer.document);
    ry_writes_agent_delete(&writes, "theirs", &answer);
    ck_assert_uint_eq(answer.status, 204);
    ry_writes_agent(&writes, "theirs", &answer);
    refused("no_agent");
    free(library_of);
}
END_TEST

START_TEST(what_is_no_agent_is_not_stored)
{
    size_t bytes;
    char *whole = strategy(&bytes);
    if (!isolated()) {
        ry_test_skip("agents have no users of their own here: not root, or no such users");
        free(whole);
        return;
    }
    put("theirs", "application/octet-stream", "no library", 10);
    refused("bad_strategy");
    put("theirs", "application/octet-stream", whole, bytes / 3);
    refused("bad_strategy");
    put("theirs", "application/octet-stream", whole, 0);
    refused("bad_strategy");
    put("theirs", "text/plain", whole, bytes);
    refused("bad_body");
    put("theirs", NULL, whole, bytes);
    refused("bad_body");
    put("../theirs", "application/octet-stream", whole, bytes);
    refused("bad_parameter");
    put("the.irs", "application/octet-stream", whole, bytes);
    refused("bad_parameter");
    put("a-name-that-is-far-too-long-for-an-agent", "application/octet-stream", whole, bytes);
    refused("bad_parameter");
    put("theirs", "application/octet-stream", whole, RY_WRITES_AGENT_BYTES_MAX + 1u);
    refused("too_large");
    put("theirs", "application/json", "{}", 2);
    refused("no_agent");
    ck_assert(!in_library("agents/theirs.so") && !in_library("agents/.theirs.new"));
    put("theirs", "application/octet-stream", whole, bytes);
    ck_assert_ptr_null(answer.error);
    static const char *const settings[] = {"",
                                           "[]",
                                           "{\"name\": \"x\"}",
                                           "{\"strategy\": \"/bin/sh\"}",
                                           "{\"no_such\": 1}",
                                           "1.5",
                                           "{\"cash\": 1.5}",
                                           "{\"params\": {\"a\": {\"b\": 1}}}",
                                           "{\"params\": [1]}"};
    for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++) {
        put("theirs", "application/json", settings[i], strlen(settings[i]));
        refused("bad_body");
    }
    free(whole);
}
END_TEST

START_TEST(nobody_stores_where_it_is_not_allowed)
{
    ry_writes_close(&writes);
    open_writes(false);
    put("theirs", "application/octet-stream", "x", 1);
    refused("uploads_off");
    ry_writes_agent_delete(&writes, "theirs", &answer);
    refused("uploads_off");
    json_t *json = ry_writes_isolation_json(&writes);
    ck_assert(json_is_false(json_object_get(json, "uploads")));
    json_decref(json);
}
END_TEST

/* The process of one test is its own: another user in it harms nobody. */
START_TEST(nobody_stores_where_agents_are_one_user)
{
    if (geteuid() != 0) {
        put("theirs", "application/octet-stream", "x", 1);
    } else {
        ck_assert_int_eq(seteuid(12345), 0);
        put("theirs", "application/octet-stream", "x", 1);
        ck_assert_int_eq(seteuid(0), 0);
    }
    refused("not_isolated");
    ck_assert_ptr_nonnull(strstr(answer.message, "root"));
}
END_TEST

/* ---- the launcher ---------------------------------------------------------------------------- */

START_TEST(ends_are_told_and_nobody_stays_a_zombie)
{
    char shell[] = "/bin/sh", c[] = "-c", what[] = "exit 7", kill_it[] = "kill -9 $$";
    char *ends[] = {shell, c, what, NULL}, *dies[] = {shell, c, kill_it, NULL};
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct ry_writes_program program = {.argv = ends, .folder = "/", .out = null};
    int code = 0;
    pid_t pid = ry_writes_launch(&writes.launcher, &program);
    ck_assert_int_gt(pid, 0);
    ck_assert(ry_writes_ended(&writes.launcher, pid, 10000, &code));
    ck_assert_int_eq(code, 7);
    ry_writes_forget(&writes.launcher, pid);
    program.argv = dies;
    pid = ry_writes_launch(&writes.launcher, &program);
    ck_assert(ry_writes_ended(&writes.launcher, pid, 10000, &code));
    ck_assert_int_eq(code, 128 + SIGKILL);
    ry_writes_forget(&writes.launcher, pid);
    ck_assert(kill(pid, 0) != 0 && errno == ESRCH);
    ck_assert_uint_eq(writes.launcher.children, 0);
    close(null);
}
END_TEST

START_TEST(too_many_at_once_are_refused)
{
    char sleep_it[] = "/bin/sleep", long_time[] = "100";
    char *argv[] = {sleep_it, long_time, NULL};
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const struct ry_writes_program program = {.argv = argv, .folder = "/", .out = null};
    pid_t pid[RY_WRITES_CHILDREN_MAX];
    int code;
    for (unsigned i = 0; i < RY_WRITES_CHILDREN_MAX; i++) {
        pid[i] = ry_writes_launch(&writes.launcher, &program);
        ck_assert_int_gt(pid[i], 0);
    }
    ck_assert_int_eq(ry_writes_launch(&writes.launcher, &program), -EAGAIN);
    ck_assert(!ry_writes_ended(&writes.launcher, pid[0], 1, &code));
    for (unsigned i = 0; i < RY_WRITES_CHILDREN_MAX; i++) {
        ck_assert_int_eq(kill(pid[i], SIGKILL), 0);
        ck_assert(ry_writes_ended(&writes.launcher, pid[i], 10000, &code));
        ry_writes_forget(&writes.launcher, pid[i]);
    }
    close(null);
}
END_TEST

static Suite *writing(void)
{
    Suite *suite = suite_create("writes");
    TCase *tests = tcase_create("writes");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_battle_is_started);
    tcase_add_test(tests, it_has_no_descriptor_of_ours);
    tcase_add_test(tests, without_a_name_it_gets_one);
    tcase_add_test(tests, a_name_is_taken_once);
    tcase_add_test(tests, mistakes_are_told_with_their_place);
    tcase_add_test(tests, a_run_that_ends_at_once_is_told);
    tcase_add_loop_test(tests, what_cannot_be_started_is_refused, 0,
                        (int)(sizeof bodies / sizeof *bodies));
    tcase_add_test(tests, without_programs_it_says_so);
    tcase_add_test(tests, one_battle_has_no_library);
    tcase_add_test(tests, who_listens_at_the_door_is_stopped);
    tcase_add_test(tests, nobody_is_stopped_where_nobody_listens);
    tcase_add_test(tests, an_agent_is_stored_configured_used_and_removed);
    tcase_add_test(tests, what_is_no_agent_is_not_stored);
    tcase_add_test(tests, nobody_stores_where_it_is_not_allowed);
    tcase_add_test(tests, nobody_stores_where_agents_are_one_user);
    tcase_add_test(tests, ends_are_told_and_nobody_stays_a_zombie);
    tcase_add_test(tests, too_many_at_once_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(writing)
