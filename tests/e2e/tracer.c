/*
 * A debugger that holds a process: attaches, stops it, lets it go after a while.
 * usage: tracer PID SECONDS; says "attached" on standard output
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int complain(const char *what)
{
    perror(what);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: tracer PID SECONDS\n", stderr);
        return EXIT_FAILURE;
    }
    const pid_t pid = (pid_t)strtol(argv[1], NULL, 10);
    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0 ||
        ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) != 0)
        return complain("tracer: cannot attach");
    if (waitpid(pid, NULL, 0) != pid)
        return complain("tracer: cannot wait");
    puts("attached");
    fflush(stdout);
    sleep((unsigned)strtoul(argv[2], NULL, 10));
    return ptrace(PTRACE_DETACH, pid, NULL, NULL) == 0 ? EXIT_SUCCESS
                                                       : complain("tracer: cannot let it go");
}
