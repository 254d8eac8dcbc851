#include "tools/web/web.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/api/print.h"
#include "tools/library/library.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"
#include "tools/web/names.h"
#include "tools/web/serving.h"
#include "tools/writes/writes.h"

struct options {
    const char *listen, *api, *keys, *audit, *hold;
    bool library, names, openapi, always, uploads;
};

static const struct ry_text_option option_table[] = {
    {.name = "listen",
     .argument = "ADDRESS:PORT",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, listen),
     .help =
         "where to answer; " RY_WEB_LISTEN_DEFAULT " if it is not given; port 0: one that is free"},
    {.name = "library",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, library),
     .help =
         "DIR is a folder of battles: the one that runs is followed, else the one that ended last"},
    {.name = "keys",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, keys),
     .help = "the file of keys that `royale key` writes; its own place if it is not given"},
    {.name = "require-key",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, always),
     .help = "this machine needs a key too: for a proxy that does not say for whom it asks"},
    {.name = "hold",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, hold),
     .help = "while FILE is there no battle is started here; `royale queue hold` makes it"},
    {.name = "audit",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, audit),
     .help = "a line for each write and each refusal goes there; without it to standard error"},
    {.name = "allow-upload",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, uploads),
     .help = "agents may be sent to the library, with a key of scope admin; needs root"},
    {.name = "names",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, names),
     .help = "print the name, type, unit and meaning of every metric, and end"},
    {.name = "openapi",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, openapi),
     .help = "print the API as OpenAPI 3.1, and end"},
    {.name = "api",
     .argument = "TABLE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, api),
     .help = "print the API's paths, errors or answers as Markdown, and end"},
};

static const struct ry_text_command command = {
    .name = "royale web",
    .synopsis =
        "[--listen ADDRESS:PORT] [--library [--allow-upload]] [--keys FILE] [--require-key]\n"
        "                  [--audit FILE] DIR\n       royale web --names | --openapi | --api TABLE",
    .operand = "DIR",
    .many = true,
    .about =
        "Shows the battle in DIR: a page at http://ADDRESS:PORT/, an API below /v1, a stream of what changes, and\n"
        "/metrics for Prometheus. DIR may have no battle yet; the next one in the same place is taken up.\n"
        "Without a key (`royale key`) only this machine reads, and nobody changes anything.\n",
    .ends =
        "Ends with SIGINT or SIGTERM. Exit codes: 0 ok, 2 wrong arguments, 3 it cannot listen there.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static int cannot_listen(const char *text)
{
    return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot listen on %s: %s%s", text, strerror(errno),
                        errno == EADDRINUSE ? "; is another royale-web there? --listen takes "
                                              "another port"
                                            : "");
}

/* The address that is asked for. RY_EXIT_OK, or RY_EXIT_USAGE, said. */
static int judge_address(struct ry_web_address *address, struct ry_keys *keys, const char *text)
{
    if (!ry_web_address_read(address, text))
        return ry_text_fail(
            RY_EXIT_USAGE,
            "--listen %s: an address and a port, such as 127.0.0.1:9474 or [::1]:9474", text);
    if (address->loopback)
        return RY_EXIT_OK;
    if (ry_keys_count(keys, ry_clock_wall_ns()) == 0)
        return ry_text_fail(RY_EXIT_USAGE,
                            "--listen %s: other machines reach that address, and without a key "
                            "none of them may read; `royale key create` makes one",
                            text);
    return ry_text_fail(RY_EXIT_OK,
                        "%s: other machines read with a key (`royale key list`), and without "
                        "encryption: put a proxy with TLS in front",
                        text);
}

