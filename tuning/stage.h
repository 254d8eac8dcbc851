/*
 * The table of stages: each is one subject of the host's settings in one file,
 * tuning/stages/NAME.c. The order is the order of apply; revert goes the other way.
 *
 * A stage looks at the machine and tells its settings one by one. It never writes. What it tells
 * must depend on nothing but host and target, so that it can be asked again: apply asks, sets one
 * setting after another, and asks once more to verify.
 */
#ifndef RY_TUNING_STAGE_H
#define RY_TUNING_STAGE_H

#include "tuning/setting.h"
#include "tuning/target.h"

/* Takes one setting; the struct is the teller's and is copied. */
struct ry_tuning_findings {
    void (*take)(void *context, const struct ry_tuning_setting *setting);
    void *context;
};

typedef void ry_tuning_look(const struct ry_tuning_host *host,
                            const struct ry_tuning_target *target,
                            const struct ry_tuning_findings *findings);

struct ry_tuning_stage {
    const char *name;  /* "huge-pages": for the command line and the page */
    const char *title; /* "Huge pages": of its line */
    const char *about; /* one sentence: what it is good for. Also the docs' */
    ry_tuning_look *look;
};

/* ry_tuning_stage_huge_pages, ..: in tuning/stages/huge_pages.c, .. */
#define RY_TUNING_STAGE(identifier, name, title, about) ry_tuning_look ry_tuning_stage_##identifier;
#include "tuning/stage.def"
#undef RY_TUNING_STAGE

extern const struct ry_tuning_stage ry_tuning_stages[];
extern const unsigned ry_tuning_stages_count;

const struct ry_tuning_stage *ry_tuning_stage_named(const char *name);

/* What most settings are: tells the value at `path`, read here, and what it should be. A file that
 * is not there is told as CANNOT with `absent` as the reason (NULL: it is not told at all). */
void ry_tuning_tell(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings,
                    enum ry_tuning_form form, const char *path, const char *want,
                    const char *absent);
/* The same for what has yet to be made (`absent`: it reads as ""), is set in another way than by
 * form PLAIN, or is no file at all: the struct says kind, form, path, want and the two flags; `now`
 * is read here. Fails to read for another reason than that it is not there: told as CANNOT. */
void ry_tuning_tell_setting(const struct ry_tuning_host *host,
                            const struct ry_tuning_findings *findings,
                            const struct ry_tuning_setting *setting);
/* Something to report, or for the user to do. */
void ry_tuning_tell_fact(const struct ry_tuning_findings *findings, enum ry_tuning_state state,
                         const char *path, const char *now, const char *want, const char *why);

#endif
