/* The table of errors, and how one is answered. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/api/errors.h"
#include "tools/api/internal.h"

#define MESSAGE_BYTES 1024

static const struct ry_api_error_about table[RY_API_ERRORS] = {
    [RY_API_E_none] = {"", 200, "", ""},
#define RY_API_ERROR(code, status, sentence, remedy)                                               \
    [RY_API_E_##code] = {#code, status, sentence, remedy},
#include "tools/api/errors.def"
};

const struct ry_api_error_about *ry_api_error_about(enum ry_api_error error)
{
    return &table[error];
}

unsigned ry_api_error_status(enum ry_api_error error)
{
    return table[error].status;
}

const char *ry_api_error_code(enum ry_api_error error)
{
    return table[error].code;
}

/* What is asked for may be any bytes. */
static json_t *text_of(const char *text)
{
    json_t *string = json_string(text);
    return string != NULL ? string : ry_text_json_string(text, MESSAGE_BYTES);
}

void ry_api_refuse(struct ry_api_answer *answer, enum ry_api_error error, json_t *details,
                   const char *format, ...)
{
    char message[MESSAGE_BYTES];
    const struct ry_api_error_about *about = &table[error];
    snprintf(message, sizeof message, "%s", about->sentence);
    if (format != NULL) {
        va_list list;
        va_start(list, format);
        vsnprintf(message, sizeof message, format, list);
        va_end(list);
    }
    json_t *object = ry_text_json_whole(json_object());
    if (details == NULL)
        details = ry_text_json_whole(json_object());
    if (json_object_get(details, "remedy") == NULL)
        ry_text_json_set(details, "remedy", json_string(about->remedy));
    ry_text_json_set(object, "code", json_string(about->code));
    ry_text_json_set(object, "message", text_of(message));
    ry_text_json_set(object, "details", details);
    free(answer->body);
    answer->status = about->status;
    answer->content_type = RY_API_JSON;
    answer->gzipped = false;
    answer->body = json_dumps(object, JSON_COMPACT);
    (void)ry_text_json_whole(answer->body != NULL ? object : NULL);
    answer->bytes = strlen(answer->body);
    if (error == RY_API_E_busy) {
        snprintf(message, sizeof message, "%d", RY_API_BUSY_S);
        ry_api_header(answer, "Retry-After", message);
    }
    json_decref(object);
}
