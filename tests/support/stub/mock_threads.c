/* Under the thread sanitizer, which does not know C11's threads: librdkafka's are made by pthreads,
 * and what happens inside the library, which is not compiled for it, is no report of ours. */
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

struct start {
    thrd_start_t function;
    void *argument;
};

const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "called_from_lib:librdkafka\n";
}

static void *run(void *context)
{
    struct start start = *(struct start *)context;
    free(context);
    start.function(start.argument);
    return NULL;
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    struct start *start = malloc(sizeof *start);
    if (start == NULL)
        return thrd_nomem;
    *start = (struct start){function, argument};
    if (pthread_create(thread, NULL, run, start) == 0)
        return thrd_success;
    free(start);
    return thrd_error;
}

int thrd_join(thrd_t thread, int *result)
{
    if (result != NULL)
        *result = 0;
    return pthread_join(thread, NULL) == 0 ? thrd_success : thrd_error;
}

#endif
#endif
