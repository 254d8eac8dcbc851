#include "tools/web/serving.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shm/clock.h"

#define TELL_NS INT64_C(1000000000)

static int fail(char why[RY_WEB_WHY_BYTES], const char *what, const char *reason)
{
    snprintf(why, RY_WEB_WHY_BYTES, "%s: %s", what, reason);
    return -1;
}

static int open_pages(struct ry_web_pages *pages, char why[RY_WEB_WHY_BYTES])
{
    char folder[RY_WEB_PAGES_FOLDER_BYTES], reason[PATH_MAX + 128];
    ry_web_pages_folder(folder);
    return ry_web_pages_open(pages, folder, reason, sizeof reason) == 0
               ? 0
               : fail(why, "the page cannot be read", reason);
}

/* What shows the battle; the API is the server's later. */
static int open_watcher(struct ry_web_serving *serving, struct ry_web_links *links,
                        char why[RY_WEB_WHY_BYTES])
{
    const struct ry_api_options *options = &serving->options;
    if (ry_web_focus_open(&serving->focus, options->directory, options->library) != 0)
        return fail(why, options->directory, strerror(errno));
    if (ry_web_outlet_open(&serving->outlet) != 0) {
        ry_web_focus_close(&serving->focus);
        return fail(why, "the stream cannot begin", strerror(errno));
    }
    serving->api = ry_api_open(options);
    if (serving->api == NULL) {
        ry_web_outlet_close(&serving->outlet);
        ry_web_focus_close(&serving->focus);
        return fail(why, "the API cannot begin", "no memory or no thread");
    }
    (void)pthread_mutex_init(&serving->state.lock, NULL);
    ry_web_watcher_open(&serving->watcher, &serving->focus, &serving->state, &serving->outlet,
                        serving->api, links);
    return 0;
}

static void close_watcher(struct ry_web_serving *serving)
{
    ry_web_watcher_close(&serving->watcher);
    ry_web_outlet_close(&serving->outlet);
    ry_web_focus_close(&serving->focus);
    (void)pthread_mutex_destroy(&serving->state.lock);
}

static int start_server(struct ry_web_serving *serving, const struct ry_web_serving_of *of,
                        char why[RY_WEB_WHY_BYTES])
{
    const struct ry_web_server_of server = {.state = &serving->state,
                                            .outlet = &serving->outlet,
                                            .pages = &serving->pages,
                                            .keys = of->keys,
                                            .api = serving->api,
                                            .listener = of->listener};
    if (ry_web_server_start(&serving->server, &server) == 0)
        return 0;
    ry_api_close(serving->api);
    return fail(why, "the server cannot start", "no memory or no thread");
}

int ry_web_serving_open(struct ry_web_serving *serving, const struct ry_web_serving_of *of,
                        char why[RY_WEB_WHY_BYTES])
{
    serving->options = of->api;
    serving->ended_ns = 0;
    if (open_pages(&serving->pages, why) != 0) {
        close(of->listener);
        return -1;
    }
    if (open_watcher(serving, of->links, why) != 0) {
        close(of->listener);
        ry_web_pages_close(&serving->pages);
        return -1;
    }
    if (start_server(serving, of, why) == 0)
        return 0;
    close_watcher(serving);
    ry_web_pages_close(&serving->pages);
    return -1;
}

void ry_web_serving_turn(struct ry_web_serving *serving)
{
    ry_web_watcher_turn(&serving->watcher);
}

void ry_web_serving_close(struct ry_web_serving *serving)
{
    ry_web_server_stop(&serving->server);
    close_watcher(serving);
    ry_web_pages_close(&serving->pages);
}

bool ry_web_serving_over(struct ry_web_serving *serving)
{
    const enum ry_web_follower follower = serving->watcher.follower;
    const int64_t now_ns = ry_clock_ns();
    if (follower != RY_WEB_FOLLOWED && follower != RY_WEB_FOLLOWS_LESS)
        serving->ended_ns = 0;
    else if (serving->ended_ns == 0)
        serving->ended_ns = now_ns;
    return serving->ended_ns != 0 && now_ns - serving->ended_ns >= TELL_NS;
}