/* Nobody waits in the wrong place for a battle. RY_EXIT_OK, or another, said. */
static int judge_directory(const char *directory, bool library)
{
    struct stat there;
    struct ry_library inside;
    if (stat(directory, &there) != 0 && errno == ENOENT && !library)
        return ry_text_fail(RY_EXIT_OK, "%s is not there: a battle that begins there is shown then",
                            directory);
    if (stat(directory, &there) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s: %s", directory, strerror(errno));
    if (!S_ISDIR(there.st_mode))
        return ry_text_fail(RY_EXIT_USAGE,
                            "%s is a file: DIR is the directory of a battle, or with --library a "
                            "folder of battles",
                            directory);
    if (ry_library_is_battle(directory))
        return library ? ry_text_fail(RY_EXIT_USAGE,
                                      "%s is a battle, and no folder of battles: without --library",
                                      directory)
                       : RY_EXIT_OK;
    const bool many = !library && ry_library_open(&inside, directory, true) == 0;
    const unsigned count = many ? inside.count : 0;
    if (many)
        ry_library_close(&inside);
    return count == 0
               ? RY_EXIT_OK
               : ry_text_fail(RY_EXIT_USAGE, "%s is a folder of battles: --library", directory);
}

/* What changes something. Before setpriority: the battles that it starts are no slower than
 * others. */
static int open_writes(struct ry_writes *writes, const struct options *options,
                       const char *directory)
{
    char why[RY_WRITES_WHY_BYTES];
    struct ry_writes_isolation isolation;
    const struct ry_writes_settings settings = {.library = options->library ? directory : NULL,
                                                .hold = options->hold,
                                                .uploads = options->uploads};
    if (options->uploads && !options->library)
        return ry_text_fail(RY_EXIT_USAGE, "--allow-upload stores agents in a library: --library");
    if (options->uploads) {
        ry_writes_isolation(&isolation);
        if (!isolation.own_users)
            return ry_text_fail(RY_EXIT_ENVIRONMENT,
                                "--allow-upload: agents of others are stored only where each is a "
                                "user of its own: %s",
                                isolation.why);
    }
    return ry_writes_open(writes, &settings, why) == 0
               ? RY_EXIT_OK
               : ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", why);
}

/* The whole of it, on a socket that listens. */
static int serve(const struct ry_web_serving_of *of, const struct ry_web_address *address)
{
    static struct ry_web_serving serving; /* large */
    char why[RY_WEB_WHY_BYTES], text[RY_WEB_ADDRESS_BYTES];
    (void)setpriority(PRIO_PROCESS, 0, RY_WEB_NICE);
    if (ry_web_serving_open(&serving, of, why) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", why);
    printf("http://%s/\n", ry_web_address_text(text, address));
    fflush(stdout);
    while (!ry_text_stopped())
        ry_web_serving_turn(&serving);
    ry_web_serving_close(&serving);
    return RY_EXIT_OK;
}

static int run(struct ry_keys *keys, const struct options *options, const char *directory)
{
    static struct ry_writes writes; /* large */
    struct ry_writes_isolation isolation;
    struct ry_web_address address;
    int code = judge_address(&address, keys, options->listen);
    if (code == RY_EXIT_OK)
        code = judge_directory(directory, options->library);
    if (code != RY_EXIT_OK)
        return code;
    const int listener = ry_web_listen(&address);
    if (listener < 0)
        return cannot_listen(options->listen);
    ry_text_stop_by_signals();
    code = open_writes(&writes, options, directory);
    if (code != RY_EXIT_OK) {
        close(listener);
        return code;
    }
    ry_writes_isolation(&isolation);
    const struct ry_web_serving_of of = {.api = {.directory = directory,
                                                 .library = options->library,
                                                 .isolates = isolation.own_users,
                                                 .uploads = options->uploads,
                                                 .writes = &writes},
                                         .keys = keys,
                                         .listener = listener};
    code = serve(&of, &address);
    ry_writes_close(&writes);
    return code;
}

/* What needs no battle. */
static int print(const struct options *options)
{
    if (options->names)
        ry_web_names(stdout);
    if (options->openapi)
        ry_api_print_openapi(stdout);
    if (options->api != NULL && !ry_api_print_table(stdout, options->api))
        return ry_text_fail(RY_EXIT_USAGE, "--api %s: allowed is paths, errors, answers",
                            options->api);
    return ry_text_written(stdout) ? RY_EXIT_OK : RY_EXIT_FAILED;
}

int ry_web_main(int argc, char **argv)
{
    struct options options = {.listen = RY_WEB_LISTEN_DEFAULT};
    char why[RY_KEYS_WHY_BYTES];
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    const bool prints = options.names || options.openapi || options.api != NULL;
    if (optind != argc - !prints)
        return ry_text_fail(RY_EXIT_USAGE, "one DIR, the directory of a battle, or --names, "
                                           "--openapi or --api alone; `royale web --help`");
    if (prints)
        return print(&options);
    const struct ry_keys_settings settings = {
        .path = options.keys, .audit = options.audit, .always = options.always};
    struct ry_keys *keys = ry_keys_open(&settings, why);
    if (keys == NULL)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", why);
    code = run(keys, &options, argv[optind]);
    ry_keys_close(keys);
    return code;
}
