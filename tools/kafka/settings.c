#include "tools/kafka/settings.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/battle/nearest.h"
#include "tools/kafka/message.h"
#include "tools/kafka/settings_table.h"

#define OWN       "royale."
#define KEY_BYTES 128

/* A file that is read: where it is, what was seen, what is wrong. */
struct reading {
    struct ry_kafka_settings *settings;
    rd_kafka_conf_t *conf; /* takes each property, to see whether it does */
    char *error;           /* RY_KAFKA_ERROR_BYTES */
    unsigned line;
    char key[KEY_BYTES]; /* of the line; empty: not known yet */
    char (*seen)[KEY_BYTES];
    unsigned *seen_line, seen_count;
    bool secret; /* the file itself has one */
};

/* ---- errors ---------------------------------------------------------------------------------- */

/* "FILE:LINE: KEY: what". */
__attribute__((format(printf, 2, 3))) static int wrong(struct reading *reading, const char *format,
                                                       ...)
{
    va_list arguments;
    int length =
        snprintf(reading->error, RY_KAFKA_ERROR_BYTES, "%.200s:%u: %s%s", reading->settings->file,
                 reading->line, reading->key, reading->key[0] != 0 ? ": " : "");
    va_start(arguments, format);
    vsnprintf(reading->error + length, RY_KAFKA_ERROR_BYTES - (size_t)length, format, arguments);
    va_end(arguments);
    return -1;
}

/* ---- secrets --------------------------------------------------------------------------------- */

bool ry_kafka_settings_secret(const char *name)
{
    static const char *const words[] = {"password", "secret",  "passphrase",
                                        "key.pem",  "ssl_key", "oauthbearer.config"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(name, words[i]) != NULL)
            return true;
    return false;
}

static void scrub_one(char *text, const char *secret)
{
    size_t length = strlen(secret), stars = length < 3 ? length : 3;
    if (length == 0)
        return;
    for (char *at = text; (at = strstr(at, secret)) != NULL; at += stars) {
        memset(at, '*', stars);
        memmove(at + stars, at + length, strlen(at + length) + 1);
    }
}

void ry_kafka_settings_scrub(const struct ry_kafka_settings *settings, char *text)
{
    for (unsigned i = 0; i < settings->properties; i++)
        if (ry_kafka_settings_secret(settings->property[i].name))
            scrub_one(text, settings->property[i].value);
}

static bool others_read(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0;
}

static void warn(struct ry_kafka_settings *settings, const char *path)
{
    if (others_read(path))
        snprintf(settings->warning, sizeof settings->warning,
                 "%.300s holds a secret and everybody can read it; chmod o-r %.100s", path, path);
}

/* ---- values from elsewhere ------------------------------------------------------------------- */

static char *copied(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        abort(); /* no memory */
    return copy;
}

/* What a file holds, without the newline at its end; NULL with the error. */
static char *of_file(struct reading *reading, const char *path)
{
    char full[2 * RY_BATTLE_PATH_BYTES];
    const char *slash = strrchr(reading->settings->file, '/');
    int folder = path[0] == '/' || slash == NULL ? 0 : (int)(slash - reading->settings->file) + 1;
    snprintf(full, sizeof full, "%.*s%.*s", folder, reading->settings->file,
             RY_BATTLE_PATH_BYTES - 1, path);
    FILE *file = fopen(full, "re");
    char *text = file != NULL ? calloc(1, RY_KAFKA_VALUE_BYTES + 1) : NULL;
    size_t bytes = text != NULL ? fread(text, 1, RY_KAFKA_VALUE_BYTES, file) : 0;
    bool failed = text == NULL || ferror(file) != 0;
    if (failed)
        (void)wrong(reading, "cannot read %.150s: %s", full, strerror(errno));
    else if (bytes == RY_KAFKA_VALUE_BYTES)
        (void)wrong(reading, "%.150s has more than the %d bytes that a value may have", full,
                    RY_KAFKA_VALUE_BYTES - 1);
    else if (strlen(text) != bytes)
        (void)wrong(reading, "%.150s has a zero byte: it is no text", full);
    failed |= bytes == RY_KAFKA_VALUE_BYTES || (text != NULL && strlen(text) != bytes);
    if (file != NULL)
        fclose(file);
    if (failed) {
        free(text);
        return NULL;
    }
    if (bytes > 0 && text[bytes - 1] == '\n')
        text[--bytes] = 0;
    if (bytes > 0 && text[bytes - 1] == '\r')
        text[--bytes] = 0;
    if (ry_kafka_settings_secret(reading->key))
        warn(reading->settings, full);
    return text;
}

