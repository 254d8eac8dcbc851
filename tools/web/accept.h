/*
 * Which format of metrics a request asks for: the header Accept of HTTP (RFC 9110, 12.5.1).
 *
 * Example: what Prometheus sends,
 * "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5", is
 * answered with OpenMetrics. It must be named; what a wildcard would allow too stays Prometheus's
 * text, as does everything that cannot be understood.
 */
#ifndef RY_TOOLS_WEB_ACCEPT_H
#define RY_TOOLS_WEB_ACCEPT_H

#include <stddef.h>

#include "tools/web/exposition.h"

/* `bytes` of a header's value; no NUL is needed. */
enum ry_web_format ry_web_accept(const char *header, size_t bytes);

/* The value of Content-Type of an answer. */
const char *ry_web_content_type(enum ry_web_format format);

#endif
