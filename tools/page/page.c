#include "tools/page/page.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/page/gather.h"
#include "tools/page/html.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/whole.h"

#define OUT_NAME "battle.html"

struct options {
    const char *out;
};

static const struct ry_text_option option_table[] = {
    {.name = "out",
     .argument = "FILE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, out),
     .help = "where it goes; " OUT_NAME " in DIR if it is not given"},
};

static const struct ry_text_command command = {
    .name = "royale export html",
    .synopsis = "[--out FILE] DIR",
    .operand = "DIR",
    .about =
        "Writes the finished battle in DIR as one page, to be opened from a folder or sent to a friend: the page\n"
        "of `royale web` with everything that it shows inside. It loads nothing, from nowhere. The same battle\n"
        "gives the same bytes.\n",
    .ends =
        "Exit codes: 0 ok, 1 the battle is damaged, 2 wrong arguments, 3 there is no finished battle, or the\n"
        "file cannot be written.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* Whether a battle of that state becomes a file. RY_EXIT_OK; else it is said. */
static int judge(const char *state, const char *directory)
{
    if (strcmp(state, "runs") == 0)
        return ry_text_fail(
            RY_EXIT_ENVIRONMENT,
            "the battle in %s runs: a file is of a battle that is over; wait for its "
            "end, or look at it with `royale web %s`",
            directory, directory);
    if (strcmp(state, "damaged") == 0)
        return ry_text_fail(
            RY_EXIT_FAILED,
            "the journal of the battle in %s is damaged; `royale replay %s` says where", directory,
            directory);
    if (strcmp(state, "ended") != 0 && strcmp(state, "stopped") != 0)
        return ry_text_fail(
            RY_EXIT_OK, "the battle in %s %s: the file shows it as far as its journal goes",
            directory, strcmp(state, "broke off") == 0 ? "broke off" : "has no end");
    return RY_EXIT_OK;
}

/* The page around the answers; RY_EXIT_OK, or said. */
static int write_file(struct ry_page_gather *g, const struct ry_page_html *html, FILE *out)
{
    static struct ry_page_store store; /* large */
    if (!ry_page_store_open(&store, out))
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "no memory");
    g->store = &store;
    ry_page_html_begin(html, g->name, out);
    const bool gathered = ry_page_gather(g);
    const bool written = ry_page_store_close(&store);
    ry_page_html_end(html, out);
    if (!gathered)
        return ry_text_fail(RY_EXIT_FAILED, "%s", g->asker->why);
    return written ? RY_EXIT_OK : ry_text_fail(RY_EXIT_ENVIRONMENT, "the file cannot be written");
}

static void say(const struct ry_page_gather *g, const char *path)
{
    struct stat file;
    size_t i;
    json_t *sentence;
    const long long bytes = stat(path, &file) == 0 ? (long long)file.st_size : 0;
    printf("%s: %lld bytes, %" PRIu64 " moments, %" PRIu64 " instruments, %" PRIu64
           " rows, %" PRIu64 " reasons (%" PRIu64 " bytes unpacked)\n",
           path, bytes, g->moments, g->instruments, g->rows, g->reasons, g->store->bytes);
    json_array_foreach(g->limits, i, sentence)
        printf("left out: %s\n", json_string_value(sentence));
}

static int write_whole(struct ry_page_gather *g, const struct ry_page_html *html, const char *out)
{
    struct ry_text_whole whole;
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(out, '/'), *name = slash != NULL ? slash + 1 : out;
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", slash == out ? 1 : (int)(slash - out), out);
    if (ry_text_whole_open(&whole, folder, name, 0) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", whole.error);
    const int code = write_file(g, html, whole.file);
    if (code != RY_EXIT_OK) {
        ry_text_whole_drop(&whole);
        return code;
    }
    if (ry_text_whole_keep(&whole) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", whole.error);
    say(g, out);
    return RY_EXIT_OK;
}

static int gather_from(const char *directory, const char *out, const struct ry_page_html *html)
{
    static const struct ry_api_pair nothing[] = {{.name = NULL}};
    const struct ry_api_options options = {.directory = directory};
    struct ry_page_asker asker;
    struct ry_page_gather g = {.directory = directory, .asker = &asker};
    if (!ry_page_ask_open(&asker, &options))
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", asker.why);
    int code = RY_EXIT_ENVIRONMENT;
    g.state = ry_page_ask_json(&asker, "state", nothing);
    g.limits = json_array();
    const json_t *battle = json_object_get(g.state, "battle");
    const char *state = json_string_value(json_object_get(battle, "state"));
    g.name = json_string_value(json_object_get(battle, "name"));
    if (state == NULL || g.name == NULL || g.limits == NULL)
        (void)ry_text_fail(code, "%s: %s", directory, asker.why);
    else if ((code = judge(state, directory)) == RY_EXIT_OK)
        code = write_whole(&g, html, out);
    json_decref(g.state);
    json_decref(g.limits);
    ry_page_ask_close(&asker);
    return code;
}

int ry_page_main(int argc, char **argv, const char *page)
{
    struct options options = {.out = NULL};
    struct ry_page_html html;
    const char *directory;
    char why[RY_PAGE_WHY_BYTES], beside[PATH_MAX + sizeof OUT_NAME];
    int code = ry_text_options(&command, argc, argv, &options, &directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (!ry_page_html_read(&html, page, why, sizeof why))
        return ry_text_fail(RY_EXIT_ENVIRONMENT,
                            "%s; `make page` builds the page, ROYALE_PAGE says where it lies", why);
    snprintf(beside, sizeof beside, "%s/" OUT_NAME, directory);
    code = gather_from(directory, options.out != NULL ? options.out : beside, &html);
    ry_page_html_free(&html);
    return code;
}
