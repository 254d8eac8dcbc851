/*
 * exit() of a strategy, where its process is everybody's. A strategy's calls of these four find the
 * ones of the program that loaded it, which leave the callback and end the agent; everybody else's
 * are passed on to the C library. (What calls exit() inside of a library does end the process:
 * tools/fast/fast_main.c says who it was.)
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/fast/guard.h"

__attribute__((noreturn)) static void leave(int code, const char *name)
{
    ry_fast_guard_leave(code);
    union {
        void *found;
        void (*call)(int code);
    } next = {.found = dlsym(RTLD_NEXT, name)};
    next.call(code);
    abort();
}

void exit(int code)
{
    leave(code, "exit");
}

void _exit(int code)
{
    leave(code, "_exit");
}

void _Exit(int code)
{
    leave(code, "_Exit");
}

void quick_exit(int code)
{
    leave(code, "quick_exit");
}
