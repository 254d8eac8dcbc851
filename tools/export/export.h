/*
 * royale-export's engine: a follower that makes a battle's rows and gives them to a sink.
 *
 * Which rows there are and what columns they have: core/results/rows.def; filled in
 * core/results/emit.c. It runs alone over a battle's directory (ry_export_alone_main), or as the
 * role "export" of a running battle (ry_export_role_main). Both step the same engine:
 *
 *     ry_export_open            the target, the directory; live with ry_follow_join of `follow`
 *     ry_export_step ...        until `status` is not MORE
 *     ry_export_close
 *
 * What the sink has, the journal has: of a running battle an input's rows go out once the journal
 * has written it (RY_JOURNAL_BLOCK_NS_MAX later at most), so they outlive the death of every
 * process of the battle, and whoever follows the journal later finds no row missing there.
 *
 * Where an export went on is a row of the sink's (its cursor): everything is followed from the
 * journal's start again, and rows up to that one are passed over.
 */
#ifndef RY_TOOLS_EXPORT_EXPORT_H
#define RY_TOOLS_EXPORT_EXPORT_H

#include "core/results/follow.h"
#include "tools/export/counters.h"
#include "tools/export/sink.h"
#include "tools/text/row_filter.h"

enum ry_export_status {
    RY_EXPORT_MORE = 0, /* not at the end */
    RY_EXPORT_END,      /* the sink has the last row of the battle for good */
    RY_EXPORT_CUT,      /* likewise of the inputs that there are: the journal goes no further */
    RY_EXPORT_DAMAGED,  /* the follower's text says what; the sink has what came before for good */
    RY_EXPORT_ERROR,    /* the sink's; `error` */
    RY_EXPORT_UNNAMED,  /* `filter` names what the battle does not have; `error` */
    RY_EXPORT_STUCK,    /* the sink has hung: the process has to be replaced */
};

struct ry_export {
    const char *directory;
    const char *appliance; /* NULL: the sink's, if it has one */
    struct ry_export_sink sink;
    struct ry_follow follow;
    struct ry_results results;
    bool waits;                       /* a journal that stops short may go on */
    bool opened;                      /* follow and results are */
    bool begun;                       /* the sink has said where it stands */
    bool finished;                    /* the sink was told that no row follows */
    struct ry_text_row_filter filter; /* other rows are passed over; all zero: none is */
    bool named;                       /* the battle has what it names */
    struct ry_export_cursor skip;     /* rows up to this one are passed over */
    struct ry_export_cursor written;  /* the last row that the sink took */
    uint64_t rows;                    /* that the sink took */
    int64_t behind_ns; /* since when the sink lacks something that is known; 0: it has all */
    enum ry_export_status status;
    char error[RY_EXPORT_ERROR_BYTES];
    struct ry_export_counters counters;
};

/* `export->sink` is made; directory, appliance, skip, filter and waits are set, the rest is zero.
 * Opens the journal, then the target. 0, or -1 with `error`, and in `*missing` whether it is the
 * journal that is not there; then nothing is open. */
int ry_export_open(struct ry_export *export, const struct ry_export_target *target, bool *missing);

/* Opens the journal again from its start, for one that was looked at while it was written. The
 * sink stays. 0, or -1 with `error`; then follow is closed, the sink is not. */
int ry_export_again(struct ry_export *export);

/* Applies inputs and moves the sink on; returns how much it did. 0: nothing at the moment, or look
 * at `status`. */
unsigned ry_export_step(struct ry_export *export);

/* 0, or -1 with `error`: see the sink's close. */
int ry_export_close(struct ry_export *export);

int ry_export_alone_main(int argc, char **argv);
int ry_export_role_main(int argc, char **argv);

#endif
