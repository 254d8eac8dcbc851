#include "tests/support/metrics_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS     "0123456789"
#define LINE_BYTES 65536
#define NAME_BYTES 256

struct family {
    char name[NAME_BYTES], type[NAME_BYTES];
    bool helped, typed, sampled;
};

struct reader {
    bool open_metrics, ended;
    struct family family; /* that is being read; name "": none yet */
    char **seen;          /* families that are over, and samples with their labels */
    size_t seen_count, seen_room;
    const char *wrong; /* NULL: nothing */
};

static bool fail(struct reader *r, const char *wrong)
{
    if (r->wrong == NULL)
        r->wrong = wrong;
    return false;
}

/* False: it was seen before. */
static bool remember(struct reader *r, const char *text, size_t bytes)
{
    for (size_t i = 0; i < r->seen_count; i++)
        if (strlen(r->seen[i]) == bytes && memcmp(r->seen[i], text, bytes) == 0)
            return false;
    if (r->seen_count == r->seen_room) {
        r->seen_room = r->seen_room == 0 ? 64 : 2 * r->seen_room;
        r->seen = realloc(r->seen, r->seen_room * sizeof *r->seen);
    }
    if (r->seen == NULL)
        abort();
    r->seen[r->seen_count++] = strndup(text, bytes);
    return true;
}

static size_t name_at(const char *text)
{
    return strspn(text, DIGITS) > 0 ? 0 : strspn(text, LETTERS DIGITS ":");
}

/* -?digits(.digits)?, and nothing behind it. */
static bool is_number(const char *text)
{
    text += *text == '-';
    size_t digits = strspn(text, DIGITS);
    if (digits == 0 || (digits > 1 && text[0] == '0'))
        return false;
    text += digits;
    if (*text == '\0')
        return true;
    return *text == '.' && strspn(text + 1, DIGITS) > 0 &&
           text[1 + strspn(text + 1, DIGITS)] == '\0';
}

/* Behind a text with escapes that ends at `end`; NULL: it does not, or has what it must not have.
 */
static const char *behind_text(const char *text, char end, bool quotes)
{
    for (; *text != end && *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f || (*text == '"' && quotes))
            return NULL;
        if (*text != '\\')
            continue;
        text++;
        if (*text != '\\' && *text != 'n' && !(*text == '"' && quotes))
            return NULL;
    }
    return *text == end ? text : NULL;
}

/* ---- families -------------------------------------------------------------------------------- */

static bool enter_family(struct reader *r, const char *name, size_t bytes)
{
    if (strlen(r->family.name) == bytes && memcmp(r->family.name, name, bytes) == 0)
        return true;
    if (bytes == 0 || bytes >= NAME_BYTES || !remember(r, name, bytes))
        return fail(r, "a family twice, or without a name");
    r->family = (struct family){.helped = false};
    memcpy(r->family.name, name, bytes);
    return true;
}

