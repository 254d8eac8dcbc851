#include "tools/web/exposition.h"

#include <stdlib.h>
#include <string.h>

#include "shm/printable.h"

#define ROOM_FIRST      (64u << 10)
#define NUMBER_BYTES    64  /* 39 digits of 2^127, a sign, a point, zeros before it */
#define LABEL_BYTES_MAX 256 /* of a value; names are 24 at most */

static bool make_room(struct ry_web_exposition *e, size_t bytes)
{
    size_t room = e->room == 0 ? ROOM_FIRST : e->room;
    while (room - e->bytes < bytes && room <= RY_WEB_TEXT_BYTES_MAX)
        room *= 2;
    char *text = room == e->room                 ? e->text
                 : room <= RY_WEB_TEXT_BYTES_MAX ? realloc(e->text, room)
                                                 : NULL;
    if (text == NULL) {
        e->failed = true;
        return false;
    }
    e->text = text;
    e->room = room;
    return true;
}

static void put(struct ry_web_exposition *e, const char *text, size_t bytes)
{
    if (e->failed || !make_room(e, bytes))
        return;
    memcpy(e->text + e->bytes, text, bytes);
    e->bytes += bytes;
}

static void put_text(struct ry_web_exposition *e, const char *text)
{
    put(e, text, strlen(text));
}

/* Neither format lets a backslash or a newline stand; where quotes end a text they are escaped as
 * well. */
static void put_escaped(struct ry_web_exposition *e, const char *text, bool quotes)
{
    for (; *text != '\0'; text++)
        if (*text == '\n')
            put_text(e, "\\n");
        else if (*text == '\\' || (*text == '"' && quotes))
            put(e, (const char[]){'\\', *text}, 2);
        else
            put(e, text, 1);
}

static void put_number(struct ry_web_exposition *e, __int128 value, unsigned decimals)
{
    char text[NUMBER_BYTES];
    size_t at = sizeof text;
    unsigned __int128 left = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    for (unsigned digits = 0; left > 0 || digits <= decimals; digits++, left /= 10) {
        if (digits == decimals && digits > 0)
            text[--at] = '.';
        text[--at] = (char)('0' + (int)(left % 10));
    }
    if (value < 0)
        text[--at] = '-';
    put(e, text + at, sizeof text - at);
}

/* ---- families and samples -------------------------------------------------------------------- */

/* What the kind adds to the name of a sample. */
static const char *end_of(enum ry_web_kind kind)
{
    switch (kind) {
    case RY_WEB_COUNTER: return "_total";
    case RY_WEB_INFO: return "_info";
    case RY_WEB_GAUGE: break;
    }
    return "";
}

static const char *type_of(const struct ry_web_exposition *e, enum ry_web_kind kind)
{
    switch (kind) {
    case RY_WEB_COUNTER: return "counter";
    case RY_WEB_INFO: return e->format == RY_WEB_OPENMETRICS ? "info" : "gauge";
    case RY_WEB_GAUGE: break;
    }
    return "gauge";
}

static void put_line(struct ry_web_exposition *e, const char *word,
                     const struct ry_web_metric *metric)
{
    put_text(e, word);
    put_text(e, metric->name);
    if (e->format != RY_WEB_OPENMETRICS)
        put_text(e, end_of(metric->kind));
    put_text(e, " ");
}

void ry_web_put_family(struct ry_web_exposition *e, const struct ry_web_metric *metric)
{
    put_line(e, "# HELP ", metric);
    put_escaped(e, metric->help, e->format == RY_WEB_OPENMETRICS);
    put_text(e, "\n");
    put_line(e, "# TYPE ", metric);
    put_text(e, type_of(e, metric->kind));
    put_text(e, "\n");
    if (e->format == RY_WEB_OPENMETRICS && metric->unit[0] != '\0' && metric->kind != RY_WEB_INFO) {
        put_line(e, "# UNIT ", metric);
        put_text(e, metric->unit);
        put_text(e, "\n");
    }
}

void ry_web_put_sample(struct ry_web_exposition *e, const struct ry_web_metric *metric,
                       const struct ry_web_label *label, unsigned labels, __int128 value)
{
    put_text(e, metric->name);
    put_text(e, end_of(metric->kind));
    for (unsigned i = 0; i < labels; i++) {
        char printable[LABEL_BYTES_MAX];
        put_text(e, i == 0 ? "{" : ",");
        put_text(e, label[i].name);
        put_text(e, "=\"");
        put_escaped(e, ry_printable(printable, label[i].value, sizeof printable), true);
        put_text(e, "\"");
    }
    put_text(e, labels > 0 ? "} " : " ");
    put_number(e, value, metric->decimals);
    put_text(e, "\n");
}

void ry_web_put_end(struct ry_web_exposition *e)
{
    if (e->format == RY_WEB_OPENMETRICS)
        put_text(e, "# EOF\n");
}
