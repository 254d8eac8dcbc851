/*
 * A tiny HTTP server on a port of its own of 127.0.0.1, a thread: it takes one request at a time,
 * keeps the bodies, and answers as the test says. For clients of collectors and of language models.
 */
#ifndef RY_TESTS_SUPPORT_COLLECTOR_RIG_H
#define RY_TESTS_SUPPORT_COLLECTOR_RIG_H

#include <stdbool.h>
#include <stddef.h>

#define RY_TEST_COLLECTOR_HEAD 4096
#define RY_TEST_COLLECTOR_BODY (1u << 20)

struct ry_test_collector;

/* Answers requests with `status` and `body` until told otherwise. */
struct ry_test_collector *ry_test_collector_open(unsigned status, const char *body);
/* From the next request on; status 0: it takes the request and never answers. The body lives as
 * long as the collector. */
void ry_test_collector_answers(struct ry_test_collector *collector, unsigned status,
                               const char *body);
/* "http://127.0.0.1:PORT/v1/traces" */
const char *ry_test_collector_url(const struct ry_test_collector *collector);
/* Requests that came whole; the last one's head and body are copied, RY_TEST_COLLECTOR_HEAD and
 * RY_TEST_COLLECTOR_BODY bytes with a NUL, where these are not NULL. */
unsigned ry_test_collector_requests(struct ry_test_collector *collector, char *head, char *body);
void ry_test_collector_close(struct ry_test_collector *collector);

#endif
