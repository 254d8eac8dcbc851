/* royale-export: the outputs of a battle for other systems. */
#include "tools/export/export.h"
#include "tools/text/exit.h"

int main(int argc, char **argv)
{
    return ry_text_end(ry_export_alone_main(argc, argv));
}
