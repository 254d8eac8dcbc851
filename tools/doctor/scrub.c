#include "tools/doctor/scrub.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/doctor/secret_form.h"
#include "tools/doctor/text.h"

#define GONE "***"

/* A text on its way through its lines. */
struct scrubbing {
    struct ry_doctor_text out;
    unsigned gone;
    bool pem;       /* in a block of PEM */
    bool below;     /* lines that are indented deeper than `indent` belong to a secret */
    bool empty;     /* so far there was nothing of it */
    bool continued; /* the line before ends in a backslash, and with it a secret */
    size_t indent, line_indent; /* of that secret's line; of this one */
};

static void put(struct scrubbing *s, const char *from, const char *to)
{
    ry_doctor_text_put(&s->out, from, (size_t)(to - from));
}

/* In place of a part; one that is gone by its value already is not counted twice. */
static void put_gone(struct scrubbing *s, const char *from, const char *to)
{
    bool before = (size_t)(to - from) == strlen(GONE) && memcmp(from, GONE, strlen(GONE)) == 0;
    ry_doctor_text_put(&s->out, GONE, strlen(GONE));
    s->gone += !before;
}

/* ---- by name --------------------------------------------------------------------------------- */

static bool is_name(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_' || c == '-' || c == '.';
}

static const char *past_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* "is " and what has a digit or stands in quotes: no prose. NULL: it is none of them. */
static const char *value_of_sentence(const char *at, const char *end)
{
    bool digit = false;
    if (end - at < 3 || strncasecmp(at, "is", 2) != 0 || (at[2] != ' ' && at[2] != '\t'))
        return NULL;
    const char *value = past_blanks(at + 2, end), *to = value;
    if (value < end && (*value == '"' || *value == '\''))
        return value;
    for (; to < end && isspace((unsigned char)*to) == 0; to++)
        digit |= isdigit((unsigned char)*to) != 0;
    return digit && to - value >= RY_DOCTOR_KNOWN_CHARS ? value : NULL;
}

/* Where the name ends that begins at `at`; "api key" is one. */
static const char *end_of_name(const char *at, const char *end)
{
    while (at < end && is_name(*at))
        at++;
    bool key =
        end - at >= 4 && strncasecmp(at, " key", 4) == 0 && (end - at == 4 || !is_name(at[4]));
    return key ? at + 4 : at;
}

/* Behind what joins a name and its value; NULL: nothing does. "%3D" is the = of a URL's part. */
static const char *past_joint(const char *at, const char *end)
{
    static const char *const joints[] = {"==", "=>", "=", ":=", "::", ":", "->", "%3D", "%3d"};
    for (unsigned i = 0; i < sizeof joints / sizeof *joints; i++) {
        size_t length = strlen(joints[i]);
        if ((size_t)(end - at) >= length && memcmp(at, joints[i], length) == 0)
            return past_blanks(at + length, end);
    }
    return NULL;
}

/* Behind the quote at `at`, which JSON within JSON escapes; NULL: there is none. */
static const char *past_quote(const char *at, const char *end)
{
    while (at < end && *at == '\\')
        at++;
    return at < end && (*at == '"' || *at == '\'') ? at + 1 : NULL;
}

/* Where the value begins of the name that ends at `at`; NULL: no value stands behind it. */
static const char *value_of(const char *name, const char *at, const char *line, const char *end)
{
    const char before = name > line ? name[-1] : '\0';
    const char *quote = past_quote(at, end); /* also of a quoted line's last word */
    const char *next = past_blanks(at, end), *value = NULL;
    if (before == '<' && at < end && *at == '>')
        return at + 1; /* an element of XML */
    if (next > at && (value = value_of_sentence(next, end)) != NULL)
        return value;
    if (quote == NULL && (before == '"' || before == '\''))
        return NULL; /* a sentence in quotes that begins with such a word */
    next = past_blanks(quote != NULL ? quote : at, end);
    value = past_joint(next, end);
    if (value != NULL)
        return value;
    bool marked = next < end && (*next == '"' || *next == '\'');
    return (name[0] == '-' || marked) && next > at ? next : NULL;
}

