/* royale-top: the screen of a battle; alone, or as a role of one that runs. */
#include <locale.h>

#include "core/role/role.h"
#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/top/top.h"

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    if (ry_role_started(argc, argv))
        return ry_top_role_main(argc, argv);
    (void)ry_clock_init();
    return ry_text_end(ry_top_alone_main(argc, argv));
}
