#include "tools/writes/answer.h"

#include <stdarg.h>
#include <stdio.h>

void ry_writes_fail(struct ry_writes_answer *answer, const char *error, json_t *details,
                    const char *format, ...)
{
    va_list arguments;
    *answer = (struct ry_writes_answer){.error = error, .document = details};
    va_start(arguments, format);
    vsnprintf(answer->message, sizeof answer->message, format, arguments);
    va_end(arguments);
}

void ry_writes_done(struct ry_writes_answer *answer, unsigned status, json_t *document)
{
    *answer = (struct ry_writes_answer){.status = status, .document = document};
}
