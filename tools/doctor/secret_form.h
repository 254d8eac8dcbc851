/* Of tools/doctor/scrub.h: secrets that are known by how they look. */
#ifndef RY_TOOLS_DOCTOR_SECRET_FORM_H
#define RY_TOOLS_DOCTOR_SECRET_FORM_H

#include <stdbool.h>
#include <stddef.h>

/* How long the secret is that begins at `at`, in a line from `line` to `end`; 0: there is none.
 * `*keep` characters at its beginning ("Bearer ") are no secret. */
size_t ry_doctor_secret_form(const char *line, const char *at, const char *end, size_t *keep);

#endif
