/*
 * The interface as OpenAPI 3.1, made of tools/api/routes.def, errors.def, schemas.def and
 * core/results/rows.def.
 */
#ifndef RY_TOOLS_API_OPENAPI_H
#define RY_TOOLS_API_OPENAPI_H

#include "tools/api/api.h"

/* A new reference. */
json_t *ry_api_openapi(void);

/* "read" */
const char *ry_api_scope_name(enum ry_api_scope scope);

#endif