static bool ends_with(const char *name, const char *end)
{
    return strlen(name) > strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

static bool read_type(struct reader *r, const char *type)
{
    struct family *f = &r->family;
    const bool counter = strcmp(type, "counter") == 0, gauge = strcmp(type, "gauge") == 0,
               info = r->open_metrics && strcmp(type, "info") == 0;
    if (f->typed || f->sampled || !(counter || gauge || info))
        return fail(r, "a TYPE twice, too late, or of no kind");
    if (counter && ends_with(f->name, "_total") == r->open_metrics)
        return fail(r, "a counter's _total");
    f->typed = true;
    snprintf(f->type, sizeof f->type, "%s", type);
    return true;
}

static bool read_unit(struct reader *r, const char *unit)
{
    char end[NAME_BYTES];
    snprintf(end, sizeof end, "_%s", unit);
    if (!r->open_metrics || !r->family.typed || r->family.sampled ||
        !ends_with(r->family.name, end))
        return fail(r, "a UNIT that is not the end of the name");
    return true;
}

static bool read_comment(struct reader *r, const char *line)
{
    char word[8];
    if (r->open_metrics && strcmp(line, "# EOF") == 0) {
        r->ended = true;
        return true;
    }
    if (strncmp(line, "# ", 2) != 0 || strlen(line) < 7 || line[6] != ' ')
        return fail(r, "a comment");
    snprintf(word, sizeof word, "%.4s", line + 2);
    const char *name = line + 7, *text = name + name_at(name);
    if (*text != ' ' || !enter_family(r, name, (size_t)(text - name)))
        return fail(r, "a family's name");
    text++;
    if (strcmp(word, "TYPE") == 0)
        return read_type(r, text);
    if (strcmp(word, "UNIT") == 0)
        return read_unit(r, text);
    if (strcmp(word, "HELP") != 0 || r->family.helped || r->family.sampled)
        return fail(r, "a HELP twice, too late, or something else");
    r->family.helped = true;
    if (behind_text(text, '\0', r->open_metrics) == NULL) /* 0.0.4 lets quotes stand */
        return fail(r, "the text of a HELP");
    return true;
}

/* ---- samples --------------------------------------------------------------------------------- */

/* Behind the labels; NULL: they are none. */
static const char *behind_labels(const char *at)
{
    for (at++;; at++) {
        size_t name = name_at(at);
        if (name == 0 || memchr(at, ':', name) != NULL || strncmp(at + name, "=\"", 2) != 0)
            return NULL;
        at += name + 2;
        for (; *at != '"'; at++) {
            if ((unsigned char)*at < ' ')
                return NULL;
            if (*at == '\\' && strchr("\\n\"", *++at) == NULL)
                return NULL;
            if (*at == '\0')
                return NULL;
        }
        at++;
        if (*at == '}')
            return at + 1;
        if (*at != ',')
            return NULL;
    }
}

static bool read_sample(struct reader *r, const char *line)
{
    struct family *f = &r->family;
    char wanted[NAME_BYTES + 8];
    const char *end = !r->open_metrics                  ? ""
                      : strcmp(f->type, "counter") == 0 ? "_total"
                      : strcmp(f->type, "info") == 0    ? "_info"
                                                        : "";
    snprintf(wanted, sizeof wanted, "%s%s", f->name, end);
    const size_t name = name_at(line);
    if (!f->helped || !f->typed || strlen(wanted) != name || strncmp(line, wanted, name) != 0)
        return fail(r, "a sample outside of its family");
    const char *at = line + name;
    if (*at == '{')
        at = behind_labels(at);
    if (at == NULL || *at != ' ')
        return fail(r, "labels");
    if (!remember(r, line, (size_t)(at - line) + 1))
        return fail(r, "a sample twice");
    f->sampled = true;
    if (!is_number(at + 1) || (strcmp(f->type, "counter") == 0 && at[1] == '-') ||
        (strcmp(f->type, "info") == 0 && strcmp(at + 1, "1") != 0))
        return fail(r, "a value");
    return true;
}

bool ry_test_metrics_read(const char *text, size_t bytes, bool open_metrics,
                          char why[RY_TEST_METRICS_WHY_BYTES])
{
    struct reader r = {.open_metrics = open_metrics};
    static char line[LINE_BYTES];
    const char *end = text + bytes;
    unsigned number = 0;
    bool ok = true;
    while (ok && text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        number++;
        if (newline == NULL || newline - text >= LINE_BYTES || r.ended ||
            memchr(text, '\0', (size_t)(newline - text)) != NULL) {
            ok = fail(&r, "a line without an end, too long, or behind the end");
            break;
        }
        snprintf(line, sizeof line, "%.*s", (int)(newline - text), text);
        ok = line[0] == '#' ? read_comment(&r, line) : read_sample(&r, line);
        text = newline + 1;
    }
    if (ok && open_metrics && !r.ended)
        ok = fail(&r, "no # EOF");
    if (!ok)
        snprintf(why, RY_TEST_METRICS_WHY_BYTES, "line %u: %s: %.100s", number, r.wrong, line);
    for (size_t i = 0; i < r.seen_count; i++)
        free(r.seen[i]);
    free(r.seen);
    return ok;
}
