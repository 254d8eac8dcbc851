#include "tools/web/web.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"
#include "tools/web/names.h"
#include "tools/web/server.h"
#include "tools/web/watcher.h"

#define NICE 10 /* the battle's processes go first where cores are few */

struct options {
    const char *listen;
    bool open_to_all, names;
};

static const struct ry_text_option option_table[] = {
    {.name = "listen",
     .argument = "ADDRESS:PORT",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, listen),
     .help =
         "where to answer; " RY_WEB_LISTEN_DEFAULT " if it is not given; port 0: one that is free"},
    {.name = "public",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, open_to_all),
     .help =
         "answer on an address that other machines reach: whoever can connect reads everything"},
    {.name = "names",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, names),
     .help = "print the name, type, unit and meaning of every metric, and end"},
};

static const struct ry_text_command command = {
    .name = "royale web",
    .synopsis = "[--listen ADDRESS:PORT] [--public] DIR\n       royale web --names",
    .operand = "DIR",
    .many = true,
    .about =
        "Answers Prometheus at http://ADDRESS:PORT/metrics: what each process of the battle in DIR counts,\n"
        "and how the battle stands. DIR may have no battle yet; the next one in the same place is taken up.\n",
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

static int serve(const char *directory, struct ry_web_address *address, const char *said)
{
    static struct ry_web_state state = {.lock = PTHREAD_MUTEX_INITIALIZER}; /* large */
    static struct ry_web_watcher watcher;
    static struct ry_web_server server;
    char text[RY_WEB_ADDRESS_BYTES];
    const int listener = ry_web_listen(address);
    if (listener < 0)
        return cannot_listen(said);
    ry_web_watcher_open(&watcher, directory, &state);
    if (ry_web_server_start(&server, &state, listener) != 0) {
        ry_web_watcher_close(&watcher);
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "cannot start the server: no memory or no thread");
    }
    printf("http://%s/metrics\n", ry_web_address_text(text, address));
    fflush(stdout);
    while (!ry_text_stopped())
        ry_web_watcher_turn(&watcher);
    ry_web_server_stop(&server);
    ry_web_watcher_close(&watcher);
    return RY_EXIT_OK;
}

/* The address that is asked for. RY_EXIT_OK, or RY_EXIT_USAGE, said. */
static int judge_address(struct ry_web_address *address, const struct options *options)
{
    if (!ry_web_address_read(address, options->listen))
        return ry_text_fail(
            RY_EXIT_USAGE,
            "--listen %s: an address and a port, such as 127.0.0.1:9474 or [::1]:9474",
            options->listen);
    if (address->loopback)
        return RY_EXIT_OK;
    if (!options->open_to_all)
        return ry_text_fail(RY_EXIT_USAGE,
                            "--listen %s: other machines reach that address, and whoever can "
                            "connect reads all figures of the battle; add --public if that is "
                            "meant",
                            options->listen);
    return ry_text_fail(RY_EXIT_OK,
                        "%s: whoever can connect reads all figures of the battle, without a "
                        "password or encryption",
                        options->listen);
}

int ry_web_main(int argc, char **argv)
{
    struct options options = {.listen = RY_WEB_LISTEN_DEFAULT};
    struct ry_web_address address;
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (options.names && optind == argc) {
        ry_web_names(stdout);
        return RY_EXIT_OK;
    }
    if (optind != argc - 1 || options.names)
        return ry_text_fail(RY_EXIT_USAGE, "one DIR, the directory of a battle, or --names alone; "
                                           "`royale web --help`");
    code = judge_address(&address, &options);
    if (code != RY_EXIT_OK)
        return code;
    (void)setpriority(PRIO_PROCESS, 0, NICE);
    ry_text_stop_by_signals();
    return serve(argv[optind], &address, options.listen);
}
