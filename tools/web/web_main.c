/* royale-web: the figures of a battle for machines. The only program with an HTTP server in it. */
#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/web/web.h"

int main(int argc, char **argv)
{
    (void)ry_clock_init();
    return ry_text_end(ry_web_main(argc, argv));
}