/* The end of the value: behind the quote that ends it, else of the line. */
static const char *end_of_value(const char *value, const char *end)
{
    bool quoted = value < end && (*value == '"' || *value == '\'');
    for (const char *at = value + 1; quoted && at < end; at++) {
        bool doubled = *value == '\'' && at + 1 < end && at[1] == '\''; /* YAML's */
        if (*at == *value && !doubled)
            return at + 1;
        at += *at == *value;
        at += *at == '\\' && at + 1 < end;
    }
    return end;
}

static size_t indent_of(const char *line, const char *end)
{
    size_t indent = 0;
    while (line + indent < end && (line[indent] == ' ' || line[indent] == '\t'))
        indent++;
    return indent;
}

/* Whether lines below can belong to the value: the name is the first thing in its line, as keys of
 * YAML and JSON are, or the value is one that goes on. */
static bool opens(const char *line, const char *name, const char *value, const char *end)
{
    if (value < end && strchr("[{|>\"'", *value) != NULL)
        return true;
    while (line < name && strchr(" \t-\"'", *line) != NULL)
        line++;
    return line == name;
}

/* The value of a secret's name: it goes, and what hangs on it in the lines below. Returns where the
 * line goes on. */
static const char *drop_value(struct scrubbing *s, const char *line, const char *name,
                              const char *value, const char *end)
{
    const char *to = end_of_value(value, end);
    while (to == end && to > value && (to[-1] == ' ' || to[-1] == '\r'))
        to--;
    if (to > value)
        put_gone(s, value, to);
    s->continued = to > value && to[-1] == '\\';
    s->below = past_blanks(to, end) == end && opens(line, name, value, end);
    s->empty = to == value;
    s->indent = s->line_indent;
    return to;
}

/* ---- a line ---------------------------------------------------------------------------------- */

static const char *step(struct scrubbing *s, const char *line, const char *at, const char *end)
{
    size_t keep, secret = ry_doctor_secret_form(line, at, end, &keep);
    if (secret > 0) {
        put(s, at, at + keep);
        put_gone(s, at + keep, at + secret);
        return at + secret;
    }
    if (!is_name(*at) || (at > line && is_name(at[-1]))) {
        put(s, at, at + 1);
        return at + 1;
    }
    const char *to = end_of_name(at, end);
    const char *value =
        ry_doctor_is_secret_name(at, (size_t)(to - at)) ? value_of(at, to, line, end) : NULL;
    if (value == NULL) {
        put(s, at, at + 1);
        return at + 1;
    }
    put(s, at, value);
    return drop_value(s, line, at, value, end);
}

/* "-----BEGIN ..-----" to "-----END ..-----", in one line (JSON's \n) or several. */
static const char *find(const char *at, const char *end, const char *what)
{
    return memmem(at, (size_t)(end - at), what, strlen(what));
}

/* Lines of a block: base64, or a head "Proc-Type: 4,ENCRYPTED"; else it was cut off. */
static bool is_pem(const char *line, const char *end)
{
    const char *at = past_blanks(line, end), *from = at;
    while (at < end && (isalnum((unsigned char)*at) != 0 || strchr("+/=\r-", *at) != NULL))
        at++;
    return at == end || (at > from && *at == ':' && isdigit((unsigned char)*from) == 0);
}

static const char *leave_pem(struct scrubbing *s, const char *line, const char *end)
{
    const char *last = find(line, end, "-----END ");
    if (last == NULL) {
        s->pem = is_pem(line, end);
        return s->pem ? end : line;
    }
    s->pem = false;
    last = find(last + strlen("-----END "), end, "-----");
    return last != NULL ? last + strlen("-----") : end;
}

/* The block that begins at `at`. Returns where the line goes on. */
static const char *enter_pem(struct scrubbing *s, const char *at, const char *end)
{
    put_gone(s, at, end);
    s->pem = find(at, end, "-----END ") == NULL;
    return s->pem ? end : leave_pem(s, at, end);
}

#define PEM_HEAD "-----BEGIN "

