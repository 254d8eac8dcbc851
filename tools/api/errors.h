/*
 * The table of errors, tools/api/errors.def.
 */
#ifndef RY_TOOLS_API_ERRORS_H
#define RY_TOOLS_API_ERRORS_H

#include "tools/api/api.h"

struct ry_api_error_about {
    const char *code;
    unsigned status;
    const char *sentence, *remedy;
};

const struct ry_api_error_about *ry_api_error_about(enum ry_api_error error);

#endif
