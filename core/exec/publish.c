#include "core/exec/publish.h"

#include <assert.h>

bool ry_publish_drained(const struct ry_publish *publish)
{
    /* A2: pairs with R2 in shm/ring.h, stored by the journal */
    return ry_load_acquire(&publish->journal->next) >= ry_ring_written(&publish->inputs);
}

static void publish_market(void *context, const struct ry_market *market)
{
    struct ry_publish *publish = context;
    ry_ring_write(&publish->market, market, 1);
}

/* A battle without agents makes no reports. */
static void publish_report(void *context, const struct ry_report *report)
{
    (void)context;
    (void)report;
    assert(false);
}

struct ry_sink ry_publish_sink(struct ry_publish *publish)
{
    return (struct ry_sink){.context = publish, .report = publish_report, .market = publish_market};
}
