#include "tools/page/html.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES     (2 * PATH_MAX)
#define FILE_BYTES_MAX (64u << 20)
#define HASH_BYTES     64 /* of a SHA-256 in base64 */

/* What Vite's index.html has, and what is written in its place. */
#define INDEX   "index.html"
#define CHARSET "<meta charset=\"utf-8\">"
#define SCRIPT  "<script type=\"module\""
#define STYLE   "<link rel=\"stylesheet\""
#define ANSWERS "<script type=\"application/gzip\" id=\"royale-battle\" data-battle=\""

/* An element that names a file, and the file. */
struct part {
    const char *begin, *end; /* of the element */
    char *text;
    char hash[HASH_BYTES];
};

static char *no_memory(char *why, size_t why_bytes)
{
    snprintf(why, why_bytes, "no memory");
    return NULL;
}

/* The whole file with a NUL behind it; NULL: `why`. */
static char *read_file(const char *folder, const char *name, char *why, size_t why_bytes)
{
    char path[PATH_BYTES], *text = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "re");
    if (in == NULL || fseek(in, 0, SEEK_END) != 0) {
        snprintf(why, why_bytes, "cannot read %s: %s", path, strerror(errno));
        if (in != NULL)
            (void)fclose(in);
        return NULL;
    }
    const long bytes = ftell(in);
    rewind(in);
    if (bytes < 0 || bytes > (long)FILE_BYTES_MAX)
        snprintf(why, why_bytes, "%s is no file of a page", path);
    else if ((text = malloc((size_t)bytes + 1)) == NULL)
        (void)no_memory(why, why_bytes);
    else
        text[fread(text, 1, (size_t)bytes, in)] = '\0';
    (void)fclose(in);
    return text;
}

/* What a script must not have in it where it stands within a page: the words that end it there.
 * Within strings, where alone they can stand, a backslash does not change what they say. */
static char *tamed(const char *script)
{
    char *out = malloc(2 * strlen(script) + 1), *to = out;
    for (const char *at = script; out != NULL && *at != '\0'; at++) {
        *to++ = *at;
        if (*at == '<' &&
            (strncasecmp(at + 1, "/script", 7) == 0 || strncmp(at + 1, "!--", 3) == 0))
            *to++ = '\\';
    }
    if (out != NULL)
        *to = '\0';
    return out;
}

static void hash(struct part *part)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(digest, (const uint8_t *)part->text, strlen(part->text));
    (void)sodium_bin2base64(part->hash, sizeof part->hash, digest, sizeof digest,
                            sodium_base64_VARIANT_ORIGINAL);
}

/* Finds the element and reads the file that its attribute names. False: `why`. */
static bool read_part(struct part *part, const char *index, const char *begins,
                      const char *attribute, const char *ends, const char *folder, char *why,
                      size_t why_bytes)
{
    char name[PATH_MAX];
    part->begin = strstr(index, begins);
    part->end = part->begin != NULL ? strstr(part->begin, ends) : NULL;
    const char *from = part->end != NULL ? strstr(part->begin, attribute) : NULL;
    const char *to = from != NULL ? strchr(from + strlen(attribute), '"') : NULL;
    if (to == NULL || to > part->end) {
        snprintf(why, why_bytes, "%s/" INDEX " has no %s: the page was built by another royale",
                 folder, begins);
        return false;
    }
    from += strlen(attribute);
    snprintf(name, sizeof name, "%.*s", (int)(to - from), from);
    part->end += strlen(ends);
    part->text = read_file(folder, name, why, why_bytes);
    return part->text != NULL;
}

/* The page from `from` to `to`, without the elements of both parts. */
static void write_page(FILE *out, const char *from, const char *to, const struct part *script,
                       const struct part *style)
{
    while (from < to) {
        const char *stop = to;
        const struct part *next = NULL;
        for (unsigned i = 0; i < 2; i++) {
            const struct part *part = i == 0 ? script : style;
            if (part->begin >= from && part->begin < stop) {
                stop = part->begin;
                next = part;
            }
        }
        (void)fwrite(from, 1, (size_t)(stop - from), out);
        from = next != NULL ? next->end : stop;
    }
}

static void write_policy(FILE *out, const struct part *script, const struct part *style)
{
    fprintf(
        out,
        "\n    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
        "'sha256-%s'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'\">",
        script->hash, style->hash);
}

static char *head_of(const char *index, const struct part *script, const struct part *style)
{
    char *text = NULL;
    size_t bytes;
    const char *charset = strstr(index, CHARSET), *head = strstr(index, "</head>"),
               *body = strstr(index, "</body>");
    FILE *out =
        charset != NULL && head != NULL && body != NULL ? open_memstream(&text, &bytes) : NULL;
    if (out == NULL)
        return NULL;
    charset += strlen(CHARSET);
    write_page(out, index, charset, script, style);
    write_policy(out, script, style);
    write_page(out, charset, head, script, style);
    fprintf(out, "<style>%s</style>\n  ", style->text);
    write_page(out, head, body, script, style);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static char *tail_of(const char *index, const struct part *script)
{
    char *text;
    if (asprintf(&text, "</script>\n    <script type=\"module\">%s</script>\n  %s", script->text,
                 strstr(index, "</body>")) == -1)
        return NULL;
    return text;
}

bool ry_page_html_read(struct ry_page_html *html, const char *folder, char *why, size_t why_bytes)
{
    struct part script = {.text = NULL}, style = {.text = NULL};
    *html = (struct ry_page_html){.head = NULL};
    char *index = read_file(folder, INDEX, why, why_bytes);
    if (index != NULL &&
        read_part(&script, index, SCRIPT, "src=\"", "</script>", folder, why, why_bytes) &&
        read_part(&style, index, STYLE, "href=\"", ">", folder, why, why_bytes)) {
        char *text = tamed(script.text);
        free(script.text);
        script.text = text;
        if (text != NULL) {
            hash(&script);
            hash(&style);
            html->head = head_of(index, &script, &style);
            html->tail = html->head != NULL ? tail_of(index, &script) : NULL;
        }
        if (html->tail == NULL)
            snprintf(why, why_bytes, "%s/" INDEX " is no page that this royale knows, or no memory",
                     folder);
    }
    free(index);
    free(script.text);
    free(style.text);
    if (html->tail == NULL)
        ry_page_html_free(html);
    return html->tail != NULL;
}

/* A name is any bytes: within quotes these are the ones that count. */
static void put_quoted(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(*text, out);
        }
}

void ry_page_html_begin(const struct ry_page_html *html, const char *battle, FILE *out)
{
    fputs(html->head, out);
    fputs(ANSWERS, out);
    put_quoted(out, battle);
    fputs("\">", out);
}

void ry_page_html_end(const struct ry_page_html *html, FILE *out)
{
    fputs(html->tail, out);
}

void ry_page_html_free(struct ry_page_html *html)
{
    free(html->head);
    free(html->tail);
    *html = (struct ry_page_html){.head = NULL};
}
