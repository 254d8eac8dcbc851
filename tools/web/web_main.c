/* royale-web: alone, or as a role of a battle that runs. The only program with an HTTP server. */
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "core/role/role.h"
#include "shm/clock.h"
#include "tools/page/page.h"
#include "tools/text/exit.h"
#include "tools/web/pages.h"
#include "tools/web/web.h"

/* `royale export html` is `royale-web --html`: the page and the API are here. */
static int html_main(int argc, char **argv)
{
    char folder[RY_WEB_PAGES_FOLDER_BYTES];
    ry_web_pages_folder(folder);
    argv[1] = argv[0];
    return ry_page_main(argc - 1, argv + 1, folder);
}

int main(int argc, char **argv)
{
    if (ry_role_started(argc, argv))
        return ry_web_role_main(argc, argv);
    (void)ry_clock_init();
    const bool html = argc > 1 && strcmp(argv[1], "--html") == 0;
    return ry_text_end(html ? html_main(argc, argv) : ry_web_main(argc, argv));
}
