/*
 * One scrape: everything that is known of the battle as a text of metrics.
 *
 * Of each process every counter under the names of tools/web/metric.h, of the battle and of
 * royale-web the metrics of tools/web/figures.def.
 * A process can write what it likes into its own region (an agent's is a stranger's): a sample that
 * another one of the same name and process was given for, or that is of another kind than the first
 * of its name, is left out and counted.
 */
#ifndef RY_TOOLS_WEB_SCRAPE_H
#define RY_TOOLS_WEB_SCRAPE_H

#include "tools/web/exposition.h"
#include "tools/web/state.h"

/* Takes the lock for as long as it writes. `e` has its format; failed: no memory. */
void ry_web_scrape(struct ry_web_exposition *e, struct ry_web_state *state, int64_t now_ns);

#endif
