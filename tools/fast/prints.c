#include "tools/fast/prints.h"

#define BUFFER_BYTES 65536u

static struct {
    struct ry_one_log *log;
    FILE *output, *errors;               /* of this room */
    FILE *before_output, *before_errors; /* of the process */
} prints;

static ssize_t write_on(void *cookie, const char *text, size_t bytes)
{
    (void)cookie;
    if (prints.log != NULL)
        ry_one_log_print(prints.log, text, bytes);
    return (ssize_t)bytes;
}

static FILE *make_stream(void)
{
    const cookie_io_functions_t functions = {.write = write_on};
    FILE *stream = fopencookie(NULL, "w", functions);
    if (stream != NULL)
        (void)setvbuf(stream, NULL, _IOFBF, BUFFER_BYTES);
    return stream;
}

int ry_fast_prints_open(void)
{
    prints.output = make_stream();
    prints.errors = make_stream();
    if (prints.output == NULL || prints.errors == NULL)
        return -1;
    prints.before_output = stdout;
    prints.before_errors = stderr;
    stdout = prints.output;
    stderr = prints.errors;
    return 0;
}

void ry_fast_prints_close(void)
{
    if (prints.before_output == NULL)
        return;
    stdout = prints.before_output;
    stderr = prints.before_errors;
    prints.log = NULL;
    (void)fclose(prints.output);
    (void)fclose(prints.errors);
    prints.before_output = NULL;
}

void ry_fast_prints_of(struct ry_one_log *log)
{
    prints.log = log;
}
