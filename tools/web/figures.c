#include "tools/web/figures.h"

#include "tools/web/metric.h"

enum scope { STATE, BATTLE, STAMP, SEVERITY, AGENT, PROCESS };

#define RY_WEB_ABSENT (-((__int128)1 << 100)) /* no figure is as small */

/* Of what one sample is. */
struct subject {
    const struct ry_web_state *state;
    const struct ry_web_agent *agent;
    const struct ry_web_process *process;
    enum ry_watch_severity severity;
    int64_t now_ns;
};

#define RY_WEB_FIGURE(of, name, unit, kind, decimals, what, help)                                  \
    static __int128 value_of_##name(const struct subject *subject)                                 \
    {                                                                                              \
        const struct ry_web_state *state = subject->state;                                         \
        const struct ry_web_battle *battle = &state->battle;                                       \
        const struct ry_web_agent *agent = subject->agent;                                         \
        const struct ry_web_process *process = subject->process;                                   \
        const enum ry_watch_severity severity = subject->severity;                                 \
        const int64_t now_ns = subject->now_ns;                                                    \
        (void)state, (void)battle, (void)agent, (void)process, (void)severity, (void)now_ns;       \
        return what;                                                                               \
    }
#include "tools/web/figures.def"
#undef RY_WEB_FIGURE

static const struct figure {
    enum scope of;
    struct ry_web_metric metric;
    __int128 (*value)(const struct subject *subject);
} figures[] = {
#define RY_WEB_FIGURE(of, name, unit, kind, decimals, what, help)                                  \
    {of, {"royale_" #name, unit, RY_WEB_##kind, decimals, help}, value_of_##name},
#include "tools/web/figures.def"
#undef RY_WEB_FIGURE
};
#define FIGURES (sizeof figures / sizeof *figures)

unsigned ry_web_battle_labels(struct ry_web_label label[RY_WEB_LABELS_MAX],
                              const struct ry_web_battle *battle)
{
    label[0] = (struct ry_web_label){"battle", battle->name};
    label[1] = (struct ry_web_label){"battle_id", battle->id};
    return 2;
}

/* ---- one figure, of each that it is of ------------------------------------------------------- */

static void put(struct ry_web_exposition *e, const struct figure *figure,
                const struct ry_web_label *label, unsigned labels, const struct subject *subject)
{
    const __int128 value = figure->value(subject);
    if (value != RY_WEB_ABSENT)
        ry_web_put_sample(e, &figure->metric, label, labels, value);
}

static void put_severities(struct ry_web_exposition *e, const struct figure *figure,
                           struct ry_web_label *label, unsigned labels, struct subject *subject)
{
    static const struct {
        enum ry_watch_severity severity;
        const char *name;
    } severities[] = {
        {RY_WATCH_INFO, "info"}, {RY_WATCH_WARNING, "warning"}, {RY_WATCH_CRITICAL, "critical"}};
    for (unsigned i = 0; i < sizeof severities / sizeof *severities; i++) {
        subject->severity = severities[i].severity;
        label[labels] = (struct ry_web_label){"severity", severities[i].name};
        put(e, figure, label, labels + 1, subject);
    }
}

static void put_agents(struct ry_web_exposition *e, const struct figure *figure,
                       struct ry_web_label *label, unsigned labels, struct subject *subject)
{
    for (unsigned i = 0; i < subject->state->battle.agents; i++) {
        subject->agent = &subject->state->battle.agent[i];
        label[labels] = (struct ry_web_label){"agent", subject->agent->name};
        put(e, figure, label, labels + 1, subject);
    }
}

static void put_processes(struct ry_web_exposition *e, const struct figure *figure,
                          struct ry_web_label *label, unsigned labels, struct subject *subject)
{
    for (unsigned i = 0; i < subject->state->processes; i++) {
        subject->process = &subject->state->process[i];
        label[labels] = (struct ry_web_label){"process", subject->process->name};
        label[labels + 1] = (struct ry_web_label){"name", subject->process->own};
        put(e, figure, label, labels + 2, subject);
    }
}

static void put_of_battle(struct ry_web_exposition *e, const struct figure *figure,
                          struct subject *subject)
{
    struct ry_web_label label[RY_WEB_LABELS_MAX];
    unsigned labels = ry_web_battle_labels(label, &subject->state->battle);
    switch (figure->of) {
    case SEVERITY: put_severities(e, figure, label, labels, subject); break;
    case AGENT: put_agents(e, figure, label, labels, subject); break;
    case PROCESS: put_processes(e, figure, label, labels, subject); break;
    case STAMP:
        label[labels++] = (struct ry_web_label){"stamp", subject->state->battle.stamp};
        put(e, figure, label, labels, subject);
        break;
    case BATTLE:
    case STATE: put(e, figure, label, labels, subject); break;
    }
}

void ry_web_put_figures(struct ry_web_exposition *e, const struct ry_web_state *state,
                        int64_t now_ns)
{
    const bool is_battle = state->battle.id[0] != '\0';
    struct subject subject = {.state = state, .severity = RY_WATCH_INFO, .now_ns = now_ns};
    for (unsigned i = 0; i < FIGURES; i++) {
        if (figures[i].of != STATE && !is_battle)
            continue;
        ry_web_put_family(e, &figures[i].metric);
        if (figures[i].of == STATE)
            put(e, &figures[i], NULL, 0, &subject);
        else
            put_of_battle(e, &figures[i], &subject);
    }
}

void ry_web_each_figure(void (*each)(void *context, const struct ry_web_metric *metric),
                        void *context)
{
    for (unsigned i = 0; i < FIGURES; i++)
        each(context, &figures[i].metric);
}