static char *of_environment(struct reading *reading, const char *name)
{
    const char *value = getenv(name);
    if (value != NULL)
        return copied(value);
    (void)wrong(reading, "the environment has no %.100s; set it where the program is started",
                name);
    return NULL;
}

/* The value that `text` means, which the caller frees; NULL with the error. */
static char *value_of(struct reading *reading, const char *text)
{
    size_t length = strlen(text);
    if (strncmp(text, "${", 2) != 0 || text[length - 1] != '}') {
        reading->secret |= length > 0 && ry_kafka_settings_secret(reading->key);
        return copied(text);
    }
    char inner[RY_BATTLE_PATH_BYTES];
    snprintf(inner, sizeof inner, "%.*s", (int)(length - 3), text + 2);
    if (length - 3 >= sizeof inner)
        (void)wrong(reading, "what stands in ${} is longer than %zu bytes", sizeof inner - 1);
    else if (strncmp(inner, "file:", 5) == 0)
        return of_file(reading, inner + 5);
    else if (strncmp(inner, "env:", 4) == 0)
        return of_environment(reading, inner + 4);
    else /* it may be a secret that looks so: it is not shown */
        (void)wrong(reading, "what is ${..} stands elsewhere: ${file:PATH} or ${env:NAME}");
    return NULL;
}

/* ---- properties of librdkafka ---------------------------------------------------------------- */

/* The properties' names, as the library prints them: "NAME | C/P | ...". */
static void offer_properties(struct ry_battle_nearest *nearest)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (out == NULL)
        abort(); /* no memory */
    rd_kafka_conf_properties_show(out);
    fclose(out);
    for (char *at = text, *line; (line = strsep(&at, "\n")) != NULL;) {
        char *end = line + strcspn(line, " |");
        if (end != line && strchr(end, '|') != NULL && strchr(line, '.') < end) {
            *end = 0;
            (void)ry_battle_nearest_offer(nearest, line);
        }
    }
    free(text);
}

static int check_property(struct reading *reading, const char *name, const char *value)
{
    char said[RY_KAFKA_ERROR_BYTES];
    struct ry_battle_nearest nearest;
    for (unsigned i = 0; i < ry_kafka_settings_refused_count; i++)
        if (strcmp(ry_kafka_settings_refused[i].property, name) == 0)
            return wrong(reading, "%s; take the line out", ry_kafka_settings_refused[i].sentence);
    switch (rd_kafka_conf_set(reading->conf, name, value, said, sizeof said)) {
    case RD_KAFKA_CONF_OK: return 0;
    case RD_KAFKA_CONF_UNKNOWN:
        ry_battle_nearest_begin(&nearest, name);
        offer_properties(&nearest);
        return wrong(reading,
                     "librdkafka %s has no such property%s; the house's own begin with " OWN,
                     rd_kafka_version_str(), nearest.said);
    case RD_KAFKA_CONF_INVALID: break;
    }
    if (ry_kafka_settings_secret(name))
        return wrong(reading, "librdkafka does not take its value, which is not shown");
    return wrong(reading, "%.80s: %s", value, said);
}

