/*
 * A text of metrics, in either of two formats:
 *   Prometheus text 0.0.4          HELP and TYPE of each family, then its samples
 *   OpenMetrics 1.0                UNIT too, `# EOF` at the end; a counter's family has no _total
 * Whatever comes from elsewhere is escaped and cannot end a line or a label. Numbers are written as
 * decimals, never by way of a float.
 *
 * The caller writes all samples of a family right behind it, each set of labels once.
 */
#ifndef RY_TOOLS_WEB_EXPOSITION_H
#define RY_TOOLS_WEB_EXPOSITION_H

#include "tools/web/metric.h"

#define RY_WEB_LABELS_MAX 8
/* Of a whole text: 96 processes of 256 counters with long labels are about 12 MiB. */
#define RY_WEB_TEXT_BYTES_MAX (32u << 20)

enum ry_web_format {
    RY_WEB_PROMETHEUS = 0,
    RY_WEB_OPENMETRICS,
    RY_WEB_FORMATS,
};

struct ry_web_label {
    const char *name;  /* [a-z_]+ */
    const char *value; /* any bytes: what is not printable UTF-8 becomes '?' */
};

struct ry_web_exposition {
    enum ry_web_format format;
    char *text; /* the caller's to free; NULL: nothing yet */
    size_t bytes, room;
    bool failed; /* no memory, or too long: the text is not to be used */
};

void ry_web_put_family(struct ry_web_exposition *e, const struct ry_web_metric *metric);

/* `value` is in 10^-decimals of the metric. */
void ry_web_put_sample(struct ry_web_exposition *e, const struct ry_web_metric *metric,
                       const struct ry_web_label *label, unsigned labels, __int128 value);

void ry_web_put_end(struct ry_web_exposition *e);

#endif
