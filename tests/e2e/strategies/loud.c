/*
 * loud: does to its standard output what it can, to destroy or to fill its log: cuts it, turns it
 * elsewhere, floods it.
 */
#include <royale/agent.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void print(const char *text)
{
    (void)!write(STDOUT_FILENO, text, strlen(text));
}

static void stop(struct ry_agent *agent)
{
    static char flood[1 << 16];
    const int nothing = open("/dev/null", O_WRONLY);
    (void)agent;
    print("loud: first\n");
    if (ftruncate(STDOUT_FILENO, 0) == 0 || lseek(STDOUT_FILENO, 0, SEEK_SET) == 0)
        print("loud: cut\n");
    print("loud: \x1b[2Jsecond\n");
    memset(flood, 'x', sizeof flood);
    flood[sizeof flood - 1] = '\n';
    while (write(STDERR_FILENO, flood, sizeof flood) > 0 || errno == EAGAIN)
        ;
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    print("loud: nobody hears this\n");
}

RY_STRATEGY(.stop = stop);