static int take_property(struct reading *reading, const char *name, char *value)
{
    struct ry_kafka_settings *settings = reading->settings;
    if (settings->properties == RY_KAFKA_PROPERTIES_MAX)
        return wrong(reading, "there are more than %d properties", RY_KAFKA_PROPERTIES_MAX);
    if (check_property(reading, name, value) != 0)
        return -1;
    settings->property[settings->properties++] =
        (struct ry_kafka_property){copied(name), copied(value), reading->line};
    return 0;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static char *trimmed(char *text)
{
    text += strspn(text, " \t\r\n\f");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n\f", text[length - 1]) != NULL)
        text[--length] = 0;
    return text;
}

static int see(struct reading *reading)
{
    for (unsigned i = 0; i < reading->seen_count; i++)
        if (strcmp(reading->seen[i], reading->key) == 0)
            return wrong(reading, "line %u has it already; one of the two must go",
                         reading->seen_line[i]);
    unsigned count = reading->seen_count + 1;
    reading->seen = realloc(reading->seen, count * sizeof *reading->seen);
    reading->seen_line = realloc(reading->seen_line, count * sizeof *reading->seen_line);
    if (reading->seen == NULL || reading->seen_line == NULL)
        abort(); /* no memory */
    strcpy(reading->seen[reading->seen_count], reading->key);
    reading->seen_line[reading->seen_count++] = reading->line;
    return 0;
}

/* A line that is no KEY=VALUE may be a part of a secret: it is not shown. */
static int take_line(struct reading *reading, char *line)
{
    char *text = trimmed(line), *equals = strchr(text, '=');
    char said[RY_KAFKA_ERROR_BYTES];
    reading->key[0] = 0;
    if (text[0] == 0 || text[0] == '#' || text[0] == '!')
        return 0;
    if (equals == NULL)
        return wrong(reading, "there is no = in it; each line is KEY=VALUE, or a comment behind #");
    *equals = 0;
    const char *key = trimmed(text);
    if (key[0] == 0 || strlen(key) >= sizeof reading->key)
        return wrong(reading, "before = there must be a key of 1 to %d characters", KEY_BYTES - 1);
    for (const char *at = key; *at != 0; at++)
        if (*at <= ' ' || *at > '~')
            return wrong(reading, "before = there must be a key without blanks");
    strcpy(reading->key, key);
    if (see(reading) != 0)
        return -1;
    char *value = value_of(reading, trimmed(equals + 1));
    if (value == NULL)
        return -1;
    int result = 0;
    if (strncmp(key, OWN, strlen(OWN)) != 0)
        result = take_property(reading, key, value);
    else if (!ry_kafka_settings_set(reading->settings, key, value, said))
        result = wrong(reading, "%s", said);
    free(value);
    return result;
}

static int take_lines(struct reading *reading, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    int result = 0;
    errno = 0;
    for (ssize_t bytes; result == 0 && (bytes = getline(&line, &room, file)) >= 0;) {
        reading->line++;
        reading->key[0] = 0;
        if (bytes >= RY_KAFKA_VALUE_BYTES)
            result = wrong(reading, "more than %d bytes in a line", RY_KAFKA_VALUE_BYTES - 1);
        else if (strlen(line) != (size_t)bytes)
            result = wrong(reading, "a zero byte: this is no text");
        else
            result = take_line(reading, line);
    }
    if (result == 0 && ferror(file) != 0) {
        snprintf(reading->error, RY_KAFKA_ERROR_BYTES, "cannot read %.300s: %s",
                 reading->settings->file, strerror(errno));
        result = -1;
    }
    if (line != NULL)
        explicit_bzero(line, room);
    free(line);
    return result;
}

static int read_file(struct ry_kafka_settings *settings, const char *path, char *error)
{
    struct reading reading = {.settings = settings, .error = error};
    if (strlen(path) >= sizeof settings->file) {
        snprintf(error, RY_KAFKA_ERROR_BYTES, "the settings file's name is longer than %zu bytes",
                 sizeof settings->file - 1);
        return -1;
    }
    strcpy(settings->file, path);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(
            error, RY_KAFKA_ERROR_BYTES,
            "cannot read %.300s: %s; it is a file of lines KEY=VALUE, `royale kafka settings` lists "
            "the keys",
            path, strerror(errno));
        return -1;
    }
    reading.conf = rd_kafka_conf_new();
    int result = take_lines(&reading, file);
    if (reading.secret)
        warn(settings, path);
    rd_kafka_conf_destroy(reading.conf);
    free(reading.seen);
    free(reading.seen_line);
    fclose(file);
    return result;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Two topics of one name would hold some rows twice, and others under a wrong key. */
static int check_names(const struct ry_kafka_settings *settings, char *error)
{
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        const char *name = settings->topic[i].name, *word = ry_kafka_topics[i].word;
        for (unsigned j = 0; j <= i; j++) {
            bool own = j == i;
            if (strcmp(name, own ? settings->cursors : settings->topic[j].name) != 0)
                continue;
            if (own)
                snprintf(error, RY_KAFKA_ERROR_BYTES,
                         "%.200s: royale.topic.%s.name: the cursors have that topic; give it "
                         "another name",
                         settings->file, word);
            else
                snprintf(error, RY_KAFKA_ERROR_BYTES,
                         "%.200s: royale.topic.%s.name: royale.topic.%s has that name too; each "
                         "topic needs one of its own, or royale.topic.%s.rows=none",
                         settings->file, word, ry_kafka_topics[j].word, word);
            if (own || (settings->topic[i].rows != 0 && settings->topic[j].rows != 0))
                return -1;
        }
    }
    return 0;
}

