#include "tools/web/accept.h"

#include <string.h>
#include <strings.h>

#define QUALITY_MAX 1000 /* of "q=1" */
#define NONE        (-1)

/* What is left to read. */
struct cursor {
    const char *at, *end;
};

struct span {
    const char *at;
    size_t bytes;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct span trimmed(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    return (struct span){at, (size_t)(end - at)};
}

static bool is(struct span span, const char *text)
{
    return span.bytes == strlen(text) && strncasecmp(span.at, text, span.bytes) == 0;
}

/* Up to the next `separator` that is in no quoted string; the cursor stands behind it. */
static struct span take(struct cursor *cursor, char separator)
{
    const char *begin = cursor->at, *at = begin;
    bool quoted = false;
    for (; at < cursor->end && (quoted || *at != separator); at++)
        if (*at == '"')
            quoted = !quoted;
        else if (quoted && *at == '\\' && at + 1 < cursor->end)
            at++;
    cursor->at = at < cursor->end ? at + 1 : cursor->end;
    return trimmed(begin, at);
}

/* "0.75" is 750; NONE: it is no quality. */
static int quality_of(struct span text)
{
    int value = 0, unit = QUALITY_MAX;
    if (text.bytes == 0 || text.bytes > strlen("0.000"))
        return NONE;
    for (size_t i = 0; i < text.bytes; i++) {
        const char c = text.at[i];
        if (i == 1 ? c != '.' : c < '0' || c > '9')
            return NONE;
        if (i == 1)
            continue;
        value += (c - '0') * unit;
        unit /= 10;
    }
    return value <= QUALITY_MAX ? value : NONE;
}

static struct span unquoted(struct span text)
{
    if (text.bytes >= 2 && text.at[0] == '"' && text.at[text.bytes - 1] == '"')
        return (struct span){text.at + 1, text.bytes - 2};
    return text;
}

/* The parameters of one range of types: its quality, and whether it is of `version` or names none.
 * NONE: not understood, or another version. */
static int read_parameters(struct cursor *range, const char *version)
{
    int quality = QUALITY_MAX;
    while (range->at < range->end && quality != NONE) {
        struct span parameter = take(range, ';');
        struct cursor rest = {parameter.at, parameter.at + parameter.bytes};
        struct span name = take(&rest, '=');
        struct span value = unquoted(trimmed(rest.at, rest.end));
        if (is(name, "q"))
            quality = quality_of(value);
        else if (is(name, "version") && !is(value, version))
            quality = NONE;
    }
    return quality;
}

enum ry_web_format ry_web_accept(const char *header, size_t bytes)
{
    struct cursor all = {header, header + bytes};
    int open = NONE, text = NONE, text_any = NONE, any = NONE;
    while (all.at < all.end) {
        struct span span = take(&all, ',');
        struct cursor range = {span.at, span.at + span.bytes};
        struct span type = take(&range, ';');
        int *of = is(type, "application/openmetrics-text") ? &open
                  : is(type, "text/plain")                 ? &text
                  : is(type, "text/*")                     ? &text_any
                  : is(type, "*/*")                        ? &any
                                                           : NULL;
        if (of == NULL)
            continue;
        int quality = read_parameters(&range, of == &open ? "1.0.0" : "0.0.4");
        *of = quality > *of ? quality : *of;
    }
    /* The most exact range that fits says how much plain text is wanted. */
    int plain = text != NONE ? text : text_any != NONE ? text_any : any;
    return open > 0 && open >= plain ? RY_WEB_OPENMETRICS : RY_WEB_PROMETHEUS;
}

const char *ry_web_content_type(enum ry_web_format format)
{
    return format == RY_WEB_OPENMETRICS
               ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
               : "text/plain; version=0.0.4; charset=utf-8";
}
