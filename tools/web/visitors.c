#include "tools/web/visitors.h"

#include <stdlib.h>
#include <sys/socket.h>

void ry_web_visitors_open(struct ry_web_visitors *visitors)
{
    *visitors = (struct ry_web_visitors){.slow = 0};
    visitors->all.before = visitors->all.behind = &visitors->all;
}

static void append(struct ry_web_visitors *visitors, struct ry_web_visitor *visitor)
{
    visitor->behind = &visitors->all;
    visitor->before = visitors->all.before;
    visitor->before->behind = visitor;
    visitors->all.before = visitor;
}

struct ry_web_visitor *ry_web_visitor_new(struct ry_web_visitors *visitors, int fd, int64_t now_ns)
{
    struct ry_web_visitor *visitor = calloc(1, sizeof *visitor);
    if (visitor == NULL)
        return NULL;
    visitor->fd = fd;
    ry_web_visitor_waits(visitors, visitor, now_ns);
    return visitor;
}

void ry_web_visitor_asked(struct ry_web_visitor *visitor)
{
    if (visitor == NULL || !visitor->waits)
        return;
    visitor->before->behind = visitor->behind;
    visitor->behind->before = visitor->before;
    visitor->waits = false;
}

void ry_web_visitor_waits(struct ry_web_visitors *visitors, struct ry_web_visitor *visitor,
                          int64_t now_ns)
{
    if (visitor == NULL || visitor->waits)
        return;
    visitor->since_ns = now_ns;
    visitor->waits = true;
    append(visitors, visitor);
}

void ry_web_visitor_free(struct ry_web_visitor *visitor)
{
    ry_web_visitor_asked(visitor);
    free(visitor);
}

void ry_web_visitors_look(struct ry_web_visitors *visitors, int64_t now_ns)
{
    struct ry_web_visitor *first;
    while ((first = visitors->all.behind) != &visitors->all &&
           now_ns - first->since_ns >= RY_WEB_REQUEST_NS) {
        (void)shutdown(first->fd, SHUT_RDWR);
        visitors->slow++;
        ry_web_visitor_asked(first);
    }
}
