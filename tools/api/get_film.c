/* The battle in columns of time. */
#include <stdlib.h>
#include <string.h>

#include "tools/api/pasts.h"

/* NULL: answered. */
static const struct ry_film *film_of(struct ry_api_call *call, struct ry_api_past *past,
                                     unsigned columns)
{
    const struct ry_film *film = NULL;
    const bool from = ry_api_given(call, "from_ns"), to = ry_api_given(call, "to_ns");
    if (from != to) {
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL,
                      "from_ns and to_ns: a range needs both");
        return NULL;
    }
    if (!from) {
        film = ry_past_film(past->past);
        if (film == NULL)
            ry_api_past_refuse(call, past, RY_PAST_EMPTY);
        return film;
    }
    const enum ry_past_code code = ry_past_film_range(past->past, ry_api_number(call, "from_ns"),
                                                      ry_api_number(call, "to_ns"), columns, &film);
    if (code == RY_PAST_OK)
        return film;
    ry_api_past_refuse(call, past, code);
    return NULL;
}

static void refuse(struct ry_api_call *call, enum ry_film_code code)
{
    const char *text = ry_film_code_text(code);
    switch (code) {
    case RY_FILM_OK: return;
    case RY_FILM_COLUMNS_RANGE:
        ry_api_refuse(call->answer, RY_API_E_bad_parameter, NULL, "%s", text);
        return;
    case RY_FILM_NO_INSTRUMENT:
    case RY_FILM_NOT_FILMED:
        ry_api_refuse(call->answer, RY_API_E_no_instrument, NULL, "%s: %s",
                      ry_api_text(call, "instrument"), text);
        return;
    case RY_FILM_NO_MEMORY: break;
    }
    ry_api_refuse(call->answer, RY_API_E_failed, NULL, "%s", text);
}

void ry_api_do_course(struct ry_api_call *call)
{
    const unsigned columns = (unsigned)ry_api_number(call, "columns");
    struct ry_api_past *past = ry_api_past(call);
    const struct ry_film *film = past != NULL ? film_of(call, past, columns) : NULL;
    char *body;
    size_t bytes;
    if (film == NULL)
        return;
    const enum ry_film_code code = ry_film_course_json(film, columns, &body, &bytes);
    if (code == RY_FILM_OK)
        ry_api_bytes(call, RY_API_JSON, body, bytes);
    else
        refuse(call, code);
}

void ry_api_do_depth(struct ry_api_call *call)
{
    const unsigned columns = (unsigned)ry_api_number(call, "columns");
    struct ry_api_past *past = ry_api_past(call);
    const struct ry_film *film = past != NULL ? film_of(call, past, columns) : NULL;
    uint8_t *body;
    size_t bytes;
    if (film == NULL)
        return;
    const enum ry_film_code code =
        ry_film_depth(film, ry_api_text(call, "instrument"), columns, &body, &bytes);
    if (code == RY_FILM_OK)
        ry_api_bytes(call, "application/octet-stream", (char *)body, bytes);
    else
        refuse(call, code);
}
