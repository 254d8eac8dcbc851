/*
 * A strict reader of what a server says to Prometheus, in both formats, for tests: it knows nothing
 * of how the texts are written.
 */
#ifndef RY_TESTS_SUPPORT_METRICS_RIG_H
#define RY_TESTS_SUPPORT_METRICS_RIG_H

#include <stdbool.h>
#include <stddef.h>

#define RY_TEST_METRICS_WHY_BYTES 256

/* Whether the text is a whole exposition: each line by the grammar; each family's HELP and TYPE
 * once, before its samples, which stand together and each set of labels once; names that end as
 * their type wants; OpenMetrics: UNIT in the name, `# EOF` at the end. If not, `why` says where. */
bool ry_test_metrics_read(const char *text, size_t bytes, bool open_metrics,
                          char why[RY_TEST_METRICS_WHY_BYTES]);

#endif
