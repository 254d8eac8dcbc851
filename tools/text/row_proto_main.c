/* Prints the .proto of rows for protoc-c, before there is a `royale` that prints it for people. */
#include "tools/text/row_proto.h"

int main(void)
{
    ry_text_row_proto(stdout, true);
    return fflush(stdout) == 0 ? 0 : 1;
}
