/*
 * The interface for who reads it: the document of OpenAPI, and tables in Markdown.
 */
#ifndef RY_TOOLS_API_PRINT_H
#define RY_TOOLS_API_PRINT_H

#include <stdbool.h>
#include <stdio.h>

void ry_api_print_openapi(FILE *out);

/* "paths", "errors", "answers": the tables of docs/API.md. False: there is no such table. */
bool ry_api_print_table(FILE *out, const char *table);

#endif
