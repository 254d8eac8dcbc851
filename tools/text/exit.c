#include "tools/text/exit.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

int ry_text_fail(int code, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s: ", program_invocation_short_name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return code;
}

bool ry_text_written(FILE *out)
{
    bool failed_before = ferror(out) != 0; /* and what then was in errno is gone */
    errno = 0;
    if (fflush(out) == 0 && !failed_before)
        return true;
    (void)ry_text_fail(RY_EXIT_FAILED, "the output could not be written%s%s",
                       errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
    return false;
}

int ry_text_end(int code)
{
    return code == RY_EXIT_OK && !ry_text_written(stdout) ? RY_EXIT_FAILED : code;
}
