/*
 * What is sent with a question: files of text, without their secrets, in one archive.
 *
 *     struct ry_doctor_bundle bundle = {.count = 0};
 *     ry_doctor_scrub_know..(&bundle.scrub, ..);           first: what is added is scrubbed at once
 *     ry_doctor_bundle_text(&bundle, "plan.txt", "the plan", text, bytes);
 *     ry_doctor_bundle_file(&bundle, "log/exec.log", "what exec said", path);
 *     ry_doctor_bundle_out(&bundle, "inputs.ryj, 41 MB", "the journal: all that was traded");
 *     ry_doctor_bundle_print(stdout, &bundle);
 *     ry_doctor_bundle_write(&bundle, "royale-doctor.tar.gz", error);
 *     ry_doctor_bundle_close(&bundle);
 *
 * The same texts in the same order give the same bytes.
 */
#ifndef RY_TOOLS_DOCTOR_BUNDLE_H
#define RY_TOOLS_DOCTOR_BUNDLE_H

#include <stdio.h>

#include "tools/doctor/scrub.h"

#define RY_DOCTOR_FILES_MAX   512
#define RY_DOCTOR_NAME_BYTES  256
#define RY_DOCTOR_ABOUT_BYTES 256
#define RY_DOCTOR_ERROR_BYTES 512
#define RY_DOCTOR_FILE_BYTES  (2u << 20)      /* of a file: its first and last half of that */
#define RY_DOCTOR_ALL_BYTES   (64u << 20)     /* of all: then files are left out, and said to be */
#define RY_DOCTOR_FOLDER      "royale-doctor" /* in the archive, around all */

struct ry_doctor_file {
    char name[RY_DOCTOR_NAME_BYTES]; /* in the archive, with folders */
    char about[RY_DOCTOR_ABOUT_BYTES];
    char *text;
    size_t bytes;
    size_t cut;    /* bytes in the middle that are left out */
    unsigned gone; /* secrets */
};

struct ry_doctor_left {
    char what[RY_DOCTOR_NAME_BYTES], why[RY_DOCTOR_ABOUT_BYTES];
};

struct ry_doctor_bundle {
    struct ry_doctor_scrub scrub;
    unsigned count, left_count;
    struct ry_doctor_file *file; /* RY_DOCTOR_FILES_MAX of each */
    struct ry_doctor_left *left;
    size_t bytes;  /* of all */
    unsigned more; /* that had no room to be said as left out */
};

void ry_doctor_bundle_open(struct ry_doctor_bundle *bundle);
void ry_doctor_bundle_close(struct ry_doctor_bundle *bundle);

/* A text is copied. */
void ry_doctor_bundle_text(struct ry_doctor_bundle *bundle, const char *name, const char *about,
                           const char *text, size_t bytes);
/* What cannot be read is said as left out, with the reason. Regular files and those of /proc and
 * /sys alone; no link is followed at the path's end. */
void ry_doctor_bundle_file(struct ry_doctor_bundle *bundle, const char *name, const char *about,
                           const char *path);
/* Something that is not in it, and why. */
void ry_doctor_bundle_out(struct ry_doctor_bundle *bundle, const char *what, const char *why);

/* What is inside, what was left out, how many secrets were taken out. */
void ry_doctor_bundle_print(FILE *out, const struct ry_doctor_bundle *bundle);

/* With the listing as CONTENTS.txt. Nobody but its owner may read the archive. 0, or -1 with
 * `error`: then there is none. */
int ry_doctor_bundle_write(struct ry_doctor_bundle *bundle, const char *path,
                           char error[RY_DOCTOR_ERROR_BYTES]);

#endif
