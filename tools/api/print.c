/* The interface on standard output: OpenAPI, and the tables of docs/API.md. */
#include <inttypes.h>
#include <string.h>

#include "tools/api/errors.h"
#include "tools/api/internal.h"
#include "tools/api/openapi.h"
#include "tools/api/print.h"
#include "tools/api/schemas.h"
#include "tools/text/markup.h"

void ry_api_print_openapi(FILE *out)
{
    json_t *document = ry_api_openapi();
    (void)json_dumpf(document, out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    fputc('\n', out);
    json_decref(document);
}

/* ---- paths ----------------------------------------------------------------------------------- */

static void put_range(FILE *out, const struct ry_api_param *param)
{
    switch (param->kind) {
    case RY_API_INTEGER:
        if (param->least == INT64_MIN)
            fputs("integer", out);
        else if (param->most == INT64_MAX)
            fprintf(out, "integer from %" PRId64, param->least);
        else
            fprintf(out, "%" PRId64 " to %" PRId64, param->least, param->most);
        return;
    case RY_API_FLAG: fputs("true, false", out); return;
    case RY_API_WORDS: fputs("words between commas", out); return;
    case RY_API_WORD: break;
    }
    fputs("word", out);
}

static void put_parameters(FILE *out, const struct ry_api_route *route)
{
    if (route->params == 0)
        return;
    fputs("\n| parameter | allowed | default | |\n|---|---|---|---|\n", out);
    for (unsigned i = 0; i < route->params; i++) {
        const struct ry_api_param *param = &route->param[i];
        fprintf(out, "| `%s` | ", param->name);
        put_range(out, param);
        fprintf(out, " | %s | ",
                param->needed             ? "needed"
                : param->fallback != NULL ? param->fallback
                                          : "");
        ry_text_markdown(out, param->sentence);
        fputs(" |\n", out);
    }
}

static void put_paths(FILE *out)
{
    const struct ry_api_route *route;
    const unsigned count = ry_api_routes(&route);
    for (unsigned i = 0; i < count; i++) {
        fprintf(out, "%s### `%s %s`\n\n", i > 0 ? "\n" : "", route[i].method, route[i].path);
        ry_text_markdown(out, route[i].sentence);
        fprintf(out, ". Scope %s; answers `%s`.\n", ry_api_scope_name(route[i].scope),
                route[i].schema);
        put_parameters(out, &route[i]);
    }
}

/* ---- errors and answers ---------------------------------------------------------------------- */

static void put_errors(FILE *out)
{
    fputs("| code | status | what happened | what to do |\n|---|---|---|---|\n", out);
    for (unsigned i = RY_API_E_none + 1; i < RY_API_ERRORS; i++) {
        const struct ry_api_error_about *about = ry_api_error_about((enum ry_api_error)i);
        fprintf(out, "| `%s` | %u | ", about->code, about->status);
        ry_text_markdown(out, about->sentence);
        fputs(" | ", out);
        ry_text_markdown(out, about->remedy);
        fputs(" |\n", out);
    }
}

static void put_answers(FILE *out)
{
    const struct ry_api_object *object;
    const unsigned count = ry_api_objects(&object);
    for (unsigned i = 0; i < count; i++) {
        fprintf(out, "%s### %s\n\n", i > 0 ? "\n" : "", object[i].name);
        ry_text_markdown(out, object[i].sentence);
        fputs(".\n\n| member | type | |\n|---|---|---|\n", out);
        for (unsigned m = 0; m < object[i].members; m++) {
            char type[64];
            fprintf(out, "| `%s` | %s | ", object[i].member[m].name,
                    ry_api_member_type(type, &object[i].member[m]));
            ry_text_markdown(out, object[i].member[m].sentence);
            fputs(" |\n", out);
        }
    }
}

bool ry_api_print_table(FILE *out, const char *table)
{
    static const struct {
        const char *name;
        void (*put)(FILE *out);
    } tables[] = {{"paths", put_paths}, {"errors", put_errors}, {"answers", put_answers}};
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (strcmp(tables[i].name, table) != 0)
            continue;
        tables[i].put(out);
        return true;
    }
    return false;
}