static bool is_pem_head(const char *at, const char *end)
{
    size_t bytes = strlen(PEM_HEAD);
    return *at == '-' && (size_t)(end - at) >= bytes && memcmp(at, PEM_HEAD, bytes) == 0;
}

/* Whether a secret, or the name of one, can begin here; most of a text is passed over by this. */
static bool may_begin(const char *line, const char *at, const char *end)
{
    if (*at == ':' || is_pem_head(at, end))
        return true; /* whatever is before it: the rest of a URL, of a JSON string */
    bool inside =
        at > line && (isalnum((unsigned char)at[-1]) != 0 || at[-1] == '_' || at[-1] == '-');
    return !inside && (is_name(*at) || *at == '+' || *at == '/');
}

/* True: the line hangs on a secret above and is gone. */
static bool hangs(struct scrubbing *s, const char *line, const char *end)
{
    size_t indent = s->line_indent;
    if (s->continued) {
        s->continued = end > line && end[-1] == '\\';
        return true;
    }
    if (!s->below || line + indent == end)
        return false;
    bool item = indent == s->indent && line[indent] == '-' && line + indent + 1 < end &&
                line[indent + 1] == ' ';
    s->below = indent > s->indent || item;
    s->gone += s->below && s->empty; /* the first of a value that has nothing in its own line */
    s->empty = s->empty && !s->below;
    return s->below;
}

/* False: nothing is left of the line, its end neither, so that nobody sees how long a secret is. */
static bool scrub_line(struct scrubbing *s, const char *line, const char *end)
{
    const char *at = line;
    bool pem = s->pem;
    size_t before = s->out.bytes;
    s->line_indent = indent_of(line, end);
    if (pem)
        at = leave_pem(s, line, end);
    else if (hangs(s, line, end))
        return false;
    while (at < end) {
        const char *from = at;
        while (at < end && !may_begin(line, at, end))
            at++;
        put(s, from, at);
        if (at < end && is_pem_head(at, end))
            at = enter_pem(s, at, end);
        else if (at < end)
            at = step(s, line, at, end);
    }
    return !pem || s->out.bytes > before;
}

static void scrub_lines(struct scrubbing *s, const char *text, size_t bytes)
{
    const char *all = text + bytes;
    for (const char *line = text; line < all;) {
        const char *end = memchr(line, '\n', (size_t)(all - line));
        end = end != NULL ? end : all;
        if (scrub_line(s, line, end) && end < all)
            put(s, end, end + 1);
        line = end + 1;
    }
}

/* ---- by value -------------------------------------------------------------------------------- */

/* The longest of those that begin here; 0: none. */
static size_t known_at(const struct ry_doctor_scrub *scrub, const char *at, size_t bytes)
{
    size_t longest = 0;
    for (unsigned i = 0; i < scrub->count; i++) {
        size_t length = strlen(scrub->known[i]);
        if (length > longest && length <= bytes && memcmp(at, scrub->known[i], length) == 0)
            longest = length;
    }
    return longest;
}

static void scrub_known(const struct ry_doctor_scrub *scrub, struct scrubbing *s, const char *text,
                        size_t bytes)
{
    for (size_t i = 0; i < bytes;) {
        size_t length = known_at(scrub, text + i, bytes - i);
        if (length > 0)
            put_gone(s, text + i, text + i + length);
        else
            put(s, text + i, text + i + 1);
        i += length > 0 ? length : 1;
    }
}

/* Values first: what else is scrubbed may lie in the middle of one. */
char *ry_doctor_scrub(const struct ry_doctor_scrub *scrub, const char *text, size_t *bytes,
                      unsigned *gone)
{
    struct scrubbing values = {.gone = 0}, lines = {.gone = 0};
    scrub_known(scrub, &values, text, *bytes);
    ry_doctor_text_put(&values.out, "", 0);
    scrub_lines(&lines, values.out.at, values.out.bytes);
    ry_doctor_text_put(&lines.out, "", 0);
    free(values.out.at);
    *bytes = lines.out.bytes;
    *gone = values.gone + lines.gone;
    return lines.out.at;
}
