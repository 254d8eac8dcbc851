/*
 * From a source file to a loaded strategy: what is installed is all that an author needs; what
 * cannot be loaded says why; and what the sandbox forbids fails inside it.
 */
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agents/agent.h"
#include "agents/load.h"
#include "agents/sandbox.h"
#include "tests/support/test.h"

#define COMMAND_BYTES   (4 * PATH_MAX)
#define FIRST_LINES_MAX 25

static char folder[PATH_MAX + 32]; /* in the build folder, removed at the end */

static const char *build(void)
{
    const char *name = getenv("ROYALE_BUILD");
    return name != NULL ? name : "build";
}

/* Runs a command of a shell; its output goes to ours, as comments of TAP. */
static int shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int shell(const char *format, ...)
{
    char command[COMMAND_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(command, sizeof command - 40, format, arguments);
    va_end(arguments);
    ck_assert(length > 0 && (size_t)length < sizeof command - 40);
    char whole[COMMAND_BYTES + PATH_MAX + 128];
    snprintf(whole, sizeof whole, "( %s ) >'%s/said' 2>&1", command, folder);
    const int status = system(whole);
    if (status != 0) {
        snprintf(whole, sizeof whole, "sed 's/^/# /' '%s/said'", folder);
        (void)!system(whole);
    }
    return status;
}

/* `make install-agent` into the folder, once: of the build that is there, nothing is compiled. */
static void install(void)
{
    struct stat status;
    char path[PATH_MAX + 128];
    snprintf(path, sizeof path, "%s/usr/include/royale/agent.h", folder);
    if (stat(path, &status) == 0)
        return;
    ck_assert_int_eq(shell("env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory "
                           "BUILD='%s' PREFIX='%s/usr' install-agent",
                           build(), folder),
                     0);
}

/* Compiles a file of the folder as docs/AGENTS.md says: pkg-config alone. */
static int compile(const char *compiler, const char *source, const char *library)
{
    return shell("cd '%s' && %s -O2 -Wall -Wextra -Werror %s -o %s "
                 "$(PKG_CONFIG_PATH=usr/lib/pkgconfig pkg-config --cflags --libs royale-agent)",
                 folder, compiler, source, library);
}

static void write_source(const char *name, const char *text)
{
    char path[PATH_MAX + 128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

static const struct ry_strategy *load(const char *name, char why[RY_HOST_LOAD_WHY_BYTES])
{
    char path[PATH_MAX + 128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    static int number = 100; /* another one for each, see load.h */
    int opened = ry_host_load_open(path, why);
    if (opened < 0)
        return NULL;
    int fd = fcntl(opened, F_DUPFD, number++);
    const struct ry_strategy *strategy = ry_host_load_library(fd, path, why);
    close(opened);
    close(fd);
    return strategy;
}

START_TEST(the_minimal_strategy)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    install();
    ck_assert_int_eq(shell("test $(wc -l < docs/examples/first.c) -le %d", FIRST_LINES_MAX), 0);
    /* timers alone wake it: said, it is fast */
    ck_assert_int_eq(shell("grep -q 'RY_INTEREST_TOP(1))' docs/examples/first.c"), 0);
    ck_assert_int_eq(shell("cp docs/examples/first.c '%s'", folder), 0);
    static const char *const compiler[] = {"gcc -std=c11 -pedantic", "clang -std=c11 -pedantic"};
    for (unsigned i = 0; i < 2; i++) {
        char name[32];
        snprintf(name, sizeof name, "first%u.so", i);
        ck_assert_int_eq(compile(compiler[i], "first.c", name), 0);
        const struct ry_strategy *strategy = load(name, why);
        ck_assert_msg(strategy != NULL, "%s", why);
        ck_assert(strategy->start != NULL && strategy->timer != NULL && strategy->market == NULL);
    }
    /* The strategies of the house lie beside it. */
    const struct ry_strategy *noise = load("usr/lib/royale/noise.so", why),
                             *twap = load("usr/lib/royale/twap.so", why),
                             *maker = load("usr/lib/royale/maker.so", why);
    ck_assert(noise != NULL && twap != NULL && maker != NULL && noise != twap && twap != maker);
    ck_assert(noise->stop == NULL && twap->stop != NULL && maker->report != NULL);
}
END_TEST

/* The page's first block of C is what an author copies: first.c without its comments. */
START_TEST(the_page)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    install();
    ck_assert_int_eq(
        shell(
            "awk '/^```c$/ {n++; next} /^```$/ {if (n == 1) exit} n == 1' docs/AGENTS.md > '%s/page.c' && "
            "grep -q RY_STRATEGY '%s/page.c'",
            folder, folder),
        0);
    ck_assert_int_eq(
        shell("sed -e '1,2d' -e 's@ */\\*.*\\*/$@@' docs/examples/first.c | diff '%s/page.c' -",
              folder),
        0);
    ck_assert_int_eq(compile("gcc -std=c11 -pedantic", "page.c", "page.so"), 0);
    ck_assert_msg(load("page.so", why) != NULL, "%s", why);
}
END_TEST

START_TEST(in_cxx)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    install();
    write_source(
        "plus.cc",
        "#include <royale/agent.h>\n"
        "static void timer(ry_agent *agent) { ry_timer(agent, ry_now(agent) + (int64_t)ry_exp(9.0)); }\n"
        "static void start(ry_agent *agent)\n"
        "{\n"
        "    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_LEVELS | RY_INTEREST_WAKE_BOOK);\n"
        "    ry_interest(agent, 0, RY_INTEREST_TOP(1) | RY_INTEREST_STATES);\n"
        "}\n"
        "RY_STRATEGY(.state_bytes = 0, .start = start, .market = nullptr, .report = nullptr,\n"
        "            .timer = timer, .stop = nullptr);\n");
    if (shell("command -v g++") != 0) {
        ry_test_skip("no g++ here");
        return;
    }
    ck_assert_int_eq(compile("g++ -std=c++20 -pedantic", "plus.cc", "plus.so"), 0);
    ck_assert_msg(load("plus.so", why) != NULL, "%s", why);
}
END_TEST

static void refused(const char *name, const char *reason)
{
    char why[RY_HOST_LOAD_WHY_BYTES] = "";
    ck_assert_ptr_null(load(name, why));
    ck_assert_msg(strstr(why, reason) != NULL, "\"%s\" does not say \"%s\"", why, reason);
    ck_assert_msg(strstr(why, name) != NULL, "\"%s\" does not name %s", why, name);
}

START_TEST(what_cannot_be_loaded)
{
    install();
    refused("absent.so", "No such file or directory");
    refused("usr", "is not a file");
    write_source("text.so", "no library");
    refused("text.so", "not a shared library: build it as docs/AGENTS.md says");
    write_source("empty.so", "");
    refused("empty.so", "not a shared library: build it as docs/AGENTS.md says");
    write_source("object.c", "#include <royale/agent.h>\nRY_STRATEGY(.stop = 0);\n");
    ck_assert_int_eq(compile("gcc -c", "object.c", "object.o"), 0);
    refused("object.o", "not a shared library: build it as docs/AGENTS.md says");
    write_source("none.c", "int x;\n");
    ck_assert_int_eq(compile("gcc", "none.c", "none.so"), 0);
    refused("none.so", "exports no ry_strategy");
    write_source(
        "old.c",
        "#include <royale/agent.h>\n#undef RY_AGENT_ABI\n#define RY_AGENT_ABI 77\nRY_STRATEGY(.stop = 0);\n");
    ck_assert_int_eq(compile("gcc", "old.c", "old.so"), 0);
    refused("old.so", "was compiled for version 77 of agent.h, this is 3: build it again with this "
                      "royale's agent.h");
    write_source(
        "short.c",
        "#include <royale/agent.h>\n"
        "RY_EXPORT const struct ry_strategy ry_strategy = {.abi = RY_AGENT_ABI, .bytes = 8};\n");
    ck_assert_int_eq(compile("gcc", "short.c", "short.so"), 0);
    refused("short.so", "has 8 bytes");
    write_source("needs.c", "#include <royale/agent.h>\nvoid nobody_has_this(struct ry_agent *);\n"
                            "RY_STRATEGY(.start = nobody_has_this);\n");
    ck_assert_int_eq(compile("gcc", "needs.c", "needs.so"), 0);
    refused("needs.so", "nobody_has_this");
}
END_TEST

/* As who the sandbox makes of root: 0 if it is refused and both reasons are given. */
static int as_nobody(const char *path)
{
    char why[RY_HOST_LOAD_WHY_BYTES] = "";
    struct ry_host_sandbox sandbox;
    const int library = ry_host_load_open(path, why); /* root can */
    if (library < 0 || ry_host_sandbox_drop(&sandbox, 3) != 0)
        return 1;
    if (ry_host_load_library(library, path, why) != NULL)
        return 2;
    if (strstr(why, "everybody must be able to read it") == NULL || strstr(why, path) == NULL)
        return 3;
    return ry_host_load_open(path, why) < 0 &&
                   strstr(why, "everybody must be able to read it") != NULL
               ? 0
               : 4;
}

START_TEST(what_not_everybody_can_read)
{
    char path[PATH_MAX + 128];
    if (geteuid() != 0) {
        ry_test_skip("only of root is another user made");
        return;
    }
    install();
    write_source("mine.c", "#include <royale/agent.h>\nRY_STRATEGY(.stop = 0);\n");
    ck_assert_int_eq(compile("gcc", "mine.c", "mine.so"), 0);
    ck_assert_int_eq(shell("chmod 600 '%s/mine.so'", folder), 0);
    snprintf(path, sizeof path, "%s/mine.so", folder);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        _exit(as_nobody(path));
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

/* A library linked with -ffast-math flushes subnormal numbers from its constructor on: undone. */
START_TEST(floating_point_is_as_by_default)
{
    char why[RY_HOST_LOAD_WHY_BYTES];
    install();
    write_source("fast.c",
                 "#include <royale/agent.h>\n#include <fenv.h>\n"
                 "__attribute__((constructor)) static void turn(void) { fesetround(FE_UPWARD); }\n"
                 "RY_STRATEGY(.stop = 0);\n");
    ck_assert_int_eq(compile("gcc -ffast-math", "fast.c", "fast.so -lm"), 0);
    ck_assert_msg(load("fast.so", why) != NULL, "%s", why);
    ck_assert_int_eq(fegetround(), FE_TONEAREST);
    volatile double small = 0x1p-1022; /* volatile: divided when the test runs */
    ck_assert(small / 2 != 0);
}
END_TEST

/* The child's exit code is the number of the first thing that it found wrong. */
static int in_sandbox(void)
{
    struct ry_host_sandbox sandbox;
    struct rlimit limit;
    int death = 0;
    const bool root = geteuid() == 0;
    const int keep = open("/dev/null", O_RDONLY), other = fcntl(keep, F_DUPFD, 20),
              low = fcntl(keep, F_DUPFD, 10);
    char path[PATH_MAX + 128], why[RY_HOST_LOAD_WHY_BYTES];
    snprintf(path, sizeof path, "%s/lib/royale/noise.so", build());
    const int library = ry_host_load_open(path, why), kept = fcntl(library, F_DUPFD, 15);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
        return 1;
    if (ry_host_sandbox_drop(&sandbox, 3) != 0)
        return 2;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_DUMPABLE) != 0)
        return 3;
    if (prctl(PR_GET_PDEATHSIG, &death) != 0 || death != SIGKILL) /* SIGTERM can be ignored */
        return 4;
    if (root && (geteuid() == 0 || getegid() == 0 || setuid(0) == 0 || kill(getppid(), 0) == 0 ||
                 errno != EPERM))
        return 5;
    if (!root && strstr(sandbox.missing, "no user of its own") == NULL)
        return 6;
    ry_host_sandbox_lock(&sandbox, 2, kept);
    if (fcntl(kept, F_GETFD) < 0 || fcntl(2, F_GETFD) < 0 || fcntl(low, F_GETFD) >= 0 ||
        fcntl(other, F_GETFD) >= 0)
        return 7;
    if (fork() >= 0)
        return 8;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max != RY_HOST_SANDBOX_DESCRIPTORS)
        return 9;
    if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0)
        return 10;
    if (strstr(sandbox.missing, "memory") == NULL) {
        /* volatile: an allocation that is not looked at may be left out. */
        char *volatile memory = malloc(RY_HOST_SANDBOX_STRATEGY_BYTES * 2);
        if (memory != NULL)
            return 11;
        memory = malloc(RY_HOST_SANDBOX_STRATEGY_BYTES / 4);
        if (memory == NULL)
            return 12;
        free(memory);
    }
    if (strstr(sandbox.missing, "no filter of system calls") == NULL)
        return 13;
    /* The library was found before; now it is loaded, and the path is not needed. */
    return ry_host_load_library(kept, path, why) != NULL ? 0 : 14;
}

START_TEST(sandbox)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        _exit(in_sandbox());
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_load");
    TCase *c = tcase_create("load");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, the_minimal_strategy);
    tcase_add_test(c, the_page);
    tcase_add_test(c, in_cxx);
    tcase_add_test(c, what_cannot_be_loaded);
    tcase_add_test(c, what_not_everybody_can_read);
    tcase_add_test(c, floating_point_is_as_by_default);
    tcase_add_test(c, sandbox);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    if (realpath(build(), folder) == NULL || mkdtemp(strcat(folder, "/load-XXXXXX")) == NULL) {
        perror(build());
        return 1;
    }
    const int failed = ry_test_run(suite());
    char command[PATH_MAX + 64];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? failed : 1;
}