/* What a registry's clients would look for. */
static int check_schemas(const struct ry_kafka_settings *settings, char *error)
{
    static const char *const names[] = {
        [RY_KAFKA_REGISTRY_NONE] = "there is no registry; royale.registry says which",
        [RY_KAFKA_REGISTRY_CONFLUENT] = "confluent calls a schema by a GUID, 32 hexadecimal digits",
        [RY_KAFKA_REGISTRY_APICURIO] =
            "apicurio calls a schema by a number, its contentId, or globalId:NUMBER"};
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        const char *schema = settings->topic[i].schema;
        if (schema[0] == 0 || ry_kafka_message_schema(settings->registry, schema))
            continue;
        bool none = settings->registry == RY_KAFKA_REGISTRY_NONE;
        snprintf(error, RY_KAFKA_ERROR_BYTES, "%.200s: royale.topic.%s.schema: %s%s%s",
                 settings->file, ry_kafka_topics[i].word, none ? "" : schema, none ? "" : ": ",
                 names[settings->registry]);
        return -1;
    }
    return 0;
}

static int set_brokers(struct ry_kafka_settings *settings, const char *brokers, char *error)
{
    static const char *const names[] = {"bootstrap.servers", "metadata.broker.list"};
    bool given = false;
    for (unsigned i = 0; i < settings->properties; i++) {
        struct ry_kafka_property *property = &settings->property[i];
        for (unsigned j = 0; j < 2; j++)
            if (strcmp(property->name, names[j]) == 0) {
                given = true;
                if (brokers == NULL)
                    continue;
                free(property->value);
                property->value = copied(brokers);
                property->line = 0;
            }
    }
    if (brokers != NULL && (brokers[0] == 0 || strpbrk(brokers, " \t\n") != NULL)) {
        snprintf(error, RY_KAFKA_ERROR_BYTES,
                 "brokers are HOST:PORT with commas between, without blanks");
        return -1;
    }
    if (given)
        return 0;
    if (settings->properties == RY_KAFKA_PROPERTIES_MAX) {
        snprintf(error, RY_KAFKA_ERROR_BYTES, "%.200s: there are more than %d properties",
                 settings->file, RY_KAFKA_PROPERTIES_MAX - 1);
        return -1;
    }
    settings->property[settings->properties++] = (struct ry_kafka_property){
        copied(names[0]), copied(brokers != NULL ? brokers : RY_KAFKA_BROKERS_DEFAULT), 0};
    return 0;
}

int ry_kafka_settings_read(struct ry_kafka_settings *settings, const char *file,
                           const char *brokers, char error[RY_KAFKA_ERROR_BYTES])
{
    ry_kafka_settings_defaults(settings);
    if ((file == NULL || read_file(settings, file, error) == 0) &&
        check_names(settings, error) == 0 && check_schemas(settings, error) == 0 &&
        set_brokers(settings, brokers, error) == 0)
        return 0;
    ry_kafka_settings_close(settings);
    return -1;
}

void ry_kafka_settings_close(struct ry_kafka_settings *settings)
{
    for (unsigned i = 0; i < settings->properties; i++) {
        explicit_bzero(settings->property[i].value, strlen(settings->property[i].value));
        free(settings->property[i].value);
        free(settings->property[i].name);
    }
    settings->properties = 0;
}

const char *ry_kafka_settings_property(const struct ry_kafka_settings *settings, const char *name)
{
    for (unsigned i = 0; i < settings->properties; i++)
        if (strcmp(settings->property[i].name, name) == 0)
            return settings->property[i].value;
    return NULL;
}
