/* Another program, run for what it says. */
#ifndef RY_TOOLS_DOCTOR_COMMAND_H
#define RY_TOOLS_DOCTOR_COMMAND_H

#include <stdbool.h>

#include "tools/doctor/text.h"

#define RY_DOCTOR_COMMAND_BYTES (128u << 20) /* of what it says: more ends it */

/* `argv` ends with NULL; argv[0] is a path, or a name that is looked for in $PATH. Its standard
 * output, and with `errors` its standard error too, come into `said`; it reads nothing. It is
 * killed after `seconds`. Its exit code; -1: it could not be started, was killed, or took too long,
 * and `said` ends with a line that says so. */
int ry_doctor_command(const char *const *argv, bool errors, unsigned seconds,
                      struct ry_doctor_text *said);

#endif
