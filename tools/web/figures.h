/* The metrics that are no counter of a process: of the battle, its agents, and royale-web. */
#ifndef RY_TOOLS_WEB_FIGURES_H
#define RY_TOOLS_WEB_FIGURES_H

#include <stdio.h>

#include "tools/web/exposition.h"
#include "tools/web/state.h"

/* The caller has the lock. */
void ry_web_put_figures(struct ry_web_exposition *e, const struct ry_web_state *state,
                        int64_t now_ns);

/* The labels that every metric of a battle has; returns how many. */
unsigned ry_web_battle_labels(struct ry_web_label label[RY_WEB_LABELS_MAX],
                              const struct ry_web_battle *battle);

/* Calls `each` with every metric that ry_web_put_figures can write. */
void ry_web_each_figure(void (*each)(void *context, const struct ry_web_metric *metric),
                        void *context);

#endif
