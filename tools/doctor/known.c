/* Of tools/doctor/scrub.h: secrets that are known by their value, and where they are looked for. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/doctor/scrub.h"

#define ENVIRONMENT_CHARS                                                                          \
    8 /* of a value there, at least: a name may say secret and mean a switch */
#define FILE_BYTES 65536

static bool is_known(const struct ry_doctor_scrub *scrub, const char *value)
{
    for (unsigned i = 0; i < scrub->count; i++)
        if (strcmp(scrub->known[i], value) == 0)
            return true;
    return false;
}

static void keep(struct ry_doctor_scrub *scrub, char *value)
{
    if (scrub->count < RY_DOCTOR_KNOWN_MAX && !is_known(scrub, value)) {
        scrub->known[scrub->count++] = value;
        return;
    }
    scrub->more += !is_known(scrub, value);
    free(value);
}

/* As JSON writes it. */
static char *escaped(const char *value)
{
    char *text = malloc(2 * strlen(value) + 1), *at = text;
    if (text == NULL)
        abort(); /* no memory */
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\')
            *at++ = '\\';
        *at++ = *value;
    }
    *at = '\0';
    return text;
}

static void know_line(struct ry_doctor_scrub *scrub, const char *value, size_t length)
{
    while (length > 0 && isspace((unsigned char)value[length - 1]) != 0)
        length--;
    for (; length > 0 && isspace((unsigned char)*value) != 0; length--)
        value++;
    if (length < RY_DOCTOR_KNOWN_CHARS || memchr(value, '\0', length) != NULL)
        return;
    char *copy = strndup(value, length);
    if (copy == NULL)
        abort(); /* no memory */
    char *in_json = escaped(copy);
    keep(scrub, copy);
    keep(scrub, in_json);
}

void ry_doctor_scrub_know(struct ry_doctor_scrub *scrub, const char *value, size_t length)
{
    for (const char *end = value + length; value < end;) {
        const char *newline = memchr(value, '\n', (size_t)(end - value));
        const char *to = newline != NULL ? newline : end;
        know_line(scrub, value, (size_t)(to - value));
        value = to + 1;
    }
}

void ry_doctor_scrub_know_environment(struct ry_doctor_scrub *scrub)
{
    for (char **at = environ; at != NULL && *at != NULL; at++) {
        const char *equals = strchr(*at, '=');
        if (equals != NULL && strlen(equals + 1) >= ENVIRONMENT_CHARS &&
            ry_doctor_is_secret_name(*at, (size_t)(equals - *at)))
            ry_doctor_scrub_know(scrub, equals + 1, strlen(equals + 1));
    }
}

static void know_file(struct ry_doctor_scrub *scrub, const char *path, const char *folder)
{
    char full[PATH_MAX], text[FILE_BYTES];
    snprintf(full, sizeof full, "%s%s%s", path[0] == '/' ? "" : folder, path[0] == '/' ? "" : "/",
             path);
    FILE *file = fopen(full, "re");
    if (file == NULL)
        return; /* its secret is not ours to know, nor anybody's here to tell */
    ry_doctor_scrub_know(scrub, text, fread(text, 1, sizeof text, file));
    explicit_bzero(text, sizeof text);
    fclose(file);
}

static void know_property(struct ry_doctor_scrub *scrub, const char *value, size_t length,
                          const char *folder)
{
    char inner[PATH_MAX];
    if (length == 0)
        return;
    bool elsewhere = length > 3 && strncmp(value, "${", 2) == 0 && value[length - 1] == '}';
    snprintf(inner, sizeof inner, "%.*s", elsewhere ? (int)(length - 3) : 0,
             elsewhere ? value + 2 : value);
    if (strncmp(inner, "file:", 5) == 0)
        know_file(scrub, inner + 5, folder);
    else if (strncmp(inner, "env:", 4) == 0 && getenv(inner + 4) != NULL)
        ry_doctor_scrub_know(scrub, getenv(inner + 4), strlen(getenv(inner + 4)));
    else if (!elsewhere)
        ry_doctor_scrub_know(scrub, value, length);
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) != 0 || (c != '\0' && strchr("_-.", c) != NULL);
}

/* NAME=VALUE in the middle of a value, as JAAS has it; VALUE without the quotes around it. */
static void know_inside(struct ry_doctor_scrub *scrub, const char *text)
{
    for (const char *at = strchr(text, '='); at != NULL; at = strchr(at + 1, '=')) {
        const char *name = at, *value = at + 1;
        while (name > text && is_name(name[-1]))
            name--;
        if (!ry_doctor_is_secret_name(name, (size_t)(at - name)))
            continue;
        char quote[] = {*value, '\n', '\0'};
        bool quoted = *value == '"' || *value == '\'';
        value += quoted;
        size_t length = strcspn(value, quoted ? quote : " \t\r\n,;\\");
        if (strncmp(value, "${", 2) != 0)
            ry_doctor_scrub_know(scrub, value, length);
    }
}

void ry_doctor_scrub_know_properties(struct ry_doctor_scrub *scrub, const char *text,
                                     const char *folder)
{
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n"), name = strcspn(line, "=\n");
        const char *value = line + name + 1;
        const char *end = line + length;
        size_t bare = name;
        while (bare > 0 && isspace((unsigned char)line[bare - 1]) != 0)
            bare--;
        if (name < length && ry_doctor_is_secret_name(line, bare)) {
            while (value < end && isspace((unsigned char)*value) != 0)
                value++;
            while (end > value && isspace((unsigned char)end[-1]) != 0)
                end--;
            know_property(scrub, value, (size_t)(end - value), folder);
        }
        line += length + (line[length] == '\n');
    }
    know_inside(scrub, text);
}

void ry_doctor_scrub_close(struct ry_doctor_scrub *scrub)
{
    for (unsigned i = 0; i < scrub->count; i++) {
        explicit_bzero(scrub->known[i], strlen(scrub->known[i]));
        free(scrub->known[i]);
    }
    *scrub = (struct ry_doctor_scrub){.count = 0};
}
