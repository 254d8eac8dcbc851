/* royale-view: shows a battle; alone, or as a role of one that runs. */
#include <locale.h>
#include <signal.h>

#include "core/role/role.h"
#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/view/view.h"

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* the reader of the screen may go, the results are written */
    if (ry_role_started(argc, argv))
        return ry_view_role_main(argc, argv);
    (void)ry_clock_init();
    return ry_text_end(ry_view_alone_main(argc, argv));
}
